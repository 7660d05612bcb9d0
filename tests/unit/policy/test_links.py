"""Links between resources: by the program's data flow, or by a literal name."""

from rules.links import of_type, refers
from tests.unit.policy.asking import UNKNOWN, resource

QUEUE = resource("aws:sqs/queue:Queue", "queue", {"arn": "arn:queue", "url": "https://queue"})
OTHER = resource("aws:sqs/queue:Queue", "other", {"arn": UNKNOWN})


def test_types_are_distinguished() -> None:
    policy = resource("aws:sqs/queuePolicy:QueuePolicy", "policy")
    assert of_type([QUEUE, policy, OTHER], "aws:sqs/queue:Queue") == [QUEUE, OTHER]


def test_data_flow_links_resources_before_creation() -> None:
    source = resource("x", "source", {"queueUrl": UNKNOWN}, {"queueUrl": QUEUE})
    assert refers(source, "queueUrl", QUEUE, "url")
    assert not refers(source, "queueUrl", OTHER, "url")
    assert not refers(source, "arn", QUEUE, "arn")


def test_literal_name_links_resources() -> None:
    assert refers(resource("x", "source", {"target": "arn:queue"}), "target", QUEUE, "url", "arn")
    assert not refers(resource("x", "source", {"target": "arn:another"}), "target", QUEUE, "url", "arn")


def test_unknown_or_missing_values_do_not_link() -> None:
    assert not refers(resource("x", "source", {"target": UNKNOWN}), "target", OTHER, "arn")
    assert not refers(resource("x", "source"), "target", OTHER, "missing")

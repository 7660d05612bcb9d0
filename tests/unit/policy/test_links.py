"""A resource belongs to another by the program's data flow, or by a name that is written out."""

from rules.links import of_type, refers
from tests.unit.policy.asking import UNKNOWN, resource

QUEUE = resource("aws:sqs/queue:Queue", "queue", {"arn": "arn:queue", "url": "https://queue"})
OTHER = resource("aws:sqs/queue:Queue", "other", {"arn": UNKNOWN})


def test_types_are_told_apart() -> None:
    policy = resource("aws:sqs/queuePolicy:QueuePolicy", "policy")
    assert of_type([QUEUE, policy, OTHER], "aws:sqs/queue:Queue") == [QUEUE, OTHER]


def test_the_data_flow_says_who_is_meant_even_before_it_is_there() -> None:
    source = resource("x", "source", {"queueUrl": UNKNOWN}, {"queueUrl": QUEUE})
    assert refers(source, "queueUrl", QUEUE, "url")
    assert not refers(source, "queueUrl", OTHER, "url")
    assert not refers(source, "arn", QUEUE, "arn")


def test_a_name_that_is_written_out_says_it_too() -> None:
    assert refers(resource("x", "source", {"target": "arn:queue"}), "target", QUEUE, "url", "arn")
    assert not refers(resource("x", "source", {"target": "arn:another"}), "target", QUEUE, "url", "arn")


def test_what_is_unknown_or_missing_on_both_sides_is_not_the_same() -> None:
    assert not refers(resource("x", "source", {"target": UNKNOWN}), "target", OTHER, "arn")
    assert not refers(resource("x", "source"), "target", OTHER, "missing")

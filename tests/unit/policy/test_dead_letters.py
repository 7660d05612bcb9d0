"""Rules of dead-letter queues."""

import pytest
from pulumi_policy import PolicyResource

from rules.dead_letters import DELIVERY_DEAD_LETTERS, FUNCTION_DEAD_LETTERS
from tests.unit.policy.asking import UNKNOWN, Props, resource, told, told_of

TARGET, SCHEDULE = "aws:cloudwatch/eventTarget:EventTarget", "aws:scheduler/schedule:Schedule"
SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"
FUNCTION = "aws:lambda/function:Function"


@pytest.mark.parametrize(
    ("type_", "props"),
    [
        (TARGET, {"deadLetterConfig": {"arn": UNKNOWN}}),
        (SCHEDULE, {"target": {"deadLetterConfig": {"arn": "arn:queue"}}}),
        (SUBSCRIPTION, {"protocol": "lambda", "redrivePolicy": "{}"}),
        (SUBSCRIPTION, {"protocol": "email"}),
        ("aws:cloudwatch/eventRule:EventRule", {}),
    ],
)
def test_target_with_a_dead_letter_queue_passes(type_: str, props: Props) -> None:
    assert told(DELIVERY_DEAD_LETTERS, type_, props) == []


@pytest.mark.parametrize(
    ("type_", "props", "setting"),
    [
        (TARGET, {}, "dead_letter_config"),
        (TARGET, {"deadLetterConfig": {}}, "dead_letter_config"),
        (SCHEDULE, {"target": {"arn": "arn:function"}}, "dead_letter_config in its target"),
        (SUBSCRIPTION, {"protocol": "sqs"}, "redrive_policy"),
    ],
)
def test_target_without_a_dead_letter_queue_is_reported(type_: str, props: Props, setting: str) -> None:
    (message,) = told(DELIVERY_DEAD_LETTERS, type_, props)
    assert message.endswith(f"{setting}.")


def _function(**props: Props) -> PolicyResource:
    return resource(FUNCTION, "function", {"name": "f", "arn": "arn:f", **props})


@pytest.mark.parametrize(
    ("type_", "prop"),
    [
        (TARGET, "arn"),
        (SCHEDULE, "target"),
        (SUBSCRIPTION, "endpoint"),
        ("aws:s3/bucketNotification:BucketNotification", "lambdaFunctions"),
    ],
)
def test_asynchronous_function_needs_a_dead_letter_queue(type_: str, prop: str) -> None:
    kept, lost = _function(deadLetterConfig={"targetArn": UNKNOWN}), _function()
    assert told_of(FUNCTION_DEAD_LETTERS, [kept, resource(type_, "caller", {}, {prop: kept})]) == []
    callers = [resource(type_, "caller", {}, {prop: lost}), resource(type_, "another", {prop: "arn:other"})]
    ((about, message),) = told_of(FUNCTION_DEAD_LETTERS, [lost, *callers])
    assert about == "function"
    assert "Make a queue" in message


@pytest.mark.parametrize(
    ("props", "lost"),
    [
        ({"functionName": "f", "destinationConfig": {"onFailure": {"destination": "arn:queue"}}}, False),
        ({"functionName": "f", "destinationConfig": {"onSuccess": {"destination": "arn:queue"}}}, True),
        ({"functionName": "other", "destinationConfig": {"onFailure": {"destination": "arn:queue"}}}, True),
    ],
)
def test_failure_destination_replaces_a_dead_letter_queue(props: Props, lost: bool) -> None:
    config = resource("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", "config", props)
    caller = resource(TARGET, "caller", {"arn": "arn:f"})
    assert len(told_of(FUNCTION_DEAD_LETTERS, [_function(), caller, config])) == lost


def test_synchronous_function_needs_no_dead_letter_queue() -> None:
    assert told_of(FUNCTION_DEAD_LETTERS, [_function(), resource(TARGET, "caller", {"arn": "arn:other"})]) == []


@pytest.mark.parametrize(("props", "lost"), [({"redrivePolicy": UNKNOWN}, False), ({}, True)])
def test_queue_of_a_function_needs_a_redrive_policy(props: Props, lost: bool) -> None:
    queue = resource("aws:sqs/queue:Queue", "queue", props)
    mapping = resource("aws:lambda/eventSourceMapping:EventSourceMapping", "mapping", {}, {"eventSourceArn": queue})
    told = told_of(FUNCTION_DEAD_LETTERS, [queue, resource("aws:sqs/queue:Queue", "other"), mapping])
    assert [about for about, _ in told] == ["queue"] * lost

"""EventBridge delivers to targets: matching, inputs, permissions, retries, dead letters, archive and replay."""

import datetime
import json
from typing import Any

import pytest

from sandbox.faults import Faults
from sandbox.services.background import Background
from sandbox.services.eventbridge import targets as event_targets
from sandbox.services.eventbridge.delivery import DeliveryError
from sandbox.services.eventbridge.target_input import InvalidInputError, input_for, render
from tests.unit.sandbox.services.aws import ROLE, Aws, until

ORDER = {"orderId": "o-1", "total": 12.5, "items": [{"productId": "PROD001"}], "customer": {"tier": "gold", "age": 30}}
WAIT_SECONDS = 20.0


def queue(aws: Aws, name: str, permitted: bool = True) -> tuple[str, str]:
    """Create a queue; return its URL and ARN."""
    policy = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage"}
    document = {"Version": "2012-10-17", "Statement": [{**policy, "Resource": "*"}]}
    sqs = aws.client("sqs")
    url = sqs.create_queue(QueueName=name, Attributes={"Policy": json.dumps(document)} if permitted else {})["QueueUrl"]
    return url, sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


def rule(aws: Aws, name: str, pattern: Any, *targets: dict[str, Any], bus: str = "default", **settings: Any) -> str:
    """Create a rule with targets; return its ARN."""
    events = aws.client("events")
    arn = events.put_rule(Name=name, EventPattern=json.dumps(pattern), EventBusName=bus, **settings)["RuleArn"]
    numbered = [{"Id": str(number), **target} for number, target in enumerate(targets)]
    events.put_targets(Rule=name, EventBusName=bus, Targets=numbered)
    return str(arn)


def put(aws: Aws, source: str, detail: Any = None, bus: str = "default") -> None:
    """Put one event and wait until it is delivered."""
    entry = {"Source": source, "DetailType": "Order Submitted", "Detail": json.dumps(detail or ORDER)}
    answer = aws.client("events").put_events(Entries=[{**entry, "EventBusName": bus}])
    assert answer["FailedEntryCount"] == 0
    assert aws.server.wait_idle(WAIT_SECONDS)


def received(aws: Aws, url: str) -> list[Any]:
    """Return the messages of a queue."""
    answer = aws.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
    return list(answer.get("Messages", []))


def test_a_function_gets_the_whole_event(aws: Aws) -> None:
    url, arn = queue(aws, "echoed")
    source = f"""
import boto3, json
def handler(event, context):
    boto3.client("sqs").send_message(QueueUrl="{url}", MessageBody=json.dumps(event))
"""
    function = aws.function("listens", source)
    rule_arn = rule(aws, "to-function", {"source": ["function"]}, {"Arn": function})
    aws.client("lambda").add_permission(
        FunctionName="listens",
        StatementId="events",
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
        SourceArn=rule_arn,
    )
    put(aws, "function")
    event = json.loads(received(aws, url)[0]["Body"])
    assert event["detail"] == ORDER
    assert (event["source"], event["detail-type"]) == ("function", "Order Submitted")
    assert (event["account"], event["region"], event["version"]) == ("123456789012", "us-east-1", "0")
    assert event["time"].endswith("Z")
    assert "ingestion-time" not in event
    assert arn


def test_a_function_without_a_permission_is_a_dead_letter(aws: Aws) -> None:
    url, arn = queue(aws, "dead")
    function = aws.function("closed", "def handler(e, c): pass")
    rule_arn = rule(aws, "closed", {"source": ["closed"]}, {"Arn": function, "DeadLetterConfig": {"Arn": arn}})
    put(aws, "closed")
    (letter,) = received(aws, url)
    attributes = {name: value["StringValue"] for name, value in letter["MessageAttributes"].items()}
    assert json.loads(letter["Body"])["detail"] == ORDER
    assert (attributes["RULE_ARN"], attributes["TARGET_ARN"]) == (rule_arn, function)
    assert (attributes["ERROR_CODE"], attributes["RETRY_ATTEMPTS"]) == ("NO_PERMISSIONS", "0")


def _machine(aws: Aws, name: str, state: dict[str, Any]) -> str:
    definition = json.dumps({"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": state}})
    create = aws.client("stepfunctions").create_state_machine
    return str(create(name=name, definition=definition, roleArn=aws.role())["stateMachineArn"])


def test_a_state_machine_is_started_once_for_each_event(aws: Aws) -> None:
    machine = _machine(aws, "started", {"Type": "Pass", "End": True})
    target = {"Arn": machine, "RoleArn": ROLE, "InputPath": "$.detail"}
    rule(aws, "to-machine", {"source": ["machine"]}, target)
    put(aws, "machine")
    put(aws, "machine", {"orderId": "o-2"})
    executions = aws.client("stepfunctions").list_executions(stateMachineArn=machine)["executions"]
    inputs = [
        json.loads(aws.client("stepfunctions").describe_execution(executionArn=e["executionArn"])["input"])
        for e in executions
    ]
    assert sorted(i["orderId"] for i in inputs) == ["o-1", "o-2"]


def test_a_status_change_of_an_execution_reaches_its_rule(aws: Aws) -> None:
    url, arn = queue(aws, "status")
    pattern = {"source": ["aws.states"], "detail": {"status": ["FAILED"]}}
    rule(aws, "status", pattern, {"Arn": arn})
    sfn = aws.client("stepfunctions")
    machine = _machine(aws, "fails", {"Type": "Fail", "Error": "Broken", "Cause": "why"})
    execution = sfn.start_execution(stateMachineArn=machine)["executionArn"]
    (message,) = until(lambda: received(aws, url))
    event = json.loads(message["Body"])
    assert event["detail"]["executionArn"] == execution
    assert event["detail"]["status"] == "FAILED"


def test_log_groups_buses_and_permitted_queues_are_targets(aws: Aws) -> None:
    url, arn = queue(aws, "forwarded")
    closed_url, closed = queue(aws, "unpermitted", permitted=False)
    aws.client("logs").create_log_group(logGroupName="/aws/events/orders")
    bus = aws.client("events").create_event_bus(Name="second")["EventBusArn"]
    group = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/events/orders"
    rule(aws, "many", {"source": ["many"]}, {"Arn": group}, {"Arn": bus, "RoleArn": ROLE}, {"Arn": closed})
    rule(aws, "behind", {"source": ["many"]}, {"Arn": arn}, bus="second")
    put(aws, "many")
    assert json.loads(received(aws, url)[0]["Body"])["detail"] == ORDER
    lines = aws.client("logs").filter_log_events(logGroupName="/aws/events/orders")["events"]
    assert json.loads(lines[0]["message"])["detail"] == ORDER
    assert received(aws, closed_url) == []


@pytest.mark.parametrize(
    ("number", "pattern", "matches"),
    [
        (0, {"detail": {"customer": {"tier": ["gold", "silver"]}}}, True),
        (1, {"detail": {"customer": {"tier": ["silver"]}}}, False),
        (2, {"detail": {"orderId": [{"prefix": "o-"}]}}, True),
        (3, {"detail": {"orderId": [{"anything-but": ["o-1"]}]}}, False),
        (4, {"detail": {"orderId": [{"anything-but": {"prefix": "x"}}]}}, True),
        (5, {"detail": {"missing": [{"exists": False}]}}, True),
        (6, {"detail": {"total": [{"numeric": [">", 10, "<=", 12.5]}]}}, True),
        (7, {"detail": {"total": [{"numeric": [">", 12.5]}]}}, False),
        (8, {"detail": {"missing": [{"anything-but": "x"}]}}, False),
    ],
)
def test_patterns_match_as_on_aws(aws: Aws, number: int, pattern: Any, matches: bool) -> None:
    url, arn = queue(aws, f"pattern-{number}")
    rule(aws, f"pattern-{number}", {"source": [f"pattern-{number}"], **pattern}, {"Arn": arn})
    put(aws, f"pattern-{number}")
    assert bool(received(aws, url)) is matches


def test_a_disabled_rule_is_silent(aws: Aws) -> None:
    url, arn = queue(aws, "silent")
    rule(aws, "silent", {"source": ["silent"]}, {"Arn": arn}, State="DISABLED")
    put(aws, "silent")
    assert received(aws, url) == []


def test_an_archive_is_replayed(aws: Aws) -> None:
    events = aws.client("events")
    bus = events.create_event_bus(Name="archived")["EventBusArn"]
    archive = events.create_archive(ArchiveName="orders", EventSourceArn=bus)["ArchiveArn"]
    put(aws, "archived", bus="archived")
    assert events.describe_archive(ArchiveName="orders")["EventCount"] == 1
    url, arn = queue(aws, "replayed")
    rule(aws, "replayed", {"source": ["archived"]}, {"Arn": arn, "InputPath": "$.detail"}, bus="archived")
    now = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    events.start_replay(
        ReplayName="again",
        EventSourceArn=archive,
        EventStartTime=now - day,
        EventEndTime=now + day,
        Destination={"Arn": bus},
    )
    assert aws.server.wait_idle(WAIT_SECONDS)
    assert [json.loads(message["Body"]) for message in received(aws, url)] == [ORDER]
    assert events.describe_archive(ArchiveName="orders")["EventCount"] == 1


def test_a_failing_target_is_retried_as_its_policy_says(monkeypatch: pytest.MonkeyPatch) -> None:
    background = Background()
    monkeypatch.setattr(event_targets, "FIRST_RETRY_SECONDS", 0.001)
    letters: list[dict[str, str]] = []
    monkeypatch.setattr(event_targets, "to_queue", lambda _arn, _text, attributes, _rule: letters.append(attributes))
    events = event_targets.Events("http://127.0.0.1:1", None, background, Faults())  # type: ignore[arg-type]  # no functions here
    attempts: list[str] = []

    def refuse(_target: Any, _event: Any, text: str, _rule: str) -> None:
        attempts.append(text)
        raise DeliveryError("THROTTLING", "not now", retry=True)

    monkeypatch.setattr(events._delivery, "send", refuse)

    class OneRule:
        arn = "arn:aws:events:us-east-1:123456789012:rule/one"
        targets = [  # noqa: RUF012 - a stand-in
            {"Arn": "t", "RetryPolicy": {"MaximumRetryAttempts": 3}, "DeadLetterConfig": {"Arn": "q"}}
        ]

    events.deliver(OneRule(), {"time": 0.0})  # type: ignore[arg-type]  # a stand-in for moto's Rule
    assert background.wait_idle(WAIT_SECONDS)
    background.stop()
    assert len(attempts) == 4
    assert letters[0]["EXHAUSTED_RETRY_CONDITION"] == "MaximumRetryAttempts"
    assert letters[0]["RETRY_ATTEMPTS"] == "3"


EVENT = {"source": "s", "detail-type": "t", "detail": {"id": "i-1", "n": 3, "o": {"a": "b"}, "say": 'a "b"'}}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ('{"id": <id>, "n": <n>, "o": <o>}', {"id": "i-1", "n": 3, "o": {"a": "b"}}),
        ('{"text": "<id> of <n>"}', {"text": "i-1 of 3"}),
        ('"<id> is <o>"', "i-1 is {a:b}"),
        ('{"say": "<say>"}', {"say": 'a "b"'}),
        ('{"say": <say>}', {"say": 'a "b"'}),
        ('{"none": <none>}', {"none": ""}),
        ("<aws.events.event.json>", EVENT),
        ('{"event": <aws.events.event>}', {"event": {"source": "s", "detail-type": "t"}}),
        ('{"rule": "<aws.events.rule-name>", "arn": <aws.events.rule-arn>}', {"rule": "r", "arn": "arn:x:rule/r"}),
        ('{"at": "<aws.events.event.ingestion-time>"}', {"at": "2024-01-01T00:00:00Z"}),
    ],
)
def test_an_input_transformer_renders(template: str, expected: Any) -> None:
    paths = {name: f"$.detail.{name}" for name in ("id", "n", "o", "say", "none")}
    target = {"InputTransformer": {"InputPathsMap": paths, "InputTemplate": template}}
    assert json.loads(input_for(target, EVENT, "arn:x:rule/r", "2024-01-01T00:00:00Z")) == expected


def test_a_template_that_gives_no_json_is_an_error() -> None:
    with pytest.raises(InvalidInputError, match="is not JSON"):
        render("<id> is down", {"id": "i-1"})


def test_a_constant_input_and_a_path_replace_the_event() -> None:
    assert input_for({"Input": '{"a": 1}'}, EVENT, "r", "") == '{"a": 1}'
    assert json.loads(input_for({"InputPath": "$.detail.o"}, EVENT, "r", "")) == {"a": "b"}

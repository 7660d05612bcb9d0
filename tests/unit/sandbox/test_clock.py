"""The sandbox's clock: waits and times that move with it."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sandbox.clock import Alarm, Clock, clock
from sandbox.server import Server
from tests.unit.sandbox.services.aws import Aws, until

DAY = 24 * 3600

NOW = """
import json, time
from datetime import UTC, datetime
import boto3
def handler(event, context):
    return {"datetime": datetime.now(UTC).timestamp(), "time": time.time(), 
            "left": context.get_remaining_time_in_millis()}
"""


@pytest.fixture
def aws() -> Iterator[Aws]:
    with Server(iam=False) as server:
        yield Aws(server)


def _machine(aws: Aws, states: dict[str, Any], **more: Any) -> str:
    definition = {"QueryLanguage": "JSONata", "StartAt": next(iter(states)), "States": states, **more}
    created = aws.client("stepfunctions").create_state_machine(
        name=f"machine-{len(states)}-{len(more)}", definition=json.dumps(definition), roleArn=aws.role()
    )
    return str(created["stateMachineArn"])


def _start(aws: Aws, machine: str) -> str:
    return str(aws.client("stepfunctions").start_execution(stateMachineArn=machine)["executionArn"])


def _ended(aws: Aws, execution: str) -> Any:
    def look() -> Any:
        found = aws.client("stepfunctions").describe_execution(executionArn=execution)
        return None if found["status"] == "RUNNING" else found

    return until(look)


def _has_waited(aws: Aws, execution: str) -> bool:
    events = aws.client("stepfunctions").get_execution_history(executionArn=execution)["events"]
    return len(events) >= 2


@pytest.mark.parametrize("seconds", [0, -1, float("nan")])
def test_clock_only_moves_forward(seconds: float) -> None:
    with pytest.raises(ValueError, match="forward only"):
        Clock().move(seconds)


def test_moved_clock_wakes_due_waits() -> None:
    alarm, rung = Alarm(), []
    waiting = threading.Thread(target=lambda: rung.append(alarm.wait(clock.monotonic() + DAY)))
    waiting.start()
    try:
        clock.move(DAY)
        waiting.join(30)
    finally:
        clock.set_right()
    assert rung == [False]


def test_moved_clock_keeps_later_waits() -> None:
    alarm, rung = Alarm(), []
    waiting = threading.Thread(target=lambda: rung.append(alarm.wait(clock.monotonic() + 3 * DAY)))
    waiting.start()
    try:
        clock.move(DAY)
        alarm.ring()
        waiting.join(30)
    finally:
        clock.set_right()
    assert rung == [True]


def test_the_date_moves_and_is_set_right_with_the_server() -> None:
    before, monotonic = time.time(), time.monotonic()
    with Server() as server:
        server.move_clock(DAY)
        server.move_clock(DAY)
        assert time.time() - before >= 2 * DAY
        assert datetime.now(UTC).timestamp() - before >= 2 * DAY
        assert time.monotonic() - monotonic < DAY
    assert time.time() - before < DAY
    assert clock.ahead == 0


def test_a_function_sees_the_time_also_one_that_was_warm(aws: Aws) -> None:
    aws.function("now", NOW)
    first = aws.invoke("now")["Payload"]
    aws.server.move_clock(DAY)
    second = aws.invoke("now")["Payload"]
    for name in ("datetime", "time"):
        assert DAY <= second[name] - first[name] < DAY + 60
    assert 0 < second["left"] <= 10_000


def test_a_wait_state_and_a_machines_timeout_pass(aws: Aws) -> None:
    wait = {"Type": "Wait", "Seconds": DAY - 1, "End": True}
    done = _start(aws, _machine(aws, {"A": wait}))
    late = _start(aws, _machine(aws, {"A": {**wait, "Seconds": 2 * DAY}}, TimeoutSeconds=DAY - 1))
    until(lambda: _has_waited(aws, done) and _has_waited(aws, late))
    aws.server.move_clock(DAY)
    ended = _ended(aws, done)
    assert (ended["status"], _ended(aws, late)["status"]) == ("SUCCEEDED", "TIMED_OUT")
    assert ended["stopDate"] - ended["startDate"] >= timedelta(seconds=DAY)


def test_the_time_of_a_definition_moves(aws: Aws) -> None:
    aws.server.move_clock(DAY)
    now = {"Type": "Pass", "Output": "{% $millis() %}", "End": True}
    output = json.loads(_ended(aws, _start(aws, _machine(aws, {"A": now})))["output"])
    assert output / 1000 == pytest.approx(time.time(), abs=60)


def test_a_rule_that_is_due_fires(aws: Aws) -> None:
    aws.function("tick", "def handler(event, context): print(event['time'])")
    aws.client("lambda").add_permission(
        FunctionName="tick", StatementId="x", Action="lambda:InvokeFunction", Principal="events.amazonaws.com"
    )
    events = aws.client("events")
    events.put_rule(Name="daily", ScheduleExpression="rate(1 day)")
    arn = aws.client("lambda").get_function(FunctionName="tick")["Configuration"]["FunctionArn"]
    events.put_targets(Rule="daily", Targets=[{"Id": "tick", "Arn": arn}])
    until(lambda: aws.server._running().schedules._due)
    aws.server.move_clock(DAY)
    groups = until(lambda: aws.client("logs").describe_log_groups()["logGroups"])
    assert [group["logGroupName"] for group in groups] == ["/aws/lambda/tick"]

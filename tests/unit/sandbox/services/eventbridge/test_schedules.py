"""Scheduled rules fire: rates, cron expressions, and on demand."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sandbox.services.eventbridge.schedules import Schedules, UnknownRuleError, following
from tests.unit.sandbox.services.aws import Aws
from tests.unit.sandbox.services.eventbridge.test_targets import WAIT_SECONDS, queue, received

NOW = datetime(2024, 2, 28, 23, 58, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("rate(5 minutes)", datetime(2024, 2, 29, 0, 3, 30, tzinfo=UTC)),
        ("rate(1 hour)", datetime(2024, 2, 29, 0, 58, 30, tzinfo=UTC)),
        ("rate(2 days)", datetime(2024, 3, 1, 23, 58, 30, tzinfo=UTC)),
        ("cron(0/15 * * * ? *)", datetime(2024, 2, 29, 0, 0, tzinfo=UTC)),
        ("cron(0 10 * * ? *)", datetime(2024, 2, 29, 10, 0, tzinfo=UTC)),
        ("cron(0 18 ? * MON-FRI *)", datetime(2024, 2, 29, 18, 0, tzinfo=UTC)),
        ("cron(0 8 1 * ? *)", datetime(2024, 3, 1, 8, 0, tzinfo=UTC)),
        ("cron(0 0 L * ? *)", datetime(2024, 2, 29, 0, 0, tzinfo=UTC)),
        ("cron(0 0 2W MAR ? *)", datetime(2024, 3, 1, 0, 0, tzinfo=UTC)),
        ("cron(0 0 ? * 6#1 *)", datetime(2024, 3, 1, 0, 0, tzinfo=UTC)),
        ("cron(0 0 ? * FRIL *)", datetime(2024, 3, 29, 0, 0, tzinfo=UTC)),
        ("cron(0 0 ? * 6L *)", datetime(2024, 3, 29, 0, 0, tzinfo=UTC)),
        ("cron(0 0 ? * L *)", datetime(2024, 3, 2, 0, 0, tzinfo=UTC)),
        ("cron(0 0 ? * 1,sat *)", datetime(2024, 3, 2, 0, 0, tzinfo=UTC)),
        ("cron(0 0 ? * 1/3 *)", datetime(2024, 3, 2, 0, 0, tzinfo=UTC)),
        ("cron(5,10-20/5 * * * ? *)", datetime(2024, 2, 29, 0, 5, tzinfo=UTC)),
        ("cron(0 0 1 1 ? 2030)", datetime(2030, 1, 1, 0, 0, tzinfo=UTC)),
    ],
)
def test_a_schedule_knows_its_next_time(expression: str, expected: datetime) -> None:
    assert following(expression, NOW) == expected


@pytest.mark.parametrize(
    "expression",
    [
        "rate(5)",
        "cron(* * *)",
        "cron(0 0 1 * 1 *)",
        "cron(99 0 1 * ? *)",
        "cron(0 0 ? * 0 *)",
        "cron(0 0 ? * 8 *)",
        "cron(0 0 1 1 ? 1999)",
        "daily",
    ],
)
def test_a_wrong_schedule_is_an_error(expression: str) -> None:
    with pytest.raises(ValueError, match=r"schedule|cron"):
        following(expression, NOW)


class Recorder:
    """Takes the place of event delivery."""

    def __init__(self) -> None:
        self.fired: list[str] = []

    def deliver(self, rule: Any, _event: Any) -> None:
        """Note which rule has fired."""
        self.fired.append(rule.name)


def test_a_rule_fires_when_it_is_due_and_not_before(aws: Aws) -> None:
    events = aws.client("events")
    events.put_rule(Name="due", ScheduleExpression="rate(5 minutes)")
    events.put_rule(Name="off", ScheduleExpression="rate(5 minutes)", State="DISABLED")
    recorder = Recorder()
    schedules = Schedules(recorder)  # type: ignore[arg-type]  # a stand-in
    schedules.stop()
    for minutes, fired in ((0, 0), (4, 0), (5, 1), (9, 1), (10, 2)):
        schedules.fire_due(NOW + timedelta(minutes=minutes))
        assert recorder.fired == ["due"] * fired
    events.delete_rule(Name="due")
    schedules.fire_due(NOW + timedelta(minutes=60))
    assert recorder.fired == ["due"] * 2


def test_tick_delivers_a_scheduled_event_now(aws: Aws) -> None:
    url, arn = queue(aws, "ticked")
    events = aws.client("events")
    rule = events.put_rule(Name="ticked", ScheduleExpression="rate(5 minutes)")["RuleArn"]
    events.put_targets(Rule="ticked", Targets=[{"Id": "1", "Arn": arn}])
    aws.server.tick("ticked")
    assert aws.server.wait_idle(WAIT_SECONDS)
    (message,) = received(aws, url)
    event = json.loads(message["Body"])
    assert (event["detail-type"], event["source"]) == ("Scheduled Event", "aws.events")
    assert event["resources"] == [rule]
    with pytest.raises(UnknownRuleError, match="'nobody'"):
        aws.server.tick("nobody")


def test_a_schedule_does_not_listen_to_events(aws: Aws) -> None:
    url, arn = queue(aws, "deaf")
    events = aws.client("events")
    events.put_rule(Name="deaf", ScheduleExpression="rate(5 minutes)")
    events.put_targets(Rule="deaf", Targets=[{"Id": "1", "Arn": arn}])
    events.put_events(Entries=[{"Source": "s", "DetailType": "t", "Detail": "{}"}])
    assert aws.server.wait_idle(WAIT_SECONDS)
    assert received(aws, url) == []

"""The alarms of the whole program: complete, on published metrics, with actions."""

import re
from typing import Any

import pytest

from tests.unit import published_metrics
from tests.unit.components.builders import KEY_ARN
from tests.unit.components.recording import Recording, Registered
from tests.unit.recorded_program import STACKS, recorded

PREFIX = "holdpoint-dev"
TOPIC_ARN = "arn:aws:sns:us-east-1:123456789012:monitoring-alarms"

MAX_DESCRIPTION = 1024
MAX_EVALUATION_SECONDS = 86_400
"""https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"""

LASTING = {"hold-sweeper-oldest-story", "hold-sweeper-silent"}
"""Alarms that last until people fix the problem, apart from dead letters; they report their end as well."""


@pytest.fixture(scope="module")
def program() -> Recording:
    """Return the resources of the stack `dev`."""
    return recorded("dev")


def _alarms(program: Recording) -> dict[str, dict[str, Any]]:
    """Return the inputs of every alarm, by its name without the prefix."""
    alarms = [each.inputs for each in program.all("cloudwatch/metricAlarm:MetricAlarm")]
    return {alarm["name"].removeprefix(f"{PREFIX}-"): alarm for alarm in alarms}


def _watched(program: Recording) -> dict[str, str]:
    """Return the expected alarms by name, each with the dimension of its metric."""

    def all_of(kind: str) -> list[Registered]:
        return program.all(kind)

    watched = {"hold-sweeper-oldest-story": f"{PREFIX}-hold-sweeper", "hold-sweeper-silent": f"{PREFIX}-hold-sweeper"}
    for machine in all_of("sfn/stateMachine:StateMachine"):
        arn = f"arn:aws:states:us-east-1:123456789012:stateMachine:{machine.inputs['name']}"
        watched |= {f"{machine.name}-{end}": arn for end in ("failed", "timed-out", "throttled")}
    for function in all_of("lambda/function:Function"):
        watched |= {f"{function.name}-{what}": function.inputs["name"] for what in ("errors", "throttles")}
    for api in all_of("apigatewayv2/api:Api"):
        watched[f"{api.name}-5xx"] = f"{api.name}-id"
    for queue in all_of("sqs/queue:Queue"):
        watched[queue.name] = queue.inputs["name"]
    return watched


def test_every_resource_has_its_alarm(program: Recording) -> None:
    found = {name: [*alarm["dimensions"].values()] for name, alarm in _alarms(program).items()}
    assert found == {name: [about] for name, about in _watched(program).items()}
    assert len(found) > 30


def test_every_alarm_has_a_published_metric(program: Recording) -> None:
    for alarm in _alarms(program).values():
        published_metrics.check(alarm["namespace"], alarm["metricName"], alarm["dimensions"].keys())


@pytest.mark.parametrize("stack", STACKS)
def test_every_alarm_publishes_to_the_topic(stack: str) -> None:
    for alarm in (each.inputs for each in recorded(stack).all("cloudwatch/metricAlarm:MetricAlarm")):
        assert alarm["alarmActions"] == [TOPIC_ARN]
        assert alarm.get("actionsEnabled", True)
        assert "insufficientDataActions" not in alarm


def test_lasting_alarms_report_their_end(program: Recording) -> None:
    told = {name for name, alarm in _alarms(program).items() if alarm.get("okActions") == [TOPIC_ARN]}
    assert told == LASTING | {name for name in _alarms(program) if name.endswith("dead-letters")}


def test_every_alarm_is_within_the_limits(program: Recording) -> None:
    for alarm in _alarms(program).values():
        assert len(alarm["alarmDescription"]) <= MAX_DESCRIPTION
        assert alarm["period"] * alarm["evaluationPeriods"] <= MAX_EVALUATION_SECONDS
        assert alarm["period"] % 60 == 0


def test_counting_alarms_fire_at_the_first(program: Recording) -> None:
    alarms = _alarms(program)
    services = {f"services-{name}-errors" for name in ("user", "order", "payment", "inventory", "notification")}
    for name in alarms.keys() - LASTING - services:
        alarm = alarms[name]
        assert (alarm["comparisonOperator"], alarm["threshold"]) == ("GreaterThanOrEqualToThreshold", 1), name
        assert alarm["evaluationPeriods"] == 1
        # AWS publishes no zeros of what did not happen.
        assert alarm["treatMissingData"] == "notBreaching"
    # A refused order is an error of its function.
    assert {alarms[name]["threshold"] for name in services} == {10}


def test_threshold_of_service_errors_is_configurable() -> None:
    alarms = _alarms(recorded("dev", serviceErrorThreshold=3))
    assert {alarms[f"services-{name}-errors"]["threshold"] for name in ("user", "payment")} == {3}
    assert "3 times" in alarms["services-payment-errors"]["alarmDescription"]
    assert alarms["hold-callback-errors"]["threshold"] == 1


def test_alarm_of_old_stories_precedes_their_timeout() -> None:
    alarm = _alarms(recorded("dev", callbackTimeoutSeconds=60))["hold-sweeper-oldest-story"]
    assert (alarm["statistic"], alarm["comparisonOperator"]) == ("Maximum", "GreaterThanOrEqualToThreshold")
    assert alarm["threshold"] == 45
    # Without a sweep it is not known; the alarm stays as it is.
    assert alarm["treatMissingData"] == "ignore"


def test_missing_metrics_of_the_sweeper_are_an_alarm(program: Recording) -> None:
    alarm = _alarms(program)["hold-sweeper-silent"]
    assert alarm["treatMissingData"] == "breaching"
    assert (alarm["statistic"], alarm["comparisonOperator"], alarm["threshold"]) == (
        "SampleCount",
        "LessThanThreshold",
        1,
    )
    rule = program.one("cloudwatch/eventRule:EventRule", "hold-sweeper-rule")
    minutes = re.fullmatch(r"rate\((\d+) minutes\)", rule["scheduleExpression"])
    assert minutes
    interval = int(minutes[1]) * 60
    # A look that were shorter than the time between two sweeps would find nothing in between.
    assert alarm["period"] == interval
    # One sweep that comes late is no silence, and a new stack has the time for its first ones.
    silence = alarm["period"] * alarm["evaluationPeriods"]
    assert 2 * interval < silence < alarm["warmUpConfiguration"]["warmUpPeriodDurationInMinutes"] * 60


def test_alarms_can_be_published_whatever_key_the_stack_has() -> None:
    def key(program: Recording) -> str | None:
        value: str | None = program.one("sns/topic:Topic", "monitoring-alarms").get("kmsMasterKeyId")
        return value

    assert key(recorded("dev")) is None
    assert key(recorded("dev", kmsKeyArn=KEY_ARN)) == KEY_ARN

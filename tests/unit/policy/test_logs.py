"""Rules of log groups: bounded retention, and a group in the stack for every function."""

import pytest

from rules.logs import FUNCTION_LOG_GROUPS, LOG_RETENTION
from tests.unit.policy.asking import UNKNOWN, Props, resource, told, told_of

LOG_GROUP, FUNCTION = "aws:cloudwatch/logGroup:LogGroup", "aws:lambda/function:Function"


@pytest.mark.parametrize("days", [1, 14, 90, 731])
def test_a_bounded_retention_passes(days: int) -> None:
    assert told(LOG_RETENTION, LOG_GROUP, {"retentionInDays": days}) == []


@pytest.mark.parametrize(
    ("props", "kept"),
    [({}, "for ever"), ({"retentionInDays": 0}, "for ever"), ({"retentionInDays": 1827}, "for 1827 days")],
)
def test_unlimited_and_too_long_retention_are_reported(props: Props, kept: str) -> None:
    (message,) = told(LOG_RETENTION, LOG_GROUP, props)
    assert f"keeps its events {kept}. Set retention_in_days to a period from 1 to 731." in message


def test_retention_bounds_are_settings() -> None:
    bounds = {"minimumDays": 30, "maximumDays": 3653}
    assert told(LOG_RETENTION, LOG_GROUP, {"retentionInDays": 3653}, config=bounds) == []
    assert len(told(LOG_RETENTION, LOG_GROUP, {"retentionInDays": 14}, config=bounds)) == 1


def test_function_with_a_log_group_of_the_stack_passes() -> None:
    group = resource(LOG_GROUP, "group", {"name": "/aws/lambda/f"})
    for function in (
        resource(FUNCTION, "function", {"loggingConfig": {"logGroup": UNKNOWN}}, {"loggingConfig": group}),
        resource(FUNCTION, "function", {"loggingConfig": {"logGroup": "/aws/lambda/f"}}),
        resource(FUNCTION, "function", {"name": "f"}),
    ):
        assert told_of(FUNCTION_LOG_GROUPS, [resource(LOG_GROUP, "other", {"name": "/other"}), group, function]) == []


def test_function_without_a_log_group_of_the_stack_is_reported() -> None:
    group = resource(LOG_GROUP, "group", {"name": "/aws/lambda/another"})
    for function in (
        resource(FUNCTION, "function", {"name": "f"}),
        resource(FUNCTION, "function", {"name": UNKNOWN, "loggingConfig": {"logGroup": "/elsewhere"}}),
    ):
        unnamed = resource(LOG_GROUP, "unnamed", {"name": UNKNOWN})
        ((about, message),) = told_of(FUNCTION_LOG_GROUPS, [group, unnamed, function])
        assert about == "function"
        assert "Make a LogGroup" in message

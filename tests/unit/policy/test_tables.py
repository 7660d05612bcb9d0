"""Rule of point-in-time recovery for tables."""

import pytest

from rules.tables import TABLE_RECOVERY
from tests.unit.policy.asking import Props, told

TABLE = "aws:dynamodb/table:Table"


def test_a_table_with_recovery_passes() -> None:
    assert told(TABLE_RECOVERY, TABLE, {"pointInTimeRecovery": {"enabled": True}}) == []
    assert told(TABLE_RECOVERY, "aws:dynamodb/tableItem:TableItem", {}) == []


@pytest.mark.parametrize("props", [{}, {"pointInTimeRecovery": {"enabled": False}}, {"pointInTimeRecovery": None}])
def test_table_without_recovery_is_reported(props: Props) -> None:
    (message,) = told(TABLE_RECOVERY, TABLE, props)
    assert 'Set point_in_time_recovery={"enabled": True}.' in message

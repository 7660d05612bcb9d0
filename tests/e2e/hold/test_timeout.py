"""Decisions that come too late. The last file of its folder, because it moves the clock of the stack."""

from tests.e2e.client import Client, done
from tests.e2e.control import Control
from tests.e2e.hold.expenses import LIMIT_SECONDS, waiting


def test_decision_after_the_timeout_returns_410(holding: Client) -> None:
    expense = waiting(holding)
    Control(holding).move_clock(LIMIT_SECONDS)
    ended = expense.run.ended()
    assert (ended["status"], ended["error"]) == ("FAILED", "States.Timeout")
    assert expense.subject in ended["cause"]
    for _ in range(2):
        assert holding.call_back(done(expense.subject)).code == 410
    item = expense.item
    assert "taskToken" not in item
    assert item["endReason"]["S"] == "States.Timeout"

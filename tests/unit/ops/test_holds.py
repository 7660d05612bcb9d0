"""The list of holds: how many approvals each has, and how many it needs."""

from datetime import UTC, datetime
from io import StringIO

from rich.console import Console

from handlers.story import Approval, Story
from ops.commands.holds import Holds

AT = datetime(2026, 1, 2, 1, tzinfo=UTC)
ANYBODY = Story(
    story_id="expense-1",
    execution_name="run-1",
    execution_arn="arn:run-1",
    task_token="the-task-token",
    waiting_since="2026-01-02T00:00:00.000Z",
)
APPROVERS = Story(
    story_id="expense-2",
    execution_name="run-2",
    execution_arn="arn:run-2",
    waiting_since="2026-01-02T00:00:00.000Z",
    approvers=frozenset({"ann@example.com", "bob@example.com", "cy@example.com"}),
    approvals_needed=2,
    approvals={"bob@example.com": Approval(at="", comment="")},
)


def _printed(*waiting: Story) -> str:
    written = StringIO()
    Holds(waiting=list(waiting), at=AT).print(Console(file=written, width=200))
    return written.getvalue()


def test_output_for_programs_names_approvers_and_approvals() -> None:
    first, second = Holds(waiting=[ANYBODY, APPROVERS], at=AT).as_json()
    assert (first["approvers"], first["approvalsNeeded"], first["approvedBy"]) == ([], 1, [])
    assert second["approvers"] == ["ann@example.com", "bob@example.com", "cy@example.com"]
    assert (second["approvalsNeeded"], second["approvedBy"]) == (2, ["bob@example.com"])
    assert "the-task-token" not in str(first)


def test_table_counts_approvals() -> None:
    assert "1 of 2" in _printed(ANYBODY, APPROVERS)

"""Reader of execution histories: the visit of each event."""

from collections.abc import Sequence
from typing import Any

from handlers.execution_history import StateVisit, visited
from tests.unit.ops.history.histories import Writer


def _owners(events: Sequence[Any]) -> list[str | None]:
    return [visit.state if visit else None for _, visit in visited(events, StateVisit)]


def test_attempt_after_a_redrive_belongs_to_its_state() -> None:
    writer = Writer()
    writer.enter("Write result")
    writer.task()
    writer.fail("S3.S3Exception")
    writer.add("ExecutionFailed", {"error": "S3.S3Exception"})
    redriven = writer.add("ExecutionRedriven", {})
    writer.task(after=redriven)
    visits = [visit for _, visit in visited(writer.events, StateVisit)]
    assert visits[-1] is visits[0]
    assert visits[0] is not None
    assert (visits[0].attempts, visits[0].retries) == (2, 1)


def test_events_of_a_parallel_belong_to_it_and_not_to_its_branches() -> None:
    writer = Writer()
    writer.enter("Call APIs", "Parallel")
    started = writer.add("ParallelStateStarted", {})
    writer.enter("Validation", after=started)
    writer.leave("Validation")
    writer.enter("Deployment", after=started)
    writer.leave("Deployment")
    writer.add("ParallelStateSucceeded", {})
    writer.leave("Call APIs", "Parallel")
    writer.enter("Await story")
    assert _owners(writer.events) == [
        *["Call APIs"] * 2,
        *["Validation"] * 2,
        *["Deployment"] * 2,
        *["Call APIs"] * 2,
        "Await story",
    ]
    inner = [visit for _, visit in visited(writer.events, StateVisit)]
    parents = [visit.parent.state if visit and visit.parent else None for visit in inner]
    assert parents == [None, None, *["Call APIs"] * 4, None, None, None]


def test_exit_without_a_known_entry_has_no_visit() -> None:
    writer = Writer()
    writer.leave("Validation")
    assert _owners(writer.events) == [None]

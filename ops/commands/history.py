"""`history`: everything that an execution has done so far."""

from ops.command import OfWorkflow, Session
from ops.execution_argument import NamedOrLatest, find
from ops.history.follow import look
from ops.render.table import rows
from ops.render.views import change_as_json

EXAMPLES = ("history", "history PROJ-12345", "history --workflow expenses --json")


def history(
    session: Session,
    execution: NamedOrLatest = None,
    workflow: OfWorkflow = None,
) -> None:
    """Print every state of an execution so far, with its times, attempts and waits, as `watch` does.

    With --json: a list of all changes.
    """
    found = find(session, execution, workflow)
    snapshot = look(session.target, found)
    changes = [change_as_json(change, snapshot) for change in snapshot.reading.changes if change.kind != "ended"]
    session.terminal.show(changes, lambda console: console.print(rows(snapshot)))

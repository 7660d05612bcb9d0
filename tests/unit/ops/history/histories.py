"""Builder of execution histories, event by event, as GetExecutionHistory returns them."""

from datetime import UTC, datetime, timedelta
from typing import Any

BEGIN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


class Writer:
    """Builder of a history; each event is a second after the previous one."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []

    def add(self, kind: str, details: dict[str, Any] | None = None, *, after: int | None = None) -> int:
        """Add an event that follows the last one, or the one of that id; return its id."""
        number = len(self.events) + 1
        event: dict[str, Any] = {
            "id": number,
            "previousEventId": number - 1 if after is None else after,
            "timestamp": BEGIN + timedelta(seconds=number),
            "type": kind,
        }
        if details is not None:
            event[f"{_name(kind)}EventDetails"] = details
        self.events.append(event)
        return number

    def enter(self, state: str, kind: str = "Task", *, after: int | None = None) -> int:
        """Enter a state."""
        return self.add(f"{kind}StateEntered", {"name": state}, after=after)

    def leave(self, state: str, kind: str = "Task", *, after: int | None = None, **variables: str) -> int:
        """Leave a state."""
        return self.add(f"{kind}StateExited", {"name": state, "assignedVariables": variables}, after=after)

    def task(
        self, *, resource: str = "invoke", service: str = "lambda", parameters: str = "{}", after: int | None = None
    ) -> int:
        """Schedule and start a task."""
        scheduled = {"resourceType": service, "resource": resource, "parameters": parameters, "timeoutInSeconds": 60}
        self.add("TaskScheduled", scheduled, after=after)
        return self.add("TaskStarted", {"resourceType": service, "resource": resource})

    def fail(self, error: str, cause: str = "") -> int:
        """Let the task fail."""
        return self.add("TaskFailed", {"error": error, "cause": cause})


def _name(kind: str) -> str:
    if kind.endswith("StateEntered"):
        return "stateEntered"
    if kind.endswith("StateExited"):
        return "stateExited"
    return kind[0].lower() + kind[1:]

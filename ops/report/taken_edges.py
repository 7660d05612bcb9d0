"""The transitions that an execution took through the graph."""

from collections.abc import Sequence

from ops.history.timeline import StateVisit


def taken(visited: Sequence[StateVisit]) -> list[list[str]]:
    """Return each pair of consecutive states, once."""
    visit_of = {event["id"]: visit for visit in visited for event in visit.events}
    found: dict[tuple[str, str], None] = {}
    for visit in visited:
        before = visit_of.get(visit.events[0].get("previousEventId", 0))
        if before and before is not visit.parent and before.parent is visit.parent:
            found[before.state, visit.state] = None
    return [list(way) for way in found]

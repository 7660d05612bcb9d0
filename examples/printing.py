"""Polling and printing for the demonstration."""

import time
from collections.abc import Callable

from handlers.execution_history import HistoryEvent, details
from ops.cost import execution as cost
from ops.history import states as history

PATIENCE_SECONDS = 60
"""Longest time of a step of the demonstration."""

POLL_SECONDS = 0.1


class DemoError(Exception):
    """The demonstration failed."""


class Progress:
    """Prints each state once when it is entered, and once when it is left."""

    def __init__(self) -> None:
        self.entered: set[str] = set()
        self._printed = 0

    def update(self, events: list[HistoryEvent]) -> None:
        """Print what is new in a history."""
        for event in events[self._printed :]:
            if event["type"].endswith(("StateEntered", "StateExited")):
                is_entry, state = event["type"].endswith("StateEntered"), details(event)["name"]
                if is_entry:
                    self.entered.add(state)
                print(f"  {event['timestamp']:%H:%M:%S}  {'>' if is_entry else '<'} {state}", flush=True)
        self._printed = len(events)


def bill(events: list[HistoryEvent]) -> None:
    """Print the cost of an execution."""
    title("Cost of the run, at list price without free tier")
    print(f"  {history.transitions(events)} state transitions in {history.duration(events).total_seconds():.1f} s")
    costs = cost.of_execution(events)
    for line in costs:
        print(f"  {line.quantity:4} x {line.item:38} ${line.usd:.7f}")
    print(f"  {'total':45} ${cost.total(costs):.7f}, so ${1000 * cost.total(costs):.2f} for 1,000 runs")
    print(f"  {cost.LEAVES_OUT}")


def wait(what: str, look: Callable[[], bool]) -> None:
    """Poll until the condition holds.

    Raises:
        DemoError: the time is over.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not look():
        if time.monotonic() > deadline:
            raise DemoError(f"{what} did not happen within {PATIENCE_SECONDS} seconds")
        time.sleep(POLL_SECONDS)


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)


def title(text: str) -> None:
    """Print a heading."""
    print(f"\n{text}\n{'-' * len(text)}", flush=True)

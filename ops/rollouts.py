"""Gradual rollout: new executions move to a new version step by step, and back when an alarm goes off."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from ops.aws.live_alias import ALL, LiveAlias

Strategy = Literal["all-at-once", "canary", "linear"]
ALL_AT_ONCE: Final = "all-at-once"

STEPS: Mapping[Strategy, Sequence[int]] = {
    ALL_AT_ONCE: (ALL,),
    "canary": (10, ALL),
    "linear": tuple(range(10, ALL + 1, 10)),
}
"""Percentages of new executions that the new version gets, in the order of the steps, by the strategy's name."""

LOOK_SECONDS = 15
"""Seconds between reads of the alarms, which CloudWatch evaluates at most every minute."""


@dataclass(frozen=True)
class Move:
    """The move of one workflow's new executions from one version to another."""

    alias: LiveAlias
    old: int
    new: int
    share: int = 0
    """The percentage that the new version has before the first step."""

    def to(self, share: int) -> None:
        """Give the new version a percentage of new executions, unless it has more already."""
        if share > self.share:
            self.alias.route({self.old: ALL - share, self.new: share})

    def back(self) -> None:
        """Give the old version all new executions."""
        self.alias.route({self.old: ALL})


@dataclass(frozen=True)
class Step:
    """A step of a rollout: the percentage of the new versions, or the alarms that rolled them back."""

    share: int
    alarms: Sequence[str] = ()


def due(alias: LiveAlias) -> Move | None:
    """Return the move of an alias to its newest version; None if that has all new executions already."""
    shares, newest = alias.shares(), alias.versions()[0]
    others = {version: share for version, share in shares.items() if version != newest}
    if not others:
        return None
    return Move(alias, old=max(others, key=lambda version: others[version]), new=newest, share=shares.get(newest, 0))


def shift(
    moves: Sequence[Move],
    strategy: Strategy,
    pause: timedelta,
    *,
    ringing: Callable[[], Sequence[str]],
    sleep: Callable[[float], None],
) -> Iterator[Step]:
    """Move new executions step by step; yield each completed step. A pause follows each step.

    Alarms that go off, according to `ringing`, end the rollout: all new executions go back to the old versions.
    """
    for share in STEPS[strategy]:
        for move in moves:
            move.to(share)
        yield Step(share)
        alarms = _watched(pause, ringing, sleep)
        if alarms:
            for move in moves:
                move.back()
            yield Step(0, alarms)
            return


def _watched(pause: timedelta, ringing: Callable[[], Sequence[str]], sleep: Callable[[float], None]) -> Sequence[str]:
    """Return the alarms that go off during the pause, as soon as there are any."""
    left = pause.total_seconds()
    while True:
        alarms = ringing()
        if alarms or left <= 0:
            return alarms
        sleep(min(left, LOOK_SECONDS))
        left -= LOOK_SECONDS

"""A rollout moves new executions in steps, watches the alarms after each, and goes back when one goes off."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

import pytest

from ops import rollouts
from ops.aws.live_alias import LiveAlias
from ops.aws.state_machines import StateMachine
from ops.commands import rollback
from ops.errors import UsageError
from ops.rollouts import Move, Step, Strategy

PAUSE = timedelta(minutes=1)


@dataclass
class _Alias:
    """Remembers its routings."""

    routings: list[dict[int, int]]
    known: list[int] = field(default_factory=lambda: [3, 2, 1])
    machine: StateMachine = field(default_factory=lambda: StateMachine(kind="release", name="release", arn="arn"))

    def versions(self) -> list[int]:
        return self.known

    def shares(self) -> dict[int, int]:
        return {version: share for version, share in self.routings[-1].items() if share}

    def route(self, shares: dict[int, int]) -> None:
        self.routings.append(shares)


def _due(alias: _Alias) -> Move | None:
    return rollouts.due(cast("LiveAlias", alias))


def _shift(
    alias: _Alias,
    strategy: Strategy,
    ringing: Callable[[], list[str]] = list,
    sleep: Callable[[float], None] = lambda _: None,
) -> list[Step]:
    move = _due(alias)
    assert move is not None
    return list(rollouts.shift([move], strategy, PAUSE, ringing=ringing, sleep=sleep))


@pytest.mark.parametrize(
    ("strategy", "shares"),
    [("all-at-once", [100]), ("canary", [10, 100]), ("linear", [10, 20, 30, 40, 50, 60, 70, 80, 90, 100])],
)
def test_new_version_gets_its_share_in_steps(strategy: Strategy, shares: list[int]) -> None:
    alias = _Alias([{2: 100}])
    assert _shift(alias, strategy) == [Step(share) for share in shares]
    assert alias.routings[1:] == [{2: 100 - share, 3: share} for share in shares]


def test_each_step_is_followed_by_a_pause_under_watch() -> None:
    slept: list[float] = []
    looks: list[int] = []

    def ringing() -> list[str]:
        looks.append(len(slept))
        return []

    _shift(_Alias([{2: 100}]), "canary", ringing, slept.append)
    assert slept == [15] * 8
    assert looks == [0, 1, 2, 3, 4, 4, 5, 6, 7, 8]


def test_alarm_gives_the_old_version_all_executions_at_once() -> None:
    alias, slept = _Alias([{2: 100}]), list[float]()
    steps = _shift(alias, "linear", lambda: ["release-failed"] if len(slept) > 5 else [], slept.append)
    assert steps == [Step(10), Step(20), Step(0, ["release-failed"])]
    assert alias.routings[-1] == {2: 100}
    assert len(slept) == 6


def test_alarm_rolls_every_workflow_back() -> None:
    release, orders = _Alias([{2: 100}]), _Alias([{1: 100}], known=[2, 1])
    moves = [move for alias in (release, orders) if (move := _due(alias))]
    alarms: dict[str, Any] = {"ringing": lambda: ["x"], "sleep": lambda _: None}
    assert list(rollouts.shift(moves, "canary", PAUSE, **alarms)) == [Step(10), Step(0, ["x"])]
    assert (release.routings[-1], orders.routings[-1]) == ({2: 100}, {1: 100})


def test_interrupted_rollout_goes_on_where_it_was() -> None:
    alias = _Alias([{2: 70, 3: 30}])
    _shift(alias, "linear")
    assert alias.routings[1] == {2: 60, 3: 40}
    assert alias.routings[-1] == {2: 0, 3: 100}


def test_nothing_is_due_where_the_newest_version_is_live() -> None:
    assert _due(_Alias([{3: 100}])) is None


@pytest.mark.parametrize(("shares", "version"), [({3: 100}, 2), ({1: 90, 3: 10}, 1), ({2: 100}, 1)])
def test_rollback_chooses_the_version_before(shares: dict[int, int], version: int) -> None:
    assert rollback._earlier(cast("LiveAlias", _Alias([shares]))) == version


def test_rollback_of_the_first_version_is_refused() -> None:
    with pytest.raises(UsageError, match="no version of release before 1"):
        rollback._earlier(cast("LiveAlias", _Alias([{1: 100}], known=[2, 1])))

"""Scheduler that runs actors one step at a time, with the order and the crashes that a test chooses."""

from collections.abc import Callable, Hashable, Sequence

from greenlet import getcurrent, greenlet


class CrashError(BaseException):
    """The process of an actor ends here; no `except Exception` of the code under test catches it."""


# Greenlets, not threads: the tests take a hundred thousand steps, and to wake a thread takes longer than a step.
class _Actor(greenlet):
    def __init__(self, act: Callable[[], None], *, crashable: bool) -> None:
        super().__init__(self._live)
        self._schedule = getcurrent()
        self._act = act
        self.crashable = crashable
        self.until: Callable[[], bool] = lambda: True
        self.crash = False
        self.done = False
        self.seen: tuple[Hashable, ...] = ()
        self.failure: BaseException | None = None

    def give_way(self) -> None:
        """Yield until the schedule chooses this actor again."""
        self._schedule.switch()

    def _live(self) -> None:
        try:
            if not self.crash:
                self._act()
        except CrashError:
            pass
        except BaseException as failure:
            self.failure = failure
        finally:
            self.done = True


class Schedule:
    """Chooses the next actor at every step: by `choices` while there are any, then the first one that can run.

    Attributes:
        options: how many ways there were to go on at each step taken, so that a caller can try them all; 1 where all
            of them were tried from the very same situation before.
        crashed: whether it crashed an actor.
    """

    def __init__(self, choices: Sequence[int], *, crashes: int = 0, known: set[Hashable] | None = None) -> None:
        self._choices = choices
        self._crashes = crashes
        self._known = known
        self._actors: list[_Actor] = []
        self.options: list[int] = []
        self.crashed = False

    def actor(self, run: Callable[[], None], *, crashable: bool = False) -> None:
        """Add an actor; it begins when the schedule chooses it for the first time."""
        self._actors.append(_Actor(run, crashable=crashable))

    def step(self, until: Callable[[], bool] = lambda: True) -> None:
        """Wait, before an effect, until the schedule chooses this actor again and `until` holds.

        Raises:
            CrashError: the schedule crashes the actor here.
        """
        actor = getcurrent()
        if not isinstance(actor, _Actor):
            return  # Outside of the schedule, such as while the test looks at how things ended.
        actor.until = until
        actor.seen += ("step",)
        actor.give_way()
        if actor.crash:
            raise CrashError

    def saw(self, value: Hashable) -> None:
        """Record the result of an effect: together with the steps it determines the actor's own state."""
        if isinstance(actor := getcurrent(), _Actor):
            actor.seen += (value,)

    def run(self, world: Callable[[], Hashable] = lambda: None) -> None:
        """Run until every actor is done or blocked for good.

        Args:
            world: what all actors share, to tell whether a situation is known.

        Raises:
            BaseException: what an actor raised, other than a crash.
        """
        while ways := self._ways():
            number = len(self.options)
            chosen = number < len(self._choices)
            choice = self._choices[number] % len(ways) if chosen else 0
            self.options.append(1 if not chosen and self._is_known(world()) else len(ways))
            actor, crash = ways[choice]
            if crash:
                self._crashes -= 1
                self.crashed = True
            self._continue(actor, crash=crash)
        for actor in self._actors:
            if not actor.done:
                self._continue(actor, crash=True)
        for actor in self._actors:
            if actor.failure:
                raise actor.failure

    def _is_known(self, world: Hashable) -> bool:
        if self._known is None:
            return False
        situation = (world, self._crashes, *((each.done, each.seen) for each in self._actors))
        if situation in self._known:
            return True
        self._known.add(situation)
        return False

    def _ways(self) -> list[tuple[_Actor, bool]]:
        ready = [each for each in self._actors if not each.done and each.until()]
        crashes = [(each, True) for each in ready if each.crashable and self._crashes]
        return [(each, False) for each in ready] + crashes

    def _continue(self, actor: _Actor, *, crash: bool) -> None:
        actor.crash = crash
        actor.switch()


def every_choice(run: Callable[[list[int]], list[int]]) -> int:
    """Call `run` with every list of choices that leads to a new situation.

    Args:
        run: runs a schedule of these choices and returns its `options`.

    Returns:
        How many such lists there were.
    """
    choices: list[int] = []
    for count in range(1, 1_000_000):
        options = run(choices)
        choices = choices[: len(options)] + [0] * (len(options) - len(choices))
        while choices and choices[-1] + 1 >= options[len(choices) - 1]:
            choices.pop()
        if not choices:
            return count
        choices[-1] += 1
    raise AssertionError("more interleavings than can be tried")

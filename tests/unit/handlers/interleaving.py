"""Runs actors one step at a time, in an order that the test chooses, with crashes where the test chooses."""

import threading
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field


class CrashError(BaseException):
    """The process of an actor ends here; no `except Exception` of the code under test sees it."""


@dataclass
class _Actor:
    run: Callable[[], None]
    crashable: bool
    go: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    until: Callable[[], bool] = lambda: True
    crash: bool = False
    done: bool = False
    seen: tuple[Hashable, ...] = ()
    failure: BaseException | None = None


class Schedule:
    """Decides at every step who goes next: by `choices` while there are any, then the first one that can.

    Attributes:
        options: how many ways there were to go on at each step taken, so that a caller can try them all; 1 where all
            of them were tried from the very same situation before.
        crashed: whether it crashed an actor.
    """

    def __init__(self, choices: Sequence[int], *, crashes: int = 0, known: set[Hashable] | None = None) -> None:
        self._choices = choices
        self._crashes = crashes
        self._known = known
        self._actors: dict[str, _Actor] = {}
        self._back = threading.Semaphore(0)
        self.options: list[int] = []
        self.crashed = False

    def actor(self, name: str, run: Callable[[], None], *, crashable: bool = False) -> None:
        """Add an actor; it begins when it is chosen for the first time."""
        self._actors[name] = _Actor(run, crashable)

    def step(self, until: Callable[[], bool] = lambda: True) -> None:
        """Called by an actor before each effect: gives way until it is chosen again, and `until` holds.

        Raises:
            CrashError: the schedule crashes the actor here.
        """
        actor = self._actors.get(threading.current_thread().name)
        if actor is None:
            return  # Outside of the schedule, such as while the test looks at how things ended.
        actor.until = until
        actor.seen += ("step",)
        self._back.release()
        actor.go.acquire()
        if actor.crash:
            raise CrashError

    def saw(self, value: Hashable) -> None:
        """Called by an actor with what an effect told it: with its steps, all that its own state depends on."""
        if actor := self._actors.get(threading.current_thread().name):
            actor.seen += (value,)

    def run(self, world: Callable[[], Hashable] = lambda: None) -> None:
        """Run until every actor is done, or waits for what can no longer happen.

        Args:
            world: what all actors share, to tell whether a situation is known.

        Raises:
            BaseException: what an actor raised, other than a crash.
        """
        threads = [threading.Thread(target=self._live, name=name, args=(each,)) for name, each in self._actors.items()]
        for thread in threads:
            thread.start()
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
        for actor in self._actors.values():
            if not actor.done:
                self._continue(actor, crash=True)
        for thread in threads:
            thread.join()
        for actor in self._actors.values():
            if actor.failure:
                raise actor.failure

    def _is_known(self, world: Hashable) -> bool:
        if self._known is None:
            return False
        situation = (world, self._crashes, *((each.done, each.seen) for each in self._actors.values()))
        if situation in self._known:
            return True
        self._known.add(situation)
        return False

    def _ways(self) -> list[tuple[_Actor, bool]]:
        ready = [each for each in self._actors.values() if not each.done and each.until()]
        crashes = [(each, True) for each in ready if each.crashable and self._crashes]
        return [(each, False) for each in ready] + crashes

    def _continue(self, actor: _Actor, *, crash: bool) -> None:
        actor.crash = crash
        actor.go.release()
        self._back.acquire()

    def _live(self, actor: _Actor) -> None:
        actor.go.acquire()
        try:
            if not actor.crash:
                actor.run()
        except CrashError:
            pass
        except BaseException as failure:
            actor.failure = failure
        finally:
            actor.done = True
            self._back.release()


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

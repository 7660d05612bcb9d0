"""The race between the task token and the callback: in every order, with crashes, one resume and no lost callback."""

from collections.abc import Hashable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facts import CALLBACK_FAILURE
from handlers.decisions.resume import Outcome, Resumption
from handlers.executions import Execution, TokenRefusedError
from handlers.story import Callback, Story, Waiting
from handlers.sweeper.waiting_stories import sweep
from tests.unit.handlers.interleaving import Schedule, every_choice

AT = "2025-06-03T04:30:00.000Z"
NOW = datetime(2025, 6, 3, 4, 30, tzinfo=UTC)
TOKEN = "token"
Status = Literal["success", "failure"]
RESUMED = {Outcome.RESUMED, Outcome.ALREADY_RESUMED}


class World:
    """One item, one execution, and all actors that work on them; each call to AWS is one step of the schedule."""

    def __init__(self, schedule: Schedule) -> None:
        self.step = schedule.step
        self.saw = schedule.saw
        self.item = Story(story_id="PROJ-1", execution_name="run-1", execution_arn="arn:run-1")
        self.execution = Execution(status="RUNNING")
        self.waits = False
        self.resumes: list[Callback] = []
        self.callbacks: list[Callback] = []
        self.answers: list[Outcome] = []

    def state(self) -> Hashable:
        """Return the state that the actors share."""
        return (self.item, self.execution, self.waits, *self.resumes, "|", *self.callbacks, "|", *self.answers)

    # The state machine.

    def workflow(self) -> None:
        """Run `Await story`, else `Take parked callback`; then follow its callback."""
        self.step()
        if self.item.callback is None:
            self.item = replace(self.item, task_token=TOKEN, waiting_since=AT, ended_at=None, end_reason=None)
            self.waits = True
            self.step(until=lambda: bool(self.resumes))
        else:
            self.step()
            self.item = replace(self.item, resumed_at=AT, task_token=None)
            assert self.item.callback, "a callback was taken away"
            self.resumes.append(self.item.callback)
        if self.resumes[0].status == "success":
            self.execution = Execution(status="SUCCEEDED")
            return
        self.step()
        self.item = replace(self.item, ended_at=AT, end_reason=CALLBACK_FAILURE, task_token=None)
        self.step()
        self.execution = Execution(status="FAILED", error=CALLBACK_FAILURE)

    def timeout(self) -> None:
        """End the wait: the token expires, the item is closed, the execution ends."""
        self.step(until=lambda: self.waits)
        if not self.waits:
            return
        self.waits = False
        self.step()
        self.item = replace(self.item, ended_at=AT, end_reason="States.Timeout", task_token=None)
        self.step()
        self.execution = Execution(status="FAILED", error="States.Timeout")

    # Step Functions.

    def resume(self, token: str, callback: Callback) -> None:
        self.step()
        assert token == TOKEN
        self.saw(self.waits)
        if not self.waits:
            raise TokenRefusedError("TaskTimedOut")
        self.waits = False
        self.resumes.append(callback)

    def describe(self, _arn: str) -> Execution:
        self.step()
        self.saw(self.execution)
        return self.execution

    # The table.

    def of(self, _story_id: str) -> list[Story]:
        self.step()
        self.saw(self.item)
        return [self.item]

    def put_former_key(self, _story_id: str, _former_key: str, *, at: str) -> None:
        raise AssertionError(f"no story is moved here, at {at}")

    def read(self, _story_id: str, _execution_name: str) -> Story:
        self.step()
        self.saw(self.item)
        return self.item

    def put_callback(self, _story: Story, callback: Callback, _callback_id: str) -> Story:
        self.step()
        if self.item.callback is None and self.item.ended_at is None:
            self.item = replace(self.item, callback=callback)
            self.callbacks.append(callback)
        self.saw(self.item)
        return self.item

    def put_approval(self, *_approval: object) -> Story:
        raise AssertionError("no policy here needs approvals")

    def mark_resumed(self, _story: Story, at: str) -> None:
        self.step()
        self.item = replace(self.item, resumed_at=self.item.resumed_at or at, task_token=None)

    def mark_ended(self, _story_id: str, _execution_name: str, *, reason: str, at: str, began_by: str) -> None:
        self.step()
        assert (self.item.waiting_since or "") <= began_by
        item = self.item
        self.item = replace(item, ended_at=item.ended_at or at, end_reason=item.end_reason or reason, task_token=None)

    def waiting(self, _index: str) -> Iterator[Waiting]:
        self.step()
        item = self.item
        self.saw(item)
        if item.task_token:
            yield Waiting(
                story_id=item.story_id,
                execution_name=item.execution_name,
                execution_arn=item.execution_arn,
                waiting_since=AT,
                has_callback=item.callback is not None,
            )

    # Those who call.

    def _resumption(self) -> Resumption:
        return Resumption(stories=self, workflow=self, at=AT, sleep=lambda _seconds: self.step(), waits=(0,))

    def callback(self, message: str, status: Status) -> None:
        said = Callback(jira_story_id="PROJ-1", status=status, message=message, completed_at=AT)
        self.answers.append(self._resumption().offer(said, message).outcome)

    def sweep(self) -> None:
        sweep(
            self,
            self._resumption(),
            index="waiting",
            now=NOW,
            callback_timeout=timedelta(hours=1),
            remind=lambda _wait: 0,
            is_time_over=lambda: False,
        )


def check(world: World, *, crashed: bool, times_out: bool = False) -> None:
    """Assert the final state, after a sweep and a retry by each caller without a final answer."""
    if not crashed and not times_out:
        assert world.resumes == world.callbacks, "without a crash nobody has to wait for the sweeper"
    world.sweep()
    world.callback("retry", "success")
    assert len(world.callbacks) <= 1, "a callback was overwritten"
    assert len(world.resumes) <= 1, "resumed twice"
    assert world.resumes in (world.callbacks, []), "resumed with another callback than the stored one"
    assert world.answers.count(Outcome.RESUMED) <= 1, "two callers heard that they resumed it"
    assert world.item.task_token is None, "an item still looks as if it waits"
    final = world.answers[-1]
    if world.resumes:
        assert final in RESUMED
        assert Outcome.GONE not in world.answers
    else:
        assert times_out, "a callback was lost"
        assert final is Outcome.GONE
        assert not RESUMED & set(world.answers)


@pytest.mark.parametrize("status", ["success", "failure"])
@pytest.mark.parametrize("others", [[], ["duplicate"], ["sweeper"]], ids=["alone", "duplicate", "sweeper"])
def test_callback_and_wait_in_every_order_with_a_crash_at_every_step(status: Status, others: list[str]) -> None:
    known: set[Hashable] = set()

    def run(choices: list[int]) -> list[int]:
        schedule = Schedule(choices, crashes=1, known=known)
        world = World(schedule)
        schedule.actor(world.workflow)
        schedule.actor(partial(world.callback, "first", status), crashable=True)
        for other in others:
            schedule.actor(world.sweep if other == "sweeper" else partial(world.callback, other, status))
        schedule.run(world.state)
        check(world, crashed=schedule.crashed)
        return schedule.options

    assert every_choice(run) > 20


@settings(max_examples=3 * settings().max_examples)
@given(
    choices=st.lists(st.integers(0, 11), max_size=60),
    crashes=st.integers(0, 2),
    statuses=st.lists(st.sampled_from(["success", "failure"]), min_size=2, max_size=3),
    times_out=st.booleans(),
)
def test_callbacks_the_sweeper_the_wait_and_its_timeout_in_any_order(
    choices: list[int], crashes: int, statuses: list[Status], times_out: bool
) -> None:
    schedule = Schedule(choices, crashes=crashes)
    world = World(schedule)
    schedule.actor(world.workflow)
    if times_out:
        schedule.actor(world.timeout)
    for number, status in enumerate(statuses):
        schedule.actor(partial(world.callback, f"message {number}", status), crashable=True)
    schedule.actor(world.sweep, crashable=True)
    schedule.run()
    check(world, crashed=schedule.crashed, times_out=times_out)


def test_twenty_concurrent_callbacks_resume_once() -> None:
    """Run the callbacks in rounds: each makes one step per round."""
    callers = 20
    schedule = Schedule([step % callers for step in range(callers * 10)])
    world = World(schedule)
    world.item = replace(world.item, task_token=TOKEN, waiting_since=AT)
    world.waits = True
    for _ in range(callers):
        schedule.actor(partial(world.callback, "the same", "success"))
    schedule.run()
    assert len(world.resumes) == 1
    assert len(world.answers) == callers
    assert world.answers.count(Outcome.RESUMED) == 1
    assert set(world.answers) <= RESUMED

"""The effect of a callback on each execution that waits for its story.

Any step can be the last one before a crash, and the workflow, a duplicate or the sweeper can change the same item
at the same time. Three facts keep this safe: a callback is written once (a condition), a token works once (Step
Functions), and every caller that finds an item with a callback that has not resumed sends the callback again.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from facts import CALLBACK_FAILURE
from handlers.aws import TransientError
from handlers.decisions.policy import may_decide
from handlers.decisions.stores import StoryStore, Workflow
from handlers.executions import TokenRefusedError
from handlers.story import Callback, Decision, Story

LOOK_AGAIN_SECONDS = (0.1, 0.2, 0.3, 0.6, 0.8)
"""Seconds between reads of an execution whose token is used: 2 s in total for all executions of a story."""

ON_ITS_WAY = timedelta(minutes=10)
"""Time that a release may take from its registration to its wait: longer than its APIs take with all retries.

Until then, a callback without a token to send is parked without a call of DescribeExecution, of which an account has
15 a second. If the release fails in the meantime, it marks the item itself, or the recorder does.
https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html"""

BODY_DIGEST = "sha256:"
"""Prefix of the id of a callback whose sender gave none: the same body may be sent again as another decision."""


class Outcome(StrEnum):
    """The outcome of a callback. If a story has several executions, the first outcome in this order is the answer."""

    UNAVAILABLE = "unavailable"
    RESUMED = "resumed"
    PARKED = "parked"
    FORBIDDEN = "forbidden"
    ALREADY_RESUMED = "already-resumed"
    GONE = "gone"
    NOT_FOUND = "not-found"


@dataclass(frozen=True)
class Verdict:
    """The outcome of a callback on one execution, and the decision that holds there, if known.

    `by` is the callback that made this decision, from this caller or another one.
    """

    outcome: Outcome
    decision: Decision | None = None
    by: Callback | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Result:
    """The outcome of a callback on all executions of its story.

    `executions` are those with that outcome and that decision. If earlier executions had another decision, the one
    that began last counts. `by` is the callback that decided the last of them.
    """

    outcome: Outcome
    executions: list[str]
    decision: Decision | None = None
    by: Callback | None = field(default=None, compare=False, repr=False)


@dataclass(kw_only=True)
class Resumption:
    """The processing of stories by one callback or one sweep.

    Attributes:
        at: the current time, ISO 8601.
        sleep: sleeps for a number of seconds.
        waits: seconds to sleep between reads, shared by all executions so that many of them cannot outlast the call.
        on_loss: called with a story that was resumed but not marked as resumed; the sweeper marks it later.
    """

    stories: StoryStore
    workflow: Workflow
    at: str
    sleep: Callable[[float], None]
    waits: Iterable[float] = LOOK_AGAIN_SECONDS
    on_loss: Callable[[Story], None] = field(default=lambda _story: None)

    def __post_init__(self) -> None:
        self._waits = iter(self.waits)

    def offer(self, callback: Callback, callback_id: str) -> Result:
        """Apply a callback to every execution of its story.

        A failure of one execution does not keep the callback from the others.

        Raises:
            Exception: the first permanent error from AWS, after every execution was tried.
        """
        self.move(callback.jira_story_id, callback.former_keys)
        verdicts: dict[str, Verdict] = {}
        failures: list[Exception] = []
        concerned = _concerned(self.stories.of(callback.jira_story_id), callback_id)
        for story in sorted(concerned, key=lambda story: story.registered_at, reverse=True):
            try:
                verdicts[story.execution_name] = self.offer_to(story, callback, callback_id)
            except TransientError:
                verdicts[story.execution_name] = Verdict(Outcome.UNAVAILABLE)
            except Exception as error:
                failures.append(error)
        if failures:
            raise failures[0]
        order = list(Outcome)
        # Of equal outcomes, `min` takes the first: the execution that began last.
        first = min(verdicts.values(), key=lambda each: order.index(each.outcome), default=Verdict(Outcome.NOT_FOUND))
        names = sorted(name for name, each in verdicts.items() if each == first)
        return Result(first.outcome, names, first.decision, first.by)

    def move(self, story_id: str, former_keys: Iterable[str]) -> list[str]:
        """Make the executions that wait under a story's former keys findable under its new key, permanently.

        Returns:
            The former keys that have an execution.
        """
        found = [key for key in former_keys if self.stories.of(key)]
        for key in found:
            self.stories.put_former_key(story_id, key, at=self.at)
        return found

    def deliver(self, story: Story) -> Verdict:
        """Send the callback of an item if that is still possible, and record the outcome.

        Raises:
            TransientError: AWS is out of reach; completed writes remain, and the next call does the rest.
        """
        if story.resumed_at:
            return _decided(Outcome.ALREADY_RESUMED, story)
        if story.callback and story.task_token:
            try:
                self.workflow.resume(story.task_token, story.callback)
            except TokenRefusedError:
                return self._settle(story)
            return self._resumed(story)
        return self._without_token(story)

    def offer_to(self, story: Story, callback: Callback, callback_id: str) -> Verdict:
        """Apply a callback to one execution, if the policy lets this callback decide.

        Raises:
            TransientError: AWS is out of reach; the same call may work in a moment.
        """
        if story.callback is None and story.resumed_at is None:
            if story.ended_at:
                return Verdict(Outcome.GONE)
            if not may_decide(story, callback):
                return Verdict(Outcome.FORBIDDEN)
            now = self.stories.put_callback(story, callback, callback_id)
            if now is None:
                return Verdict(Outcome.NOT_FOUND)
            story = now
        verdict = self.deliver(story)
        if verdict.outcome is Outcome.RESUMED and verdict.decision != callback.status:
            # This call delivered the decision of another callback.
            return replace(verdict, outcome=Outcome.ALREADY_RESUMED)
        return verdict

    def _resumed(self, story: Story) -> Verdict:
        try:
            self.stories.mark_resumed(story, self.at)
        except TransientError:
            # The execution is resumed all the same; the item stays in the index of waiting ones, where the sweeper
            # finds it.
            self.on_loss(story)
        return _decided(Outcome.RESUMED, story)

    def _without_token(self, story: Story) -> Verdict:
        """Return the outcome without a token: the workflow has not reached its wait, or the wait is over."""
        parked = _decided(Outcome.PARKED, story)
        verdict = _verdict_of_item(story)
        if verdict or self._is_on_its_way(story):
            return verdict or parked
        return self._verdict_of_execution(story) or parked

    def _is_on_its_way(self, story: Story) -> bool:
        if not story.registered_at:
            return False
        return datetime.fromisoformat(self.at) - datetime.fromisoformat(story.registered_at) < ON_ITS_WAY

    def _settle(self, story: Story) -> Verdict:
        """Find out why the token was refused: it was used (by us, if the answer was lost), or the wait is over."""
        while True:
            now = self.stories.read(story.story_id, story.execution_name)
            if now is None:
                return Verdict(Outcome.NOT_FOUND)
            verdict = _verdict_of_item(now) or self._verdict_of_execution(now)
            if verdict:
                return verdict
            # Still running: the caller that used the token is about to record it, or the workflow is about to end.
            pause = next(self._waits, None)
            if pause is None:
                return Verdict(Outcome.UNAVAILABLE)
            self.sleep(pause)

    def _verdict_of_execution(self, story: Story) -> Verdict | None:
        """Record and return the outcome of the callback for an ended execution; None while it runs."""
        execution = self.workflow.describe(story.execution_arn)
        if not execution.is_over:
            return None
        if execution.status == "SUCCEEDED" or execution.error == CALLBACK_FAILURE:
            self.stories.mark_resumed(story, self.at)
            decision: Decision = "success" if execution.status == "SUCCEEDED" else "failure"
            is_its = story.callback is not None and story.callback.status == decision
            return Verdict(Outcome.ALREADY_RESUMED, decision, story.callback if is_its else None)
        self.stories.mark_ended(
            story.story_id,
            story.execution_name,
            reason=execution.error or execution.status,
            at=self.at,
            began_by=self.at,
        )
        return Verdict(Outcome.GONE)


def _concerned(stories: list[Story], callback_id: str) -> list[Story]:
    """Leave out the executions that began after this callback first arrived.

    Jira retries a webhook for up to half an hour, and a decision on one run must not decide the next one.
    https://developer.atlassian.com/cloud/jira/platform/webhooks/#retry-policy
    """
    before = [each.callback.completed_at for each in stories if each.callback and each.callback_id == callback_id]
    if not before or callback_id.startswith(BODY_DIGEST):
        return stories
    return [each for each in stories if each.callback_id == callback_id or each.registered_at <= min(before)]


def _verdict_of_item(story: Story) -> Verdict | None:
    if story.end_reason == CALLBACK_FAILURE:
        return Verdict(Outcome.ALREADY_RESUMED, "failure", story.callback)
    if story.resumed_at:
        return _decided(Outcome.ALREADY_RESUMED, story)
    return Verdict(Outcome.GONE) if story.ended_at else None


def _decided(outcome: Outcome, story: Story) -> Verdict:
    """Return the outcome with the decision on the item; None if the task was resumed without a callback."""
    return Verdict(outcome, story.callback.status if story.callback else None, story.callback)

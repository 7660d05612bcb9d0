"""Decisions under a policy: who may decide, how approvals add up, and what a crowd of deciders leads to."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from handlers.aws import client
from handlers.decisions.approve import decide
from handlers.decisions.policy import may_decide
from handlers.decisions.resume import Outcome, Result, Verdict
from handlers.stories import Stories
from handlers.story import Approval, Callback, Identity, Story
from tests.unit.handlers.conftest import TABLE, get_item, put_waiting
from tests.unit.handlers.test_resume import AT, CALLBACK, Bench, bench

__all__ = ["bench"]

ANN, BOB, CY = "ann@example.com", "bob@example.com", "cy@example.com"


def put_policy(needed: int = 2, *approvers: str) -> None:
    """An item that waits, with a policy."""
    put_waiting()
    client("dynamodb").update_item(
        TableName=TABLE,
        Key={"jiraStoryId": {"S": "PROJ-1"}, "executionName": {"S": "run-1"}},
        UpdateExpression="SET approvers = :approvers, approvalsNeeded = :needed, approvals = :none",
        ExpressionAttributeValues={
            ":approvers": {"SS": list(approvers or (ANN, BOB, CY))},
            ":needed": {"N": str(needed)},
            ":none": {"M": {}},
        },
    )


def said(address: str, status: str = "success", identity: Identity = "signed-link", comment: str = "") -> Callback:
    return replace(
        CALLBACK,
        status=status,  # type: ignore[arg-type]  # one of the two
        message=comment or f"{address} says {status}",
        channel="link",
        decider=address,
        identity=identity,
    )


def by_link(bench: Bench, callback: Callback, callback_id: str = "id-1") -> Verdict | None:
    story = bench.stories.read("PROJ-1", "run-1")
    assert story
    return decide(bench.resumption(), story, callback, callback_id)


def test_two_of_three_approvals_decide_and_are_recorded(bench: Bench) -> None:
    put_policy(2)
    assert by_link(bench, said(ANN)) is None
    assert "callback" not in get_item()
    assert by_link(bench, said(BOB)) == Verdict(Outcome.RESUMED, "success")
    [(token, sent)] = bench.workflow.resumed
    assert token == "token-run-1"
    assert sent.decider == f"{ANN}, {BOB}"
    assert sent.message == f"{ANN}: {ANN} says success; {BOB}: {BOB} says success"
    assert (sent.channel, sent.identity) == ("link", "signed-link")
    assert by_link(bench, said(CY)) == Verdict(Outcome.ALREADY_RESUMED, "success")


def test_repeated_approval_counts_once(bench: Bench) -> None:
    put_policy(2)
    for comment in ("once", "twice"):
        assert by_link(bench, said(ANN, comment=comment)) is None
    story = bench.stories.read("PROJ-1", "run-1")
    assert story
    assert story.approvals == {ANN: Approval(at=AT, comment="once")}
    assert bench.workflow.resumed == []


def test_rejection_after_an_approval_ends_the_wait(bench: Bench) -> None:
    put_policy(2)
    by_link(bench, said(ANN))
    assert by_link(bench, said(BOB, "failure")) == Verdict(Outcome.RESUMED, "failure")
    assert by_link(bench, said(CY)) == Verdict(Outcome.ALREADY_RESUMED, "failure")
    assert [sent.decider for _, sent in bench.workflow.resumed] == [BOB]


@pytest.mark.parametrize("status", ["success", "failure"])
@pytest.mark.parametrize(
    ("decider", "identity"),
    [
        ("eve@example.com", "signed-link"),
        (ANN, "shared-link"),
        (ANN, "bearer-token"),
        (ANN, "webhook-signature"),
    ],
)
def test_claimed_name_is_not_an_approval(bench: Bench, decider: str, identity: Identity, status: str) -> None:
    put_policy(1)
    callback = said(decider, status, identity)
    assert by_link(bench, callback) == Verdict(Outcome.FORBIDDEN)
    assert bench.resumption().offer(callback, "id-1") == Result(Outcome.FORBIDDEN, ["run-1"])
    assert not {"callback", "resumedAt"} & get_item().keys()


def test_forbidden_callback_ignores_past_executions(bench: Bench) -> None:
    put_waiting(execution="run-0", resumedAt=AT)
    put_policy(1)
    assert bench.resumption().offer(CALLBACK, "id-1") == Result(Outcome.FORBIDDEN, ["run-1"])


@pytest.mark.parametrize(
    ("decider", "status", "may_approve", "allowed"),
    [
        ("Ann", "success", False, False),
        (" ANN ", "success", False, False),
        ("Ann", "failure", False, True),
        ("Ann", "success", True, True),
        ("Bob", "success", False, True),
        (None, "success", False, True),
    ],
)
def test_requester_cannot_approve(decider: str | None, status: str, may_approve: bool, allowed: bool) -> None:
    story = Story(
        story_id="PROJ-1",
        execution_name="run-1",
        execution_arn="arn",
        requester="ann",
        requester_may_approve=may_approve,
    )
    callback = replace(CALLBACK, decider=decider, status=status)  # type: ignore[arg-type]  # one of the two
    assert may_decide(story, callback) is allowed


def test_without_a_requester_every_approver_may_decide() -> None:
    story = Story(story_id="PROJ-1", execution_name="run-1", execution_arn="arn", requester="")
    assert may_decide(story, replace(CALLBACK, decider=None))


class Serial:
    """Calls one after the other, each atomic, as DynamoDB's are; moto's are not."""

    def __init__(self, aws: Any, lock: threading.Lock) -> None:
        self._aws = aws
        self._lock = lock

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            with self._lock:
                return getattr(self._aws, name)(*args, **kwargs)

        return call


def crowd(bench: Bench, number: int, needed: int) -> None:
    """Decide concurrently by signed links; one in five rejects, and some repeat."""
    approvers = [f"approver-{each}@example.com" for each in range(max(5, number // 20))]
    put_policy(needed, *approvers)
    lock = threading.Lock()
    bench.stories = Stories(Serial(client("dynamodb"), lock), TABLE)
    resume = bench.workflow.resume

    def atomic(token: str, callback: Callback) -> None:
        with lock:
            resume(token, callback)

    bench.workflow.resume = atomic  # type: ignore[method-assign]  # a token works once, for threads as well
    told: list[tuple[Callback, Verdict | None, Callback | None]] = []

    def click(each: int) -> None:
        status = "failure" if each % 5 == 4 else "success"
        callback = said(approvers[each % len(approvers)], status, comment=f"click {each}")
        verdict = by_link(bench, callback, f"id-{each}")
        now = bench.stories.read("PROJ-1", "run-1")
        told.append((callback, verdict, now.callback if now else None))

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(click, range(number)))

    [(_, outcome)] = bench.workflow.resumed
    stored = bench.stories.read("PROJ-1", "run-1")
    assert stored
    assert stored.callback == outcome
    if outcome.status == "success":
        assert outcome.decider == ", ".join(sorted(stored.approvals)) or len(stored.approvals) == needed
        assert len(stored.approvals) == needed
    for callback, verdict, seen in told:
        # Every caller that gets a decision gets the same one; the others gave one of several approvals.
        assert seen in (None, outcome)
        if verdict is None:
            assert callback.status == "success"
        else:
            assert (verdict.decision, seen) == (outcome.status, outcome)
    kinds = Counter(verdict.outcome if verdict else None for _, verdict, _ in told)
    assert kinds.keys() <= {None, Outcome.RESUMED, Outcome.ALREADY_RESUMED}
    assert sum(kinds.values()) == number


@pytest.mark.parametrize("needed", [1, 3])
def test_concurrent_decisions_give_one_outcome(bench: Bench, needed: int) -> None:
    crowd(bench, 16, needed)


@pytest.mark.soak
@pytest.mark.parametrize("needed", [1, 2, 10])
def test_thousand_concurrent_decisions_give_one_outcome(bench: Bench, needed: int) -> None:
    crowd(bench, 1000, needed)

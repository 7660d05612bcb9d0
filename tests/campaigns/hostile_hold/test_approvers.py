"""Links of single approvers: forwarded, repeated, of somebody else, and in a crowd. The policy of the hold decides."""

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

from handlers import links
from tests.campaigns.hostile_hold.conftest import Waiting
from tests.campaigns.hostile_hold.visitor import Visitor

ANN, BOB, CY, EVE = (f"{name}@example.com" for name in ("ann", "bob", "cy", "eve"))
APPROVERS = (ANN, BOB, CY)
SHORT_CLICKS, LONG_CLICKS = 8, 1_000
SHORT_AT_ONCE, LONG_AT_ONCE = 3, 64


def _by_policy(visitor: Visitor, needed: int, approvers: Sequence[str] = APPROVERS) -> dict[str, Visitor]:
    """Give the hold a policy, as its registration does, and return each approver with their link."""
    visitor.expense.change(approvers={"SS": list(approvers)}, approvalsNeeded={"N": str(needed)}, approvals={"M": {}})
    return {each: replace(visitor, token=visitor.expense.token(approver=each)) for each in approvers}


def test_link_for_everybody_and_links_of_others_decide_nothing(visitor: Visitor) -> None:
    shared, ann = visitor.token, _by_policy(visitor, 1)[ANN]
    before = visitor.expense.item
    [link] = [each for each in links.links_to(visitor.expense.stored, datetime.now(UTC)) if each.approver == ANN]
    key = visitor.expense.client.tokens["approvalLinkKey"].encode()
    strange = [links.url("", replace(link, approver=each), key).removeprefix(links.PATH) for each in (EVE, "", "ANN")]
    for token in (shared, *strange):
        for decision in ("approve", "reject"):
            assert ann.send(ann.decision(decision, token=token, name=ANN), token).code == 403
    ann.has_decided_nothing(before)
    assert "You approved this" in ann.decide().body


def test_forwarded_link_decides_in_the_name_of_its_approver_once(visitor: Visitor, at_length: bool) -> None:
    approvers = _by_policy(visitor, 2)
    ann, bob = approvers[ANN], approvers[BOB]
    for number in range(50 if at_length else 3):
        page = ann.decide(name=f"{BOB} {number}", comment=f"forwarded {number}")
        assert (page.code, "1 more approval is needed" in page.body) == (200, True)
    assert visitor.expense.item["approvals"]["M"].keys() == {ANN}
    assert "callback" not in visitor.expense.item
    assert "You approved this" in bob.decide().body
    decision = visitor.expense.output()["decision"]
    assert (decision["decider"], decision["identity"]) == (f"{ANN}, {BOB}", "signed-link")


def test_requester_cannot_approve_by_any_link(visitor: Visitor) -> None:
    visitor.expense.change(requester="Eve")
    before = visitor.expense.item
    for name in ("Eve", "EVE", " eve ", "Eve\r\n"):
        assert visitor.send(visitor.decision(name=name)).code == 403
    visitor.has_decided_nothing(before)
    assert "You rejected this" in visitor.decide("reject", name="Eve").body


def test_many_concurrent_approvals_have_one_outcome(submit: Waiting, at_length: bool) -> None:
    visitor = submit()
    clicks, at_once = (LONG_CLICKS, LONG_AT_ONCE) if at_length else (SHORT_CLICKS, SHORT_AT_ONCE)
    crowd = tuple(f"approver-{number}@example.com" for number in range(max(3, clicks // 50)))
    approvers = _by_policy(visitor, 3, crowd)
    chance = random.Random(7)
    sent = [(chance.choice(crowd), "reject" if chance.random() < 0.02 else "approve") for _ in range(clicks)]
    sent += [(address, "approve") for address in crowd[:3]]

    def click(each: tuple[str, str]) -> tuple[int, str]:
        address, decision = each
        page = approvers[address].send(approvers[address].decision(decision, comment=f"by {address}"))
        return page.code, page.body

    with ThreadPoolExecutor(at_once) as pool:
        answers = list(pool.map(click, sent))
    decision = visitor.expense.output()["decision"]
    word = "approved" if decision["status"] == "success" else "rejected"
    if decision["status"] == "success":
        assert len(decision["decider"].split(", ")) == 3
    assert {code for code, _ in answers} <= {200, 409}
    for code, body in answers:
        assert (
            f"You {word} this" in body
            or (code == 200 and "more approval" in body)
            or (code == 409 and f"This is {word} already" in body)
        ), body[-800:]

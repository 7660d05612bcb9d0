"""Many people decide at once by one link: one outcome, and all the others see who decided what."""

from concurrent.futures import ThreadPoolExecutor

from tests.campaigns.hostile.pages import elements
from tests.campaigns.hostile_hold.visitor import Page, Visitor
from tests.proof import ledger

SHORT, LONG = 12, 1_000
SHORT_AT_ONCE, LONG_AT_ONCE = 3, 64


def test_many_concurrent_decisions_have_one_outcome(visitor: Visitor, at_length: bool) -> None:
    number, at_once = (LONG, LONG_AT_ONCE) if at_length else (SHORT, SHORT_AT_ONCE)

    def click(each: int) -> tuple[str, Page]:
        name = f"Decider {each:04}"
        fields = visitor.decision("reject" if each % 5 == 4 else "approve", name=name, comment=f"click {each:04}")
        return name, visitor.send(fields)

    with ThreadPoolExecutor(at_once) as pool:
        pages = dict(pool.map(click, range(number)))
    won = [name for name, page in pages.items() if page.code == 200]
    assert len(won) == 1
    decision = visitor.expense.output()["decision"]
    assert (decision["decider"], decision["message"]) == (won[0], f"click {won[0][-4:]}")
    word = "approved" if decision["status"] == "success" else "rejected"
    for name, page in pages.items():
        shown = elements(page.body).text
        assert (f"You {word} this" if name in won else f"This is {word} already") in shown
        assert won[0] in shown
        assert page.code == (200 if name in won else 409)
        assert name in won or name not in shown
    ledger.note("load", "deciders by one link", executions=number, lost=0, doubled=0)

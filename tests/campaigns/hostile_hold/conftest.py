"""An expense that waits, and the check of all logs at the end."""

from collections.abc import Callable, Iterator

import pytest

from tests.campaigns.hostile.campaign import chosen_seed
from tests.campaigns.hostile.logs import Logs
from tests.campaigns.hostile_hold.visitor import Visitor
from tests.e2e.client import Client, done
from tests.e2e.hold.expenses import Expense, waiting

Waiting = Callable[[], Visitor]


@pytest.fixture(scope="session")
def seed(at_length: bool) -> int:
    """Return the seed of all cases of this run."""
    return chosen_seed(at_length=at_length)


@pytest.fixture(scope="package")
def submit(holding: Client) -> Iterator[Waiting]:
    """Return a function that submits an expense. At the end each gets one outcome, and no log has a secret."""
    logs = Logs(holding)
    logs.skip()
    secrets = list(holding.tokens.values())
    expenses: list[Expense] = []
    links: list[str] = []

    def submitted() -> Visitor:
        expense = waiting(holding)
        expenses.append(expense)
        token = expense.token()
        secrets.append(expense.task_token)
        links.extend(token.split("."))
        return Visitor(expense, secrets, token)

    yield submitted
    for expense in expenses:
        holding.call_back(done(expense.subject, status="failed"))
        assert expense.output()["status"] in ("PAID", "REJECTED")
        item = expense.item
        assert item["callback"]["M"]["status"]["S"] in ("success", "failure")
        assert "resumedAt" in item
        assert not {"taskToken", "waiting"} & item.keys()
        assert expense.run.states().count("Approved?") == 1
    logs.check([*secrets, *links])


@pytest.fixture(scope="package")
def undecided(submit: Waiting) -> Visitor:
    """Return a visitor with the link of an expense that no test decides on."""
    return submit()


@pytest.fixture
def visitor(submit: Waiting) -> Visitor:
    """Return a visitor with the link of the test's own expense."""
    return submit()


@pytest.fixture(scope="session")
def workers(at_length: bool) -> int:
    """Return how many cases are tried at once. Each needs a process of the function, whose start costs CPU time."""
    return 8 if at_length else 2

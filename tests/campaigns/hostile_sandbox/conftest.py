"""One stack for all hostile campaigns, with somebody else's release and order on it."""

from collections.abc import Iterator

import pytest

from tests.campaigns.hostile.campaign import chosen_seed
from tests.campaigns.hostile_sandbox.world import World
from tests.e2e.client import Client, Run, document, story
from tests.e2e.conftest import sandbox
from tests.e2e.shop import Shop, new_order_id, order_detail

LIMITS = {"throttleRateLimit": "10000", "throttleBurstLimit": "5000"}
"""So that no answer is the throttling's: it has tests of its own."""


@pytest.fixture(scope="session")
def seed(at_length: bool) -> int:
    """The seed of all cases of this run."""
    return chosen_seed(at_length=at_length)


@pytest.fixture(scope="session")
def stack() -> Iterator[Client]:
    """A sandbox that the hostile cases have for themselves."""
    with sandbox(LIMITS) as client:
        yield client


@pytest.fixture(scope="session")
def bystander(stack: Client) -> Run:
    """Somebody else's release, which waits for its story all the time."""
    key = story()
    run = stack.start(document(key))
    run.waiting(key)
    return run


@pytest.fixture(scope="session")
def shop(stack: Client) -> Shop:
    """The shop, with somebody else's order in it."""
    shop = Shop(stack)
    order_id = new_order_id()
    shop.output(shop.start(order_detail("high-credit-bystander", "PROD001", orderId=order_id)))
    return shop


@pytest.fixture
def world(stack: Client, bystander: Run, shop: Shop) -> Iterator[World]:  # noqa: ARG001 - what is there is there
    """The stack's contents; at the end of a test nothing but its own has changed, and no log tells what it must not."""
    world = World(stack)
    world.secrets.update(stack.tokens.values())
    before = world.contents()
    world.secrets.update(item["taskToken"]["S"] for item in before.values() if "taskToken" in item)
    yield world
    world.check_contents(before)
    world.check_logs()
    assert bystander.describe()["status"] == "RUNNING"

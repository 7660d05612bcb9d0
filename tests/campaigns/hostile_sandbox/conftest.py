"""One stack for all hostile campaigns, with another team's release and another customer's order."""

from collections.abc import Iterator

import pytest

from tests.campaigns.hostile.campaign import chosen_seed
from tests.campaigns.hostile_sandbox.world import World
from tests.e2e.client import Client, Run, document, story
from tests.e2e.shop import Shop, new_order_id, order_detail
from tests.stacks import scope_of_campaign


@pytest.fixture(scope="session")
def seed(at_length: bool) -> int:
    """Return the seed of all cases of this run."""
    return chosen_seed(at_length=at_length)


@pytest.fixture(scope=scope_of_campaign)
def bystander(unthrottled: Client) -> Run:
    """Return another team's release, which waits for its story all the time."""
    key = story()
    run = unthrottled.start(document(key))
    run.waiting(key)
    return run


@pytest.fixture(scope=scope_of_campaign)
def shop(unthrottled: Client) -> Shop:
    """Return the shop, with another customer's order in it."""
    shop = Shop(unthrottled)
    order_id = new_order_id()
    shop.output(shop.start(order_detail("high-credit-bystander", "PROD001", orderId=order_id)))
    return shop


@pytest.fixture
def world(unthrottled: Client, bystander: Run, shop: Shop) -> Iterator[World]:  # noqa: ARG001 - existing code stays
    """Return the stack's contents; a test may change only its own, and no log may have a secret."""
    world = World(unthrottled)
    world.secrets.update(unthrottled.tokens.values())
    before = world.contents()
    world.secrets.update(item["taskToken"]["S"] for item in before.values() if "taskToken" in item)
    yield world
    world.check_contents(before)
    world.check_logs()
    assert bystander.describe()["status"] == "RUNNING"

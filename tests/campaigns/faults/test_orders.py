"""An order survives every fault of every call that it makes, and pairs of them."""

import random

import pytest

from tests.campaigns.faults.campaign import Campaign
from tests.campaigns.faults.order_path import DECLINED, OUT_OF_STOCK, SUCCESS, Customer, OrderPath
from tests.campaigns.faults.stack import Stack
from tests.campaigns.faults.trials import Extent


@pytest.mark.parametrize("customer", [SUCCESS, DECLINED, OUT_OF_STOCK], ids=lambda customer: customer.name)
def test_an_order_survives(stack: Stack, chance: random.Random, customer: Customer, at_length: bool) -> None:
    Campaign(stack, OrderPath(stack, customer), chance).go(Extent.of(at_length=at_length))

"""A hold survives every fault of every call that it makes, and pairs of them."""

import random

import pytest

from tests.campaigns.faults.campaign import Campaign
from tests.campaigns.faults.hold_path import HoldPath
from tests.campaigns.faults.stack import Stack
from tests.campaigns.faults.trials import Extent
from tests.e2e.client import Client


@pytest.mark.parametrize("early", [False, True], ids=["usual", "called back early"])
def test_a_hold_survives(holding: Client, chance: random.Random, early: bool, at_length: bool) -> None:
    stack = Stack(holding)
    path = HoldPath(stack, early)
    Campaign(stack, path, chance).go(Extent.of(at_length=at_length))
    assert path.parked or not early

"""A release survives every fault of every call that it makes, and pairs of them."""

import random

from tests.campaigns.faults.campaign import Campaign
from tests.campaigns.faults.release_path import ReleasePath
from tests.campaigns.faults.stack import Stack
from tests.campaigns.faults.trials import Extent


def test_a_release_survives(stack: Stack, chance: random.Random, at_length: bool) -> None:
    Campaign(stack, ReleasePath(stack), chance).go(Extent.of(at_length=at_length))

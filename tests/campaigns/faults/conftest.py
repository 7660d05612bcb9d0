"""The stack of the fault campaign, and the random choice of its trials."""

import random

import pytest

from tests.campaigns.faults.stack import Stack
from tests.campaigns.hostile.campaign import chosen_seed
from tests.e2e.client import Client


@pytest.fixture(scope="session")
def stack(breakable: Client) -> Stack:
    """Return the campaign on a stack that tests may break."""
    return Stack(breakable)


@pytest.fixture
def chance(at_length: bool) -> random.Random:
    """The source of random trials. It prints its seed; HOSTILE_SEED sets it."""
    seed = chosen_seed(at_length=at_length)
    print(f"\nseed {seed}")
    return random.Random(seed)

"""The stack of the fault campaign, and the random choice of what is tried on it."""

import random

import pytest

from tests.campaigns.faults.stack import Stack
from tests.campaigns.hostile.campaign import chosen_seed
from tests.e2e.client import Client


@pytest.fixture(scope="session")
def stack(breakable: Client) -> Stack:
    """Return the stack that tests may break, in the campaign's hands."""
    return Stack(breakable)


@pytest.fixture
def chance(at_length: bool) -> random.Random:
    """What trials are drawn from; its seed is printed, and HOSTILE_SEED sets it."""
    seed = chosen_seed(at_length=at_length)
    print(f"\nseed {seed}")
    return random.Random(seed)

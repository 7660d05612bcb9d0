"""The stack of the fault campaign, and the random choice of what is tried on it."""

import random
from collections.abc import Iterator

import pytest

from tests.campaigns.faults.stack import Stack
from tests.campaigns.hostile.campaign import chosen_seed
from tests.e2e.conftest import sandbox

LIMITS = {"throttleRateLimit": "10000", "throttleBurstLimit": "5000"}
"""So that only the plan throttles."""


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """A stack in which nobody else does anything."""
    with sandbox(LIMITS) as client:
        yield Stack(client)


@pytest.fixture
def chance(at_length: bool) -> random.Random:
    """What trials are drawn from; its seed is printed, and HOSTILE_SEED sets it."""
    seed = chosen_seed(at_length=at_length)
    print(f"\nseed {seed}")
    return random.Random(seed)

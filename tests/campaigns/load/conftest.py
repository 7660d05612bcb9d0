"""The stack of the load campaign."""

from collections.abc import Iterator

import pytest

from tests.e2e.client import Client
from tests.e2e.conftest import sandbox

LIMITS = {"throttleRateLimit": "10000", "throttleBurstLimit": "5000"}
"""Switch throttling off: it has tests of its own, and many starts at once would reach its limits."""


@pytest.fixture(scope="session")
def crowded() -> Iterator[Client]:
    """A stack that gets much to do at once."""
    with sandbox(LIMITS) as client:
        yield client

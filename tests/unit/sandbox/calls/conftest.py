"""One server for each test module: what a module creates has names of its own."""

from collections.abc import Iterator

import pytest

from sandbox.server import Server
from tests.unit.sandbox.services.aws import Aws


@pytest.fixture(scope="module")
def aws() -> Iterator[Aws]:
    """Return clients for a sandbox that lives as long as the module's tests."""
    with Server() as server:
        yield Aws(server)

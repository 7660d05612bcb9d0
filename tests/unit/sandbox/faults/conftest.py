"""Fixtures for faults: one server for each test module, and a table."""

from collections.abc import Iterator

import pytest

from sandbox.server import Server
from tests.unit.sandbox.faults.tables import Table
from tests.unit.sandbox.services.aws import Aws


@pytest.fixture(scope="module")
def aws() -> Iterator[Aws]:
    """Clients for a sandbox that lives as long as the module's tests."""
    with Server(iam=False) as server:
        yield Aws(server)


@pytest.fixture
def table(aws: Aws, request: pytest.FixtureRequest) -> Table:
    """Return a table of the test's own."""
    return Table.create(aws, f"table-{abs(hash(request.node.name))}")

"""Fixtures of the end-to-end tests, beside their stacks (tests/stacks.py)."""

import pytest

from tests.e2e.client import Client
from tests.e2e.operator import Operator


@pytest.fixture(scope="session")
def operator(aws: Client, tmp_path_factory: pytest.TempPathFactory) -> Operator:
    """Return an operator of that stack at a command line."""
    return Operator.of(aws, tmp_path_factory.mktemp("operator"))

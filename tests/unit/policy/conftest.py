"""Fixtures of the policy pack: one pack for all tests of a worker, with default settings for each test."""

from collections.abc import Iterator

import pytest

from tests.unit.policy.pack import Pack, running


@pytest.fixture(scope="session")
def _running() -> Iterator[Pack]:
    with running() as pack:
        yield pack


@pytest.fixture
def pack(_running: Pack) -> Pack:
    """Return a pack with its default settings."""
    _running.configure()
    return _running

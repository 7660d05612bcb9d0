"""Groups of tests that share an expensive value run in one process."""

import os

import pytest


@pytest.mark.xdist_group("a group")
def test_a_group_reaches_the_scheduler(request: pytest.FixtureRequest) -> None:
    # pytest 9.2 keeps the id where pytest-xdist 3.8 does not look, which drops every group without a word.
    assert "PYTEST_XDIST_WORKER" not in os.environ or request.node.nodeid.endswith("@a group")

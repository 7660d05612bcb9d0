"""Scheduler of pytest-xdist: tests that share a stack or a value run in one process, the others by file."""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadGroupScheduling


class _ByGroupOrFile(LoadGroupScheduling):  # type: ignore[misc]  # pytest-xdist has no types
    """Keeps a test that is in no group with its file.

    For every test that ends, the scheduler looks through all groups that its process still has. One group for each
    test took half a minute of CPU, and made the fixtures of a module in every process.
    """

    def _split_scope(self, nodeid: str) -> str:
        group: str = super()._split_scope(nodeid)
        return nodeid.split("::", 1)[0] if group == nodeid else group


# Optional, because pytest-xdist can be switched off.
@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadGroupScheduling:
    """Give the scheduler; the order is that of the collection, in which groups come first."""
    config.option.loadscopereorder = False
    return _ByGroupOrFile(config, log)

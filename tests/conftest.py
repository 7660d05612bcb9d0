"""What every test may ask for."""

import os
import signal
import tempfile
import threading

import pytest

# Before any module reads it: `python -m ops` must not find the tests' sandboxes beside the user's own.
if "HOLDPOINT_SANDBOXES" not in os.environ:
    _SANDBOXES = tempfile.TemporaryDirectory(prefix="holdpoint-sandboxes-")
    os.environ["HOLDPOINT_SANDBOXES"] = _SANDBOXES.name


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the campaigns run at full length."""
    parser.addoption("--long", action="store_true", help="run the campaigns at full length, as `make soak` does")


def pytest_configure() -> None:
    """Let what the tests start be interrupted: a shell has its background jobs, and all below them, ignore Ctrl-C."""
    if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def at_length(request: pytest.FixtureRequest) -> bool:
    """Whether the campaigns run at full length; otherwise they are the short version that `make test` includes."""
    return bool(request.config.getoption("--long"))

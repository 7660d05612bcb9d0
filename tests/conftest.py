"""Options, markers and fixtures of all tests."""

import gc
import os
import signal
import tempfile
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Before any module reads it: `python -m ops` must not find the tests' sandboxes beside the user's own.
if "HOLDPOINT_SANDBOXES" not in os.environ:
    _SANDBOXES = tempfile.TemporaryDirectory(prefix="holdpoint-sandboxes-")
    os.environ["HOLDPOINT_SANDBOXES"] = _SANDBOXES.name

pytest_plugins = ["tests.scheduling", "tests.stacks"]

LONGEST_ID = 200
CAMPAIGNS = Path(__file__).parent / "campaigns"

# How long an example takes says more of the machine than of the code.
settings.register_profile(
    "full",
    max_examples=100,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile("sample", settings.get_profile("full"), max_examples=10, stateful_step_count=10)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--long`, with which `make soak` runs."""
    parser.addoption("--long", action="store_true", help="run campaigns at full length, and the tests marked soak")


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers, and restore Ctrl-C: a shell makes its background jobs and their children ignore it."""
    config.addinivalue_line("markers", "soak: takes long; runs in `make soak` only")
    config.addinivalue_line("markers", "campaign: a sample runs in `make test`, all of it in `make soak`")
    config.addinivalue_line(
        "markers", "xdist_group(name): runs in the same process as its group, where pytest-xdist runs"
    )
    config.addinivalue_line("markers", "engine: needs the Pulumi CLI; runs in `make engine` only")
    # Modules and tests stay to the end: looking for garbage among them took a third of the CPU time of many tests.
    gc.disable()
    settings.load_profile("full" if config.getoption("--long") else "sample")
    if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_make_parametrize_id(val: object) -> str | None:
    """Give a long text a short id: pytest hands the id on in an environment variable, whose length is limited."""
    return f"{len(val)} characters" if isinstance(val, str) and len(val) > LONGEST_ID else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the campaigns and property tests; without `--long`, leave out the tests marked soak."""
    for item in items:
        is_property = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
        if is_property or item.path.is_relative_to(CAMPAIGNS):
            item.add_marker("campaign")
    if not config.getoption("--long"):
        left_out = [item for item in items if item.get_closest_marker("soak")]
        items[:] = [item for item in items if not item.get_closest_marker("soak")]
        config.hook.pytest_deselected(items=left_out)
    # The tests of a group run in one process: begun last, a group would keep one busy while the others have ended.
    items.sort(key=lambda item: item.get_closest_marker("xdist_group") is None)


def pytest_collection_finish() -> None:
    """Let the garbage collector work from here on, on what the tests make."""
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def at_length(request: pytest.FixtureRequest) -> bool:
    """Return whether campaigns run at full length; otherwise they try the sample that `make test` includes."""
    return bool(request.config.getoption("--long"))

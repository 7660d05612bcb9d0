"""The emulated AWS and the environment of the functions, and the seed of the campaign."""

from collections.abc import Iterator

import pytest

from handlers.callback import receive
from tests.campaigns.hostile.campaign import chosen_seed
from tests.campaigns.hostile_handlers.stage import Stage
from tests.unit.handlers.conftest import cloud, environment
from tests.unit.handlers.fake_workflow import FakeWorkflow

__all__ = ["cloud", "environment", "seed", "stage"]


@pytest.fixture(scope="session")
def seed(at_length: bool) -> int:
    """Return the seed of all cases of this run."""
    return chosen_seed(at_length=at_length)


@pytest.fixture
def stage(
    cloud: None,  # noqa: ARG001 - AWS is there first
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Stage]:
    workflow = FakeWorkflow()
    monkeypatch.setattr(receive, "executions", lambda: workflow)
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    stage = Stage(capsys, workflow)
    stage.open()
    yield stage
    stage.close()

"""Fixtures for tests of components."""

from pathlib import Path

import pulumi
import pytest

from components.function import Runtime
from tests.unit.components.recording import Monitor, Recording

SECRET_ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:tokens"


@pytest.fixture
def recording() -> Recording:
    """Replace the engine and the provider by a recording."""
    recording = Recording()
    pulumi.runtime.set_mocks(recording, project="holdpoint", stack="test", preview=False, monitor=Monitor(recording))
    return recording


@pytest.fixture
def runtime(tmp_path: Path) -> Runtime:
    """Return how functions are run; the bundle is an empty folder."""
    return Runtime(
        prefix="holdpoint-test",
        bundle=tmp_path,
        identifier="python3.13",
        architecture="arm64",
        memory_size=256,
        log_retention_days=14,
    )

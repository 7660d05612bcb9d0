"""A stack that is deployed into another account by a role there."""

import json
from pathlib import Path

import pytest

from components import bundle
from sandbox.engine import run
from sandbox.stack import load
from tests.unit.components import recording
from tests.unit.components.recording import Recording
from tests.unit.recorded_program import ROOT

HOME, OTHER = recording.ACCOUNT, "210987654321"


def test_preview_names_the_account_of_the_assumed_role(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "ACCOUNT", OTHER)
    monkeypatch.setattr(bundle, "build", lambda *_: Path(".cache/bundle.zip"))
    provider = {
        "aws:assumeRoles": [{"roleArn": f"arn:aws:iam::{OTHER}:role/deployer"}],
        "aws:allowedAccountIds": [OTHER],
    }
    seen = Recording(preview=True)
    run(ROOT, load(ROOT, "prod", provider, encrypted="not-read"), seen, preview=True)
    inputs = json.dumps([resource.inputs for resource in seen.resources], default=str)
    assert OTHER in inputs
    assert HOME not in inputs

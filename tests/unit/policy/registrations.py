"""The resources of the program for a stack, registered once for each configuration."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from components import bundle
from sandbox import memory
from sandbox.stack import load
from tests.unit.components.recording import Recording
from tests.unit.recorded_program import ROOT
from tools.registrations import Registrations, register


def registrations(stack: str, *, preview: bool = False, **config: Any) -> Registrations:
    """Return the registrations of the program for a stack, with other values of some keys."""
    return _run(stack, preview, json.dumps(config))


@cache
def _run(stack: str, preview: bool, config: str) -> Registrations:
    settings = load(ROOT, stack, json.loads(config), encrypted="not-read")
    with memory.starting(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundle, "build", lambda *_: Path(".cache/bundle.zip"))
        return register(ROOT, settings, Recording(preview=preview), preview=preview)

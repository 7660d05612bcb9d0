"""The whole program on recorded resources, run once for each configuration."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from components import bundle
from sandbox import memory
from sandbox.engine import run
from sandbox.stack import load
from tests.unit.components.recording import Recording

ROOT = Path(__file__).parents[2]
STACKS = ("dev", "staging", "prod")

REAL_APIS: dict[str, Any] = {
    "apis": [{"name": "security", "url": "https://api.example.com/security"}],
    "apiTokens": {"security": "given-security"},
}

FEATURES: dict[str, dict[str, Any]] = {
    "orders": {},
    "monitoring": {},
    "mockApis": REAL_APIS,
    "demoFailures": {},
}
"""The switches, and what a stack without the feature has to say besides."""


def recorded(stack: str, *, preview: bool = False, **config: Any) -> Recording:
    """Return the resources of a stack, with other values of some keys."""
    return _run(stack, preview, json.dumps(config))[0]


def without(feature: str) -> tuple[Recording, dict[str, Any]]:
    """Return the registrations and exports of the stack `dev` without one of its features."""
    return _run("dev", False, json.dumps({feature: False, **FEATURES[feature]}))


def outputs(stack: str, *, preview: bool = False) -> dict[str, Any]:
    """Return the outputs of a stack."""
    return _run(stack, preview, "{}")[1]


def _path_of_bundle(runtime: str, architecture: str) -> Path:
    return Path(f".cache/{runtime}-{architecture}.zip")


@cache
def _run(stack: str, preview: bool, config: str) -> tuple[Recording, dict[str, Any]]:
    recording = Recording(preview=preview)
    with memory.starting(), pytest.MonkeyPatch.context() as patch:
        # The bundle has tests of its own; its path says what was asked for.
        patch.setattr(bundle, "build", _path_of_bundle)
        exported = run(ROOT, load(ROOT, stack, json.loads(config), encrypted="not-read"), recording, preview=preview)
    return recording, exported

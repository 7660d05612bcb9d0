"""Defaults of components, which equal those of the stack's settings."""

from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]  # comes with Pulumi, without type information
from pydantic.alias_generators import to_camel

from components import defaults

SCHEMA: dict[str, Any] = yaml.safe_load((Path(__file__).parents[3] / "Pulumi.yaml").read_text(encoding="utf-8"))
VALUES = {name: value for name, value in vars(defaults).items() if name.isupper()}


def test_defaults_are_those_of_the_stack() -> None:
    of_stack = {name: SCHEMA["config"][to_camel(name.lower())]["default"] for name in VALUES}
    assert {name: list(value) if isinstance(value, tuple) else value for name, value in VALUES.items()} == of_stack

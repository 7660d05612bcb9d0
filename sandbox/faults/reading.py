"""Plans as JSON, from files and over HTTP."""

import dataclasses
import functools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sandbox.faults.plan import Plan, PlanError

if TYPE_CHECKING:
    from pydantic import TypeAdapter


def load(path: Path) -> Plan:
    """Read a plan from a file. Raises PlanError, which names the file."""
    try:
        return parse(path.read_bytes())
    except OSError as error:
        raise PlanError(f"{path} cannot be read: {error.strerror}") from None
    except PlanError as error:
        raise PlanError(f"{path}: {error}") from None


def parse(text: str | bytes) -> Plan:
    """Read a plan from `{"name": ..., "seed"?: ..., "faults": [{"call": ..., "kind": ..., ...}]}`.

    Raises PlanError, which says what is wrong, fault by fault.
    """
    # Imported late: few sandboxes read a plan.
    from pydantic import ValidationError

    try:
        return _adapter().validate_json(text, strict=True)
    except ValidationError as error:
        problems = [
            f"{_where(each['loc'])}{each['msg'].removeprefix('Value error, ')}"
            for each in error.errors(include_url=False, include_input=False)
        ]
        raise PlanError("this is not a plan of faults: " + "; ".join(problems)) from None


def dump(plan: Plan) -> str:
    """Serialize a plan for `parse`."""
    return json.dumps(as_json(plan))


def as_json(value: Any) -> dict[str, Any]:
    """Return a plan or a fault as JSON values, without default values."""
    shown = {}
    for field in dataclasses.fields(value):
        content = getattr(value, field.name)
        if isinstance(content, tuple):
            content = [as_json(each) for each in content]
        if content != field.default:
            shown[field.name] = content
    return shown


def _where(location: tuple[int | str, ...]) -> str:
    parts = [f"fault {part + 1}" if isinstance(part, int) else part for part in location if part != "faults"]
    return f"{', '.join(parts)}: " if parts else ""


@functools.cache
def _adapter() -> "TypeAdapter[Plan]":
    from pydantic import TypeAdapter

    return TypeAdapter(Plan)

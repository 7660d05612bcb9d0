"""Copies of JSON values, for which `copy.deepcopy` takes most of the interpreter's own time."""

import copy
import datetime
import importlib
from types import SimpleNamespace
from typing import Any

from sandbox.patches import replaced

# Types of immutable values.
_ATOMS = frozenset({str, int, float, bool, type(None), datetime.datetime})
# The modules that copy the data of states and the events of histories.
COPYING = (
    "component.common.path.result_path",
    "component.common.string.string_expression",
    "component.state.exec.state_map.state_map",
    "component.state.exec.state_parallel.state_parallel",
    "component.state.exec.state_task.service.state_task_service",
    "eval.environment",
    "eval.event.event_manager",
    "eval.states",
)


def deep(value: Any) -> Any:
    """Copy a value deeply; parts that are not JSON are copied by `copy.deepcopy`."""
    kind = type(value)
    if kind in _ATOMS:
        return value
    if kind is dict:
        return {key: deep(item) for key, item in value.items()}
    if kind is list:
        return [deep(item) for item in value]
    return copy.deepcopy(value)


PATCHES = tuple(
    replaced(
        importlib.import_module(f"moto.stepfunctions.parser.asl.{name}"),
        "copy",
        SimpleNamespace(deepcopy=deep),
        "copies JSON with copy.deepcopy, most of the interpreter's own time",
    )
    for name in COPYING
)

"""The field of a state whose expression is evaluated, as AWS names it: Output/a/b[0]."""

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

from moto.stepfunctions.parser.asl.component.common.assign.assign_template_binding import AssignTemplateBinding
from moto.stepfunctions.parser.asl.component.common.assign.assign_template_value_array import AssignTemplateValueArray
from moto.stepfunctions.parser.asl.component.common.jsonata.jsonata_template_binding import JSONataTemplateBinding
from moto.stepfunctions.parser.asl.component.common.jsonata.jsonata_template_value_array import (
    JSONataTemplateValueArray,
)
from moto.stepfunctions.parser.asl.component.eval_component import EvalComponent

from sandbox.patches import replaced, wrapped

# The field of a state under which the interpreter's component evaluates its expressions.
ROOT_FIELDS = {
    "Output": "Output",
    "AssignDecl": "Assign",
    "ArgumentsJSONataTemplateValueObject": "Arguments",
    "ArgumentsStringJSONata": "Arguments",
    "TimeoutSecondsJSONata": "TimeoutSeconds",
    "HeartbeatSecondsJSONata": "HeartbeatSeconds",
    "ConditionStringJSONata": "Condition",
    "ItemSelector": "ItemSelector",
    "ItemsJSONata": "Items",
    "ItemsArray": "Items",
    "SecondsJSONata": "Seconds",
    "TimestampJSONata": "Timestamp",
    "Error": "Error",
    "Cause": "Cause",
}

_thread = threading.local()


@contextlib.contextmanager
def field(*path: str) -> Iterator[None]:
    """Attribute the expressions evaluated inside to this field of the state."""
    before = field_path()
    _thread.path = list(path)
    try:
        yield
    finally:
        _thread.path = before


@contextlib.contextmanager
def choice_rule(index: int) -> Iterator[None]:
    """Attribute the fields evaluated inside to this rule of a Choice state."""
    _thread.rule = f"Choices[{index}]/"
    try:
        yield
    finally:
        _thread.rule = ""


def field_path() -> list[str]:
    """Return the parts of the path of the field that this thread evaluates."""
    if not hasattr(_thread, "path"):
        _thread.path = []
    path: list[str] = _thread.path
    return path


def _name_field(original: Any, self: Any, env: Any) -> None:
    root = ROOT_FIELDS.get(type(self).__name__)
    path = field_path()
    if root is not None:
        path = [getattr(_thread, "rule", ""), root]
    elif isinstance(self, JSONataTemplateBinding | AssignTemplateBinding):
        path = [*path, "/", self.identifier]
    with field(*path):
        original(self, env)


def _evaluate_array(self: Any, env: Any) -> None:
    before = field_path()
    items = []
    for index, value in enumerate(self.values):
        with field(*before, f"[{index}]"):
            value.eval(env)
        items.append(env.stack.pop())
    env.stack.append(items)


PATCHES = (
    wrapped(EvalComponent, "eval", _name_field, "does not know the field of an expression"),
    replaced(JSONataTemplateValueArray, "_eval_body", _evaluate_array, "does not know the place in an array"),
    replaced(AssignTemplateValueArray, "_eval_body", _evaluate_array, "does not know the place in an array"),
)

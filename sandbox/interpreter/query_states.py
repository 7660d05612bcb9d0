"""JSONata in states: native variables and AWS's failures.

moto builds one text out of all variables and the expression and has nothing that evaluates it.
"""

import contextlib
import functools
import threading
from collections.abc import Callable, Iterator
from typing import Any

from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.component.common.assign.assign_template_binding import AssignTemplateBinding
from moto.stepfunctions.parser.asl.component.common.assign.assign_template_value_array import AssignTemplateValueArray
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from moto.stepfunctions.parser.asl.component.common.jsonata.jsonata_template_binding import JSONataTemplateBinding
from moto.stepfunctions.parser.asl.component.common.jsonata.jsonata_template_value_array import (
    JSONataTemplateValueArray,
)
from moto.stepfunctions.parser.asl.component.common.string import string_expression
from moto.stepfunctions.parser.asl.component.common.timeouts.heartbeat import HeartbeatSecondsJSONata
from moto.stepfunctions.parser.asl.component.common.timeouts.timeout import TimeoutSecondsJSONata
from moto.stepfunctions.parser.asl.component.eval_component import EvalComponent
from moto.stepfunctions.parser.asl.component.state.choice.comparison.comparison import ConditionStringJSONata
from moto.stepfunctions.parser.asl.component.state.fail.cause_decl import Cause
from moto.stepfunctions.parser.asl.component.state.fail.error_decl import Error
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.seconds import SecondsJSONata
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventManager
from moto.stepfunctions.parser.asl.parse import preprocessor
from moto.stepfunctions.parser.asl.utils import encoding

from sandbox.interpreter import jsonata
from sandbox.interpreter.patch import replace

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


class _Recorded(dict[str, Any]):
    """Details of a failed evaluation that are already in the history, with AWS's full cause."""


@functools.cache
def install() -> None:
    """Evaluate JSONata; see the module's first line."""
    _name_fields()
    _fail_as_aws()
    replace(string_expression.StringJSONata, "_eval_body", lambda self, env: env.stack.append(_value(env, self)))
    replace(string_expression.StringVariableSample, "_eval_body", _sample_variable)
    replace(TimeoutSecondsJSONata, "_eval_seconds", _seconds)
    replace(HeartbeatSecondsJSONata, "_eval_seconds", _seconds)
    replace(SecondsJSONata, "_get_wait_seconds", _seconds)
    replace(ConditionStringJSONata, "_eval_body", _condition)
    for text in (Error, Cause):
        replace(text, "_eval_body", _text)

    # A definition that was refused half way left its query language behind, for every later one.
    visit = replace(preprocessor.Preprocessor, "visitState_machine", lambda self, ctx: visit_own(self, ctx))

    def visit_own(self: Any, ctx: Any) -> Any:
        self._query_language_per_scope = []
        return visit(self, ctx)


def _variables(env: Any) -> dict[str, Any]:
    store = env.variable_store
    return {**store._outer_scope, **store._inner_scope}


def _value(env: Any, component: Any) -> Any:
    """Return the value of an expression in a state; fails the state with States.QueryEvaluationError."""
    try:
        value = jsonata.evaluate(component.expression, {**_variables(env), "states": env.states._states_data})
    except jsonata.QueryError as error:
        raise _failure(env, component.expression, f"threw an error during evaluation. {error}") from error
    if value is jsonata.UNDEFINED:
        raise _failure(env, component.expression, "returned nothing (undefined).")
    return value


def _sample_variable(self: Any, env: Any) -> None:
    # "$name.path" in a JSONPath state.
    value = jsonata.evaluate(self.expression, _variables(env))
    env.stack.append(None if value is jsonata.UNDEFINED else value)


def _seconds(self: Any, env: Any) -> int:
    self.string_jsonata.eval(env=env)
    seconds = env.stack.pop()
    if isinstance(seconds, bool) or not isinstance(seconds, int) or seconds < 0:
        raise _wrong_type(env, self.string_jsonata.expression, "a non-negative integer", seconds)
    return seconds


def _condition(self: Any, env: Any) -> None:
    self.string_jsonata.eval(env=env)
    if not isinstance(env.stack[-1], bool):
        raise _wrong_type(env, self.string_jsonata.expression, "'boolean'", env.stack[-1])


def _text(self: Any, env: Any) -> None:
    self.string_expression.eval(env=env)
    if not isinstance(env.stack[-1], str):
        raise _wrong_type(env, self.string_expression.literal_value, "'string'", env.stack[-1])


def _wrong_type(env: Any, expression: str, expected: str, value: Any) -> FailureEventException:
    shown = encoding.to_json_str(value)
    return _failure(env, expression, f"returned an unexpected result type. Expected {expected}, but was: {shown}")


def _failure(env: Any, expression: str, problem: str) -> FailureEventException:
    """AWS's States.QueryEvaluationError, written to the history once."""
    name = StatesErrorName(typ=StatesErrorNameType.StatesQueryEvaluationError)
    location = "".join(_path())
    state = env.next_state_name
    entered = env.event_manager.entered.get(state, env.event_history_context.source_event_id)
    cause = (
        f"An error occurred while executing the state '{state}' (entered at the event id #{entered}). "
        f"The JSONata expression '{expression}' specified for the field '{location}' {problem}"
    )
    details = _Recorded(error=name.error_name, cause=cause, location=location, state=state)
    event: Any = {"evaluationFailedEventDetails": details}
    env.event_manager.add_event(
        context=env.event_history_context,
        event_type=HistoryEventType.EvaluationFailed,
        event_details={"evaluationFailedEventDetails": dict(details)},
    )
    return FailureEventException(
        FailureEvent(env=env, error_name=name, event_type=HistoryEventType.EvaluationFailed, event_details=event)
    )


def _fail_as_aws() -> None:
    add = replace(EventManager, "add_event", lambda self, *args, **kwargs: add_once(self, *args, **kwargs))

    def add_once(self: Any, context: Any, event_type: Any, event_details: Any = None, **options: Any) -> Any:
        if isinstance((event_details or {}).get("evaluationFailedEventDetails"), _Recorded):
            return context.last_published_event_id
        event_id = add(self, context=context, event_type=event_type, event_details=event_details, **options)
        if event_details and "stateEnteredEventDetails" in event_details:
            self.entered[event_details["stateEnteredEventDetails"]["name"]] = event_id
        return event_id

    construct = replace(EventManager, "__init__", lambda self, *args, **kwargs: initialise(self, *args, **kwargs))

    def initialise(self: Any, *args: Any, **kwargs: Any) -> None:
        self.entered = {}
        construct(self, *args, **kwargs)

    def recorded(details: Callable[[Any], Any], *keys: str) -> Callable[[Any], Any]:
        def read(self: Any) -> Any:
            own = next(iter((self.failure_event.event_details or {}).values()), None)
            return _Recorded({key: own[key] for key in keys}) if isinstance(own, _Recorded) else details(self)

        return read

    exception = FailureEventException
    ended = recorded(exception.get_execution_failed_event_details, "error", "cause")
    evaluated = recorded(exception.get_evaluation_failed_event_details, "error", "cause", "location", "state")
    replace(exception, "get_execution_failed_event_details", lambda self: (found := ended(self)) and dict(found))
    replace(exception, "get_evaluation_failed_event_details", evaluated)


@contextlib.contextmanager
def field(*path: str) -> Iterator[None]:
    """Attribute the expressions evaluated inside to this field of the state."""
    before = _path()
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


def _path() -> list[str]:
    if not hasattr(_thread, "path"):
        _thread.path = []
    path: list[str] = _thread.path
    return path


def _name_fields() -> None:
    """Keep track of the field that is being evaluated, as AWS names it: Output/a/b[0]."""
    evaluate = replace(EvalComponent, "eval", lambda self, env: evaluate_field(self, env))

    def evaluate_field(self: Any, env: Any) -> None:
        root = ROOT_FIELDS.get(type(self).__name__)
        path = _path()
        if root is not None:
            path = [getattr(_thread, "rule", ""), root]
        elif isinstance(self, JSONataTemplateBinding | AssignTemplateBinding):
            path = [*path, "/", self.identifier]
        with field(*path):
            evaluate(self, env)

    def evaluate_array(self: Any, env: Any) -> None:
        before = _path()
        items = []
        for index, value in enumerate(self.values):
            with field(*before, f"[{index}]"):
                value.eval(env)
            items.append(env.stack.pop())
        env.stack.append(items)

    replace(JSONataTemplateValueArray, "_eval_body", evaluate_array)
    replace(AssignTemplateValueArray, "_eval_body", evaluate_array)

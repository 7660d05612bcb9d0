"""JSONata in states: native variables and AWS's failures.

moto builds one text from all variables and the expression, but has no engine to evaluate it.
"""

from typing import Any

from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from moto.stepfunctions.parser.asl.component.common.string import string_expression
from moto.stepfunctions.parser.asl.component.common.timeouts.heartbeat import HeartbeatSecondsJSONata
from moto.stepfunctions.parser.asl.component.common.timeouts.timeout import TimeoutSecondsJSONata
from moto.stepfunctions.parser.asl.component.state.choice.comparison.comparison import ConditionStringJSONata
from moto.stepfunctions.parser.asl.component.state.fail.cause_decl import Cause
from moto.stepfunctions.parser.asl.component.state.fail.error_decl import Error
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.seconds import SecondsJSONata
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventManager
from moto.stepfunctions.parser.asl.parse import preprocessor
from moto.stepfunctions.parser.asl.utils import encoding

from sandbox.interpreter import jsonata
from sandbox.interpreter.field_paths import field_path
from sandbox.patches import MOTO_ISSUES, replaced, wrapped


class _Recorded(dict[str, Any]):
    """Details of a failed evaluation that are already in the history, with AWS's full cause."""


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


def _evaluate(self: Any, env: Any) -> None:
    env.stack.append(_value(env, self))


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
    """Return AWS's States.QueryEvaluationError, written to the history once."""
    name = StatesErrorName(typ=StatesErrorNameType.StatesQueryEvaluationError)
    location = "".join(field_path())
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


def _add_once(
    original: Any, self: Any, context: Any, event_type: Any, event_details: Any = None, **options: Any
) -> Any:
    if isinstance((event_details or {}).get("evaluationFailedEventDetails"), _Recorded):
        return context.last_published_event_id
    event_id = original(self, context=context, event_type=event_type, event_details=event_details, **options)
    if event_details and "stateEnteredEventDetails" in event_details:
        self.entered[event_details["stateEnteredEventDetails"]["name"]] = event_id
    return event_id


def _initialise(original: Any, self: Any, *args: Any, **kwargs: Any) -> None:
    self.entered = {}
    original(self, *args, **kwargs)


def _recorded(original: Any, self: Any, *keys: str) -> Any:
    own = next(iter((self.failure_event.event_details or {}).values()), None)
    return _Recorded({key: own[key] for key in keys}) if isinstance(own, _Recorded) else original(self)


def _execution_failed(original: Any, self: Any) -> Any:
    return (found := _recorded(original, self, "error", "cause")) and dict(found)


def _evaluation_failed(original: Any, self: Any) -> Any:
    return _recorded(original, self, "error", "cause", "location", "state")


def _visit_afresh(original: Any, self: Any, ctx: Any) -> Any:
    self._query_language_per_scope = []
    return original(self, ctx)


PATCHES = (
    replaced(
        string_expression.StringJSONata,
        "_eval_body",
        _evaluate,
        "has nothing that evaluates JSONata",
        f"{MOTO_ISSUES}/10105",
    ),
    replaced(string_expression.StringVariableSample, "_eval_body", _sample_variable, "does not evaluate variables"),
    replaced(TimeoutSecondsJSONata, "_eval_seconds", _seconds, "does not check the type of TimeoutSeconds"),
    replaced(HeartbeatSecondsJSONata, "_eval_seconds", _seconds, "does not check the type of HeartbeatSeconds"),
    replaced(SecondsJSONata, "_get_wait_seconds", _seconds, "does not check the type of Seconds"),
    replaced(ConditionStringJSONata, "_eval_body", _condition, "does not check the type of Condition"),
    replaced(Error, "_eval_body", _text, "does not check the type of Error"),
    replaced(Cause, "_eval_body", _text, "does not check the type of Cause"),
    wrapped(
        preprocessor.Preprocessor,
        "visitState_machine",
        _visit_afresh,
        "reads later definitions in the query language of one that it refused half way",
    ),
    wrapped(EventManager, "add_event", _add_once, "writes a failed evaluation twice"),
    wrapped(EventManager, "__init__", _initialise, "forgets at which event a state was entered"),
    wrapped(
        FailureEventException,
        "get_execution_failed_event_details",
        _execution_failed,
        "drops AWS's cause of a failed evaluation",
    ),
    wrapped(
        FailureEventException,
        "get_evaluation_failed_event_details",
        _evaluation_failed,
        "drops AWS's cause of a failed evaluation",
    ),
)

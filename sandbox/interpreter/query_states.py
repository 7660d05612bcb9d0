"""JSONata in states: native variables, AWS's failures, and Assign and Output that see the same values.

moto builds one text out of all variables and the expression and has nothing that evaluates it.
"""

import functools
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.component.common import outputdecl
from moto.stepfunctions.parser.asl.component.common.assign.assign_decl import AssignDecl
from moto.stepfunctions.parser.asl.component.common.assign.assign_template_binding import AssignTemplateBinding
from moto.stepfunctions.parser.asl.component.common.assign.assign_template_value_array import AssignTemplateValueArray
from moto.stepfunctions.parser.asl.component.common.catch.catcher_decl import CatcherDecl
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
from moto.stepfunctions.parser.asl.component.state import state as state_module
from moto.stepfunctions.parser.asl.component.state.choice.comparison.comparison import ConditionStringJSONata
from moto.stepfunctions.parser.asl.component.state.choice.state_choice import StateChoice
from moto.stepfunctions.parser.asl.component.state.exec.execute_state import ExecutionState
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.seconds import SecondsJSONata
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventManager
from moto.stepfunctions.parser.asl.eval.states import States
from moto.stepfunctions.parser.asl.eval.variable_store import VariableStore
from moto.stepfunctions.parser.asl.parse import preprocessor
from moto.stepfunctions.parser.asl.utils import encoding
from moto.stepfunctions.parser.backend import execution as execution_module

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
    """Details of a failed evaluation that stand in the history already and carry AWS's full cause."""


@functools.cache
def install() -> None:
    """Evaluate JSONata; see the module's first line."""
    _name_fields()
    _fail_as_aws()
    _keep_old_values_until_the_state_ends()
    _describe_context_as_aws()
    replace(string_expression.StringJSONata, "_eval_body", lambda self, env: env.stack.append(_value(env, self)))
    replace(string_expression.StringVariableSample, "_eval_body", _sample_variable)
    replace(TimeoutSecondsJSONata, "_eval_seconds", _seconds)
    replace(HeartbeatSecondsJSONata, "_eval_seconds", _seconds)
    replace(SecondsJSONata, "_get_wait_seconds", _seconds)
    replace(ConditionStringJSONata, "_eval_body", _condition)

    # A definition that was refused half way left its query language behind, for every later one.
    visit = replace(preprocessor.Preprocessor, "visitState_machine", lambda self, ctx: visit_own(self, ctx))

    def visit_own(self: Any, ctx: Any) -> Any:
        self._query_language_per_scope = []
        return visit(self, ctx)

    # moto escapes all that is not ASCII and adds blanks, and counts those against the limit of 262,144 bytes.
    initialise = encoding._DateTimeEncoder.__init__

    def compact(self: Any, **options: Any) -> None:
        options.update(ensure_ascii=False, separators=options.get("separators") or (",", ":"))
        initialise(self, **options)

    replace(encoding._DateTimeEncoder, "__init__", compact)


def _variables(env: Any) -> dict[str, Any]:
    store = env.variable_store
    return {**store._outer_scope, **store._inner_scope}


def _value(env: Any, component: Any) -> Any:
    """The value of an expression in a state; fails the state with States.QueryEvaluationError."""
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


def _wrong_type(env: Any, expression: str, expected: str, value: Any) -> FailureEventException:
    shown = encoding.to_json_str(value)
    return _failure(env, expression, f"returned an unexpected result type. Expected {expected}, but was: {shown}")


def _failure(env: Any, expression: str, problem: str) -> FailureEventException:
    """AWS's States.QueryEvaluationError, written to the history once."""
    name = StatesErrorName(typ=StatesErrorNameType.StatesQueryEvaluationError)
    field = "".join(_path())
    state = env.next_state_name
    entered = env.event_manager.entered.get(state, env.event_history_context.source_event_id)
    cause = (
        f"An error occurred while executing the state '{state}' (entered at the event id #{entered}). "
        f"The JSONata expression '{expression}' specified for the field '{field}' {problem}"
    )
    details = _Recorded(error=name.error_name, cause=cause, location=field, state=state)
    event = {"evaluationFailedEventDetails": details}
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
        before = _path()
        if root is not None:
            _thread.path = [getattr(_thread, "rule", ""), root]
        elif isinstance(self, JSONataTemplateBinding | AssignTemplateBinding):
            _thread.path = [*before, "/", self.identifier]
        try:
            evaluate(self, env)
        finally:
            _thread.path = before

    def evaluate_array(self: Any, env: Any) -> None:
        before = _path()
        items = []
        for index, value in enumerate(self.values):
            _thread.path = [*before, f"[{index}]"]
            value.eval(env)
            items.append(env.stack.pop())
        _thread.path = before
        env.stack.append(items)

    replace(JSONataTemplateValueArray, "_eval_body", evaluate_array)
    replace(AssignTemplateValueArray, "_eval_body", evaluate_array)


def _keep_old_values_until_the_state_ends() -> None:
    """On AWS, Assign and Output of one state both see the variables as they were when the state began.

    An Output that fails is one of the state's errors, so its Retry and Catch apply.
    """

    def assign(self: Any, env: Any) -> None:
        new: dict[str, Any] = {}
        for binding in self.declaration_bindings:
            binding.eval(env=env)
            new.update(env.stack.pop())
        env.heap["assigned"] = new

    def commit(env: Any) -> None:
        for identifier, value in env.heap.pop("assigned", {}).items():
            env.variable_store.set(variable_identifier=identifier, variable_value=value)

    exited = state_module.CommonStateField._get_state_exited_event_details

    def exit_state(self: Any, env: Any) -> Any:
        commit(env)
        return exited(self, env)

    execute = ExecutionState._evaluate_with_timeout

    def execute_with_output(self: Any, env: Any) -> None:
        env.heap.pop("assigned", None)
        execute(self, env)
        if self.output and env.is_running():
            evaluate_output(self.output, env)
            env.heap["output"] = env.stack.pop()

    def evaluate_output(output: Any, env: Any) -> None:
        before = _path()
        _thread.path = ["Output"]
        try:
            output.jsonata_template_value.eval(env)
        finally:
            _thread.path = before

    def put_output(self: Any, env: Any) -> None:
        if "output" in env.heap:
            env.states.reset(input_value=env.heap.pop("output"))
            return
        evaluate_output(self, env)
        env.states.reset(input_value=env.stack.pop())

    catch = CatcherDecl._eval_body

    def catch_error(self: Any, env: Any) -> None:
        env.heap.pop("assigned", None)
        env.heap.pop("output", None)
        catch(self, env)

    def assigned(self: Any) -> dict[str, str]:
        return {name: encoding.to_json_str(self.get(name)) for name in self._declaration_tracing}

    replace(AssignDecl, "_eval_body", assign)
    replace(state_module.CommonStateField, "_get_state_exited_event_details", exit_state)
    replace(ExecutionState, "_evaluate_with_timeout", execute_with_output)
    replace(outputdecl.Output, "_eval_body", put_output)
    replace(CatcherDecl, "_eval_body", catch_error)
    replace(VariableStore, "get_assigned_variables", assigned)
    replace(StateChoice, "_eval_state", _choose)
    replace(StateChoice, "_eval_state_output", _leave_choice)


def _choose(self: Any, env: Any) -> None:
    env.heap["matched"] = False
    for index, rule in enumerate(self.choices_decl.rules):
        _thread.rule = f"Choices[{index}]/"
        try:
            rule.eval(env)
        finally:
            _thread.rule = ""
        if env.stack.pop() is True:
            env.heap["matched"] = True
            env.stack.append(rule.next_stmt.name)
            return
    if self.default_state is None:
        name = StatesErrorName(typ=StatesErrorNameType.StatesNoChoiceMatched)
        cause = f"No choice rule of the state '{self.name}' matched, and it has no Default."
        details = {"executionFailedEventDetails": {"error": name.error_name, "cause": cause}}
        raise FailureEventException(
            FailureEvent(env=env, error_name=name, event_type=HistoryEventType.ExecutionFailed, event_details=details)
        )
    env.stack.append(self.default_state.state_name)


def _leave_choice(self: Any, env: Any) -> None:
    # The state's own Assign and Output belong to its Default, also when a rule leads to the same state.
    next_state_name = env.stack.pop()
    if not env.heap.pop("matched"):
        if self.assign_decl:
            self.assign_decl.eval(env=env)
        if self.output:
            self.output.eval(env=env)
    if self._is_language_query_jsonpath():
        if self.output_path:
            self.output_path.eval(env=env)
        else:
            env.states.reset(input_value=env.stack.pop())
    env.next_state_name = next_state_name


def _describe_context_as_aws() -> None:
    def timestamp(moment: datetime) -> str:
        return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    state_data = state_module.StateData

    def entered(**fields: Any) -> Any:
        return state_data(**{**fields, "EnteredTime": timestamp(datetime.now(UTC))})

    replace(state_module, "StateData", entered)

    details = execution_module.Execution.get_start_execution_details

    def start_details(self: Any) -> Any:
        found = details(self)
        found.start_time = timestamp(self.start_date)
        return found

    replace(execution_module.Execution, "get_start_execution_details", start_details)

    reset = States.reset

    def reset_fields(self: Any, input_value: Any) -> None:
        # $states.result and $states.errorOutput are undefined, not null, where there is none.
        reset(self, input_value)
        del self._states_data["result"], self._states_data["errorOutput"]

    replace(States, "reset", reset_fields)

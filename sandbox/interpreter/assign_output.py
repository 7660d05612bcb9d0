"""Assign and Output of a state both see the variables as they were when the state began.

An Output that fails is one of the state's errors, so its Retry and Catch apply. moto assigns first and then evaluates
Output, outside the scope of Retry and Catch.
Source: https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
"""

from typing import Any

from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.component.common import outputdecl
from moto.stepfunctions.parser.asl.component.common.assign.assign_decl import AssignDecl
from moto.stepfunctions.parser.asl.component.common.catch.catch_outcome import CatchOutcome
from moto.stepfunctions.parser.asl.component.common.catch.catcher_decl import CatcherDecl
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEventException
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from moto.stepfunctions.parser.asl.component.state.choice.state_choice import StateChoice
from moto.stepfunctions.parser.asl.component.state.exec.execute_state import ExecutionState
from moto.stepfunctions.parser.asl.component.state.exec.state_parallel.state_parallel import StateParallel
from moto.stepfunctions.parser.asl.component.state.state import CommonStateField
from moto.stepfunctions.parser.asl.eval.variable_store import VariableStore
from moto.stepfunctions.parser.asl.utils.encoding import to_json_str

from sandbox.interpreter.failures import state_failure
from sandbox.interpreter.field_paths import choice_rule, field
from sandbox.interpreter.timeouts import evaluate_with_timeout
from sandbox.patches import replaced, wrapped


def _assign(self: Any, env: Any) -> None:
    new: dict[str, Any] = {}
    for binding in self.declaration_bindings:
        binding.eval(env=env)
        new.update(env.stack.pop())
    env.heap["assigned"] = new


def _exit_state(original: Any, self: Any, env: Any) -> Any:
    for identifier, value in env.heap.pop("assigned", {}).items():
        env.variable_store.set(variable_identifier=identifier, variable_value=value)
    return original(self, env)


def _evaluate_with_output(self: Any, env: Any) -> None:
    env.heap.pop("assigned", None)
    evaluate_with_timeout(self, env)
    if self.output and env.is_running():
        _evaluate_output(self.output, env)
        env.heap["output"] = env.stack.pop()


def _evaluate_output(output: Any, env: Any) -> None:
    with field("Output"):
        output.jsonata_template_value.eval(env)


def _put_output(self: Any, env: Any) -> None:
    if "output" in env.heap:
        env.states.reset(input_value=env.heap.pop("output"))
        return
    _evaluate_output(self, env)
    env.states.reset(input_value=env.stack.pop())


def _catch(original: Any, self: Any, env: Any) -> None:
    env.heap.pop("assigned", None)
    env.heap.pop("output", None)
    original(self, env)


def _assigned(self: Any) -> dict[str, str]:
    return {name: to_json_str(self.get(name)) for name in self._declaration_tracing}


def _evaluate_parallel(original: Any, self: Any, env: Any) -> None:
    # moto evaluates the Arguments of a Parallel before it checks for failures.
    try:
        original(self, env)
    except FailureEventException as failure:
        event = failure.failure_event
        if not self.catch or event.event_type != HistoryEventType.EvaluationFailed:
            raise
        env.states.set_error_output(self._construct_error_output_value(failure_event=event))
        self._handle_catch(env=env, failure_event=event)
        if env.stack[-1] != CatchOutcome.Caught:
            raise


def _choose(self: Any, env: Any) -> None:
    env.heap["matched"] = False
    for index, rule in enumerate(self.choices_decl.rules):
        with choice_rule(index):
            rule.eval(env)
        if env.stack.pop() is True:
            env.heap["matched"] = True
            env.stack.append(rule.next_stmt.name)
            return
    if self.default_state is None:
        cause = f"No choice rule of the state '{self.name}' matched, and it has no Default."
        raise state_failure(env, StatesErrorNameType.StatesNoChoiceMatched, cause)
    env.stack.append(self.default_state.state_name)


def _leave_choice(self: Any, env: Any) -> None:
    # The state's own Assign and Output belong to its Default, even if a rule leads to the same state.
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


PATCHES = (
    replaced(AssignDecl, "_eval_body", _assign, "assigns before it evaluates Output"),
    wrapped(CommonStateField, "_get_state_exited_event_details", _exit_state, "assigns before a state is left"),
    replaced(
        ExecutionState,
        "_evaluate_with_timeout",
        _evaluate_with_output,
        "gives each task a thread more, and evaluates Output where no Retry or Catch sees it",
    ),
    replaced(outputdecl.Output, "_eval_body", _put_output, "evaluates Output where no Retry or Catch sees it"),
    wrapped(CatcherDecl, "_eval_body", _catch, "keeps what a failed state assigned"),
    replaced(VariableStore, "get_assigned_variables", _assigned, "does not escape quotes in assigned texts"),
    wrapped(StateParallel, "_eval_state", _evaluate_parallel, "does not catch a failure of a Parallel's Arguments"),
    replaced(StateChoice, "_eval_state", _choose, "fails without a cause where no rule matches"),
    replaced(StateChoice, "_eval_state_output", _leave_choice, "takes a rule that leads to the Default for it"),
)

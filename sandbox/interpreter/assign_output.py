"""Assign and Output of one state both see the variables as they were when the state began.

An Output that fails is one of the state's errors, so its Retry and Catch apply. moto assigns first and then evaluates
Output, outside of what Retry and Catch see.
Source: https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
"""

import functools
from typing import Any

from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.component.common import outputdecl
from moto.stepfunctions.parser.asl.component.common.assign.assign_decl import AssignDecl
from moto.stepfunctions.parser.asl.component.common.catch.catch_outcome import CatchOutcome
from moto.stepfunctions.parser.asl.component.common.catch.catcher_decl import CatcherDecl
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from moto.stepfunctions.parser.asl.component.state.choice.state_choice import StateChoice
from moto.stepfunctions.parser.asl.component.state.exec.execute_state import ExecutionState
from moto.stepfunctions.parser.asl.component.state.exec.state_parallel.state_parallel import StateParallel
from moto.stepfunctions.parser.asl.component.state.state import CommonStateField
from moto.stepfunctions.parser.asl.eval.variable_store import VariableStore
from moto.stepfunctions.parser.asl.utils.encoding import to_json_str

from sandbox.interpreter.patch import replace
from sandbox.interpreter.query_states import choice_rule, field


@functools.cache
def install() -> None:
    """Assign what a state assigns when it is left."""

    def assign(self: Any, env: Any) -> None:
        new: dict[str, Any] = {}
        for binding in self.declaration_bindings:
            binding.eval(env=env)
            new.update(env.stack.pop())
        env.heap["assigned"] = new

    def commit(env: Any) -> None:
        for identifier, value in env.heap.pop("assigned", {}).items():
            env.variable_store.set(variable_identifier=identifier, variable_value=value)

    exited = CommonStateField._get_state_exited_event_details

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
        with field("Output"):
            output.jsonata_template_value.eval(env)

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
        return {name: to_json_str(self.get(name)) for name in self._declaration_tracing}

    replace(AssignDecl, "_eval_body", assign)
    replace(CommonStateField, "_get_state_exited_event_details", exit_state)
    replace(ExecutionState, "_evaluate_with_timeout", execute_with_output)
    replace(outputdecl.Output, "_eval_body", put_output)
    replace(CatcherDecl, "_eval_body", catch_error)
    replace(VariableStore, "get_assigned_variables", assigned)
    parallel = StateParallel._eval_state

    def evaluate_parallel(self: Any, env: Any) -> None:
        # moto evaluates the Arguments of a Parallel before it looks for failures.
        try:
            parallel(self, env)
        except FailureEventException as failure:
            event = failure.failure_event
            if not self.catch or event.event_type != HistoryEventType.EvaluationFailed:
                raise
            env.states.set_error_output(self._construct_error_output_value(failure_event=event))
            self._handle_catch(env=env, failure_event=event)
            if env.stack[-1] != CatchOutcome.Caught:
                raise

    replace(StateParallel, "_eval_state", evaluate_parallel)
    replace(StateChoice, "_eval_state", _choose)
    replace(StateChoice, "_eval_state_output", _leave_choice)


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
        name = StatesErrorName(typ=StatesErrorNameType.StatesNoChoiceMatched)
        cause = f"No choice rule of the state '{self.name}' matched, and it has no Default."
        details: Any = {"executionFailedEventDetails": {"error": name.error_name, "cause": cause}}
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

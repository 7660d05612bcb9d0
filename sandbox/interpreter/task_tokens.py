"""Task tokens: each accepts one answer, expires when its task ends, and is refused with AWS's errors.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
"""

from collections.abc import Callable
from typing import Any

from moto.core.exceptions import AWSError
from moto.core.responses import EmptyResult
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_callback import (
    StateTaskServiceCallback,
)
from moto.stepfunctions.parser.asl.eval.callback.callback import (
    CallbackOutcomeFailure,
    CallbackOutcomeSuccess,
    CallbackOutcomeTimedOut,
)
from moto.stepfunctions.parser.asl.eval.states import ContextObject
from moto.stepfunctions.parser.models import StepFunctionsParserBackend
from moto.stepfunctions.responses import StepFunctionResponse

from sandbox import strict_json, surrogates
from sandbox.interpreter.cancellation import on_cancellation
from sandbox.interpreter.timeouts import call_within_deadline, remaining, waits_for_token
from sandbox.interpreter.validation import at_most
from sandbox.patches import replaced, wrapped
from sandbox.token_store import new_token, tokens

# SendTaskSuccess, output: 262,144 bytes.
MAX_OUTPUT_BYTES = 262_144
# SendTaskFailure, error and cause.
MAX_ERROR_LENGTH, MAX_CAUSE_LENGTH = 256, 32_768


class InvalidOutputError(AWSError):
    """The output is not JSON."""

    TYPE = "InvalidOutput"


def _update_task_token(self: Any) -> str:
    token = new_token()
    self.context_object_data["Task"] = {"Token": token}
    return token


def _with_token(original: Any, self: Any, env: Any) -> None:
    if not waits_for_token(self):
        original(self, env)
        return
    token, task = tokens.open(env.states.context_object.context_object_data["StateMachine"]["Id"])
    env.states.context_object.context_object_data["Task"] = {"Token": token}
    env.callback_pool_manager.add(token)
    try:
        with on_cancellation(env, task.close):
            original(self, env)
    finally:
        env.callback_pool_manager._pool.pop(token, None)
        tokens.close(token)


def _wait(
    original: Any, self: Any, env: Any, timeout_seconds: int, callback_endpoint: Any, heartbeat_endpoint: Any
) -> Any:
    token = callback_endpoint.callback_id
    task = tokens.waiting(token)
    if task is None:
        return original(self, env, timeout_seconds, callback_endpoint, heartbeat_endpoint)
    outcome = task.wait(remaining(env), heartbeat_endpoint and heartbeat_endpoint._heartbeat_seconds)
    return CallbackOutcomeTimedOut(callback_id=token) if outcome is None else outcome


def within_deadline(call: Callable[..., None]) -> Callable[..., None]:
    """Return a service call that ends with its task's timeout; waiting for the token needs no thread."""

    def call_service(self: Any, env: Any, **arguments: Any) -> None:
        if waits_for_token(self):
            call_within_deadline(env, lambda: call(self, env=env, **arguments))
        else:
            call(self, env=env, **arguments)

    return call_service


def _send_task_success(_self: Any, task_token: str, outcome: str) -> None:
    task = tokens.find(task_token)
    outcome = surrogates.without_escaped(outcome)
    try:
        strict_json.loads(outcome)
    except (ValueError, RecursionError) as error:
        raise InvalidOutputError(f"Invalid Output: 'The output is not JSON: {error}'") from error
    if len(outcome.encode()) > MAX_OUTPUT_BYTES:
        raise InvalidOutputError(f"Invalid Output: 'The output is longer than {MAX_OUTPUT_BYTES} bytes'")
    task.finish(CallbackOutcomeSuccess(callback_id=task_token, output=outcome))


def _send_task_failure(_self: Any, task_token: str, error: str | None = None, cause: str | None = None) -> None:
    at_most("error", error, MAX_ERROR_LENGTH)
    at_most("cause", cause, MAX_CAUSE_LENGTH)
    task = tokens.find(task_token)
    task.finish(CallbackOutcomeFailure(callback_id=task_token, error=error, cause=cause))


def _send_task_heartbeat(_self: Any, task_token: str) -> None:
    tokens.find(task_token).beat()


def _answer_send_task_failure(self: Any) -> EmptyResult:
    # moto forgets the cause.
    error, cause = (surrogates.without(self._get_param(name, "")) or None for name in ("error", "cause"))
    self.stepfunction_backend.send_task_failure(self._get_param("taskToken"), error=error, cause=cause)
    return EmptyResult()


PATCHES = (
    replaced(ContextObject, "update_task_token", _update_task_token, "gives a retried task its old token"),
    wrapped(StateTaskServiceCallback, "_eval_execution", _with_token, "keeps a token alive when nobody waits for it"),
    wrapped(StateTaskServiceCallback, "_eval_wait_for_task_token", _wait, "waits in threads that a stop does not wake"),
    replaced(StepFunctionsParserBackend, "send_task_success", _send_task_success, "accepts used and expired tokens"),
    replaced(StepFunctionsParserBackend, "send_task_failure", _send_task_failure, "accepts used and expired tokens"),
    replaced(StepFunctionsParserBackend, "send_task_heartbeat", _send_task_heartbeat, "accepts used tokens"),
    replaced(StepFunctionResponse, "send_task_failure", _answer_send_task_failure, "forgets the cause"),
)

"""Error matching of Retry and Catch, and valid error names.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

from typing import Any

from moto.stepfunctions.parser.asl.component.common.error_name import custom_error_name, error_equals_decl
from moto.stepfunctions.parser.asl.component.eval_component import EvalComponent
from moto.stepfunctions.parser.asl.component.state.exec import execute_state

from sandbox.patches import replaced

# "States.Runtime ... will always cause the execution to fail": no Retry or Catch sees it, not even by its name.
NEVER_MATCHED = frozenset({"States.Runtime"})
# "A terminal error that can't be caught by the States.ALL error type": only its own name matches.
MATCHED_BY_NAME_ONLY = frozenset({"States.DataLimitExceeded"})
# States.TaskFailed "matches any known error name except for States.Timeout".
NOT_TASK_FAILED = frozenset({"States.Timeout", "States.HeartbeatTimeout"})


def matches(listed: list[str | None], error: str | None) -> bool:
    """Return whether an ErrorEquals that lists these names matches an error of that name."""
    if error in NEVER_MATCHED:
        return False
    if error in listed:
        return True
    if error in MATCHED_BY_NAME_ONLY:
        return False
    return "States.ALL" in listed or ("States.TaskFailed" in listed and error not in NOT_TASK_FAILED)


def _error_equals(self: Any, env: Any) -> None:
    error = env.stack.pop()
    env.stack.append(matches([name.error_name for name in self.error_names], error and error.error_name))


def _allow_any_name(self: Any, error_name: str | None) -> None:
    # moto refuses every name that starts with "States." and that its grammar does not list; a branch of a
    # Parallel that ended with one then failed its parent with a ValueError.
    self.error_name = error_name


def _error_output(failure_event: Any) -> dict[str, str | None]:
    # AWS uses null for fields that SendTaskFailure left out, and an empty string for those that a Fail state or a
    # task lacks.
    (kind, details), *_ = failure_event.event_details.items()
    missing = None if kind == "taskFailedEventDetails" and "error" in details else ""
    return {"Error": details.get("error") or missing, "Cause": details.get("cause") or missing}


def _log_nothing(_self: Any, **_failure: Any) -> None:
    # A failure of a workflow is not an error of the emulator, and its details may contain data that must not be logged.
    pass


PATCHES = (
    replaced(error_equals_decl.ErrorEqualsDecl, "_eval_body", _error_equals, "matches errors that AWS does not"),
    replaced(custom_error_name.CustomErrorName, "__init__", _allow_any_name, "refuses States.Http.Socket"),
    replaced(
        execute_state.ExecutionState,
        "_construct_error_output_value",
        staticmethod(_error_output),
        "gives an error or cause that was left out as an empty text",
    ),
    replaced(EvalComponent, "_log_failure_event_exception", _log_nothing, "logs the data of failed states"),
    replaced(EvalComponent, "_log_exception", _log_nothing, "logs the data of failed states"),
)

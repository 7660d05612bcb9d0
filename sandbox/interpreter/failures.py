"""Failures of states in the form of moto's interpreter."""

from typing import Any

from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.component.common.error_name.custom_error_name import CustomErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType


def task_failure(env: Any, error: str, cause: str, resource_type: str, resource: str) -> FailureEvent:
    """Return the failure of a task, such as `lambda` and `invoke`."""
    failed = {"error": error, "cause": cause, "resource": resource, "resourceType": resource_type}
    details: Any = {"taskFailedEventDetails": failed}
    return FailureEvent(
        env=env, error_name=CustomErrorName(error), event_type=HistoryEventType.TaskFailed, event_details=details
    )


def state_failure(
    env: Any, kind: StatesErrorNameType, cause: str, event_type: HistoryEventType = HistoryEventType.ExecutionFailed
) -> FailureEventException:
    """Return the failure of a state with one of the errors of Step Functions itself."""
    name = StatesErrorName(typ=kind)
    details: Any = {"executionFailedEventDetails": {"error": name.error_name, "cause": cause}}
    return FailureEventException(FailureEvent(env=env, error_name=name, event_type=event_type, event_details=details))

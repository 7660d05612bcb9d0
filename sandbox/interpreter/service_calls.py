"""A task's call to its service: the right API, within the task's timeout, with the answer's metadata."""

from collections.abc import Callable
from typing import Any

# It imports every service.
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import state_task_service_factory  # noqa: F401
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import StateTaskService
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_aws_sdk import (
    StateTaskServiceAwsSdk,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_callback import (
    StateTaskServiceCallback,
)
from moto.stepfunctions.parser.utils import get_all_subclasses

from sandbox.interpreter import aws_sdk_tasks
from sandbox.interpreter.sdk_metadata import with_metadata
from sandbox.interpreter.task_tokens import within_deadline
from sandbox.patches import Patch, decorated


def _patch(service: type[StateTaskService]) -> Patch:
    def wrap(original: Callable[..., None]) -> Callable[..., None]:
        call = with_metadata(aws_sdk_tasks.call if service is StateTaskServiceAwsSdk else original)
        return within_deadline(call) if issubclass(service, StateTaskServiceCallback) else call

    return decorated(service, "_eval_service_task", wrap, "calls without a timeout, and drops SdkHttpMetadata")


_SERVICES: list[Any] = sorted(get_all_subclasses(StateTaskService), key=lambda service: service.__name__)
PATCHES = tuple(
    _patch(service)
    for service in _SERVICES
    if "_eval_service_task" in vars(service) and service.__module__.startswith("moto.")
)

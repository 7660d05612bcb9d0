"""Errors of optimized integrations, with AWS's names and messages.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-dynamodb.html,
https://docs.aws.amazon.com/step-functions/latest/dg/connect-eventbridge.html
"""

from typing import Any

from botocore.exceptions import ClientError
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import state_task_service_events
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_dynamodb import (
    StateTaskServiceDynamoDB,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_events import (
    SfnFailedEntryCountException,
)
from moto.stepfunctions.parser.asl.utils.encoding import to_json_str

from sandbox.patches import replaced, wrapped


def _dynamodb_error(original: Any, error: ClientError) -> tuple[str, str]:
    name, cause = original(error)
    # The SDK raises its general exception for errors that it does not model, such as a ValidationException.
    return ("DynamoDB.AmazonDynamoDBException" if type(error) is ClientError else name), cause


class _FailedEntry(SfnFailedEntryCountException):
    """A failed entry whose text is JSON; moto's cause is a dictionary, which would be formatted as Python."""

    def __init__(self, cause: Any) -> None:
        super().__init__(cause)
        self.cause: Any = to_json_str(cause)  # type: ignore[misc]  # moto calls it final


PATCHES = (
    wrapped(
        StateTaskServiceDynamoDB,
        "_error_cause_from_client_error",
        _dynamodb_error,
        "does not know DynamoDB.AmazonDynamoDBException",
    ),
    replaced(
        state_task_service_events,
        "SfnFailedEntryCountException",
        _FailedEntry,
        "writes the cause of a failed PutEvents as Python",
    ),
)

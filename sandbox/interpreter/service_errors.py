"""Errors of optimized integrations, as AWS names and explains them.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-dynamodb.html,
https://docs.aws.amazon.com/step-functions/latest/dg/connect-eventbridge.html
"""

import functools
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

from sandbox.interpreter.patch import replace


@functools.cache
def install() -> None:
    """Name and explain the errors."""
    explain: Any = StateTaskServiceDynamoDB._error_cause_from_client_error

    def dynamodb_error(error: ClientError) -> tuple[str, str]:
        name, cause = explain(error)
        # What the SDK does not model, such as a ValidationException, is its general exception.
        return ("DynamoDB.AmazonDynamoDBException" if type(error) is ClientError else name), cause

    class FailedEntry(SfnFailedEntryCountException):
        """Explains itself in JSON; moto's cause is a dictionary, which its users write as Python."""

        def __init__(self, cause: Any) -> None:
            super().__init__(cause)
            self.cause: Any = to_json_str(cause)  # type: ignore[misc]  # moto calls it final

    replace(StateTaskServiceDynamoDB, "_error_cause_from_client_error", staticmethod(dynamodb_error))
    replace(state_task_service_events, "SfnFailedEntryCountException", FailedEntry)

"""The orders workflow, for functions that start it."""

import json
import os
from functools import cache
from typing import Any

from botocore.exceptions import ClientError

from handlers.aws import client, error_code, transient_failures


class Workflow:
    """A state machine."""

    def __init__(self, step_functions: Any, arn: str) -> None:
        self._client = step_functions
        self._arn = arn

    def start(self, name: str, order: dict[str, Any]) -> None:
        """Start an execution for an order, unless one of that name was started before.

        Raises:
            TransientError: Step Functions is throttled or out of reach.
        """
        try:
            with transient_failures():
                self._client.start_execution(stateMachineArn=self._arn, name=name, input=json.dumps(order))
        except ClientError as error:
            if error_code(error) != "ExecutionAlreadyExists":
                raise


@cache
def workflow() -> Workflow:
    """Return the state machine that STATE_MACHINE_ARN names."""
    return Workflow(client("stepfunctions"), os.environ["STATE_MACHINE_ARN"])

"""Starts of executions of any state machine, under names that people can type."""

import re
from datetime import UTC, datetime
from secrets import token_hex

from botocore.exceptions import ClientError

from ops.aws.errors import code
from ops.aws.state_machines import StateMachine
from ops.aws.target import Target
from ops.errors import FailedError, UsageError
from ops.history import executions
from ops.history.executions import Execution
from ops.program import PROGRAM

MAX_NAME = 80
"""https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html"""

_NAME = re.compile(rf"[A-Za-z0-9_-]{{1,{MAX_NAME}}}")
"""AWS accepts some more characters, which logs, files and this command line would have to escape."""

_END = re.compile(r"-\d{8}T\d{6}-[0-9a-f]{6}$")


def new_name(about: str) -> str:
    """Return a name for a new execution that includes its subject: `PROJ-12345-20250131T120000-1a2b3c`.

    `about` may be the name of an execution, whose time and suffix are replaced by new ones.
    """
    end = f"-{datetime.now(UTC):%Y%m%dT%H%M%S}-{token_hex(3)}"
    return re.sub(r"[^A-Za-z0-9_-]", "-", _END.sub("", about))[: MAX_NAME - len(end)] + end


def checked_name(name: str | None) -> str | None:
    """Return the name if it is valid.

    Raises:
        UsageError: it is not a valid name of an execution.
    """
    if name is not None and not _NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} is not a name for an execution", f"Use 1 to {MAX_NAME} letters, digits, hyphens and underscores"
        )
    return name


def start(target: Target, machine: StateMachine, asked: str, name: str) -> Execution:
    """Start an execution with an input of JSON.

    Raises:
        UsageError: the name is taken.
    """
    try:
        arn = target.client("stepfunctions").start_execution(stateMachineArn=machine.start_arn, name=name, input=asked)[
            "executionArn"
        ]
    except ClientError as error:
        if code(error) == "ExecutionAlreadyExists":
            raise UsageError(f"There is an execution {name} already", "Choose another --name, or none") from None
        raise
    found = executions.describe(target, arn)
    if found is None:
        raise FailedError(f"{name} was started, but cannot be described", f"Look again: {PROGRAM} watch {name}")
    return found

"""What StartExecution takes as an input: JSON as Java reads it.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
"""

import json
from typing import NoReturn

from moto.core.exceptions import AWSError

from sandbox.interpreter import surrogates


class InvalidExecutionInputError(AWSError):
    """The input is not JSON."""

    TYPE = "InvalidExecutionInput"


def checked(text: str) -> str:
    """The input as executions can work with it. Raises InvalidExecutionInputError."""
    clean = surrogates.without_escaped(text)
    try:
        json.loads(clean, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise InvalidExecutionInputError(f"Invalid State Machine Execution Input: '{error}'") from error
    return clean


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")

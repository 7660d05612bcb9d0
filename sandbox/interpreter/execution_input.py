"""Validation of StartExecution's input: JSON as Java parses it.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
"""

from moto.core.exceptions import AWSError

from sandbox import strict_json, surrogates

# StartExecution, input: "Length Constraints: Maximum length of 262144", which AWS counts in bytes.
MAX_INPUT_BYTES = 262_144


class InvalidExecutionInputError(AWSError):
    """The input is not JSON, or too long."""

    TYPE = "InvalidExecutionInput"


def checked(text: str) -> str:
    """Return the input in a form that executions can use. Raises InvalidExecutionInputError."""
    clean = surrogates.without_escaped(text)
    if len(clean.encode()) > MAX_INPUT_BYTES:
        raise InvalidExecutionInputError(
            f"Invalid State Machine Execution Input: 'The input is longer than {MAX_INPUT_BYTES} bytes'"
        )
    try:
        strict_json.loads(clean)
    except (ValueError, RecursionError) as error:
        raise InvalidExecutionInputError(f"Invalid State Machine Execution Input: '{error}'") from error
    return clean

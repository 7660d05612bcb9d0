"""One problem of a state machine's definition, with AWS's codes.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinitionDiagnostic.html
"""

from dataclasses import dataclass
from typing import Final

SCHEMA: Final = "SCHEMA_VALIDATION_FAILED"
# The sandbox's own code: valid on AWS, but not supported here.
NOT_SUPPORTED: Final = "NOT_SUPPORTED_BY_THE_SANDBOX"
TARGET: Final = "MISSING_TRANSITION_TARGET"


@dataclass(frozen=True, kw_only=True)
class Diagnostic:
    """One problem of a definition. `location` is a JSON pointer: /States/Call/Next."""

    code: str
    message: str
    location: str
    severity: str = "ERROR"

"""CreateStateMachine, UpdateStateMachine and ValidateStateMachineDefinition, with AWS's checks of definitions.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html
"""

import dataclasses
import functools
import json
from collections.abc import Sequence
from typing import Any

from moto.core.exceptions import AWSError
from moto.core.responses import ActionResult
from moto.stepfunctions.parser.models import StepFunctionsParserBackend
from moto.stepfunctions.responses import StepFunctionResponse

from sandbox.current import Current
from sandbox.iam import passed_roles
from sandbox.interpreter.definitions import diagnose
from sandbox.interpreter.diagnostics import SCHEMA, Diagnostic
from sandbox.interpreter.parsing import parsed
from sandbox.interpreter.validation import at_most
from sandbox.patches import added, replaced, wrapped

# ValidateStateMachineDefinition, maxResults: 1 to 100, 100 where it is not given.
MAX_DIAGNOSTICS = 100
# CreateStateMachine, definition.
MAX_DEFINITION_LENGTH = 1_048_576

jsonpath_allowed = Current(False)
"""Whether definitions may have states in JSONPath."""


class InvalidDefinitionError(AWSError):
    """The definition is invalid; the message lists every problem with its code and location."""

    TYPE = "InvalidDefinition"

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        problems = ", ".join(
            f"{found.code}: {found.message}" + (f" at {found.location}" if found.location else "")
            for found in diagnostics
        )
        super().__init__(f"Invalid State Machine Definition: '{problems}'")


class StateMachineAlreadyExistsError(AWSError):
    """A state machine of that name exists with another definition or role."""

    TYPE = "StateMachineAlreadyExists"


# A deployment checks the same text two or three times.
@functools.lru_cache(maxsize=32)
def diagnose_text(definition: str, kind: str = "STANDARD", *, jsonpath: bool = True) -> Sequence[Diagnostic]:
    """Return all problems of a definition's text: JSON, then the schema, the graph and the interpreter's grammar."""
    if not definition.strip():
        return [Diagnostic(code=SCHEMA, message="Definition must be a valid JSON object", location="")]
    try:
        machine = json.loads(definition)
    except ValueError as error:
        place = f"[line: {error.lineno}, column: {error.colno}]" if isinstance(error, json.JSONDecodeError) else ""
        return [Diagnostic(code="INVALID_JSON_DESCRIPTION", message=str(error), location=place)]
    found = diagnose(machine, kind, jsonpath=jsonpath)
    if found:
        return found
    try:
        parsed(definition)
    except Exception as error:
        return [Diagnostic(code=SCHEMA, message=f"{type(error).__name__}: {error}", location="/")]
    return []


def _refuse(definition: str, kind: str = "STANDARD") -> None:
    at_most("definition", definition, MAX_DEFINITION_LENGTH)
    found = diagnose_text(definition, kind, jsonpath=jsonpath_allowed.value)
    if found:
        raise InvalidDefinitionError(found)


def _validate(self: Any) -> ActionResult:
    kind = self._get_param("type") or "STANDARD"
    at_most("definition", self._get_param("definition"), MAX_DEFINITION_LENGTH)
    found = diagnose_text(self._get_param("definition") or "", kind, jsonpath=jsonpath_allowed.value)
    limit = self._get_int_param("maxResults") or MAX_DIAGNOSTICS
    shown = [
        {key: value for key, value in dataclasses.asdict(diagnostic).items() if value} for diagnostic in found[:limit]
    ]
    return ActionResult({"result": "FAIL" if found else "OK", "diagnostics": shown, "truncated": len(found) > limit})


def _create(original: Any, self: Any, name: str, definition: str, roleArn: str, **options: Any) -> Any:  # noqa: N803  moto's
    passed_roles.require_state_machine_role(self, name, roleArn, options.get("loggingConfiguration") or {})
    _refuse(definition, options.get("sm_type") or "STANDARD")
    for machine in self.state_machines:
        if machine.name == name and (machine.definition, machine.roleArn) != (definition, roleArn):
            raise StateMachineAlreadyExistsError(f"State Machine Already Exists: '{machine.arn}'")
    return original(self, name=name, definition=definition, roleArn=roleArn, **options)


PATCHES = (
    wrapped(StepFunctionsParserBackend, "create_state_machine", _create, "accepts wrong definitions, names and roles"),
    replaced(StepFunctionsParserBackend, "_validate_definition", _refuse, "accepts what it cannot run"),
    added(StepFunctionResponse, "validate_state_machine_definition", _validate, "lacks ValidateStateMachineDefinition"),
)

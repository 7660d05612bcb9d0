"""Checks of a state machine's definition before its creation, with AWS's codes and messages.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinitionDiagnostic.html
and https://states-language.net
"""

from collections.abc import Iterator
from typing import Any, Final

from sandbox.interpreter import jsonata, map_support, state_fields, state_graph
from sandbox.interpreter.diagnostics import NOT_SUPPORTED, SCHEMA, Diagnostic

JsonObject = dict[str, Any]

# "State names must be unique within the scope of the whole state machine" and at most 80 characters.
MAX_STATE_NAME: Final = 80
# AWS's limit on how deep states may be nested is not published; this one only stops endless nesting.
MAX_NESTING: Final = 32
_JSONPATH: Final = (
    "This state is written in JSONPath, which the sandbox evaluates differently from AWS (docs/sandbox.md lists the "
    'differences): write "QueryLanguage": "JSONata" at the top of the definition, or run it anyway with '
    "`python -m sandbox up --jsonpath` (`serve --jsonpath`, `sandbox.running(jsonpath=True)`)"
)
# These contain inner states, or text for people.
_NESTED: Final = {"Branches", "ItemProcessor", "Iterator", "Comment"}


def diagnose(definition: Any, kind: str = "STANDARD", *, jsonpath: bool = True) -> list[Diagnostic]:
    """Return all problems of a definition (as parsed JSON) for a state machine of that kind, STANDARD or EXPRESS.

    Without `jsonpath`, a state in JSONPath is a problem as well.
    """
    if not isinstance(definition, dict):
        return [Diagnostic(code=SCHEMA, message="Definition must be a valid JSON object", location="")]
    return list(_Check(kind, jsonpath).machine(definition, "", "JSONPath"))


class _Check:
    def __init__(self, kind: str, jsonpath: bool) -> None:
        self._kind = kind
        self._jsonpath = jsonpath
        self._seen: set[str] = set()

    def machine(self, machine: JsonObject, at: str, inherited: str, depth: int = 0) -> Iterator[Diagnostic]:
        missing = [field for field in ("States", "StartAt") if field not in machine]
        if missing:
            yield _schema(f"These fields are required: [{', '.join(missing)}]", at or "/")
            return
        language = machine.get("QueryLanguage", inherited)
        if language not in ("JSONPath", "JSONata"):
            yield _schema("QueryLanguage must be one of [JSONPath, JSONata]", f"{at}/QueryLanguage")
            return
        states = machine["States"]
        if not isinstance(states, dict) or not states:
            yield _schema("States must be an object with at least one state", f"{at}/States")
            return
        if depth > MAX_NESTING:
            yield Diagnostic(code="TOO_DEEPLY_NESTED", message="States are nested too deeply", location=at)
            return
        for name, state in states.items():
            yield from self._named_state(name, state, f"{at}/States/{name}", language, depth)
        yield from state_graph.check(machine, at)

    def _named_state(self, name: str, state: Any, at: str, language: str, depth: int) -> Iterator[Diagnostic]:
        if name in self._seen:
            yield Diagnostic(code="DUPLICATE_STATE_NAME", message=f"Duplicate state name: {name}", location=at)
        self._seen.add(name)
        if not name or len(name) > MAX_STATE_NAME:
            message = f"State name must have 1 to {MAX_STATE_NAME} characters: {name}"
            yield Diagnostic(code="INVALID_STATE_NAME", message=message, location=at)
        if not isinstance(state, dict):
            yield _schema("State must be an object", at)
        elif state.get("Type") not in state_fields.FIELDS:
            yield _schema(
                f"Type must be one of [{', '.join(state_fields.FIELDS)}], but is '{state.get('Type')}'", f"{at}/Type"
            )
        else:
            yield from self._state(state, at, language, depth)

    def _state(self, state: JsonObject, at: str, inherited: str, depth: int) -> Iterator[Diagnostic]:
        kind = state["Type"]
        language = state.get("QueryLanguage", inherited)
        if inherited == "JSONata" and language == "JSONPath":
            yield _schema("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine", at)
        elif language == "JSONPath" and not self._jsonpath:
            # Report it once: a definition in JSONPath has it in every state.
            self._jsonpath = True
            yield Diagnostic(code=NOT_SUPPORTED, message=_JSONPATH, location=at)
        missing = [field for field in state_fields.REQUIRED.get(kind, []) if field not in state]
        if missing:
            yield _schema(f"These fields are required: [{', '.join(missing)}]", at)
        for field in state:
            if field not in state_fields.FIELDS[kind]:
                yield _schema(f"Field '{field}' is not supported by a state of type '{kind}'", f"{at}/{field}")
            elif not state_fields.suits(field, language):
                yield _schema(f"Field '{field}' is not supported in the query language '{language}'", f"{at}/{field}")
        if "Next" in state_fields.FIELDS[kind] and ("Next" in state) == (state.get("End") is True):
            yield _schema("Exactly one of these fields is required: [Next, End]", at)
        if kind == "Task":
            yield from self._task(state, at)
        if kind == "Map":
            yield from map_support.check(state, at)
        yield from _handlers(state, at)
        yield from _choices(state, at, language)
        if language == "JSONata":
            yield from _expressions({key: state[key] for key in state if key not in _NESTED}, at)
        for inner, location in _inner_machines(state, at):
            yield from self.machine(inner, location, language, depth + 1)

    def _task(self, state: JsonObject, at: str) -> Iterator[Diagnostic]:
        resource = state.get("Resource", "")
        if resource and not (isinstance(resource, str) and resource.startswith("arn:") and resource.count(":") >= 5):
            message = f"Value is not a valid resource ARN: {resource}"
            yield Diagnostic(code="INVALID_RESOURCE", message=message, location=f"{at}/Resource")
            return
        if ":activity:" in resource:
            message = "Activities are not supported by the sandbox, which hands out no task to a worker; AWS takes them"
            yield Diagnostic(code=NOT_SUPPORTED, message=message, location=f"{at}/Resource")
        for pattern in (".waitForTaskToken", ".sync"):
            if self._kind == "EXPRESS" and pattern in resource:
                message = f"Express state machine does not support '{pattern}' service integration "
                yield _schema(message, f"{at}/Resource")
        if ":states:::dynamodb:" in resource and resource.endswith(".waitForTaskToken"):
            message = f"The resource provided {resource} is not recognized: dynamodb does not support .waitForTaskToken"
            yield Diagnostic(code="INVALID_RESOURCE", message=message, location=f"{at}/Resource")
        timeout, heartbeat = state.get("TimeoutSeconds"), state.get("HeartbeatSeconds")
        if isinstance(timeout, int) and isinstance(heartbeat, int) and heartbeat >= timeout:
            yield _schema("HeartbeatSeconds must be smaller than TimeoutSeconds", f"{at}/HeartbeatSeconds")


def _schema(message: str, location: str) -> Diagnostic:
    return Diagnostic(code=SCHEMA, message=message, location=location)


def _inner_machines(state: JsonObject, at: str) -> Iterator[tuple[JsonObject, str]]:
    branches = state.get("Branches")
    for index, branch in enumerate(branches if isinstance(branches, list) else []):
        yield branch, f"{at}/Branches[{index}]"
    for field in ("ItemProcessor", "Iterator"):
        if isinstance(state.get(field), dict):
            yield state[field], f"{at}/{field}"


def _handlers(state: JsonObject, at: str) -> Iterator[Diagnostic]:
    for field, required in (("Retry", ["ErrorEquals"]), ("Catch", ["ErrorEquals", "Next"])):
        handlers = state.get(field, [])
        for index, handler in enumerate(handlers if isinstance(handlers, list) else []):
            location = f"{at}/{field}[{index}]"
            missing = [name for name in required if name not in handler]
            if missing:
                yield _schema(f"These fields are required: [{', '.join(missing)}]", location)
            errors = handler.get("ErrorEquals", [])
            if "States.ALL" in errors and (len(errors) > 1 or index < len(handlers) - 1):
                message = f"States.ALL must appear alone and in the last element of {field}"
                yield _schema(message, f"{location}/ErrorEquals")


def _choices(state: JsonObject, at: str, language: str) -> Iterator[Diagnostic]:
    if state["Type"] != "Choice":
        return
    rules = state.get("Choices")
    if not isinstance(rules, list) or not rules:
        yield _schema("Choices must be a non-empty array", f"{at}/Choices")
        return
    test = "Condition" if language == "JSONata" else None
    for index, rule in enumerate(rules):
        missing = [field for field in ("Next", test) if field and field not in rule]
        if missing:
            yield _schema(f"These fields are required: [{', '.join(missing)}]", f"{at}/Choices[{index}]")
        unsupported = "Variable" if language == "JSONata" else "Condition"
        if unsupported in rule:
            message = f"Field '{unsupported}' is not supported in the query language '{language}'"
            yield _schema(message, f"{at}/Choices[{index}]/{unsupported}")


def _expressions(value: Any, at: str) -> Iterator[Diagnostic]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _expressions(item, f"{at}/{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _expressions(item, f"{at}[{index}]")
    elif isinstance(value, str) and value.startswith("{%") != value.endswith("%}"):
        yield _schema("A JSONata expression must start with '{%' and end with '%}'", at)
    elif isinstance(value, str) and value.startswith("{%"):
        try:
            jsonata.check(value[2:-2].strip())
        except jsonata.QueryError as error:
            yield _schema(f"JSONata expression syntax error: {error}", at)

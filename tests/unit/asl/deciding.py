"""Evaluation of one state by the rules of Step Functions: the first retrier, catcher or rule that matches applies."""

from typing import Any

from sandbox.interpreter import jsonata
from sandbox.interpreter.errors import matches


def attempts(state: dict[str, Any], error: str) -> int:
    """Count the retries of a state after an error."""
    for retrier in state.get("Retry", []):
        if matches(retrier["ErrorEquals"], error):
            # https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
            return int(retrier.get("MaxAttempts", 3))
    return 0


def after(state: dict[str, Any], error: str) -> dict[str, Any]:
    """Return the catcher that handles an error."""
    for catcher in state.get("Catch", []):
        if matches(catcher["ErrorEquals"], error):
            return dict(catcher)
    raise AssertionError(f"nothing catches {error}")


def chosen(choice: dict[str, Any], variables: dict[str, Any]) -> str:
    """Return the next state of a Choice."""
    for rule in choice["Choices"]:
        if value(rule["Condition"], variables) is True:
            return str(rule["Next"])
    return str(choice["Default"])


def value(text: str, variables: dict[str, Any]) -> Any:
    """Return the value of a text of a definition: of its expression, or the text itself."""
    if not text.startswith("{%"):
        return text
    return jsonata.evaluate(text.removeprefix("{%").removesuffix("%}"), variables)

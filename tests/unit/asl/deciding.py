"""What a state does, by the rules of Step Functions: the first retrier, catcher or rule that fits decides."""

from typing import Any

from sandbox.interpreter import jsonata
from sandbox.interpreter.errors import matches


def attempts(state: dict[str, Any], error: str) -> int:
    """How often a state tries again after an error."""
    for retrier in state.get("Retry", []):
        if matches(retrier["ErrorEquals"], error):
            # https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
            return int(retrier.get("MaxAttempts", 3))
    return 0


def after(state: dict[str, Any], error: str) -> dict[str, Any]:
    """The catcher that takes an error."""
    for catcher in state.get("Catch", []):
        if matches(catcher["ErrorEquals"], error):
            return dict(catcher)
    raise AssertionError(f"nothing catches {error}")


def chosen(choice: dict[str, Any], variables: dict[str, Any]) -> str:
    """Where a Choice leads."""
    for rule in choice["Choices"]:
        if value(rule["Condition"], variables) is True:
            return str(rule["Next"])
    return str(choice["Default"])


def value(text: str, variables: dict[str, Any]) -> Any:
    """What a text of a definition stands for: an expression's value, or itself."""
    if not text.startswith("{%"):
        return text
    return jsonata.evaluate(text.removeprefix("{%").removesuffix("%}"), variables)

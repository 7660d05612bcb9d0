"""Checks of the lengths in an API's model, with AWS's errors."""

from moto.core.exceptions import AWSError


class ValidationError(AWSError):
    """A parameter that does not fit the API's model."""

    TYPE = "ValidationException"


def at_most(name: str, value: str | None, length: int) -> None:
    """Raise ValidationError if a parameter has more characters than the API allows."""
    if value is not None and len(value) > length:
        raise ValidationError(
            f"1 validation error detected: Value at '{name}' failed to satisfy constraint: Member must have length "
            f"less than or equal to {length}"
        )

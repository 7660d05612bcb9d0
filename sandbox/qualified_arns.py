"""ARNs of versions and aliases, of state machines and functions alike."""

UNQUALIFIED_PARTS = 7
"""Parts of the ARN of a state machine or a function. A version's number or an alias's name is one part more."""


def split(arn: str) -> tuple[str, str]:
    """Split an ARN into that of the state machine or function and the version or alias, which may be empty."""
    parts = arn.split(":")
    return ":".join(parts[:UNQUALIFIED_PARTS]), ":".join(parts[UNQUALIFIED_PARTS:])

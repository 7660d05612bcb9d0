"""Refusal of syntax that JSONata added in 2.1: Step Functions has 2.0.6.

Sources: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html (the version),
https://github.com/jsonata-js/jsonata/releases/tag/v2.1.0 (the operators `?:` and `??`)
"""

import re
from typing import Final

from sandbox.interpreter.jsonata_functions import QueryError

# These may contain the operators' characters: strings, quoted names, comments, signatures, regular expressions.
_TOKEN: Final = re.compile(
    r"""
    (?P<skipped> /\*.*?\*/ | \s+)
    | (?P<operand> "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' | `[^`]*` | \$?\w+ | \)\s*<[^\s{]*>(?=\s*\{) | [)\]}])
    | (?P<newer> \?: | \?\?)
    | (?P<other> .)
    """,
    re.VERBOSE | re.DOTALL,
)
# A slash after one of these words begins a regular expression; after another name, it is a division.
_OPERATOR_WORDS: Final = {"and", "or", "in"}


def check(expression: str) -> None:
    """Raise QueryError if the expression uses an operator that AWS's version does not have."""
    if "?:" not in expression and "??" not in expression:
        return
    position, after_operand = 0, False
    while position < len(expression):
        if expression[position] == "/" and not after_operand and not expression.startswith("/*", position):
            position, after_operand = _end_of_regex(expression, position), True
            continue
        token = _TOKEN.match(expression, position)
        assert token is not None  # noqa: S101 - the last alternative takes any character
        if token["newer"]:
            raise QueryError(
                f"S0201: Step Functions has JSONata 2.0.6, which does not know the operator {token[0]} (at character "
                f"{position}); write $exists(a) ? a : b"
            )
        if not token["skipped"]:
            after_operand = token["operand"] is not None and token[0] not in _OPERATOR_WORDS
        position = token.end()


def _end_of_regex(expression: str, start: int) -> int:
    """Return the end of a regular expression, as JSONata finds it: the next slash outside brackets."""
    depth = 0
    for position in range(start + 1, len(expression)):
        if expression[position - 1] == "\\":
            continue
        if expression[position] in "([{":
            depth += 1
        elif expression[position] in ")]}":
            depth -= 1
        elif expression[position] == "/" and depth == 0:
            return position + 1
    return len(expression)

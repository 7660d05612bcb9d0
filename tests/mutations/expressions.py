"""Weakened DynamoDB condition expressions: each clause in turn loses its effect.

A clause is not left out, because DynamoDB refuses values that no expression uses, and every test would notice that: it
is made always true, or always false where it is one of several of which one is enough.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

NEVER_WRITTEN = "neverWritten"
ALWAYS, NEVER = f"OR attribute_not_exists({NEVER_WRITTEN})", f"AND attribute_exists({NEVER_WRITTEN})"

_WORD = re.compile(r"\s*(\w+\([^()]*\)|\(|\)|[^\s()]+)")


@dataclass(frozen=True)
class Clause:
    """A part of an expression: its position, and the operator that joins it to its neighbours."""

    start: int
    end: int
    tie: str


def weakened(expression: str) -> Iterator[tuple[str, str]]:
    """Return every weaker expression, and what it lacks."""
    found = clauses(expression)
    if len(found) > 1:
        yield f"({expression}) {ALWAYS}", expression
    for clause in found:
        text = expression[clause.start : clause.end]
        weaker = f"{text} {NEVER if clause.tie == 'OR' else ALWAYS}"
        if len(found) > 1:
            weaker = f"({weaker})"
        yield expression[: clause.start] + weaker + expression[clause.end :], text


def clauses(expression: str) -> list[Clause]:
    """Return the clauses, and the groups of them, at every depth."""
    tokens = [(match.group(1), match.start(1), match.end(1)) for match in _WORD.finditer(expression)]
    return _clauses(tokens)


def _clauses(tokens: list[tuple[str, int, int]]) -> list[Clause]:
    depth, begin, parts, tie = 0, 0, [], ""
    for index, (word, _, _) in enumerate(tokens):
        depth += {"(": 1, ")": -1}.get(word, 0)
        if depth == 0 and word in ("AND", "OR"):
            parts.append(tokens[begin:index])
            begin, tie = index + 1, word
    parts.append(tokens[begin:])
    found = []
    for part in parts:
        found.append(Clause(part[0][1], part[-1][2], tie))
        if part[0][0] == "(":
            found += _clauses(part[1:-1])
    return found

"""JSONata functions that AWS Step Functions adds, and the one that it leaves out.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html#jsonata-functions-provided-by-sfn
"""

import hashlib
import math
import random
import sys
import uuid
from typing import Any, Final, NoReturn

import jlens

from sandbox import strict_json, surrogates

HASH_ALGORITHMS: Final = {
    "MD5": "md5",
    "SHA-1": "sha1",
    "SHA-256": "sha256",
    "SHA-384": "sha384",
    "SHA-512": "sha512",
}
# The engine interprets None from a function as "undefined", so our functions cannot return JSON's null alone.
_PRELUDE: Final = "($parse := function($text)<s:x>{ $lookup($parseJson($text), 'value') };\n"


class QueryError(Exception):
    """An expression cannot be compiled or evaluated; the message has the reason and JSONata's error code."""


def register(expression: jlens.Expression) -> None:
    """Register AWS's functions for a compiled expression."""
    for name, function, signature in (
        ("partition", _partition, "<an:a>"),
        ("range", _range, "<nnn:a>"),
        ("hash", _hash, "<ss:s>"),
        ("random", _random, "<n?:n>"),
        ("uuid", lambda: str(uuid.uuid4()), "<:s>"),
        ("parseJson", _parse, "<s:o>"),
        ("eval", _no_eval, None),
    ):
        expression.register_function(name, function, signature)


def needs_prelude(text: str) -> bool:
    """Return whether the expression may use a function that is written in JSONata."""
    return "$parse" in text


def with_prelude(text: str) -> str:
    """Return the expression with the definitions of the functions that are written in JSONata."""
    return f"{_PRELUDE}{text}\n)"


def _partition(items: list[Any] | None, size: float | None) -> Any:
    if items is None or size is None:
        return None
    if size < 1:
        raise QueryError("T0410: argument 2 of function $partition must be a positive number")
    step = int(size)
    return [items[start : start + step] for start in range(0, len(items), step)]


def _range(first: float | None, last: float | None, step: float | None) -> Any:
    if first is None or last is None or step is None:
        raise QueryError("T0410: the arguments of function $range must be numbers")
    if step == 0:
        raise QueryError("T0410: argument 3 of function $range must not be 0")
    count = math.floor((last - first) / step) + 1
    return [first + index * step for index in range(max(0, count))]


def _hash(content: str | None, algorithm: str | None) -> str | None:
    if content is None:
        return None
    if algorithm not in HASH_ALGORITHMS:
        raise QueryError(f"T0410: argument 2 of function $hash must be one of {', '.join(HASH_ALGORITHMS)}")
    return hashlib.new(HASH_ALGORITHMS[algorithm], content.encode(), usedforsecurity=False).hexdigest()


def _random(seed: float | None = None) -> float:
    return (random.SystemRandom() if seed is None else random.Random(seed)).random()  # noqa: S311  seeded by request


def _parse(text: str | None) -> dict[str, Any] | None:
    if text is None:
        return None
    try:
        return {"value": strict_json.loads(surrogates.without_escaped(text), parse_int=_whole)}
    except ValueError as error:
        raise QueryError(f"D3120: argument of function $parse is not JSON: {error}") from error


def _whole(text: str) -> float:
    """Return a whole number. One beyond a double is infinite, as in JavaScript, and null in the result."""
    return int(text) if len(text) <= sys.float_info.max_10_exp else float(text)


def _no_eval(*_: Any) -> NoReturn:
    raise QueryError("T1006: Step Functions does not support $eval; use $parse to read JSON")

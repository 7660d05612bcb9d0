"""Evaluates JSONata expressions the way AWS Step Functions does, over the package jsonata-python.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

import copy
import functools
import hashlib
import json
import math
import random
import re
import uuid
from collections.abc import Mapping
from typing import Any, Final

from jsonata import jsonata as engine
from jsonata.jexception import JException
from jsonata.utils import Utils

from sandbox.interpreter import surrogates

# Expressions are compiled once; a state machine has some hundred of them.
COMPILED_EXPRESSIONS: Final = 4096
HASH_ALGORITHMS: Final = {
    "MD5": "md5",
    "SHA-1": "sha1",
    "SHA-256": "sha256",
    "SHA-384": "sha384",
    "SHA-512": "sha512",
}

_VARIABLE = re.compile(r"\$(\w+)")


class Undefined:
    """What an expression gives when it selects nothing; JSON has no value for it."""


UNDEFINED: Final = Undefined()


class QueryError(Exception):
    """An expression that cannot be compiled or evaluated; the message says why, with JSONata's error code."""


def check(expression: str) -> None:
    """Raises QueryError if the expression (without its {% %}) is not JSONata."""
    _compile(expression)


def evaluate(expression: str, variables: Mapping[str, Any]) -> Any:
    """The value of an expression (without its {% %}) as plain JSON values, or UNDEFINED.

    `variables` maps names without their $ to JSON values; they are bound as they are, never spliced into the text.
    Raises QueryError. Safe to call from many threads.
    """
    names = set(_VARIABLE.findall(expression))
    bindings = {name: _bindable(value) for name, value in variables.items() if name in names}
    # A compiled expression keeps its clock and its current input in itself, and the engine finds "the current one"
    # through a variable of the thread: every evaluation gets its own shallow copy and says that it is the current.
    own = copy.copy(_compile(expression))
    own.set_output_convert_nulls(False)
    engine.Jsonata.CURRENT.jsonata = own
    try:
        return _plain(own.evaluate(None, {**_FUNCTIONS, **bindings}))
    except JException as error:
        raise QueryError(f"{error.error}: {error}") from error
    except RecursionError as error:
        raise QueryError("D1011: the expression recurses too deeply") from error
    except OverflowError as error:
        raise QueryError("D1001: Number out of range") from error
    except QueryError:
        raise
    except Exception as error:
        raise QueryError(f"{type(error).__name__}: {error}") from error


@functools.lru_cache(maxsize=COMPILED_EXPRESSIONS)
def _compile(expression: str) -> Any:
    try:
        return engine.Jsonata(expression)
    except JException as error:
        raise QueryError(f"{error.error}: {error} (at character {error.location})") from error
    except Exception as error:
        raise QueryError(f"S0500: the expression cannot be parsed: {error}") from error


def _bindable(value: Any) -> Any:
    """The value with its nulls as the engine knows them: it takes a bare None for "undefined".

    A null in an object is found by its key, so only top-level nulls and nulls in arrays have to be converted.
    """
    if value is None:
        return Utils.NULL_VALUE
    return _with_nulls(value) if _has_null_item(value) else value


def _has_null_item(value: Any) -> bool:
    if isinstance(value, list):
        return any(item is None or _has_null_item(item) for item in value)
    return isinstance(value, dict) and any(_has_null_item(item) for item in value.values())


def _with_nulls(value: Any) -> Any:
    if value is None:
        return Utils.NULL_VALUE
    if isinstance(value, list):
        return [_with_nulls(item) for item in value]
    if isinstance(value, dict):
        return {key: _with_nulls(item) for key, item in value.items()}
    return value


def _plain(value: Any) -> Any:
    return UNDEFINED if value is None else _json(value)


def _json(value: Any) -> Any:
    if value is None or value is Utils.NULL_VALUE:
        return None
    if isinstance(value, bool | str | int):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise QueryError(f"D1001: Number out of range: {value}")
        return int(value) if value.is_integer() else value
    if isinstance(value, list):
        # By index: the engine's range lists answer iteration with one item less than they have.
        return [_json(value[index]) for index in range(len(value))]
    if isinstance(value, dict):
        return {key: _json(item) for key, item in value.items()}
    raise QueryError("the expression returned a function, which is not a JSON value")


def _partition(array: Any, size: Any) -> Any:
    if array is None or size is None:
        return None
    items = array if isinstance(array, list) else [array]
    if isinstance(size, bool) or not isinstance(size, int | float) or size < 1:
        raise QueryError("T0410: argument 2 of function $partition must be a positive number")
    step = int(size)
    return [[items[index] for index in range(start, min(start + step, len(items)))]
            for start in range(0, len(items), step)]  # fmt: skip


def _range(first: Any, last: Any, step: Any) -> Any:
    for position, number in enumerate((first, last, step), start=1):
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise QueryError(f"T0410: argument {position} of function $range must be a number")
    if step == 0:
        raise QueryError("T0410: argument 3 of function $range must not be 0")
    count = math.floor((last - first) / step) + 1
    return [first + index * step for index in range(max(0, count))]


def _hash(content: Any, algorithm: Any) -> Any:
    if content is None:
        return None
    if not isinstance(content, str):
        raise QueryError("T0410: argument 1 of function $hash must be a string")
    if algorithm not in HASH_ALGORITHMS:
        raise QueryError(f"T0410: argument 2 of function $hash must be one of {', '.join(HASH_ALGORITHMS)}")
    return hashlib.new(HASH_ALGORITHMS[algorithm], content.encode(), usedforsecurity=False).hexdigest()


def _random(seed: Any = None) -> float:
    return (random.SystemRandom() if seed is None else random.Random(seed)).random()  # noqa: S311  seeded by request


def _parse(text: Any) -> Any:
    if text is None:
        return None
    if not isinstance(text, str):
        raise QueryError("T0410: argument 1 of function $parse must be a string")
    try:
        return _with_nulls(json.loads(surrogates.without_escaped(text), parse_constant=_refuse_constant))
    except ValueError as error:
        raise QueryError(f"D3120: argument of function $parse is not JSON: {error}") from error


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON value")


def _no_eval(*_: Any) -> Any:
    raise QueryError("T1006: Step Functions does not support $eval; use $parse to read JSON")


# Source: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html#jsonata-functions-provided-by-sfn
_FUNCTIONS: Final[Mapping[str, Any]] = {
    name: engine.Jsonata.JLambda(function)
    for name, function in {
        "partition": _partition,
        "range": _range,
        "hash": _hash,
        "random": _random,
        "uuid": lambda: str(uuid.uuid4()),
        "parse": lambda text=None: _parse(text),
        "eval": _no_eval,
    }.items()
}

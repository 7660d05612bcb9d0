"""Evaluation of JSONata expressions as in AWS Step Functions, with the package jlens.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

import functools
import json
import sys
import time
from collections.abc import Mapping
from typing import Any, Final

import jlens

from sandbox import surrogates
from sandbox.interpreter import jsonata_functions, jsonata_version

# Expressions are compiled once; a state machine has some hundred of them.
COMPILED_EXPRESSIONS: Final = 4096
# AWS ends an evaluation that nests deeper than about 100 calls of the evaluator, or takes too much time or memory;
# it publishes none of the three limits. The time here is long, because the engine takes seconds for thousands of
# matches of a regular expression in a long text.
MAX_DEPTH: Final = 100
MAX_SECONDS: Final = 30.0
MAX_RESULT_BYTES: Final = 8 * 1024 * 1024
MAX_STRING_BYTES: Final = MAX_RESULT_BYTES
MAX_ARRAY_ITEMS: Final = 1_000_000

QueryError = jsonata_functions.QueryError


class Undefined:
    """The result of an expression that selects nothing; JSON has no value for it."""


UNDEFINED: Final = Undefined()


def check(expression: str) -> None:
    """Raise QueryError if the expression (without its {% %}) is not valid in AWS's version of JSONata."""
    _compile(expression)


def evaluate(expression: str, variables: Mapping[str, Any]) -> Any:
    """Return the value of an expression (without its {% %}) as plain JSON values, or UNDEFINED.

    `variables` maps names without their $ to JSON values. Raises QueryError. Safe to call from many threads.
    """
    compiled, reads = _compile(expression)
    bindings = {name: _read(variables[name], read) for name, read in reads.items() if name in variables}
    try:
        return _evaluate(compiled, bindings)
    except jlens.JlensError as error:
        raise QueryError(f"{error.code}: {error}") from error
    except QueryError:
        raise
    except Exception as error:
        raise QueryError(f"{type(error).__name__}: {error}") from error


def _evaluate(compiled: jlens.Expression, bindings: dict[str, Any]) -> Any:
    options: dict[str, Any] = {
        "timeout": MAX_SECONDS,
        "max_depth": MAX_DEPTH,
        "max_string_length": MAX_STRING_BYTES,
        "max_array_length": MAX_ARRAY_ITEMS,
        "max_result_size": MAX_RESULT_BYTES,
        # The engine would read this machine's clock, but the sandbox's may be ahead.
        "now": time.time() * 1000,
    }
    try:
        found = compiled.evaluate_json(None, bindings, **options)
    except TypeError as error:
        if "OverflowError" not in str(error):
            raise
    else:
        return UNDEFINED if found is None else json.loads(found)
    # An expression may pass on or compare an integer beyond a double; the engine treats it as the largest double.
    beyond: dict[float, int] = {}
    found = compiled.evaluate_json(None, _within_a_double(bindings, beyond), **options)
    return UNDEFINED if found is None else _restored(json.loads(found), beyond)


@functools.lru_cache(maxsize=COMPILED_EXPRESSIONS)
def _compile(expression: str) -> tuple[jlens.Expression, Mapping[str, Any]]:
    """Return the compiled expression, and the parts that it reads of each variable."""
    text = surrogates.without(expression)
    jsonata_version.check(text)
    try:
        # First the text as written, so that an error's position is right.
        compiled = jlens.Expression(text)
        if jsonata_functions.needs_prelude(text):
            compiled = jlens.Expression(jsonata_functions.with_prelude(text))
    except jlens.JlensError as error:
        raise QueryError(f"{error.code}: {error} (at character {error.position})") from error
    jsonata_functions.register(compiled)
    return compiled, compiled.reads()["bindings"]


def _read(value: Any, read: Any) -> Any:
    """Return only the parts that the expression reads: the engine would copy each variable, up to 256 KiB."""
    if read is True:
        return value
    if isinstance(value, dict):
        return {name: _read(value[name], inner) for name, inner in read.items() if name in value}
    if isinstance(value, list):
        return [_read(item, read) for item in value]
    return value


def _within_a_double(value: Any, beyond: dict[float, int]) -> Any:
    if isinstance(value, dict):
        return {name: _within_a_double(item, beyond) for name, item in value.items()}
    if isinstance(value, list):
        return [_within_a_double(item, beyond) for item in value]
    if isinstance(value, int) and abs(value) > sys.float_info.max:
        largest = sys.float_info.max if value > 0 else -sys.float_info.max
        beyond[largest] = value
        return largest
    return value


def _restored(value: Any, beyond: Mapping[float, int]) -> Any:
    if isinstance(value, dict):
        return {name: _restored(item, beyond) for name, item in value.items()}
    if isinstance(value, list):
        return [_restored(item, beyond) for item in value]
    return beyond.get(value, value) if isinstance(value, float) else value

"""A definition is parsed once: where it enters the grammar checks it, and every execution runs the same program."""

import functools
from typing import Any

from moto.stepfunctions.parser.asl.parse import asl_parser
from moto.stepfunctions.parser.backend import execution_worker

from sandbox.interpreter.patch import replace

# Parsing takes tens of milliseconds, half a second for a long definition; the program holds no state of an execution.
PARSED_DEFINITIONS = 256


@functools.lru_cache(maxsize=PARSED_DEFINITIONS)
def parsed(definition: str) -> Any:
    """The program of a definition; raises what moto's parser raises where the text does not fit the grammar."""
    return asl_parser.AmazonStateLanguageParser.parse(definition)[0]


@functools.cache
def install() -> None:
    """Let executions run what is parsed already."""
    parser = type("CachingParser", (), {"parse": staticmethod(lambda definition: (parsed(definition), None))})
    replace(execution_worker, "AmazonStateLanguageParser", parser)

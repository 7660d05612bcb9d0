"""Caches of parsed definitions and paths, so that all executions run the same program."""

import functools
import re
from typing import Any

from antlr4 import CommonTokenStream, InputStream, PredictionMode
from antlr4.error.Errors import ParseCancellationException
from antlr4.error.ErrorStrategy import BailErrorStrategy
from moto.stepfunctions.parser.asl.antlr.runtime.ASLLexer import ASLLexer
from moto.stepfunctions.parser.asl.antlr.runtime.ASLParser import ASLParser
from moto.stepfunctions.parser.asl.component.common.path import result_path
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.asl.parse.preprocessor import Preprocessor
from moto.stepfunctions.parser.asl.utils import json_path
from moto.stepfunctions.parser.backend import execution_worker

from sandbox.patches import decorated, replaced

# Parsing takes tens of milliseconds, half a second for a long definition; the program holds no state of an execution.
PARSED_DEFINITIONS = 256
# Parsing a JSONPath takes about a millisecond, and states evaluate the same ones repeatedly.
PARSED_PATHS = 4096


@functools.lru_cache(maxsize=PARSED_DEFINITIONS)
def parsed(definition: str) -> Any:
    """Return the program of a definition; raise the error of moto's parser if the text does not fit the grammar."""
    text = _with_fractions(definition)
    parser = ASLParser(CommonTokenStream(ASLLexer(InputStream(text))))
    # ANTLR's faster mode returns the same tree as its full mode or a syntax error, in a third of the time.
    # https://www.antlr.org/api/Java/org/antlr/v4/runtime/atn/PredictionMode.html
    parser._interp.predictionMode = PredictionMode.SLL
    parser._errHandler = BailErrorStrategy()
    try:
        tree = parser.state_machine()  # type: ignore[no-untyped-call]  # generated code has no types
    except ParseCancellationException:
        return AmazonStateLanguageParser.parse(text)[0]
    return Preprocessor().visit(tree)


def _with_fractions(definition: str) -> str:
    """Return the definition with every percentage as a fraction: moto's grammar accepts no whole number."""
    return re.sub(r'("ToleratedFailurePercentage"\s*:\s*\d+)(?![\d.eE])', r"\1.0", definition)


_Parser = type("CachingParser", (), {"parse": staticmethod(lambda definition: (parsed(definition), None))})
_parse_once = functools.lru_cache(maxsize=PARSED_PATHS)

PATCHES = (
    replaced(execution_worker, "AmazonStateLanguageParser", _Parser, "parses a definition for every execution"),
    decorated(json_path, "parse", _parse_once, "parses a JSONPath for every evaluation"),
    decorated(result_path, "parse", _parse_once, "parses a JSONPath for every evaluation"),
)

"""Checks of the functions' logs: each line is one JSON object of a known kind, without text from outside."""

import ast
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from tests.campaigns.hostile.texts import FORGED

HANDLERS = Path(__file__).parents[3] / "handlers"

SAYING = {f"logger().{level}" for level in ("debug", "info", "warning", "error", "exception", "critical")}

LIBRARY = "botocore."
"""Says once for each client where its credentials and its endpoint come from, and nothing else."""

TRACES = ("Traceback (most recent call last)", 'File "/', "stack_trace", "exception_name", "--- Logging error ---")
"""Patterns of stack traces: Python's, Powertools', and those of a failed log line."""


@cache
def our_words() -> frozenset[str]:
    """Return every log message in the functions' source; ValueError if one is no constant."""
    words = set()
    for path in HANDLERS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in SAYING:
                words.add(str(ast.literal_eval(node.args[0])))
    return frozenset(words)


def check_line(line: str, secrets: Iterable[str]) -> dict[str, Any]:
    """Return the line as JSON. Raises AssertionError if it is of no known kind or holds a secret."""
    assert line.isascii(), f"a line that is not ASCII: {line!r}"
    check_text(line, secrets)
    parsed: dict[str, Any] = json.loads(line)
    assert isinstance(parsed, dict), f"a line that is no object: {line!r}"
    if "_aws" not in parsed and "type" not in parsed and not parsed.get("logger", "").startswith(LIBRARY):
        assert parsed["message"] in our_words(), f"a line that nobody wrote: {line!r}"
        assert FORGED not in f"{parsed['level']}{parsed['service']}{parsed['location']}{parsed['timestamp']}"
    return parsed


def check_text(text: str, secrets: Iterable[str]) -> None:
    """Raises AssertionError if a text that others see holds a secret or a stack trace."""
    for secret in secrets:
        assert secret not in text, f"a secret in {text[:300]!r}"
    for trace in TRACES:
        assert trace not in text, f"a stack trace in {text[:2000]!r}"

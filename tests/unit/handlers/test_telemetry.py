"""Log lines: one line of ASCII each, whatever the input is."""

import json

import pytest

from handlers.telemetry import logger

HOSTILE = (
    "a\ud800",  # a lone surrogate, which has no UTF-8 form: writing it would fail, with a stack trace in the log
    "a\u2028b\u2029c\x85d\x1ce",  # what some readers of logs take for the end of a line
    "a\x9b2Jb\x1b[31mc\x7f",  # what a terminal obeys
    "a\u202eb\u2066c",  # what turns the order of the letters round
    'a\r\n{"level":"ERROR","message":"forged"}',
)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_log_line_is_one_line_of_ascii(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    logger().info("Said", value=text, fields=[text, {text: text}])
    written = capsys.readouterr()
    assert written.err == ""
    assert written.out.isascii()
    (line,) = written.out.splitlines()
    assert all(character.isprintable() for character in line)
    assert json.loads(line)["fields"] == [text, {text: text}]

"""Output on a terminal: one table that changes in place."""

import os
import pty
import subprocess
import sys

from tests.e2e.client import DEADLINE_SECONDS, document, story
from tests.e2e.operator import Operator
from tests.stacks import ROOT

CURSOR_UP, HIDE_CURSOR, SHOW_CURSOR = "\x1b[1A", "\x1b[?25l", "\x1b[?25h"


def _on_a_terminal(operator: Operator, *arguments: str) -> tuple[int, str]:
    """Run a command whose standard output is a terminal; gives its exit code and what the terminal got."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "120", "LINES": "40"}
    process = subprocess.Popen(
        [sys.executable, "-m", "ops", *arguments, "--outputs", str(operator.outputs)],
        cwd=ROOT,
        env=environment,
        stdout=theirs,
        stderr=subprocess.PIPE,
    )
    os.close(theirs)
    printed = b""
    while True:
        try:
            part = os.read(ours, 65_536)
        except OSError:  # Linux says so when nobody has the other end open any more.
            break
        if not part:
            break
        printed += part
    os.close(ours)
    process.communicate(timeout=DEADLINE_SECONDS)
    return process.returncode, printed.decode()


def test_a_release_is_one_table_that_changes(operator: Operator) -> None:
    named = story()
    run = operator.client.start(document(named))
    run.waiting(named)
    assert operator.client.call_back({"jiraStoryId": named, "message": "go"}).status == "resumed"
    code, printed = _on_a_terminal(operator, "watch", run.name)
    assert code == 0
    assert HIDE_CURSOR in printed
    assert printed.rindex(SHOW_CURSOR) > printed.rindex(HIDE_CURSOR)
    assert CURSOR_UP in printed
    last = printed[printed.rindex(CURSOR_UP) :]
    assert [last.count(f" {state}") for state in ("Read input", "Await story", "Write log")] == [1, 1, 1]
    assert "SUCCEEDED" in last


def test_json_option_prints_json_on_a_terminal(operator: Operator) -> None:
    code, printed = _on_a_terminal(operator, "list", "--json")
    assert code == 0
    assert "\x1b" not in printed


def test_results_have_colours_on_a_terminal_only(operator: Operator) -> None:
    answer = _on_a_terminal(operator, "invoke", "user")
    assert answer[0] == 0
    assert "\x1b[" in answer[1]
    assert "\x1b[" not in operator.ok("invoke", "user").out

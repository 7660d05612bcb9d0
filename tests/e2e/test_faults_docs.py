"""The examples of docs/faults.md, executed."""

import re
import subprocess
import sys

import pytest

from sandbox.faults.reading import load
from tests.e2e.client import DEADLINE_SECONDS, Client, document, done, story
from tests.e2e.control import Control
from tests.stacks import ROOT

PAGE = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")


@pytest.mark.soak
def test_the_program_on_the_page_runs() -> None:
    (program,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=DEADLINE_SECONDS, check=False
    )
    assert (ran.returncode, ran.stdout.strip()) == (0, "CONFIRMED"), ran.stderr


def test_a_release_survives_the_example_plan(breakable: Client) -> None:
    control, key = Control(breakable), story()
    control.set(load(ROOT / "examples" / "faults.json"))
    run = breakable.start(document(key))
    run.waiting(key)
    answer = breakable.call_back(done(key))
    assert (answer.code, answer.status) == (200, "already-resumed")
    assert run.ended()["status"] == "SUCCEEDED"
    assert not [fault for fault in control.end() if fault["call"] != "s3.PutObject"]

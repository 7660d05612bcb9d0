"""The programs that the pages show to users of the library, run under mocks."""

import re
from pathlib import Path
from typing import Any

import pytest

from components import bundle
from ops.aws import state_machines
from ops.aws.target import Target
from sandbox.engine import run
from sandbox.stack import load
from tests.unit.components.recording import Recording
from tests.unit.recorded_program import ROOT

_FILE = re.compile(r"^`([\w.]+)`:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PYTHON = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def of_library_page() -> dict[str, str]:
    """Return the files that docs/library.md shows, with its test of the workflow."""
    page = _page("docs/library.md")
    [test] = [text for text in _PYTHON.findall(page) if "def test_" in text]
    return {**dict(_FILE.findall(page)), "test_purchases.py": test}


def _of_readme() -> dict[str, str]:
    definition = _PYTHON.findall(_page("docs/hold.md"))[0]
    return {**of_library_page(), "expenses.py": definition, "__main__.py": _PYTHON.findall(_page("README.md"))[0]}


def _outputs(folder: Path, files: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(bundle, "build", lambda: Path("bundle.zip"))
    return run(folder, load(folder, "dev"), Recording())


@pytest.mark.parametrize(
    ("files", "workflow"),
    [(of_library_page(), "purchases"), (_of_readme(), "expenses")],
    ids=["docs/library.md", "README.md"],
)
def test_a_program_of_the_pages_exports_what_the_command_line_reads(
    files: dict[str, str], workflow: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outputs = _outputs(tmp_path, files, monkeypatch)
    assert set(outputs) == {"workflows", "callback_api_endpoint", "dynamodb_table_name", "secrets_manager_arn"}
    target = Target(origin="the stack", outputs=outputs)
    assert [each.kind for each in state_machines.of(target)] == [workflow]
    assert target.region == "us-east-1"

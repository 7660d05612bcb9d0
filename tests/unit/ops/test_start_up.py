"""Start of the command line: fast by late imports, with help for every command."""

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ops.__main__ import app

ROOT = Path(__file__).parents[3]

COMMANDS = sorted(
    file.stem.removesuffix("_executions") for file in (ROOT / "ops/commands").glob("*.py") if file.stem != "__init__"
)

SLOW = ("boto3", "moto", "pulumi", "pydantic_core", "aws_lambda_powertools", "sandbox")


def test_help_imports_no_slow_module() -> None:
    code = f"import sys, ops.__main__; print(sorted(set({SLOW!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_every_command_is_listed() -> None:
    shown = CliRunner().invoke(app, ["--help"])
    assert shown.exit_code == 0
    for name in COMMANDS:
        assert f" {name} " in shown.output
    assert len(COMMANDS) >= 14


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_examples_target_and_json_option(name: str) -> None:
    shown = CliRunner().invoke(app, [name, "--help"], env={"COLUMNS": "200"})
    assert shown.exit_code == 0
    for option in ("--json", "--stack", "--outputs"):
        assert option in shown.output
    module = importlib.import_module(f"ops.commands.{'list_executions' if name == 'list' else name}")
    assert module.EXAMPLES
    for example in module.EXAMPLES:
        assert f"python -m ops {example}" in shown.output


@pytest.mark.parametrize("arguments", [["nonsense"], ["list", "--nonsense"], ["stop"], ["list", "--limit", "0"]])
def test_wrong_usage_exits_with_2(arguments: list[str]) -> None:
    shown = CliRunner().invoke(app, arguments)
    assert shown.exit_code == 2
    assert "Usage: " in shown.output
    assert "Traceback" not in shown.output


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("re", ["results", "report", "redrive", "rerun"]),
        ("invoke mock-d", ["mock-deployment"]),
        ("logs callback", ["callback", "callback-api"]),
        ("rotate s", ["signing-key"]),
        ("list --workflow o", ["orders"]),
    ],
)
def test_the_launcher_offers_completion(tmp_path: Path, typed: str, offered: list[str]) -> None:
    link = tmp_path / "holdpoint"
    link.symlink_to(ROOT / "holdpoint")
    if not (ROOT / ".venv/bin/python").exists():
        pytest.skip("the launcher runs what `make` set up in .venv, which is not here")
    words = f"holdpoint {typed}"
    asked = {
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1),
        "_HOLDPOINT_COMPLETE": "complete_bash",
        "PATH": "/usr/bin:/bin",
    }
    done = subprocess.run([link], cwd=tmp_path, env=asked, capture_output=True, text=True, check=True)
    assert done.stdout.split() == offered


def _hints() -> list[tuple[str, list[str]]]:
    """Return every command that a text of the program suggests, with its options."""
    texts = "".join(file.read_text() for file in (ROOT / "ops").rglob("*.py"))
    found = re.findall(r"\{PROGRAM\} ([a-z]+)((?: [^\"'`]*)?)", texts)
    return [(name, re.findall(r"--[a-z-]+", rest)) for name, rest in found]


@pytest.mark.parametrize(("name", "options"), _hints(), ids=str)
def test_suggested_commands_exist(name: str, options: list[str]) -> None:
    assert name in COMMANDS
    shown = CliRunner().invoke(app, [name, "--help"], env={"COLUMNS": "200"}).output
    for option in options:
        assert f" {option} " in shown

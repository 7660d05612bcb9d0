"""Runs every command of the guides unchanged and in order, each as a process, on its own sandbox."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.client import DEADLINE_SECONDS, Client
from tests.e2e.operator import Operator
from tests.stacks import ROOT

ENDLESS = "--follow"
ON_AWS = " --stack dev"


def _commands(page: str) -> list[str]:
    """Return the page's commands that begin with `python -m ops`, or pipe into it."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    blocks = re.findall(r"```bash\n(.*?)```", text, re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if "python -m ops " in line]


def test_every_command_is_documented() -> None:
    names = {file.stem.removesuffix("_executions") for file in (ROOT / "ops" / "commands").glob("[a-z]*.py")}
    page = (ROOT / "docs" / "ops.md").read_text(encoding="utf-8")
    assert names == set(re.findall(r"^\| `(\w+)[ `]", page, re.MULTILINE))
    assert names <= {re.split(r"python -m ops ", line)[1].split()[0] for line in _commands("ops.md")}


def test_quickstart_commands_on_aws_need_explicit_arguments() -> None:
    commands = [shlex.split(line, comments=True) for line in _commands("quickstart.md")]
    on_aws = [words for words in commands if "--stack" in words]
    in_the_sandbox = [set(words) for words in commands if "--stack" not in words]
    assert on_aws
    for words in on_aws:
        assert any(same <= set(words) for same in in_the_sandbox), words


def _as_on_aws(client: Client, folder: Path) -> dict[str, str]:
    """Return the environment in which nothing says that the stack is a sandbox's, and nobody can be asked."""
    file = folder / "aws.json"
    away = ("endpoint_url", "sandbox_pid")
    file.write_text(json.dumps({name: value for name, value in client.outputs.items() if name not in away}))
    return {
        "HOLDPOINT_OUTPUTS": str(file),
        "AWS_ENDPOINT_URL": client.outputs["endpoint_url"],
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "example",
    }


@pytest.mark.soak
@pytest.mark.parametrize("page", ["ops.md", "quickstart.md"])
def test_every_documented_command_works(breakable: Client, tmp_path: Path, page: str) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    operator = Operator.of(breakable, tmp_path)
    environment = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    in_the_sandbox = {**environment, "HOLDPOINT_OUTPUTS": str(operator.outputs)}
    on_aws = {**environment, **_as_on_aws(breakable, tmp_path)}
    for line in _commands(page):
        if ENDLESS in line:
            continue
        expected = int(found[1]) if (found := re.search(r"# exit code (\d+)", line)) else 0
        done = subprocess.run(
            ["/bin/sh", "-c", line.replace(ON_AWS, "")],
            cwd=tmp_path,
            env=on_aws if ON_AWS in line else in_the_sandbox,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=DEADLINE_SECONDS,
            check=False,
        )
        assert done.returncode == expected, (line, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr
        if "--show-secrets" not in line:
            assert not [token for token in breakable.tokens.values() if token in done.stdout + done.stderr]
        assert page != "quickstart.md" or "python -m ops order" not in line or "118.77" in done.stdout
    wrote = {"ops.md": "rule.json", "quickstart.md": "report.html"}[page]
    text = (tmp_path / wrote).read_text(encoding="utf-8")
    assert json.loads(text)["cloud"] is True if page == "ops.md" else "PROJ-12345" in text

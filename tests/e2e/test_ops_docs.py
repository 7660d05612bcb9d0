"""Every command in docs/ops.md as it stands there, in that order, each as a process, on a sandbox of its own."""

import json
import re
import subprocess
import sys
from pathlib import Path

from tests.e2e.client import DEADLINE_SECONDS
from tests.e2e.conftest import ROOT, sandbox
from tests.e2e.operator import Operator

DOCS = (ROOT / "docs" / "ops.md").read_text(encoding="utf-8")

ENDLESS = "--follow"

COMMANDS = [line for block in re.findall(r"```bash\n(.*?)```", DOCS, re.DOTALL) for line in block.splitlines() if line]


def test_every_command_is_documented() -> None:
    names = {file.stem.removesuffix("_executions") for file in (ROOT / "ops" / "commands").glob("[a-z]*.py")}
    assert names == set(re.findall(r"^\| `(\w+)[ `]", DOCS, re.MULTILINE))
    assert names <= {re.split(r"python -m ops ", line)[1].split()[0] for line in COMMANDS}


def test_every_documented_command_does_what_is_said(tmp_path: Path) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    with sandbox({"environment": "docs"}) as client:
        operator = Operator.of(client, tmp_path)
        environment = {
            "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
            "PYTHONPATH": str(ROOT),
            "HOLDPOINT_OUTPUTS": str(operator.outputs),
        }
        for line in COMMANDS:
            if ENDLESS in line:
                continue
            expected = int(found[1]) if (found := re.search(r"# exit code (\d+)", line)) else 0
            done = subprocess.run(
                ["/bin/sh", "-c", line],
                cwd=tmp_path,
                env=environment,
                capture_output=True,
                text=True,
                timeout=DEADLINE_SECONDS,
                check=False,
            )
            assert done.returncode == expected, (line, done.stdout, done.stderr)
            assert "Traceback" not in done.stderr
            if "--show-secrets" not in line:
                assert not [token for token in client.tokens.values() if token in done.stdout + done.stderr]
    assert json.loads((tmp_path / "rule.json").read_text())["cloud"] is True

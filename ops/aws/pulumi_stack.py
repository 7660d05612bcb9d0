"""The outputs of a stack, read with the Pulumi CLI."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from ops.errors import TargetError

_CHECKOUT = Path(__file__).parents[2]

PROJECT = _CHECKOUT if (_CHECKOUT / "Pulumi.yaml").exists() else Path.cwd()
"""The folder of the Pulumi project: this checkout, or the current folder for an installed command."""

PATIENCE_SECONDS = 60


def outputs(stack: str) -> dict[str, Any]:
    """Read the outputs of a stack from Pulumi, without secrets.

    Raises:
        TargetError: there is no Pulumi CLI, no such stack, or nothing deployed.
    """
    pulumi = shutil.which("pulumi")
    if pulumi is None:
        raise TargetError(
            "The Pulumi CLI is not installed",
            "Install it (https://www.pulumi.com/docs/install/), or write the outputs to a file elsewhere, with "
            "`pulumi stack output --json`, and name that by --outputs",
        )
    command = [pulumi, "stack", "output", "--json", "--stack", stack, "--non-interactive"]
    try:
        # The stack's name is one argument of a program without a shell.
        done = subprocess.run(  # noqa: S603
            command, cwd=PROJECT, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise TargetError(f"Pulumi did not answer within {PATIENCE_SECONDS} seconds", "Try again in a moment") from None
    if done.returncode:
        raise TargetError(
            f"Pulumi cannot read the outputs of the stack {stack}: {_reason(done.stderr)}",
            "List the stacks with `pulumi stack ls`, and deploy one with `pulumi up`",
        )
    found = json.loads(done.stdout)
    if not found:
        raise TargetError(f"The stack {stack} has no outputs", f"Deploy it: pulumi up --stack {stack}")
    return dict(found)


def _reason(stderr: str) -> str:
    lines = [line.removeprefix("error: ").strip() for line in stderr.splitlines() if line.strip()]
    return lines[-1] if lines else "it gave no reason"

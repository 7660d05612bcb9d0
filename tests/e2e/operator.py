"""Runs `python -m ops` as an operator does, on a stack that is known by a file."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from ops.__main__ import app
from tests.e2e.client import DEADLINE_SECONDS, Client

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Done:
    """The output and exit code of a command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as one document."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Standard output as a document a line."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def error(self) -> dict[str, Any]:
        """Return the error of a command that was asked for JSON."""
        error: dict[str, Any] = json.loads(self.err)["error"]
        return error


@dataclass(frozen=True)
class Operator:
    """An operator at a command line."""

    client: Client
    outputs: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, client: Client, folder: Path) -> "Operator":
        """Return an operator of a stack, whose outputs are written into the folder."""
        outputs = folder / "outputs.json"
        outputs.write_text(json.dumps(client.outputs))
        return cls(client, outputs)

    def on_aws(self, folder: Path, **more: str) -> "Operator":
        """Return an operator of the same stack as if it were on AWS: nothing says that it is a sandbox's.

        `more` is added to the environment.
        """
        away = ("endpoint_url", "sandbox_pid")
        outputs = {name: value for name, value in self.client.outputs.items() if name not in away}
        file = folder / "aws.json"
        file.write_text(json.dumps(outputs))
        environment = {
            "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "example",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": str(folder / "config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(folder / "credentials"),
            "NO_PROXY": "127.0.0.1",
            **more,
        }
        return Operator(self.client, file, environment)

    def run(self, *arguments: str, given: str | None = None, secrets: Iterable[str] | None = None) -> Done:
        """Run a command in this process. It must not show any of the secrets: by default, the stack's tokens."""
        done = CliRunner().invoke(app, arguments, input=given, env=self._environment(), catch_exceptions=False)
        return self._checked(Done(done.exit_code, done.stdout, done.stderr), secrets)

    def run_alone(self, *arguments: str, given: str | None = None, secrets: Iterable[str] | None = None) -> Done:
        """Run the same in a new process, where an unexpected error is a traceback."""
        done = subprocess.run(
            [sys.executable, "-m", "ops", *arguments],
            cwd=ROOT,
            env={**os.environ, **self._environment()},
            input=given,
            capture_output=True,
            text=True,
            timeout=DEADLINE_SECONDS,
            check=False,
        )
        return self._checked(Done(done.returncode, done.stdout, done.stderr), secrets)

    def _environment(self) -> dict[str, str]:
        return {"COLUMNS": "200", "HOLDPOINT_OUTPUTS": str(self.outputs), **self.environment}

    def _checked(self, done: Done, secrets: Iterable[str] | None) -> Done:
        printed = done.out + done.err
        assert "Traceback" not in printed, printed
        for secret in self.client.tokens.values() if secrets is None else secrets:
            assert secret not in printed
        return done

    def ok(self, *arguments: str, given: str | None = None) -> Done:
        """Run a command that has to succeed."""
        done = self.run(*arguments, given=given)
        assert done.code == 0, done
        return done

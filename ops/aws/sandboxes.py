"""The sandboxes that run on this machine: each keeps its outputs in a file that is named after its port."""

import json
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

FOLDER = Path(os.environ.get("HOLDPOINT_SANDBOXES") or Path(__file__).parents[2] / ".cache" / "sandbox")
"""The folder where each sandbox keeps its outputs while it runs, in a file for its port. Tests use another one."""

CONSOLE_PATH = "/_holdpoint/"
"""The path of the console in every sandbox."""

CONNECT_SECONDS = 2.0


@dataclass(frozen=True, kw_only=True)
class Sandbox:
    """The file that a running sandbox writes."""

    file: Path
    outputs: Mapping[str, Any]

    @property
    def endpoint_url(self) -> str:
        """Return the URL of its AWS APIs."""
        return str(self.outputs["endpoint_url"])

    @property
    def pid(self) -> int:
        """The process that wrote the file."""
        return int(self.outputs["sandbox_pid"])

    @property
    def runs(self) -> bool:
        """Return whether the process exists and its port answers: after a crash, another program may have either."""
        return _is_alive(self.pid) and _answers(self.endpoint_url)


def known(folder: Path = FOLDER) -> list[Sandbox]:
    """Return every sandbox whose file is in the folder, running or not."""
    return [sandbox for file in sorted(folder.glob("*.json")) if (sandbox := _read(file))]


def is_sandbox(outputs: Mapping[str, Any]) -> bool:
    """Return whether these are the outputs of a sandbox, and not of a stack on AWS."""
    return "endpoint_url" in outputs and "sandbox_pid" in outputs


def _read(file: Path) -> Sandbox | None:
    try:
        outputs = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None  # The file has just been removed, or was not written by a sandbox.
    return Sandbox(file=file, outputs=outputs) if isinstance(outputs, dict) and is_sandbox(outputs) else None


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # The process belongs to another user.
    return True


def _answers(url: str) -> bool:
    parts = urlsplit(url)
    try:
        socket.create_connection((parts.hostname or "", parts.port or 0), CONNECT_SECONDS).close()
    except OSError:
        return False
    return True

"""Lambda's processes end with the sandbox."""

import os
import tempfile
from pathlib import Path

import pytest

from sandbox.server import Server
from sandbox.services.lambda_ import functions
from tests.unit.sandbox.services.aws import Aws, until


def test_no_process_outlives_the_server() -> None:
    with Server(iam=False) as server:
        aws = Aws(server)
        source = (
            "import os, subprocess\ndef handler(e, c):\n    return [os.getpid(), subprocess.Popen(['sleep', '60']).pid]"
        )
        aws.function("alive", source)
        processes = aws.invoke("alive")["Payload"]
        assert all(running(process) for process in processes)
    assert until(lambda: not any(running(process) for process in processes))


def test_a_server_without_functions_starts_no_process_and_leaves_no_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(functions, "Zygote", lambda _directory: pytest.fail("it was started for nothing"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Server(iam=False):
        assert list(tmp_path.glob("sandbox-lambda-*"))
    assert list(tmp_path.glob("sandbox-lambda-*")) == []


def running(process: int) -> bool:
    """Return whether a process exists and is not only waiting to be reaped."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{process}/stat")
    return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")

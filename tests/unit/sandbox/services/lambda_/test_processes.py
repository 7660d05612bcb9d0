"""Lambda's processes end with the sandbox."""

import os
from pathlib import Path

from sandbox.server import Server
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


def running(process: int) -> bool:
    """Tell whether a process exists and is not only waiting to be reaped."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{process}/stat")
    return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")

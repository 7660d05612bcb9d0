"""The name of this program, so that commands in help and hints can be copied."""

import os
import shutil
import sys
from pathlib import Path


def called(environment: dict[str, str], executable: Path, here: Path, script: str = "") -> str:
    """Return the command to type.

    The launcher `holdpoint` sets its own name, and the installed command is the `script` that runs. `python` is enough
    if it is the current interpreter, as in an activated environment; another one would lack the packages.
    """
    if launcher := environment.get("HOLDPOINT_COMMAND"):
        return launcher
    if Path(script).stem == "holdpoint":
        return "holdpoint"
    found = shutil.which("python", path=environment.get("PATH", ""))
    if found and Path(found).parent == executable.parent:
        return "python -m ops"
    interpreter = executable.relative_to(here) if executable.is_relative_to(here) else executable
    return f"{interpreter} -m ops"


PROGRAM = called(dict(os.environ), Path(sys.executable), Path.cwd(), sys.argv[0])

"""The embedded AWS: an emulator and the program deployed onto it, in one process, no account, no Docker."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sandbox.embedded import Aws
    from sandbox.faults import Plan

ROOT = Path(__file__).parent.parent
"""The folder of the Pulumi project."""


def running(
    stack: str = "dev",
    config: Mapping[str, Any] | None = None,
    port: int = 0,
    root: Path = ROOT,
    *,
    iam: bool = True,
    faults: "Plan | None" = None,
    jsonpath: bool = False,
) -> "AbstractContextManager[Aws]":
    """Start a sandbox on `port` (0: a free one), deploy the program in `root` onto it, and stop it at the end.

    `config` overrides the stack's configuration; a key without a namespace is the project's. Without `iam`, every role
    may do everything. `faults` take effect when the program is deployed, see docs/faults.md. With `jsonpath`,
    state machines may use JSONPath, which the sandbox evaluates differently from AWS, see docs/sandbox.md.

    Raises StackError, DeploymentError or PortInUseError; RuntimeError if this process already runs a sandbox.
    """
    # Imported late: the emulator and its Lambda processes live in this package too, and need no Pulumi.
    from sandbox import embedded

    return embedded.running(stack, config or {}, port, root, iam, faults, jsonpath)

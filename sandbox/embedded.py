"""An emulator with the program deployed onto it, as one context."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox import memory
from sandbox.clients import Clients
from sandbox.faults import Faults, Plan
from sandbox.program import Resource, deploy
from sandbox.server import Server
from sandbox.stack import load


@dataclass(frozen=True, kw_only=True)
class Aws:
    """A running sandbox with the program deployed."""

    endpoint_url: str
    """The URL of every AWS API."""
    outputs: Mapping[str, Any]
    """The stack outputs."""
    resources: Sequence[Resource]
    """The resources that the program created, in the order of their creation."""
    clients: Clients
    server: Server
    """The emulator itself."""

    @property
    def faults(self) -> Faults:
        """Return the faults of this sandbox: `with aws.faults(plan): ...`."""
        return self.server.faults

    def move_clock(self, seconds: float) -> None:
        """Move the clock forward, see sandbox.clock; raises ValueError unless `seconds` is more than 0."""
        self.server.move_clock(seconds)

    def client(self, service: str) -> Any:
        """Return the boto3 client of `service` for this sandbox, e.g. `client("s3")`."""
        return self.clients(service)


@contextlib.contextmanager
def running(
    stack: str, config: Mapping[str, Any], port: int, root: Path, iam: bool, faults: Plan | None, jsonpath: bool
) -> Iterator[Aws]:
    """See `sandbox.running`."""
    settings = load(root, stack, config)
    with contextlib.ExitStack() as at_end:
        with memory.starting():
            server = at_end.enter_context(Server(port, iam=iam, jsonpath=jsonpath))
            clients = Clients(server.endpoint_url)
            outputs, resources = deploy(root, settings, clients)
        if faults is not None:
            server.faults.set(faults)
        server.console.outputs = outputs
        yield Aws(
            endpoint_url=server.endpoint_url, outputs=outputs, resources=resources, clients=clients, server=server
        )

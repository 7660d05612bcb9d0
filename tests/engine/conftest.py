"""Fixtures of the engine tests: one sandbox, one Pulumi backend in a folder, and a provider between them."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pulumi import automation

from sandbox.clients import Clients
from sandbox.server import Server
from tests.engine.project import create_stack
from tests.engine.provider import PACKAGES, serving

Create = Callable[[Path, str], automation.Stack]
"""Creates an empty stack from the project's folder and the stack's name."""


@pytest.fixture(scope="session", autouse=True)
def cli() -> str:
    """Return the path of the Pulumi CLI."""
    path = shutil.which("pulumi")
    if path is None:
        pytest.exit(
            "tests/engine needs the Pulumi CLI, and `pulumi` is not on the PATH. "
            "Install it: curl -fsSL https://get.pulumi.com | sh",
            returncode=1,
        )
    return path


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Return the sandbox that `python -m sandbox serve` serves, in this process."""
    with Server() as running:
        yield running


@pytest.fixture(scope="session")
def clients(server: Server) -> Clients:
    """Clients of the sandbox."""
    return Clients(server.endpoint_url)


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder where Pulumi keeps the states of all stacks."""
    return tmp_path_factory.mktemp("state")


@pytest.fixture(scope="module")
def create(
    cli: str, state: Path, server: Server, clients: Clients, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Create]:
    """Create empty stacks. The tests' own provider serves each package of which no plugin is installed."""
    plugins = json.loads(subprocess.check_output([cli, "plugin", "ls", "--json"], text=True))
    missing = sorted(set(PACKAGES) - {plugin["name"] for plugin in plugins if plugin["kind"] == "resource"})
    projects = tmp_path_factory.mktemp("projects")
    with serving(clients) as port:
        env = {
            "PULUMI_BACKEND_URL": state.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "engine",
            "PULUMI_DEBUG_PROVIDERS": ",".join(f"{package}:{port}" for package in missing),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
        }
        yield lambda root, name: create_stack(root, name, projects / f"{root.name}-{name}", env, server.port)

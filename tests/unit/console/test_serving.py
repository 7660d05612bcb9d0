"""Routing between the console and the emulator."""

import subprocess
import sys

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Response

from console.serving import Console, middleware
from sandbox.clients import Clients

HERE = "http://127.0.0.1:4566"


@pytest.fixture
def client() -> Client:
    return Client(middleware(Console(HERE, lambda: Clients(HERE)), Response("the emulator")))


@pytest.mark.parametrize("path", ["/", "/bucket/_holdpoint/", "/_holdpoints", "/_apis/x", "/_holdpoint.txt"])
def test_other_paths_reach_the_emulator(client: Client, path: str) -> None:
    assert client.get(path, base_url=HERE).text == "the emulator"


@pytest.mark.parametrize("path", ["/_holdpoint/", "/_holdpoint/app.js", "/_holdpoint"])
def test_paths_below_the_prefix_reach_the_console(client: Client, path: str) -> None:
    assert client.get(path, base_url=HERE).text != "the emulator"


def test_console_is_loaded_on_the_first_request() -> None:
    code = "import sys, console.serving; print('console.views' in sys.modules, 'ops' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).split() == ["False", "False"]

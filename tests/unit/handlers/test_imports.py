"""Import of a function's module: builds no client and reads no environment."""

import subprocess
import sys

HANDLERS = [
    "handlers.callback.receive",
    "handlers.mock_apis.validation",
    "handlers.mock_apis.deployment",
    "handlers.mock_apis.notification",
    "handlers.sweeper.sweep",
    "handlers.recorder.record",
    "handlers.orders.user",
    "handlers.orders.order",
    "handlers.orders.payment",
    "handlers.orders.inventory",
    "handlers.orders.notification",
    "handlers.orders.expire",
]


PROGRAM = """
import importlib, sys
import boto3

def refuse(*_args, **_kwargs):
    raise AssertionError("a client was built at import")

boto3.client = boto3.resource = boto3.Session = refuse
for module in sys.argv[1:]:
    assert callable(importlib.import_module(module).handler), module
    others = {"pulumi", "components", "asl", "sandbox", "ops"} & set(sys.modules)
    assert not others, (module, others)
"""


def test_every_module_loads_without_environment_network_or_pulumi() -> None:
    command = [sys.executable, "-c", PROGRAM, *HANDLERS]
    done = subprocess.run(command, env={}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

"""The sandboxes that tests share: one process each, accessed by its outputs file."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pytest

from tests.e2e import stub_apis
from tests.e2e.client import Client, eventually
from tests.e2e.stub_apis import StubApis
from tests.proof import permissions

ROOT = Path(__file__).parents[1]
E2E, CAMPAIGNS = Path(__file__).parent / "e2e", Path(__file__).parent / "campaigns"
START_SECONDS = 600  # seven of CPU, which other processes may want as well
END_SECONDS = 300
KMS_KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
INPUT_BUCKET = "another-bucket-of-ours"
NO_LIMITS = {"throttleRateLimit": "10000", "throttleBurstLimit": "5000"}
"""Switch throttling off: it has tests of its own, and many calls at once would reach its limits."""


CONNECTED: list[dict[str, Any]] = [
    {"name": "validation"},
    {"name": "deployment", "maxAttempts": 2},
    {"name": "notification", "required": False},
    {"name": "security", "timeoutSeconds": 20, "backoffRate": 1.5},
]
"""The APIs of the stack `connected`, without their URLs."""

APPROVAL_ABOVE = 500
"""Orders of a larger total wait for approval in the stack `connected`."""

EXPENSES = ROOT / "examples" / "expense-approval"
HOLD_SWEEPER = "expenses-dev-hold-sweeper"
"""Function of the stack `holding`, which has no output for it."""

STARTED_ONCE = ("aws", "breakable", "connected", "holding", "unthrottled")
"""Fixtures whose tests run in one of pytest's processes, so that their sandbox starts once."""


def scope_of_campaign(fixture_name: str, config: pytest.Config) -> Literal["module", "session"]:  # noqa: ARG001 - pytest's
    return "module" if config.getoption("--long") else "session"


def pytest_itemcollected(item: pytest.Item) -> None:
    """Group the tests by the stack that they share, for `--dist loadgroup`."""
    # Unit tests have other fixtures with the same names.
    is_here = item.path.is_relative_to(E2E) or item.path.is_relative_to(CAMPAIGNS)
    if is_here and item.get_closest_marker("xdist_group") is None:
        for name in STARTED_ONCE:
            if name in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.xdist_group(name))


@contextmanager
def sandbox(
    config: Mapping[str, str] | None = None, *, root: Path = ROOT, program: Path | None = None
) -> Iterator[Client]:
    """Start `python -m sandbox up` in a project, or of another program, with the configuration, and end it."""
    with tempfile.TemporaryDirectory() as folder:
        outputs, log = Path(folder, "outputs.json"), Path(folder, "log")
        settings = [part for key, value in (config or {}).items() for part in ("--config", f"{key}={value}")]
        command = [sys.executable, "-m", "sandbox", "up", "--port", "0", "--outputs", str(outputs), *settings]
        command += ["--permissions", str(permissions.new_file())]
        command += ["--program", str(program)] if program else []
        with log.open("wb") as stream:
            process = subprocess.Popen(command, cwd=root, stdout=stream, stderr=subprocess.STDOUT)
        try:

            def ready() -> bool | None:
                assert process.poll() is None, log.read_text()
                return outputs.exists() or None

            eventually(ready, "the start of the sandbox", START_SECONDS)
            yield Client(json.loads(outputs.read_text()))
        finally:
            process.terminate()
            process.wait(END_SECONDS)


@pytest.fixture(scope="session")
def aws() -> Iterator[Client]:
    """Return the stack as `Pulumi.dev.yaml` describes it."""
    with sandbox() as client:
        yield client


@pytest.fixture(scope="session")
def breakable() -> Iterator[Client]:
    """Return a stack that tests may break, under faults and with a moved clock. Each test repairs what it broke.

    A key of the customer encrypts its data; the stack `aws` has none.
    """
    with sandbox({**NO_LIMITS, "kmsKeyArn": KMS_KEY, "approvalLinks": "true"}) as client:
        yield client


@pytest.fixture(scope="session")
def apis() -> Iterator[StubApis]:
    """Return the real APIs, as far as the stack `connected` knows."""
    with stub_apis.serve() as running:
        yield running


@pytest.fixture(scope="session")
def connected(apis: StubApis) -> Iterator[Client]:
    """Return a stack with APIs instead of our mocks, documents in another bucket, and approval of large orders."""
    config = {
        "ordersApprovalAbove": APPROVAL_ABOVE,
        "orderServices": {"payment": {"maxAttempts": 3, "backoffRate": 1.5}},
        "apis": [{**api, "url": f"{apis.url}/{api['name']}"} for api in CONNECTED],
        "apiTokens": {api["name"]: f"token-of-{api['name']}" for api in CONNECTED},
        "inputBuckets": [INPUT_BUCKET],
    }
    with sandbox({key: json.dumps(value) for key, value in config.items()}) as client:
        yield client


@pytest.fixture(scope="session")
def holding() -> Iterator[Client]:
    """Return the example of another team's workflow: nothing but a hold, for the tests of the hold as such.

    Its throttling is off. Tests may move its clock and break it. Each test repairs what it broke.
    """
    with sandbox(program=EXPENSES) as client:
        apis = client.aws("apigatewayv2")
        [api] = apis.get_apis()["Items"]
        limits = {"ThrottlingRateLimit": 10_000.0, "ThrottlingBurstLimit": 5_000}
        apis.update_stage(ApiId=api["ApiId"], StageName="$default", DefaultRouteSettings=limits)
        yield replace(client, outputs={**client.outputs, "sweeper_lambda_arn": HOLD_SWEEPER})


@pytest.fixture(scope=scope_of_campaign)
def unthrottled() -> Iterator[Client]:
    """Return a stack of the campaigns that send much. At full length each module has one of its own."""
    with sandbox(NO_LIMITS) as client:
        yield client

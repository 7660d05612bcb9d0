"""Checks of this machine: Python, tools, and the environment variables of boto3."""

import os
import shutil
import sys
from collections.abc import Iterator
from importlib import metadata

from ops.doctor.findings import Finding, ok, warning, wrong

PYTHON = (3, 11)

TOOLS = {
    "pulumi": "deploys stacks, and tells the outputs of one for --stack: https://www.pulumi.com/docs/install/",
    "aws": "only for the commands of the AWS CLI in docs/: "
    "https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html",
}

PACKAGES = ("boto3", "typer", "rich", "pydantic", "pulumi", "pulumi-aws")


def check_python() -> Iterator[Finding]:
    """Check the interpreter, and the packages in it."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < PYTHON:
        yield wrong("python", f"{version} is too old", "Holdpoint needs Python 3.11: make PYTHON=python3.11 demo")
    else:
        yield ok("python", f"{version}, {sys.executable}")
    missing = [name for name in PACKAGES if not _version(name)]
    if missing:
        yield wrong("packages", f"{', '.join(missing)} not installed", "Set the environment up: make demo")
    else:
        yield ok("packages", ", ".join(f"{name} {_version(name)}" for name in PACKAGES))


def check_tools() -> Iterator[Finding]:
    """Check for the programs that some commands need."""
    for name, purpose in TOOLS.items():
        found = shutil.which(name)
        yield ok(name, found) if found else warning(name, "not installed", f"It {purpose}")


def check_environment(region: str, *, is_sandbox: bool) -> Iterator[Finding]:
    """Check for variables that redirect boto3; the sandbox ignores them."""
    if is_sandbox:
        return
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    if endpoint:
        yield warning("AWS_ENDPOINT_URL", f"leads all calls to {endpoint}", "For AWS itself: unset AWS_ENDPOINT_URL")
    said = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    if said and said != region:
        yield ok("region", f"{region}, as the stack's ARNs say ({said} of the environment is not used)")
    else:
        yield ok("region", region)


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None

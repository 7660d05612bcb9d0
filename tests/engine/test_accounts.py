"""Another account under the real engine: the commands of docs/deploy.md, and a preview by the role that they name."""

import os
import re
import shlex
import subprocess

import pytest
from moto.sts.models import sts_backends
from pulumi import automation

import sandbox
from sandbox.clients import ACCOUNT_ID
from tests.engine.conftest import Create
from tests.engine.project import inputs

pytestmark = pytest.mark.engine

OTHER = "210987654321"
ROLE = f"arn:aws:iam::{OTHER}:role/deployer"
"""The account and the role of the page."""


def _documented() -> list[str]:
    page = (sandbox.ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    return page.split("let the provider assume a role there:")[1].split("```")[1].splitlines()[1:]


@pytest.fixture(scope="module")
def stack(create: Create) -> automation.Stack:
    """Return a stack that is configured by the commands of the page."""
    stack = create(sandbox.ROOT, "local")
    for line in _documented():
        command = [*shlex.split(line), "--stack", stack.name]
        subprocess.run(
            command, cwd=stack.workspace.work_dir, env={**os.environ, **stack.workspace.env_vars}, check=True
        )
    return stack


def test_preview_assumes_the_role_and_names_its_account_only(stack: automation.Stack) -> None:
    previewed = inputs(stack.preview)
    assert ROLE in {session.role_arn for session in sts_backends[OTHER]["aws"].assumed_roles}
    # Most ARNs are not known before the deployment; those that the program composes itself are.
    assert set(re.findall(r":(\d{12}):", previewed)) == {OTHER}


def test_preview_refuses_another_account(stack: automation.Stack) -> None:
    stack.remove_config("aws:assumeRoles")
    with pytest.raises(automation.CommandError, match=f"AWS account ID not allowed: {ACCOUNT_ID}"):
        stack.preview()

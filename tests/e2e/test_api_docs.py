"""Runs every command in docs/api.md unchanged, on a sandbox."""

import json
import re
import shutil
import subprocess
from typing import get_args

import pytest

from handlers.callback.formats import Body
from handlers.mock_apis.answering import Api
from tests import contract
from tests.e2e.client import DEADLINE_SECONDS, Client
from tests.stacks import ROOT

TOOLS = ("curl", "jq", "openssl")

BLOCKS = re.findall(r"```bash\n(.*?)```", (ROOT / "docs" / "api.md").read_text(encoding="utf-8"), re.DOTALL)

pytestmark = pytest.mark.skipif(not all(map(shutil.which, TOOLS)), reason=f"needs {', '.join(TOOLS)}")


def test_documented_commands_get_the_documented_answers(aws: Client) -> None:
    first, *commands = BLOCKS
    # The first block asks Pulumi and AWS's own command line; its last line is the function that the others call.
    function = first.splitlines()[-1]
    environment = {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "CALLBACK": aws.outputs["callback_api_endpoint"],
        "MOCKS": aws.outputs["mock_api_endpoint"],
        "SECRET": json.dumps(aws.tokens),
    }
    assert {f"{name}=$" in first for name in ("CALLBACK", "MOCKS", "SECRET")} == {True}
    seen = []
    for command in commands:
        sent = command.rstrip() + " -w '\\n%{http_code} %header{content-type}'"
        done = subprocess.run(
            ["/bin/bash", "-c", f"{function}\n{sent}"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=DEADLINE_SECONDS,
            check=True,
        )
        body, _, code = done.stdout.rpartition("\n")
        (path,) = re.findall(r"\$(?:MOCKS(/\w+)|(?:CALLBACK))", command)
        contract.check_answer(path or "/callback", int(code.split()[0]), {}, json.loads(body))
        seen.append((path or "/callback", int(code.split()[0])))
    # Nothing waits for the story of the examples: that they were let in and read is what they show.
    mocks = [(f"/{api}", 200) for api in get_args(Api)]
    callbacks = len(seen) - len(mocks)
    assert callbacks > len(get_args(Body))  # each of the bodies, and one of them signed
    assert seen == [*[("/callback", 404)] * callbacks, *mocks]

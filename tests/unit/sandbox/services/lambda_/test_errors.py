"""Failures of Lambda functions, with AWS's error names."""

import pytest

from sandbox.services.lambda_.functions import MAX_RESPONSE_BYTES
from tests.unit.sandbox.services.aws import Aws

RUNTIME_EXITED = "RequestId: {id} Error: Runtime exited"


@pytest.mark.parametrize(
    ("body", "error_type", "message"),
    [
        ("class Declined(Exception): pass\n    raise Declined('no')", "Declined", "no"),
        ("import os; os._exit(3)", "Runtime.ExitError", f"{RUNTIME_EXITED} with error: exit status 3"),
        ("import sys; sys.exit(0)", "Runtime.ExitError", f"{RUNTIME_EXITED} without providing a reason"),
        ("import os; os.kill(os.getpid(), 9)", "Runtime.ExitError", f"{RUNTIME_EXITED} with error: signal: killed"),
        (
            "return {1, 2}",
            "Runtime.MarshalError",
            "Unable to marshal response: Object of type set is not JSON serializable",
        ),
        (
            "import time; time.sleep(60)",
            "Sandbox.Timedout",
            "RequestId: {id} Error: Task timed out after 1.00 seconds",
        ),
        (
            f"return 'x' * {MAX_RESPONSE_BYTES}",
            "Function.ResponseSizeTooLarge",
            "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
        ),
    ],
    ids=["raises", "exits", "leaves", "dies", "marshals", "hangs", "talks"],
)
def test_an_error_has_the_name_that_aws_gives_it(
    aws: Aws, body: str, error_type: str, message: str, request: pytest.FixtureRequest
) -> None:
    name = request.node.callspec.id
    aws.function(name, f"def handler(event, context):\n    {body}", Timeout=1 if name == "hangs" else 300)
    for _ in range(2):
        answer = aws.invoke(name)
        assert answer["FunctionError"] == "Unhandled"
        assert answer["Payload"]["errorType"] == error_type
        expected = message.format(id=answer["ResponseMetadata"]["RequestId"])
        assert answer["Payload"]["errorMessage"] == expected


def test_an_exception_comes_with_its_stack_and_request(aws: Aws) -> None:
    aws.function("stack", "def inner():\n    raise ValueError('bad')\ndef handler(e, c):\n    inner()")
    answer = aws.invoke("stack")
    error = answer["Payload"]
    assert error["requestId"] == answer["ResponseMetadata"]["RequestId"]
    assert [line.split(", ") for line in error["stackTrace"]] == [
        ['  File "/var/task/app.py"', "line 4", "in handler\n    inner()\n"],
        ['  File "/var/task/app.py"', "line 2", "in inner\n    raise ValueError('bad')\n"],
    ]


def test_bytes_are_returned_unchanged(aws: Aws) -> None:
    aws.function("bytes", "def handler(event, context): return b'{\"a\": 1}'")

    assert aws.invoke("bytes")["Payload"] == {"a": 1}


@pytest.mark.parametrize(
    ("module", "error_type", "message"),
    [
        ("missing", "Runtime.ImportModuleError", "Unable to import module 'missing': No module named 'missing'"),
        ("empty", "Runtime.HandlerNotFound", "Handler 'handler' missing on module 'empty'"),
        ("broken", "Runtime.UserCodeSyntaxError", "Syntax error in module 'broken': "),
        ("crashes", "KeyError", "'TABLE'"),
        # Installed here, but not in the zip: on AWS it is not there.
        ("needs", "Runtime.ImportModuleError", "Unable to import module 'needs': No module named 'pulumi'"),
        ("slips", "Runtime.ImportModuleError", "Unable to import module 'slips': No module named 'pydantic'"),
    ],
)
def test_a_handler_that_cannot_be_loaded_says_why(aws: Aws, module: str, error_type: str, message: str) -> None:
    files = {
        "empty.py": "",
        "broken.py": "def :",
        "crashes.py": "import os\nTABLE = os.environ['TABLE']",
        "needs.py": "import pulumi",
        "slips.py": "import pydantic",
    }
    aws.function(f"loads-{module}", "", files=files, Handler=f"{module}.handler")
    for _ in range(2):
        error = aws.invoke(f"loads-{module}")["Payload"]
        assert error["errorType"] == error_type
        assert error["errorMessage"].startswith(message)


def test_a_handler_without_a_module_is_malformed(aws: Aws) -> None:
    aws.function("malformed", "", Handler="app")
    error = aws.invoke("malformed")["Payload"]
    assert error["errorType"] == "Runtime.MalformedHandlerName"
    assert error["errorMessage"] == "Bad handler 'app': not enough values to unpack (expected 2, got 1)"

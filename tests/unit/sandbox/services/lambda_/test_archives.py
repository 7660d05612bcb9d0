"""Archives of functions: functions with equal code share it."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import time_machine
from moto.awslambda.models import LambdaFunction, lambda_backends

from sandbox.archives import announce
from tests.unit.sandbox.services.aws import Aws, archive

ONE = "def handler(e, c):\n    return 1"


def _function(name: str) -> LambdaFunction:
    function: LambdaFunction = lambda_backends["123456789012"]["us-east-1"].get_function(name)
    return function


def test_functions_of_equal_code_share_its_bytes_and_keep_no_text_of_it(aws: Aws) -> None:
    for name in ("first", "second"):
        aws.function(name, ONE)
    assert _function("first").code_bytes is _function("second").code_bytes
    assert "ZipFile" not in _function("first").code
    assert aws.invoke("second")["Payload"] == 1


def test_new_code_is_the_functions_own(aws: Aws) -> None:
    aws.function("stays", ONE)
    aws.function("changes", ONE)
    code = archive({"app.py": "def handler(e, c):\n    return 2"})
    aws.client("lambda").update_function_code(FunctionName="changes", ZipFile=code)
    assert _function("changes").code_bytes == code
    assert "ZipFile" not in _function("changes").code
    assert [aws.invoke(name)["Payload"] for name in ("stays", "changes")] == [1, 2]


def test_new_code_brings_its_architecture(aws: Aws) -> None:
    aws.function("moves", ONE, Architectures=["arm64"])
    client = aws.client("lambda")
    code, both = archive({"app.py": ONE}), {"FunctionName": "moves", "Architectures": ["x86_64"]}
    client.update_function_code(ZipFile=code, DryRun=True, **both)
    assert client.get_function_configuration(FunctionName="moves")["Architectures"] == ["arm64"]
    client.update_function_code(ZipFile=code, **both)
    client.update_function_code(FunctionName="moves", ZipFile=code)
    assert client.get_function_configuration(FunctionName="moves")["Architectures"] == ["x86_64"]


def test_an_announced_archive_is_the_functions_code(aws: Aws, tmp_path: Path) -> None:
    file, code = tmp_path / "code.zip", archive({"app.py": ONE})
    file.write_bytes(code)
    stands_for_it = announce(file)
    assert len(stands_for_it) < len(code)
    settings = {"Handler": "app.handler", "Runtime": "python3.13", "Role": aws.role()}
    made = aws.client("lambda").create_function(FunctionName="announced", Code={"ZipFile": stands_for_it}, **settings)
    assert (made["CodeSize"], made["CodeSha256"]) == (len(code), b64encode(sha256(code).digest()).decode())
    assert aws.invoke("announced")["Payload"] == 1
    assert _function("announced").code_bytes == code


def test_changed_file_is_announced_again(tmp_path: Path) -> None:
    file = tmp_path / "code.zip"
    file.write_bytes(archive({"app.py": ONE}))
    before = announce(file)
    file.write_bytes(archive({"app.py": f"{ONE}0"}))
    assert announce(file) != before


def test_an_archive_for_a_test_does_not_depend_on_the_time() -> None:
    with time_machine.travel("2026-01-01"):
        before = archive({"app.py": ONE})
    with time_machine.travel("2026-01-02"):
        assert archive({"app.py": ONE}) == before


def test_a_dry_run_changes_nothing(aws: Aws) -> None:
    aws.function("tried", ONE)
    aws.client("lambda").update_function_code(FunctionName="tried", ZipFile=archive({"app.py": ""}), DryRun=True)
    assert aws.invoke("tried")["Payload"] == 1

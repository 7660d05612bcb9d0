"""Functions of equal code hold it once."""

from moto.awslambda.models import LambdaFunction, lambda_backends

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


def test_a_dry_run_changes_nothing(aws: Aws) -> None:
    aws.function("tried", ONE)
    aws.client("lambda").update_function_code(FunctionName="tried", ZipFile=archive({"app.py": ""}), DryRun=True)
    assert aws.invoke("tried")["Payload"] == 1

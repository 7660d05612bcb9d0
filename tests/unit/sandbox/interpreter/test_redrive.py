"""RedriveExecution says that it is missing."""

from tests.unit.sandbox.interpreter.conftest import Aws, error_code


def test_redrive_is_refused_with_an_error_of_its_api(aws: Aws) -> None:
    failed = aws.run({"A": {"Type": "Fail", "Error": "E"}})["executionArn"]

    assert error_code(aws.states.redrive_execution, executionArn=failed) == "ExecutionNotRedrivable"

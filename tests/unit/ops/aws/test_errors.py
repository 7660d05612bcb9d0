"""Errors of AWS: a readable message and an exit code for each."""

import pytest
from botocore import exceptions as boto
from botocore.exceptions import BotoCoreError, ClientError

from handlers.aws import TransientError
from ops.aws.errors import explain


def _answer(code: str, message: str = "said so", status: int = 400) -> ClientError:
    response = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, "StartExecution")  # type: ignore[arg-type]  # a part of an answer is enough


@pytest.mark.parametrize(
    ("error", "word", "way"),
    [
        (boto.NoCredentialsError(), "no usable AWS credentials", "aws sso login"),
        (boto.PartialCredentialsError(provider="env", cred_var="x"), "no usable AWS credentials", "AWS_PROFILE"),
        (boto.SSOTokenLoadError(error_msg="gone"), "no usable AWS credentials", "aws sso login"),
        (boto.UnauthorizedSSOTokenError(), "no usable AWS credentials", "aws sso login"),
        (boto.ProfileNotFound(profile="nope"), "nope", "list-profiles"),
        (boto.NoRegionError(), "No AWS region", "AWS_REGION"),
        (boto.EndpointConnectionError(endpoint_url="https://x"), "cannot be reached", "network"),
        (boto.ConnectTimeoutError(endpoint_url="https://x"), "cannot be reached", "network"),
        (boto.ReadTimeoutError(endpoint_url="https://x"), "cannot be reached", "network"),
        (boto.SSLError(endpoint_url="https://x", error=OSError("bad")), "cannot be reached", "proxy"),
        (_answer("ExpiredTokenException"), "does not take the credentials", "aws sso login"),
        (_answer("InvalidClientTokenId", status=403), "does not take the credentials", "aws sso login"),
        (_answer("AccessDeniedException"), "not allowed", "stepfunctions_user_role_arn"),
        (_answer("403", status=403), "not allowed", "stepfunctions_user_role_arn"),
        (_answer("ThrottlingException"), "throttles", "again"),
        (_answer("ResourceNotFoundException"), "not there", "doctor"),
        (_answer("StateMachineDoesNotExist"), "not there", "doctor"),
        (_answer("NoSuchBucket", status=404), "not there", "doctor"),
        (_answer("InternalFailure", status=500), "failed inside", "again"),
        (TransientError("Query: Throttling"), "Query: Throttling", "again"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_unusable_stack_exits_with_its_code(
    error: BotoCoreError | ClientError | TransientError, word: str, way: str
) -> None:
    explained = explain(error)
    assert explained.exit_code == 3
    assert word in explained.message
    assert way in explained.hint


def test_other_errors_of_aws_are_failures() -> None:
    explained = explain(_answer("ValidationException", "the bus is full"))
    assert (explained.exit_code, explained.message) == (1, "StartExecution: ValidationException: the bus is full")


def test_parameter_refused_by_boto3_is_a_failure() -> None:
    explained = explain(boto.ParamValidationError(report="Invalid length for parameter name"))
    assert explained.exit_code == 1
    assert "Invalid length" in explained.message

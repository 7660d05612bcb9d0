"""Errors of AWS and boto3, explained with what to do."""

from typing import TYPE_CHECKING

from botocore import exceptions as boto
from botocore.exceptions import BotoCoreError, ClientError

from ops.errors import FailedError, OpsError, TargetError

if TYPE_CHECKING:
    from handlers.aws import TransientError

CREDENTIALS = (
    boto.NoCredentialsError,
    boto.PartialCredentialsError,
    boto.CredentialRetrievalError,
    boto.TokenRetrievalError,
    boto.SSOTokenLoadError,
    boto.UnauthorizedSSOTokenError,
)

REFUSED_CREDENTIALS = frozenset(
    {
        "AuthFailure",
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "RequestExpired",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)

DENIED = frozenset({"403", "AccessDenied", "AccessDeniedException", "Forbidden", "UnauthorizedOperation"})

BUSY = frozenset(
    {
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "TooManyRequestsException",
    }
)

MISSING = frozenset(
    {
        "404",
        "NoSuchBucket",
        "QueueDoesNotExist",
        "AWS.SimpleQueueService.NonExistentQueue",
        "ResourceNotFoundException",
        "StateMachineDoesNotExist",
    }
)

SIGN_IN = "Sign in (aws sso login), or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
ASSUME_OPERATOR = "Ask for the right, or assume the role that the stack output stepfunctions_user_role_arn names"
AGAIN = "Try again in a moment"


def explain(error: "BotoCoreError | ClientError | TransientError") -> OpsError:
    """Explain an error for people. The codes are the common ones and those of the operations used here.

    https://docs.aws.amazon.com/step-functions/latest/apireference/CommonErrors.html
    """
    if isinstance(error, ClientError):
        return _from_answer(error)
    if isinstance(error, CREDENTIALS):
        return TargetError(f"There are no usable AWS credentials: {error}", SIGN_IN)
    if isinstance(error, boto.ProfileNotFound):
        return TargetError(str(error), "List them: aws configure list-profiles")
    if isinstance(error, boto.NoRegionError):
        return TargetError("No AWS region is set", "Set AWS_REGION to the region of the stack")
    if isinstance(error, boto.ConnectionError | boto.HTTPClientError):
        return TargetError(f"AWS cannot be reached: {error}", "Look at the network, the proxy, and AWS_ENDPOINT_URL")
    if isinstance(error, BotoCoreError):
        return FailedError(str(error), "Look at the values that you gave")
    return TargetError(f"AWS did not answer as it should: {error}", AGAIN)


def code(error: ClientError) -> str:
    """Return the code of an AWS error, such as `ExecutionDoesNotExist`."""
    return str(error.response.get("Error", {}).get("Code", ""))


def _from_answer(error: ClientError) -> OpsError:
    name, said = code(error), str(error.response.get("Error", {}).get("Message") or "")
    told = f"{error.operation_name}: {name}" + (f": {said}" if said and said != name else "")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if name in REFUSED_CREDENTIALS:
        return TargetError(f"AWS does not take the credentials. {told}", SIGN_IN)
    if name in DENIED:
        return TargetError(f"You are not allowed to do this. {told}", ASSUME_OPERATOR)
    if name in BUSY:
        return TargetError(f"AWS throttles the calls. {told}", AGAIN)
    if name in MISSING:
        return TargetError(
            f"The stack's resource is not there. {told}",
            "The outputs may be older than the stack; look what is wrong with the command doctor",
        )
    if status >= 500:
        return TargetError(f"AWS failed inside. {told}", AGAIN)
    return FailedError(told)

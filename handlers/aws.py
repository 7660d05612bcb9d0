"""AWS clients, and which of their failures are transient."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Literal

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

Service = Literal["dynamodb", "s3", "secretsmanager", "sns", "stepfunctions"]

_CONFIG = Config(
    connect_timeout=2,
    read_timeout=5,
    # Short enough that a failing service is reported before the function's own timeout ends it.
    retries={"mode": "standard", "total_max_attempts": 3},
)

_TRANSIENT_CODES = frozenset(
    {
        "ConditionalRequestConflict",
        "InternalServerError",
        "InternalServiceError",
        "KMSThrottling",
        "KmsThrottlingException",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestTimeout",
        "ServiceUnavailable",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)
"""Transient error codes with a status below 500, from the error lists of the operations used in this package."""


class TransientError(Exception):
    """AWS did not answer, throttled the call, or had an internal fault: a retry may succeed."""


@cache
def client(service: Service) -> Any:
    """Return the client of a service, built on first use. The environment has region, credentials and endpoint."""
    return boto3.client(service, config=_CONFIG)


@contextmanager
def transient_failures() -> Iterator[None]:
    """Raise transient failures as `TransientError`, and all others unchanged."""
    try:
        yield
    except (ConnectionError, HTTPClientError) as error:
        raise TransientError(type(error).__name__) from error
    except ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if error_code(error) in _TRANSIENT_CODES or status >= 500:
            raise TransientError(f"{error.operation_name}: {error_code(error)}") from error
        raise


def error_code(error: ClientError) -> str:
    """Return the code of an AWS error, such as `ConditionalCheckFailedException`."""
    return str(error.response.get("Error", {}).get("Code", ""))

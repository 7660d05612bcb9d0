"""Error codes of each AWS service for its own failures.

Sources: the error lists of the services' API references, and
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
"""

from dataclasses import dataclass

from sandbox.faults.kinds import Kind


@dataclass(frozen=True)
class ServiceError:
    """An error in the form of the service."""

    code: str
    message: str
    status: int


_BAD_REQUEST, _TOO_MANY, _INTERNAL, _UNAVAILABLE = 400, 429, 500, 503

_THROTTLED = {
    "cloudwatch": ServiceError("Throttling", "Rate exceeded", _BAD_REQUEST),
    "dynamodb": ServiceError(
        "ProvisionedThroughputExceededException",
        "The level of configured provisioned throughput for the table was exceeded. "
        "Consider increasing your provisioning level with the UpdateTable API.",
        _BAD_REQUEST,
    ),
    "iam": ServiceError("Throttling", "Rate exceeded", _BAD_REQUEST),
    "lambda": ServiceError("TooManyRequestsException", "Rate Exceeded.", _TOO_MANY),
    "s3": ServiceError("SlowDown", "Please reduce your request rate.", _UNAVAILABLE),
    "sns": ServiceError("Throttled", "Rate exceeded", _TOO_MANY),
    "sqs": ServiceError("RequestThrottled", "Rate exceeded", _BAD_REQUEST),
    "sts": ServiceError("Throttling", "Rate exceeded", _BAD_REQUEST),
}
_FAULTY = {
    "dynamodb": ServiceError("InternalServerError", "Internal server error", _INTERNAL),
    "events": ServiceError("InternalException", "This exception occurs due to unexpected causes.", _INTERNAL),
    "kms": ServiceError("KMSInternalException", "The request can be retried.", _INTERNAL),
    "lambda": ServiceError("ServiceException", "The Lambda service encountered an internal error.", _INTERNAL),
    "s3": ServiceError("InternalError", "We encountered an internal error. Please try again.", _INTERNAL),
    "secretsmanager": ServiceError("InternalServiceError", "An error occurred on the server side.", _INTERNAL),
    "sns": ServiceError("InternalError", "Internal service error", _INTERNAL),
}
_OTHERS = {
    Kind.THROTTLE: ServiceError("ThrottlingException", "Rate exceeded", _BAD_REQUEST),
    Kind.SERVER_ERROR: ServiceError(
        "InternalFailure", "The request processing has failed because of an unknown error.", _INTERNAL
    ),
}
_DOWN = ServiceError(
    "ServiceUnavailable", "The request has failed due to a temporary failure of the server.", _UNAVAILABLE
)


def error_of(service: str, kind: Kind) -> ServiceError:
    """Return the error of a service for `throttle`, `server-error` or `unavailable`."""
    if kind is Kind.UNAVAILABLE:
        return _DOWN
    own = _THROTTLED if kind is Kind.THROTTLE else _FAULTY
    return own.get(service, _OTHERS[kind])

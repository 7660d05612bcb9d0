"""Error names that the entries of the services share, and that the state machine catches."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.aws import TransientError
from handlers.orders.errors import InvalidOrderError, OrderError, ServiceUnavailableError
from handlers.payloads import PayloadError
from handlers.telemetry import Handler, logged, logger

Service = Callable[[dict[str, Any]], dict[str, Any]]


def answering(service: Service) -> Handler:
    """Make a Lambda entry of a function from event to answer; every call leaves one line in the log."""

    @logged
    @wraps(service)
    def entry(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
        try:
            with _named_failures():
                answer = service(event)
        except (OrderError, ServiceUnavailableError) as failure:
            logger().warning("Refused", error=type(failure).__name__, reason=str(failure))
            raise
        logger().info("Answered", orderId=answer.get("orderId"), status=answer["status"])
        return answer

    return entry


@contextmanager
def _named_failures() -> Iterator[None]:
    try:
        yield
    except PayloadError as error:
        raise InvalidOrderError(f"The order cannot be taken. {error}") from None
    except TransientError as error:
        raise ServiceUnavailableError(f"The service is out of reach for a moment: {error}") from error

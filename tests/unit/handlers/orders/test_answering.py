"""Refusals of the services: an exception for the workflow, one log line for people."""

import json
from typing import Any

import pytest

from handlers.aws import TransientError
from handlers.orders.answering import answering
from handlers.orders.errors import InvalidOrderError, PaymentDeclinedError, ServiceUnavailableError
from handlers.payloads import PayloadError
from tests.unit.handlers.conftest import Context


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (PaymentDeclinedError("too much"), PaymentDeclinedError),
        (ServiceUnavailableError("many at once"), ServiceUnavailableError),
        (TransientError("Throttling"), ServiceUnavailableError),
        (PayloadError(), InvalidOrderError),
    ],
)
def test_refusal_is_raised_and_logged(
    failure: Exception, told: type[Exception], context: Context, capsys: pytest.CaptureFixture[str]
) -> None:
    def service(_event: dict[str, Any]) -> dict[str, Any]:
        raise failure

    with pytest.raises(told) as caught:
        answering(service)({}, context)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (line,) = [line for line in lines if line["message"] == "Refused"]
    assert (line["error"], line["reason"]) == (told.__name__, str(caught.value))

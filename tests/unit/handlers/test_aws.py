"""Retries of AWS calls: few, within a short time."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError
from urllib3 import HTTPResponse

from handlers.aws import TransientError, client, transient_failures


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Collect the requests to a DynamoDB that always fails."""
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    urls: list[str] = []

    def fail(request: Any, **_: Any) -> AWSResponse:
        urls.append(request.url)
        return AWSResponse(request.url, 500, HTTPHeaders(), HTTPResponse(io.BytesIO(b"{}"), preload_content=False))

    events = client("dynamodb").meta.events
    events.register_first("before-send.dynamodb", fail)
    yield urls
    events.unregister("before-send.dynamodb", fail)


def test_failing_service_is_called_three_times(asked: list[str]) -> None:
    with pytest.raises(ClientError):
        client("dynamodb").get_item(TableName="t", Key={})
    assert len(asked) == 3


def test_error_after_the_retries_is_transient(asked: list[str]) -> None:
    with pytest.raises(TransientError), transient_failures():
        client("dynamodb").get_item(TableName="t", Key={})
    assert asked

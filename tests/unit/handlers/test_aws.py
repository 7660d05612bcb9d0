"""How patient the functions are with AWS: a service that fails is asked again, but not for long."""

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
    """The requests to a DynamoDB that always fails inside."""
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    urls: list[str] = []

    def fail(request: Any, **_: Any) -> AWSResponse:
        urls.append(request.url)
        return AWSResponse(request.url, 500, HTTPHeaders(), HTTPResponse(io.BytesIO(b"{}"), preload_content=False))

    events = client("dynamodb").meta.events
    events.register_first("before-send.dynamodb", fail)
    yield urls
    events.unregister("before-send.dynamodb", fail)


def test_a_service_that_fails_is_asked_three_times(asked: list[str]) -> None:
    with pytest.raises(ClientError):
        client("dynamodb").get_item(TableName="t", Key={})
    assert len(asked) == 3


def test_what_then_still_fails_may_work_later(asked: list[str]) -> None:
    with pytest.raises(TransientError), transient_failures():
        client("dynamodb").get_item(TableName="t", Key={})
    assert asked

"""Validation of PutEvents, entry by entry."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.unit.sandbox.services.aws import Aws


def _put(aws: Aws, *entries: dict[str, Any]) -> list[str | None]:
    full = [{"Source": "shop", "DetailType": "Order", "Detail": "{}", **entry} for entry in entries]
    answer = aws.client("events").put_events(Entries=full)
    assert answer["FailedEntryCount"] == sum("ErrorCode" in entry for entry in answer["Entries"])
    return [entry.get("ErrorCode") for entry in answer["Entries"]]


@pytest.mark.parametrize("source", ["aws.states", "aws.s3", "aws."])
def test_source_of_aws_is_refused(aws: Aws, source: str) -> None:
    assert _put(aws, {"Source": source}) == ["NotAuthorizedForSourceException"]


@pytest.mark.parametrize("detail", ["{", "5", "[]", '"a"', "null", '{"a": NaN}', '{"a":' + "[" * 100_000, "\x00"])
def test_a_detail_is_a_json_object(aws: Aws, detail: str) -> None:
    assert _put(aws, {"Detail": detail}) == ["MalformedDetail"]


def test_invalid_entry_does_not_affect_the_others(aws: Aws) -> None:
    codes = _put(aws, {}, {"Source": "aws.states"}, {"Source": "awsome"}, {"Detail": "["}, {"Detail": '{"a": 1}'})
    assert codes == [None, "NotAuthorizedForSourceException", None, "MalformedDetail", None]


def test_a_request_holds_256_kib_of_entries(aws: Aws) -> None:
    half = {"Detail": json.dumps({"a": "x" * 131_000})}

    assert _put(aws, half) == [None]
    with pytest.raises(ClientError, match=r"Total size of the entries in the request is over the limit"):
        _put(aws, half, half, {"Detail": json.dumps({"a": "x" * 150})})

"""Strict JSON."""

import json
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from handlers.payloads import MAX_ERRORS, MAX_FIELD_LENGTH, FieldError, PayloadError, loads, validated

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


class Body(BaseModel, extra="forbid"):
    name: str


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "is empty"),
        (b"  \n", "is empty"),
        (b"{", "is not JSON"),
        (b"\xff\xfe{}", "is not UTF-8 at byte 0"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": -Infinity}', "-Infinity"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"a":' * 200_000, "nested too deeply"),
        (b'{"a": ' + b"9" * 5000 + b"}", "a number that is too long"),
        (b"\xef\xbb\xbf{}", "is not JSON"),
    ],
)
def test_invalid_json_is_refused_with_the_reason(body: bytes, message: str) -> None:
    with pytest.raises(PayloadError) as refused:
        loads(body)
    [error] = refused.value.errors
    assert error.field == "body"
    assert message in error.message


def test_duplicate_name_is_refused() -> None:
    with pytest.raises(PayloadError) as refused:
        loads(b'{"a": {"status": 1, "status": 2}}')
    assert refused.value.errors == (FieldError("status", "is given twice"),)


@given(JSON_VALUES)
def test_json_round_trips(value: Any) -> None:
    assert loads(json.dumps(value).encode()) == value


@given(st.binary())
def test_any_bytes_raise_at_most_a_payload_error(body: bytes) -> None:
    try:
        loads(body)
    except PayloadError as refused:
        json.dumps([asdict(error) for error in refused.errors]).encode()


def test_errors_are_limited_and_repeat_no_value() -> None:
    document = {"x" * 1000 + str(number): "the-secret" for number in range(1000)}
    with pytest.raises(PayloadError) as refused:
        validated(Body, document)
    assert len(refused.value.errors) == MAX_ERRORS
    assert all(len(error.field) <= MAX_FIELD_LENGTH for error in refused.value.errors)
    assert "the-secret" not in str(refused.value)

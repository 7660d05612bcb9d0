"""Formatting of texts and times for JavaScript."""

import json
from datetime import UTC, datetime

import pytest

from ops.masking import MASK
from ops.report.formatting import LONGEST_TEXT, milliseconds, shown


def test_json_is_indented_and_unchanged() -> None:
    text = '{"name":"Zoë","amount":9007199254740993,"price":29.99}'
    assert shown(text) == '{\n  "name": "Zoë",\n  "amount": 9007199254740993,\n  "price": 29.99\n}'


@pytest.mark.parametrize("text", ["plain", '"a string"', "7", '{"cut": "of', "[" * 100_000])
def test_text_without_an_object_is_unchanged(text: str) -> None:
    assert (shown(text) or "").startswith(text[:LONGEST_TEXT])


def test_missing_text_is_none() -> None:
    assert shown(None) is None
    assert milliseconds(None) is None


def test_long_text_is_cut_with_a_remark() -> None:
    assert shown("a" * (LONGEST_TEXT + 1234)) == "a" * LONGEST_TEXT + "\n… 1,234 more characters"


def test_secret_is_masked_before_the_text_is_cut() -> None:
    content = {"a": "a" * (LONGEST_TEXT - 20), "token": "b" * 400}
    assert "bb" not in (shown(json.dumps(content)) or "")
    assert shown('{"token":"abc"}') == f'{{\n  "token": "{MASK}"\n}}'


def test_time_is_milliseconds_since_1970() -> None:
    assert milliseconds(datetime(1970, 1, 2, 0, 0, 0, 5_000, tzinfo=UTC)) == 86_400_005

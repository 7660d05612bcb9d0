"""Texts are shown masked, readable, and not too long; moments as JavaScript has them."""

import json
from datetime import UTC, datetime

import pytest

from ops.render.masking import MASK
from ops.report.formatting import LONGEST_TEXT, milliseconds, shown


def test_json_is_indented_and_keeps_every_letter_and_digit() -> None:
    text = '{"name":"Zoë","amount":9007199254740993,"price":29.99}'
    assert shown(text) == '{\n  "name": "Zoë",\n  "amount": 9007199254740993,\n  "price": 29.99\n}'


@pytest.mark.parametrize("text", ["plain", '"a string"', "7", '{"cut": "of', "[" * 100_000])
def test_what_is_no_object_stays_as_it_is(text: str) -> None:
    assert (shown(text) or "").startswith(text[:LONGEST_TEXT])


def test_nothing_is_nothing() -> None:
    assert shown(None) is None
    assert milliseconds(None) is None


def test_what_is_too_long_is_cut_off_and_says_so() -> None:
    assert shown("a" * (LONGEST_TEXT + 1234)) == "a" * LONGEST_TEXT + "\n… 1,234 more characters"


def test_a_secret_is_masked_before_the_text_is_cut() -> None:
    content = {"a": "a" * (LONGEST_TEXT - 20), "token": "b" * 400}
    assert "bb" not in (shown(json.dumps(content)) or "")
    assert shown('{"token":"abc"}') == f'{{\n  "token": "{MASK}"\n}}'


def test_a_moment_is_milliseconds_since_1970() -> None:
    assert milliseconds(datetime(1970, 1, 2, 0, 0, 0, 5_000, tzinfo=UTC)) == 86_400_005

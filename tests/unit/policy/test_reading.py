"""Values of resources, known and unknown."""

import pytest
from pulumi_policy.proxy import UnknownValueError, unknown_checking_proxy

from rules.reading import given, known, listed
from tests.unit.policy.asking import UNKNOWN

PROPS = unknown_checking_proxy(
    {"text": "x", "empty": "", "unknown": UNKNOWN, "inner": {"text": "y", "unknown": UNKNOWN}, "list": ["a"]}
)


@pytest.mark.parametrize(
    ("path", "value", "is_given"),
    [
        (("text",), "x", True),
        (("empty",), "", False),
        (("missing",), None, False),
        (("unknown",), None, True),
        (("inner", "text"), "y", True),
        (("inner", "unknown"), None, True),
        (("inner", "missing"), None, False),
        (("unknown", "inner"), None, True),
        (("text", "inner"), None, False),
        (("missing", "inner"), None, False),
    ],
    ids=str,
)
def test_value_is_known_or_present(path: tuple[str, ...], value: str | None, is_given: bool) -> None:
    assert known(PROPS, *path) == value
    assert given(PROPS, *path) is is_given


def test_single_value_becomes_a_list() -> None:
    assert listed(None) == []
    assert listed("text") == ["text"]
    assert listed({"key": 1}) == [{"key": 1}]
    assert listed(PROPS["list"]) == ["a"]
    with pytest.raises(UnknownValueError):
        listed(unknown_checking_proxy({"list": [UNKNOWN]})["list"])

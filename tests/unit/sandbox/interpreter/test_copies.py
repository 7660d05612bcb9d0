"""Copies of the data of states."""

from datetime import UTC, datetime
from typing import Any

from sandbox.interpreter.copies import deep


class _Object:
    def __init__(self) -> None:
        self.parts: list[int] = [1]


def test_a_copy_shares_no_part_that_can_change() -> None:
    given: dict[str, Any] = {
        "list": [{"a": 1}, None, 1.5, True],
        "at": datetime(2026, 1, 1, tzinfo=UTC),
        "object": _Object(),
    }
    copied = deep(given)
    copied["list"][0]["a"] = 2
    copied["object"].parts.append(2)
    assert (given["list"], given["object"].parts) == ([{"a": 1}, None, 1.5, True], [1])
    assert copied["at"] == given["at"]

"""Durations in readable form."""

from datetime import timedelta

import pytest

from ops import durations


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-1, "0.000 s"),
        (0.1034, "0.103 s"),
        (9.9, "9.900 s"),
        (12.7, "12 s"),
        (60, "1 min"),
        (250, "4 min 10 s"),
        (3600, "1 h"),
        (11_530, "3 h 12 min"),
        (86_400, "1 d"),
        (183_600, "2 d 3 h"),
        (86_460, "1 d"),
    ],
)
def test_duration_has_at_most_two_units(seconds: float, text: str) -> None:
    assert durations.human(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("10m", 600), ("2h", 7200), ("1d", 86_400), ("0s", 0)])
def test_duration_is_parsed(text: str, seconds: int) -> None:
    assert durations.parse(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "m", "10", "10 m", "-1h", "1.5h", "10w", "٣m"])
def test_invalid_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a duration"):
        durations.parse(text)

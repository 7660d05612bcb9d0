"""Durations and ages in human-readable form."""

from datetime import timedelta


def human(duration: timedelta) -> str:
    """Format a duration in at most two units, such as `0.103 s`, `12 s`, `4 min 10 s`, `3 h 12 min` or `2 d 3 h`."""
    seconds = duration.total_seconds()
    if seconds < 10:
        return f"{max(seconds, 0):.3f} s"
    units = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
    left = int(seconds)
    parts: list[str] = []
    for name, size in units:
        count, left = divmod(left, size)
        if count or parts:
            parts.append(f"{count} {name}")
        if len(parts) == 2:
            break
    return " ".join(part for part in parts if not part.startswith("0 "))


def parse(text: str) -> timedelta:
    """Parse a duration such as `90s`, `10m`, `2h` or `1d`.

    Raises:
        ValueError: it is not a duration.
    """
    sizes = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
    number, unit = text[:-1], text[-1:]
    if not (number.isascii() and number.isdecimal()) or unit not in sizes:
        raise ValueError(f"{text!r} is not a duration; write it like 90s, 10m, 2h or 1d")
    return timedelta(seconds=int(number) * sizes[unit])

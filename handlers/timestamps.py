"""Moments as the tables hold them."""

from datetime import UTC, datetime


def timestamp(moment: datetime) -> str:
    """Return a moment as the tables have it, such as `2025-01-31T12:00:00.000Z`; such texts sort by time."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

"""Times in the format of the tables."""

from datetime import UTC, datetime


def timestamp(moment: datetime) -> str:
    """Format a time for the tables, such as `2025-01-31T12:00:00.000Z`; such texts sort by time."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

"""Cron expressions of EventBridge: minutes hours day-of-month month day-of-week year, in UTC.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cron-expressions.html
EventBridge supports years up to 2199, croniter up to 2099.
"""

import re
from datetime import datetime

from croniter import CroniterError, croniter  # type: ignore[import-untyped]  # it has no type information

_FIELDS = 6
# Sunday is 1.
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")


def next_time(expression: str, after: datetime) -> datetime:
    """Return the first time after `after` that matches the six fields. Raises ValueError if there is none."""
    fields = expression.split()
    if len(fields) != _FIELDS:
        raise ValueError(f"cron({expression}) has {len(fields)} fields, not {_FIELDS}")
    minutes, hours, of_month, months, of_week, years = fields
    if "?" not in (of_month, of_week):
        raise ValueError(f"cron({expression}): one of day-of-month and day-of-week must be ?")
    try:
        schedule = croniter(f"{minutes} {hours} {of_month} {months} {_of_week(of_week)} 0 {years}", after)
        found: datetime = schedule.get_next(datetime)
    except CroniterError as error:
        raise ValueError(f"cron({expression}): {error}") from error
    return found


def _of_week(field: str) -> str:
    """Convert the days of the week for croniter: Sunday is 0, and the last Friday of a month L5."""
    if field == "L":
        return str(len(_DAYS) - 1)
    numbers = re.sub("|".join(_DAYS), lambda day: str(_DAYS.index(day[0].upper()) + 1), field, flags=re.IGNORECASE)
    # The number of a week (after #) or a step (after /) is not a day.
    counted_from_0 = re.sub(r"(?<![#/\d])[0-7]", lambda day: str(int(day[0]) - 1), numbers)
    return re.sub(r"(\d)L$", r"L\1", counted_from_0)

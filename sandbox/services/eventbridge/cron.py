"""Cron expressions as EventBridge documents them: minutes hours day-of-month month day-of-week year, in UTC.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cron-expressions.html
"""

import calendar
from collections.abc import Mapping
from datetime import date, datetime, timedelta

_MONTHS = {name.upper(): number for number, name in enumerate(calendar.month_abbr) if name}
# Sunday is 1.
_DAYS = {name: number for number, name in enumerate(("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"), 1)}
LAST_YEAR = 2199


def next_time(expression: str, after: datetime) -> datetime:
    """Return the first moment after `after` that the six fields match; raises ValueError if there is none."""
    fields = expression.split()
    if len(fields) != 6:
        raise ValueError(f"cron({expression}) has {len(fields)} fields, not 6")
    if "?" not in (fields[2], fields[4]):
        raise ValueError(f"cron({expression}): one of day-of-month and day-of-week must be ?")
    minutes, hours = _values(fields[0], 0, 59), _values(fields[1], 0, 23)
    months, years = _values(fields[3], 1, 12, _MONTHS), _values(fields[5], 1970, LAST_YEAR)
    moment = (after + timedelta(minutes=1)).replace(second=0, microsecond=0)
    while moment.year <= LAST_YEAR:
        day_matches = moment.year in years and moment.month in months and _day(fields[2], fields[4], moment.date())
        if not day_matches:
            moment = (moment + timedelta(days=1)).replace(hour=0, minute=0)
        elif moment.hour not in hours:
            moment = (moment + timedelta(hours=1)).replace(minute=0)
        elif moment.minute not in minutes:
            moment += timedelta(minutes=1)
        else:
            return moment
    raise ValueError(f"cron({expression}) never comes")


def _day(of_month: str, of_week: str, day: date) -> bool:
    last = calendar.monthrange(day.year, day.month)[1]
    if of_month == "L":
        return day.day == last
    if of_month.endswith("W"):
        return day.day == _nearest_weekday(day, min(int(of_month[:-1]), last), last)
    if of_month != "?":
        return day.day in _values(of_month, 1, 31)
    weekday = day.isoweekday() % 7 + 1
    if of_week.endswith("L") and of_week != "L":
        return weekday == _number(of_week[:-1], _DAYS) and day.day + 7 > last
    if "#" in of_week:
        name, _, nth = of_week.partition("#")
        return weekday == _number(name, _DAYS) and (day.day - 1) // 7 + 1 == int(nth)
    return weekday in _values("7" if of_week == "L" else of_week, 1, 7, _DAYS)


def _nearest_weekday(day: date, wanted: int, last: int) -> int:
    weekday = day.replace(day=wanted).isoweekday()
    if weekday == 6:
        return wanted - 1 if wanted > 1 else wanted + 2
    if weekday == 7:
        return wanted + 1 if wanted < last else wanted - 2
    return wanted


def _values(field: str, low: int, high: int, names: Mapping[str, int] | None = None) -> set[int]:
    values: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        if span in {"*", "?"}:
            first, last = low, high
        else:
            start, dash, end = span.partition("-")
            first = _number(start, names)
            last = _number(end, names) if dash else (high if step else first)
        if not low <= first <= high or not low <= last <= high:
            raise ValueError(f"{part!r} is outside of {low} to {high}")
        values.update(range(first, last + 1, int(step or 1)))
    return values


def _number(text: str, names: Mapping[str, int] | None) -> int:
    return (names or {}).get(text.upper()) or int(text)

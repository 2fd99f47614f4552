"""Dates as the indicator rules count them: working days, calendar months, ages, elapsed hours.

Written apart from the platform's own calendar: this one steps from day to day.
"""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

FIRST_DAY = date(1995, 1, 1)
LAST_DAY = date(2040, 12, 31)
LONDON = ZoneInfo("Europe/London")


@cache
def _working_days_so_far() -> list[int]:
    """For each day from FIRST_DAY: how many working days there were up to and including it."""
    years = range(FIRST_DAY.year, LAST_DAY.year + 1)
    bank_holidays = holidays.country_holidays("GB", subdiv="ENG", years=years)
    so_far, total, day = [], 0, FIRST_DAY
    while day <= LAST_DAY:
        if day.weekday() < 5 and day not in bank_holidays:
            total += 1
        so_far.append(total)
        day += timedelta(days=1)
    return so_far


def working_days(start: date, end: date) -> int:
    """Working days after `start` up to and including `end`; day 0 is `start` itself (W1 of indicators.md 6.2)."""
    so_far = _working_days_so_far()
    return so_far[(end - FIRST_DAY).days] - so_far[(start - FIRST_DAY).days]


def add_working_days(start: date, number: int) -> date:
    """The first day on which `number` working days have passed since `start`."""
    day = start
    while working_days(start, day) < number:
        day += timedelta(days=1)
    return day


def last_day_within(start: date, number: int) -> date:
    """The last day on which no more than `number` working days have passed since `start`; it may be a day off."""
    day = add_working_days(start, number)
    while working_days(start, day + timedelta(days=1)) <= number:
        day += timedelta(days=1)
    return day


def add_months(day: date, months: int) -> date:
    """`day` moved by calendar months; a day that the month does not have becomes its last (30 Nov + 3 = 28 Feb)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def age_in_years(born_on: date, on: date) -> int:
    """Completed years of age; somebody born on 29 February turns a year older on 1 March in common years."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def elapsed(start_at: datetime, end_at: datetime) -> timedelta:
    """Real time between two London clock times; a clock time that comes twice or never is read as GMT."""
    return _utc(end_at) - _utc(start_at)


def _utc(local: datetime) -> datetime:
    offsets = [local.replace(tzinfo=LONDON, fold=fold).utcoffset() for fold in (0, 1)]
    return (local - min(offsets)).replace(tzinfo=UTC)

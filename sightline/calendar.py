"""Working days in England: weekdays that are no bank holiday.

Rule W1: day 0 is the event; the working days in (start, end] are counted, so the same day is 0
and a limit of n is met when the count is at most n. Source: CIN census guide 2023-24, sections
4.1, 4.9 and 4.12 (limits in working days; the start may fall on any day).
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import holidays
import numpy as np

FIRST_YEAR, LAST_YEAR = 1990, 2045


@lru_cache(maxsize=1)
def bank_holidays() -> dict[date, str]:
    """Return England's bank holidays, date -> name, for 1990 to 2045."""
    found = holidays.country_holidays("GB", subdiv="ENG", years=range(FIRST_YEAR, LAST_YEAR + 1))
    return dict(sorted(found.items()))


@lru_cache(maxsize=1)
def _busday_calendar() -> np.busdaycalendar:
    return np.busdaycalendar(holidays=[np.datetime64(day) for day in bank_holidays()])


def is_working_day(day: date) -> bool:
    """Return whether `day` is a weekday and no bank holiday of England."""
    return bool(np.is_busday(np.datetime64(day), busdaycal=_busday_calendar()))


def working_days(start: date, end: date) -> int:
    """Return the working days in (start, end]; negative where `end` lies before `start`."""
    if end < start:
        return -working_days(end, start)
    one = np.timedelta64(1, "D")
    return int(np.busday_count(np.datetime64(start) + one, np.datetime64(end) + one, busdaycal=_busday_calendar()))


def add_working_days(start: date, days: int) -> date:
    """Return the last date on which a limit of `days` working days from `start` is met."""
    day = start
    while working_days(start, day) < days:
        day += timedelta(days=1)
    while working_days(start, day + timedelta(days=1)) <= days:
        day += timedelta(days=1)
    return day


def calendar_rows(first: date, last: date) -> list[tuple[date, bool, str | None, int]]:
    """Return (date, is working day, bank holiday, running number of working days) from `first` to `last`."""
    rows, running = [], 0
    names = bank_holidays()
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        is_working = day.weekday() < 5 and day not in names
        running += is_working
        rows.append((day, is_working, names.get(day), running))
    return rows

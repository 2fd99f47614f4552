"""Days as whole numbers (proleptic ordinals), with ISO text and working days looked up in lists.

Working days are weekdays that are no bank holiday of England, as `sightline.calendar` knows them (1990 to 2045);
beyond those years, where only unseen endings lie, weekdays.
"""

from __future__ import annotations

from bisect import bisect
from datetime import date
from itertools import accumulate
from random import Random

from sightline.calendar import bank_holidays

FIRST = date(1970, 1, 1)
LAST = date(2070, 12, 31)

# How busy a front door is by month, beside an average month. Schools send fewer referrals when they are closed.
MONTH_WEIGHT = (1.03, 1.02, 1.12, 0.90, 1.05, 1.10, 1.02, 0.70, 1.02, 1.08, 1.12, 0.84)
WEEKDAY_WEIGHT = (1.08, 1.05, 1.02, 1.0, 0.92, 0.06, 0.04)
YEARLY_GROWTH = 0.015


class Days:
    """Look-ups for every day from 1970 to 2070."""

    def __init__(self) -> None:
        self.base = FIRST.toordinal()
        dates = [date.fromordinal(day) for day in range(self.base, LAST.toordinal() + 1)]
        holidays = bank_holidays()
        self.iso = [day.isoformat() for day in dates]
        self.is_working = [day.weekday() < 5 and day not in holidays for day in dates]
        self.running = list(accumulate(self.is_working))
        self.working = [self.base + n for n, working in enumerate(self.is_working) if working]
        self.season = [
            MONTH_WEIGHT[day.month - 1] * (WEEKDAY_WEIGHT[day.weekday()] if working else 0.04)
            for day, working in zip(dates, self.is_working, strict=True)
        ]

    def text(self, day: int) -> str:
        """ISO date of a day."""
        return self.iso[day - self.base]

    def count(self, start: int, end: int) -> int:
        """Working days in (start, end]."""
        return self.running[end - self.base] - self.running[start - self.base]

    def add(self, start: int, working_days: int) -> int:
        """The working day on which `working_days` have passed since `start`; `start` itself for 0."""
        if working_days <= 0:
            return start
        return self.working[self.running[start - self.base] + working_days - 1]

    def on_or_after(self, day: int) -> int:
        """The first working day from `day`."""
        return day if self.is_working[day - self.base] else self.add(day, 1)

    def on_or_before(self, day: int) -> int:
        """The last working day up to `day`."""
        return day if self.is_working[day - self.base] else self.working[self.running[day - self.base] - 1]

    def quiet(self, day: int, rng: Random) -> bool:
        """Whether an event that fell on `day` is put off because the time of year is quiet."""
        return rng.random() > self.season[day - self.base] * 1.1


class Arrivals:
    """Days of first contact: a season, quiet weekends and steady growth."""

    def __init__(self, days: Days, first: int, last: int) -> None:
        self.first = first
        growth = [(1 + YEARLY_GROWTH) ** ((day - last) / 365.25) for day in range(first, last + 1)]
        weights = (days.season[first + n - days.base] * value for n, value in enumerate(growth))
        self.edges = list(accumulate(weights))

    def draw(self, rng: Random) -> int:
        """One day."""
        return self.first + bisect(self.edges, rng.random() * self.edges[-1])


def add_months(day: int, months: int) -> int:
    """The same day of a later month, or the month's last day. Source: PostgreSQL date arithmetic."""
    start = date.fromordinal(day)
    year, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + year, month + 1
    for last in (start.day, 30, 29, 28):
        if last <= start.day:
            try:
                return date(year, month, last).toordinal()
            except ValueError:
                continue
    raise ValueError("no such month")


def birthday(dob: int, age: int) -> int:
    """The day on which somebody born on `dob` becomes `age` (29 February: 1 March)."""
    born = date.fromordinal(dob)
    try:
        return born.replace(year=born.year + age).toordinal()
    except ValueError:
        return date(born.year + age, 3, 1).toordinal()


def age_on(dob: int, day: int) -> int:
    """Completed years; -1 before birth."""
    if dob > day:
        return -1
    age = int((day - dob) / 365.2425)
    return age + 1 if birthday(dob, age + 1) <= day else age - (birthday(dob, age) > day)

"""Reporting periods by their label: `2026-W39`, `2026-09`, `2026-Q2` (July to September), `2025-26`."""

from datetime import date, timedelta
from typing import NamedTuple

from .calendar import add_months


class Period(NamedTuple):
    """A period with its first and last day; `kind`: week, month, quarter, year, rolling_year."""

    kind: str
    start: date
    end: date

    @property
    def days(self) -> int:
        """Length in days."""
        return (self.end - self.start).days + 1


def parse(label: str) -> Period:
    """The period of a label. Years and quarters begin in April."""
    year, rest = int(label[:4]), label[5:]
    if rest.startswith("W"):
        monday = date.fromisocalendar(year, int(rest[1:]), 1)
        return Period("week", monday, monday + timedelta(days=6))
    if rest.startswith("Q"):
        return _months("quarter", add_months(date(year, 4, 1), 3 * (int(rest[1:]) - 1)), 3)
    if int(rest) == (year + 1) % 100 and int(rest) > 12:
        return _months("year", date(year, 4, 1), 12)
    return _months("month", date(year, int(rest), 1), 1)


def rolling_year(end: date) -> Period:
    """The twelve months up to a month's end."""
    return _months("rolling_year", add_months(end + timedelta(days=1), -12), 12)


def _months(kind: str, start: date, months: int) -> Period:
    return Period(kind, start, add_months(start, months) - timedelta(days=1))


DEFAULT_PERIODS = [
    parse("2026-Q2"),
    parse("2026-09"),
    parse("2025-26"),
    parse("2026-W39"),
    rolling_year(date(2026, 9, 30)),
]

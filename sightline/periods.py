"""Reporting periods: weeks, months, quarters and years (from April), written as one word.

``2026-W37`` is an ISO week (Monday to Sunday), ``2026-09`` a month, ``2026-Q2`` the quarter July to
September of the financial year 2026-27, ``2025-26`` a financial year (from 2012-13 on: ``2011-12`` is a month).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

KINDS = ("week", "month", "quarter", "year")
CADENCES = {"weekly": "week", "monthly": "month", "quarterly": "quarter", "yearly": "year"}


@dataclass(frozen=True, order=True)
class Period:
    """A period with its first and last day, both inside it."""

    start: date
    end: date
    kind: str

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read a period from its label.

        Raises:
            ValueError: the text is none of the four forms.
        """
        if match := re.fullmatch(r"(\d{4})-W(\d{2})", text):
            start = date.fromisocalendar(int(match[1]), int(match[2]), 1)
            return cls(start, start + timedelta(days=6), "week")
        if match := re.fullmatch(r"(\d{4})-Q([1-4])", text):
            return cls._months(int(match[1]), 1 + 3 * int(match[2]), 3, "quarter")
        if match := re.fullmatch(r"(\d{4})-(\d{2})", text):
            year, second = int(match[1]), int(match[2])
            if 1 <= second <= 12:
                return cls._months(year, second, 1, "month")
            if second == (year + 1) % 100:
                return cls._months(year, 4, 12, "year")
        raise ValueError(f"{text!r} is no period: write 2026-W37, 2026-09, 2026-Q2 or 2025-26")

    @classmethod
    def _months(cls, year: int, month: int, count: int, kind: str) -> Period:
        return cls(_first(year, month), _first(year, month + count) - timedelta(days=1), kind)

    @classmethod
    def containing(cls, day: date, kind: str) -> Period:
        """Return the period of `kind` in which `day` lies."""
        if kind == "week":
            start = day - timedelta(days=day.weekday())
            return cls(start, start + timedelta(days=6), kind)
        if kind == "month":
            return cls._months(day.year, day.month, 1, kind)
        year = day.year - (day.month < 4)
        quarter = (day.month - 4) % 12 // 3
        return cls._months(year, 4 + 3 * quarter, 3, kind) if kind == "quarter" else cls._months(year, 4, 12, kind)

    @classmethod
    def latest_complete(cls, as_at: date, kind: str) -> Period:
        """Return the last period of `kind` that ended on or before `as_at`."""
        current = cls.containing(as_at, kind)
        return current if current.end <= as_at else current.before()

    def before(self) -> Period:
        """Return the period of the same kind that ended the day before this one starts."""
        return Period.containing(self.start - timedelta(days=1), self.kind)

    @property
    def label(self) -> str:
        """The period as it is written in commands and paths."""
        financial_year = self.start.year - (self.start.month < 4)
        return {
            "week": "{}-W{:02d}".format(*self.start.isocalendar()[:2]),
            "month": f"{self.start:%Y-%m}",
            "quarter": f"{financial_year}-Q{(self.start.month - 4) % 12 // 3 + 1}",
            "year": f"{financial_year}-{(financial_year + 1) % 100:02d}",
        }[self.kind]


def _first(year: int, month: int) -> date:
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)

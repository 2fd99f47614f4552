"""What the makers of records share: calibration, days, workforce, tables, ids and the as-at date."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random

import yaml

from synthetic.calibration import Calibration
from synthetic.days import Days

COLUMNS: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("columns.yml").read_text(encoding="utf-8"))
# Records of visits and other detail reach this far back before the window; cases reach back to their start.
DAYS_OF_DETAIL = 400


@dataclass
class World:
    """One made-up council. Days are ordinals; `first` is the first day of the window, `as_at` the last.

    `babies`: (day of birth, person) of only children whom a young mother in care may turn out to have.
    `families`: person -> number of the family.
    """

    calibration: Calibration
    days: Days
    first: int
    as_at: int
    seed: int
    visit_days: dict[str, int]
    tables: dict[str, list[tuple]] = field(default_factory=lambda: {name: [] for name in COLUMNS})
    used: dict[str, int] = field(default_factory=dict)
    babies: list[tuple[int, str]] = field(default_factory=list)
    families: dict[str, int] = field(default_factory=dict)

    @property
    def detail_from(self) -> int:
        """The first day for which visits, reviews and allocations are written."""
        return self.first - DAYS_OF_DETAIL

    def next_id(self, prefix: str) -> str:
        """The next id of a kind of record."""
        number = self.used.get(prefix, 0) + 1
        self.used[prefix] = number
        return f"{prefix}{number:07d}"

    def on(self, day: int | None) -> str:
        """ISO date, blank where there is none or it lies after the as-at date."""
        return "" if day is None or day > self.as_at else self.days.text(day)

    def rng(self, *parts: int) -> Random:
        """A stream of chance of its own, the same for the same seed and parts."""
        number = self.seed
        for part in parts:
            number = number * 1_000_003 + part + 1
        return Random(number)


def window_start(as_at: date, years: int) -> date:
    """The first of April on or before `years` before the as-at date: whole financial years, then the one under way."""
    year = as_at.year - years
    return date(year if (as_at.month, as_at.day) >= (4, 1) else year - 1, 4, 1)

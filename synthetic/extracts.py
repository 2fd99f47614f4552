"""The good rows of a made-up council's extracts, for whatever is written from them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

Row = dict[str, str]
OPEN = "9999-12-31"
"""An end that has not come yet, as it is compared with days."""


class Extracts:
    """A folder that `synthetic.council.generate` wrote, without its planted faults. Days are ISO text."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._tables: dict[str, list[Row]] = {}
        self._indexes: dict[tuple[str, str], dict[str, list[Row]]] = {}

    @cached_property
    def _faulty(self) -> set[tuple[str, int]]:
        path = self._folder / "planted_faults.json"
        faults = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
        return {(fault["file"], fault["row_no"]) for fault in faults}

    def rows(self, table: str) -> list[Row]:
        """Return a table's good rows, in the file's order; none where the file is not there."""
        if table not in self._tables:
            self._tables[table] = list(self._read(self._folder / f"{table}.csv"))
        return self._tables[table]

    def _read(self, path: Path) -> Iterator[Row]:
        if not path.is_file():
            return
        with path.open(encoding="utf-8", newline="") as handle:
            for row_no, row in enumerate(csv.DictReader(handle), 2):
                if (path.name, row_no) not in self._faulty:
                    yield row

    def by(self, table: str, column: str) -> dict[str, list[Row]]:
        """Return a table's rows by the value of a column."""
        if (table, column) not in self._indexes:
            found = self._indexes[table, column] = {}
            for row in self.rows(table):
                found.setdefault(row[column], []).append(row)
        return self._indexes[table, column]

    def one(self, table: str, column: str, value: str) -> Row | None:
        """Return the first row of a table that has a value in a column."""
        return next(iter(self.by(table, column).get(value, ())), None)


def overlaps(start: str, end: str, first: str, last: str) -> bool:
    """Whether something from `start` to `end` (blank: open) touches the days `first` to `last`."""
    return bool(start) and start <= last and (end or OPEN) >= first


def until(day: str, last: str) -> str:
    """Return a day, blank where it lies after `last`."""
    return day if day and day <= last else ""


def covering(rows: list[Row], start: str, end: str, day: str) -> Row | None:
    """Return the latest row whose spell, by the names of its start and end columns, holds on a day."""
    held = [row for row in rows if row[start] <= day and (row[end] or OPEN) >= day]
    return max(held, key=lambda row: row[start]) if held else None


def latest(rows: list[Row], column: str, first: str, last: str) -> Row | None:
    """Return the row with the latest day of a column within the days `first` to `last`."""
    dated = [row for row in rows if first <= row[column][:10] <= last]
    return max(dated, key=lambda row: row[column]) if dated else None


def age_on(born: str, day: str) -> int:
    """Return completed years between two days; those born on 29 February have their birthday on 1 March."""
    return int(day[:4]) - int(born[:4]) - (day[5:] < born[5:])


def british(day: str) -> str:
    """Return an ISO day as DD/MM/YYYY, blank for blank."""
    return f"{day[8:10]}/{day[5:7]}/{day[:4]}" if day else ""

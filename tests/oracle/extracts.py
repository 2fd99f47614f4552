"""Reads the extract folder's good rows: what is planted as faulty is left out, exact duplicates count once."""

import csv
import json
from collections import defaultdict, namedtuple
from datetime import date, datetime
from pathlib import Path

from .fields import FIELDS
from .fields_support import SUPPORT_FIELDS

TABLES = FIELDS | SUPPORT_FIELDS


class Extracts:
    """The folder's tables as lists of named tuples, as they are known at the end of `as_at`.

    `extracts["referrals"]` gives the good rows of that table (names and columns: `fields.py`, `fields_support.py`). A
    missing file is an empty table. Kinds of a field: text; `day`; `seen`, the record's own date: a record that is
    dated after `as_at`, or not at all, does not exist yet; `end`: a date after `as_at` counts as blank; `time`;
    `number`.
    """

    def __init__(self, folder: Path, as_at: date):
        self.folder = Path(folder)
        self.as_at = as_at
        self._faulty_rows = _faulty_rows(self.folder)
        self._tables: dict[str, list] = {}
        self._grouped: dict[tuple[str, str], dict[str, list]] = {}

    def __getitem__(self, table: str) -> list:
        if table not in self._tables:
            self._tables[table] = self._read(table)
        return self._tables[table]

    def has(self, feed: str | None) -> bool:
        """Whether the folder holds the file of a feed; no feed is always there."""
        return feed is None or (self.folder / f"{feed}.csv").exists()

    def by(self, table: str, field: str) -> dict:
        """Rows of `table` in lists by the value of `field`."""
        if (table, field) not in self._grouped:
            grouped = self._grouped[table, field] = defaultdict(list)
            for row in self[table]:
                grouped[getattr(row, field)].append(row)
        return self._grouped[table, field]

    def _read(self, table: str) -> list:
        feed, fields = TABLES[table]
        row_type = namedtuple(table, fields)
        columns = [(*column.partition("|")[::2],) for column in fields.values()]
        kinds = [kind for _, kind in columns]
        read = []
        for values in self._good_rows(feed, [name for name, _ in columns]):
            row = row_type(*(self._typed(value, kind) for value, kind in zip(values, kinds, strict=True)))
            if not any(kind == "seen" and value is None for value, kind in zip(row, kinds, strict=True)):
                read.append(row)
        return read

    def _good_rows(self, feed: str, columns: list[str]):
        """Yields the values of `columns` in every row of the file that is neither planted as faulty nor a repeat."""
        path = self.folder / f"{feed}.csv"
        if not path.exists():
            return
        faulty = self._faulty_rows.get(path.name, set())
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            header = next(reader)
            places = [header.index(column) if column in header else None for column in columns]
            seen = set()
            for row_no, row in enumerate(reader, start=2):
                whole = tuple(row)
                if row_no in faulty or whole in seen or not row:
                    continue
                seen.add(whole)
                yield [row[place].strip() if place is not None else "" for place in places]

    def _typed(self, text: str, kind: str):
        if text == "":
            return None
        if kind in ("day", "seen", "end"):
            day = _day(text)
            return None if kind != "day" and day > self.as_at else day
        if kind == "time":
            return datetime.fromisoformat(text)
        if kind == "number":
            return float(text)
        return text


def _day(text: str) -> date:
    """A day as the dataset writes it, or as the returns do (31/03/2026)."""
    if text[2:3] == "/":
        return date(int(text[6:10]), int(text[3:5]), int(text[:2]))
    return date.fromisoformat(text[:10])


def _faulty_rows(folder: Path) -> dict[str, set[int]]:
    """Row numbers to leave out, by file name; an exact duplicate is no fault of the row that it repeats."""
    path = folder / "planted_faults.json"
    faulty = defaultdict(set)
    if path.exists():
        for fault in json.loads(path.read_text(encoding="utf-8")):
            if fault["rule"] != "duplicate":
                faulty[fault["file"]].add(fault["row_no"])
    return faulty


def outcome(text: str | None) -> str | None:
    """The outcome inside an SSD outcome column such as `{"OUTCOME": "CIN Referral"}`; None where there is none."""
    return (json.loads(text).get("OUTCOME") or None) if text else None

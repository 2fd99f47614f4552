"""Check rows against a specification, column by column.

A value is judged once for each distinct spelling (`ingest.judge`), so that a chunk of rows costs little more than a
look-up a field. Rules over several columns (`ingest.rules`) see whole columns of canonical text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import polars as pl

from ingest.column import Column
from ingest.fault import BadRow, Fault
from ingest.judge import BLANKS, DAMAGED_ID, explain, values_of
from ingest.recognise import Header
from ingest.rules import RowRules
from ingest.spec import FeedSpec
from ingest.table import Chunk

INVISIBLE = r"[\x{ad}\x{61c}\x{180e}\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}-\x{2069}\x{feff}]"
"""Characters without a width, and those that turn the direction of writing."""

MAX_KEY_BYTES = 200
"""Of one column of the key: what is longer is a text in the wrong column, and would not fit into an index."""

HIDDEN = "holds an invisible character, or a letter in parts: it was compared without"
ERROR_CELL = "the cell holds an error of the spreadsheet instead of a value"

Faults = dict[int, list[Fault]]
"""Faults by the row's place in its chunk."""


@dataclass
class Checked:
    """Good rows as columns of canonical text, in the specification's order; and the bad ones.

    `row_nos`, shape (n,), are those of the good rows; `row` gives such a row as it stood in the file. `warnings` are
    faults of good rows, by row number.
    """

    row_nos: np.ndarray
    columns: list[pl.Series]
    bad: list[BadRow]
    _rows: Sequence[list[str]]
    _places: np.ndarray
    warnings: list[tuple[int, Fault]] = field(default_factory=list)

    def row(self, at: int) -> list[str]:
        """Return the good row at a place, as it stood in the file."""
        return self._rows[int(self._places[at])]


class Checker:
    """The checks of one feed, made ready for one file's header, collection year and as-at date."""

    def __init__(self, spec: FeedSpec, header: Header, year: int | None = None, as_at: date | None = None) -> None:
        self._spec, self._positions = spec, header.positions
        self._index = {column.name: place for place, column in enumerate(spec.columns)}
        self._values = [values_of(column, spec.dates, year) for column in spec.columns]
        self._required = [
            spec.is_required(column) and _exists(column, year) and column.name not in header.added
            for column in spec.columns
        ]
        self._key = [self._index[name] for name in spec.key]
        self._names = {
            place
            for place, column in enumerate(spec.columns)
            if self._values[place] is None and (column.type == "id" or place in self._key)
        }
        self._rules = RowRules(spec, as_at)

    def check(self, chunk: Chunk, width: int) -> Checked:
        """Check a chunk of a file whose header has `width` fields."""
        fields = chunk.columns(width)
        columns = [self._canonical(place, fields[position]) for place, position in enumerate(self._positions)]
        faults: Faults = defaultdict(list)
        for place, column in enumerate(self._spec.columns):
            self._find_faults(column, columns[place], fields[self._positions[place]], faults)
        self._find_errors(chunk, faults)
        for at, fault in self._rules.find(columns):
            faults[at].append(fault)
        warnings = self._let_pass(chunk, columns, faults)
        bad = [self._bad_width(row_no, row, width) for row_no, row in chunk.wrong]
        places, row_nos = np.arange(len(chunk.rows)), np.asarray(chunk.row_nos, dtype=np.int64)
        if not faults:
            return Checked(row_nos, columns, bad, chunk.rows, places, warnings)
        for at in sorted(faults):
            row = chunk.rows[at]
            found = sorted(faults[at], key=lambda fault: fault.level == "warn")
            bad.append(BadRow(chunk.row_nos[at], row, found, self._key_of(row)))
        places = np.delete(places, list(faults))
        bad.sort(key=lambda row: row.row_no)
        good = [column.gather(places) for column in columns]
        return Checked(row_nos[places], good, bad, chunk.rows, places, warnings)

    def _canonical(self, place: int, values: pl.Series) -> pl.Series:
        known = self._values[place]
        if known is not None:
            return known.canonical(values)
        stripped = values.str.strip_chars(BLANKS)
        if place in self._names:
            stripped = _visible(stripped)
        if self._spec.columns[place].type == "id" and stripped.str.contains("+", literal=True).any():
            judged = [None if DAMAGED_ID.fullmatch(value) else value for value in stripped.to_list()]
            return pl.Series(judged, dtype=pl.String)
        return stripped

    def _find_faults(self, column: Column, canonical: pl.Series, values: pl.Series, faults: Faults) -> None:
        if canonical.null_count():
            for at in canonical.is_null().arg_true().to_list():
                faults[at].append(explain(column, values[at].strip(), self._spec.dates))
        if self._required[self._index[column.name]]:
            for at in (canonical == "").arg_true().to_list():
                faults[at].append(Fault(column.name, "required", "must not be blank", column.level))
        if self._index[column.name] in self._names:
            self._find_odd_names(column, canonical, values, faults)

    def _find_odd_names(self, column: Column, canonical: pl.Series, values: pl.Series, faults: Faults) -> None:
        """Find identifiers that were read otherwise than they stand, and those too long to be one."""
        if (values.str.len_bytes() != values.str.len_chars()).any():
            plain = values.str.strip_chars(BLANKS)
            for at in ((_visible(plain) != plain) & canonical.is_not_null()).arg_true().to_list():
                faults[at].append(Fault(column.name, "invisible", HIDDEN, "warn"))
        if self._index[column.name] in self._key:
            for at in (canonical.str.len_bytes() > MAX_KEY_BYTES).arg_true().to_list():
                reason = f"more than {MAX_KEY_BYTES} bytes, too long for a part of the key"
                faults[at].append(Fault(column.name, "length", reason))

    def _find_errors(self, chunk: Chunk, faults: Faults) -> None:
        """Find the cells of a workbook that hold an error: they came as blanks."""
        if not chunk.errors:
            return
        known = {position: self._spec.columns[place] for place, position in enumerate(self._positions)}
        for at, row_no in enumerate(chunk.row_nos):
            for position in chunk.errors.get(row_no, ()):
                if position in known:
                    column = known[position]
                    faults[at] = [fault for fault in faults[at] if fault.column != column.name]
                    faults[at].append(Fault(column.name, "error_cell", ERROR_CELL, column.level))

    def _let_pass(self, chunk: Chunk, columns: list[pl.Series], faults: Faults) -> list[tuple[int, Fault]]:
        """Take rows out of `faults` that have none but warnings, and blank the values that are at fault."""
        warnings: list[tuple[int, Fault]] = []
        blanks: dict[int, list[int]] = defaultdict(list)
        for at in [at for at, found in faults.items() if all(fault.level == "warn" for fault in found)]:
            for fault in faults.pop(at):
                warnings.append((chunk.row_nos[at], fault))
                if fault.rule not in ("order", "code_then", "invisible"):
                    blanks[self._index[fault.column]].append(at)
        for place, rows in blanks.items():
            columns[place] = columns[place].scatter(sorted(set(rows)), "")
        return warnings

    def _bad_width(self, row_no: int, row: list[str], width: int) -> BadRow:
        at = next((place for place, position in enumerate(self._positions) if position >= len(row)), None)
        column = self._spec.columns[at if at is not None else -1].name
        reason = f"{len(row)} fields where the header has {width}"
        return BadRow(row_no, row, [Fault(column, "width", reason)], self._key_of(row))

    def _key_of(self, row: list[str]) -> tuple[str, ...]:
        """The key's values in a bad row, canonical where they can be, blank where the row has none."""
        key = []
        for place in self._key:
            position, known = self._positions[place], self._values[place]
            text = row[position].strip() if position < len(row) else ""
            text = _visible(pl.Series([text]))[0] if place in self._names else text
            key.append((known[text] if known is not None else text) or text)
        return tuple(key)


def bare(text: str) -> str:
    """Return an identifier as it is compared."""
    return text.strip() if text.isascii() else _visible(pl.Series([text.strip(BLANKS)]))[0]


def _visible(values: pl.Series) -> pl.Series:
    """Return identifiers as they are compared: letters in one piece (NFC), nothing that cannot be seen."""
    if not (values.str.len_bytes() != values.str.len_chars()).any():
        return values
    return values.str.replace_all(INVISIBLE, "").str.normalize("NFC").str.strip_chars(BLANKS)


def _exists(column: Column, year: int | None) -> bool:
    """Whether the collection of a year has a column."""
    return year is None or (column.since or year) <= year <= (column.until or year)

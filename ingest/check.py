"""Check rows against a specification, column by column.

A value is judged once for each distinct spelling (`Values`), so that a chunk of rows costs little more than a
look-up a field. Rules over several columns (`Checker._find_disorder`) see whole columns of canonical text: dates
ISO, codes in the list's spelling, blanks empty, faults null.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import polars as pl

from ingest.recognise import Header
from ingest.spec import SYMBOLS, Column, DateForm, FeedSpec
from ingest.table import Chunk

CACHED = 100_000
YEARS = range(1900, 2200)
DATE = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
DAY_FIRST = re.compile(r"(\d\d)/(\d\d)/(\d{4})(?:[T ]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
TIMESTAMP = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?(?:\.\d+)?", re.ASCII)
INT = re.compile(r"([+-]?\d{1,18})(?:\.0+)?", re.ASCII)
NUMERIC = re.compile(r"[+-]?(?:\d{1,18}(?:\.\d{1,18})?|\.\d{1,18})", re.ASCII)
BLANKS = "".join(filter(str.isspace, map(chr, range(sys.maxunicode + 1))))
"""What `str.strip` takes off."""

DAMAGED_ID = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class Fault:
    """One fault of one row: the column, the rule that it breaks, and why. Never a value."""

    column: str
    rule: str
    reason: str


@dataclass
class BadRow:
    """A row that is not loaded, as it stood in the file, with its faults and its key as far as it is known."""

    row_no: int
    row: list[str]
    faults: list[Fault]
    key: tuple[str, ...]


@dataclass
class Checked:
    """Good rows as columns of canonical text, in the specification's order; and the bad ones.

    `row_nos`, shape (n,), are those of the good rows; `row` gives such a row as it stood in the file.
    """

    row_nos: np.ndarray
    columns: list[pl.Series]
    bad: list[BadRow]
    _rows: Sequence[list[str]]
    _places: np.ndarray

    def row(self, at: int) -> list[str]:
        """Return the good row at a place, as it stood in the file."""
        return self._rows[int(self._places[at])]


class Values(dict[str, str | None]):
    """Spelling -> canonical text, or None for a fault; judged on first sight. Forgets beyond 100,000."""

    def __init__(self, judge: Callable[[str], str | None]) -> None:
        super().__init__()
        self._judge = judge

    def __missing__(self, spelling: str) -> str | None:
        if len(self) > CACHED:
            self.clear()
        text = spelling.strip()
        canonical = self[spelling] = self._judge(text) if text else ""
        return canonical

    def canonical(self, series: pl.Series) -> pl.Series:
        """Return a column in canonical text, null where a value is at fault."""
        distinct = series.unique()
        spellings = distinct.to_list()
        judged = list(map(self.__getitem__, spellings))
        if judged == spellings:
            return series
        return series.replace_strict(distinct, pl.Series(judged, dtype=pl.String), return_dtype=pl.String)


class Checker:
    """The checks of one feed, made ready for one file's header."""

    def __init__(self, spec: FeedSpec, header: Header) -> None:
        self._spec, self._positions = spec, header.positions
        self._index = {column.name: place for place, column in enumerate(spec.columns)}
        self._values = [_values(column, spec.dates) for column in spec.columns]
        self._key = [self._index[name] for name in spec.key]

    def check(self, chunk: Chunk, width: int) -> Checked:
        """Check a chunk of a file whose header has `width` fields."""
        fields = chunk.columns(width)
        columns = [self._canonical(place, fields[position]) for place, position in enumerate(self._positions)]
        faults: dict[int, list[Fault]] = defaultdict(list)
        for place, column in enumerate(self._spec.columns):
            self._find_faults(column, columns[place], fields[self._positions[place]], faults)
        for earlier, later in self._spec.order:
            self._find_disorder(earlier, later, columns, faults)
        bad = [self._bad_width(row_no, row, width) for row_no, row in chunk.wrong]
        places, row_nos = np.arange(len(chunk.rows)), np.asarray(chunk.row_nos, dtype=np.int64)
        if not faults:
            return Checked(row_nos, columns, bad, chunk.rows, places)
        for at in sorted(faults):
            row = chunk.rows[at]
            bad.append(BadRow(chunk.row_nos[at], row, faults[at], self._key_of(row)))
        places = np.delete(places, list(faults))
        bad.sort(key=lambda row: row.row_no)
        return Checked(row_nos[places], [column.gather(places) for column in columns], bad, chunk.rows, places)

    def _canonical(self, place: int, values: pl.Series) -> pl.Series:
        known = self._values[place]
        if known is not None:
            return known.canonical(values)
        stripped = values.str.strip_chars(BLANKS)
        if self._spec.columns[place].type == "id" and stripped.str.contains("+", literal=True).any():
            judged = [None if DAMAGED_ID.fullmatch(value) else value for value in stripped.to_list()]
            return pl.Series(judged, dtype=pl.String)
        return stripped

    def _find_faults(
        self, column: Column, canonical: pl.Series, values: pl.Series, faults: dict[int, list[Fault]]
    ) -> None:
        if canonical.null_count():
            for at in canonical.is_null().arg_true().to_list():
                faults[at].append(explain(column, values[at].strip(), self._spec.dates))
        if self._spec.is_required(column):
            for at in (canonical == "").arg_true().to_list():
                faults[at].append(Fault(column.name, "required", "must not be blank"))

    def _find_disorder(
        self, earlier: str, later: str, columns: list[pl.Series], faults: dict[int, list[Fault]]
    ) -> None:
        first, second = columns[self._index[earlier]], columns[self._index[later]]
        if self._spec.column(earlier).type != self._spec.column(later).type:
            first, second = first.str.slice(0, 10), second.str.slice(0, 10)
        for at in ((second < first) & (second != "")).arg_true().to_list():
            faults[at].append(Fault(later, "order", f"before {earlier}"))

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
            key.append((known[text] if known is not None else text) or text)
        return tuple(key)


def explain(column: Column, value: str, dates: DateForm = "YYYY-MM-DD") -> Fault:
    """Say what is wrong with a value, without saying the value."""
    if column.codes is not None:
        return Fault(column.name, "code", "not one of the codes of this column")
    if column.type == "flag":
        return Fault(column.name, "code", "neither Y nor N")
    if column.type == "id":
        return Fault(column.name, "type", "a number in scientific notation: a spreadsheet damaged this identifier")
    if column.type == "date":
        return Fault(column.name, "type", _explain_date(_FORMS[dates][0].fullmatch(value), dates))
    if column.type == "timestamp":
        return Fault(column.name, "type", _explain_date(TIMESTAMP.fullmatch(value), "YYYY-MM-DDTHH:MM:SS"))
    what = {"int": "a whole number", "numeric": "a number", "published_number": f"a number or {', '.join(SYMBOLS)}"}
    return Fault(column.name, "type", f"not {what[column.type]}")


def _explain_date(match: re.Match[str] | None, form: str) -> str:
    if match is None:
        return f"not written {form}"
    return f"no such day, no such time, or a year outside {YEARS.start} to {YEARS.stop - 1}"


def _values(column: Column, dates: DateForm) -> Values | None:
    """Return the judge of a column; None for text and ids, which are taken as they are."""
    if column.codes is not None:
        return Values(_code_judge(column.codes))
    judges: dict[str, Callable[[str], str | None]] = {
        "date": _FORMS[dates][1],
        "timestamp": _timestamp,
        "int": _int,
        "numeric": _numeric,
        "flag": _code_judge(("Y", "N")),
        "published_number": lambda text: text if text in SYMBOLS else _numeric(text),
    }
    judge = judges.get(column.type)
    return Values(judge) if judge else None


def _code_judge(codes: Iterable[str]) -> Callable[[str], str | None]:
    spelling = {code.casefold(): code for code in codes}
    return lambda text: spelling.get(text.casefold())


def _date(text: str) -> str | None:
    match = DATE.fullmatch(text)
    return match[1] if match and _is_day(match[1]) else None


def _day_first(text: str) -> str | None:
    match = DAY_FIRST.fullmatch(text)
    day = match and f"{match[3]}-{match[2]}-{match[1]}"
    return day if day and _is_day(day) else None


_FORMS: dict[DateForm, tuple[re.Pattern[str], Callable[[str], str | None]]] = {
    "YYYY-MM-DD": (DATE, _date),
    "DD/MM/YYYY": (DAY_FIRST, _day_first),
}


def _timestamp(text: str) -> str | None:
    match = TIMESTAMP.fullmatch(text)
    if not match or not _is_day(match[1]):
        return None
    try:
        return datetime.fromisoformat(f"{match[1]} {match[2]}{match[3] or ':00'}").isoformat()
    except ValueError:
        return None


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).year in YEARS
    except ValueError:
        return False


def _int(text: str) -> str | None:
    match = INT.fullmatch(text)
    return str(int(match[1])) if match else None


def _numeric(text: str) -> str | None:
    return text if NUMERIC.fullmatch(text) else None

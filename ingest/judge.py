"""Judge the values of a column: each distinct spelling once, into canonical text or a fault.

Canonical are ISO dates, codes in the list's spelling, Y and N, whole numbers without a fraction, blanks empty.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime

import polars as pl

from ingest.column import Column
from ingest.fault import Fault
from ingest.spec import SYMBOLS, DateForm, squeeze

CACHED = 20_000
YEARS = range(1900, 2200)
TIME_OF_DAY = r"(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?"
"""Some case systems keep a time in a column of days: the day counts."""

DATE = re.compile(r"(\d{4}-\d\d-\d\d)" + TIME_OF_DAY, re.ASCII)
DAY_FIRST = re.compile(r"(\d\d)/(\d\d)/(\d{4})" + TIME_OF_DAY, re.ASCII)
TIMESTAMP = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?(?:\.\d+)?", re.ASCII)
INT = re.compile(r"([+-]?\d{1,18})(?:\.0+)?", re.ASCII)
NUMERIC = re.compile(r"[+-]?(?:\d{1,18}(?:\.\d{1,18})?|\.\d{1,18})", re.ASCII)
BLANKS = "".join(filter(str.isspace, map(chr, range(sys.maxunicode + 1))))
"""What `str.strip` takes off."""

FLAGS = {"Y": ("yes", "true", "1"), "N": ("no", "false", "0")}
"""What case systems write for yes and no; a bit is 1 or 0."""

DAMAGED_ID = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.ASCII | re.IGNORECASE)


class Values(dict[str, str | None]):
    """Spelling -> canonical text, or None for a fault; judged on first sight. Forgets beyond 20,000."""

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


def explain(column: Column, value: str, dates: DateForm = "YYYY-MM-DD") -> Fault:
    """Say what is wrong with a value, without saying the value."""
    if column.codes is not None:
        return _fault(column, "code", "not one of the codes of this column")
    if column.type == "flag":
        return _fault(column, "code", "neither Y nor N")
    if column.type == "id":
        return _fault(column, "type", "a number in scientific notation: a spreadsheet damaged this identifier")
    if column.type == "date":
        return _fault(column, "type", _explain_date(_FORMS[dates][0].fullmatch(value), dates))
    if column.type == "timestamp":
        return _fault(column, "type", _explain_date(TIMESTAMP.fullmatch(value), "YYYY-MM-DDTHH:MM:SS"))
    if _NUMBERS[column.type](value) is not None:
        return _fault(column, "range", _explain_range(column))
    what = {"int": "a whole number", "numeric": "a number", "published_number": f"a number or {', '.join(SYMBOLS)}"}
    return _fault(column, "type", f"not {what[column.type]}")


def _fault(column: Column, rule: str, reason: str) -> Fault:
    return Fault(column.name, rule, reason, column.level)


def _explain_range(column: Column) -> str:
    if column.max is None:
        return f"less than {column.min}"
    return f"more than {column.max}" if column.min is None else f"not from {column.min} to {column.max}"


def _explain_date(match: re.Match[str] | None, form: str) -> str:
    if match is None:
        return f"not written {form}"
    return f"no such day, no such time, or a year outside {YEARS.start} to {YEARS.stop - 1}"


def values_of(column: Column, dates: DateForm, year: int | None = None) -> Values | None:
    """Return the judge of a column in a collection year; None for text and ids, which are taken as they are."""
    if column.spellings is not None:
        return Values(_spelling_judge(column.spellings))
    if column.codes is not None:
        return Values(_code_judge(column.codes_of(year) or ()))
    judges: dict[str, Callable[[str], str | None]] = {
        "date": _FORMS[dates][1],
        "timestamp": _timestamp,
        "flag": _spelling_judge(FLAGS),
        **_NUMBERS,
    }
    judge = judges.get(column.type)
    if judge is None:
        return None
    return Values(_range_judge(judge, column) if column.is_bounded else judge)


def _code_judge(codes: Iterable[str]) -> Callable[[str], str | None]:
    spelling = {code.casefold(): code for code in codes}
    return lambda text: spelling.get(text.casefold())


def _spelling_judge(spellings: Mapping[str, Iterable[str]]) -> Callable[[str], str | None]:
    meant = {squeeze(spelling): code for code, others in spellings.items() for spelling in (code, *others)}
    return lambda text: meant.get(squeeze(text))


def _range_judge(judge: Callable[[str], str | None], column: Column) -> Callable[[str], str | None]:
    """Return a judge of numbers that knows the column's bounds too."""
    least = -math.inf if column.min is None else column.min
    most = math.inf if column.max is None else column.max

    def within(text: str) -> str | None:
        canonical = judge(text)
        return canonical if canonical is not None and least <= float(canonical) <= most else None

    return within


def _date(text: str) -> str | None:
    match = DATE.fullmatch(text)
    return match[1] if match and _is_day(match[1]) else None


def _day_first(text: str) -> str | None:
    """Read DD/MM/YYYY; an ISO day, as workbooks and databases give it, cannot be mistaken and is read too."""
    match = DAY_FIRST.fullmatch(text)
    if match is None:
        return _date(text)
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


def _published_number(text: str) -> str | None:
    return text if text in SYMBOLS else _numeric(text)


_NUMBERS: dict[str, Callable[[str], str | None]] = {
    "int": _int,
    "numeric": _numeric,
    "published_number": _published_number,
}

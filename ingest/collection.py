"""Which collection year a return belongs to, where its file does not say so.

A collection year ends on 31 March (SSDA903, CIN census) and is called by that day's year.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from ingest.column import Column
from ingest.errors import RefusedFile
from ingest.recognise import Header
from ingest.spec import DateForm, FeedSpec
from ingest.table import Table

ENDS = (3, 31)
HANDED_IN_UNTIL = (6, 30)
"""The Department for Education opens the SSDA903 in April; councils clean it to about the end of June."""

FORMS: dict[DateForm, tuple[str, ...]] = {"YYYY-MM-DD": ("%Y-%m-%d",), "DD/MM/YYYY": ("%d/%m/%Y", "%Y-%m-%d")}
SHARE = 0.01
"""The newest year that holds this share of the days counts: a mistyped day in the future moves nothing."""


def year_of(day: date) -> int:
    """Return the collection year in which a day lies."""
    return day.year + ((day.month, day.day) > ENDS)


def year_handed_in(day: date) -> int:
    """Return the collection year whose return is likeliest to be made on a day.

    From 1 April to 30 June the year that has just ended is loaded and cleaned; afterwards the running one is looked at.
    """
    return day.year if ENDS < (day.month, day.day) <= HANDED_IN_UNTIL else year_of(day)


def year_of_days(table: Table, spec: FeedSpec, header: Header, as_at: date) -> int | None:
    """Return the newest collection year that holds at least one in a hundred of the file's days; None without days.

    Days after the as-at date count only where there are no others: in a small file one mistyped day is a large share.
    """
    if spec.collection is None:
        return None
    places = _places(spec, header, spec.collection.dates)
    counts: Counter[str] = Counter()
    for chunk in table.chunks(header.kinds(spec, len(table.header))):
        for row in chunk.rows:
            counts.update(row[place].strip() for place in places if place < len(row))
    come: Counter[int] = Counter()
    to_come: Counter[int] = Counter()
    for spelling, count in counts.items():
        day = _day(spelling, FORMS[spec.dates])
        if day:
            (come if day <= as_at else to_come)[year_of(day)] += count
    years = come or to_come
    enough = SHARE * years.total()
    return max((year for year, count in years.items() if count >= enough), default=None)


def year_of_codes(table: Table, spec: FeedSpec, header: Header, guess: int) -> int:
    """Return `guess`, or the nearest year whose code lists know more of the file's codes (header: SEX 1 or M)."""
    columns = [column for column in spec.file_columns if column.codes_by_year and column.name not in header.added]
    places = _places(spec, header, tuple(column.name for column in columns))
    counts: list[Counter[str]] = [Counter() for _ in columns]
    for chunk in table.chunks(header.kinds(spec, len(table.header))):
        for at, place in enumerate(places):
            counts[at].update(row[place].strip().casefold() for row in chunk.rows)
    eras = {since for column in columns for since in column.codes_by_year}
    years = sorted({guess, *eras, *(since - 1 for since in eras)}, key=lambda year: (abs(year - guess), year))
    return max(years, key=lambda year: _known(columns, counts, year))


def _known(columns: list[Column], counts: list[Counter[str]], year: int) -> int:
    """Return how many of the codes the lists of a year know."""
    return sum(
        count[code.casefold()]
        for column, count in zip(columns, counts, strict=True)
        for code in column.codes_of(year) or ()
    )


def year_within(table: Table, spec: FeedSpec, header: Header) -> int | None:
    """Return the one collection year that a file's own column states.

    Raises:
        RefusedFile: it states two.
    """
    (place,) = _places(spec, header, spec.within)
    found: int | None = None
    for chunk in table.chunks(header.kinds(spec, len(table.header))):
        for row_no, row in zip(chunk.row_nos, chunk.rows, strict=True):
            value = row[place].strip()
            year = int(value) if len(value) == 4 and value.isascii() and value.isdigit() else None
            if year is not None and found not in (None, year):
                message = "rows of two collection years: deliver one file for each"
                raise RefusedFile(
                    table.name, "two_years", message, row=row_no, sheet=table.sheet, column=spec.within[0]
                )
            found = year if found is None else found
    return found


def _day(spelling: str, forms: tuple[str, ...]) -> date | None:
    for form in forms:
        try:
            return datetime.strptime(spelling[:10], form).date()
        except ValueError:
            continue
    return None


def _places(spec: FeedSpec, header: Header, names: tuple[str, ...]) -> list[int]:
    order = [column.name for column in spec.columns]
    return [header.positions[order.index(name)] for name in names]

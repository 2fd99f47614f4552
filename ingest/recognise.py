"""Find out which feed a file is, by its name and its header; and whether its header is complete."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import PurePath

from ingest.column import Column
from ingest.errors import RefusedFile, shown
from ingest.header_cells import HeaderCells, letters
from ingest.preface import MAX_ROWS, is_header
from ingest.spec import FeedSpec, normalise
from ingest.table import Chunk, Table, top_of

HEADER_SHARE = 0.5
"""A first row with fewer of the feed's column names may be a row of data: its cells are never shown."""

LIKENESS = 0.5
"""How like (0 to 1) the missing name a column's name must be to be told as the nearest. In a damaged workbook a value
may stand in a header's place: it is like none."""

OTHER_ENDINGS = (".xlsx", ".parquet", ".tsv", ".txt", ".xlsm", ".xls")
"""Endings under which a feed may come as well as under its pattern's `.csv`; the contents say what it is."""


@dataclass(frozen=True)
class Header:
    """Where each column of the specification stands in the file, and the columns that it does not know.

    `added` are columns of the specification that the file does not have and need not have: they stand, in this
    order, after the file's own (see `ingest.table.Part`). `renamed` are columns found under another name.
    """

    positions: tuple[int, ...]
    extra: tuple[str, ...]
    added: tuple[str, ...] = ()
    renamed: tuple[str, ...] = ()

    def kinds(self, spec: FeedSpec, width: int) -> list[str | None]:
        """Return the declared type of each of the file's `width` columns; None for those not in the specification."""
        kinds: list[str | None] = [None] * width
        for position, column in zip(self.positions, spec.columns, strict=True):
            if position < width:
                kinds[position] = column.type
        return kinds

    def in_words_of(self, spec: FeedSpec, cells: Sequence[str]) -> list[str]:
        """Return a header with the specification's names in the place of the file's own for the same columns."""
        names = list(cells)
        for position, column in zip(self.positions, spec.columns, strict=True):
            if position < len(names):
                names[position] = column.name
        return names


def known_columns(specs: Mapping[str, FeedSpec]) -> frozenset[str]:
    """Return every column name of every feed, and every other name for one, normalised."""
    return frozenset(name for spec in specs.values() for name in names_of(spec))


def names_of(spec: FeedSpec) -> frozenset[str]:
    """Return every name under which a column of the feed is known, normalised."""
    return frozenset(normalise(name) for column in spec.file_columns for name in (column.name, *column.aliases))


def find_columns(spec: FeedSpec, header: Sequence[str]) -> dict[str, int]:
    """Return where each column stands in a header: by its name, else by an alias, else by its pattern."""
    cells = [normalise(cell) for cell in header]
    first = {cell: place for place, cell in reversed(list(enumerate(cells)))}
    found: dict[str, int] = {}
    used: set[int] = set()
    for ways in (_by_name, _by_alias, _by_pattern):
        for column in spec.file_columns:
            if column.name not in found:
                place = ways(column, header, first, used)
                if place is not None and place not in used:
                    found[column.name] = place
                    used.add(place)
    return found


def _by_name(column: Column, _header: Sequence[str], first: Mapping[str, int], _used: set[int]) -> int | None:
    return first.get(normalise(column.name))


def _by_alias(column: Column, _header: Sequence[str], first: Mapping[str, int], used: set[int]) -> int | None:
    places = (first.get(normalise(alias)) for alias in column.aliases)
    return next((place for place in places if place is not None and place not in used), None)


def _by_pattern(column: Column, header: Sequence[str], _first: Mapping[str, int], used: set[int]) -> int | None:
    if column.pattern is None:
        return None
    fits = (place for place, cell in enumerate(header) if place not in used and cell)
    return next((place for place in fits if re.search(column.pattern, header[place], re.IGNORECASE)), None)


def by_name(file_name: str, specs: Mapping[str, FeedSpec]) -> FeedSpec | None:
    """Return the feed whose file pattern fits the name; of several the longest pattern's."""
    name = PurePath(file_name).name.casefold()
    for ending in OTHER_ENDINGS:
        name = name.removesuffix(ending) + ".csv" if name.endswith(ending) else name
    fits = [
        (len(pattern), spec.feed)
        for spec in specs.values()
        for pattern in spec.files
        if fnmatchcase(name, pattern.casefold())
    ]
    return specs[max(fits)[1]] if fits else None


def by_sheet(sheet: str, specs: Mapping[str, FeedSpec]) -> FeedSpec | None:
    """Return the feed whose sheet pattern fits a sheet's name; of several the longest pattern's."""
    name = " ".join(sheet.split()).casefold()
    fits = [
        (len(pattern), spec.feed)
        for spec in specs.values()
        for pattern in spec.sheets
        if fnmatchcase(name, pattern.casefold())
    ]
    return specs[max(fits)[1]] if fits else None


def nearest(file_name: str, header: tuple[str, ...], specs: Mapping[str, FeedSpec]) -> FeedSpec | None:
    """Return the feed that is likest to the header, else the one with the likest name."""
    cells = sum(bool(cell.strip()) for cell in header)
    likeness = [(_likeness(spec, header, cells), spec.feed) for spec in specs.values()]
    best, feed = max(likeness, default=(0.0, ""))
    if best > 0:
        return specs[feed]
    alike = get_close_matches(PurePath(file_name).stem.casefold(), specs, n=1, cutoff=0.5)
    return specs[alike[0]] if alike else None


def whole(header: Sequence[str], specs: Mapping[str, FeedSpec]) -> FeedSpec | None:
    """Return the feed that has most columns in a header, of those whose needed columns are all there; or None."""
    fits = []
    for spec in specs.values():
        found = find_columns(spec, header)
        if not _lacking(spec, found) and len(found) >= HEADER_SHARE * len(spec.file_columns):
            exact = len({normalise(cell) for cell in header} & names_of(spec))
            fits.append((exact, len(found), spec.feed))
    return specs[max(fits)[2]] if fits else None


def feed_of(named: FeedSpec | None, header: Sequence[str], specs: Mapping[str, FeedSpec]) -> FeedSpec | None:
    """Return the feed that a file is named like, unless its header lacks a needed column and is wholly another's."""
    if named and not _lacking(named, find_columns(named, header)):
        return named
    return whole(header, specs) or named


def named_like(text: Table, specs: Mapping[str, FeedSpec]) -> FeedSpec | None:
    """Return the feed that the name of a table's file says it is, or else its sheet's."""
    return by_name(text.name, specs) or by_sheet(text.sheet, specs)


def recognise(text: Table, specs: Mapping[str, FeedSpec]) -> FeedSpec:
    """Return the feed of a table: by its name where the columns do not contradict it, else the largest that is there.

    Raises:
        RefusedFile: none fits; the message names the nearest feed and what it would need.
    """
    spec = feed_of(named_like(text, specs), text.header, specs)
    if spec:
        return spec
    _refuse_record_above(text, specs)
    near = nearest(text.name, text.header, specs)
    if near is None:
        message = "no feed has a file of this name or with these columns: is its first row the header?"
        raise RefusedFile(text.name, "unrecognised", message)
    lacking = _lacking(near, find_columns(near, text.header)) or [near.columns[0].name]
    message = f"no feed is known by this name or header; nearest is {near.feed}, whose column {lacking[0]} is missing"
    message += _further(lacking)
    message += _nearest_present(text, near, lacking[0])
    raise RefusedFile(text.name, "unrecognised", message, row=top_of(text), sheet=text.sheet, column=lacking[0])


def holds_header(header: Sequence[str], spec: FeedSpec) -> bool:
    """Whether a row has so many of the feed's column names that it is a header of it, be it incomplete."""
    return _share(spec, header) >= HEADER_SHARE


def match_header(text: Table, spec: FeedSpec, specs: Mapping[str, FeedSpec]) -> Header:
    """Find the columns of the specification in the header, whatever their order and case.

    Raises:
        RefusedFile: a column name stands twice, a column is missing, or it is the header of another feed.
    """
    cells = [normalise(cell) for cell in text.header]
    twice = next((cell for cell in cells if cell and cells.count(cell) > 1), None)
    if twice is not None and holds_header(text.header, spec):
        raise RefusedFile(
            text.name,
            "duplicate_header",
            "this column name stands twice",
            row=top_of(text),
            sheet=text.sheet,
            column=told(text, cells.index(twice)),
        )
    found = find_columns(spec, text.header)
    missing = _lacking(spec, found)
    if missing:
        _refuse_missing(text, spec, specs, missing)
    added = tuple(column.name for column in spec.columns if column.name not in found)
    places = found | {name: len(text.header) + at for at, name in enumerate(added)}
    known = set(found.values())
    told_cells = HeaderCells(text)
    extra = tuple(told(text, at, told_cells) for at, cell in enumerate(text.header) if at not in known and cell.strip())
    renamed = tuple(
        f"{told(text, at, told_cells)} as {name}" for name, at in found.items() if cells[at] != normalise(name)
    )
    return Header(tuple(places[column.name] for column in spec.columns), extra, added, renamed)


def _lacking(spec: FeedSpec, found: Mapping[str, int]) -> list[str]:
    """Return the columns that a file of the feed must have and this one has not."""
    return [column.name for column in spec.file_columns if column.name not in found and not column.may_be_absent]


def _refuse_record_above(text: Table, specs: Mapping[str, FeedSpec]) -> None:
    """Refuse a table whose header stands below what may be a record: which of its rows it would lose is not guessed."""
    known, rows = known_columns(specs), []
    with suppress(RefusedFile), closing(text.chunks()) as chunks:
        first = next(chunks, Chunk([], []))
        rows = sorted([*zip(first.row_nos, first.rows[:MAX_ROWS], strict=False), *first.wrong[:MAX_ROWS]])
    for row_no, row in rows:
        if row_no <= MAX_ROWS and is_header(row, known):
            message = (
                f"the header is row {row_no}, but what stands above it may be a record: move it below, or remove it"
            )
            raise RefusedFile(text.name, "header", message, row=top_of(text), sheet=text.sheet)


def _refuse_missing(text: Table, spec: FeedSpec, specs: Mapping[str, FeedSpec], missing: list[str]) -> None:
    _refuse_record_above(text, specs)
    other = nearest(text.name, text.header, specs)
    if other and other.feed != spec.feed and _share(other, text.header) > _share(spec, text.header):
        message = f"this is not {spec.feed}: its header is that of {other.feed}"
        raise RefusedFile(text.name, "other_feed", message, row=top_of(text), sheet=text.sheet, column=missing[0])
    message = f"{spec.feed} needs this column{_further(missing)}"
    message += _nearest_present(text, spec, missing[0])
    raise RefusedFile(text.name, "missing_column", message, row=top_of(text), sheet=text.sheet, column=missing[0])


def _further(missing: list[str]) -> str:
    """Name the missing columns behind the first one, five of them."""
    return f" (and {', '.join(missing[1:6])}{' and more' if len(missing) > 6 else ''})" if missing[1:] else ""


def _nearest_present(text: Table, spec: FeedSpec, missing: str) -> str:
    """Name the column that may be meant for a missing one; nothing where the first row may be one of values."""
    if not holds_header(text.header, spec):
        return ""
    known = find_columns(spec, text.header).values()
    unused = sorted(normalise(cell) for at, cell in enumerate(text.header) if at not in known and cell.strip())
    near = get_close_matches(normalise(missing), unused, n=1, cutoff=LIKENESS)
    cells = [normalise(cell) for cell in text.header]
    return f"; nearest column present: {told(text, cells.index(near[0]))}" if near else ""


def told(text: Table, at: int, cells: HeaderCells | None = None) -> str:
    """Return a header's cell fit for a message: not where it may be a value, and of several lines the first.

    `cells` are the header's, where several of them are told.
    """
    if at >= text.reach:
        return "(not shown)"
    if (cells or HeaderCells(text)).may_be_value(at):
        return f"(column {letters(at)}, not shown)"
    first, _, more = text.header[at].partition("\n")
    return shown(first) + ("…" if more else "")


def _share(spec: FeedSpec, header: Sequence[str]) -> float:
    """Share of the feed's columns that are present, 0 to 1."""
    return len(find_columns(spec, header)) / len(spec.file_columns)


def _likeness(spec: FeedSpec, header: Sequence[str], cells: int) -> float:
    """Share of the feed's columns and of the header's `cells` that are each other's, 0 to 1: of two feeds with the same
    columns of a header the one with fewer others."""
    return 2 * len(find_columns(spec, header)) / (len(spec.file_columns) + cells)

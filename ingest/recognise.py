"""Find out which feed a file is: by its name, else by its header; and whether its header is complete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import PurePath

from ingest.errors import RefusedFile, shown
from ingest.spec import FeedSpec, normalise
from ingest.table import Table

HEADER_SHARE = 0.5
"""A first row with fewer of the feed's column names may be a row of data: its cells are never shown."""

OTHER_ENDINGS = (".xlsx", ".tsv", ".txt", ".xlsm", ".xls")
"""Endings under which a feed may come as well as under its pattern's `.csv`; the contents say what it is."""


@dataclass(frozen=True)
class Header:
    """Where each column of the specification stands in the file, and the columns that it does not know."""

    positions: tuple[int, ...]
    extra: tuple[str, ...]

    def kinds(self, spec: FeedSpec, width: int) -> list[str | None]:
        """Return the declared type of each of the file's `width` columns; None for those not in the specification."""
        kinds: list[str | None] = [None] * width
        for position, column in zip(self.positions, spec.columns, strict=True):
            kinds[position] = column.type
        return kinds


def known_columns(specs: Mapping[str, FeedSpec]) -> frozenset[str]:
    """Return every column name of every feed, normalised."""
    return frozenset(normalise(column.name) for spec in specs.values() for column in spec.columns)


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


def nearest(file_name: str, header: tuple[str, ...], specs: Mapping[str, FeedSpec]) -> FeedSpec | None:
    """Return the feed that shares most columns with the header, else the one with the likest name."""
    present = {normalise(cell) for cell in header}
    shares = [(_share(spec, present), spec.feed) for spec in specs.values()]
    share, feed = max(shares, default=(0.0, ""))
    if share > 0:
        return specs[feed]
    alike = get_close_matches(PurePath(file_name).stem.casefold(), specs, n=1, cutoff=0.5)
    return specs[alike[0]] if alike else None


def recognise(text: Table, specs: Mapping[str, FeedSpec]) -> FeedSpec:
    """Return the feed of a file: by its name, else the largest feed whose columns are all there.

    Raises:
        RefusedFile: neither fits; the message names the nearest feed and what it would need.
    """
    named = by_name(text.name, specs)
    if named:
        return named
    present = {normalise(cell) for cell in text.header}
    whole = [(len(spec.columns), spec.feed) for spec in specs.values() if _share(spec, present) == 1]
    if whole:
        return specs[max(whole)[1]]
    near = nearest(text.name, text.header, specs)
    if near is None:
        raise RefusedFile(text.name, "unrecognised", "no feed has a file of this name or with these columns")
    lacking = [column.name for column in near.columns if normalise(column.name) not in present]
    message = f"no feed is known by this name or header; nearest is {near.feed}, whose column {lacking[0]} is missing"
    raise RefusedFile(text.name, "unrecognised", message, row=1, sheet=text.sheet, column=lacking[0])


def match_header(text: Table, spec: FeedSpec, specs: Mapping[str, FeedSpec]) -> Header:
    """Find the columns of the specification in the header, by name, whatever their order and case.

    Raises:
        RefusedFile: a column name stands twice, a column is missing, or it is the header of another feed.
    """
    cells = [normalise(cell) for cell in text.header]
    twice = next((cell for cell in cells if cell and cells.count(cell) > 1), None)
    is_header = _share(spec, set(cells)) >= HEADER_SHARE
    if twice is not None and is_header:
        raise RefusedFile(
            text.name, "duplicate_header", "this column name stands twice", row=1, sheet=text.sheet, column=twice
        )
    names = [normalise(column.name) for column in spec.columns]
    missing = [column.name for column, name in zip(spec.columns, names, strict=True) if name not in cells]
    if missing:
        _refuse_missing(text, spec, specs, missing, is_header)
    extra = tuple(shown(cell) for cell, name in zip(text.header, cells, strict=True) if name not in names and name)
    return Header(tuple(cells.index(name) for name in names), extra)


def _refuse_missing(
    text: Table, spec: FeedSpec, specs: Mapping[str, FeedSpec], missing: list[str], is_header: bool
) -> None:
    other = nearest(text.name, text.header, specs)
    cells = {normalise(cell) for cell in text.header}
    if other and other.feed != spec.feed and _share(other, cells) > _share(spec, cells):
        message = f"this is not {spec.feed}: its header is that of {other.feed}"
        raise RefusedFile(text.name, "other_feed", message, row=1, sheet=text.sheet, column=missing[0])
    message = f"{spec.feed} needs this column"
    if len(missing) > 1:
        message += f" (and {', '.join(missing[1:6])}{' and more' if len(missing) > 6 else ''})"
    unused = sorted(cells - {normalise(column.name) for column in spec.columns} - {""})
    near = get_close_matches(normalise(missing[0]), unused, n=1, cutoff=0.0)
    if is_header and near:
        message += f"; nearest column present: {shown(near[0])}"
    raise RefusedFile(text.name, "missing_column", message, row=1, sheet=text.sheet, column=missing[0])


def _share(spec: FeedSpec, present: set[str]) -> float:
    """Share of the feed's columns that are present, 0 to 1."""
    return sum(normalise(column.name) in present for column in spec.columns) / len(spec.columns)

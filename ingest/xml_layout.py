"""Layouts of statutory returns in XML: which element is a row of which feed, and in which years it exists.

A layout is a YAML file beside this module (`xml_cin.yml`, `xml_903.yml`, `xml_csww.yml`); a new return is a new
layout. The reader walks the elements of a record (a child, a worker) by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ingest.errors import BadSpec

LAYOUTS = Path(__file__).parent
NAMES = ("xml_cin", "xml_903", "xml_csww")
"""The returns that are read, in the order in which they are tried."""


class Strict(BaseModel):
    """A model that knows every field it is given."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Element(Strict):
    """One element. Without `within` it holds a value; with `feed` a row of that feed begins at it.

    `key` and `number` tell the row from others of its parent; both go into the rows below. `takes` are columns of
    the rows above that it repeats. `parts` are further rows that begin where one of their values is not blank:
    feed -> what each takes; the elements whose `part` it is hold its values, and those with `marks` no value, but
    whether there is such a row. `column` is the column's name where it is not the element's. `known_by`: the
    element's own name is in no source; it is whichever holds this one.
    """

    feed: str | None = None
    key: str | None = None
    number: str | None = None
    required: bool = False
    many: bool = False
    since: int = Field(0, alias="from")
    until: int = 9999
    column: str | None = None
    takes: tuple[str, ...] = ()
    parts: Mapping[str, tuple[str, ...]] = {}
    part: str | None = None
    marks: tuple[str, ...] = ()
    known_by: str | None = None
    within: Mapping[str, Element] = {}

    def exists_in(self, year: int) -> bool:
        """Whether the collection of `year` has the element."""
        return self.since <= year <= self.until


class Layout(Strict):
    """The layout of one return.

    `place` are the names from the root to what holds the records. `year_column` goes first into every row; without
    it the year is found from the days in `days` (DD/MM/YYYY), as for a file of delimited text. `collection` is what
    the header calls the return, None where it has no header. Years: both included.
    """

    name: str
    title: str
    place: tuple[str, ...] = Field(min_length=1)
    collection: str | None = None
    year_column: str | None = None
    days: tuple[str, ...] = ()
    first_year: int
    last_year: int
    records: Mapping[str, Element] = Field(min_length=1)

    @model_validator(mode="after")
    def finds_its_year(self) -> Self:
        """Refuse a layout whose year stands nowhere, or in two places."""
        if bool(self.year_column) != bool(self.collection) or bool(self.year_column) == bool(self.days):
            raise ValueError("either collection and year_column, or days")
        return self

    @property
    def root(self) -> str:
        """The name of the root element."""
        return self.place[0]

    @property
    def columns(self) -> dict[str, tuple[str, ...]]:
        """Feed -> its columns: the year, its parents' keys, its number, what it takes, its own values."""
        year = (self.year_column,) if self.year_column else ()
        return {
            feed: names for tag, element in self.records.items() for feed, names in _columns(tag, element, year) if feed
        }

    def silent_in(self, year: int | None) -> frozenset[str]:
        """Return feeds of which a file without their rows says nothing.

        Those whose element the year does not have, and those whose element no source names.
        """
        return frozenset(feed for record in self.records.values() for feed in _silent(record, year))


@lru_cache(maxsize=8)
def load_layout(name: str) -> Layout:
    """Read the layout ``<name>.yml``.

    Raises:
        BadSpec: it says something that a layout does not have, or too little.
    """
    try:
        data = yaml.safe_load((LAYOUTS / f"{name}.yml").read_text(encoding="utf-8"))
        return Layout.model_validate({"name": name} | data)
    except (ValidationError, TypeError) as error:
        raise BadSpec(f"{name}.yml: {error}") from None


def _silent(element: Element, year: int | None, *, above: bool = False) -> Iterator[str]:
    for below in element.within.values():
        is_silent = above or below.known_by is not None or (year is not None and not below.exists_in(year))
        if is_silent and below.feed:
            yield below.feed
        yield from _silent(below, year, above=is_silent)


def _columns(tag: str, element: Element, inherited: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    own = [] if element.within else [element.column or tag]
    parts: dict[str, list[str]] = {feed: list(takes) for feed, takes in element.parts.items()}
    below: list[tuple[str, Element]] = list(element.within.items())
    while below:
        name, child = below.pop(0)
        if child.feed is None and child.within:
            below[:0] = child.within.items()
        elif child.feed is None and not child.marks:
            (parts[child.part] if child.part else own).append(child.column or name)
    keys = tuple(key for key in (element.key, element.number) if key)
    yield element.feed or "", tuple(dict.fromkeys((*inherited, *keys, *element.takes, *own)))
    for feed, names in parts.items():
        yield feed, tuple(dict.fromkeys((*inherited, *keys, *names)))
    for name, child in _rows_below(element):
        yield from _columns(name, child, (*inherited, *keys))


def _rows_below(element: Element) -> Iterator[tuple[str, Element]]:
    for name, child in element.within.items():
        if child.feed is not None:
            yield name, child
        else:
            yield from _rows_below(child)

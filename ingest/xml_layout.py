"""Layouts of statutory returns in XML: which element is a row of which feed, and in which years it exists.

A layout is a YAML file beside this module (`xml_cin.yml`); the reader walks a child's elements by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ingest.errors import BadSpec

LAYOUTS = Path(__file__).parent
YEAR_COLUMN = "CensusYear"


class Element(BaseModel):
    """One element. Without `within` it holds a value; with `feed` a row of that feed begins at it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    feed: str | None = None
    key: str | None = None
    number: str | None = None
    required: bool = False
    many: bool = False
    since: int = Field(0, alias="from")
    until: int = 9999
    codes: Mapping[int, tuple[str, ...]] = {}
    within: Mapping[str, Element] = {}

    def exists_in(self, year: int) -> bool:
        """Whether the collection of `year` has the element."""
        return self.since <= year <= self.until


@dataclass(frozen=True)
class Layout:
    """The layout of one return: years (both included), the repeated element's name, and the element itself."""

    first_year: int
    last_year: int
    name: str
    element: Element
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@lru_cache(maxsize=4)
def load_layout(name: str) -> Layout:
    """Read the layout ``<name>.yml``.

    Raises:
        BadSpec: it says something that a layout does not have, or describes none or more than one element.
    """
    data = yaml.safe_load((LAYOUTS / f"{name}.yml").read_text(encoding="utf-8"))
    first, last = data.pop("first_year", None), data.pop("last_year", None)
    if not (isinstance(first, int) and isinstance(last, int) and len(data) == 1):
        raise BadSpec(f"{name}.yml: needs first_year, last_year and one element")
    (tag, body), *_ = data.items()
    try:
        element = Element.model_validate(body)
    except ValidationError as error:
        raise BadSpec(f"{name}.yml: {error}") from None
    return Layout(first, last, tag, element, dict(_columns(tag, element, (YEAR_COLUMN,))))


def _columns(tag: str, element: Element, inherited: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each feed of an element with its columns: the year, its parents' keys, its number, its own values."""
    own = [] if element.within else [tag]
    below: list[tuple[str, Element]] = list(element.within.items())
    while below:
        name, child = below.pop(0)
        if child.feed is None and not child.within:
            own.append(name)
        elif child.feed is None:
            below[:0] = child.within.items()
    keys = tuple(key for key in (element.key, element.number) if key)
    yield element.feed or "", tuple(dict.fromkeys((*inherited, *keys, *own)))
    for name, child in _rows_below(element):
        yield from _columns(name, child, (*inherited, *keys))


def _rows_below(element: Element) -> Iterator[tuple[str, Element]]:
    for name, child in element.within.items():
        if child.feed is not None:
            yield name, child
        else:
            yield from _rows_below(child)

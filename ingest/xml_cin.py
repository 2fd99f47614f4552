"""Read a CIN census return, an XML file, as rows of the feeds `cin_*`; memory does not grow with the file.

The file is parsed child by child (libxml2 without its large-document mode, without network and entities);
a child's elements are dropped before the next one's come. A document type is refused, whatever it declares.
`xml_cin.yml` says which element is a row of which feed and what each collection year changed.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NoReturn

from lxml import etree

from ingest.errors import RefusedFile, shown
from ingest.gather import MANIFEST
from ingest.spec import load_specs
from ingest.xml_layout import YEAR_COLUMN, Element, load_layout

LAYOUT = "xml_cin"
FEEDS = tuple(load_layout(LAYOUT).columns)
"""The feeds that one census file holds, parents before children."""

BLOCK_BYTES = 1 << 16
CHILD_BYTES = 2 << 20
"""More text than this without the end of a child is refused: it bounds what is ever held (about 40 times as much)."""

PROBLEM_KINDS = 500
WARNINGS = 100
"""Kinds of problems that are kept apart, and warnings of the parser that are borne: both lists stay short."""
PRECISE_LINES = 65_535
PARSER = {"huge_tree": False, "resolve_entities": False, "no_network": True, "load_dtd": False}
HEADER = {
    "CollectionDetails": ("Collection", "Year", "ReferenceDate"),
    "Source": ("SourceLevel", "LEA", "SoftwareCode", "Release", "SerialNo", "DateTime"),
}
CHILDREN = "Message/Children"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its feed, its number among the feed's rows (from 1), the line of its element, its values by column."""

    feed: str
    row_no: int
    line: int
    values: dict[str, str]


@dataclass(slots=True)
class Problem:
    """What the layout does not say: a rule, the element's path, the first line where it happened, how often."""

    rule: str
    path: str
    line: int
    count: int = 1


@dataclass(slots=True)
class _Found:
    """A row while its child is walked: values first, keys when all of them are known."""

    node: _Node
    line: int
    parent: _Found | None
    values: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Node:
    """An element of the layout as it is in one year."""

    path: str
    feed: str | None
    key: str | None
    number: str | None
    many: bool
    is_of_year: bool
    late_codes: frozenset[str]
    required: frozenset[str]
    within: dict[str, _Node]


class _LocalNames(dict[str, str]):
    """Tag -> the name without its namespace. Remembers only so many."""

    def __missing__(self, tag: str) -> str:
        name = tag.rpartition("}")[2]
        if len(self) < PROBLEM_KINDS:
            self[tag] = name
        return name


class CinCensus:
    """One census file. `year`, `header` and `problems` are known as far as `rows` has gone."""

    def __init__(self, path: Path, name: str | None = None) -> None:
        self._path, self._name = path, name or path.name
        self._layout = load_layout(LAYOUT)
        self._problems: dict[tuple[str, str], Problem] = {}
        self._top: _Node | None = None
        self._counts: Counter[str] = Counter()
        self._names = _LocalNames()
        self.year: int | None = None
        self.header: dict[str, str] = {}

    @property
    def problems(self) -> list[Problem]:
        """What was found that the layout does not say, each kind once, in order of line."""
        return sorted(self._problems.values(), key=lambda problem: problem.line)

    def rows(self) -> Iterator[Row]:
        """Yield the rows of every child, a parent before its children.

        Raises:
            RefusedFile: not well-formed, nested too deep, with a document type, cut short, too much of one child,
                not a CIN census, or without the year in its header.
        """
        self._refuse_other_documents()
        parser = etree.XMLPullParser(events=("end",), tag="{*}Child", remove_comments=True, remove_pis=True, **PARSER)
        since_last = 0
        with self._path.open("rb") as handle:
            while block := handle.read(BLOCK_BYTES):
                since_last += len(block)
                self._feed(parser, block)
                for _, child in parser.read_events():
                    parent = child.getparent()
                    if self._is_children(parent):
                        yield from self._take(child, parent)
                        since_last = 0
                if since_last > CHILD_BYTES:
                    message = f"more than {CHILD_BYTES >> 20} MiB without the end of a child"
                    raise RefusedFile(self._name, "too_large", message)
        try:
            root = parser.close()
        except etree.XMLSyntaxError as error:
            self._refuse_syntax(error.code, error.lineno, error.msg, is_end=True)
        self._finish(root)

    def _refuse_other_documents(self) -> None:
        """Refuse a file that is empty, has a document type, or whose root is not `Message`."""
        with self._path.open("rb") as handle:
            head = handle.read(BLOCK_BYTES)
        if not head.strip():
            raise RefusedFile(self._name, "empty", "the file is empty")
        parser = etree.XMLPullParser(events=("start",), **PARSER)
        failure = None
        try:
            self._feed(parser, head)
        except RefusedFile as error:
            failure = error
        root = next((element for _, element in parser.read_events()), None)
        if root is None or root.getroottree().docinfo.doctype:
            if b"!DOCTYPE" in head.replace(b"\0", b""):
                message = "has a document type, which may define entities; a census has none"
                raise RefusedFile(self._name, "doctype", message)
            raise failure or RefusedFile(self._name, "format", "no XML element begins in its first 64 KiB")
        if self._names[root.tag] != "Message":
            raise RefusedFile(self._name, "unrecognised", "not a CIN census: its root element is not Message", row=1)

    def _feed(self, parser: etree.XMLPullParser, block: bytes) -> None:
        """Parse a block. The parser stops at some errors without raising them: they stand in its log."""
        try:
            parser.feed(block)
        except etree.XMLSyntaxError as error:
            self._refuse_syntax(error.code, error.lineno, error.msg)
        log = parser.feed_error_log
        worst = next((entry for entry in log if entry.level >= etree.ErrorLevels.ERROR), None)
        if worst is not None or len(log) > WARNINGS:
            entry = worst or log[0]
            self._refuse_syntax(entry.type, entry.line, entry.message)

    def _refuse_syntax(self, code: int, line: int | None, message: str | None, *, is_end: bool = False) -> NoReturn:
        codes, line = etree.ErrorTypes, line or None
        if "depth" in (message or "").lower():
            raise RefusedFile(self._name, "depth", "elements are nested too deep", row=line) from None
        if code in (codes.ERR_INVALID_ENCODING, codes.ERR_INVALID_CHAR, codes.ERR_UNSUPPORTED_ENCODING):
            why = "holds characters that XML or the file's encoding does not have"
            raise RefusedFile(self._name, "encoding", why, row=line) from None
        if is_end:
            raise RefusedFile(self._name, "cut_short", "the file ends before its last element does", row=line) from None
        raise RefusedFile(self._name, "format", "not well-formed XML", row=line) from None

    def _is_children(self, parent: etree._Element | None) -> bool:
        if parent is None or self._names[parent.tag] != "Children":
            return False
        above = parent.getparent()
        return above is not None and above.getparent() is None

    def _take(self, child: etree._Element, parent: etree._Element) -> Iterator[Row]:
        """Yield a child's rows, then drop it and what stands before it."""
        if self._top is None:
            self._read_header(parent.getparent())
        found: list[_Found] = []
        self._walk(child, self._top, self._begin(child, self._top, None, found), found)
        yield from self._number(found)
        self._note_tail(child)
        child.clear()
        for sibling in child.itersiblings(preceding=True):
            if self._names[sibling.tag] != "Child":
                self._note("unknown_element", f"{CHILDREN}/{self._names[sibling.tag]}", sibling)
            parent.remove(sibling)

    def _begin(self, element: etree._Element, node: _Node, parent: _Found | None, found: list[_Found]) -> _Found:
        row = _Found(node, _line(element), parent)
        found.append(row)
        return row

    def _walk(self, element: etree._Element, node: _Node, row: _Found, found: list[_Found]) -> None:
        """Put the values below an element into its row, and begin the rows that begin there."""
        seen = set()
        if element.text and element.text.strip():
            self._note("stray_text", node.path, element)
        for child in element:
            name = self._names[child.tag]
            below = node.within.get(name)
            if child.tail and child.tail.strip():
                self._note("stray_text", node.path, child)
            if below is None:
                self._note("unknown_element", f"{node.path}/{name}", child)
                continue
            if name in seen and not below.many:
                self._note("repeated_element", below.path, child)
            if not below.is_of_year:
                self._note("not_of_year", below.path, child)
            self._visit(child, name, below, row, found, is_first=name not in seen)
            seen.add(name)
        for name in node.required - seen:
            self._note("missing_element", f"{node.path}/{name}", element)

    def _visit(
        self, child: etree._Element, name: str, below: _Node, row: _Found, found: list[_Found], *, is_first: bool
    ) -> None:
        if below.within:
            self._walk(child, below, self._begin(child, below, row, found) if below.feed else row, found)
            return
        value = (child.text or "").strip()
        if value in below.late_codes:
            self._note("code_of_later_year", below.path, child)
        if len(child):
            self._note("unknown_element", f"{below.path}/{self._names[child[0].tag]}", child[0])
        if below.feed:
            self._begin(child, below, row, found).values[name] = value
        elif is_first:
            row.values.setdefault(name, value)

    def _number(self, found: list[_Found]) -> Iterator[Row]:
        """Give each row its parents' keys, and a number among those of the same parent and key."""
        seen: Counter[tuple[int, str, str]] = Counter()
        for row in found:
            node = row.node
            row.keys = dict(row.parent.keys) if row.parent else {YEAR_COLUMN: str(self.year)}
            if node.key:
                value = row.keys[node.key] = row.values.get(node.key, "")
                if node.number:
                    place = (id(row.parent), node.path, value)
                    seen[place] += 1
                    row.keys[node.number] = str(seen[place])
            self._counts[node.feed] += 1
            yield Row(node.feed, self._counts[node.feed], row.line, row.keys | row.values)

    def _read_header(self, root: etree._Element) -> None:
        """Find collection and year, and make the layout ready for the year."""
        header = root.find("{*}Header")
        for group in header if header is not None else ():
            part = self._names[group.tag]
            if part not in HEADER:
                self._note("unknown_element", f"Message/Header/{part}", group)
                continue
            for element in group:
                name = self._names[element.tag]
                if name in HEADER[part]:
                    self.header.setdefault(name, (element.text or "").strip())
                else:
                    self._note("unknown_element", f"Message/Header/{part}/{name}", element)
        if self.header.get("Collection", "CIN").upper() != "CIN":
            raise RefusedFile(self._name, "other_feed", "another collection's return, not the CIN census")
        year = self.header.get("Year", "")
        if not (len(year) == 4 and year.isascii() and year.isdecimal()):
            message = "the header does not say which year's census this is"
            raise RefusedFile(self._name, "year", message, row=_line(root), column="Year")
        self.year = int(year)
        if not self._layout.first_year <= self.year <= self._layout.last_year:
            self._note("year", "Message/Header/CollectionDetails/Year", root)
        asked = min(max(self.year, self._layout.first_year), self._layout.last_year)
        self._top = _node(self._layout.name, self._layout.element, asked)

    def _finish(self, root: etree._Element) -> None:
        """Look at what is left when every child is gone."""
        if self._top is None:
            self._read_header(root)
            self._note("missing_element", f"{CHILDREN}/{self._layout.name}", root)
        for element in root:
            if self._names[element.tag] not in ("Header", "Children"):
                self._note("unknown_element", f"Message/{self._names[element.tag]}", element)
        for children in root.iterfind("{*}Children"):
            for element in children:
                if self._names[element.tag] != "Child":
                    self._note("unknown_element", f"{CHILDREN}/{self._names[element.tag]}", element)

    def _note_tail(self, child: etree._Element) -> None:
        if child.tail and child.tail.strip():
            self._note("stray_text", CHILDREN, child)

    def _note(self, rule: str, path: str, element: etree._Element) -> None:
        place = (rule, shown(path))
        if place not in self._problems and len(self._problems) >= PROBLEM_KINDS:
            place = (rule, "and further elements")
        known = self._problems.get(place)
        if known:
            known.count += 1
        else:
            self._problems[place] = Problem(*place, _line(element))


def rows(path: Path) -> Iterator[tuple[str, int, dict[str, str]]]:
    """Yield feed, row number and values of every row of a census file; see `CinCensus` for lines and problems."""
    for row in CinCensus(path).rows():
        yield row.feed, row.row_no, row.values


def split(path: Path, folder: Path, name: str | None = None) -> CinCensus:
    """Write a census file as one CSV file a feed into `folder`, with a manifest of their rows; return its reader.

    The row number of a CSV file is the feed's `row_no` plus one, for the header. The manifest's as-at date is the
    census's reference date, where it has a readable one.

    Raises:
        RefusedFile: as `CinCensus.rows` does; what stands in `folder` then is no delivery.
    """
    census, specs, counts = CinCensus(path, name), load_specs(), Counter(dict.fromkeys(FEEDS, 0))
    with ExitStack() as stack:
        writers = {}
        for feed in FEEDS:
            handle = stack.enter_context((folder / f"{feed}.csv").open("w", encoding="utf-8", newline=""))
            writers[feed] = csv.DictWriter(handle, [column.name for column in specs[feed].columns])
            writers[feed].writeheader()
        for row in census.rows():
            writers[row.feed].writerow(row.values)
            counts[row.feed] = row.row_no
    manifest = {"files": {f"{feed}.csv": {"rows": count} for feed, count in counts.items()}}
    try:
        manifest["as_at"] = date.fromisoformat(census.header.get("ReferenceDate", "")).isoformat()
    except ValueError:
        manifest["as_at"] = None
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    return census


def _node(path: str, element: Element, year: int) -> _Node:
    """Make an element of the layout ready for one year."""
    return _Node(
        path,
        element.feed,
        element.key,
        element.number,
        element.many,
        element.exists_in(year),
        frozenset(code for since, codes in element.codes.items() if since > year for code in codes),
        frozenset(name for name, below in element.within.items() if below.required and below.exists_in(year)),
        {name: _node(f"{path}/{name}", below, year) for name, below in element.within.items()},
    )


def _line(element: etree._Element) -> int:
    """Return the line of an element. Beyond 65,535 libxml2 gives that of its text's end: count back from there."""
    line = element.sourceline or 0
    if line >= PRECISE_LINES and element.text:
        line -= element.text.count("\n")
    return line

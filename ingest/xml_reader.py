"""Read a statutory return, an XML file, as rows of feeds; memory does not grow with the file.

The file is parsed record by record (libxml2 without its large-document mode, without network and entities); a record's
elements are dropped before the next one's come. A document type is refused, whatever it declares. The layout says
which element is a row of which feed and what each collection year changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import NoReturn

from lxml import etree

from ingest.collection import SHARE, year_of
from ingest.errors import RefusedFile
from ingest.xml_layout import Layout
from ingest.xml_walk import LocalNames, Problem, Problems, Row, Walker, line_of, node_of

BLOCK_BYTES = 1 << 16
RECORD_BYTES = 2 << 20
"""More text than this without the end of a record is refused: it bounds what is ever held (about 40 times as much)."""

WARNINGS = 100
"""Warnings of the parser that are borne."""
PARSER = {"huge_tree": False, "resolve_entities": False, "no_network": True, "load_dtd": False}
HEADER = {
    "CollectionDetails": ("Collection", "Year", "ReferenceDate"),
    "Source": ("SourceLevel", "LEA", "SoftwareCode", "Release", "SerialNo", "DateTime"),
}


class Return:
    """One file of a return. `year`, `header` and `problems` are known as far as `rows` has gone.

    Attributes:
        layout: what its elements mean.
        feeds: the feeds that it holds, parents before children.
        year: the collection year of its header; without a header, the newest of its days, known at the end.
        header: element -> text of the file's header.
    """

    def __init__(self, path: Path, layout: Layout, name: str | None = None) -> None:
        self._path, self._name, self.layout = path, name or path.name, layout
        self.feeds = tuple(layout.columns)
        self._problems = Problems()
        self._names = LocalNames()
        self._walker: Walker | None = None
        self._years: Counter[int | None] = Counter()
        self.year: int | None = None
        self.header: dict[str, str] = {}

    @property
    def problems(self) -> list[Problem]:
        """What was found that the layout does not say, each kind once, in order of line."""
        return self._problems.in_order()

    def rows(self) -> Iterator[Row]:
        """Yield the rows of every record, a parent before its children.

        Raises:
            RefusedFile: not well-formed, nested too deep, with a document type, cut short, too much of one record,
                another return, without the year in its header, or without any record.
        """
        parser = open_parser("end", [f"{{*}}{tag}" for tag in self.layout.records])
        since_last = 0
        with self._path.open("rb") as handle:
            while block := handle.read(BLOCK_BYTES):
                since_last += len(block)
                feed(parser, block, self._name)
                for _, record in parser.read_events():
                    parent = record.getparent()
                    if self._holds_records(parent):
                        yield from self._take(record, parent)
                        since_last = 0
                if since_last > RECORD_BYTES:
                    message = f"more than {RECORD_BYTES >> 20} MiB without the end of a child or worker"
                    raise RefusedFile(self._name, "too_large", message)
        try:
            root = parser.close()
        except etree.XMLSyntaxError as error:
            refuse_syntax(self._name, error.code, error.lineno, error.msg, is_end=True)
        self._finish(root)

    def _holds_records(self, element: etree._Element | None) -> bool:
        """Whether an element is what the layout's `place` says, from itself up to the root."""
        for name in reversed(self.layout.place):
            if element is None or self._names[element.tag] != name:
                return False
            element = element.getparent()
        return element is None

    def _take(self, record: etree._Element, parent: etree._Element) -> Iterator[Row]:
        """Yield a record's rows, then drop it and what stands before it."""
        walker = self._walker or self._begin(parent)
        if self.layout.days:
            yield from self._dated(walker.rows(record))
        else:
            yield from walker.rows(record)
        self._note_tail(record)
        record.clear()
        for sibling in record.itersiblings(preceding=True):
            self._note_beside(sibling)
            parent.remove(sibling)

    def _dated(self, rows: Iterator[Row]) -> Iterator[Row]:
        """Yield rows, and count the days that show the year."""
        for row in rows:
            self._years.update(_year_of(row.values[name]) for name in self.layout.days if name in row.values)
            yield row

    def _begin(self, place: etree._Element) -> Walker:
        """Read the header, and make the layout ready for the year."""
        layout = self.layout
        above: dict[str, str] = {}
        if layout.collection:
            self._read_header(place.getroottree().getroot())
            above[layout.year_column] = str(self.year)
        year = layout.last_year if self.year is None else self.year
        asked = min(max(year, layout.first_year), layout.last_year)
        nodes = {tag: node_of(tag, element, asked) for tag, element in layout.records.items()}
        self._walker = Walker(nodes, above, self._names, self._problems)
        return self._walker

    def _read_header(self, root: etree._Element) -> None:
        """Find collection and year."""
        header = root.find("{*}Header")
        path = f"{self.layout.root}/Header"
        for group in header if header is not None else ():
            part = self._names[group.tag]
            if part not in HEADER:
                self._problems.note("unknown_element", f"{path}/{part}", group)
                continue
            for element in group:
                name = self._names[element.tag]
                if name in HEADER[part]:
                    self.header.setdefault(name, (element.text or "").strip())
                else:
                    self._problems.note("unknown_element", f"{path}/{part}/{name}", element)
        if self.header.get("Collection", self.layout.collection).upper() != self.layout.collection:
            raise RefusedFile(self._name, "other_feed", f"another collection's return, not the {self.layout.title}")
        year = self.header.get("Year", "")
        if not (len(year) == 4 and year.isascii() and year.isdecimal()):
            message = "the header does not say which year's return this is"
            raise RefusedFile(self._name, "year", message, row=line_of(root), column="Year")
        self.year = int(year)
        if not self.layout.first_year <= self.year <= self.layout.last_year:
            self._problems.note("year", f"{path}/CollectionDetails/Year", root)

    def _finish(self, root: etree._Element) -> None:
        """Look at what is left when every record is gone."""
        if self._walker is None:
            self._begin(root)
            kinds = " or ".join(self.layout.records)
            raise RefusedFile(self._name, "empty", f"a {self.layout.title} without any {kinds}")
        if not self.layout.collection:
            self.year = self._year_of_days()
        for element in root:
            if self._names[element.tag] not in self.layout.place[1:]:
                self._note_beside(element)
        for place in root.iterfind("/".join(f"{{*}}{name}" for name in self.layout.place[1:]) or "."):
            for element in place if place is not root else ():
                self._note_beside(element)

    def _year_of_days(self) -> int | None:
        """Return the newest collection year that holds at least one in a hundred of the days."""
        years = {year: count for year, count in self._years.items() if year}
        enough = SHARE * sum(years.values())
        return max((year for year, count in years.items() if count >= enough), default=None)

    def _note_beside(self, element: etree._Element) -> None:
        """Note an element among the records, or beside what holds them, that the layout does not know."""
        name, parent = self._names[element.tag], element.getparent()
        is_header = self.layout.collection and name == "Header" and parent.getparent() is None
        if name not in self.layout.records and not is_header:
            at = self.layout.place if self._holds_records(parent) else self.layout.place[:1]
            self._problems.note("unknown_element", "/".join((*at, name)), element)

    def _note_tail(self, record: etree._Element) -> None:
        if record.tail and record.tail.strip():
            self._problems.note("stray_text", "/".join(self.layout.place), record)


@lru_cache(maxsize=4096)
def _year_of(text: str) -> int | None:
    """Return the collection year of a day as the layouts write it (DD/MM/YYYY); None where it is no day."""
    try:
        return year_of(datetime.strptime(text, "%d/%m/%Y").date())
    except ValueError:
        return None


def open_parser(event: str, tags: list[str] | None = None) -> etree.XMLPullParser:
    """Return a parser that takes nothing from anywhere else, reporting the event for elements of these tags."""
    return etree.XMLPullParser(events=(event,), tag=tags, remove_comments=True, remove_pis=True, **PARSER)


def feed(parser: etree.XMLPullParser, block: bytes, name: str) -> None:
    """Parse a block. The parser stops at some errors without raising them: they stand in its log.

    Raises:
        RefusedFile: what was read so far is not well-formed XML.
    """
    try:
        parser.feed(block)
    except etree.XMLSyntaxError as error:
        refuse_syntax(name, error.code, error.lineno, error.msg)
    log = parser.feed_error_log
    worst = next((entry for entry in log if entry.level >= etree.ErrorLevels.ERROR), None)
    if worst is not None or len(log) > WARNINGS:
        entry = worst or log[0]
        refuse_syntax(name, entry.type, entry.line, entry.message)


def refuse_syntax(name: str, code: int, line: int | None, message: str | None, *, is_end: bool = False) -> NoReturn:
    """Raise RefusedFile for an error of the parser: depth, encoding, cut short, or not well-formed."""
    codes, line = etree.ErrorTypes, line or None
    if "depth" in (message or "").lower():
        raise RefusedFile(name, "depth", "elements are nested too deep", row=line) from None
    if code in (codes.ERR_INVALID_ENCODING, codes.ERR_INVALID_CHAR, codes.ERR_UNSUPPORTED_ENCODING):
        why = "holds characters that XML or the file's encoding does not have"
        raise RefusedFile(name, "encoding", why, row=line) from None
    if is_end:
        raise RefusedFile(name, "cut_short", "the file ends before its last element does", row=line) from None
    raise RefusedFile(name, "format", "not well-formed XML", row=line) from None

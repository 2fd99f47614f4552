"""Which statutory return an XML file is, and its rows as one file of delimited text a feed.

    recognise: the layout of a return, from the first bytes of a file
    split: its rows as <feed>.csv with a manifest, in a folder

CIN census, SSDA903 and children's social work workforce census are known; other XML is refused with what it is not.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from datetime import date
from pathlib import Path

from ingest.errors import RefusedFile, shown
from ingest.gather import MANIFEST
from ingest.xml_layout import NAMES, Layout, load_layout
from ingest.xml_reader import BLOCK_BYTES, Return, feed, open_parser
from ingest.xml_walk import LocalNames

MARKUP = b"<"
HEADER = "Header"


def recognise(head: bytes, name: str = "") -> Layout:
    """Return the layout of the return that a file is; `head` are its first 64 KiB, or all of it.

    The root's name decides; where several returns have it, what the header calls the collection, or the first
    element beside the header.

    Raises:
        RefusedFile: empty, no XML, with a document type, or no return that is known.
    """
    if not head.strip():
        raise RefusedFile(name, "empty", "the file is empty")
    names, parser, failure = LocalNames(), open_parser("start"), None
    try:
        feed(parser, head, name)
    except RefusedFile as error:
        failure = error
    elements = [element for _, element in parser.read_events()]
    if not elements or elements[0].getroottree().docinfo.doctype:
        if b"!DOCTYPE" in head.replace(b"\0", b""):
            raise RefusedFile(name, "doctype", "has a document type, which may define entities; a return has none")
        raise failure or RefusedFile(name, "format", "no XML element begins in its first 64 KiB")
    layouts = [load_layout(each) for each in NAMES]
    root = names[elements[0].tag]
    alike = [layout for layout in layouts if layout.root == root]
    if not alike:
        raise RefusedFile(name, "unrecognised", _what_it_is_not(layouts, root), row=elements[0].sourceline)
    return _by_collection(elements, names, alike, name) if len(alike) > 1 else alike[0]


def _by_collection(elements: list, names: LocalNames, alike: list[Layout], name: str) -> Layout:
    """Tell returns with the same root apart."""
    said = next((element.text for element in elements if names[element.tag] == "Collection"), None)
    if said and said.strip():
        called = [layout for layout in alike if layout.collection == said.strip().upper()]
        if called:
            return called[0]
        kinds = " nor ".join(f"the {layout.title}" for layout in alike)
        raise RefusedFile(name, "other_feed", f"another collection's return, neither {kinds}")
    root = elements[0]
    beside = [names[element.tag] for element in elements if element.getparent() is root]
    for layout in alike:
        begins = {layout.place[1]} if len(layout.place) > 1 else set(layout.records)
        if begins & set(beside):
            return layout
    raise RefusedFile(name, "unrecognised", _what_it_is_not(alike, names[root.tag]), row=root.sourceline)


def _what_it_is_not(layouts: list[Layout], root: str) -> str:
    kinds = ", ".join(f"{layout.title} ({'/'.join((*layout.place, *layout.records))})" for layout in layouts)
    return f"no return that is known: its root element is {shown(root)}. Known are: {kinds}"


def open_return(path: Path, name: str | None = None) -> Return:
    """Return the reader of a file, its kind found out from its first bytes.

    Raises:
        RefusedFile: as `recognise` does.
    """
    with path.open("rb") as handle:
        layout = recognise(handle.read(BLOCK_BYTES), name or path.name)
    return Return(path, layout, name)


def look(head: bytes, name: str = "") -> tuple[Layout, int | None]:
    """Return a file's layout, and the collection year that its header says; `head` as `recognise`.

    Raises:
        RefusedFile: as `recognise` does.
    """
    layout, names, parser = recognise(head, name), LocalNames(), open_parser("end")
    with suppress(RefusedFile):
        feed(parser, head, name)
    said = {names[element.tag]: (element.text or "").strip() for _, element in parser.read_events()}
    year = said.get("Year", "") if layout.collection else ""
    return layout, int(year) if len(year) == 4 and year.isdecimal() else None


def rows(path: Path) -> Iterator[tuple[str, int, dict[str, str]]]:
    """Yield feed, row number and values of every row of a return; see `Return` for lines and problems."""
    for row in open_return(path).rows():
        yield row.feed, row.row_no, row.values


def split(path: Path, folder: Path, name: str | None = None) -> Return:
    """Write a return as one CSV file a feed into `folder`, with a manifest of their rows; return its reader.

    The row number of a CSV file is the feed's `row_no` plus one, for the header. The manifest has the collection
    year, and as its as-at date the reference date of the header, where they are known. A feed of which the file says
    nothing (`Layout.silent_in`) is left out.

    Raises:
        RefusedFile: as `recognise` and `Return.rows` do; what stands in `folder` then is no delivery.
    """
    reader = open_return(path, name)
    counts = Counter(dict.fromkeys(reader.feeds, 0))
    with ExitStack() as stack:
        writers = {}
        for each, columns in reader.layout.columns.items():
            handle = stack.enter_context((folder / f"{each}.csv").open("w", encoding="utf-8", newline=""))
            writers[each] = csv.DictWriter(handle, columns)
            writers[each].writeheader()
        for row in reader.rows():
            writers[row.feed].writerow(row.values)
            counts[row.feed] = row.row_no
    for each in reader.layout.silent_in(reader.year):
        if not counts[each]:
            (folder / f"{each}.csv").unlink()
            del counts[each]
    reader.feeds = tuple(counts)
    manifest = {"files": {f"{each}.csv": {"rows": count} for each, count in counts.items()}}
    (folder / MANIFEST).write_text(json.dumps(manifest | _when(reader)), encoding="utf-8")
    return reader


def _when(reader: Return) -> dict[str, object]:
    try:
        as_at = date.fromisoformat(reader.header.get("ReferenceDate", "")).isoformat()
    except ValueError:
        as_at = None
    return {"as_at": as_at} | ({"year": reader.year} if reader.year else {})

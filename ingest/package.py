"""Look into a workbook before anything else opens it: what a hostile one could do is refused here.

A workbook is a zip of XML parts (ECMA-376). Every part is unpacked in blocks, counted and thrown away, so that memory
stays small; the sheets, wherever they lie, are looked through for what the cells' reader does not tell: formulas
without a value, errors, hidden rows, and how far they reach.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NoReturn
from xml.etree import ElementTree
from xml.parsers import expat

from ingest.clock_format import Formats
from ingest.errors import RefusedFile
from ingest.land import BLOCK_BYTES, Landed
from ingest.package_links import BOOK, LINKS, STRINGS, STYLES, TYPES, key_of, read_links
from ingest.shared_text import MAX_BYTES as MAX_SHARED
from ingest.shared_text import SharedText

MAX_PARTS = 2_000
MAX_BYTES = 1 << 30
MAX_SMALL_BYTES = 8 << 20
"""Of a part that is kept in memory: the list of the sheets, their relationships, the types of the parts."""

MAX_RATIO = 200
RATIO_FROM_BYTES = 8 << 20
MAX_ROW_BYTES = 16 << 20
MAX_TEXT_BYTES = 6 * 32_767
MAX_CELLS = 40_000_000
SPARSE_CELLS = 1_000_000
MAX_EMPTY_TIMES = 16
MAX_ERROR_ROWS = 10_000
FULL_ROWS = (65_536, 1_048_576)
"""Last row of a sheet in the old and in the new format: a sheet that ends there was probably cut."""

ROW = re.compile(rb"<(?:\w+:)?row\b([^<>]*)>")
HIDDEN = re.compile(rb"\bhidden=[\"'](?:1|true)[\"']")
CELL = re.compile(rb"<(?:[^\s<>/:]+:)?c(?=[\s/>])")
CELL_PLACE = re.compile(rb"<(?:[^\s<>/:]+:)?c\s(?:[^<>]*?\s)?r=[\"']([A-Z]{1,3})([1-9]\d{0,6})[\"']")
PLAIN_PLACE = re.compile(rb"<c r=\"([A-Z]{1,3})([1-9]\d{0,6})\"")
"""A cell as most writers write it: found in a quarter of the time that `CELL` and `CELL_PLACE` take."""

PREFIXED = re.compile(rb":c[\s/>]")
PLACE = re.compile(rb"\sr=[\"']([A-Za-z]{1,3})(\d{1,7})[\"']")
CELL_STYLE = re.compile(rb"\sr=[\"']([A-Z]{1,3})[1-9]\d{0,6}[\"']\s+s=[\"'](\d{1,6})[\"']")
"""The order in which every writer of workbooks has them; in another one a cell's format is not known."""

FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^<>]*)?>([^<]*)<")
IS_TEXT = re.compile(rb"^[^<>]*\st=[\"']str[\"']")
IS_ERROR = re.compile(rb"^[^<>]*\st=[\"']e[\"']")
MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b")
DECLARES = (b"<!DOCTYPE", b"<!ENTITY")


@dataclass
class SheetFacts:
    """What a sheet's XML says: its reach, and the first cells that have no value to read."""

    last_row: int = 0
    last_column: int = 0
    cells: int = 0
    formulas: int = 0
    hidden_rows: int = 0
    has_merged_cells: bool = False
    is_unplaced: bool = False
    bare_formula: str | None = None
    first_error: str | None = None
    errors: dict[int, list[int]] = field(default_factory=dict)
    """Cells that hold an error such as #N/A: row number -> places of columns, from 0."""

    clock_columns: set[int] = field(default_factory=set)
    day_columns: set[int] = field(default_factory=set)
    """Places of columns, from 0, with a cell whose format shows a time of day, or a day alone."""


@dataclass(frozen=True)
class Package:
    """A workbook that may be opened: its sheets by name, of those whose part is there; whether days count from 1904."""

    sheets: dict[str, SheetFacts]
    is_1904: bool


def inspect(landed: Landed) -> Package:
    """Unpack a workbook once, within limits, and say what is in it.

    Raises:
        RefusedFile: it is no workbook, holds macros, unpacks to too much, has unsafe names, or declares entities.
    """
    try:
        with zipfile.ZipFile(landed.path) as archive:
            return _inspect(landed.name, archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError):
        reason = "a damaged or cut zip, not a workbook"
    except (RuntimeError, LookupError, ElementTree.ParseError, expat.ExpatError):
        reason = "an encrypted zip or a workbook with broken parts"
    raise RefusedFile(landed.name, "format", reason)


def _inspect(file: str, archive: zipfile.ZipFile) -> Package:
    parts = archive.infolist()
    _check_names(file, parts)
    by_key = {key_of(part.filename): part for part in parts}
    if BOOK not in by_key:
        raise RefusedFile(file, "format", "a zip, but no .xlsx workbook")
    if any(name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/") for name in by_key):
        raise RefusedFile(file, "macro", "the workbook holds macros: save it as .xlsx, without them")
    budget, kept = _Budget(file, archive), {}
    for key in (BOOK, LINKS, TYPES):
        if key in by_key:
            kept[key] = budget.small(by_key.pop(key))
    if b"macroEnabled" in kept.get(TYPES, b""):
        raise RefusedFile(file, "macro", "the workbook is of the kind that holds macros: save it as .xlsx")
    links, facts, shared, formats = read_links(file, kept), {}, SharedText(), Formats()
    sheets = set(links.sheets.values())
    for key, part in sorted(by_key.items(), key=lambda item: item[0] not in (STRINGS, STYLES)):
        blocks = budget.blocks(part, is_xml=key in sheets or key.endswith((".xml", ".rels")))
        if key == STRINGS:
            shared.read(blocks)
        elif key == STYLES:
            formats.read(blocks)
        elif key in sheets:
            facts[key] = _look_through(file, part.filename, blocks, shared, formats)
        else:
            for _ in blocks:
                pass
    package = Package({name: facts[key] for name, key in links.sheets.items() if key in facts}, links.is_1904)
    for sheet, found in package.sheets.items():
        _check_reach(file, sheet, found)
    return package


def _check_names(file: str, parts: list[zipfile.ZipInfo]) -> None:
    """Refuse too many parts, names that lead out of the archive, and names that stand twice."""
    if len(parts) > MAX_PARTS:
        raise RefusedFile(file, "zip_bomb", f"{len(parts)} parts: a workbook has at most {MAX_PARTS}")
    for part in parts:
        name = part.orig_filename.replace("\\", "/")
        if name.startswith("/") or ":" in name or "\0" in name or ".." in name.split("/"):
            raise RefusedFile(file, "zip_slip", f"a part named {name!r} leads out of the archive")
    if len({key_of(part.filename) for part in parts}) < len(parts):
        raise RefusedFile(file, "format", "two parts of the workbook have one name")


class _Budget:
    """Unpacks parts in blocks, all of them within one limit. What the archive says of their size is not believed."""

    def __init__(self, file: str, archive: zipfile.ZipFile) -> None:
        self._file, self._archive, self._left = file, archive, MAX_BYTES

    def small(self, part: zipfile.ZipInfo) -> bytes:
        """Return the whole of a part of XML that must be small."""
        content = b""
        for block in self.blocks(part, is_xml=True):
            content += block
            if len(content) > MAX_SMALL_BYTES:
                self._refuse(part)
        return content

    def blocks(self, part: zipfile.ZipInfo, *, is_xml: bool) -> Iterator[bytes]:
        """Yield a part block by block."""
        declared, packed, size = part.file_size, max(part.compress_size, 1), 0
        if declared > self._left or (declared > RATIO_FROM_BYTES and declared > MAX_RATIO * packed):
            self._refuse(part)
        part.file_size = self._left + 1
        tail, syntax = b"", expat.ParserCreate() if is_xml else None
        with self._archive.open(part) as handle:
            while block := handle.read(BLOCK_BYTES):
                size += len(block)
                if size > declared:
                    self._refuse(part)
                if any(word in tail + block for word in DECLARES):
                    message = f"part {part.filename} declares a document type or entities"
                    raise RefusedFile(self._file, "entities", message)
                tail = block[-16:]
                if syntax:
                    syntax.Parse(block, False)
                yield block
        if syntax:
            syntax.Parse(b"", True)
        if size != declared:
            raise zipfile.BadZipFile
        self._left -= size

    def _refuse(self, part: zipfile.ZipInfo) -> NoReturn:
        message = f"part {part.filename} unpacks to too much: at most {MAX_RATIO} times, {MAX_BYTES >> 20} MiB in all"
        raise RefusedFile(self._file, "zip_bomb", message)


def _look_through(file: str, part: str, blocks: Iterable[bytes], shared: SharedText, formats: Formats) -> SheetFacts:
    facts, held = SheetFacts(), b""
    for block in blocks:
        held += block
        cut = max(held.rfind(b"<row"), held.rfind(b":row") - 8)
        if cut > 0:
            _take(facts, held[:cut], formats)
            _check_text(file, part, shared, held[:cut])
            held = held[cut:]
        if len(held) > MAX_ROW_BYTES:
            raise RefusedFile(file, "format", f"part {part} has a row of more than {MAX_ROW_BYTES >> 20} MiB")
    _take(facts, held, formats)
    _check_text(file, part, shared, held)
    return facts


def _check_text(file: str, part: str, shared: SharedText, xml: bytes) -> None:
    if shared.is_too_much(xml, xml.count(b"<v") + xml.count(b":v")):
        message = f"the cells of part {part} repeat shared texts beyond {MAX_SHARED >> 20} MiB"
        raise RefusedFile(file, "zip_bomb", message)


def _check_reach(file: str, sheet: str, facts: SheetFacts) -> None:
    """Refuse a sheet that is full to its format's limit, and one whose blank cells would take the memory."""
    if facts.last_row in FULL_ROWS:
        message = "the sheet is full to the last row of its format: what did not fit was cut off"
        raise RefusedFile(file, "row_limit", message, sheet=sheet, row=facts.last_row)
    if facts.is_unplaced:
        raise RefusedFile(file, "format", "a cell does not say where it stands: is the file damaged?", sheet=sheet)
    area = facts.last_row * facts.last_column
    if area > MAX_CELLS or area > SPARSE_CELLS + MAX_EMPTY_TIMES * facts.cells:
        message = f"reaches too far, or with too little in it: {facts.last_row} rows by {facts.last_column} columns"
        raise RefusedFile(file, "size", message, sheet=sheet)


def _take(facts: SheetFacts, xml: bytes, formats: Formats) -> None:
    """Note what some whole rows say. Every pattern takes time in proportion to the text, whatever it is.

    A plain search for a word comes before each pattern that needs it: it takes a tenth of the time.
    """
    if b"hidden" in xml:
        facts.hidden_rows += sum(HIDDEN.search(attributes) is not None for attributes in ROW.findall(xml))
    places, cells = _places(xml)
    facts.cells += len(places)
    if places:
        facts.last_row = max(facts.last_row, *(int(row) for row in {row for _, row in places}))
        facts.last_column = max(facts.last_column, *(column_no(name.decode()) for name in {name for name, _ in places}))
    facts.is_unplaced |= len(places) < cells or b"\0" in xml
    facts.has_merged_cells |= b"mergeCell" in xml and MERGED.search(xml) is not None
    if formats.clocks:
        for letters, style in set(CELL_STYLE.findall(xml)):
            if style in formats.clocks:
                facts.clock_columns.add(column_no(letters.decode()) - 1)
            elif style in formats.days:
                facts.day_columns.add(column_no(letters.decode()) - 1)
    has_formula = (b"<f" in xml or b":f" in xml) and FORMULA.search(xml)
    if has_formula or b'"e"' in xml or b"'e'" in xml:
        for cell in CELL.split(xml)[1:]:
            _judge(facts, cell)


def _places(xml: bytes) -> tuple[list[tuple[bytes, bytes]], int]:
    """Return the column and row of each cell that says where it stands, and how many cells there are."""
    places = PLAIN_PLACE.findall(xml)
    if len(places) == xml.count(b"<c") and not (b":c" in xml and PREFIXED.search(xml)):
        return places, len(places)
    return CELL_PLACE.findall(xml), len(CELL.findall(xml))


def _judge(facts: SheetFacts, cell: bytes) -> None:
    place = PLACE.search(cell)
    name = (place[1] + place[2]).decode().upper() if place else "without a name"
    if IS_ERROR.search(cell):
        facts.first_error = facts.first_error or name
        if place and len(facts.errors) <= MAX_ERROR_ROWS:
            facts.errors.setdefault(int(place[2]), []).append(column_no(place[1].decode()) - 1)
    if FORMULA.search(cell):
        facts.formulas += 1
        value = VALUE.search(cell)
        if value is None or not (value[1] or IS_TEXT.search(cell)):
            facts.bare_formula = facts.bare_formula or name


def column_no(letters: str) -> int:
    """Return the number of a column: A is 1, XFD is 16384."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number

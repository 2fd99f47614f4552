"""Read a delimited text file: its encoding, its delimiter, its header, then its rows in chunks.

Row numbers are those that a spreadsheet shows: the header is row 1, a line break inside quotes does not
start a row, a blank line is a row of its own.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import NoReturn

import polars as pl

from ingest.blocks import MAX_FIELD_CHARACTERS, Blocks, reader
from ingest.errors import RefusedFile
from ingest.header_cells import named
from ingest.land import BLOCK_BYTES, Landed
from ingest.preface import NOTE, header_row
from ingest.spec import normalise
from ingest.table import Chunk, FrameRows

DELIMITERS = ",;\t|"
SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe1-\xec\xee][\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2}")
"""A character beyond ASCII in UTF-8."""

SIGNED = re.compile(rb"[\xc4-\xdf][\x85\x91-\x97\xa0\xab\xbb]")
"""What may as well be two characters of Windows-1252: a capital letter and a quotation mark, dash or dots."""


@dataclass(frozen=True)
class Text:
    """A landed file as text: how it is encoded and delimited, its header as it stands there, and the header's row.

    `known` are names of columns, normalised: a cell of the header that is none of them may be a value.
    """

    landed: Landed
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    reach: int = 0
    top: int = 1
    known: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def name(self) -> str:
        """The name that the file came under."""
        return self.landed.name

    @property
    def sheet(self) -> str:
        """A text file has no sheets."""
        return ""

    @property
    def notes(self) -> tuple[str, ...]:
        """Say where encoding or delimiter are not the usual ones."""
        notes = [] if self.encoding == "utf-8-sig" else [f"read as {self.encoding}, not UTF-8"]
        if self.delimiter != ",":
            notes.append("fields separated by {}".format({";": "semicolons", "\t": "tabs"}.get(self.delimiter, "bars")))
        if self.top > 1:
            notes.append(NOTE.format(self.top))
        if not _ends_with_newline(self.landed.path, self.encoding):
            notes.append("the last row has no line end: without a manifest a cut there cannot be told")
        return tuple(notes)

    def column(self, at: int) -> str:
        """Return a column as a message names it: what may be a value is not shown."""
        return named(self.header, at, self.known)

    def chunks(self, kinds: Sequence[str | None] = ()) -> Iterator[Chunk]:
        """Yield every row after the header; text is taken as it stands, whatever the declared `kinds`.

        Raises:
            RefusedFile: a quote is never closed or closed in the wrong place, or a field is too long.
        """
        width, last, next_row = len(self.header), [], self.top + 1
        blocks = Blocks(self.landed.path, self.encoding, self.delimiter)
        try:
            for _ in range(self.top):
                blocks.skip_row()
            for rows in blocks.read(width):
                numbers = range(next_row, next_row + len(rows))
                is_frame = isinstance(rows, pl.DataFrame)
                yield Chunk(numbers, FrameRows(rows)) if is_frame else chunk_of(rows, numbers, width)
                next_row, last = numbers.stop, [] if is_frame else rows[-1]
        except csv.Error:
            self._refuse_quoting()
        self.refuse_cut(next_row - 1, last)

    def refuse_cut(self, row_no: int, last: list[str]) -> None:
        """Refuse a file whose `last` row is too short and not ended.

        Raises:
            RefusedFile: the file ends within its last row.
        """
        if last and len(last) < len(self.header) and not _ends_with_newline(self.landed.path, self.encoding):
            column = self.column(len(last) - 1)
            raise RefusedFile(self.name, "cut_short", "the file ends within this row", row=row_no, column=column)

    def _refuse_quoting(self) -> NoReturn:
        """Find the row in which the quoting breaks, by a slow second reading."""
        record: list[str] = []
        row_no = 0
        with _open(self.landed.path, self.encoding) as handle:
            try:
                for _ in reader(_remember(handle, record), self.delimiter):
                    row_no += 1
                    record.clear()
            except csv.Error as error:
                problem = str(error)
        fields = _fields("".join(record), self.delimiter)
        column = self.column(min(fields, len(self.header)) - 1) if row_no and fields else None
        if "unexpected end" in problem:
            rule, what = "cut_short", "the file ends inside quotes: it was cut short or a quote is missing"
        elif "field limit" in problem:
            rule, what = "quote", f"a field of more than {MAX_FIELD_CHARACTERS} characters: is a quote missing?"
        else:
            rule, what = "quote", "a quote is missing or stands in the wrong place"
        raise RefusedFile(self.name, rule, what, row=row_no + 1, column=column)

    def end(self) -> tuple[int, str]:
        """Return the last row's number and the column in which the file ends."""
        row_no, last = 0, list(self.header)
        with _open(self.landed.path, self.encoding) as handle:
            try:
                for row in reader(handle, self.delimiter):
                    row_no, last = row_no + 1, row or last
            except csv.Error:
                self._refuse_quoting()
        return row_no, self.column(min(len(last), len(self.header)) - 1)


def open_text(landed: Landed, known: frozenset[str] = frozenset()) -> Text:
    """Find out encoding, delimiter and header of a landed file. `known` are column names, normalised.

    Raises:
        RefusedFile: the file is empty, holds a NUL, is in no encoding that is read, or has no readable header.
    """
    if landed.size == 0:
        raise RefusedFile(landed.name, "empty", "the file is empty")
    found = _shaped(landed, _encoding(landed, known), known)
    if not any(found.header):
        raise RefusedFile(landed.name, "header", "the first row is blank: it must hold the column names", row=1)
    return found


def _shaped(landed: Landed, encoding: str, known: frozenset[str]) -> Text:
    """Return the text by the delimiter that finds most known columns in the header.

    By another one a header in quotes cannot be read: what stands behind a quote that ends a field must be a delimiter.
    """
    best, found = -1, None
    for delimiter in DELIMITERS:
        top = _header_row(landed, encoding, delimiter, known)
        try:
            header, reach = _row(landed, encoding, delimiter, top)
        except (csv.Error, UnicodeError):
            continue
        score = sum(normalise(cell) in known for cell in header)
        if score > best:
            cells = tuple(cell.replace("\ufeff", "").strip() for cell in header)
            best, found = score, Text(landed, encoding, delimiter, cells, reach, top, known)
    if found is None:
        raise RefusedFile(landed.name, "header", "the header cannot be read", row=1)
    return found


def _encoding(landed: Landed, known: frozenset[str]) -> str:
    """Return utf-16 (by its mark), utf-8-sig, or cp1252 for a file that is neither."""
    with landed.path.open("rb") as handle:
        has_utf16_mark = handle.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    encoding = "utf-16" if has_utf16_mark else "utf-8-sig"
    offset = _undecodable_at(landed, encoding, known)
    if offset is None:
        return encoding
    broken, offset = offset, _undecodable_at(landed, "cp1252", known)
    if offset is None:
        _refuse_mixed(landed, broken)
        return "cp1252"
    message = f"neither UTF-8 nor Windows-1252 text, at byte {offset}"
    raise RefusedFile(landed.name, "encoding", message, row=_line_at(landed, offset))


def _refuse_mixed(landed: Landed, broken: int) -> None:
    """Refuse a file that is UTF-8 in some places and not at the byte `broken`: two exports were put together."""
    offset, tail = 0, b""
    for block in _blocks(landed.path):
        text = tail + block
        found = next((match for match in SEQUENCE.finditer(text) if not SIGNED.fullmatch(match[0])), None)
        if found:
            at = offset - len(tail) + found.start()
            message = (
                f"mixed encodings: UTF-8 at byte {at} (row {_line_at(landed, at)}), but not at byte {broken}:"
                " save all of it as UTF-8"
            )
            raise RefusedFile(landed.name, "encoding", message, row=_line_at(landed, max(at, broken)))
        offset, tail = offset + len(block), text[-3:]


def _undecodable_at(landed: Landed, encoding: str, known: frozenset[str]) -> int | None:
    """Return the offset of the first block's byte that is not `encoding`, or None; refuse a NUL."""
    decoder = codecs.getincrementaldecoder(encoding)()
    offset = 0
    for block in chain(_blocks(landed.path), [b""]):
        try:
            if "\0" in decoder.decode(block, final=not block):
                _refuse_nul(landed, encoding, known)
        except UnicodeDecodeError as error:
            return offset + error.start
        offset += len(block)
    return None


def _refuse_nul(landed: Landed, encoding: str, known: frozenset[str]) -> NoReturn:
    """Name the row and column of the first NUL."""
    message = "a NUL character: this is no text file, or a damaged one"
    try:
        text = _shaped(landed, encoding, known)
    except RefusedFile:
        text = Text(landed, encoding, DELIMITERS[0], ())
    with landed.path.open(encoding=encoding, newline="", errors="replace") as handle:
        for row_no, row in enumerate(csv.reader(handle, delimiter=text.delimiter), start=1):
            at = next((place for place, cell in enumerate(row) if "\0" in cell), None)
            if at is not None:
                column = text.column(at) if row_no > text.top and at < len(text.header) else None
                raise RefusedFile(landed.name, "nul", message, row=row_no, column=column)
    raise RefusedFile(landed.name, "nul", message)


def _line_at(landed: Landed, offset: int) -> int:
    with landed.path.open("rb") as handle:
        return handle.read(offset).count(b"\n") + 1


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as handle:
        while block := handle.read(BLOCK_BYTES):
            yield block


@contextmanager
def _open(path: Path, encoding: str) -> Iterator[io.TextIOWrapper]:
    with path.open(encoding=encoding, newline="") as handle:
        yield handle


def _fields(record: str, delimiter: str) -> int:
    """Return how many fields a record of broken quoting has, as well as that can be said; 0 where it cannot."""
    try:
        return len(next(csv.reader([record.replace("\n", " ").replace("\r", " ")], delimiter=delimiter), [""]))
    except csv.Error:
        return 0


def _remember(lines: Iterable[str], record: list[str]) -> Iterator[str]:
    """Pass lines on and keep those that no finished row has used yet."""
    for line in lines:
        record.append(line)
        yield line


def _header_row(landed: Landed, encoding: str, delimiter: str, known: frozenset[str]) -> int:
    """Return the row of the header, 1 where the first rows cannot be read."""
    with _open(landed.path, encoding) as handle:
        try:
            return header_row(reader(handle, delimiter), known)
        except (csv.Error, UnicodeError):
            return 1


def _row(landed: Landed, encoding: str, delimiter: str, top: int) -> tuple[list[str], int]:
    """Return the header and its width; 0 where the row below has another: then values may stand in the header."""
    with _open(landed.path, encoding) as handle:
        rows = reader(handle, delimiter)
        row = next(islice(rows, top - 1, None), [])
        try:
            below = next(filter(None, rows), row)
        except (csv.Error, UnicodeError):
            below = []
    return row, len(row) if len(below) == len(row) else 0


def _ends_with_newline(path: Path, encoding: str) -> bool:
    with path.open("rb") as handle:
        handle.seek(-min(2, handle.seek(0, io.SEEK_END)), io.SEEK_END)
        return handle.read().decode("latin-1").rstrip("\0")[-1:] in ("\n", "\r") or encoding == "utf-16"


def chunk_of(rows: list[list[str]], numbers: Sequence[int], width: int) -> Chunk:
    """Put rows of another width apart, and drop blank lines (they keep their row number)."""
    if set(map(len, rows)) == {width}:
        return Chunk(numbers, rows)
    alike = [(number, row) for number, row in zip(numbers, rows, strict=True) if len(row) == width]
    other = [(number, row) for number, row in zip(numbers, rows, strict=True) if len(row) != width]
    wrong = [(number, row) for number, row in other if any(cell.strip() for cell in row)]
    return Chunk([number for number, _ in alike], [row for _, row in alike], wrong, len(other) - len(wrong))

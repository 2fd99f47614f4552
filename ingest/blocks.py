"""Cut delimited text into blocks of whole rows, and read a block at once where that gives what `csv` gives.

A block is read at once (by polars, many times as fast) only if its quoting follows RFC 4180 to the letter, no
line is blank and every row has the header's number of fields. Any other block is read by `csv`, row by row.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import polars as pl

from ingest.land import BLOCK_BYTES
from ingest.table import CHUNK_ROWS

PIECE_BYTES = 1 << 20
FRAME_ROWS = 16_384
MAX_FIELD_CHARACTERS = 1 << 20
QUOTE, NEWLINE, RETURN = b'"\n\r'
LINE = re.compile(rb"[^\r\n]*(?:\r\n?|\n)")
MARKS = (codecs.BOM_UTF8, b"x\x01", b"\x1f\x8b")
"""What polars would take off the front of a block, or unpack."""


class Blocks:
    """The text of a file as UTF-8 bytes, taken from the front: some lines for `csv`, or a block of rows."""

    def __init__(self, path: Path, encoding: str, delimiter: str) -> None:
        self._delimiter = delimiter
        self._source = utf8(path, encoding)
        self._buffer, self._at, self._is_done = b"", 0, False

    def skip_row(self) -> None:
        """Pass over one row."""
        next(reader(map(bytes.decode, self._lines()), self._delimiter), None)

    def read(self, width: int) -> Iterator[pl.DataFrame | list[list[str]]]:
        """Yield the rows to the end: frames of `width` columns of text, or rows of any width (blank lines: none).

        Raises:
            csv.Error: a quote is never closed or closed in the wrong place, or a field is too long.
        """
        while self._fill(PIECE_BYTES):
            piece = self._buffer[self._at :] if self._at else self._buffer
            length, frame = _frame(piece, self._delimiter, width, is_last=self._is_done)
            if frame is None:
                yield from self._rows(min(length or len(piece), PIECE_BYTES))
            else:
                self._at += length
                for first in range(0, frame.height, FRAME_ROWS):
                    yield frame[first : first + FRAME_ROWS]

    def _rows(self, length: int) -> Iterator[list[list[str]]]:
        """Yield rows by `csv` until it has taken `length` bytes or more, and stands at the end of a row."""
        taken = 0

        def lines() -> Iterator[str]:
            nonlocal taken
            for line in self._lines():
                taken += len(line)
                yield line.decode()

        rows = _while(lambda: taken < length, reader(lines(), self._delimiter))
        while some := list(islice(rows, CHUNK_ROWS)):
            yield some

    def _lines(self) -> Iterator[bytes]:
        """Take lines from the front, with their ends: a line feed, a return, or both."""
        while self._fill(1):
            line = LINE.match(self._buffer, self._at)
            is_whole = line and (line.end() < len(self._buffer) or line[0].endswith(b"\n"))
            if is_whole or not self._more():
                text = line[0] if line else self._buffer[self._at :]
                self._at += len(text)
                yield text

    def _fill(self, wanted: int) -> bool:
        """Have `wanted` bytes ready, or all that are left; say whether there are any."""
        while len(self._buffer) - self._at < wanted and self._more():
            pass
        return self._at < len(self._buffer)

    def _more(self) -> bool:
        rest = self._buffer[self._at :]
        blocks = list(islice(self._source, max(1, len(rest) // BLOCK_BYTES)))
        self._buffer, self._at, self._is_done = b"".join((rest, *blocks)), 0, not blocks
        return bool(blocks)


def reader(lines: Iterator[str], delimiter: str) -> Iterator[list[str]]:
    """Return the reader by which every doubtful row is read."""
    csv.field_size_limit(MAX_FIELD_CHARACTERS)
    return csv.reader(lines, delimiter=delimiter, strict=True)


def utf8(path: Path, encoding: str) -> Iterator[bytes]:
    """Yield a file's text as UTF-8 without a mark, in blocks that end anywhere between two characters."""
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as handle:
        for block in iter(lambda: handle.read(BLOCK_BYTES), b""):
            yield decoder.decode(block).encode()
    yield decoder.decode(b"", final=True).encode()


def _while(condition: Callable[[], bool], rows: Iterator[list[str]]) -> Iterator[list[str]]:
    while condition() and (row := next(rows, None)) is not None:
        yield row


def _frame(piece: bytes, delimiter: str, width: int, *, is_last: bool) -> tuple[int, pl.DataFrame | None]:
    """Read the whole rows at the front of a piece of text at once; return their bytes and them, or None."""
    text = piece if piece.endswith(b"\n") or not is_last else piece + b"\n"
    ends, between = _row_ends(text, delimiter)
    rows = len(ends)
    if not rows:
        return 0, None
    text = text[: int(ends[-1]) + 1]
    length = min(len(text), len(piece))
    try:
        frame = pl.read_csv(
            text,
            has_header=False,
            separator=delimiter,
            schema={f"field_{at}": pl.String for at in range(width)},
            empty_string_is_null=False,
        )
    except pl.exceptions.PolarsError:
        return length, None
    # Where a row has fewer fields than the others, or more, the bytes do not add up.
    in_fields = sum(frame.select(pl.all().str.len_bytes().sum()).row(0))
    is_even = frame.height == rows and in_fields + rows * (width - 1) + between == len(text)
    return length, frame if is_even else None


def _row_ends(piece: bytes, delimiter: str) -> tuple[np.ndarray, int]:
    """Return where the line feeds stand that end the rows of a piece of text; none where `csv` is needed to say.

    And how many bytes up to the last of them are neither a field's nor a delimiter: ends of rows, and quotes.
    `csv` is needed for a quote that neither opens, closes nor stands doubled in a field, a line that ends in a lone
    return, a blank line, and a row beyond the limit of a field.
    """
    text = np.frombuffer(piece, dtype=np.uint8)
    ends = np.flatnonzero(text == NEWLINE)
    none = ends[:0]
    quotes = np.flatnonzero(text == QUOTE) if b'"' in piece else none
    if len(quotes):
        ends = ends[np.searchsorted(quotes, ends) % 2 == 0]
    if not len(ends) or piece.startswith(MARKS):
        return none, 0
    text = text[: ends[-1] + 1]
    quotes = quotes[: np.searchsorted(quotes, len(text))]
    if not (_has_clean_quotes(text, quotes, delimiter) and _has_clean_ends(text, ends)):
        return none, 0
    doubled = np.count_nonzero(text[quotes[1::2] + 1] == QUOTE)
    returns = np.count_nonzero(text[ends - 1] == RETURN)
    return ends, len(ends) + returns + len(quotes) - doubled


def _has_clean_quotes(text: np.ndarray, quotes: np.ndarray, delimiter: str) -> bool:
    """Whether every first quote of a pair opens a field and every second one closes it, doubled ones apart."""
    if not len(quotes):
        return True
    opens, closes = quotes[::2], quotes[1::2]
    before = np.zeros(256, dtype=bool)
    before[[ord(delimiter), NEWLINE, QUOTE]] = True
    after = before.copy()
    after[RETURN] = True
    return bool((before[text[opens - 1]] | (opens == 0)).all() and after[text[closes + 1]].all())


def _has_clean_ends(text: np.ndarray, ends: np.ndarray) -> bool:
    """Whether every return belongs to a line feed, no line is blank, and none may hold too long a field."""
    returns = np.flatnonzero(text == RETURN)
    lengths = np.diff(ends, prepend=-1) - 1
    if len(returns):
        lengths -= text[ends - 1] == RETURN
    return bool((text[returns + 1] == NEWLINE).all() and lengths.min() > 0 and lengths.max() < MAX_FIELD_CHARACTERS)

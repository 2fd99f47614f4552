"""What checks and packing gave for each good row of a file, kept beside its landed copy for the next snapshot.

A row that stands in the next snapshot as it stood in this one needs neither check nor pseudonym again: the hash of its
content and that of its key are found by its mark, 128 bits of keyed hash of its fields. Whether it is in force, came
twice or is closed is then settled as for any row. That holds for the same code, specification, header, year and
secret, of all of which the file's name is a hash, and for an as-at date no earlier: a day that lay ahead may have come,
but none lies ahead that did not. Rows with a fault are not kept, nor those with a warning that hangs on more than the
fields.
"""

from __future__ import annotations

import hashlib
import struct
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np
import polars as pl
import psycopg

from ingest import ledger
from ingest.check import Checked
from ingest.diff import Digests, Mask
from ingest.land import BLOCK_BYTES, INCOMING, KEPT_ROWS
from ingest.privacy import Keys
from ingest.recognise import Header
from ingest.rules import OF_DAYS
from ingest.settle import Delivery
from ingest.table import Chunk, FrameRows, Table

FROM_BYTES, FROM_ROWS = 1 << 18, 5_000
"""Size of a file, and number of its good rows, from which they are kept."""

PIECE_ROWS = 1 << 16
NEW_ROWS, TEXT_BYTES = 1 << 12, 2 << 20
"""New rows, or bytes of text, from which chunks are checked: a few rows are not worth the calls of a check."""

FIELDS = 6
"""Of a kept row, 8 bytes each: its mark (two), the hash of its content (two), the hash of its key, its warnings."""

WARNED, DISORDERED, UNSURE = 1, 2, 4
"""What is kept of a row's warnings: that there are some, and days out of order among them. A row with a day to come, or
with a cell in error, which comes as a blank, is not kept."""

UNSURE_RULES = frozenset({"future", "error_cell"})

NEAR_PIECES, FAR_SHARE, FAR_TIMES = 2, 0.1, 10
"""A snapshot has its rows mostly in the order of the one before. So many pieces are asked, from the one that held the
last rows; the others where more than this share of a chunk is left, and so many times: beyond it a check is quicker."""

GIVE_UP_FROM, LEAST_FOUND = 100_000, 0.5
"""From so many rows on, a file of which fewer are found than this share is not looked up any further."""

SEPARATOR = "\x1f"
END = struct.Struct("<QI32s")
"""The end of a file of rows: how many, the as-at date's number of days, and a keyed hash of all before."""

NONE = np.empty((0, FIELDS), dtype=np.uint64)
SHA256 = "select sha256 from ops.delivery where delivery_id = %s"


@dataclass(frozen=True)
class Looked:
    """A chunk, its rows as a frame where they have `marks`, shape (n, 2), and which of them are known, a mask.

    Of those, in their order: the `hashes` of their contents, shape (m, 2), and of their keys, (m,), and their
    `warnings`, (m,).
    """

    chunk: Chunk
    marks: Digests
    is_known: Mask
    hashes: Digests
    key_hashes: np.ndarray
    warnings: np.ndarray

    @property
    def new(self) -> Chunk:
        """The chunk without its known rows."""
        return self.chunk.without(self.is_known) if self.is_known.any() else self.chunk


def unknown(chunks: Iterable[Chunk]) -> Iterator[Looked]:
    """Yield chunks of which nothing is known or kept."""
    for chunk in chunks:
        yield _new(chunk, NONE[:, :2])


def _new(chunk: Chunk, marks: Digests) -> Looked:
    """Say that no row of a chunk is known."""
    return Looked(chunk, marks, np.zeros(len(chunk.rows), dtype=bool), NONE[:, :2], NONE[:, 4], NONE[:, 5])


class Recall:
    """The kept rows of an earlier file, in pieces as they came there, each in order of its marks."""

    def __init__(self, path: Path, rows: int) -> None:
        self._path = path
        self._pieces = [(start, min(PIECE_ROWS, rows - start)) for start in range(0, rows, PIECE_ROWS)]
        self._turn = self._far = 0
        self._asked = self._found = 0

    @classmethod
    def open(cls, path: Path, keys: Keys, as_at: date) -> Self | None:
        """Open a file of rows; None where there is none, it is damaged, or it is of a later as-at date."""
        try:
            with path.open("rb") as handle:
                size = path.stat().st_size - END.size
                seal = hashlib.blake2b(key=keys.row_seal, digest_size=32)
                for start in range(0, size, BLOCK_BYTES):
                    seal.update(handle.read(min(BLOCK_BYTES, size - start)))
                rows, day, told = END.unpack(handle.read())
        except (OSError, struct.error, ValueError):
            return None
        seal.update(END.pack(rows, day, b""))
        is_whole = size == rows * FIELDS * 8 and seal.digest() == told
        return cls(path, rows) if rows and is_whole and day <= as_at.toordinal() else None

    def find(self, marks: Digests) -> tuple[Mask, Digests, np.ndarray, np.ndarray]:
        """Say which rows are known by their marks, shape (n, 2); return the mask, and what was kept as in `Looked`."""
        is_known = np.zeros(len(marks), dtype=bool)
        kept = np.empty((len(marks), FIELDS), dtype=np.uint64)
        if self._asked < GIVE_UP_FROM or self._found >= LEAST_FOUND * self._asked:
            left, last = np.argsort(marks[:, 0], kind="stable"), self._turn
            for step in range(len(self._pieces)):
                if not len(left) or (step == NEAR_PIECES and not self._goes_on(len(left) / len(marks))):
                    break
                piece = (self._turn + step) % len(self._pieces)
                is_same, values = self._match(marks[left], piece)
                kept[left[is_same]], is_known[left[is_same]] = values, True
                left, last = left[~is_same], piece if is_same.any() else last
            self._turn = last
            self._asked, self._found = self._asked + len(marks), self._found + int(is_known.sum())
        return is_known, kept[is_known, 2:4], kept[is_known, 4], kept[is_known, 5]

    def _goes_on(self, share_left: float) -> bool:
        """Whether pieces far from the last one are asked as well."""
        is_worth_it = share_left > FAR_SHARE and self._far < FAR_TIMES
        self._far += is_worth_it
        return is_worth_it

    def _match(self, marks: Digests, number: int) -> tuple[Mask, np.ndarray]:
        """Compare rows, in order of their marks, with a piece; return which are the same, and what was kept of them."""
        start, count = self._pieces[number]
        piece = np.memmap(self._path, "<u8", "r", offset=start * FIELDS * 8, shape=(FIELDS, count))
        at = np.minimum(np.searchsorted(piece[0], marks[:, 0]), count - 1)
        is_same = (piece[0][at] == marks[:, 0]) & (piece[1][at] == marks[:, 1])
        return is_same, np.asarray(piece[:, at[is_same]]).T


class Recorder:
    """Writes the good rows of a file, a piece at a time; what is not kept at the end is gone."""

    def __init__(self, folder: Path, keys: Keys) -> None:
        self._file = tempfile.NamedTemporaryFile(prefix=INCOMING, dir=folder, delete=False)  # noqa: SIM115
        self._seal = hashlib.blake2b(key=keys.row_seal, digest_size=32)
        self._waiting: list[np.ndarray] = []
        self._count = self._rows = 0

    def add(self, rows: np.ndarray) -> None:
        """Add some rows, shape (n, `FIELDS`)."""
        self._waiting.append(rows)
        self._count += len(rows)
        while self._count >= PIECE_ROWS:
            rows = np.concatenate(self._waiting)
            self._waiting, self._count = [rows[PIECE_ROWS:]], len(rows) - PIECE_ROWS
            self._write(rows[:PIECE_ROWS])

    def keep(self, path: Path, as_at: date) -> None:
        """Put the file in its place, if it is worth the while."""
        self._write(np.concatenate([NONE, *self._waiting]))
        end = (self._rows, as_at.toordinal())
        self._seal.update(END.pack(*end, b""))
        self._file.write(END.pack(*end, self._seal.digest()))
        self._file.close()
        if self._rows >= FROM_ROWS:
            Path(self._file.name).replace(path)

    def close(self) -> None:
        """Remove what was not kept."""
        self._file.close()
        Path(self._file.name).unlink(missing_ok=True)

    def _write(self, rows: np.ndarray) -> None:
        block = np.ascontiguousarray(rows[np.argsort(rows[:, 0], kind="stable")].T, dtype="<u8").tobytes()
        self._seal.update(block)
        self._file.write(block)
        self._rows += len(rows)


class Memory:
    """What is known of a delivery's rows, and what is kept of them for the next one."""

    def __init__(
        self, connection: psycopg.Connection, delivery: Delivery, text: Table, header: Header, keys: Keys
    ) -> None:
        # A return's tables lie in a folder of their own below its copy's.
        folder = next(folder for folder in text.landed.path.parents if folder.name == text.landed.sha256)
        self._width, self._seeds, self._as_at = len(text.header), keys.row_seeds, delivery.as_at
        name = f"{KEPT_ROWS}{_context(delivery, text, header)}"
        self._path = folder / name
        self._recall = _latest(connection, delivery, folder.parent, name, keys)
        self._recorder = Recorder(folder, keys)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Remove what was not kept."""
        self._recorder.close()

    def look_up(self, chunks: Iterable[Chunk]) -> Iterator[Looked]:
        """Yield chunks with what is known of their rows, several as one where little of them is new."""
        waiting: list[Looked] = []
        for chunk in chunks:
            waiting.append(self._look_up(chunk))
            new = sum(int((~one.is_known).sum()) for one in waiting)
            if new >= NEW_ROWS or sum(one.chunk.rows.frame.estimated_size() for one in waiting) >= TEXT_BYTES:
                yield _joined(waiting)
                waiting = []
        if waiting:
            yield _joined(waiting)

    def _look_up(self, chunk: Chunk) -> Looked:
        """Say what is known of a chunk's rows; nothing where it has cells in error, for these came as blanks."""
        frame = pl.DataFrame([values.alias(f"field_{at}") for at, values in enumerate(chunk.columns(self._width))])
        marks = marks_of(frame, self._seeds)
        chunk = replace(chunk, rows=FrameRows(frame))
        if chunk.errors or not self._recall:
            return _new(chunk, marks)
        return Looked(chunk, marks, *self._recall.find(marks))

    def note(self, marks: Digests, hashes: Digests, key_hashes: np.ndarray, warnings: np.ndarray) -> None:
        """Keep what was found of n rows without a fault, n of each."""
        rows = np.column_stack((marks, hashes, key_hashes, warnings))
        self._recorder.add(rows[warnings & np.uint64(UNSURE) == 0])

    def keep(self) -> None:
        """Put what was kept beside the file's landed copy."""
        self._recorder.keep(self._path, self._as_at)


def marks_of(frame: pl.DataFrame, seeds: tuple[int, ...]) -> Digests:
    """Hash each row in two ways, by its fields and by its text: a weakness of the one is not the other's."""
    texts = pl.select(pl.concat_str(frame.get_columns(), separator=SEPARATOR)).to_series()
    return np.column_stack((frame.hash_rows(seeds[0]).to_numpy(), texts.hash(seeds[1]).to_numpy()))


def warnings_of(checked: Checked) -> np.ndarray:
    """Return what is kept of the warnings of good rows, shape (n,)."""
    found = np.zeros(len(checked.row_nos), dtype=np.uint64)
    for row_no, fault in checked.warnings:
        kinds = WARNED | DISORDERED * (fault.rule in OF_DAYS) | UNSURE * (fault.rule in UNSURE_RULES)
        found[np.searchsorted(checked.row_nos, row_no)] |= np.uint64(kinds)
    return found


def _joined(parts: list[Looked]) -> Looked:
    """Return several chunks, one after the other, as one."""
    if len(parts) == 1:
        return parts[0]
    chunks = [part.chunk for part in parts]
    joined = Chunk(
        [row_no for chunk in chunks for row_no in chunk.row_nos],
        FrameRows(pl.concat([chunk.rows.frame for chunk in chunks])),
        [row for chunk in chunks for row in chunk.wrong],
        sum(chunk.blank for chunk in chunks),
        {row_no: places for chunk in chunks for row_no, places in chunk.errors.items()},
    )
    arrays = ((part.marks, part.is_known, part.hashes, part.key_hashes, part.warnings) for part in parts)
    return Looked(joined, *map(np.concatenate, zip(*arrays, strict=True)))


def memory_of(
    connection: psycopg.Connection, delivery: Delivery, text: Table, header: Header, keys: Keys
) -> Memory | None:
    """Return the memory of a delivery's rows; None for an increment and for a small file."""
    is_worth_it = delivery.spec.scope == "snapshot" and text.landed.size >= FROM_BYTES
    return Memory(connection, delivery, text, header, keys) if is_worth_it else None


def _latest(connection: psycopg.Connection, delivery: Delivery, landing: Path, name: str, keys: Keys) -> Recall | None:
    """Open what was kept of the latest accepted delivery."""
    newest = ledger.latest(connection, delivery.council, delivery.spec.feed, delivery.year)
    if newest is None:
        return None
    (sha256,) = connection.execute(SHA256, (newest[0],)).fetchone()
    return Recall.open(landing / sha256 / name, keys, delivery.as_at)


def _context(delivery: Delivery, text: Table, header: Header) -> str:
    """Hash all that what is kept of a row depends on, besides its fields, the secret and the as-at date."""
    spec, width = delivery.spec, len(text.header)
    parts = (
        *(_code(), pl.__version__, spec.model_dump_json(), delivery.council, delivery.year),
        *(text.sheet, text.header, header.positions, header.added, header.renamed, header.kinds(spec, width)),
    )
    return hashlib.blake2b(repr(parts).encode(), digest_size=16).hexdigest()


@cache
def _code() -> str:
    """Hash the code that checks and packs."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.blake2b(b"".join(file.read_bytes() for file in files)).hexdigest()

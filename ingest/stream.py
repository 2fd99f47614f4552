"""Stream a file's rows through the checks into the tables of one transaction."""

from __future__ import annotations

import gc
import json
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Self

import numpy as np
import psycopg
from psycopg import sql

from ingest import indexes, ledger, parents, settle
from ingest.check import Checked, Checker
from ingest.diff import Digests, InForce, Mask, Seen
from ingest.errors import RefusedFile
from ingest.fault import BadRow, Fault
from ingest.pack import Packed, Packer
from ingest.privacy import Keys
from ingest.recall import DISORDERED, WARNED, Looked, memory_of, unknown, warnings_of
from ingest.recognise import Header
from ingest.rules import OF_DAYS
from ingest.settle import Conflict, Delivery
from ingest.table import Chunk, Placed, Table

REPEATED_KEY = "an earlier row of this file has the same key and another value here; the first one counts"


@dataclass
class Counts:
    """What became of a file's rows. read = inserted + unchanged + rejected + duplicate, always."""

    rows_read: int = 0
    rows_inserted: int = 0
    rows_unchanged: int = 0
    rows_rejected: int = 0
    rows_duplicate: int = 0
    rows_closed: int = 0
    rows_warned: int = 0


class Behind:
    """Does the database's work in order on one thread, while the next rows are being checked.

    At most `AHEAD` pieces of work wait, so that memory stays small; an error of one is raised at a later one.
    """

    AHEAD = 4

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="sightline-copy")
        self._waiting: deque[Future] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def do(self, work: Callable[..., object], *arguments: object) -> None:
        """Queue a piece of work; wait where too many are waiting."""
        self._waiting.append(self._pool.submit(work, *arguments))
        while len(self._waiting) > self.AHEAD:
            self._waiting.popleft().result()

    def finish(self) -> None:
        """Wait until all is done."""
        while self._waiting:
            self._waiting.popleft().result()


def _ahead(chunks: Iterator[Looked]) -> Iterator[Looked]:
    """Yield chunks, the next one of which is read on a thread while one is taken in."""
    with ThreadPoolExecutor(1, thread_name_prefix="sightline-read") as pool:
        coming = pool.submit(next, chunks, None)
        while (chunk := coming.result()) is not None:
            coming = pool.submit(next, chunks, None)
            yield chunk


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Rows make no reference cycles, and looking for some costs a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class Stream:
    """One file on its way into one transaction."""

    def __init__(
        self, connection: psycopg.Connection, delivery: Delivery, text: Table, header: Header, keys: Keys
    ) -> None:
        self._connection, self._delivery, self._text, self._keys = connection, delivery, text, keys
        self._header = header
        self._checker = Checker(delivery.spec, header, delivery.year, delivery.as_at)
        self._kinds = header.kinds(delivery.spec, len(text.header))
        self._sealed_header = header.in_words_of(delivery.spec, text.header)
        self._packer = Packer(delivery.spec, keys, delivery.council, delivery.delivery_id)
        self._folder = text.landed.path.parent
        self._seen = Seen(self._folder)
        self._memory = memory_of(connection, delivery, text, header, keys)
        self.counts = Counts()
        self.rows_before = 0
        self.rows_disordered = 0

    def run(self) -> Counts:
        """Check and load every row; return what became of them.

        Raises:
            RefusedFile: the file breaks off, its quoting is wrong, or a fault of level `file`; the caller rolls back.
        """
        with self._memory or nullcontext():
            self._load()
        return self.counts

    def _load(self) -> None:
        feed, council = self._delivery.spec.feed, self._delivery.council
        self._in_force = InForce.read(self._connection, feed, council, self._folder, self._delivery.within)
        self.rows_before = len(self._in_force)
        is_first = not self.rows_before and self._delivery.superseded_by is None
        self._target = settle.prepare(self._connection, self._delivery, is_first=is_first)
        is_large = is_first and self._text.landed.size >= indexes.FROM_BYTES
        to_make = indexes.take_off(self._connection, self._target.tables) if is_large else []
        self._copies = settle.copy_statements(self._delivery, self._target)
        with Behind() as self._behind, _no_garbage_collection():
            chunks = self._text.chunks(self._kinds)
            for looked in _ahead(self._memory.look_up(chunks) if self._memory else unknown(chunks)):
                self.counts.rows_read += len(looked.chunk.rows) + len(looked.chunk.wrong)
                self._take(looked)
            self._behind.finish()
        indexes.make_again(self._connection, to_make)
        self._settle()
        if self._memory:
            self._memory.keep()

    def _take(self, looked: Looked) -> None:
        """Take in a chunk's rows: those that are known by what was kept of them, the others by their check."""
        checked = self._check(looked.new)
        packed = self._packer.pack(checked)
        row_nos = np.asarray(looked.chunk.row_nos, dtype=np.int64)
        new, of_known = len(checked.row_nos), np.flatnonzero(looked.is_known)
        places = np.concatenate((np.searchsorted(row_nos, checked.row_nos), of_known))
        hashes = np.concatenate((packed.hashes, looked.hashes))
        key_hashes = np.concatenate((packed.key_hashes, looked.key_hashes))
        is_repeat, is_unchanged = self._compare(places, hashes, key_hashes)
        self._put(packed, is_repeat[:new], is_unchanged[:new])
        is_left = ~is_unchanged[new:]
        self._count_warnings(looked.warnings[~is_left])
        if is_left.any():
            left = self._packer.pack(self._check(looked.chunk.at(of_known[is_left])))
            self._put(left, is_repeat[new:][is_left], is_unchanged[new:][is_left])
        if self._memory:
            warnings = np.concatenate((warnings_of(checked), looked.warnings))
            self._memory.note(looked.marks[places], hashes, key_hashes, warnings)

    def _count_warnings(self, warnings: np.ndarray) -> None:
        """Count the warnings of known rows that are in force as they are; they were written down with them."""
        self.counts.rows_warned += int(((warnings & np.uint64(WARNED)) != 0).sum())
        self.rows_disordered += int(((warnings & np.uint64(DISORDERED)) != 0).sum())

    def _compare(self, places: np.ndarray, hashes: Digests, key_hashes: np.ndarray) -> tuple[Mask, Mask]:
        """Say of rows at some places of a chunk whose key came before, and which are in force as they are."""
        is_repeat, order = np.empty(len(places), dtype=bool), np.argsort(places, kind="stable")
        is_repeat[order] = self._seen.repeats(key_hashes[order])
        is_unchanged = self._in_force.unchanged(hashes, ~is_repeat)
        self.counts.rows_unchanged += int(is_unchanged.sum())
        return is_repeat, is_unchanged

    def _check(self, chunk: Chunk) -> Checked:
        """Check rows, and reject the bad ones."""
        checked = self._checker.check(chunk, len(self._text.header))
        disordered = {row.row_no for row in checked.bad if any(fault.rule in OF_DAYS for fault in row.faults)}
        disordered |= {row_no for row_no, fault in checked.warnings if fault.rule in OF_DAYS}
        self.rows_disordered += len(disordered)
        if checked.bad:
            self._reject(checked.bad)
        return checked

    def _put(self, packed: Packed, is_repeat: Mask, is_unchanged: Mask) -> None:
        """Write new rows, set those aside whose key came before, and tell of warnings."""
        is_new = ~(is_repeat | is_unchanged)
        if is_new.any():
            self._write(packed, is_new)
        if is_repeat.any():
            self._set_aside(packed, is_repeat)
        if packed.checked.warnings:
            self._warn(packed.checked.warnings, set(packed.checked.row_nos[is_new].tolist()))

    def _write(self, packed: Packed, is_new: Mask) -> None:
        self.counts.rows_inserted += int(is_new.sum())
        for statement, rows in zip(self._copies, self._packer.copy_texts(packed, is_new), strict=True):
            if rows:
                self._behind.do(self._copy, statement, rows)

    def _copy(self, statement: sql.Composable, rows: bytes | list[tuple]) -> None:
        with self._connection.cursor() as cursor, cursor.copy(statement) as copy:
            if isinstance(rows, bytes):
                copy.write(rows)
            else:
                for row in rows:
                    copy.write_row(row)

    def _set_aside(self, packed: Packed, is_repeat: Mask) -> None:
        """Keep rows whose key came before, sealed, until the first of them stands in the table."""
        rows = [
            (
                int(packed.checked.row_nos[at]),
                packed.keys[at],
                bytes.fromhex(packed.hash_hex[at]),
                self._keys.seal(packed.checked.row(at), self._sealed_header),
                json.dumps(self._packer.content(packed.checked, at)),
            )
            for at in np.flatnonzero(is_repeat).tolist()
        ]
        self._behind.do(self._copy, sql.SQL("copy repeated from stdin"), rows)

    def _warn(self, warnings: list[tuple[int, Fault]], new: set[int]) -> None:
        """Count warned rows; write those down whose row is new: an unchanged one has its warnings already."""
        self.counts.rows_warned += len({row_no for row_no, _ in warnings})
        of_new = [warning for warning in warnings if warning[0] in new]
        self._behind.do(ledger.warn, self._connection, self._delivery.delivery_id, of_new, self._text.sheet)

    def _reject(self, bad: list[BadRow]) -> None:
        bad = list(map(self._placed, bad))
        self._refuse_file(bad)
        self.counts.rows_rejected += len(bad)
        keys = [self._packer.key_of(row.key) for row in bad]
        sealed = [(row, self._packer.told_key(row), self._keys.seal(row.row, self._sealed_header)) for row in bad]
        self._behind.do(ledger.reject, self._connection, self._delivery.delivery_id, sealed, self._text.sheet)
        if not self._target.is_direct:
            self._behind.do(self._copy, sql.SQL("copy kept from stdin"), [(key,) for key in keys])

    def _placed(self, bad: BadRow) -> BadRow:
        """Return a bad row under the row and column that it has in the file."""
        return self._text.place(bad) if isinstance(self._text, Placed) else bad

    def _refuse_file(self, bad: list[BadRow]) -> None:
        """Refuse the file at its first fault of that level."""
        for row in bad:
            for fault in row.faults:
                if fault.level == "file":
                    place = {"row": row.row_no, "column": fault.column, "sheet": self._text.sheet}
                    raise RefusedFile(self._text.name, fault.rule, fault.reason, **place)

    def _settle(self) -> None:
        if not self._target.is_direct:
            settle.note_unmatched(self._connection, self._in_force.no_longer_held())
            self.counts.rows_closed = settle.supersede(self._connection, self._delivery)
        duplicates, conflicts = settle.settle_repeats(self._connection, self._delivery)
        rejected = [(self._placed(_repeated(one)), one.row_key, one.row_sealed) for one in conflicts]
        ledger.reject(self._connection, self._delivery.delivery_id, rejected, self._text.sheet)
        self.counts.rows_duplicate = duplicates
        self.counts.rows_rejected += len(conflicts)
        self.counts.rows_warned += settle.warn_of_firsts(self._connection, self._delivery, conflicts, self._text.sheet)
        orphans = parents.warn_of_orphans(self._connection, self._delivery, self._text.name, self._text.sheet)
        self.counts.rows_warned += orphans


def _repeated(conflict: Conflict) -> BadRow:
    """Return a row whose key came before as a bad one; it is sealed already."""
    return BadRow(conflict.row_no, [], [Fault(conflict.column, "key", REPEATED_KEY)], ())

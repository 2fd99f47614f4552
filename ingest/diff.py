"""What is new about a delivery: which keys came before in the file, which rows are in force as they are.

Both answers come from hashes in order. They lie in files, the keys' from half a million on, so that memory stays
nearly the same however many rows there are: a bit for each row in force.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import psycopg
from psycopg import sql

from ingest.spool import Spool

Mask = np.ndarray
Digests = np.ndarray
"""Digests of n rows: shape (n, 2), two big-endian 64-bit halves each."""

IN_FORCE_ROW = np.dtype([("high", ">u8"), ("low", ">u8"), ("delivery_id", ">i8"), ("row_no", ">i4")])
PLACE = np.dtype([("delivery_id", "<i8"), ("row_no", "<i4")])
PIECE_PAGES = 4096
"""Of a table: what is read at once, some 150,000 rows."""

PAGES_QUERY = "select pg_relation_size(%s::regclass) / current_setting('block_size')::bigint"
IN_FORCE_QUERY = """
select string_agg(row_hash || int8send(delivery_id) || int4send(row_no), ''::bytea)
from raw.{feed} where ctid >= %(first)s::text::tid and ctid < %(end)s::text::tid
and council = %(council)s and closed_by is null
and (%(value)s::text is null or {column}::text = %(value)s)
"""
"""Many rows in one value: a fifth of the time of a value a row."""


def digest_array(digests: list[str]) -> Digests:
    """Return 16-byte digests (hex) as an array of shape (n, 2)."""
    return np.frombuffer(bytes.fromhex("".join(digests)), dtype=">u8").reshape(-1, 2).astype(np.uint64)


class Likely:
    """A Bloom filter of 64-bit hashes: says of a hash that it was never added, or that it may have been.

    With 2**27 bits it takes one in 200 for one of 10,000,000, with 2**26 one in 25; the more it holds, the oftener it
    sends to the files in vain.
    """

    PROBES, AT_ONCE = 4, 1 << 16

    def __init__(self, bits: int) -> None:
        self._size = np.uint64(bits)
        self._bits = np.zeros(bits // 8, dtype=np.uint8)

    def add(self, hashes: np.ndarray) -> None:
        """Add some hashes, a few at a time, for what is worked out of them takes several times their memory."""
        for start in range(0, len(hashes), self.AT_ONCE):
            for byte, bit in self._places(hashes[start : start + self.AT_ONCE]):
                np.bitwise_or.at(self._bits, byte, bit)

    def may_hold(self, hashes: np.ndarray) -> Mask:
        """Say which of some hashes may have been added."""
        answer = np.ones(len(hashes), dtype=bool)
        for byte, bit in self._places(hashes):
            answer &= (self._bits[byte] & bit) != 0
        return answer

    def _places(self, hashes: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        step = hashes >> np.uint64(32) | np.uint64(1)
        for probe in range(self.PROBES):
            place = (hashes + np.uint64(probe) * step) % self._size
            yield (place >> np.uint64(3)).astype(np.int64), _bit(place)


class Seen:
    """The keys that a file has held so far: 64-bit hashes in sorted runs.

    The last ones are in memory, in a few runs that are merged as they grow; all before them in runs of a file, behind
    a filter that keeps most questions from it.
    """

    def __init__(self, folder: Path, *, in_memory: int = 1 << 19, bits: int = 1 << 26) -> None:
        """`folder` is for the file; `in_memory` is how many hashes are kept in memory, `bits` the filter's size."""
        self._bits = bits
        self._folder, self._in_memory = folder, in_memory
        self._recent: list[np.ndarray] = []
        self._ends = [0]
        self._spool: Spool | None = None
        self._likely: Likely | None = None

    def repeats(self, keys: np.ndarray) -> Mask:
        """Say for each key, an unsigned 64-bit hash, in the order given, whether it came before; remember them all."""
        order = np.argsort(keys, kind="stable")
        ascending = keys[order]
        is_repeat = np.zeros(len(keys), dtype=bool)
        is_repeat[1:] = ascending[1:] == ascending[:-1]
        for run in self._recent:
            is_repeat |= _holds(run, ascending)
        if self._spool is not None:
            asked = np.flatnonzero(self._likely.may_hold(ascending))
            is_repeat[asked] |= self._is_in_file(ascending[asked])
        self._remember(ascending)
        answer = np.empty(len(keys), dtype=bool)
        answer[order] = is_repeat
        return answer

    def _is_in_file(self, ascending: np.ndarray) -> Mask:
        answer = np.zeros(len(ascending), dtype=bool)
        for start, end in pairwise(self._ends) if len(ascending) else ():
            answer |= _holds(self._spool.piece(start, end), ascending)
        return answer

    def _remember(self, ascending: np.ndarray) -> None:
        """Add a run, and merge the last ones while they are of like length; write all of them when they are many."""
        runs = self._recent
        if len(ascending):
            runs.append(ascending)
        while len(runs) > 1 and len(runs[-2]) <= 2 * len(runs[-1]):
            runs[-2:] = [np.sort(np.concatenate(runs[-2:]), kind="stable")]
        if sum(map(len, runs)) >= self._in_memory:
            self._write(np.sort(np.concatenate(runs), kind="stable"))
            runs.clear()

    def _write(self, run: np.ndarray) -> None:
        if self._spool is None:
            self._spool, self._likely = Spool(np.uint64, self._folder), Likely(self._bits)
        self._likely.add(run)
        self._spool.append(run)
        self._ends.append(len(self._spool))


class InForce:
    """The rows of a feed that are in force: their hashes, and which of them a delivery still holds.

    They lie in files, in pieces as they came, each in order of its hashes. A snapshot mostly has its rows in the order
    of the one before, so that the piece that held the last rows is asked first; where many are in none, a filter tells.
    """

    def __init__(self, pieces: Iterable[np.ndarray], folder: Path, *, bits: int = 1 << 26) -> None:
        """`pieces` are arrays of `IN_FORCE_ROW`; `folder` is for the files, `bits` the filter's size."""
        self._bits = bits
        self._high, self._low = Spool(np.uint64, folder), Spool(np.uint64, folder)
        self._places = Spool(PLACE, folder)
        self._ends = [0]
        self._likely: Likely | None = None
        self._missed = 0
        for rows in pieces:
            self._add(rows[np.argsort(rows["high"], kind="stable")])
        self._held = np.zeros(-(-len(self) // 8), dtype=np.uint8)
        self._matches = np.zeros(len(self._ends) - 1, dtype=np.int64)

    def _add(self, rows: np.ndarray) -> None:
        high = rows["high"].astype(np.uint64)
        self._high.append(high)
        self._low.append(rows["low"])
        self._places.append(rows[list(PLACE.names)])
        self._ends.append(len(self))

    @classmethod
    def read(
        cls,
        connection: psycopg.Connection,
        feed: str,
        council: str,
        folder: Path,
        within: tuple[str, str] | None = None,
    ) -> InForce:
        """Read the hashes of the rows in force; `within` is a column and the value, as text, that rows must have."""
        return cls(_read(connection, feed, council, within), folder)

    def __len__(self) -> int:
        return len(self._high)

    def unchanged(self, digests: Digests, candidates: Mask) -> Mask:
        """Say which candidate rows are in force as they are, and mark those as still held."""
        answer = np.zeros(len(digests), dtype=bool)
        if not len(self):
            return answer
        is_asked = candidates if self._likely is None else candidates & self._likely.may_hold(digests[:, 0])
        left = np.flatnonzero(is_asked)
        left = left[np.argsort(digests[left, 0], kind="stable")]
        for piece in self._in_turn():
            if len(left):
                is_same = self._match(digests[left], *self._ends[piece : piece + 2])
                answer[left[is_same]] = True
                self._matches[piece], left = is_same.sum(), left[~is_same]
        self._note_missed(len(left))
        return answer

    def _note_missed(self, rows: int) -> None:
        """Make the filter once as many rows have been looked for in vain as it takes to make it."""
        self._missed += rows * len(self._matches)
        if self._likely is None and self._missed > len(self) and len(self._matches) > 1:
            self._likely = Likely(self._bits)
            for start, end in pairwise(self._ends):
                self._likely.add(self._high.piece(start, end))

    def _in_turn(self) -> list[int]:
        """Return the pieces: those that held most of the last rows first, then on from there, round to the first."""
        onward = np.roll(np.arange(len(self._matches)), -int(self._matches.argmax()))
        order = onward[np.argsort(-self._matches[onward], kind="stable")]
        self._matches[:] = 0
        return order.tolist()

    def _match(self, digests: Digests, start: int, end: int) -> Mask:
        """Compare rows, in order of their hashes, with the piece from `start` to `end`."""
        ascending = self._high.piece(start, end)
        at = np.minimum(np.searchsorted(ascending, digests[:, 0]), end - start - 1)
        is_same = ascending[at] == digests[:, 0]
        is_same[is_same] = self._low.piece(start, end)[at[is_same]] == digests[is_same, 1]
        place = (at[is_same] + start).astype(np.uint64)
        np.bitwise_or.at(self._held, (place >> np.uint64(3)).astype(np.int64), _bit(place))
        return is_same

    def no_longer_held(self) -> Iterator[tuple[int, int]]:
        """Yield (delivery_id, row_no) of each row in force that no row of the delivery equals."""
        for start, end in pairwise(self._ends):
            place = np.arange(start, end, dtype=np.uint64)
            is_held = (self._held[(place >> np.uint64(3)).astype(np.int64)] & _bit(place)) != 0
            rows = self._places.piece(start, end)[~is_held]
            yield from zip(rows["delivery_id"].tolist(), rows["row_no"].tolist(), strict=True)


def _holds(ascending: np.ndarray, hashes: np.ndarray) -> Mask:
    """Say which hashes stand in a sorted run of at least one."""
    return ascending[np.minimum(np.searchsorted(ascending, hashes), len(ascending) - 1)] == hashes


def _bit(place: np.ndarray) -> np.ndarray:
    """Return the bit of each place within its byte."""
    return np.uint8(1) << (place & np.uint64(7)).astype(np.uint8)


def _read(
    connection: psycopg.Connection, feed: str, council: str, within: tuple[str, str] | None
) -> Iterator[np.ndarray]:
    """Yield the rows in force, an array for each piece of the table that holds some."""
    column, value = within or ("row_no", None)
    query = sql.SQL(IN_FORCE_QUERY).format(feed=sql.Identifier(feed), column=sql.Identifier(column))
    with connection.cursor(binary=True) as cursor:
        table = sql.Identifier("raw", feed).as_string(connection)
        pages = cursor.execute(PAGES_QUERY, (table,)).fetchone()[0]
        for page in range(0, pages, PIECE_PAGES):
            places = {"first": f"({page},0)", "end": f"({page + PIECE_PAGES},0)"}
            (block,) = cursor.execute(query, {"council": council, "value": value, **places}).fetchone()
            if block:
                yield np.frombuffer(block, dtype=IN_FORCE_ROW)

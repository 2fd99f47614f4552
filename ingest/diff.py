"""What is new about a delivery: which keys came before in the file, which rows are in force as they are.

Both answers come from sorted arrays of hashes, 8 and 41 bytes a row, so that memory stays small.
"""

from __future__ import annotations

import numpy as np
import psycopg
from psycopg import sql

Mask = np.ndarray
Digests = np.ndarray
"""Digests of n rows: shape (n, 2), two big-endian 64-bit halves each."""

IN_FORCE_ROW = np.dtype([("high", ">u8"), ("low", ">u8"), ("delivery_id", ">i8"), ("row_no", ">i4")])
IN_FORCE_QUERY = """
select string_agg(row_hash || int8send(delivery_id) || int4send(row_no), ''::bytea)
from raw.{feed} where council = %(council)s and closed_by is null
and (%(value)s::text is null or {column}::text = %(value)s) group by row_no >> 16
"""
"""Many rows in one value: a fifth of the time of a value a row."""


def digest_array(digests: list[str]) -> Digests:
    """Return 16-byte digests (hex) as an array of shape (n, 2)."""
    return np.frombuffer(bytes.fromhex("".join(digests)), dtype=">u8").reshape(-1, 2).astype(np.uint64)


class Seen:
    """The keys that a file has held so far: 64-bit hashes, in parts by their first bits.

    A part is a few sorted runs that are merged as they grow, so that a merge needs room for one part alone.
    """

    PARTS = 16

    def __init__(self) -> None:
        self._parts: list[list[np.ndarray]] = [[] for _ in range(self.PARTS)]
        self._bounds = np.arange(1, self.PARTS, dtype=np.uint64) * np.uint64(2**64 // self.PARTS)

    def repeats(self, keys: np.ndarray) -> Mask:
        """Say for each key, an unsigned 64-bit hash, in the order given, whether it came before; remember them all."""
        order = np.argsort(keys, kind="stable")
        ascending = keys[order]
        is_repeat = np.zeros(len(keys), dtype=bool)
        is_repeat[1:] = ascending[1:] == ascending[:-1]
        ends = [*np.searchsorted(ascending, self._bounds).tolist(), len(keys)]
        for runs, start, end in zip(self._parts, [0, *ends], ends, strict=False):
            some = ascending[start:end]
            for run in runs if len(some) else ():
                at = np.searchsorted(run, some)
                is_repeat[start:end] |= run[np.minimum(at, len(run) - 1)] == some
            _remember(runs, some)
        answer = np.empty(len(keys), dtype=bool)
        answer[order] = is_repeat
        return answer


def _remember(runs: list[np.ndarray], ascending: np.ndarray) -> None:
    """Add a run, and merge the last ones while they are of like length."""
    if len(ascending):
        runs.append(ascending.copy())
    while len(runs) > 1 and len(runs[-2]) <= 2 * len(runs[-1]):
        last, before = runs.pop(), runs.pop()
        runs.append(np.sort(np.concatenate((before, last)), kind="stable"))


class InForce:
    """The rows of a feed that are in force: their hashes, and which of them a delivery still holds."""

    def __init__(self, rows: np.ndarray) -> None:
        self._rows = rows
        self._order = np.argsort(rows["high"], kind="stable").astype(np.uint32)
        self._ascending = rows["high"][self._order].astype(np.uint64)
        self._is_held = np.zeros(len(rows), dtype=bool)

    @classmethod
    def read(
        cls, connection: psycopg.Connection, feed: str, council: str, within: tuple[str, str] | None = None
    ) -> InForce:
        """Read the hashes of the rows in force; `within` is a column and the value, as text, that rows must have."""
        data = bytearray()
        with connection.cursor(binary=True) as cursor:
            column, value = within or ("row_no", None)
            query = sql.SQL(IN_FORCE_QUERY).format(feed=sql.Identifier(feed), column=sql.Identifier(column))
            for (block,) in cursor.execute(query, {"council": council, "value": value}):
                data += block
        return cls(np.frombuffer(data, dtype=IN_FORCE_ROW))

    def __len__(self) -> int:
        return len(self._rows)

    def unchanged(self, digests: Digests, candidates: Mask) -> Mask:
        """Say which candidate rows are in force as they are, and mark those as still held."""
        if not len(self._rows):
            return np.zeros(len(digests), dtype=bool)
        at = np.minimum(np.searchsorted(self._ascending, digests[:, 0]), len(self._rows) - 1)
        rows = self._order[at]
        is_same = (self._ascending[at] == digests[:, 0]) & (self._rows["low"][rows] == digests[:, 1]) & candidates
        self._is_held[rows[is_same]] = True
        return is_same

    def no_longer_held(self) -> list[tuple[int, int]]:
        """Return (delivery_id, row_no) of each row in force that no row of the delivery equals."""
        rows = self._rows[~self._is_held]
        return list(zip(rows["delivery_id"].tolist(), rows["row_no"].tolist(), strict=True))

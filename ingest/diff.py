"""What is new about a delivery: which keys came before in the file, which rows are in force as they are.

Both answers come from sorted arrays of hashes, 8 and 28 bytes a row, so that memory stays small.
"""

from __future__ import annotations

import numpy as np
import psycopg
from psycopg import sql

Mask = np.ndarray
Digests = np.ndarray
"""Digests of n rows: shape (n, 2), two big-endian 64-bit halves each."""

IN_FORCE_ROW = np.dtype(
    {
        "names": ["hash", "delivery_id", "row_no"],
        "formats": [(">u8", 2), ">i8", ">i4"],
        "offsets": [6, 26, 38],
        "itemsize": 42,
    }
)
"""A row as binary COPY sends it: the number of fields, then each field after its length."""

BINARY_HEADER, BINARY_TRAILER = 19, 2


def digest_array(digests: list[bytes]) -> Digests:
    """Return 16-byte digests as an array of shape (n, 2)."""
    return np.frombuffer(b"".join(digests), dtype=">u8").reshape(-1, 2).astype(np.uint64)


class Seen:
    """The keys that a file has held so far, as sorted runs of 64-bit hashes that are merged as they grow."""

    def __init__(self) -> None:
        self._runs: list[np.ndarray] = []

    def repeats(self, keys: np.ndarray) -> Mask:
        """Say for each 64-bit key, in the order given, whether it came before; then remember them all."""
        order = np.argsort(keys, kind="stable")
        ascending = keys[order]
        is_repeat = np.zeros(len(keys), dtype=bool)
        is_repeat[1:] = ascending[1:] == ascending[:-1]
        for run in self._runs:
            at = np.searchsorted(run, ascending)
            is_repeat |= run[np.minimum(at, len(run) - 1)] == ascending
        self._remember(ascending)
        answer = np.empty(len(keys), dtype=bool)
        answer[order] = is_repeat
        return answer

    def _remember(self, ascending: np.ndarray) -> None:
        if len(ascending):
            self._runs.append(ascending)
        while len(self._runs) > 1 and len(self._runs[-2]) <= 2 * len(self._runs[-1]):
            last, before = self._runs.pop(), self._runs.pop()
            self._runs.append(np.sort(np.concatenate((before, last)), kind="stable"))


class InForce:
    """The rows of a feed that are in force: their hashes, and which of them a delivery still holds."""

    def __init__(self, rows: np.ndarray) -> None:
        self._rows = rows[np.argsort(rows["hash"][:, 0], kind="stable")]
        self._high = self._rows["hash"][:, 0].astype(np.uint64)
        self._low = self._rows["hash"][:, 1].astype(np.uint64)
        self._is_held = np.zeros(len(rows), dtype=bool)

    @classmethod
    def read(cls, connection: psycopg.Connection, feed: str, council: str) -> InForce:
        """Read the hashes of the rows in force."""
        query = sql.SQL(
            "copy (select row_hash, delivery_id, row_no from raw.{} where council = {} and closed_by is null)"
            " to stdout (format binary)"
        ).format(sql.Identifier(feed), sql.Literal(council))
        with connection.cursor() as cursor, cursor.copy(query) as copy:
            data = b"".join(bytes(block) for block in copy)
        return cls(np.frombuffer(data[BINARY_HEADER:-BINARY_TRAILER], dtype=IN_FORCE_ROW))

    def __len__(self) -> int:
        return len(self._rows)

    def unchanged(self, digests: Digests, candidates: Mask) -> Mask:
        """Say which candidate rows are in force as they are, and mark those as still held."""
        if not len(self._rows):
            return np.zeros(len(digests), dtype=bool)
        at = np.minimum(np.searchsorted(self._high, digests[:, 0]), len(self._rows) - 1)
        is_same = (self._high[at] == digests[:, 0]) & (self._low[at] == digests[:, 1]) & candidates
        self._is_held[at[is_same]] = True
        return is_same

    def no_longer_held(self) -> list[tuple[int, int]]:
        """Return (delivery_id, row_no) of each row in force that no row of the delivery equals."""
        rows = self._rows[~self._is_held]
        return list(zip(rows["delivery_id"].tolist(), rows["row_no"].tolist(), strict=True))

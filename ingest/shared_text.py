"""How much text the cells of a workbook come to: many of them may share one long text, and each takes a copy of it."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np

TEXT = re.compile(rb"<(?:[^\s<>/:]+:)?si(?=[\s/>])")
SHARED = re.compile(rb"<(?:[^\s<>/:]+:)?c\s[^<>]*?\bt=[\"']s[\"'][^<>]*>\s*<(?:[^\s<>/:]+:)?v[^<>]*>\s*(\d{1,9})\s*<")
OVERLAP = 64
MAX_BYTES = 256 << 20
MAX_TIMES = 4


class SharedText:
    """The shared texts of a workbook, and what its cells have made of them so far.

    While even the longest text in every cell would be few bytes, cells are only counted; from then on each one's text
    is looked up. So no more than twice the limit comes through.
    """

    def __init__(self) -> None:
        self._sizes = np.zeros(0, dtype=np.int64)
        self._longest, self._limit = 0, MAX_BYTES
        self._at_most, self._looked_up = 0, 0

    def read(self, blocks: Iterable[bytes]) -> None:
        """Take the texts' lengths from the blocks of their part."""
        self._sizes = lengths(blocks)
        self._longest = int(self._sizes.max(initial=0))
        self._limit = MAX_BYTES + MAX_TIMES * int(self._sizes.sum())

    def is_too_much(self, xml: bytes, cells: int) -> bool:
        """Add some whole cells, and say whether all of them together come to too much."""
        if self._at_most + cells * self._longest <= self._limit:
            self._at_most += cells * self._longest
        else:
            self._looked_up += expanded(xml, self._sizes)
        return self._looked_up > self._limit


def lengths(blocks: Iterable[bytes]) -> np.ndarray:
    """Return the bytes of each shared text, its markup included, from the blocks of their part."""
    starts, offset, tail = [], 0, b""
    for block in blocks:
        text = tail + block
        cut = max(len(text) - OVERLAP, 0)
        starts += [offset + match.start() for match in TEXT.finditer(text) if match.start() < cut]
        offset, tail = offset + cut, text[cut:]
    starts += [offset + match.start() for match in TEXT.finditer(tail)]
    return np.diff(np.array([*starts, offset + len(tail)], dtype=np.int64))


def expanded(xml: bytes, sizes: np.ndarray) -> int:
    """Return the bytes that the shared texts named by some whole cells come to."""
    named = np.array(SHARED.findall(xml), dtype="S9").astype(np.int64)
    return int(sizes[named[named < len(sizes)]].sum())

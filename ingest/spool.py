"""Arrays that are too large for memory: they lie in a file, and a piece is looked at where it lies."""

from __future__ import annotations

import tempfile
import weakref
from pathlib import Path

import numpy as np


class Spool:
    """An array of shape (n,) that grows at its end, in a file of `folder` without a name: it goes with the process.

    A piece is mapped: it takes memory while somebody holds it, not for longer.
    """

    def __init__(self, kind: np.dtype, folder: Path) -> None:
        self._kind, self._length = np.dtype(kind), 0
        self._file = tempfile.TemporaryFile(buffering=0, dir=folder)  # noqa: SIM115 (closed with the spool)
        weakref.finalize(self, self._file.close)

    def __len__(self) -> int:
        return self._length

    def append(self, values: np.ndarray) -> None:
        """Add values at its end.

        Raises:
            OSError: the disk is full.
        """
        values.astype(self._kind, copy=False).tofile(self._file)
        self._length += len(values)

    def piece(self, start: int, end: int) -> np.ndarray:
        """Return the values from `start` up to `end`, which cannot be written to."""
        if start == end:
            return np.empty(0, dtype=self._kind)
        return np.memmap(self._file, self._kind, "r", offset=start * self._kind.itemsize, shape=end - start)

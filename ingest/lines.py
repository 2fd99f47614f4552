"""Compare two delimited texts row by row, as they stand: which rows of the one stand in the other as well.

Rows are compared by 128 bits of hash under seeds of this process. The hashes go to files by their last bits and are
compared file by file, so that memory grows by half a byte a row.
"""

from __future__ import annotations

import codecs
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from ingest.blocks import Blocks, Doubtful
from ingest.diff import Mask

FILES = 64
SAMPLE = 256
SEEDS = (secrets.randbits(63), secrets.randbits(63))
ROW = np.dtype([("high", "<u8"), ("low", "<u8"), ("start", "<u8"), ("length", "<u4"), ("place", "<u4")])


@dataclass(frozen=True)
class Rows:
    """Some rows of a text: their places (the row after the header is 0), and where their bytes lie in the file."""

    path: Path
    found: np.ndarray

    def __len__(self) -> int:
        return len(self.found)

    @property
    def places(self) -> list[int]:
        """Places, in order."""
        return self.found["place"].tolist()

    def texts(self) -> Iterator[str]:
        """Yield the rows as they stand, in order."""
        handle = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            for start, length in zip(self.found["start"].tolist(), self.found["length"].tolist(), strict=True):
                yield os.pread(handle, length, start).decode()
        finally:
            os.close(handle)


@dataclass(frozen=True)
class Comparison:
    """What two texts share. `gone` stand in the first alone, `fresh` in the second alone, `sample` are some of both.

    A row that stands twice in a text counts as gone and as fresh; `repeats` counts those of the first.
    """

    first_rows: int
    second_rows: int
    gone: Rows
    fresh: Rows
    sample: Rows
    repeats: int


def compare(first: Path, second: Path, delimiter: str, doubtful: np.ndarray, folder: Path, most: int) -> Comparison:
    """Compare two UTF-8 texts with the same header; rows of the first at the places `doubtful` count as gone.

    `folder` is for the files of hashes, which are left there.

    Raises:
        Doubtful: it takes `csv` to say where rows end, or more than `most` rows of a text stand in it alone.
    """
    counts = [_write(path, delimiter, folder / str(side)) for side, path in enumerate((first, second))]
    gone, fresh, sample, repeats = [], [], [], 0
    for at in range(FILES):
        left, right = (_read(folder / f"{side}.{at}") for side in (0, 1))
        is_sure = ~np.isin(left["place"], doubtful)
        sure = left["high"][is_sure]
        repeats += int((sure[1:] == sure[:-1]).sum())
        is_kept, is_known = _shared(left, right, is_sure)
        gone.append(left[~is_kept])
        fresh.append(right[~is_known])
        sample.append(left[np.flatnonzero(is_kept)[: SAMPLE // FILES]])
        if max(sum(map(len, gone)), sum(map(len, fresh))) > most:
            raise Doubtful
    found = [Rows(path, _ordered(rows)) for path, rows in ((first, gone), (second, fresh), (first, sample))]
    return Comparison(*counts, *found, repeats)


def _write(path: Path, delimiter: str, stem: Path) -> int:
    """Write the hashes of a text's rows to files `<stem>.<last bits>`; return the number of rows."""
    blocks, count = Blocks(path, "utf-8-sig", delimiter), 0
    with path.open("rb") as handle:
        mark = len(codecs.BOM_UTF8) if handle.read(3) == codecs.BOM_UTF8 else 0
    blocks.skip_row()
    with ExitStack() as stack:
        files = [stack.enter_context(Path(f"{stem}.{at}").open("wb")) for at in range(FILES)]
        for texts, starts in blocks.lines():
            series = pl.Series(texts, dtype=pl.Binary)
            rows = np.empty(len(texts), dtype=ROW)
            rows["high"], rows["low"] = (series.hash(seed).to_numpy() for seed in SEEDS)
            rows["start"], rows["length"] = starts + mark, series.bin.size().to_numpy()
            rows["place"] = np.arange(count, count + len(texts))
            count += len(texts)
            part = (rows["high"] % np.uint64(FILES)).astype(np.uint8)
            order = np.argsort(part, kind="stable")
            ends = np.searchsorted(part[order], np.arange(1, FILES + 1))
            for file, some in zip(files, np.split(rows[order], ends[:-1]), strict=True):
                some.tofile(file)
    return count


def _read(path: Path) -> np.ndarray:
    rows = np.fromfile(path, dtype=ROW)
    return rows[np.argsort(rows["high"], kind="stable")]


def _shared(left: np.ndarray, right: np.ndarray, is_sure: Mask) -> tuple[Mask, Mask]:
    """Say of the rows of either side, in order of their hashes, which stand once on both, and sure on the left."""
    kept = np.flatnonzero(_stands_once(left["high"]) & is_sure)
    known = np.flatnonzero(_stands_once(right["high"]))
    is_kept, is_known = np.zeros(len(left), dtype=bool), np.zeros(len(right), dtype=bool)
    if len(kept) and len(known):
        at = known[np.minimum(np.searchsorted(right["high"][known], left["high"][kept]), len(known) - 1)]
        is_same = (right["high"][at] == left["high"][kept]) & (right["low"][at] == left["low"][kept])
        is_kept[kept[is_same]] = is_known[at[is_same]] = True
    return is_kept, is_known


def _stands_once(ascending: np.ndarray) -> Mask:
    is_first = np.ones(len(ascending) + 1, dtype=bool)
    is_first[1:-1] = ascending[1:] != ascending[:-1]
    return is_first[:-1] & is_first[1:]


def _ordered(parts: Iterable[np.ndarray]) -> np.ndarray:
    rows = np.concatenate(list(parts))
    return rows[np.argsort(rows["place"], kind="stable")]

"""What every reader gives: a header, and rows of text in chunks with the row numbers that a spreadsheet shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, overload, runtime_checkable

import numpy as np
import polars as pl

from ingest.fault import BadRow
from ingest.land import Landed

CHUNK_ROWS = 4096


class FrameRows(Sequence[list[str]]):
    """The rows of a frame of texts, made one at a time where somebody asks for one."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame

    def __len__(self) -> int:
        return self.frame.height

    def __iter__(self) -> Iterator[list[str]]:
        return map(list, self.frame.iter_rows())

    @overload
    def __getitem__(self, at: int) -> list[str]: ...

    @overload
    def __getitem__(self, at: slice) -> FrameRows: ...

    def __getitem__(self, at: int | slice) -> list[str] | FrameRows:
        return FrameRows(self.frame[at]) if isinstance(at, slice) else list(self.frame.row(at))


@dataclass
class Chunk:
    """Some rows of a file: their row numbers and fields, alike in width; `wrong` have another width.

    `errors` are cells of a workbook that hold an error and came as blanks: row number -> places, from 0.
    """

    row_nos: list[int] | range
    rows: Sequence[list[str]]
    wrong: list[tuple[int, list[str]]] = field(default_factory=list)
    blank: int = 0
    errors: dict[int, list[int]] = field(default_factory=dict)

    def columns(self, width: int) -> list[pl.Series]:
        """Return the fields by column, `width` of them, each a series of texts without nulls."""
        if isinstance(self.rows, FrameRows):
            return self.rows.frame.get_columns()
        fields = list(zip(*self.rows, strict=True)) or [()] * width
        return [pl.Series(values, dtype=pl.String) for values in fields]

    def moved(self, shift: int, values: Sequence[str]) -> Chunk:
        """Return the chunk with `shift` added to its row numbers, and further columns at its end, each of one value."""
        numbers = [row_no + shift for row_no in self.row_nos] if shift else self.row_nos
        wrong = [(row_no + shift, [*row, *values]) for row_no, row in self.wrong]
        errors = {row_no + shift: places for row_no, places in self.errors.items()}
        return Chunk(numbers, self._with(values), wrong, self.blank, errors)

    def at(self, places: np.ndarray) -> Chunk:
        """Return the rows at some places, with no others; the chunk's rows must be a frame."""
        return Chunk(np.asarray(self.row_nos)[places].tolist(), FrameRows(self.rows.frame[places]))

    def without(self, is_known: np.ndarray) -> Chunk:
        """Return the chunk without some of its rows, a mask; the chunk's rows must be a frame."""
        left = self.at(np.flatnonzero(~is_known))
        return replace(self, row_nos=left.row_nos, rows=left.rows)

    def _with(self, values: Sequence[str]) -> Sequence[list[str]]:
        if not isinstance(self.rows, FrameRows):
            return [[*row, *values] for row in self.rows]
        width = self.rows.frame.width
        more = [pl.lit(value, pl.String).alias(f"field_{width + at}") for at, value in enumerate(values)]
        return FrameRows(self.rows.frame.with_columns(more))


class Table(Protocol):
    """A landed file as one table. `sheet` is blank where the format has none; `notes` say how it was read.

    `reach` is how many cells of the header the rows below fill: what stands beyond may be values, and is not shown.
    """

    landed: Landed
    header: tuple[str, ...]
    encoding: str
    reach: int

    @property
    def name(self) -> str:
        """The name that the file came under."""

    @property
    def sheet(self) -> str:
        """The sheet that holds the table."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What was taken in although it was not as specified."""

    def chunks(self, kinds: Sequence[str | None] = ()) -> Iterator[Chunk]:
        """Yield every row after the header; `kinds` are the declared types of the header's columns.

        Raises:
            RefusedFile: the file breaks off or cannot be read to its end.
        """

    def end(self) -> tuple[int, str]:
        """Return the last row's number and the column in which the file ends, as a message names it."""


def top_of(table: Table) -> int:
    """Return the row of a table's header; 1 where its format has nothing above it."""
    return getattr(table, "top", 1)


@runtime_checkable
class Placed(Protocol):
    """A table whose rows and columns are not those of its file."""

    def place(self, bad: BadRow) -> BadRow:
        """Return a bad row under the row and column that it has in the file."""

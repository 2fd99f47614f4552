"""What every reader gives: a header, and rows of text in chunks with the row numbers that a spreadsheet shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol, overload

import polars as pl

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
    """Some rows of a file: their row numbers and fields, alike in width; `wrong` have another width."""

    row_nos: list[int] | range
    rows: Sequence[list[str]]
    wrong: list[tuple[int, list[str]]] = field(default_factory=list)
    blank: int = 0

    def columns(self, width: int) -> list[pl.Series]:
        """Return the fields by column, `width` of them, each a series of texts without nulls."""
        if isinstance(self.rows, FrameRows):
            return self.rows.frame.get_columns()
        fields = list(zip(*self.rows, strict=True)) or [()] * width
        return [pl.Series(values, dtype=pl.String) for values in fields]

    def with_constants(self, values: Sequence[str]) -> Chunk:
        """Return the chunk with further columns at its end, each of one value."""
        if isinstance(self.rows, FrameRows):
            width = self.rows.frame.width
            more = [pl.lit(value, pl.String).alias(f"field_{width + at}") for at, value in enumerate(values)]
            return Chunk(self.row_nos, FrameRows(self.rows.frame.with_columns(more)), self.wrong, self.blank)
        return Chunk(self.row_nos, [[*row, *values] for row in self.rows], self.wrong, self.blank)


class Table(Protocol):
    """A landed file as one table. `sheet` is blank where the format has none; `notes` say how it was read."""

    landed: Landed
    header: tuple[str, ...]
    encoding: str

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
        """Return the last row's number and the column in which the file ends."""

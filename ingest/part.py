"""One feed's table within a file, with what the container or the loader adds to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from ingest.errors import RefusedFile
from ingest.fault import BadRow
from ingest.land import Landed
from ingest.table import Chunk, Placed, Table, top_of


@dataclass(frozen=True)
class Part:
    """A table and what is known of it from outside.

    `feed` is the feed that the container says it is; `label` its sheet or XML element; `rows` how many rows the
    container counted; `year` the collection year that it states. `added` are columns that the file does not have,
    each with the one value that they have in every row. `shift` is added to row numbers; `per_row` is how many rows
    the table makes of one of the file's; `is_dataset` says that the feed holds several datasets, of which this is the
    one that its label names; `failure` says why this part alone is refused.
    """

    table: Table
    feed: str | None = None
    label: str = ""
    rows: int | None = None
    as_at: date | None = None
    year: int | None = None
    remarks: tuple[str, ...] = ()
    added: tuple[tuple[str, str], ...] = ()
    shift: int = 0
    per_row: int = 1
    is_dataset: bool = False
    failure: RefusedFile | None = None

    @property
    def landed(self) -> Landed:
        """The private copy of the table's file."""
        return self.table.landed

    @property
    def name(self) -> str:
        """The name that the file came under."""
        return self.table.name

    @property
    def reach(self) -> int:
        """How many cells of the header may be shown."""
        return self.table.reach

    @property
    def top(self) -> int:
        """The row of the header."""
        return top_of(self.table)

    @property
    def encoding(self) -> str:
        """How the file is encoded."""
        return self.table.encoding

    @property
    def sheet(self) -> str:
        """The sheet, or the XML element, that holds the table."""
        return self.label or self.table.sheet

    @property
    def header(self) -> tuple[str, ...]:
        """The table's columns, then the added ones."""
        return (*self.table.header, *(name for name, _ in self.added))

    @property
    def notes(self) -> tuple[str, ...]:
        """What was taken in although it was not as specified."""
        return (*self.remarks, *self.table.notes)

    def with_columns(self, added: Sequence[tuple[str, str]]) -> Self:
        """Return the part with some columns more."""
        return replace(self, added=(*self.added, *added))

    def chunks(self, kinds: Sequence[str | None] = ()) -> Iterator[Chunk]:
        """Yield the table's chunks, each row with the added values."""
        values = [value for _, value in self.added]
        for chunk in self.table.chunks(kinds[: len(self.table.header)]):
            yield chunk.moved(self.shift, values) if values or self.shift else chunk

    def end(self) -> tuple[int, str]:
        """Return the last row's number and the column in which the table ends."""
        row_no, column = self.table.end()
        return row_no + self.shift, column

    def place(self, bad: BadRow) -> BadRow:
        """Return a bad row under the row and column that it has in the file, where the table's are others."""
        return self.table.place(bad) if isinstance(self.table, Placed) else bad

    @property
    def plain(self) -> Table:
        """The table itself, where nothing is added to it: its own chunks may be read faster."""
        return self if self.added or self.shift or self.label else self.table

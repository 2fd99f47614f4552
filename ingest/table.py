"""What every reader gives: a header, and rows of text in chunks with the row numbers that a spreadsheet shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ingest.land import Landed

CHUNK_ROWS = 4096


@dataclass
class Chunk:
    """Some rows of a file: their row numbers and fields, alike in width; `wrong` have another width."""

    row_nos: list[int] | range
    rows: list[list[str]]
    wrong: list[tuple[int, list[str]]] = field(default_factory=list)
    blank: int = 0


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

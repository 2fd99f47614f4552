"""Read any data file of explore education statistics as one long table: a row a figure.

The row number of a figure is `ROW * 1000 + n`: `ROW` is its row in the file, as a spreadsheet counts, and `n` the
place of its column among the figures, from 1. What is said of a bad figure names the file's row and column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

import numpy as np
import polars as pl

from ingest.ees_meta import AREAS, GEOGRAPHY, LEVEL, TIME, Meaning, read_meaning
from ingest.errors import RefusedFile
from ingest.fault import BadRow
from ingest.land import Landed
from ingest.read import Text
from ingest.recognise import by_name, whole
from ingest.spec import FeedSpec, normalise
from ingest.table import Chunk, FrameRows

FEED = "ees_value"
COLUMNS = (
    "dataset", "time_period", "time_identifier", "geographic_level", "area_code", "area_name", "filters",
    "indicator", "label", "unit", "value",
)  # fmt: skip
STEP = 1000
MAX_ROW = (2**31 - 1) // STEP
PIECE_FIGURES = 8192
NO_FILTERS = "{}"
YEARS = re.compile(r"([_-]?(\d{4})(_to_|-|_)?(\d{2,4})?)+$")
ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


@dataclass(frozen=True)
class EesTable:
    """A landed data file, unpivoted. `meaning` says which of its columns are figures and which are filters."""

    text: Text
    meaning: Meaning
    header: tuple[str, ...] = COLUMNS
    sheet: str = ""

    @property
    def landed(self) -> Landed:
        """The private copy of the file."""
        return self.text.landed

    @property
    def name(self) -> str:
        """The name that the file came under."""
        return self.text.name

    @property
    def encoding(self) -> str:
        """How the file is encoded."""
        return self.text.encoding

    @property
    def notes(self) -> tuple[str, ...]:
        """How the file was read, and how the meaning of its columns was found."""
        return (*self.text.notes, *self.meaning.notes)

    @property
    def figures(self) -> int:
        """How many figures a row of the file holds."""
        return len(self.meaning.indicators)

    def chunks(self, kinds: Sequence[str | None] = ()) -> Iterator[Chunk]:
        """Yield the figures in the file's order, some thousands at a time.

        Raises:
            RefusedFile: a row has another number of fields than the header, or the file breaks off.
        """
        width = len(self.text.header)
        for chunk in self.text.chunks():
            if chunk.wrong:
                self._refuse_width(*chunk.wrong[0])
            columns = chunk.columns(width)
            step = max(1, PIECE_FIGURES // self.figures)
            for first in range(0, len(chunk.rows), step):
                piece = [column[first : first + step] for column in columns]
                yield self._unpivot(piece, chunk.row_nos[first : first + step])

    def end(self) -> tuple[int, str]:
        """Return the file's last row and the column in which it ends."""
        return self.text.end()

    def place(self, bad: BadRow) -> BadRow:
        """Return a bad figure under the row and the column that it has in the file; its sheet is the column too."""
        row_no, at = divmod(bad.row_no, STEP)
        name = self.meaning.indicators[at - 1].name
        faults = [replace(fault, column=name) if fault.column == "value" else fault for fault in bad.faults]
        return BadRow(row_no, bad.row, faults, bad.key, sheet=name)

    def _unpivot(self, columns: list[pl.Series], row_nos: Sequence[int]) -> Chunk:
        if row_nos[-1] > MAX_ROW:
            raise RefusedFile(self.name, "size", f"more than {MAX_ROW} rows: deliver it in parts", row=row_nos[-1])
        rows, figures = len(row_nos), self.meaning.indicators
        of_row = np.repeat(np.arange(rows), len(figures))
        of_figure = np.tile(np.arange(len(figures)), rows)
        texts = [pl.Series([getattr(figure, what) for figure in figures]) for what in ("name", "label", "unit")]
        values = pl.DataFrame({str(n): columns[figure.at] for n, figure in enumerate(figures)})
        cells = values.select(pl.concat_list(pl.all()).alias("value")).to_series().explode()
        series = [*(column.gather(of_row) for column in self._of_row(columns, rows))]
        series += [*(column.gather(of_figure) for column in texts), cells]
        frame = pl.DataFrame({f"field_{at}": one for at, one in enumerate(series)})
        numbers = (np.asarray(row_nos)[of_row] * STEP + of_figure + 1).tolist()
        return Chunk(numbers, FrameRows(frame))

    def _of_row(self, columns: list[pl.Series], rows: int) -> list[pl.Series]:
        """Return what all figures of a row share: dataset, time, level, area, filters."""
        place = self._places
        times = [columns[place[name]].str.strip_chars() for name in (*TIME, LEVEL)]
        code, title = self._area(columns, times[-1])
        return [pl.Series([dataset_of(self.name)] * rows), *times, code, title, self._filters(columns, rows)]

    @property
    def _places(self) -> Mapping[str, int]:
        return {normalise(cell): at for at, cell in reversed(list(enumerate(self.text.header)))}

    def _area(self, columns: list[pl.Series], level: pl.Series) -> tuple[pl.Series, pl.Series]:
        """Return the code and the name of each row's area, by its level; blank where the level has none."""
        place = self._places
        texts = {name: columns[place[name]].str.strip_chars() for name in place.keys() & GEOGRAPHY}
        frame = pl.DataFrame(texts | {LEVEL: level.str.to_lowercase()})
        code, title = pl.lit(""), pl.lit("")
        for one, (codes, name) in AREAS.items():
            is_level = pl.col(LEVEL) == one.lower()
            code = pl.when(is_level).then(_first_of(codes, texts)).otherwise(code)
            title = pl.when(is_level).then(_first_of((name,), texts)).otherwise(title)
        found = frame.select(code.alias("code"), title.alias("title"))
        return found["code"], found["title"]

    def _filters(self, columns: list[pl.Series], rows: int) -> pl.Series:
        """Return each row's filters as a JSON object in the order of their names."""
        if not self.meaning.filters:
            return pl.Series([NO_FILTERS] * rows)
        parts = []
        for name, at in self.meaning.filters:
            values = columns[at].str.strip_chars()
            for char, escape in ESCAPES.items():
                values = values.str.replace_all(char, escape, literal=True)
            parts.append(pl.select(pl.lit(f'"{name}": "') + values + pl.lit('"')).to_series())
        joined = pl.select(pl.concat_str(parts, separator=", ")).to_series()
        return pl.select(pl.lit("{") + joined + pl.lit("}")).to_series()

    def _refuse_width(self, row_no: int, row: list[str]) -> None:
        column = self.text.header[min(len(row), len(self.text.header)) - 1]
        message = f"{len(row)} fields where the header has {len(self.text.header)}"
        raise RefusedFile(self.name, "width", message, row=row_no, column=column)


def _first_of(names: Sequence[str], texts: Mapping[str, pl.Series]) -> pl.Expr:
    """The first of some columns that is filled; blank where none is, or none is there."""
    return pl.coalesce(*(pl.col(name).replace("", None) for name in names if name in texts), pl.lit(""))


def is_ees(text: Text, specs: Mapping[str, FeedSpec]) -> bool:
    """Say whether a file is a published data file that no feed of its own takes in.

    It has the columns of time and level. A file named like a feed, with at least half of that feed's own figures, is
    that feed's; with fewer, the publication has changed its columns and the file is read as any other.
    """
    cells = {normalise(cell) for cell in text.header}
    if not {*TIME, LEVEL} <= cells or whole(text.header, specs):
        return False
    named = by_name(text.name, specs)
    if named is None:
        return True
    own = {normalise(column.name) for column in named.columns if column.type == "published_number"}
    return bool(own) and 2 * len(own & cells) < len(own)


def open_ees(text: Text) -> EesTable:
    """Open a published data file as one long table.

    Raises:
        RefusedFile: a column stands twice, or as `ees_meta.read_meaning`.
    """
    cells = [normalise(cell) for cell in text.header]
    twice = next((cell for cell in cells if cell and cells.count(cell) > 1), None)
    if twice:
        raise RefusedFile(text.name, "duplicate_header", "this column name stands twice", row=1, column=twice)
    # What is published about areas names no child: each of its columns may be named.
    text = replace(text, known=frozenset(cells))
    meaning = read_meaning(text)
    if len(meaning.indicators) >= STEP:
        raise RefusedFile(text.name, "size", f"{STEP} columns of figures or more", row=1)
    return EesTable(text, meaning)


def dataset_of(file_name: str) -> str:
    """Return a file's name without ending and years, so that next year's file goes on where this year's ends."""
    stem = PurePath(file_name).name.casefold().removesuffix(".csv")
    return YEARS.sub("", normalise(stem)) or stem

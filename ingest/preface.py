"""Find the header below what spreadsheets and report tools put above it: a title, blank lines, Excel's `sep=;`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from ingest.spec import normalise

MAX_ROWS = 6
"""The header must stand within so many first rows."""

CERTAIN_SHARE, CERTAIN_NAMES = 0.5, 2
"""Share and number of a row's cells that must be names of columns; a title may be the name of one as well."""

TITLE_SHARE = 0.5
"""A row above the header with so many cells, as a share of the header's, may be a child's: it is not passed over."""

NEVER_LOADED = "Example: one row, made up. This sheet is never loaded."
"""Above the header of a template's example: of such a sheet there is no header."""

NOTE = "lines above the header were passed over"


def header_row(rows: Iterable[Sequence[object]], known: frozenset[str]) -> int:
    """Return the number, from 1, of the row that is the header: the first that certainly is one, by the `known` names
    of columns (normalised), and where none of them is, the very first.

    Above it may stand blank rows, Excel's line that names the delimiter, and one row more, if that is no record: of
    several cells, it must fill fewer than half as many as the header.
    """
    title = 0
    for no, row in enumerate(islice(rows, MAX_ROWS), 1):
        cells = [normalise(str(cell)) for cell in row if str(cell).strip()]
        names = sum(cell in known for cell in cells)
        if names >= CERTAIN_NAMES and names >= CERTAIN_SHARE * len(cells):
            return no if title <= 1 or title < TITLE_SHARE * len(cells) else 1
        if cells and not is_delimiter_line(row):
            if title:
                return 1
            title = len(cells)
    return 1


def is_delimiter_line(row: Sequence[object]) -> bool:
    """Whether a row is Excel's line that names the delimiter: `sep=;`, split or not."""
    return str(row[0]).replace("\ufeff", "").strip().casefold().startswith("sep=") if row else False

"""Find the header below what spreadsheets and report tools put above it: a title, blank lines, Excel's `sep=;`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from ingest.spec import normalise

MAX_ROWS = 6
"""The header must stand within so many first rows."""

CERTAIN_SHARE, CERTAIN_NAMES = 0.5, 2
"""Share and number of a row's cells that must be names of columns; a title may be the name of one as well."""

TITLE_CELLS, TITLE_SHARE = 2, 0.5
"""A row above the header with more cells, in a row as long, or with so many, as a share of the header's, may be a
child's record: it is not passed over."""

NEVER_LOADED = "Example: one row, made up. This sheet is never loaded."
"""Above the header of a template's example: of such a sheet there is no header."""

NOTE = "the header is row {}: what stands above it was passed over"


def header_row(rows: Iterable[Sequence[object]], known: frozenset[str]) -> int:
    """Return the number, from 1, of the row that is the header: the first that certainly is one, by the `known` names
    of columns (normalised), and where none of them is, the very first.

    Above it may stand blank rows, Excel's line that names the delimiter, and one row more, if that is no record.
    """
    above: Sequence[object] = ()
    for no, row in enumerate(islice(rows, MAX_ROWS), 1):
        if is_header(row, known):
            return 1 if _may_be_record(above, row) else no
        if _filled(row) and not is_delimiter_line(row):
            if above:
                return 1
            above = row
    return 1


def is_header(row: Sequence[object], known: frozenset[str]) -> bool:
    """Whether a row certainly is a header."""
    cells = _filled(row)
    names = sum(cell in known for cell in cells)
    return names >= CERTAIN_NAMES and names >= CERTAIN_SHARE * len(cells)


def _filled(row: Sequence[object]) -> list[str]:
    return [normalise(str(cell)) for cell in row if str(cell).strip()]


def _may_be_record(row: Sequence[object], header: Sequence[object]) -> bool:
    """Whether a row above a header fills as many cells as a child's record might."""
    cells = len(_filled(row))
    is_alike = cells > TITLE_CELLS and len(row) == len(header)
    return cells > 1 and (is_alike or cells >= TITLE_SHARE * len(_filled(header)))


def is_delimiter_line(row: Sequence[object]) -> bool:
    """Whether a row is Excel's line that names the delimiter: `sep=;`, split or not."""
    return str(row[0]).replace("\ufeff", "").strip().casefold().startswith("sep=") if row else False

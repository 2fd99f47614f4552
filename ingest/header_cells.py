"""Which cells of a header may be shown in a message: not those that may be a value in a header's place.

In a damaged or hand-edited file a name or a date may stand there. A name that stands nowhere else cannot be told from
a column's name, and is shown as one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import closing
from functools import cached_property

from ingest.errors import RefusedFile
from ingest.spec import normalise, squeeze
from ingest.table import Table

FIRST_ROWS = 100
VALUE = re.compile(
    r"\S@\S"
    r"|\d{1,4}[-/. ]\d{1,2}[-/. ]\d{2,4}"
    r"|\d{1,2}(?:st|nd|rd|th)?[-/. ](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-/., ]+\d{2,4}"
    r"|\d{6}"
    r"|\b[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}\b",
    re.ASCII | re.IGNORECASE,
)
"""An e-mail address, a day, a long number, a postcode: anywhere in the cell."""


class HeaderCells:
    """The cells of one table's header. Its first rows are read once, where somebody asks for a cell to show."""

    def __init__(self, text: Table) -> None:
        self._text = text

    def may_be_value(self, at: int) -> bool:
        """Whether a cell looks like a value, or stands in one of the first rows of any column."""
        cell = self._text.header[at]
        signs = [char for char in cell if char.isalnum()]
        is_number = 2 * sum(map(str.isdigit, signs)) > len(signs)
        return is_number or VALUE.search(cell) is not None or squeeze(cell) in self._first_values

    @cached_property
    def _first_values(self) -> frozenset[str]:
        """The values of the first rows, as far as they can be read, without case."""
        values: set[str] = set()
        try:
            with closing(self._text.chunks()) as chunks:
                for chunk in chunks:
                    rows = [*chunk.rows[:FIRST_ROWS], *(row for _, row in chunk.wrong[:FIRST_ROWS])]
                    values.update(squeeze(value) for row in rows for value in row if value)
                    break
        except RefusedFile:
            pass
        return frozenset(values)


def named(header: Sequence[str], at: int, known: frozenset[str]) -> str:
    """Return a column's name where nobody has looked yet whether the first row is a header: one of the `known` names
    of columns (normalised), else its letters."""
    return header[at] if normalise(header[at]) in known else f"{letters(at)} (its name is not shown)"


def letters(at: int) -> str:
    """Return the letters of a column, counted from 0, as a spreadsheet shows them."""
    name = ""
    while at >= 0:
        at, letter = divmod(at, 26)
        name, at = chr(ord("A") + letter) + name, at - 1
    return name

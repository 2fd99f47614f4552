"""A fault of a row, and a row that is set aside for its faults."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ingest.column import Level

UNREADABLE = frozenset({"type", "code", "length", "error_cell", "width"})
"""Rules that a value breaks which may be any text, a name in the wrong column among them."""

WRONG = UNREADABLE | {"required", "order", "future", "code_then"}
"""Rules that a value breaks which is wrong itself. The others are of what the value does not find elsewhere."""


def broken(faults: Iterable[tuple[str, str]], rules: frozenset[str], columns: Iterable[str]) -> frozenset[str]:
    """Return those of a row's columns that break one of the rules; `faults` are (column, rule).

    In a row of another width nothing can be told to stand in its own column: then it is all of them.
    """
    found = [(column, rule) for column, rule in faults if rule in rules]
    if any(rule == "width" for _, rule in found):
        return frozenset(columns)
    return frozenset(column for column, _ in found) & frozenset(columns)


@dataclass(frozen=True)
class Fault:
    """One fault of one row: the column, the rule that it breaks, why, and what it does. Never a value."""

    column: str
    rule: str
    reason: str
    level: Level = "row"

    def told(self) -> dict[str, str]:
        """Return what the ledger keeps of a further fault."""
        return {"column": self.column, "rule": self.rule, "reason": self.reason}


@dataclass
class BadRow:
    """A row that is not loaded, as it stood in the file, with its faults and its key as far as it is known.

    `sheet` is told where it is another than the table's.
    """

    row_no: int
    row: list[str]
    faults: list[Fault]
    key: tuple[str, ...]
    sheet: str = ""

    @property
    def broken_rules(self) -> list[tuple[str, str]]:
        """The row's faults as (column, rule)."""
        return [(fault.column, fault.rule) for fault in self.faults]

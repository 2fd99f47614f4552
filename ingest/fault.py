"""A fault of a row, and a row that is set aside for its faults."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.column import Level


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

"""What can go wrong on the way in.

IngestError
├── BadSpec        a feed specification or code list is wrong: mend the YAML
├── RefusedFile    a file is refused whole, nothing of it is loaded: mend the file and deliver it again
├── HoldError      a delivery that is to be accepted or refused is not held, or its file is gone
└── LoadFailed     the database or the machine failed: run again, nothing was half done

No message holds a value of a row: files, rows, columns, rules and codes of the specification only.
"""

from __future__ import annotations

SHOWN_CHARACTERS = 80


def shown(text: str) -> str:
    """Return `text` fit for a message: one line, control characters escaped, at most 80 characters."""
    line = "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
    return line if len(line) <= SHOWN_CHARACTERS else line[: SHOWN_CHARACTERS - 1] + "…"


class IngestError(Exception):
    """Base of everything that the ingest raises on purpose."""


class BadSpec(IngestError):
    """A feed specification or a code list does not say what it must."""


class HoldError(IngestError):
    """A delivery cannot be accepted or refused."""


class LoadFailed(IngestError):
    """The database or the machine failed; the load left no trace and may be run again."""


class RefusedFile(IngestError):
    """A file is refused whole. `rule` is a short code; `row` counts as a spreadsheet does (header = 1)."""

    def __init__(
        self,
        file: str,
        rule: str,
        message: str,
        *,
        row: int | None = None,
        column: str | None = None,
        sheet: str | None = None,
    ) -> None:
        self.file, self.rule, self.row, self.column = shown(file), rule, row, column and shown(column)
        place = [self.file]
        if sheet:
            place.append(f"sheet {shown(sheet)}")
        if row is not None:
            place.append(f"row {row}")
        if column is not None:
            place.append(f"column {self.column}")
        super().__init__(f"{', '.join(place)}: {message}")

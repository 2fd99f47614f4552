"""Write a template workbook for each feed that has no national file, to fill in and to deliver as it is.

The first sheet is the table; `Notes` says what each column holds, `Example` shows one made-up row, under
a title by which it is never taken for the table.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from ingest.preface import NEVER_LOADED
from ingest.spec import Column, FeedSpec, load_specs

NO_NATIONAL_FILE = "Sightline: no national file exists"
ROWS = 5_000
"""Rows with drop-downs; further rows may be filled in without."""

FLAGS = ("Y", "N")
FORMATS = {"date": "yyyy-mm-dd", "timestamp": "yyyy-mm-dd hh:mm:ss", "int": "0", "numeric": "General"}
MEANINGS = {
    "text": "text",
    "id": "an identifier, as text: leading zeros stay",
    "date": "a date, YYYY-MM-DD",
    "timestamp": "a date with its time, YYYY-MM-DD HH:MM:SS, London time",
    "int": "a whole number",
    "numeric": "a number",
    "flag": "Y or N",
}
EXAMPLES = {"date": "2024-09-02", "timestamp": "2024-09-02T10:30:00", "int": "3", "numeric": "1", "flag": "Y"}
NOTES = (
    "column", "what it says", "holds", "must be filled", "may be left out", "not after the day of the extract",
    "kept apart as personal",
)  # fmt: skip


def write_templates(folder: Path) -> list[Path]:
    """Write `<feed>.xlsx` for each feed without a national file; return them in order of name."""
    folder.mkdir(parents=True, exist_ok=True)
    specs = [spec for spec in load_specs().values() if spec.source == NO_NATIONAL_FILE]
    for spec in specs:
        _write(spec, folder / f"{spec.feed}.xlsx")
    return [folder / f"{spec.feed}.xlsx" for spec in specs]


def example_row(spec: FeedSpec) -> dict[str, str]:
    """Return one made-up row of a feed, which the feed's own checks accept."""
    return {column.name: _example(column) for column in spec.columns}


def _example(column: Column) -> str:
    if column.codes:
        return column.codes[0]
    made_up = "EXAMPLE-1" if column.type == "id" else "made-up example"
    return EXAMPLES.get(column.type, made_up)


def _write(spec: FeedSpec, path: Path) -> None:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True})
        table, notes, example = (book.add_worksheet(name) for name in (spec.feed, "Notes", "Example"))
        codes = book.add_worksheet("Codes")
        table.freeze_panes(1, 0)
        example.write(0, 0, NEVER_LOADED, bold)
        _write_notes(notes, spec, bold)
        for at, column in enumerate(spec.columns):
            shape = book.add_format({"num_format": FORMATS.get(column.type, "@")})
            table.set_column(at, at, max(12, len(column.name) + 2), shape)
            table.write_string(0, at, column.name, bold)
            _validate(table, codes, column, at)
            example.write_string(1, at, column.name, bold)
            example.write_string(2, at, _example(column))


def _validate(table: Worksheet, codes: Worksheet, column: Column, at: int) -> None:
    """Offer the codes of a column as a drop-down, and refuse what is no date where a date belongs."""
    rule: dict[str, Any] = {"ignore_blank": True, "error_title": column.name}
    offered = FLAGS if column.type == "flag" else column.codes
    if offered:
        codes.write_column(0, at, [column.name, *offered])
        name = xl_col_to_name(at)
        rule |= {"validate": "list", "source": f"=Codes!${name}$2:${name}${len(offered) + 1}"}
    elif column.type in ("date", "timestamp"):
        rule |= {"validate": "custom", "value": f"=ISNUMBER({xl_col_to_name(at)}2)", "error_type": "warning"}
        rule |= {"error_message": f"This column holds {MEANINGS[column.type]}."}
    else:
        return
    table.data_validation(1, at, ROWS, at, rule)


def _write_notes(sheet: Worksheet, spec: FeedSpec, bold: Format) -> None:
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 2, 60)
    sheet.write_string(0, 0, spec.title, bold)
    sheet.write_string(1, 0, f"One row each, none twice with the same {', '.join(spec.key)}.")
    whole = "Each delivery is complete: a row that is left out is no longer in force."
    sheet.write_string(2, 0, whole if spec.scope == "snapshot" else "Each delivery adds to the earlier ones.")
    sheet.write_row(4, 0, NOTES, bold)
    for row_no, column in enumerate(spec.columns, 5):
        facts = (spec.is_required(column), column.may_be_absent, column.past, column.is_in_identity)
        sheet.write_row(
            row_no, 0, [column.name, column.note, _holds(column), *("yes" if fact else "" for fact in facts)]
        )


def _holds(column: Column) -> str:
    if column.codes:
        return f"one of: {', '.join(column.codes)}"
    bounds = [f"from {column.min}" * (column.min is not None), f"to {column.max}" * (column.max is not None)]
    return " ".join([MEANINGS[column.type], *filter(None, bounds)])

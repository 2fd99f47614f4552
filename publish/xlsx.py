"""Documents as workbooks by the Analysis Function's checklist: one marked table a sheet, no formulas, nothing hidden.

Text is written as text (`strings_to_formulas` off), so `=1+1` in a name stays what it is. The workbook's date is
the report's as-at date: the same document gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import xlsxwriter

from publish.document import Block, Cards, Cell, Column, Document, Section, Table
from publish.html import AUDIENCES
from publish.numbers import day

FORMATS = {"number": "#,##0", "percent": '0.0"%"', "decimal": "#,##0.0"}
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    title: str
    table: Table


def render(document: Document) -> bytes:
    """The document's tables as an .xlsx file."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, OPTIONS)
    made = datetime.combine(document.as_at, datetime.min.time())
    book.set_properties(
        {
            "title": f"{document.title}: {document.unit_name}, {document.period_text}",
            "created": made,
            "author": document.council_name,
            "subject": document.purpose,
        }
    )
    styles = _styles(book)
    sheets = list(_sheets(document))
    _cover(book, styles, document)
    _contents(book, styles, sheets)
    for number, sheet in enumerate(sheets, 1):
        _table_sheet(book, styles, sheet, number, document)
    book.close()
    return buffer.getvalue()


def _styles(book: xlsxwriter.Workbook) -> dict:
    base = {"font_name": "Arial", "font_size": 11, "valign": "top"}
    styles = {
        "text": book.add_format(base | {"text_wrap": True}),
        "plain": book.add_format(base),
        "title": book.add_format(base | {"bold": True, "font_size": 16}),
        "strong": book.add_format(base | {"bold": True}),
        "head": book.add_format(base | {"bold": True, "text_wrap": True, "bottom": 1}),
        "head_right": book.add_format(base | {"bold": True, "text_wrap": True, "bottom": 1, "align": "right"}),
        "right": book.add_format(base | {"align": "right"}),
    }
    return styles | {
        kind: book.add_format(base | {"num_format": code, "align": "right"}) for kind, code in FORMATS.items()
    }


def _sheets(document: Document) -> Iterable[Sheet]:
    """A sheet for each table of the document: cards become a table, charts bring theirs."""
    taken: set[str] = set()
    for section in document.sections:
        for table in _tables(section):
            yield Sheet(_name(section.title, taken), f"{section.title}: {table.caption}", table)


def _tables(section: Section) -> Iterable[Table]:
    for block in section.blocks:
        yield from _block_tables(block)


def _block_tables(block: Block) -> Iterable[Table]:
    if block.kind == "table" and block.rows:
        yield block
    elif block.kind == "chart" and block.table.rows:
        yield block.table
    elif block.kind == "cards":
        yield _cards(block)


def _cards(cards: Cards) -> Table:
    columns = tuple(
        Column(label) for label in ("Indicator", "Value", "Cases", "Period", "Change", "Beside others", "Is it real?")
    )
    rows = tuple(
        (
            Cell(c.title),
            Cell(f"{c.value} {c.unit}".strip()),
            Cell(c.detail),
            Cell(c.period),
            Cell(c.change),
            Cell("; ".join(f"{name}: {value}" for name, value in c.compare)),
            Cell(c.tag.text if c.tag else ""),
        )
        for c in cards.cards
    )
    return Table("Headline figures", columns, rows)


def _name(title: str, taken: set[str]) -> str:
    """A sheet name of 31 characters at most, without Excel's forbidden ones, used once."""
    clean = "".join(c for c in title if c not in r"[]:*?/\'")[:24].strip()
    number = 1
    while f"{clean} {number}".lower() in taken:
        number += 1
    name = f"{clean} {number}"
    taken.add(name.lower())
    return name


def _cover(book: xlsxwriter.Workbook, styles: dict, d: Document) -> None:
    sheet = book.add_worksheet("Cover")
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 100)
    lines = [
        (d.title, "title"),
        (d.unit_name, "strong"),
        (d.purpose, "text"),
        (f"Period: {d.period_text}", "text"),
        (f"Data as at {day(d.as_at)}", "text"),
        (f"For {AUDIENCES[d.audience]}", "text"),
    ]
    if d.is_made_up:
        lines.append(
            ("Made-up people: every child, worker and figure of the council in this workbook is invented.", "strong")
        )
    lines += [(text, "text") for text in (d.protection, *d.freshness) if text]
    lines += [("[c] means hidden; – means that there is no figure.", "text")]
    if d.provenance:
        p = d.provenance
        lines.append((f"Release {p.release_id}, code {p.code_version}, from {p.deliveries} deliveries.", "text"))
    for row, (text, style) in enumerate(lines):
        sheet.write_string(row, 0, text, styles[style])


def _contents(book: xlsxwriter.Workbook, styles: dict, sheets: list[Sheet]) -> None:
    sheet = book.add_worksheet("Contents")
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, "Contents", styles["title"])
    sheet.write_string(1, 0, "This worksheet contains one table: the worksheets of this workbook.", styles["plain"])
    rows = [(s.name, s.title) for s in sheets]
    _marked(sheet, 2, (Column("Worksheet"), Column("Contents")), len(rows), "contents_table", styles)
    for n, (name, title) in enumerate(rows, 3):
        sheet.write_url(n, 0, f"internal:'{name}'!A1", styles["plain"], name)
        sheet.write_string(n, 1, title, styles["plain"])
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 90)


def _table_sheet(book: xlsxwriter.Workbook, styles: dict, s: Sheet, number: int, d: Document) -> None:
    sheet = book.add_worksheet(s.name)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.write_string(0, 0, s.title, styles["title"])
    about = f"This worksheet contains one table. {d.unit_name}, {d.period_text}, data as at {day(d.as_at)}."
    sheet.write_string(1, 0, about + (" Made-up people." if d.is_made_up else ""), styles["plain"])
    top = 2
    if s.table.note:
        sheet.write_string(2, 0, s.table.note, styles["plain"])
        top = 3
    _marked(sheet, top, s.table.columns, len(s.table.rows), f"table_{number}", styles)
    for r, row in enumerate(s.table.rows, top + 1):
        for c, (cell, column) in enumerate(zip(row, s.table.columns, strict=True)):
            _write(sheet, r, c, cell, column, styles)
    for c, column in enumerate(s.table.columns):
        longest = max((len(row[c].text) for row in s.table.rows), default=0)
        sheet.set_column(c, c, min(max(10, longest + 2, len(column.label) * 0.6), 60))
    sheet.freeze_panes(top + 1, 1)


def _marked(sheet, top: int, columns: Iterable[Column], rows: int, name: str, styles: dict) -> None:
    """Mark the table for assistive technology; headers must differ."""
    columns = list(columns)
    labels = [
        c.label if [x.label for x in columns].count(c.label) == 1 else f"{c.label} {n + 1}"
        for n, c in enumerate(columns)
    ]
    heads = [
        {"header": label, "header_format": styles["head" if c.kind in ("text", "date") else "head_right"]}
        for label, c in zip(labels, columns, strict=True)
    ]
    sheet.add_table(
        top,
        0,
        top + max(rows, 1),
        len(columns) - 1,
        {"name": name, "columns": heads, "autofilter": False, "style": None},
    )


def _write(sheet, row: int, column: int, cell: Cell, kind: Column, styles: dict) -> None:
    """A number where the cell is nothing but its number, else the text as the report shows it."""
    if cell.number is not None and kind.kind in FORMATS and _is_bare(cell.text):
        sheet.write_number(
            row,
            column,
            cell.number,
            styles["percent" if cell.text.endswith("%") else "decimal" if "." in cell.text else "number"],
        )
    else:
        is_left = kind.kind in ("text", "date")
        sheet.write_string(
            row,
            column,
            cell.text,
            styles["text" if is_left and len(cell.text) > 60 else "plain" if is_left else "right"],
        )


def _is_bare(text: str) -> bool:
    return text.replace(",", "").replace("−", "-").removesuffix("%").lstrip("-").replace(".", "", 1).isdigit()

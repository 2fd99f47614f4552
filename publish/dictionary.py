"""The data dictionary as one HTML page and one workbook: the same dictionary gives the same bytes.

The page needs nothing from outside and reads whole without its script, which only opens entries that a link names and
filters them by words; the page's policy admits that one script by its hash.
"""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby

import xlsxwriter
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from publish.html import FOLDER
from sightline.dictionary_model import Dictionary, Indicator

LAYERS = (
    ("marts", "Marts", "Tables that reports and analysts read."),
    ("intermediate", "Intermediate models", "Rules between delivered rows and figures; no report reads them."),
    ("staging", "Staging models", "The rows in force of one feed each, renamed; nothing is computed."),
    ("reference", "Reference tables", "Files of the project that hold what no council delivers."),
)
PERIODS = {"D": "day", "W": "week", "M": "month", "Q": "quarter", "Y": "year"}
MADE = datetime(2000, 1, 1)
"""The workbook's date of creation, which the file format asks for: always this one."""

WIDEST = 60
Line = Sequence[str]


def page(dictionary: Dictionary) -> bytes:
    """Return the dictionary as UTF-8 HTML."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "breakable": lambda text: text.replace("_", "_\u200b"),
        "groupby_domain": _by_domain,
        "plain": lambda text: text.replace("`", ""),
        "periods": lambda letters: ", ".join(PERIODS[letter] for letter in letters.split("/")),
        "script_hash": _script_hash,
    }
    css, more, script = (
        (FOLDER / name).read_text(encoding="utf-8").strip()
        for name in ("report.css", "dictionary.css", "dictionary.js")
    )
    template = environment.get_template("dictionary.html.j2")
    said = {"d": dictionary, "layers": LAYERS, "counts": counts(dictionary), "css": f"{css}\n{more}", "script": script}
    return template.render(said).encode("utf-8")


def counts(dictionary: Dictionary) -> list[tuple[str, str]]:
    """Return what the dictionary holds, as labels and figures."""
    computed = sum(one.entry["status"] == "computed" for one in dictionary.indicators)
    return [
        ("Indicators", f"{len(dictionary.indicators)}, {computed} computed"),
        ("Clocks", f"{len(dictionary.clocks)}"),
        ("Feeds", f"{len(dictionary.feeds)}"),
        ("Tables", f"{len(dictionary.tables)}"),
        ("Columns", f"{sum(len(table.columns) for table in dictionary.tables):,}"),
    ]


def book(dictionary: Dictionary) -> bytes:
    """Return the dictionary as an .xlsx file: one marked table a sheet."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = xlsxwriter.Workbook(buffer, options)
    workbook.set_properties({"title": "Sightline: data dictionary", "created": MADE, "author": "Sightline"})
    base = {"font_name": "Arial", "font_size": 10, "valign": "top", "text_wrap": True}
    styles = {"text": workbook.add_format(base), "head": workbook.add_format(base | {"bold": True, "bottom": 1})}
    styles["title"] = workbook.add_format(base | {"bold": True, "font_size": 14, "text_wrap": False})
    sheets = list(_sheets(dictionary))
    contents = [(title, about) for title, about, _, _ in sheets]
    _sheet(
        workbook, styles, "Contents", f"Data dictionary of Sightline {dictionary.version}", ("Sheet", "Holds"), contents
    )
    for title, about, heads, lines in sheets:
        _sheet(workbook, styles, title, about, heads, lines)
    workbook.close()
    return buffer.getvalue()


def _sheets(d: Dictionary) -> Iterable[tuple[str, str, Line, list[Line]]]:
    """Yield (name, what it holds, heads, lines) of each sheet."""
    catalogue = tuple(d.indicators[0].entry)
    yield (
        "Indicators",
        "The catalogue, with the rule's place and the way from feeds to reports",
        (*catalogue, "rule", "feeds", "models", "reports"),
        [(*(i.entry[name] for name in catalogue), *_way(i)) for i in d.indicators],
    )
    clocks = tuple(d.clocks[0].entry)
    yield (
        "Clocks",
        "Duties with a time limit",
        (*clocks, "rule", "indicators"),
        [(*(c.entry[name] for name in clocks), _places(c.rules), ", ".join(c.indicators)) for c in d.clocks],
    )
    yield (
        "Tables",
        "Every table and view, what it reads and what reads it",
        ("layer", "table", "description", "feeds", "reads", "read by", "tests of rows", "worked examples", "file"),
        [
            (
                t.layer,
                t.name,
                t.description,
                *map(", ".join, (t.feeds, t.reads, t.read_by, t.tests, t.examples)),
                t.path,
            )
            for t in d.tables
        ],
    )
    yield (
        "Columns",
        "Every column of every table",
        ("layer", "table", "column", "type", "description", "delivered as", "private", "tests"),
        [
            (t.layer, t.name, c.name, c.type, c.description, c.delivered_as, c.privacy, "; ".join(c.tests))
            for t in d.tables
            for c in t.columns
        ],
    )
    yield (
        "Feeds",
        "What is delivered",
        ("feed", "title", "group", "comes", "owner", "kept for years", "source", "files", "key", "staged by"),
        [
            (
                *(f.name, f.title, f.group, f.cadence, f.owner, str(f.retention_years), f.source),
                *(", ".join(f.files), ", ".join(f.key), f.staging or f.why_not_staged),
            )
            for f in d.feeds
        ],
    )
    yield (
        "Feed columns",
        "Every delivered column",
        ("feed", "column", "type", "required", "what it holds", "collection years", "codes", "private"),
        [
            (f.name, c.name, c.type, "yes" if c.is_required else "", c.note, c.years, ", ".join(c.codes), c.privacy)
            for f in d.feeds
            for c in f.columns
        ],
    )


def _way(indicator: Indicator) -> Line:
    models = ", ".join((*indicator.staging, *indicator.intermediate, *indicator.marts))
    return _places(indicator.rules), ", ".join(indicator.feeds), models, ", ".join(indicator.reports)


def _places(rules: Iterable) -> str:
    return ", ".join(f"{rule.path}:{rule.line}" for rule in rules)


def _sheet(workbook, styles: dict, name: str, title: str, heads: Line, lines: Sequence[Line]) -> None:
    sheet = workbook.add_worksheet(name)
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, title, styles["title"])
    sheet.write_string(1, 0, "This worksheet contains one table.")
    columns = [{"header": head.replace("_", " "), "header_format": styles["head"]} for head in heads]
    table = {"name": name.replace(" ", "_").lower(), "columns": columns, "style": None, "autofilter": bool(lines)}
    sheet.add_table(2, 0, 2 + max(len(lines), 1), len(heads) - 1, table)
    for row, line in enumerate(lines, 3):
        for column, text in enumerate(line):
            sheet.write_string(row, column, text, styles["text"])
    for column, head in enumerate(heads):
        longest = max((len(line[column]) for line in lines), default=0)
        sheet.set_column(column, column, min(max(len(head), longest, 8) + 2, WIDEST))
    sheet.freeze_panes(3, 1)


def _by_domain(indicators: Sequence[Indicator]) -> list[tuple[str, list[Indicator]]]:
    return [(domain, list(found)) for domain, found in groupby(indicators, key=lambda one: one.entry["domain"])]


def _script_hash(script: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()

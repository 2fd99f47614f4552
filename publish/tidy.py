"""Tidy files in the columns and symbols of explore-education-statistics (DfE analysts' guide, 2026), with `.meta.csv`.

One row an area and period, one column an indicator. Symbols: c confidential, k or low rounds to nothing, u low
reliability, x not available, z not applicable. Year types are not mixed in a file.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from publish import numbers, spec
from publish.blocks_tables import labelled
from publish.context import Context, amount
from publish.document import Block, Cell, Column, DataFile, Note, Table
from publish.query import Figure, Indicator

PLACE = (
    "time_period",
    "time_identifier",
    "geographic_level",
    "country_code",
    "country_name",
    "region_code",
    "region_name",
    "old_la_code",
    "new_la_code",
    "la_name",
)
META = (
    "col_name",
    "col_type",
    "label",
    "indicator_grouping",
    "indicator_unit",
    "indicator_dp",
    "filter_hint",
    "filter_grouping_column",
)
LEVELS = {"england": "National", "region": "Regional", "local_authority": "Local authority"}
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
SUFFIX = {"count": "count", "percentage": "percent", "rate": "rate", "mean": "mean", "median": "median"}
SYMBOLS = ("c", "k", "low", "u", "x", "z")
TOPICS = {
    "all": "Total",
    "age_band": "Age",
    "sex": "Sex",
    "ethnicity": "Ethnicity",
    "disability": "Disability",
    "uasc": "Unaccompanied asylum-seeking",
    "locality": "Locality",
    "need": "Primary need",
    "detail": "Detail",
}


def column(indicator: Indicator, part: str = "") -> str:
    """A column's name: `asm_03_percent`, or `asm_03_numerator` for a part."""
    return f"{indicator.indicator_id.lower().replace('-', '_')}_{part or SUFFIX[indicator.kind]}"


def benchmark_file(
    context: Context, block: spec.BenchmarkFile, rows: Sequence[Mapping]
) -> tuple[list[Block], list[DataFile]]:
    """Published figures of every area loaded, as file and metadata, with own and England's side by side on the page."""
    indicators = context.known(block.indicators)
    years = sorted({_financial_year(r["period_end"]) for r in rows})[-block.years :]
    kept = [r for r in rows if _financial_year(r["period_end"]) in years]
    if not kept:
        return [Note("No published figures are loaded.", tone="watch")], []
    areas = {r["area_code"]: r for r in kept}
    cells = {
        (r["area_code"], _financial_year(r["period_end"]), r["indicator_id"]): r
        for r in sorted(kept, key=lambda r: r["period_end"])
    }
    lines = []
    for year in years:
        for code, area in sorted(areas.items(), key=lambda a: (list(LEVELS).index(a[1]["area_type"]), a[0])):
            values = {column(i): _published(i, cells.get((code, year, i.indicator_id))) for i in indicators}
            lines.append(_place(area, f"{year}{(year + 1) % 100:02d}", "Financial year") | values)
    files = _files(block.name, lines, [_meta(i) for i in indicators], ())
    own, england = context.council.gss, "E92000001"
    return [_view(context, block, indicators, years, cells, (own, england)), _file_note(files)], files


def _financial_year(end: date) -> int:
    """The calendar year in which the financial year of `end` began."""
    return end.year - (end.month < 4)


def _published(indicator: Indicator, row: Mapping | None) -> str:
    if row is None or row["value"] is None:
        return row["status"] if row and row["status"] in SYMBOLS else "x"
    return str(numbers.half_up(row["value"], max(indicator.decimals, 1) if indicator.kind != "count" else 0))


def _place(area: Mapping, period: str, identifier: str) -> dict[str, str]:
    kind = area["area_type"]
    found = dict.fromkeys(PLACE, "") | {
        "time_period": period,
        "time_identifier": identifier,
        "geographic_level": LEVELS[kind],
        "country_code": "E92000001",
        "country_name": "England",
    }
    if kind == "region":
        found |= {"region_code": area["area_code"], "region_name": area["area_name"]}
    if kind == "local_authority":
        found |= {
            "region_code": area.get("region_code") or "x",
            "region_name": area.get("region_name") or "Not available",
            "old_la_code": area.get("dfe_code") or "x",
            "new_la_code": area["area_code"],
            "la_name": area["area_name"],
        }
    return found


def _meta(indicator: Indicator, part: str = "", words: str = "") -> dict[str, str]:
    """The metadata row of an indicator's column."""
    is_count = bool(part) or indicator.kind == "count"
    label = (
        f"{indicator.title}{words}"
        if indicator.unit in ("%", "children") or part
        else f"{indicator.title} ({indicator.unit})"
    )
    return dict.fromkeys(META, "") | {
        "col_name": column(indicator, part),
        "col_type": "Indicator",
        "label": label,
        "indicator_grouping": indicator.domain,
        "indicator_unit": "%" if indicator.unit == "%" and not part else "",
        "indicator_dp": "0" if is_count else str(max(indicator.decimals, 1)),
    }


def _files(
    name: str, lines: list[dict], indicators: list[dict], filters: Sequence[tuple[str, str, str]]
) -> list[DataFile]:
    described = [
        dict.fromkeys(META, "") | {"col_name": n, "col_type": "Filter", "label": label, "filter_hint": hint}
        for n, label, hint in filters
    ]
    columns = [*PLACE, *(n for n, *_ in filters), *(m["col_name"] for m in indicators)]
    return [
        DataFile(f"{name}.csv", _csv(columns, lines)),
        DataFile(f"{name}.meta.csv", _csv(META, [*described, *indicators])),
    ]


def _csv(columns: Sequence[str], rows: Iterable[Mapping]) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _as_text(value) for name, value in row.items()} for row in rows)
    return buffer.getvalue().encode("utf-8")


def _as_text(value: str) -> str:
    """Return a cell that a spreadsheet takes for no formula: with an apostrophe where a text would begin one.

    Source: OWASP, CSV injection.
    """
    return f"'{value}" if value.startswith(FORMULA) and not NUMBER.fullmatch(value) else value


def _view(context: Context, block, indicators: list, years: list, cells: Mapping, codes: tuple[str, str]) -> Table:
    names = (context.council.name, "England")
    columns = [Column("Indicator")]
    columns += [Column(f"{name} {y}-{(y + 1) % 100:02d}", "decimal") for y in years for name in names]
    rows = []
    for indicator in indicators:
        found = [cells.get((code, year, indicator.indicator_id)) for year in years for code in codes]
        rows.append((Cell(labelled(indicator)), *(_view_cell(indicator, row) for row in found)))
    note = (
        "Published by the Department for Education and others; c confidential, x not available, z not applicable. "
        "Figures at a date stand in the financial year of that date."
    )
    return Table(block.title, tuple(columns), tuple(rows), note)


def _view_cell(indicator: Indicator, row: Mapping | None) -> Cell:
    if row is None or row["value"] is None:
        return Cell(row["status"] if row and row["status"] in SYMBOLS else "x")
    places = 0 if indicator.kind == "count" else max(indicator.decimals, 1)
    return Cell(amount(indicator, row["value"]), float(numbers.half_up(row["value"], places)))


def _file_note(files: list[DataFile]) -> Note:
    return Note("Files beside this report", tuple(f.name for f in files))


def own_file(context: Context, block: spec.OwnFile) -> tuple[list[Block], list[DataFile]]:
    """The council's own figures by period and breakdown, as shown to this audience, as file and metadata."""
    kind = context.kind(block)
    indicators = context.known(block.indicators)
    ends = sorted({f.period_end for i in indicators for f in context.series(i.indicator_id, kind, block.periods)})[
        -block.periods :
    ]
    place = {
        "area_type": "local_authority",
        "area_code": context.council.gss,
        "area_name": context.council.name,
        "dfe_code": context.council.code,
        "region_code": context.council.region.code,
        "region_name": context.council.region.name,
    }
    lines = []
    for end in ends:
        for breakdown in ("all", *block.breakdowns):
            found = {
                i.indicator_id: {
                    f.category: f
                    for f in context.store.categories(
                        i.indicator_id, context.level, context.unit_code, breakdown, kind, end
                    )
                }
                for i in indicators
            }
            for category in sorted({c for by in found.values() for c in by}):
                filters = {
                    "breakdown_topic": TOPICS[breakdown],
                    "breakdown": "Total" if breakdown == "all" else context.label("", breakdown, category),
                }
                values = {
                    name: text
                    for i in indicators
                    for name, text in _own_values(context, i, found[i.indicator_id].get(category), breakdown)
                }
                lines.append(_place(place, *_time(kind, end)) | filters | values)
    meta = [m for i in indicators for m in _own_meta(i)]
    files = _files(
        block.name,
        lines,
        meta,
        (
            ("breakdown_topic", "Breakdown topic", "Total or a characteristic"),
            ("breakdown", "Breakdown", "Category of the characteristic"),
        ),
    )
    return [_file_note(files)], files


def _time(kind: str, end: date) -> tuple[str, str]:
    year = _financial_year(end)
    quarter = (end.month - 4) % 12 // 3 + 1
    return f"{year}{(year + 1) % 100:02d}", "Financial year" if kind == "year" else f"Financial year Q{quarter}"


def _parts(indicator: Indicator) -> tuple[str, ...]:
    return (
        ("", "numerator", "denominator")
        if indicator.kind == "percentage"
        else ("", "numerator")
        if indicator.kind == "rate"
        else ("",)
    )


def _own_meta(indicator: Indicator) -> list[dict]:
    words = {"": "", "numerator": ": numerator", "denominator": ": denominator"}
    return [_meta(indicator, part, words[part]) for part in _parts(indicator)]


def _own_values(
    context: Context, indicator: Indicator, figure: Figure | None, breakdown: str
) -> Iterable[tuple[str, str]]:
    for part in _parts(indicator):
        yield column(indicator, part), _own_value(context, indicator, figure, part or "value", breakdown)


def _own_value(context: Context, indicator: Indicator, figure: Figure | None, part: str, breakdown: str) -> str:
    if figure is None:
        return "z" if breakdown != "all" and indicator.kind in ("rate", "mean", "median") else "x"
    context.show(figure)
    value = getattr(figure, part)
    if value is None:
        return "c" if figure.is_hidden else "z" if figure.status == "empty" else "x"
    is_count = part != "value" or indicator.kind == "count"
    return str(numbers.half_up(value, 0 if is_count else max(indicator.decimals, 1)))

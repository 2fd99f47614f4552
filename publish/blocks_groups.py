"""Blocks that draw figures by group: services and teams, categories, age and sex. Each chart carries its table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from publish import charts, numbers, sentences, spec
from publish.blocks_figures import column_kind
from publish.context import SMALL_DENOMINATOR, Context, amount, fraction
from publish.document import Block, Cell, Chart, Column, Table
from publish.query import Figure, Indicator, Unit

MOST_BARS = 10
ORDER = {
    "age_band": ("unborn", "0", "1-4", "5-9", "10-15", "16-17", "18+", "unknown"),
    "sex": ("F", "M", "U"),
    "ethnicity": ("White", "Mixed", "Asian", "Black", "Other", "Not recorded"),
    "need": ("N1", "N2", "N3", "N4", "N5", "N6", "N7", "N8", "N9", "N0"),
    "ASM-01": ("same day", "1-10", "11-20", "21-30", "31-40", "41-45", "46-50", "51-60", "61+"),
    "S47-07": ("0-10", "11-15", "16-20", "21+"),
}


def units_below(context: Context, level: str) -> list[Unit]:
    """The services or teams that a report's unit is made of."""
    if level == "service":
        return context.store.services()
    return context.store.teams(context.unit_code if context.level == "service" else None)


def unit_bars(context: Context, block: spec.UnitBars) -> list[Block]:
    """Bars of services or teams against the whole; those worse than the whole by 10 points or more are marked."""
    kind = context.kind(block)
    found: list[Block] = []
    for indicator in context.known(block.indicators):
        whole = context.figure(indicator.indicator_id, kind)
        rows = [
            (u, context.figure(indicator.indicator_id, kind, unit=(block.level, u.code)))
            for u in units_below(context, block.level)
        ]
        rows = [(u, f) for u, f in rows if f and f.value is not None and (f.numerator or f.denominator)]
        if not rows or whole is None:
            continue
        found.append(_unit_chart(context, indicator, whole, rows, block.level))
    return found


def _unit_chart(context: Context, indicator: Indicator, whole: Figure, rows: list, level: str) -> Chart:
    is_share = indicator.kind not in ("count", "rate")
    marked = [n for n, (_, f) in enumerate(rows) if _is_outlier(indicator, f, whole)]
    cases = [f" ({fraction(indicator, f)})" if indicator.kind == "percentage" else "" for _, f in rows]
    texts = [context.show(f) + case for (_, f), case in zip(rows, cases, strict=True)]
    title = f"{indicator.title} by {level}"
    alt = f"{title}. {context.unit_name}: {context.show(whole)}. "
    alt += ", ".join(f"{u.name} {text}" for (u, _), text in zip(rows, texts, strict=True)) + "."
    has_line = is_share and whole.value is not None
    reference = (f"{context.unit_name} {context.show(whole)}", float(whole.value)) if has_line else None
    svg = charts.bars(alt, [u.name for u, _ in rows], [f.value for _, f in rows], texts, reference, marked)
    body = tuple(
        (Cell(u.name), context.cell(f), context.count_cell(f), context.count_cell(f, "denominator")) for u, f in rows
    )
    columns = (
        Column(level.capitalize()),
        Column("Value", column_kind(indicator)),
        Column("Numerator", "number"),
        Column("Denominator", "number"),
    )
    note = (
        f"◆ at least 10 points (or a fifth) worse than the whole, {SMALL_DENOMINATOR} cases or more." if marked else ""
    )
    table = Table(title, columns, body, note, is_folded=True)
    return Chart(title, _unit_sentence(context, indicator, whole, rows, level, note), alt, svg, table)


def _unit_sentence(context: Context, indicator: Indicator, whole: Figure, rows: list, level: str, note: str) -> str:
    """The span from the lowest to the highest, among those with enough cases."""
    judged = [(u, f) for u, f in rows if not sentences.is_small(f)]
    text = f"{context.unit_name}: {context.show(whole)}."
    if len(judged) > 1:
        low, high = (pick(judged, key=lambda row: row[1].value) for pick in (min, max))
        ends = [f"{amount(indicator, figure.value)} ({unit.name})" for unit, figure in (low, high)]
        text += f" From {ends[0]} to {ends[1]}"
        text += f" among {level}s with {SMALL_DENOMINATOR} cases or more." if indicator.kind == "percentage" else "."
    return f"{text} {note}".strip()


def _is_outlier(indicator: Indicator, figure: Figure, whole: Figure) -> bool:
    """At least 10 percentage points, or a fifth of a mean or median, on the wrong side; 6 cases or more."""
    if indicator.better == "context" or indicator.kind == "count" or sentences.is_small(figure) or whole.value is None:
        return False
    gap = float(figure.value - whole.value) * (1 if indicator.better == "low" else -1)
    return gap >= (10 if indicator.unit == "%" else 0.2 * float(whole.value))


@dataclass(frozen=True, slots=True)
class Item:
    """One bar: its category, the figure behind it, the number drawn (None: hidden) and its text."""

    category: str
    word: str
    figure: Figure
    value: Decimal | None
    text: str


def bar(context: Context, block: spec.Bar) -> list[Block]:
    """Bars by category with counts and shares; the table holds the categories that the picture leaves out."""
    figures = _categories(context, block.indicator, block.breakdown, context.kind(block))
    if not figures:
        return []
    is_count = block.count == "denominator" or context.store.indicators[block.indicator].kind == "count"
    values = [f.denominator if block.count == "denominator" else f.value for f in figures]
    total = whole_of(figures, values) if is_count else None
    items = [_item(context, block, f, value, total) for f, value in zip(figures, values, strict=True)]
    if not block.is_ordered:
        items.sort(key=lambda item: (-(item.value or 0), item.word))
    alt = f"{block.title}: " + ", ".join(f"{item.word} {item.text}" for item in items) + "."
    left_out = _left_out(context, block, total) if total is not None else ""
    table = _bar_table(context, block, items, total, left_out)
    sentence = f"{_bar_sentence(block, items)} {left_out}".strip()
    return [Chart(block.title, sentence, alt, _bar_svg(block, alt, items), table)]


def whole_of(figures: Iterable[Figure], values: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of all groups, for shares of it; None where one of them is hidden: the others are no whole."""
    return None if any(figure.is_hidden for figure in figures) else sum((v or 0 for v in values), Decimal())


def _left_out(context: Context, block: spec.Bar, total: Decimal) -> str:
    """How many cases are in no group. Protected reports do not say; of children counted once it is not known."""
    whole = context.figure(block.indicator, context.kind(block))
    if whole is None or context.spec.is_protected or context.store.indicators[block.indicator].aggregation != "sum":
        return ""
    number = ((whole.denominator if block.count == "denominator" else whole.value) or 0) - total
    return f"{numbers.number(number)} more are in none of these groups." if number > 0 else ""


def _item(context: Context, block: spec.Bar, figure: Figure, value: Decimal | None, total: Decimal | None) -> Item:
    text = context.count_cell(figure, "denominator").text if block.count == "denominator" else context.show(figure)
    if total and value is not None:
        text += f" ({numbers.percent(100 * value / total, 0)})"
    return Item(figure.category, context.label(block.indicator, block.breakdown, figure.category), figure, value, text)


def _bar_svg(block: spec.Bar, alt: str, items: list[Item]) -> str:
    words, values = [item.word for item in items], [item.value for item in items]
    if not block.is_ordered:
        return charts.bars(alt, words[:MOST_BARS], values[:MOST_BARS], [item.text for item in items[:MOST_BARS]])
    limit = next((n for n, item in enumerate(items) if item.category == block.limit_after), None)
    return charts.columns(alt, words, values, [item.text.split(" (")[0] for item in items], limit, block.limit_label)


def _bar_sentence(block: spec.Bar, items: list[Item]) -> str:
    """The three largest groups, and how many the picture leaves out."""
    ranked = sorted((item for item in items if item.value), key=lambda item: -item.value)
    if not ranked:
        return "No figure can be shown."
    more = 0 if block.is_ordered else len(items) - MOST_BARS
    text = f"Most: {', '.join(f'{item.word} {item.text}' for item in ranked[:3])}."
    return text + (f" {more} smaller groups stand in the table." if more > 0 else "")


def _bar_table(context: Context, block: spec.Bar, items: list[Item], total: Decimal | None, note: str) -> Table:
    indicator = context.store.indicators[block.indicator]
    is_cases = block.count == "denominator"
    columns = [
        Column("Category"),
        Column("Cases" if is_cases else indicator.title, "number" if is_cases else column_kind(indicator)),
    ]
    rows = []
    for item in items:
        cell = context.count_cell(item.figure, "denominator") if is_cases else context.cell(item.figure)
        rows.append((Cell(item.word), cell, *([_share(item, total)] if total else [])))
    if total:
        columns.append(Column("Share", "percent"))
    return Table(block.title, tuple(columns), tuple(rows), note, is_folded=True)


def _categories(context: Context, indicator: str, breakdown: str, kind: str) -> list[Figure]:
    """Figures of a breakdown for the last period, in the order of their words where there are any."""
    end = context.end(kind)
    if end is None or indicator not in context.store.indicators:
        return []
    found = context.store.categories(indicator, context.level, context.unit_code, breakdown, kind, end)
    order = {c: n for n, c in enumerate(ORDER.get(breakdown if breakdown != "detail" else indicator, ()))}
    return sorted(found, key=lambda f: (order.get(f.category, 99), f.category))


def _share(item: Item, total: Decimal) -> Cell:
    if item.value is None:
        return Cell(numbers.HIDDEN if item.figure.is_hidden else numbers.NONE)
    share = 100 * item.value / total
    return Cell(numbers.percent(share), float(numbers.half_up(share, 1)))


def pyramid(context: Context, block: spec.Pyramid) -> list[Block]:
    """Age bands by sex, back to back."""
    cells = {f.category: f for f in _categories(context, block.indicator, "age_sex", context.kind(block))}
    bands = [b for b in ORDER["age_band"] if any(c.split("|")[0] == b for c in cells)]
    drawn = [b for b in bands if b not in ("unborn", "unknown")]
    if not drawn:
        return []
    words = {band: context.label("", "age_band", band) for band in bands}
    sides = [[cells.get(f"{band}|{sex}") for band in drawn] for sex in ("F", "M")]
    texts = tuple([context.show(f) if f else "0" for f in side] for side in sides)
    each = [f"{words[band]}: {girls} girls, {boys} boys" for band, girls, boys in zip(drawn, *texts, strict=True)]
    alt = f"{block.title}. " + "; ".join(each) + "."
    values = [[f.value if f else None for f in side] for side in sides]
    svg = charts.pyramid(alt, [words[band] for band in drawn], *values, texts)
    return [
        Chart(
            block.title,
            _pyramid_sentence(drawn, words, sides),
            alt,
            svg,
            _pyramid_table(context, block, bands, words, cells),
        )
    ]


def _pyramid_sentence(drawn: Sequence[str], words: dict, sides: list) -> str:
    """The largest group."""
    known = [
        (f.value, name, words[band])
        for side, name in zip(sides, ("girls", "boys"), strict=True)
        for band, f in zip(drawn, side, strict=True)
        if f and f.value
    ]
    if not known:
        return "No figure can be shown."
    value, name, band = max(known)
    largest = f"The largest group: {name}, {band.lower()}, {numbers.number(value)}."
    return f"{largest} Unborn children and unknown sex stand in the table."


def _pyramid_table(context: Context, block: spec.Pyramid, bands: Sequence[str], words: dict, cells: dict) -> Table:
    rows = tuple(
        (Cell(words[band]), *(context.cell(cells.get(f"{band}|{sex}")) for sex in ("F", "M", "U"))) for band in bands
    )
    columns = (
        Column("Age"),
        Column("Girls", "number"),
        Column("Boys", "number"),
        Column("Unknown or unborn", "number"),
    )
    return Table(block.title, columns, rows, is_folded=True)

"""Blocks that draw figures: cards, trends, control charts, bars, pyramids. Each chart carries its table."""

from __future__ import annotations

from publish import charts, numbers, sentences, sparkline, spec
from publish.context import COMPARATORS, PERIOD_WORDS, Context, amount, fraction
from publish.document import Block, Card, Cards, Cell, Chart, Column, Note, Sentences, Table
from publish.query import Figure, Indicator, Unit

SPARK_POINTS = 24


def column_kind(indicator: Indicator) -> str:
    """How a workbook formats the indicator's values."""
    return "percent" if indicator.unit == "%" else "number" if indicator.decimals == 0 else "decimal"


def changes(context: Context, block: spec.Changes) -> list[Block]:
    """The weightiest sentences about the indicators watched."""
    kind = context.kind(block)
    found = [sentences.change(context, indicator, kind) for indicator in context.known(block.indicators)]
    ranked = sorted((item for item in found if item), key=lambda item: -item[0])[: block.limit]
    if not ranked:
        return [Note("No indicator watched here changed by more than the usual variation.")]
    return [Sentences("What changed", tuple(sentence for _, sentence in ranked))]


def cards(context: Context, block: spec.CardsBlock) -> list[Block]:
    """A card for each indicator."""
    return [Cards(tuple(_card(context, block, indicator) for indicator in context.known(block.indicators)))]


def _card(context: Context, block: spec.CardsBlock, indicator: Indicator) -> Card:
    kind = context.kind(block)
    figure = context.figure(indicator.indicator_id, kind)
    spark_kind = context.control_kind if kind != "week" else kind
    series = context.series(indicator.indicator_id, spark_kind, SPARK_POINTS)
    word = PERIOD_WORDS[spark_kind]
    title = f"{indicator.title}, the last {len(series)} {word}s"
    return Card(
        indicator.indicator_id,
        indicator.title,
        context.show(figure),
        _unit(indicator),
        fraction(indicator, figure),
        _when(context, indicator, figure, kind),
        sentences.compare_pairs(context, indicator, kind, block.compare),
        sentences.change_line(context, indicator, figure) if figure and not sentences.is_small(figure) else "",
        sentences.verdict(context, indicator, figure),
        sparkline.sparkline([f.value for f in series], title),
    )


def _unit(indicator: Indicator) -> str:
    return "" if indicator.unit == "%" or indicator.kind == "count" else indicator.unit


def _when(context: Context, indicator: Indicator, figure: Figure | None, kind: str) -> str:
    if figure is None:
        return ""
    if indicator.timing == "snapshot":
        return f"at {numbers.day(min(figure.period_end, context.as_at))}"
    return numbers.span(kind, figure.period_start, figure.period_end)


def trend(context: Context, block: spec.Trend) -> list[Block]:
    """Lines over time with the table behind them."""
    kind = context.kind(block)
    items = [(i, context.series(i.indicator_id, kind, block.points)) for i in context.known(block.indicators)]
    items = [(indicator, series) for indicator, series in items if series]
    if not items:
        return []
    ends = sorted({f.period_end for _, series in items for f in series})
    values = {(i.indicator_id, f.period_end): f for i, series in items for f in series}
    lines = [(i.title, [_value(values.get((i.indicator_id, end))) for end in ends]) for i, _ in items]
    first = items[0][0]
    levels = [
        (f"{COMPARATORS[c]} {found.published_period or ''}".strip(), float(found.comparator_value))
        for c in block.compare
        if (found := context.comparison(first, c, kind))
    ]
    labels = [numbers.axis(kind, end) for end in ends]
    text = _trend_sentence(context, items, levels)
    rows = tuple(
        (Cell(numbers.tick(kind, end)), *(context.cell(values.get((i.indicator_id, end))) for i, _ in items))
        for end in reversed(ends)
    )
    table = Table(
        block.title, (Column("Period"), *(Column(i.title, column_kind(i)) for i, _ in items)), rows, is_folded=True
    )
    return [Chart(block.title, text, charts.line(text, labels, lines, first.unit, levels), table)]


def _value(figure: Figure | None):
    return None if figure is None else figure.value


def _trend_sentence(context: Context, items: list, levels: list) -> str:
    parts = []
    for indicator, series in items:
        last, first = series[-1], series[0]
        if last.value is None or first.value is None:
            parts.append(f"{indicator.title}: no figure can be shown for the latest or the first period")
            continue
        parts.append(
            f"{indicator.title}: {amount(indicator, last.value)} in {numbers.tick(last.period_kind, last.period_end)}, "
            f"{amount(indicator, first.value)} in {numbers.tick(first.period_kind, first.period_end)}"
        )
    parts += [f"{name}: {amount(items[0][0], value)}" for name, value in levels]
    return ". ".join(parts) + "."


def control(context: Context, block: spec.Control) -> list[Block]:
    """A control chart for each indicator that has enough periods and cases."""
    kind = block.period or context.control_kind
    found, left_out = [], []
    for indicator in context.known(block.indicators):
        series = context.series(indicator.indicator_id, kind, block.points)
        chart = context.chart_of(series)
        if chart is None:
            left_out.append(indicator.title)
            continue
        text = sentences.control_sentence(indicator, series, chart, kind)
        labels = [numbers.axis(kind, f.period_end) for f in series]
        svg = charts.control(
            text,
            labels,
            [f.value for f in series],
            chart,
            indicator.unit,
            indicator.better,
            lambda value, i=indicator: amount(i, value),
        )
        found.append(
            Chart(
                indicator.title,
                text,
                svg,
                _control_table(context, indicator, series, chart, kind),
                tag=sentences.signal_tag(indicator, chart.last),
            )
        )
    if left_out:
        found.append(Note(f"No control chart: too few cases or periods, or hidden figures, for {', '.join(left_out)}."))
    return found


def _control_table(context: Context, indicator: Indicator, series: list, chart, kind: str) -> Table:
    rows = []
    for figure, signals in zip(reversed(series), reversed(chart.signals), strict=True):
        rows.append(
            (
                Cell(numbers.tick(kind, figure.period_end)),
                context.cell(figure),
                context.count_cell(figure),
                context.count_cell(figure, "denominator"),
                Cell(", ".join(s[0].replace("_", " ") for s in signals) or "usual"),
            )
        )
    columns = (
        Column("Period"),
        Column("Value", column_kind(indicator)),
        Column("Numerator", "number"),
        Column("Denominator", "number"),
        Column("Variation"),
    )
    return Table(f"{indicator.title} by {PERIOD_WORDS[kind]}", columns, tuple(rows), is_folded=True)


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
    texts = [
        f"{context.show(f)}{f' ({fraction(indicator, f)})' if indicator.kind == 'percentage' else ''}" for _, f in rows
    ]
    title = f"{indicator.title} by {level}"
    best = ", ".join(f"{u.name} {texts[n]}" for n, (u, _) in enumerate(rows[:12]))
    text = f"{title}. {context.unit_name}: {context.show(whole)}. {best}."
    reference = (
        (f"{context.unit_name} {context.show(whole)}", float(whole.value))
        if is_share and whole.value is not None
        else None
    )
    svg = charts.bars(text, [u.name for u, _ in rows], [f.value for _, f in rows], texts, reference, marked)
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
        "◆ marks a value at least 10 points (or a fifth) worse than the whole, from 6 cases or more." if marked else ""
    )
    return Chart(title, text, svg, Table(title, columns, body, note, is_folded=True))


def _is_outlier(indicator: Indicator, figure: Figure, whole: Figure) -> bool:
    """At least 10 percentage points, or a fifth of a mean or median, on the wrong side; 6 cases or more."""
    if indicator.better == "context" or indicator.kind == "count" or sentences.is_small(figure) or whole.value is None:
        return False
    gap = float(figure.value - whole.value) * (1 if indicator.better == "low" else -1)
    return gap >= (10 if indicator.unit == "%" else 0.2 * float(whole.value))


def bar(context: Context, block: spec.Bar) -> list[Block]:
    """Bars by category with counts and shares."""
    kind = context.kind(block)
    figures = _categories(context, block.indicator, block.breakdown, kind)
    if not figures:
        return []
    indicator = context.store.indicators[block.indicator]
    words = [context.label(block.indicator, block.breakdown, f.category) for f in figures]
    if not block.is_ordered:
        pairs = sorted(zip(figures, words, strict=True), key=lambda p: (-(p[0].value or 0), p[1]))[:14]
        figures, words = [f for f, _ in pairs], [w for _, w in pairs]
    total = sum(f.value or 0 for f in figures)
    share = indicator.kind == "count" and total
    texts = [_bar_text(context, f, total if share else None) for f in figures]
    text = f"{block.title}: " + ", ".join(f"{w} {t}" for w, t in zip(words, texts, strict=True)) + "."
    columns = (Column("Category"), Column(indicator.title, column_kind(indicator)), Column("Share", "percent"))
    body = tuple(
        (Cell(w), context.cell(f), _share(f, total if share else None)) for f, w in zip(figures, words, strict=True)
    )
    table = Table(
        block.title,
        columns if share else columns[:2],
        body if share else tuple(row[:2] for row in body),
        is_folded=True,
    )
    values = [f.value for f in figures]
    if block.is_ordered:
        limit = next((n for n, f in enumerate(figures) if f.category == block.limit_after), None)
        return [
            Chart(
                block.title,
                text,
                charts.columns(text, words, values, [t.split(" (")[0] for t in texts], limit, block.limit_label),
                table,
            )
        ]
    return [Chart(block.title, text, charts.bars(text, words, values, texts), table)]


def _categories(context: Context, indicator: str, breakdown: str, kind: str) -> list[Figure]:
    """Figures of a breakdown for the last period, in the order of their words where there are any."""
    end = context.end(kind)
    if end is None or indicator not in context.store.indicators:
        return []
    found = context.store.categories(indicator, context.level, context.unit_code, breakdown, kind, end)
    order = {c: n for n, c in enumerate(ORDER.get(breakdown if breakdown != "detail" else indicator, ()))}
    return sorted(found, key=lambda f: (order.get(f.category, 99), f.category))


ORDER = {
    "age_band": ("unborn", "0", "1-4", "5-9", "10-15", "16-17", "18+", "unknown"),
    "sex": ("F", "M", "U"),
    "ethnicity": ("White", "Mixed", "Asian", "Black", "Other", "Not recorded"),
    "ASM-01": ("same day", "1-10", "11-20", "21-30", "31-40", "41-45", "46-50", "51-60", "61+"),
    "S47-07": ("0-10", "11-15", "16-20", "21+"),
}


def _bar_text(context: Context, figure: Figure, total) -> str:
    if figure.is_hidden or not total:
        return context.show(figure)
    return f"{context.show(figure)} ({numbers.percent(100 * (figure.value or 0) / total, 0)})"


def _share(figure: Figure, total) -> Cell:
    if figure.is_hidden or not total or figure.value is None:
        return Cell(numbers.HIDDEN if figure.is_hidden else numbers.NONE)
    share = 100 * figure.value / total
    return Cell(numbers.percent(share), float(numbers.half_up(share, 1)))


def pyramid(context: Context, block: spec.Pyramid) -> list[Block]:
    """Age bands by sex, back to back."""
    kind = context.kind(block)
    cells = {f.category: f for f in _categories(context, block.indicator, "age_sex", kind)}
    bands = [b for b in ORDER["age_band"] if any(c.split("|")[0] == b for c in cells)]
    drawn = [b for b in bands if b not in ("unborn", "unknown")]
    if not drawn:
        return []
    sides = [[cells.get(f"{band}|{sex}") for band in drawn] for sex in ("F", "M")]
    texts = tuple([context.show(f) if f else "0" for f in side] for side in sides)
    words = [context.label("", "age_band", band) for band in bands]
    text = (
        f"{block.title}. "
        + "; ".join(
            f"{context.label('', 'age_band', band)}: {g} girls, {b} boys"
            for band, g, b in zip(drawn, *texts, strict=True)
        )
        + "."
    )
    rows = tuple(
        (Cell(word), *(context.cell(cells.get(f"{band}|{sex}")) for sex in ("F", "M", "U")))
        for band, word in zip(bands, words, strict=True)
    )
    columns = (
        Column("Age"),
        Column("Girls", "number"),
        Column("Boys", "number"),
        Column("Unknown or unborn", "number"),
    )
    svg = charts.pyramid(
        text, [context.label("", "age_band", b) for b in drawn], *([_value(f) for f in side] for side in sides), texts
    )
    return [Chart(block.title, text, svg, Table(block.title, columns, rows, is_folded=True))]

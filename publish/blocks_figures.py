"""Blocks that draw figures over time: what changed, cards, trends, control charts. Each chart carries its table."""

from __future__ import annotations

from publish import charts, numbers, sentences, sparkline, spec
from publish.context import COMPARATORS, PERIOD_WORDS, Context, amount, fraction
from publish.document import Block, Card, Cards, Cell, Chart, Column, Note, Sentences, Table
from publish.query import Figure, Indicator

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
    return [Chart(block.title, text, text, charts.line(text, labels, lines, first.unit, levels), table)]


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
        series = context.control_series(indicator.indicator_id, kind, block.points)
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

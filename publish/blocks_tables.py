"""Blocks that are tables of figures: by period, by service or team, beside published values, by group."""

from __future__ import annotations

from decimal import Decimal

from publish import numbers, sentences, spec
from publish.blocks_figures import column_kind
from publish.blocks_groups import ORDER, units_below, whole_of
from publish.context import COMPARATORS, PERIOD_WORDS, Context, amount
from publish.document import Block, Cell, Column, Note, Table
from publish.query import Figure, Indicator

QUARTILES = {1: "1st (best)", 2: "2nd", 3: "3rd", 4: "4th"}


def indicator_table(context: Context, block: spec.IndicatorTable) -> list[Block]:
    """Indicators down, the last periods across, with change and verdict."""
    kind = context.kind(block)
    end = context.end(kind)
    if end is None:
        return [Note("No figures for this period.")]
    step = 12 if kind == "rolling_year" else 1
    items = [(i, context.series(i.indicator_id, kind, 60)) for i in context.known(block.indicators)]
    if not items:
        return []
    ends = sorted({f.period_end for _, series in items for f in series})[::-1][::step][: block.periods][::-1]
    rows = []
    for indicator, series in items:
        by_end = {f.period_end: f for f in series}
        now = by_end.get(end)
        before, year = (context.before(now), context.year_before(now)) if now else (None, None)
        rows.append(
            (
                Cell(labelled(indicator)),
                *(context.cell(by_end.get(e)) for e in ends),
                _change(indicator, now, before),
                _change(indicator, now, year),
                _verdict(context, indicator, now),
            )
        )
    word = PERIOD_WORDS[kind]
    columns = (
        Column("Indicator"),
        *(Column(numbers.tick(kind, e), "decimal") for e in ends),
        Column(f"On the {word} before"),
        Column("On a year before"),
        Column("Is it real?"),
    )
    if word == "year":
        columns, rows = (*columns[:-2], columns[-1]), [(*row[:-2], row[-1]) for row in rows]
    return [Table(block.title, columns, tuple(rows))]


def labelled(indicator: Indicator) -> str:
    """An indicator's title with its unit where the figures do not show it."""
    is_plain = indicator.unit == "%" or indicator.kind == "count" or indicator.unit in indicator.title
    return indicator.title if is_plain else f"{indicator.title}, {indicator.unit}"


def _change(indicator: Indicator, now: Figure | None, then: Figure | None) -> Cell:
    found = None if sentences.is_small(now) else sentences.difference(indicator, now, then)
    if found is None:
        return Cell(numbers.NONE)
    if indicator.better == "context" or abs(found[1]) < 1e-9:
        return Cell(found[0], tone="neutral")
    return Cell(found[0], tone="good" if (found[1] > 0) == (indicator.better == "high") else "bad")


def _verdict(context: Context, indicator: Indicator, figure: Figure | None) -> Cell:
    tag = sentences.verdict(context, indicator, figure)
    return Cell(tag.text, tone=tag.tone) if tag else Cell(numbers.NONE)


def unit_table(context: Context, block: spec.UnitTable) -> list[Block]:
    """Services or teams down, indicators across; percentages with their fraction."""
    kind = context.kind(block)
    indicators = context.known(block.indicators)
    units = [(u.name, (block.level, u.code)) for u in units_below(context, block.level)]
    whole = (f"{context.unit_name}, all", (context.level, context.unit_code))
    rows = []
    for name, unit in [*units, whole]:
        figures = [context.figure(i.indicator_id, kind, unit=unit) for i in indicators]
        if any(f and (f.numerator or f.denominator) for f in figures):
            rows.append((Cell(name), *(_unit_cell(context, i, f) for i, f in zip(indicators, figures, strict=True))))
    if not rows:
        return []
    columns = (Column(block.level.capitalize()), *(Column(i.title, column_kind(i)) for i in indicators))
    note = "Percentages stand with the cases they are made of. Under 6 cases they say little."
    return [Table(block.title, columns, tuple(rows), note if any(i.kind == "percentage" for i in indicators) else "")]


def _unit_cell(context: Context, indicator: Indicator, figure: Figure | None) -> Cell:
    cell = context.cell(figure)
    if figure is None or figure.value is None or indicator.kind != "percentage":
        return cell
    of = f"{numbers.number(figure.numerator)}/{numbers.number(figure.denominator)}"
    return Cell(f"{cell.text} ({of})", cell.number, bar=float(figure.value))


def comparison(context: Context, block: spec.Comparison) -> list[Block]:
    """Own value, the year before, and published values, with difference, rank and quartile."""
    kind = context.kind(block)
    wanted = [c for c in block.compare if any(context.comparison(i, c, kind) for i in context.known(block.indicators))]
    if not wanted:
        return [Note("No published figures are loaded to compare with.", tone="watch")]
    ranked = not context.spec.is_protected
    rows = [_comparison_row(context, indicator, kind, wanted, ranked) for indicator in context.known(block.indicators)]
    first = COMPARATORS[wanted[0]].lower()
    columns = [
        Column("Indicator"),
        Column(f"{context.council.name}", "decimal"),
        Column("A year before", "decimal"),
        *(Column(COMPARATORS[c], "decimal") for c in wanted),
        Column("Published for"),
        Column(f"Against {first}"),
    ]
    if ranked:
        columns += [Column("Rank"), Column("Quartile")]
    note = (
        "Published values are those of the latest release; own values are of the report's period, so the two may "
        "differ in time. Similar: within 1 percentage point, or 2% of a rate."
    )
    if ranked:
        note += " Rank 1 is best, or highest where neither direction is better."
    return [Table(block.title, tuple(columns), tuple(rows), note)]


def _comparison_row(context: Context, indicator: Indicator, kind: str, wanted: list, ranked: bool) -> tuple[Cell, ...]:
    figure = context.figure(indicator.indicator_id, kind)
    found = [context.comparison(indicator, c, kind) for c in wanted]
    cells = [
        Cell(labelled(indicator)),
        context.cell(figure),
        context.cell(context.year_before(figure) if figure else None),
    ]
    cells += [
        Cell(amount(indicator, c.comparator_value), float(c.comparator_value)) if c else Cell(numbers.NONE)
        for c in found
    ]
    published_for = next((c.published_period or "" for c in found if c), "")
    cells.append(Cell(published_for or numbers.NONE))
    cells.append(_against(indicator, figure, found[0]))
    if ranked:
        best = next((c for c in found if c and c.rank), None)
        cells.append(Cell(rank_text(best, published_for)) if best else Cell(numbers.NONE))
        cells.append(Cell(QUARTILES.get(best.quartile, numbers.NONE)) if best else Cell(numbers.NONE))
    return tuple(cells)


def rank_text(best, published_for: str) -> str:
    """The place among all authorities, with its year where that is not the row's."""
    year = "" if best.published_period == published_for else f" ({best.published_period})"
    return f"{best.rank} of {best.n_ranked}{year}"


def _against(indicator: Indicator, figure: Figure | None, other) -> Cell:
    """Better, worse or similar; higher or lower where neither direction is good."""
    if other is None or sentences.is_small(figure):
        return Cell(numbers.NONE)
    gap = float(figure.value - other.comparator_value)
    if abs(gap) < (1 if indicator.unit == "%" else 0.02 * float(other.comparator_value)):
        return Cell("Similar", tone="neutral")
    if indicator.better == "context":
        return Cell("Higher" if gap > 0 else "Lower", tone="neutral")
    is_better = (gap > 0) == (indicator.better == "high")
    return Cell("Better", tone="good") if is_better else Cell("Worse", tone="bad")


def cohorts(context: Context, block: spec.Cohorts) -> list[Block]:
    """One breakdown across several counts: number and share of each cohort."""
    kind = context.kind(block)
    end = context.end(kind)
    columns, shares = [], {}
    for indicator in context.known(block.indicators):
        figures = end and context.store.categories(
            indicator.indicator_id, context.level, context.unit_code, block.breakdown, kind, end
        )
        if figures:
            columns.append(Column(indicator.title, "percent"))
            shares[indicator.indicator_id] = {f.category: f for f in figures}
    if not columns:
        return []
    order = ORDER.get(block.breakdown, ())
    categories = sorted(
        {c for found in shares.values() for c in found}, key=lambda c: (order.index(c) if c in order else 99, c)
    )
    rows = []
    totals = {one: whole_of(found.values(), (f.value for f in found.values())) for one, found in shares.items()}
    for category in categories:
        cells = [_cohort_cell(context, found.get(category), totals[one]) for one, found in shares.items()]
        rows.append((Cell(context.label("", block.breakdown, category)), *cells))
    note = "Share of those of each cohort whose group is known, with their number in brackets."
    if any(f.is_hidden for found in shares.values() for f in found.values()):
        note += " Where a group of a cohort is hidden, its numbers stand without shares."
    return [Table(block.title, (Column("Group"), *columns), tuple(rows), note)]


def _cohort_cell(context: Context, figure: Figure | None, total: Decimal | None) -> Cell:
    if figure is None:
        return Cell("0", None)
    if figure.value is None or not total:
        return Cell(context.show(figure))
    share = 100 * figure.value / total
    return Cell(
        f"{numbers.percent(share, 0)} ({context.show(figure)})", float(numbers.half_up(share, 1)), bar=float(share)
    )

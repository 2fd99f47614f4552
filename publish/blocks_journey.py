"""Blocks on children's journeys, on demand ahead and on which teams differ by more than chance."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from publish import charts, charts_chance, numbers, spec
from publish.blocks_groups import units_below
from publish.context import SMALL_DENOMINATOR, Context, amount
from publish.document import Block, Cell, Chart, Column, Note, Released, Table
from publish.query import Figure, Indicator
from sightline.intervals import funnel as funnel_limits
from sightline.intervals import funnel_place, wilson

FEWEST_UNITS = 4


def journey(context: Context, block: spec.Journey) -> list[Block]:
    """Bars of the share that went on from each stage, and the table with those still open."""
    rows = [
        row
        for row in context.lists.flow.get("journey", ())
        if (row["level"], row["unit_code"]) == (context.level, context.unit_code)
        and (not block.steps or row["step_id"] in block.steps)
    ]
    if not rows:
        return [Note("Nobody reached a stage of the journey in the twelve months.")]
    rows.sort(key=lambda row: row["position"])
    table = _journey_table(block.title, rows)
    drawn = [row for row in rows if row["matured"]]
    if not drawn:
        return [table]
    for row in drawn:
        _remember(context, row)
    texts = [_share_text(row) for row in drawn]
    alt = f"{block.title}: " + ", ".join(f"{row['title']} {text}" for row, text in zip(drawn, texts, strict=True)) + "."
    svg = charts.bars(alt, [row["title"] for row in drawn], [_share(row) for row in drawn], texts)
    return [Chart(block.title, _journey_sentence(drawn), alt, svg, table, is_wide=True)]


def _share(row: Mapping, when: str = "") -> float | None:
    matured = row[f"matured{when}"]
    return 100 * row[f"converted{when}"] / matured if matured else None


def _share_text(row: Mapping) -> str:
    return f"{numbers.percent(_share(row), 0)} ({row['converted']} of {row['matured']})"


def _window(row: Mapping) -> str:
    return {365: "12 months", 730: "two years"}.get(row["window_days"], f"{row['window_days']} days")


def _journey_sentence(drawn: list[Mapping]) -> str:
    """The steps forward, as one story."""
    told = [f"{row['title']} within {_window(row)}: {_share_text(row)}" for row in drawn if row["kind"] == "forward"]
    return f"{'. '.join(told)}." if told else ""


def _journey_table(title: str, rows: list[Mapping]) -> Table:
    columns = (
        Column("Step and its time"), Column("Time ran out", "number"), Column("Went on in time", "number"),
        Column("Share", "percent"), Column("Chance allows"), Column("Share a year before", "percent"),
        Column("Median days", "decimal"), Column("Went on later", "number"), Column("Still open", "number"),
    )  # fmt: skip
    note = (
        "Counted are those whose time to go on ran out in the twelve months to the end of the period, so that every "
        "share is final; those who may still go on are 'Still open'. 'Chance allows' is the 95% interval."
    )
    return Table(title, columns, tuple(_journey_row(row) for row in rows), note)


def _journey_row(row: Mapping) -> tuple[Cell, ...]:
    share, earlier = _share(row), _share(row, "_before")
    limits = numbers.NONE
    if row["matured"]:
        low, high = wilson(row["converted"], row["matured"])
        limits = f"{numbers.percent(100 * low, 0)} to {numbers.percent(100 * high, 0)}"
    return (
        Cell(f"{row['title']}, {_window(row)}"),
        *(Cell(numbers.number(row[name]), float(row[name])) for name in ("matured", "converted")),
        Cell(numbers.percent(share, 0), share, bar=share),
        Cell(limits),
        Cell(numbers.percent(earlier, 0), earlier),
        Cell(numbers.number(row["median_days"], 0), row["median_days"]),
        *(Cell(numbers.number(row[name]), float(row[name])) for name in ("late", "pending")),
    )


def _remember(context: Context, row: Mapping) -> None:
    """Keep the counts of a step among the released figures."""
    key = (context.section, row["step_id"], context.level, context.unit_code, "journey", "converted", "rolling_year",
           context.period.end)  # fmt: skip
    context.released[key] = Released(
        *key[:-1], None, context.period.end, row["converted"], row["matured"], _share(row), "ok", _share_text(row)
    )


def forecast(context: Context, block: spec.Forecast) -> list[Block]:
    """A chart for each indicator that has a forecast, with the error of past forecasts in its sentence."""
    ahead: dict[str, list[Mapping]] = {}
    for row in context.lists.flow.get("forecast", ()):
        ahead.setdefault(row["indicator_id"], []).append(row)
    if any(rows[0]["period_start"] - timedelta(days=1) > context.period.end for rows in ahead.values()):
        return [Note("Demand ahead is worked out from the latest month, which this report does not reach.")]
    found: list[Block] = []
    missing = []
    for indicator in context.known(block.indicators):
        series = context.store.series(
            indicator.indicator_id, "council", context.council.id, "month", context.period.end, block.points
        )
        rows = ahead.get(indicator.indicator_id)
        if rows and series and all(figure.value is not None for figure in series):
            found.append(_forecast_chart(indicator, series, rows))
        else:
            missing.append(indicator.title)
    if missing:
        found.append(Note(f"No forecast: too few cases or months for {', '.join(missing)}."))
    return found


def _forecast_chart(indicator: Indicator, series: list[Figure], rows: list[Mapping]) -> Chart:
    title = f"{indicator.title}, the next six months"
    labels = [numbers.axis("month", end) for end in [f.period_end for f in series] + [r["period_end"] for r in rows]]
    text = _forecast_sentence(indicator, series[-1], rows)
    columns = ([row[name] for row in rows] for name in ("value", "lower_80", "upper_80"))
    svg = charts_chance.forecast(text, labels, [f.value for f in series], *columns, lambda v: numbers.number(v))
    body = tuple(
        (
            Cell(numbers.tick("month", row["period_end"])),
            *(
                Cell(numbers.number(row[n]), float(row[n]))
                for n in ("value", "lower_80", "upper_80", "lower_95", "upper_95")
            ),
        )
        for row in rows
    )
    names = ("Expected", "Low (80%)", "High (80%)", "Low (95%)", "High (95%)")
    table = Table(title, (Column("Month"), *(Column(name, "number") for name in names)), body, is_folded=True)
    return Chart(title, text, text, svg, table)


def _forecast_sentence(indicator: Indicator, last: Figure, rows: list[Mapping]) -> str:
    end = rows[-1]
    text = (
        f"{indicator.title}: {numbers.number(last.value)} in {numbers.tick('month', last.period_end)}, "
        f"about {numbers.number(end['value'])} expected in {numbers.tick('month', end['period_end'])}; "
        f"four times in five between {numbers.number(end['lower_80'])} and {numbers.number(end['upper_80'])}."
    )
    if end["mape"] is None:
        return text
    text += f" Forecasts made in this way in the past missed by {numbers.percent(end['mape'], 0)} on average"
    if end["benchmark_mape"] is not None:
        text += f"; the same month of the year before, by {numbers.percent(end['benchmark_mape'], 0)}"
    return f"{text}. {numbers.percent(end['coverage_80'], 0)} of those months came to lie within their interval."


def funnel(context: Context, block: spec.Funnel) -> list[Block]:
    """A funnel plot of each percentage, for as many units as make one."""
    kind = context.kind(block)
    found: list[Block] = []
    for indicator in context.known(block.indicators):
        whole = context.figure(indicator.indicator_id, kind)
        units = [
            (unit, figure)
            for unit in units_below(context, block.level)
            if (figure := context.figure(indicator.indicator_id, kind, unit=(block.level, unit.code)))
            and figure.denominator and figure.value is not None
        ]  # fmt: skip
        if indicator.kind == "percentage" and whole and whole.denominator and len(units) >= FEWEST_UNITS:
            found.append(_funnel_chart(context, indicator, whole, units, block.level))
    return found or [Note(f"No funnel plot: fewer than {FEWEST_UNITS} {block.level}s have cases.")]


def _funnel_chart(context: Context, indicator: Indicator, whole: Figure, units: list, level: str) -> Chart:
    share = float(whole.numerator / whole.denominator)
    points, body, outside = [], [], []
    for unit, figure in units:
        top, bottom = float(figure.numerator), float(figure.denominator)
        is_judged = bottom >= SMALL_DENOMINATOR
        place = funnel_place(top, bottom, share) if is_judged else 0
        points.append((bottom, top / bottom, unit.name, place))
        low, high = funnel_limits(share, bottom)
        body.append(
            (
                Cell(unit.name),
                context.cell(figure),
                context.count_cell(figure),
                context.count_cell(figure, "denominator"),
                Cell(f"{numbers.percent(100 * low)} to {numbers.percent(100 * high)}"),
                Cell(_place(place) if is_judged else "Too few cases", tone=_tone(indicator, place)),
            )
        )
        if place:
            outside.append(f"{unit.name} {context.show(figure)} ({_place(place).lower()})")
    title = f"{indicator.title}: which {level}s differ by more than chance?"
    text = f"{context.unit_name}: {context.show(whole)}. "
    text += (
        f"Outside the limits of chance: {', '.join(outside)}." if outside else f"No {level} lies outside the limits."
    )
    alt = f"{text} " + ", ".join(f"{name} {numbers.percent(100 * s)} of {n:g}" for n, s, name, _ in points) + "."
    svg = charts_chance.funnel_plot(
        alt, points, share, f"{context.unit_name}\n{amount(indicator, whole.value)}", "Cases"
    )
    columns = (
        Column(level.capitalize()), Column("Value", "percent"), Column("Numerator", "number"),
        Column("Denominator", "number"), Column("By chance (95%)"), Column("Place"),
    )  # fmt: skip
    return Chart(title, text, alt, svg, Table(title, columns, tuple(body), is_folded=True))


def _place(place: int) -> str:
    if not place:
        return "Within the limits"
    return f"{'Above' if place > 0 else 'Below'} the {'99.8%' if abs(place) == 2 else '95%'} limits"


def _tone(indicator: Indicator, place: int):
    if not place:
        return None
    if indicator.better == "context":
        return "watch"
    return "good" if (place > 0) == (indicator.better == "high") else "bad"

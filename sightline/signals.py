"""Is the change real? Control charts of every indicator and unit, written into `fct_signal` after the models.

The rules are those of `sightline.spc`; what they find is put into one plain sentence a series.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import psycopg
from psycopg import sql

from sightline.spc import FEWEST_CASES, Xmr, cases_of, xmr

POINTS = 24
COLUMNS = (
    "council", "indicator_id", "level", "unit_code", "period_kind", "period_end", "as_at", "points", "value", "mean",
    "lower_limit", "upper_limit", "is_trial", "rule", "side", "lasting", "since", "verdict", "sentence",
)  # fmt: skip
WORDS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "twenty-one", "twenty-two",
    "twenty-three", "twenty-four",
)  # fmt: skip
_LATEST = """
    select max(period_end) from {0}.dim_period where period_kind = 'month' and period_end <= %(as_at)s
"""
_CATALOGUE = "select indicator_id, title, unit, kind, decimals, better from {0}.dim_indicator"
# Without a join of the catalogue: a planner that takes the view for one row would read it once for each figure.
_POINTS = """
    select indicator_id, level, unit_code, period_end, value::float8, numerator::float8, denominator::float8
    from {0}.fct_indicator_value
    where council = %(council)s and period_kind = 'month' and breakdown = 'all'
      and level in ('council', 'service', 'team') and status = 'ok' and value is not null
      and period_end between %(latest)s::date - 731 and %(latest)s
    order by indicator_id, level, unit_code, period_end
"""


@dataclass(frozen=True, slots=True)
class Point:
    """One month of a series, with what the catalogue says of its indicator."""

    indicator_id: str
    level: str
    unit_code: str
    period_end: date
    value: float
    cases: float | None
    title: str
    unit: str
    kind: str
    decimals: int
    better: str

    @property
    def series(self) -> tuple[str, str, str]:
        """What the points of one series share."""
        return self.indicator_id, self.level, self.unit_code


def write_signals(connection: psycopg.Connection, council: str, as_at: date, schema: str) -> int:
    """Fill `fct_signal` of a schema of marts from its figures; return the rows written. Commits nothing."""
    place = sql.Identifier(schema)
    last = connection.execute(sql.SQL(_LATEST).format(place), {"as_at": as_at}).fetchone()[0]
    points = _points(connection, place, council, last)
    table = sql.SQL("{}.fct_signal").format(place)
    connection.execute(sql.SQL("delete from {} where council = %s").format(table), (council,))
    names = sql.SQL(", ").join(map(sql.Identifier, COLUMNS))
    written = 0
    with connection.cursor().copy(sql.SQL("copy {} ({}) from stdin").format(table, names)) as copy:
        for row in _rows(points, last):
            copy.write_row((council, *row[:3], "month", row[3], as_at, *row[4:]))
            written += 1
    return written


def _points(connection: psycopg.Connection, place: sql.Identifier, council: str, last: date | None) -> list[Point]:
    """The months of every series up to `last`, in order, each with what the catalogue says of its indicator."""
    catalogue = {row[0]: row[1:] for row in connection.execute(sql.SQL(_CATALOGUE).format(place))}
    figures = connection.execute(sql.SQL(_POINTS).format(place), {"council": council, "latest": last})
    return [
        Point(*figure, cases_of(above, below, catalogue[figure[0]][2]), *catalogue[figure[0]])
        for *figure, above, below in figures
    ]


def _rows(points: Sequence[Point], last: date | None) -> Iterator[tuple]:
    """One row for each series that has a figure in the latest month and had a case at all."""
    for _, group in itertools.groupby(points, key=lambda point: point.series):
        series = list(group)[-POINTS:]
        if series[-1].period_end == last and any(point.cases for point in series):
            yield _row(series)


def _row(series: Sequence[Point]) -> tuple:
    now = series[-1]
    is_small = sum(point.cases or 0 for point in series) / len(series) < FEWEST_CASES
    chart = None if is_small else xmr([point.value for point in series])
    found = verdict(chart, now.better, is_small=is_small)
    if chart is None:
        return (*now.series, now.period_end, len(series), now.value, None, None, None, True, None, None, None, None,
                found, sentence(series, None, found))  # fmt: skip
    rule, side = chart.last or (None, None)
    since = series[-chart.lasting].period_end if chart.lasting else None
    return (*now.series, now.period_end, len(series), now.value, chart.mean, chart.lower, chart.upper, chart.is_trial,
            rule, side, chart.lasting or None, since, found, sentence(series, chart, found))  # fmt: skip


def verdict(chart: Xmr | None, better: str, *, is_small: bool = False) -> str:
    """The chart in one word: better, worse, higher, lower, usual, trial, too_few or too_short."""
    if chart is None:
        return "too_few" if is_small else "too_short"
    if chart.is_trial:
        return "trial"
    if chart.last is None:
        return "usual"
    is_high = chart.last[1] > 0
    if better == "context":
        return "higher" if is_high else "lower"
    return "better" if is_high == (better == "high") else "worse"


def sentence(series: Sequence[Point], chart: Xmr | None, found: str) -> str:
    """What a series shows, in one plain sentence: 'Assessments: nine months running below the mean of 81.2%.'."""
    now = series[-1]
    if chart is None:
        what = "cases" if found == "too_few" else "months"
        return f"{now.title}: too few {what} to judge a change."
    month = f"{now.period_end:%B %Y}"
    limits = f"{_amount(now, max(chart.lower, 0))} to {_amount(now, _cap(now, chart.upper))}"
    if chart.last is None:
        text = f"{_amount(now, now.value)} in {month}, within the usual variation ({limits})"
    else:
        text = _finding(now, chart, month, limits)
    return f"{now.title}: {text}.{' Trial limits: fewer than 12 months.' if chart.is_trial else ''}"


def _finding(now: Point, chart: Xmr, month: str, limits: str) -> str:
    rule, side = chart.last
    where, limit = ("above", "upper") if side > 0 else ("below", "lower")
    months = f"{WORDS[chart.lasting]} months running"
    near = _cap(now, chart.upper) if side > 0 else max(chart.lower, 0)
    return {
        "outside": f"{_amount(now, now.value)} in {month}, {where} the limits of usual variation ({limits})",
        "two_of_three": f"two of the last three months near the {limit} limit of {_amount(now, near)}",
        "run": f"{months} {where} the mean of {_amount(now, chart.mean)}",
        "trend": f"{'rising' if side > 0 else 'falling'} for {months}, to {_amount(now, now.value)}",
    }[rule]


def _cap(point: Point, value: float) -> float:
    return min(value, 100.0) if point.unit == "%" else value


def _amount(point: Point, value: float) -> str:
    places = max(point.decimals, 1)
    if point.unit == "%":
        return f"{value:.{places}f}%"
    return f"{value:,.{0 if value == int(value) and point.kind == 'count' else places}f}"

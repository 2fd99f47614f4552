"""Demand six months ahead, with its interval and the error that the same method made in the past.

Exponential smoothing in its state-space form (Hyndman, Koehler, Ord and Snyder 2008) by statsmodels: level alone,
damped trend, or level and season, whichever has the lowest AICc. What a forecast is worth is shown by making it
anew from earlier months (rolling origin) and comparing it with what came, beside the simplest benchmark: the same
month of the year before. `fct_forecast` holds both.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from itertools import dropwhile

import psycopg
from psycopg import sql
from threadpoolctl import threadpool_limits

AHEAD, SEASON = 6, 12
FEWEST_MONTHS, MOST_MONTHS = 36, 60
# Fewer cases a month than these, in the last year, are too few to forecast.
FEWEST_CASES = 5
# The past is forecast from 6 points in time, two months apart, the last of them AHEAD months ago.
ORIGINS, BETWEEN = 6, 2
DEMAND = (
    "CON-01", "EH-01", "REF-01", "ASM-01", "S47-01", "CIN-01", "CIN-03", "CP-01", "CP-03", "CLA-01", "CLA-03", "CLA-05",
)  # fmt: skip
FORMS = {
    "level": {},
    "damped trend": {"trend": "add", "damped_trend": True},
    "level and season": {"seasonal": "add", "seasonal_periods": SEASON},
}
STARTING_STATES = {"level": 1, "damped trend": 2, "level and season": SEASON}
_MONTHS = """
    select indicator_id, array_agg(value::float8 order by period_end), max(period_end)
    from {}.fct_indicator_value
    where council = %(council)s and indicator_id = any(%(demand)s) and level = 'council' and breakdown = 'all'
      and period_kind = 'month' and period_end <= %(as_at)s and status = 'ok' and value is not null
    group by 1 order by 1
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One month ahead: expected value, and the limits of 80% and 95%."""

    value: float
    lower_80: float
    upper_80: float
    lower_95: float
    upper_95: float


@dataclass(frozen=True, slots=True)
class Error:
    """What forecasts of the past missed by. `mape` in per cent; `mase` in the yearly change of the months before.

    `coverage_80` is the share in per cent of months that came to lie within the 80% interval.
    """

    origins: int
    mape: float | None
    mase: float | None
    benchmark_mape: float | None
    benchmark_mase: float | None
    coverage_80: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """A series six months ahead, the form of the model, how many months it rests on, and its past error."""

    method: str
    months: int
    steps: tuple[Step, ...]
    error: Error


COLUMNS = (
    "council", "indicator_id", "period_start", "period_end", "as_at", "months_ahead",
    *(item.name for item in fields(Step)), "method", "months", *(item.name for item in fields(Error)),
)  # fmt: skip


def write_forecasts(connection: psycopg.Connection, council: str, as_at: date, schema: str) -> int:
    """Fill `fct_forecast` of a schema of marts for the council's demand; return the rows written. Commits nothing."""
    place = sql.Identifier(schema)
    asked = {"council": council, "demand": list(DEMAND), "as_at": as_at}
    series = connection.execute(sql.SQL(_MONTHS).format(place), asked).fetchall()
    table = sql.SQL("{}.fct_forecast").format(place)
    connection.execute(sql.SQL("delete from {} where council = %s").format(table), (council,))
    names = sql.SQL(", ").join(map(sql.Identifier, COLUMNS))
    written = 0
    with connection.cursor().copy(sql.SQL("copy {} ({}) from stdin").format(table, names)) as copy:
        for indicator_id, values, last in series:
            found = forecast(values)
            for ahead, step in enumerate(found.steps if found else (), start=1):
                start, end = _month_after(last, ahead)
                figures = [round(getattr(step, item.name), 6) for item in fields(Step)]
                copy.write_row((council, indicator_id, start, end, as_at, ahead, *figures, found.method, found.months,
                                *(getattr(found.error, item.name) for item in fields(Error))))  # fmt: skip
                written += 1
    return written


def _month_after(end: date, months: int) -> tuple[date, date]:
    """First and last day of the month that lies so many months after one that ends on `end`."""
    first, after = (end.year * 12 + end.month - 1 + months + add for add in (0, 1))
    return date(first // 12, first % 12 + 1, 1), date(after // 12, after % 12 + 1, 1) - timedelta(days=1)


def forecast(values: Sequence[float]) -> Forecast | None:
    """Forecast monthly values, oldest first; months before the first case do not count.

    None for fewer than 36 months, for fewer than 5 cases a month in the last year, or for a series that never moves.
    """
    known = list(dropwhile(lambda value: value == 0, values))[-MOST_MONTHS:]
    if len(known) < FEWEST_MONTHS or sum(known[-SEASON:]) < FEWEST_CASES * SEASON or len(set(known)) == 1:
        return None
    # Matrices this small take ten times as long on several threads, and one thread always adds in the same order.
    with threadpool_limits(1):
        method, steps = _ahead(known)
        return Forecast(method, len(known), steps, past_error(known))


def _ahead(values: Sequence[float]) -> tuple[str, tuple[Step, ...]]:
    """The best form and its next six months."""
    from pandas import Series
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    series = Series(values, dtype=float)
    best = None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, form in FORMS.items():
            model = ETSModel(series, error="add", initialization_method="heuristic", **form).fit(disp=False)
            score = _aicc(model.llf, len(model.params) + STARTING_STATES[name], len(values))
            if best is None or score < best[0]:
                best = (score, name, model)
    _, name, model = best
    end = len(values) + AHEAD - 1
    prediction = model.get_prediction(start=len(values), end=end)
    usual, wide = (prediction.summary_frame(alpha=alpha) for alpha in (0.2, 0.05))
    columns = (usual["mean"], usual["pi_lower"], usual["pi_upper"], wide["pi_lower"], wide["pi_upper"])
    return name, tuple(Step(*(max(0.0, float(value)) for value in row)) for row in zip(*columns, strict=True))


def _aicc(log_likelihood: float, parameters: int, points: int) -> float:
    """Akaike's criterion for short series; starting states, which the library sets by a rule of thumb, count too."""
    return 2 * parameters - 2 * log_likelihood + 2 * parameters * (parameters + 1) / (points - parameters - 1)


def past_error(values: Sequence[float]) -> Error:
    """Make the forecast anew from earlier months, form and all, and compare it with what came."""
    starts = [len(values) - AHEAD - BETWEEN * back for back in range(ORIGINS)]
    own, benchmark, actual, scale, within = [], [], [], [], 0
    for start in starts:
        past, came = values[:start], values[start : start + AHEAD]
        _, steps = _ahead(past)
        yearly = [abs(b - a) for a, b in zip(past, past[SEASON:], strict=False)]
        own += [abs(step.value - value) for step, value in zip(steps, came, strict=True)]
        benchmark += [abs(before - value) for before, value in zip(past[-SEASON:], came, strict=False)]
        scale += [sum(yearly) / len(yearly)] * AHEAD
        actual += came
        within += sum(step.lower_80 <= value <= step.upper_80 for step, value in zip(steps, came, strict=True))
    return Error(
        ORIGINS,
        _share(own, actual),
        _share(own, scale, 1),
        _share(benchmark, actual),
        _share(benchmark, scale, 1),
        round(100 * within / len(actual), 6),
    )


def _share(errors: Sequence[float], of: Sequence[float], times: int = 100) -> float | None:
    """The mean of errors by what they are measured against; months of nought are left out; None if all are."""
    found = [times * error / base for error, base in zip(errors, of, strict=True) if base]
    return round(sum(found) / len(found), 6) if found else None

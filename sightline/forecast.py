"""Demand six months ahead, with its interval and the error that the same method made in the past.

The expected values come from exponential smoothing in its state-space form (Hyndman, Koehler, Ord and Snyder 2008) by
statsmodels: level alone, damped trend, or level and season, whichever has the lowest AICc. The model's own intervals
are too narrow, because they take form, parameters and starting states for known. So an interval is as wide as the
errors of the same method in forecasts of the past call for (split conformal prediction with scaled errors: Lei, G'Sell,
Rinaldo, Tibshirani and Wasserman 2018, "Distribution-free predictive inference for regression", sections 2.2 and 5.2),
and never narrower than the model's own. Errors of overlapping forecasts are not independent, as the theorem asks: that
the intervals hold what they say is measured, in the tests on made-up series, and for each series by its own past.

What a forecast is worth is shown by making it anew from earlier months (rolling origin) and comparing it with what
came, beside the simplest benchmark: the same month of the year before. The interval too is made anew, from the errors
known by then alone: no month that is judged has a part in it. `fct_forecast` holds both.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from itertools import dropwhile
from math import ceil
from operator import itemgetter
from statistics import NormalDist

import numpy as np
import psycopg
from pandas import Series
from psycopg import sql
from statsmodels.tools.eval_measures import aicc
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from threadpoolctl import threadpool_limits

AHEAD, SEASON = 6, 12
# The library sets a season's starting states from two years and more.
START = 2 * SEASON
# The past is forecast anew after every second month. Errors overlap: those of each month take twice as long and say
# nearly the same.
BETWEEN = 2
FEWEST_MONTHS, MOST_MONTHS = 36, 60
# Fewer cases a month than these, in the last year, are too few to forecast.
FEWEST_CASES = 5
# Forecasts of the past are judged once six months of errors are known, for their intervals rest on them.
FIRST_ORIGIN = START + AHEAD
USUAL, WIDE = 0.8, 0.95
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
class Outlook:
    """What the best form foresees after some months: six expected values.

    `deviation` is the standard deviation of an error one month ahead, `spread` how many of these each month ahead has.
    """

    form: str
    values: np.ndarray
    deviation: float
    spread: np.ndarray


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

    `coverage_80` is the share in per cent of months that came to lie within the 80% interval, which knew none of them.
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
    found = outlooks(known)
    steps = steps_after(known, found, len(known))
    return Forecast(found[len(known)].form, len(known), steps, past_error(known, found))


def outlooks(values: Sequence[float]) -> dict[int, Outlook]:
    """What is foreseen after all months, after two fewer, and so on down to 24 or 25, by that number, least first.

    Raises:
        ValueError: there are fewer than 24 months.
    """
    if len(values) < START:
        raise ValueError(f"exponential smoothing with a season needs {START} months")
    # Matrices this small take ten times as long on several threads, and one thread always adds in the same order.
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {months: _outlook(values[:months]) for months in range(len(values), START - 1, -BETWEEN)[::-1]}


def _outlook(values: Sequence[float]) -> Outlook:
    """Six months from the form with the lowest AICc; starting states, set by a rule of thumb, and the deviation count.

    The library's results cost more than its fit, so that only the best form has them.
    """
    fitted = []
    for name, form in FORMS.items():
        model = ETSModel(Series(values, dtype=float), error="add", initialization_method="heuristic", **form)
        parameters = model.fit(disp=False, return_params=True)
        known = len(parameters) + STARTING_STATES[name] + 1
        fitted.append((aicc(model.loglike(parameters), len(values), known), name, model, parameters))
    _, name, model, parameters = min(fitted, key=itemgetter(0))
    ahead = model.smooth(parameters).get_prediction(start=len(values), end=len(values) + AHEAD - 1)
    deviations = np.sqrt(np.asarray(ahead.forecast_variance))
    # A form that the past has followed to the letter has no deviation to measure the others by.
    spread = deviations / deviations[0] if deviations[0] else np.ones(AHEAD)
    return Outlook(name, np.asarray(ahead.predicted_mean), float(deviations[0]), spread)


def steps_after(values: Sequence[float], found: Mapping[int, Outlook], months: int) -> tuple[Step, ...]:
    """The six months after so many, each interval as wide as the errors known by then call for.

    `found` are the outlooks by their number of months. The limits are never below nought, and the intervals never
    become narrower from one month to the next.
    """
    outlook, errors = found[months], known_errors(values, found, months)
    expected = np.maximum(outlook.values, 0)
    limits = []
    for share in (USUAL, WIDE):
        half = outlook.spread * max(holding(errors, share), outlook.deviation * NormalDist().inv_cdf((1 + share) / 2))
        lower = np.maximum(expected - half, 0)
        limits += [lower, lower + np.maximum.accumulate(expected + half - lower)]
    return tuple(Step(*(float(value) for value in row)) for row in zip(expected, *limits, strict=True))


def known_errors(values: Sequence[float], found: Mapping[int, Outlook], months: int) -> np.ndarray:
    """Errors of all forecasts made before, of months that have come by then, without sign, as of one month ahead."""
    errors = []
    for origin in (origin for origin in found if origin < months):
        came, outlook = np.asarray(values[origin : min(origin + AHEAD, months)]), found[origin]
        errors.append(np.abs(came - outlook.values[: len(came)]) / outlook.spread[: len(came)])
    return np.concatenate(errors)


def holding(errors: np.ndarray, share: float) -> float:
    """What the share of further errors should not exceed: the error of rank (n + 1) times the share, rounded up."""
    return float(np.sort(errors)[min(ceil((len(errors) + 1) * share), len(errors)) - 1])


def past_error(values: Sequence[float], found: Mapping[int, Outlook]) -> Error:
    """Compare the forecasts of the past, form and interval chosen anew for each, with what came."""
    own, benchmark, actual, scale, within = [], [], [], [], 0
    origins = [months for months in found if FIRST_ORIGIN <= months <= len(values) - AHEAD]
    for start in origins:
        past, came = values[:start], values[start : start + AHEAD]
        steps = steps_after(values, found, start)
        yearly = [abs(b - a) for a, b in zip(past, past[SEASON:], strict=False)]
        own += [abs(step.value - value) for step, value in zip(steps, came, strict=True)]
        benchmark += [abs(before - value) for before, value in zip(past[-SEASON:], came, strict=False)]
        scale += [sum(yearly) / len(yearly)] * AHEAD
        actual += came
        within += sum(step.lower_80 <= value <= step.upper_80 for step, value in zip(steps, came, strict=True))
    return Error(
        len(origins),
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

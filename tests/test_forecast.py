"""Forecasts: the right form for what the series does, an honest interval, and a past error that can be worked out."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from math import pi, sin
from random import Random
from statistics import NormalDist, mean

import numpy as np
import pandas as pd
import pytest
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

from sightline import smoothing
from sightline.forecast import (
    AHEAD,
    FEWEST_MONTHS,
    Error,
    _month_after,
    _share,
    forecast,
    holding,
    past_error,
    steps_after,
    write_forecasts,
)
from sightline.smoothing import FORMS, START, outlooks

KINDS = [
    (spread, shape, size)
    for spread in (None, 15)
    for shape in ("level", "trend", "season", "both")
    for size in (12, 90)
]
SEEDS = 12


def noisy(months, level=200.0, slope=0.0, season=0.0, noise=8.0, seed=1):
    rng = Random(seed)
    return [level + slope * i + season * sin(2 * pi * i / 12) + rng.gauss(0, noise) for i in range(months)]


def counts(kind, seed, months):
    """Made-up monthly counts: Poisson, or negative binomial with a variance of mean + mean^2 / 15."""
    spread, shape, size = kind
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    month = np.arange(months)
    expected = size * (1 + 0.012 * month * (shape in ("trend", "both")))
    expected = expected * (1 + 0.2 * np.sin(2 * pi * (month + seed) / 12) * (shape in ("season", "both")))
    return rng.poisson(expected if spread is None else rng.gamma(spread, expected / spread)).astype(float).tolist()


def after(values):
    """The six months after all of these."""
    return steps_after(values, outlooks(values), len(values))


def missed(values):
    return past_error(values, outlooks(values))


def within(steps, came, share):
    """The share of months between the limits of 80 or 95%."""
    return mean(
        getattr(s, f"lower_{share}") <= v <= getattr(s, f"upper_{share}") for s, v in zip(steps, came, strict=True)
    )


def test_a_level_series_is_forecast_at_its_level():
    found = forecast(noisy(60))
    assert found.method == "level" and len(found.steps) == AHEAD
    assert all(abs(step.value - 200) < 6 for step in found.steps)
    assert all(s.lower_95 < s.lower_80 < s.value < s.upper_80 < s.upper_95 for s in found.steps)


def test_a_season_is_found_and_beats_the_level():
    values = noisy(66, season=40)
    found = forecast(values[:60])
    assert found.method == "level and season"
    assert [step.value for step in found.steps] == pytest.approx(values[60:], abs=25)
    assert found.error.mape < 8


def test_a_steep_rise_is_carried_on_damped():
    found = forecast(noisy(60, level=100, slope=6, noise=2))
    assert found.method == "damped trend"
    assert found.steps[0].value > 450 and found.steps[-1].value > found.steps[0].value


@pytest.mark.parametrize("months", [FEWEST_MONTHS, 60])
def test_intervals_hold_what_they_say(months):
    """Months that no interval has seen: close to 80 and 95% of them, where the model's own intervals hold too few."""
    usual, wide, own = [], [], []
    for kind in KINDS:
        for seed in range(SEEDS):
            values = counts(kind, seed, months + AHEAD)
            steps, came = after(values[:months]), values[months:]
            usual.append(within(steps, came, 80))
            wide.append(within(steps, came, 95))
            own.append(_within_the_models_own(values[:months], came))
    assert 0.79 <= mean(usual) <= 0.86
    assert 0.93 <= mean(wide) <= 0.98
    assert mean(own) <= mean(usual) - 0.03


def _within_the_models_own(values, came):
    last = outlooks(values)[-1]
    half = NormalDist().inv_cdf(0.9) * last.deviation * last.spread
    return mean((np.abs(np.array(came) - last.values) <= half).tolist())


def test_intervals_are_not_absurdly_wide():
    """Beside limits that know the level and the spread of a Poisson series, theirs are at most a half wider."""
    series = [counts((None, "level", 90), seed, 60) for seed in range(SEEDS)]
    widths = [step.upper_80 - step.lower_80 for values in series for step in after(values)]
    assert 1 <= mean(widths) / (2 * NormalDist().inv_cdf(0.9) * 90**0.5) <= 1.5


def test_intervals_are_nested_and_never_become_narrower():
    falling = [max(0.0, 60 - value) for value in noisy(60, level=0, slope=0.95, noise=4)]
    for values in [falling, *(counts(kind, seed, 48) for kind in KINDS for seed in range(2))]:
        steps = after(values)
        assert all(0 <= s.lower_95 <= s.lower_80 <= s.value <= s.upper_80 <= s.upper_95 for s in steps)
        for one, two in pairwise(steps):
            assert two.upper_80 - two.lower_80 >= one.upper_80 - one.lower_80 - 1e-9
            assert two.upper_95 - two.lower_95 >= one.upper_95 - one.lower_95 - 1e-9


def test_an_interval_knows_nothing_of_the_months_it_is_judged_on():
    values = counts((15, "both", 90), 3, 60)
    assert steps_after(values, outlooks(values), 40) == after(values[:40])


def test_the_rank_of_the_error_that_holds_a_share():
    """Of nine errors the eighth holds 80% of further ones (10 x 0.8); of four, 95% are more than they can show."""
    assert holding(np.array([9, 1, 8, 2, 7, 3, 6, 4, 5]), 0.8) == 8
    assert holding(np.array([1, 4, 2, 3]), 0.95) == 4


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_smoothing_equals_statsmodels(form, monkeypatch):
    """With one set of parameters, expected values and deviations are those of its state-space model."""
    for name, tried in (("_LEVELS", 0.3), ("_TRENDS", 0.4), ("_DAMPINGS", 0.9), ("_SEASONS", 0.2)):
        monkeypatch.setattr(smoothing, name, (tried,))
    values = pd.Series(noisy(50, slope=1, season=20))
    level, trend, season = (float(s) if s.ndim == 0 else s for s in smoothing.starting_states(values.to_numpy(), form))
    options = {"error": "add", "initialization_method": "known", "initial_level": level}
    given = {"smoothing_level": 0.3}
    if form.has_trend:
        options |= {"trend": "add", "damped_trend": True, "initial_trend": trend}
        given |= {"smoothing_trend": 0.3 * 0.4, "damping_trend": 0.9}
    if form.has_season:
        options |= {"seasonal": "add", "seasonal_periods": 12, "initial_seasonal": season}
        given |= {"smoothing_seasonal": 0.7 * 0.2}
    model = ETSModel(values, **options)
    theirs = model.smooth([given[name] for name in model.param_names if name in given])
    ours = smoothing._one_form(values.to_numpy(), form)[-1]
    assert ours.values == pytest.approx(theirs.forecast(AHEAD).to_numpy())
    table = theirs.get_prediction(start=50, end=50 + AHEAD - 1)
    deviations = np.sqrt(np.asarray(table.forecast_variance))
    assert ours.spread == pytest.approx(deviations / deviations[0])
    freed = 50 - form.parameters - form.states
    assert ours.deviation == pytest.approx(np.sqrt(np.square(theirs.resid).sum() / freed))


def test_a_season_needs_two_years():
    assert len(outlooks(noisy(START))) == 1
    with pytest.raises(ValueError, match="24 months"):
        outlooks(noisy(START - 1))


def test_the_shortest_series_has_one_point_in_its_past():
    found = forecast(noisy(FEWEST_MONTHS))
    assert (found.months, found.error.origins) == (36, 1)
    assert forecast(noisy(60)).error.origins == 25


def test_nothing_is_forecast_below_nought():
    steps = after([max(0.0, v) for v in noisy(60, level=8, noise=6)])
    assert min(step.lower_95 for step in steps) == 0


@pytest.mark.parametrize(
    "values",
    [noisy(35), [0.0] * 30 + noisy(35), [4.9] * 30 + [4.8] * 30, [7.0] * 60, []],
    ids=["short", "short after nothing", "few cases", "never moves", "none"],
)
def test_what_cannot_be_forecast_is_not(values):
    assert forecast(values) is None


def test_the_same_series_gives_the_same_forecast():
    assert forecast(noisy(48, season=20)) == forecast(noisy(48, season=20))


def test_errors_by_hand():
    """Missed by 10 of 100 and 30 of 60: 30 per cent; a month of nought has no percentage."""
    assert _share([10, 30, 5], [100, 60, 0]) == pytest.approx(30)
    assert _share([5], [0]) is None
    assert _share([10, 30], [20, 20], 1) == pytest.approx(1)


def test_the_benchmark_is_the_same_month_of_the_year_before():
    """A series that repeats itself each year: the benchmark misses nothing, and nothing is there to scale by."""
    found = missed([100.0 + 10 * (i % 12) for i in range(48)])
    assert found.benchmark_mape == 0 and found.benchmark_mase is None and found.mase is None


def test_a_step_up_is_missed_by_what_it_is():
    """Half a year at 100, then 150: the benchmark misses 50 of 150, the form that follows the level less."""
    found = missed([100.0, 101.0] * 18 + [150.0, 151.0] * 6)
    assert isinstance(found, Error) and found.origins == 13
    assert 20 < found.benchmark_mape <= 34
    assert found.mape < found.benchmark_mape


def test_months_ahead_cross_the_year():
    assert _month_after(date(2026, 9, 30), 1) == (date(2026, 10, 1), date(2026, 10, 31))
    assert _month_after(date(2026, 9, 30), 5) == (date(2027, 2, 1), date(2027, 2, 28))


def test_a_built_council_has_six_months_of_its_demand(on_built):
    with on_built.connect() as connection:
        first = write_forecasts(connection, on_built.council, on_built.as_at, "marts")
        assert write_forecasts(connection, on_built.council, on_built.as_at, "marts") == first
        rows = connection.execute(
            "select indicator_id, count(*), min(period_start), max(period_end), min(lower_95), bool_and(mase > 0)"
            " from marts.fct_forecast group by 1"
        ).fetchall()
        connection.rollback()
    assert {row[0] for row in rows} >= {"CON-01", "CIN-01"} and first == 6 * len(rows)
    for _, n, start, end, lower, has_error in rows:
        assert (n, start, end) == (6, date(2026, 10, 1), date(2027, 3, 31))
        assert lower >= 0 and has_error

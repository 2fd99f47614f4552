"""Forecasts: the right form for what the series does, an honest interval, and a past error that can be worked out."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from math import pi, sin
from random import Random
from statistics import NormalDist, mean

import numpy as np
import pytest
from pandas import Series
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

from sightline.forecast import (
    AHEAD,
    FEWEST_MONTHS,
    FORMS,
    START,
    Error,
    _month_after,
    _share,
    forecast,
    holding,
    outlooks,
    past_error,
    steps_after,
    write_forecasts,
)

KINDS = [
    (spread, shape, size)
    for spread in (None, 15)
    for shape in ("level", "trend", "season", "both")
    for size in (12, 90)
]
SEEDS = 6


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


@pytest.fixture(scope="module")
def made_up():
    """Series of 66 months by kind and seed, with what is foreseen after 24, 26 and so on to 60 of them."""
    series = [counts(kind, seed, 60 + AHEAD) for kind in KINDS for seed in range(SEEDS)]
    return [(values, outlooks(values[:60])) for values in series]


@pytest.mark.parametrize("months", [FEWEST_MONTHS, 60])
def test_intervals_hold_what_they_say(made_up, months):
    """Months that no interval has seen: close to 80 and 95% of them, where the model's own intervals hold too few."""
    usual, wide, own = [], [], []
    for values, found in made_up:
        steps, came = steps_after(values, found, months), values[months : months + AHEAD]
        usual.append(within(steps, came, 80))
        wide.append(within(steps, came, 95))
        half = NormalDist().inv_cdf(0.9) * found[months].deviation * found[months].spread
        own.append(mean((np.abs(np.array(came) - found[months].values) <= half).tolist()))
    assert 0.77 <= mean(usual) <= 0.87
    assert 0.92 <= mean(wide) <= 0.98
    assert mean(own) <= mean(usual) - 0.03


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
    changed = [*values[:40], *(3 * value for value in values[40:])]
    assert steps_after(changed, outlooks(changed), 40) == after(values[:40])


def test_the_rank_of_the_error_that_holds_a_share():
    """Of nine errors the eighth holds 80% of further ones (10 x 0.8); of four, 95% are more than they can show."""
    assert holding(np.array([9, 1, 8, 2, 7, 3, 6, 4, 5]), 0.8) == 8
    assert holding(np.array([1, 4, 2, 3]), 0.95) == 4


@pytest.mark.parametrize(
    ("form", "values"),
    [
        ("level", noisy(60)),
        ("damped trend", noisy(60, level=100, slope=6, noise=2)),
        ("level and season", noisy(60, season=40)),
    ],
)
def test_the_outlook_is_that_of_the_library(form, values):
    """Expected values, deviation and spread of the chosen form give back the library's own limits."""
    found = outlooks(values)[60]
    assert found.form == form
    model = ETSModel(Series(values), error="add", initialization_method="heuristic", **FORMS[form])
    table = model.fit(disp=False).get_prediction(start=60, end=60 + AHEAD - 1).summary_frame(alpha=0.2)
    half = NormalDist().inv_cdf(0.9) * found.deviation * found.spread
    assert found.values == pytest.approx(table["mean"].to_numpy())
    assert found.values + half == pytest.approx(table["pi_upper"].to_numpy())


def test_intervals_are_never_narrower_than_the_models_own():
    """Where the past was foreseen better than the model's own deviation says, its own limits stand."""
    values = noisy(60, noise=40)[:24] + noisy(36, noise=4)
    found = outlooks(values)[60]
    half = NormalDist().inv_cdf(0.9) * found.deviation * found.spread
    widths = np.array([step.upper_80 - step.lower_80 for step in after(values)])
    assert widths == pytest.approx(2 * half)


def test_a_series_that_a_form_follows_to_the_letter_is_forecast():
    """Nothing to measure errors by for two years: level without deviation, then it moves."""
    values = [50.0] * 30 + noisy(12, level=50, noise=5)
    for found in outlooks(values).values():
        assert np.isfinite(found.values).all() and np.isfinite(found.spread).all()
    steps = after(values)
    assert steps[0].lower_95 < steps[0].lower_80 < steps[0].value < steps[0].upper_80 < steps[0].upper_95


def test_a_season_needs_two_years():
    assert list(outlooks(noisy(START))) == [START]
    assert list(outlooks(noisy(START + 5))) == [25, 27, 29]
    with pytest.raises(ValueError, match="24 months"):
        outlooks(noisy(START - 1))


@pytest.mark.parametrize(("months", "origins"), [(36, 1), (37, 1), (38, 2), (39, 2), (60, 13), (72, 13)])
def test_the_past_of_the_shortest_and_the_longest_series(months, origins):
    """From the 30th month on, every second month that six known ones follow: of 60, the 30th to the 54th."""
    found = forecast(noisy(months))
    assert (found.months, found.error.origins) == (min(months, 60), origins)


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
    assert isinstance(found, Error) and found.origins == 7
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

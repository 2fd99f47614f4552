"""Forecasts: the right form for what the series does, an honest interval, and a past error that can be worked out."""

from __future__ import annotations

from datetime import date
from math import pi, sin
from random import Random

import pytest

from sightline import forecast as module
from sightline.forecast import AHEAD, Error, _month_after, _share, forecast, past_error, write_forecasts


def noisy(months, level=200.0, slope=0.0, season=0.0, noise=8.0, seed=1):
    rng = Random(seed)
    return [level + slope * i + season * sin(2 * pi * i / 12) + rng.gauss(0, noise) for i in range(months)]


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


def test_the_interval_holds_about_what_it_says():
    """Of 40 made-up series, the sixth month lies within the 80% interval in 26 to 38."""
    within = 0
    for seed in range(40):
        values = noisy(48, seed=seed)
        step = module._ahead(values[:42])[1][-1]
        within += step.lower_80 <= values[47] <= step.upper_80
    assert 26 <= within <= 38


def test_nothing_is_forecast_below_nought():
    steps = module._ahead([max(0.0, v) for v in noisy(60, level=8, noise=6)])[1]
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
    found = past_error([100.0 + 10 * (i % 12) for i in range(48)])
    assert found.benchmark_mape == 0 and found.benchmark_mase is None and found.mase is None


def test_a_step_up_is_missed_by_what_it_is():
    """Half a year at 100, then 150: the benchmark misses 50 of 150, the form that follows the level less."""
    found = past_error([100.0, 101.0] * 18 + [150.0, 151.0] * 6)
    assert isinstance(found, Error) and found.origins == 6
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

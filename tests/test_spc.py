"""Control charts follow NHS England's Making Data Count, worked by hand."""

from __future__ import annotations

import pytest

from sightline.spc import xmr


def test_limits_are_the_mean_and_2_66_average_moving_ranges():
    """Mean 10, ranges 2 2 2: limits 10 ± 5.32."""
    chart = xmr([9, 11, 9, 11])
    assert (chart.mean, chart.upper, chart.lower) == (10, pytest.approx(15.32), pytest.approx(4.68))
    assert chart.is_trial and chart.last is None


def test_moving_ranges_over_3_267_times_the_average_are_left_out():
    """Ranges 1 1 1 1 1 1 1 1 40 39: average 8.7, cut at 28.4; the rest average 1."""
    values = [10, 11, 10, 11, 10, 11, 10, 11, 10, 50, 11]
    chart = xmr(values)
    mean = sum(values) / len(values)
    assert chart.upper == pytest.approx(mean + 2.66) and chart.lower == pytest.approx(mean - 2.66)
    assert ("outside", 1) in chart.signals[9]


def test_no_moving_range_is_left_out_below_the_cut():
    """Ranges 3 1 5: average 3, cut at 9.8; all stay."""
    chart = xmr([4, 7, 6, 1])
    assert chart.upper == pytest.approx(4.5 + 2.66 * 3)


def test_limits_from_twelve_points_are_no_trial():
    assert xmr([1, 2] * 5 + [1]).is_trial
    assert not xmr([1, 2] * 6).is_trial


def test_seven_in_a_row_on_one_side_are_a_signal_and_six_are_not():
    """Eight low and seven high: each run is marked; a run of six is not."""
    low, high = [10, 11] * 4, [14, 15] * 3 + [14]
    chart = xmr(low + high)
    assert all(("run", 1) in marks for marks in chart.signals[-7:])
    assert all(("run", -1) in marks for marks in chart.signals[:8])
    assert not any(("run", 1) in marks for marks in xmr(low + high[:6]).signals)


def test_seven_points_rising_are_a_trend_and_six_are_not():
    """The point that starts the rise belongs to it, as in the R package's own test of 2, 1 to 7, 3."""
    chart = xmr([2, 1, 2, 3, 4, 5, 6, 7, 3])
    assert [("trend", 1) in marks for marks in chart.signals] == [False, *[True] * 7, False]
    assert not any(("trend", 1) in marks for marks in xmr([2, 1, 2, 3, 4, 5, 6, 3]).signals)


def test_falling_is_a_trend_to_the_low_side():
    assert ("trend", -1) in xmr([9, 7, 6, 5, 4, 3, 2, 1, 5]).signals[4]


def test_two_of_three_near_a_limit_need_all_three_on_that_side():
    """Limits 10.47 + 1.63, outer third from 11.56: 12, 11, 12 signal at the twelves; 12, 10, 12 do not."""
    base = [10, 10.5] * 8
    signalled, broken = xmr([*base, 12, 11, 12]), xmr([*base, 12, 10, 12])
    assert [("two_of_three", 1) in marks for marks in signalled.signals[-3:]] == [True, False, True]
    assert not any(("two_of_three", 1) in marks for marks in broken.signals)


def test_the_strongest_signal_of_the_last_point_comes_first():
    """A point outside the limits is named before the run that it belongs to."""
    chart = xmr([10, 11] * 6 + [13, 13, 13, 13, 13, 13, 30])
    assert chart.last == ("outside", 1)


def test_fewer_than_three_points_have_no_chart():
    assert xmr([1, 2]) is None


PUBLISHED = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]


def test_limits_are_those_of_the_published_worked_example():
    """NHSRplotthedots, vignette "Deviations from Excel defaults": 18 days with one point of 10, screened or not.

    Mean 35 / 18. Screened: 15 moving ranges of 1, so 2.66 either side. As the Excel tool has it: 32 / 17 times 2.66.
    """
    screened, excel = xmr(PUBLISHED), xmr(PUBLISHED, screen=False)
    assert [round(x, 2) for x in (screened.upper, screened.mean, screened.lower)] == [4.6, 1.94, -0.72]
    assert [round(x, 2) for x in (excel.upper, excel.mean, excel.lower)] == [6.95, 1.94, -3.06]
    assert [i for i, marks in enumerate(screened.signals) if ("outside", 1) in marks] == [4]


def test_two_points_near_opposite_limits_are_no_signal():
    """The R package's own test: symmetrical data that ends in 5.5 and -5.5."""
    chart = xmr([1, -1] * 7 + [5.5, -5.5])
    assert not any(rule == "two_of_three" for marks in chart.signals for rule, _ in marks)


def test_how_long_the_latest_signal_has_lasted():
    assert xmr([10, 11] * 4 + [14, 15] * 4 + [14]).lasting == 9
    assert xmr([10, 11] * 6 + [50]).lasting == 1
    assert xmr([10, 11] * 6).lasting == 0


def test_a_series_that_hardly_moves_keeps_its_width():
    """Ranges 0 0 0 0 0 0 0 0 5 0 0: screened, nothing would be left, and the one move would seem a signal."""
    chart = xmr([5] * 9 + [10] * 3)
    assert chart.upper == pytest.approx(6.25 + 2.66 * 5 / 11)
    assert chart.lower == pytest.approx(6.25 - 2.66 * 5 / 11)


@pytest.mark.parametrize("value", [0.1, 33.333333, 0.7])
def test_a_series_that_never_moves_has_no_signal(value):
    """Its mean, added up in binary, may lie a hair beside it."""
    assert not any(xmr([value] * 23).signals)

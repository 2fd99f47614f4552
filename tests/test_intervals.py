"""Intervals are those of the public health guidance's worked values, and of statsmodels where it has them."""

from __future__ import annotations

import pytest
from scipy.stats import binom
from statsmodels.stats.proportion import proportion_confint

from sightline.intervals import EXTREME, USUAL, byar, funnel, funnel_place, wilson


@pytest.mark.parametrize(
    "events, confidence, low, high",
    [
        (65, USUAL, 50.163187710, 82.849138546),
        (1045, USUAL, 982.593201807, 1110.331212986),
        (1, USUAL, 0.013072133, 5.563755582),
        (65, EXTREME, 42.880261471, 94.000290844),
        (1045, EXTREME, 947.940703561, 1148.806160988),
        (10, EXTREME, 2.916318375, 24.193724928),
    ],
)
def test_byar_gives_the_published_test_values(events, confidence, low, high):
    """PHEindicatormethods, testdata_Byars_Wilson."""
    assert byar(events, confidence) == pytest.approx((low, high), rel=1e-7)


@pytest.mark.parametrize(
    "numerator, denominator, confidence, low, high",
    [
        (65, 100, USUAL, 0.552544433, 0.736357518),
        (1045, 5000, USUAL, 0.197955499, 0.220491304),
        (0.445, 1, USUAL, 0.043817448, 0.933462128),
        (65, 100, EXTREME, 0.495494657, 0.778354061),
        (1045, 5000, EXTREME, 0.191793818, 0.227315629),
    ],
)
def test_wilson_gives_the_published_test_values(numerator, denominator, confidence, low, high):
    """PHEindicatormethods, testdata_Byars_Wilson."""
    assert wilson(numerator, denominator, confidence) == pytest.approx((low, high), rel=1e-8)


@pytest.mark.parametrize("numerator, denominator", [(0, 1), (1, 1), (0, 7), (3, 7), (7, 7), (499, 500), (12, 3000)])
def test_wilson_equals_statsmodels(numerator, denominator):
    for confidence in (USUAL, EXTREME):
        expected = proportion_confint(numerator, denominator, 1 - confidence, method="wilson")
        assert wilson(numerator, denominator, confidence) == pytest.approx(expected, abs=1e-12)


def test_no_event_leaves_room_for_more():
    """Nothing of nothing seen is not nothing: up to 3.67 events are within chance."""
    low, high = byar(0)
    assert low == 0 and high == pytest.approx(3.668, abs=0.001)


@pytest.mark.parametrize(
    "denominator, low, high, low_extreme, high_extreme",
    [
        (1531, 78.663349, 82.621547, 77.522045, 83.76285),
        (58842, 80.323212, 80.961684, 80.139116, 81.14578),
        (110000, 80.408963, 80.875933, 80.274317, 81.010578),
    ],
)
def test_the_funnel_of_many_cases_is_the_published_one(denominator, low, high, low_extreme, high_extreme):
    """PHEindicatormethods, testdata_funnel_prop_outputs: about a baseline of 80.642448 per cent."""
    share = 0.80642448
    usual, extreme = funnel(share, denominator), funnel(share, denominator, EXTREME)
    assert [100 * x for x in (*usual, *extreme)] == pytest.approx([low, high, low_extreme, high_extreme], abs=2e-6)


@pytest.mark.parametrize("cases", [1, 2, 7, 40, 333, 999])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.924])
def test_the_funnel_of_few_cases_places_as_the_exact_binomial_test_does(cases, share):
    """Outside is what has a chance of less than the tail by scipy; the limits lie within a step of its quantiles."""
    for events in sorted({0, 1, cases // 3, cases // 2, round(0.9 * cases), cases - 1, cases}):
        low, high = binom.cdf(events, cases, share), binom.sf(events - 1, cases, share)
        expected = -2 if low < 0.001 else 2 if high < 0.001 else -1 if low < 0.025 else 1 if high < 0.025 else 0
        assert funnel_place(events, cases, share) == expected, events
    for confidence in (USUAL, EXTREME):
        low, high = funnel(share, cases, confidence)
        quantiles = binom.ppf([(1 - confidence) / 2, (1 + confidence) / 2], cases, share) / cases
        assert 0 <= low <= quantiles[0] and quantiles[1] <= high <= 1
        assert quantiles[0] - low <= 1 / cases and high - quantiles[1] <= 1 / cases


def test_one_case_is_never_out_of_the_ordinary():
    """Of a visit that is in time in 92 of 100, one missed is no sign; six missed of six are one."""
    assert funnel_place(0, 1, 0.924) == 0
    assert funnel_place(0, 6, 0.924) == -2
    assert funnel_place(6, 6, 0.924) == 0


def test_the_two_ways_meet_where_one_takes_over():
    for confidence in (USUAL, EXTREME):
        assert funnel(0.8, 999, confidence) == pytest.approx(funnel(0.8, 1000, confidence), abs=0.002)


@pytest.mark.parametrize(
    "area, numerator, denominator, place",
    [
        ("New Forest", 35078.488, 41980, 2),
        ("Norwich", 24803.6256, 31824, -2),
        ("South Gloucestershire", 50050.7443, 61921, 0),
        ("Witham, Braintree and Halstead", 28537.4507, 35201, 1),
    ],
)
def test_areas_lie_where_the_guidance_places_them(area, numerator, denominator, place):
    """PHEindicatormethods, testdata_funnel_prop_inputs. South Gloucestershire's share is 80.83 per cent."""
    assert funnel_place(numerator, denominator, 0.80642448) == place


@pytest.mark.parametrize("wrong", [(1, 0), (-1, 5), (6, 5)])
def test_what_is_no_share_is_refused(wrong):
    with pytest.raises(ValueError, match="no share"):
        wilson(*wrong)
    with pytest.raises(ValueError, match="below nought"):
        byar(-1)

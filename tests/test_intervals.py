"""Intervals are those of the public health guidance's worked values, and of statsmodels where it has them."""

from __future__ import annotations

import pytest
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
        (1, 3.204264, 100, 0, 100),
        (3, 35.933491, 100, 10.150815, 100),
        (68, 71.251689, 90.033207, 65.836243, 95.448652),
        (1531, 78.663349, 82.621547, 77.522045, 83.76285),
        (110000, 80.408963, 80.875933, 80.274317, 81.010578),
    ],
)
def test_the_funnel_is_the_published_one(denominator, low, high, low_extreme, high_extreme):
    """PHEindicatormethods, testdata_funnel_prop_outputs: about a baseline of 80.642448 per cent."""
    share = 0.80642448
    usual, extreme = funnel(share, denominator), funnel(share, denominator, EXTREME)
    assert [100 * x for x in (*usual, *extreme)] == pytest.approx([low, high, low_extreme, high_extreme], abs=2e-6)


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

"""How far chance alone may move a figure: intervals of shares and counts, and the limits of a funnel plot.

The methods are those of the public health technical guidance (Association of Public Health Observatories,
Technical Briefing 3, 2008; Fingertips technical guidance), which its R package PHEindicatormethods computes.
`macros/intervals.sql` writes the same formulas for `fct_indicator_interval`.
"""

from __future__ import annotations

from math import exp, lgamma, log, sqrt
from statistics import NormalDist

# 95% and 99.8% of what chance gives: about two and three standard deviations.
USUAL, EXTREME = 0.95, 0.998
MANY_CASES = 1000


def _z(confidence: float) -> float:
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def wilson(numerator: float, denominator: float, confidence: float = USUAL) -> tuple[float, float]:
    """The limits of a share, from 0 to 1, by Wilson's score method (Wilson 1927).

    Raises:
        ValueError: the denominator is not above nought, or the numerator not from nought to it.
    """
    if denominator <= 0 or not 0 <= numerator <= denominator:
        raise ValueError(f"{numerator} of {denominator} is no share")
    z = _z(confidence)
    middle = 2 * numerator + z**2
    width = z * sqrt(z**2 + 4 * numerator * (1 - numerator / denominator))
    below = 2 * (denominator + z**2)
    return max(0.0, (middle - width) / below), min(1.0, (middle + width) / below)


def byar(events: float, confidence: float = USUAL) -> tuple[float, float]:
    """The limits of a count by Byar's method (Breslow and Day 1987); those of a rate stand to it in proportion.

    Raises:
        ValueError: the count is below nought.
    """
    if events < 0:
        raise ValueError("a count is not below nought")
    z = _z(confidence)

    def limit(base: float, side: int) -> float:
        return base * (1 - 1 / (9 * base) + side * z / (3 * sqrt(base))) ** 3

    return (limit(events, -1) if events else 0.0), limit(events + 1, 1)


def funnel(share: float, denominator: float, confidence: float = USUAL) -> tuple[float, float]:
    """Between which shares a unit with so many cases lies by chance, if its true share is that of the whole.

    Limits of the binomial distribution, interpolated so that they are no stairs (Spiegelhalter 2005, Statistics in
    Medicine 24, 1185-1202, appendix), the upper one by the cases that do not count: who lies outside is who would by
    the exact test. From 1,000 cases on, those of the normal distribution, as the public health guidance draws funnels
    of proportions. Never below 0 or above 1.
    """
    tail = (1 - confidence) / 2
    if denominator >= MANY_CASES or share in (0, 1):
        width = _z(confidence) * sqrt(share * (1 - share) / denominator)
        return max(0.0, share - width), min(1.0, share + width)
    cases = round(denominator)
    return max(0.0, _lower_point(share, cases, tail)), min(1.0, 1 - _lower_point(1 - share, cases, tail))


def _lower_point(share: float, cases: int, tail: float) -> float:
    """The share below which a tail of the binomial distribution lies, between its steps by straight lines."""
    below, events = 0.0, 0
    while True:
        ways = lgamma(cases + 1) - lgamma(events + 1) - lgamma(cases - events + 1)
        here = exp(ways + events * log(share) + (cases - events) * log(1 - share))
        if below + here >= tail or events == cases:
            return (events - (below + here - tail) / here) / cases
        below, events = below + here, events + 1


def funnel_place(numerator: float, denominator: float, share: float) -> int:
    """Where a unit lies against the whole: 0 within the 95% limits, ±1 beyond them, ±2 beyond the 99.8% limits."""
    own = numerator / denominator
    for place, confidence in ((2, EXTREME), (1, USUAL)):
        low, high = funnel(share, denominator, confidence)
        if own < low or own > high:
            return place if own > high else -place
    return 0

"""XmR control charts by the rules of NHS England's Making Data Count (as its R package NHSRplotthedots).

Limits: mean ± 2.66 times the average moving range; moving ranges above 3.267 times their average are left out
and the average taken once more (Nelson 1982; the Excel tool leaves nothing out). Nothing is left out where half of
the ranges or more are nought: what is left would have no width (our rule). Special cause: a point outside the
limits; 7 in a row on one side of the mean; 7 points each higher (or each lower) than the one before; 2 of 3 points
in the outer third inside a limit, with all 3 on that side of the mean. Limits from fewer than 12 points are trial
limits.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

RUN, TRIAL, SCREEN, WIDTH = 7, 12, 3.267, 2.66
RULES = ("outside", "two_of_three", "run", "trend")
# With fewer cases behind a figure, on average, a chart says nothing.
FEWEST_CASES = 6
Signal = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Xmr:
    """Limits and, for each point, the signals it takes part in: (rule, +1 high or -1 low)."""

    mean: float
    lower: float
    upper: float
    signals: tuple[tuple[Signal, ...], ...]
    is_trial: bool

    @property
    def last(self) -> Signal | None:
        """The strongest signal at the latest point, in the order of RULES."""
        return min(self.signals[-1], key=lambda signal: RULES.index(signal[0]), default=None)

    @property
    def lasting(self) -> int:
        """For how many points, up to the latest, the signal at the latest point has held; 0 without one."""
        found = self.last
        held = itertools.takewhile(lambda marks: found in marks, reversed(self.signals))
        return sum(1 for _ in held) if found else 0


def cases_of(numerator: float | None, denominator: float | None, kind: str) -> float | None:
    """How many cases a figure rests on: those below its line; of a rate, where all children stand there, its events."""
    return numerator if kind == "rate" or denominator is None else denominator


def xmr(values: Sequence[float], *, screen: bool = True) -> Xmr | None:
    """Compute the chart of a series in time order; None for fewer than 3 points.

    `screen=False` leaves no moving range out, as NHS England's Excel tool does.
    """
    points = [float(value) for value in values]
    if len(points) < 3:
        return None
    ranges = [abs(b - a) for a, b in itertools.pairwise(points)]
    if 2 * ranges.count(0) >= len(ranges):
        screen = False
    kept = [r for r in ranges if not screen or r <= SCREEN * sum(ranges) / len(ranges)]
    mean, width = sum(points) / len(points), WIDTH * sum(kept) / len(kept)
    away = [round(point - mean, 9) for point in points]
    signals = [_signals([side * distance for distance in away], width, side) for side in (1, -1)]
    marks = tuple(tuple(sorted(high | low)) for high, low in zip(*signals, strict=True))
    return Xmr(mean, mean - width, mean + width, marks, len(points) < TRIAL)


def _signals(away: list[float], width: float, side: int) -> list[set[Signal]]:
    """The signals of one side; `away` is each point's distance from the mean towards that side."""
    marks: list[set[Signal]] = [{("outside", side)} if a > width else set() for a in away]
    near = [2 * width / 3 < a <= width for a in away]
    for start in range(len(away)):
        window, triple = range(start, start + RUN), range(start, start + 3)
        if window.stop <= len(away):
            if all(away[i] > 0 for i in window):
                _add(marks, window, ("run", side))
            if all(away[i] > away[i - 1] for i in window[1:]):
                _add(marks, window, ("trend", side))
        if triple.stop <= len(away) and all(away[i] > 0 for i in triple) and sum(near[i] for i in triple) >= 2:
            _add(marks, [i for i in triple if near[i]], ("two_of_three", side))
    return marks


def _add(marks: list[set[Signal]], points: Sequence[int], signal: Signal) -> None:
    for i in points:
        marks[i].add(signal)

"""Charts of what chance allows: a forecast with its interval, a funnel plot. Drawn as `publish.charts` draws."""

from __future__ import annotations

from collections.abc import Sequence

from publish.charts import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    TEAL,
    Values,
    _figure,
    _fit,
    _floats,
    _label_right,
    _percent_axis,
    _svg,
    _ticks,
)
from sightline.intervals import EXTREME, USUAL, funnel

HEIGHT = 2.5


def forecast(title: str, labels: Sequence[str], past: Values, ahead: Values, lower: Values, upper: Values, fmt) -> str:
    """Past months as a line, then what is expected as dashes within a band; `labels` for both. `fmt` writes a value."""
    figure, axes = _figure(HEIGHT, (0.52, 1.4, 0.3, 0.12))
    points, first = _floats(past), len(past) - 1
    places = list(range(first, first + len(ahead) + 1))
    start = points[-1]
    low, middle, high = ([start, *_floats(values)] for values in (lower, ahead, upper))
    axes.fill_between(places, low, high, color=BLUE, alpha=0.16, linewidth=0)
    axes.plot(points, color=BLUE, marker="o", markersize=3.2)
    axes.plot(places, middle, color=BLUE, dashes=(3, 2))
    _fit(axes, [*points, *low, *high], "", from_zero=True)
    _ticks(axes, labels)
    _percent_axis(axes, "")
    right = [(high[-1], f"up to {fmt(upper[-1])}"), (middle[-1], f"expected {fmt(ahead[-1])}"),
             (low[-1], f"down to {fmt(lower[-1])}")]  # fmt: skip
    _label_right(axes, [(value, text, INK if "expected" in text else GREY) for value, text in right], HEIGHT)
    return _svg(figure, title)


def funnel_plot(
    title: str, points: Sequence[tuple[float, float, str, int]], share: float, whole: str, denominators: str
) -> str:
    """Units as (cases, share, name, place) within the limits about the share of the whole; those outside are named.

    `place` is 0 within the 95% limits, ±1 beyond them, ±2 beyond the 99.8% limits. Shares are from 0 to 1.
    """
    figure, axes = _figure(HEIGHT + 0.3, (0.52, 1.15, 0.5, 0.16))
    most = max(cases for cases, *_ in points) * 1.12
    grid = [1 + (most - 1) * step / 120 for step in range(121)]
    for confidence, dash in ((USUAL, (4, 2)), (EXTREME, (1, 1.5))):
        for side in (0, 1):
            axes.plot(
                grid, [100 * funnel(share, n, confidence)[side] for n in grid], color=GREY, linewidth=1, dashes=dash
            )
    axes.axhline(100 * share, color=GREY, linewidth=1.2)
    for is_outside, colour, marker, size in ((False, TEAL, "o", 5), (True, ORANGE, "D", 6)):
        chosen = [(n, 100 * s) for n, s, _, place in points if bool(place) == is_outside]
        axes.plot(*zip(*chosen, strict=True) if chosen else ([], []), color=colour, marker=marker, markersize=size,
                  linestyle="none")  # fmt: skip
    for cases, own, name, place in points:
        if place:
            axes.annotate(name, (cases, 100 * own), xytext=(6, 4 if place > 0 else -10), textcoords="offset points",
                          fontsize=8.5, ha="left" if cases < 0.7 * most else "right")  # fmt: skip
    own = [100 * s for _, s, *_ in points]
    axes.set_xlim(0, most)
    axes.set_ylim(max(0, min([*own, 100 * share]) - 12), min(101, max([*own, 100 * share]) + 12))
    axes.set_xlabel(denominators, fontsize=9)
    _percent_axis(axes, "%")
    edges = [(100 * funnel(share, most, c)[side], f"{100 * c:g}%") for c in (USUAL, EXTREME) for side in (0, 1)]
    _label_right(axes, [(100 * share, whole, INK), *((value, text, GREY) for value, text in edges)], HEIGHT)
    return _svg(figure, title)

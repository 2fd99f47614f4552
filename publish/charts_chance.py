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
    own = [100 * s for _, s, *_ in points]
    most = max(cases for cases, *_ in points) * 1.12 + 1
    bottom, top = max(-4, min([*own, 100 * share]) - 14), min(104, max([*own, 100 * share]) + 14)
    grid = sorted({int(1 + (most - 1) * step / 120) for step in range(121)})
    edges = []
    for confidence, dash in ((USUAL, (4, 2)), (EXTREME, (1, 1.5))):
        for side in (0, 1):
            line = [100 * funnel(share, n, confidence)[side] for n in grid]
            drawn = [value if bottom <= value <= top else float("nan") for value in line]
            axes.plot(grid, drawn, color=GREY, linewidth=1, dashes=dash)
            if 0 < line[-1] < 100 and bottom <= line[-1] <= top:
                edges.append((line[-1], f"{100 * confidence:g}%", GREY))
    axes.axhline(100 * share, color=GREY, linewidth=1.2)
    for is_outside, colour, marker, size in ((False, TEAL, "o", 5), (True, ORANGE, "D", 6)):
        chosen = [(n, 100 * s) for n, s, _, place in points if bool(place) == is_outside]
        axes.plot(
            [n for n, _ in chosen],
            [s for _, s in chosen],
            color=colour,
            marker=marker,
            markersize=size,
            linestyle="none",
        )
    for cases, part, name, place in points:
        if place:
            is_left = cases < 0.6 * most
            axes.annotate(
                name,
                (cases, 100 * part),
                xytext=(7 if is_left else -7, 0),
                textcoords="offset points",
                fontsize=8.5,
                va="center",
                ha="left" if is_left else "right",
            )
    axes.set_xlim(0, most)
    axes.set_ylim(bottom, top)
    axes.set_xlabel(denominators, fontsize=9)
    _percent_axis(axes, "%")
    axes.set_yticks([tick for tick in axes.get_yticks() if 0 <= tick <= 100 and bottom <= tick <= top])
    _label_right(axes, [(100 * share, whole, INK), *edges], HEIGHT)
    return _svg(figure, title)

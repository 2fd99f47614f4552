"""Charts as SVG text by matplotlib in the Analysis Function's style (`afcharts`): repeatable, with `<title>`.

At most four colours, in fixed order, each also told apart by a direct label, a marker or a dash. The same
figures give the same bytes: fixed salt, no date, the font that matplotlib itself carries for measuring.
"""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Sequence
from functools import cache
from html import escape

from sightline.spc import Xmr

BLUE, TEAL, PLUM, ORANGE = "#12436D", "#28A197", "#801650", "#F46A25"
INK, GREY, GOOD, BAD = "#0b0c0c", "#6e6e6e", "#1D70B8", "#C4420E"
WIDE = 5.3
FONTS = "Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans', sans-serif"
Values = Sequence[float | None]


@cache
def _matplotlib():
    """Import matplotlib once, set to the house style; the team report never gets here."""
    import afcharts  # noqa: F401 (brings its style sheet)
    import matplotlib
    import matplotlib.style
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    matplotlib.style.use("afcharts.afcharts")
    matplotlib.rcParams.update(
        {
            "svg.fonttype": "none",
            "svg.hashsalt": "sightline",
            "font.size": 10,
            "font.sans-serif": ["DejaVu Sans"],
            "xtick.major.size": 0,
            "ytick.major.size": 0,
            "xtick.labelsize": 9,
            "ytick.labelsize": 9,
            "grid.color": "0.9",
            "lines.linewidth": 1.8,
            "axes.unicode_minus": True,
        }
    )
    return Figure, FigureCanvasSVG


def _figure(height: float, margins: tuple[float, float, float, float]):
    """A figure with one axes; margins in inches: left, right, bottom, top."""
    figure_class, canvas = _matplotlib()
    figure = figure_class(figsize=(WIDE, height))
    canvas(figure)
    left, right, bottom, top = margins
    box = (left / WIDE, bottom / height, 1 - (left + right) / WIDE, 1 - (bottom + top) / height)
    return figure, figure.add_axes(box)


def _svg(figure, title: str) -> str:
    """The figure as an `<svg>` element alone, with a title and without ids that could meet another chart's."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"\s*<metadata>.*?</metadata>", "", text, flags=re.S)
    text = re.sub(r"<style type=\"text/css\">.*?</style>", "", text, flags=re.S)
    text = re.sub(r' clip-path="url\(#[^)]*\)"', "", text)
    text = re.sub(r"<defs>\s*<clipPath.*?</defs>", "", text, flags=re.S)
    text = _inline_markers(text).replace("'DejaVu Sans', sans-serif", FONTS).replace("'DejaVu Sans'", FONTS)
    text = re.sub(r' id="[^"]*"', "", text)
    text = re.sub(r"<!--.*?-->", "", text, flags=re.S)
    text = re.sub(r"\s*\n\s*", "\n", text)
    head, body = text.split(">", 1)
    box = re.search(r'viewBox="[^"]*"', head)[0]
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img"><title>{escape(title)}</title>{body.strip()}'


def _inline_markers(text: str) -> str:
    """Put shared shapes where they are used, as `<path>`s, so that no ids are needed."""
    shapes = {
        m[1]: (m[2], m[3]) for m in re.finditer(r'<path id="(m[0-9a-f]+)" d="([^"]*)"(?: style="([^"]*)")?/>', text)
    }
    text = re.sub(r"<defs>\s*(?:<path id=\"m[0-9a-f]+\"[^>]*/>\s*)+</defs>", "", text)

    def place(match: re.Match) -> str:
        path, own = shapes[match[1]]
        style = match[4] or own or ""
        return f'<path d="{" ".join(path.split())}" transform="translate({match[2]} {match[3]})" style="{style}"/>'

    return re.sub(r'<use xlink:href="#(m[0-9a-f]+)" x="([^"]*)" y="([^"]*)"(?: style="([^"]*)")?/>', place, text)


def _floats(values: Values) -> list[float]:
    return [float("nan") if value is None else float(value) for value in values]


def _ticks(axes, labels: Sequence[str]) -> None:
    """Label at most six periods, the last one always."""
    step = max(1, -(-len(labels) // 6))
    places = list(range(len(labels) - 1, -1, -step))[::-1]
    axes.set_xticks(places, [labels[i] for i in places])
    axes.set_xlim(-0.4, len(labels) - 0.6)


def _percent_axis(axes, unit: str) -> None:
    if unit == "%":
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}%")
    else:
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")


def _spread(places: Sequence[float], sizes: Sequence[float]) -> list[float]:
    """Move labels of the given sizes apart until none meets, keeping their order and about their middle."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    moved = [places[i] for i in order]
    gaps = [(sizes[a] + sizes[b]) / 2 for a, b in itertools.pairwise(order)]
    for _ in range(60):
        for i, gap in enumerate(gaps):
            short = gap - (moved[i + 1] - moved[i])
            if short > 0:
                moved[i] -= short / 2
                moved[i + 1] += short / 2
    return [moved[order.index(i)] for i in range(len(places))]


def _label_right(axes, items: list[tuple[float, str, str]], height: float) -> None:
    """Write labels (value, text, colour) right of the plot, moved apart where they would meet."""
    low, high = axes.get_ylim()
    a_line = (high - low) * 0.165 / (height - 0.5)
    sizes = [a_line * (1 + text.count("\n")) for _, text, _ in items]
    places = _spread([value for value, *_ in items], sizes)
    below = low - min((place - size / 2 for place, size in zip(places, sizes, strict=True)), default=low)
    places = [place + max(below, 0) for place in places]
    for place, (_, text, colour) in zip(places, items, strict=True):
        weight = "bold" if text.startswith("latest") else "normal"
        axes.annotate(
            text,
            (1.015, place),
            xycoords=("axes fraction", "data"),
            va="center",
            color=colour,
            fontsize=9,
            fontweight=weight,
        )


def line(
    title: str,
    labels: Sequence[str],
    series: Sequence[tuple[str, Values]],
    unit: str,
    levels: Sequence[tuple[str, float]] = (),
) -> str:
    """Up to three own lines, each with a direct label, and published levels as dashed lines."""
    height = 2.5
    figure, axes = _figure(height, (0.52, 1.4, 0.3, 0.12))
    right: list[tuple[float, str, str]] = []
    for (name, values), colour, marker, glyph in zip(series, (BLUE, TEAL, PLUM), "os^", "●■▲", strict=False):
        points = _floats(values)
        axes.plot(points, color=colour, marker=marker, markersize=3.6)
        known = [point for point in points if point == point]
        if known:
            right.append((known[-1], _wrap(f"{glyph} {name}"), INK))
    for (name, value), colour, dash in zip(levels, (ORANGE, GREY, INK), ((4, 2), (1, 1.5), (6, 2, 1, 2)), strict=False):
        axes.axhline(float(value), color=colour, linewidth=1.4, dashes=dash)
        right.append((float(value), _wrap(name), INK))
    _fit(
        axes, [v for _, vs in series for v in _floats(vs)] + [float(v) for _, v in levels], unit, from_zero=unit != "%"
    )
    _ticks(axes, labels)
    _percent_axis(axes, unit)
    _label_right(axes, right, height)
    return _svg(figure, title)


def _wrap(text: str, width: int = 20) -> str:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines[:3])


def _fit(axes, values: Sequence[float], unit: str, *, from_zero: bool = False) -> None:
    """An axis from zero, unless the values lie far above it; percentages never over 100."""
    known = [v for v in values if v == v] or [0, 1]
    low, high = min(known), max(known)
    room = max(high - low, abs(high) * 0.1, 1) * 0.15
    bottom = 0 if low < 0.6 * high or from_zero else low - room * 1.5
    top = high + room
    if unit == "%":
        bottom, top = max(0, bottom), min(top, 101 if high > 90 else top)
    axes.set_ylim(bottom, top)


def control(title: str, labels: Sequence[str], values: Values, chart: Xmr, unit: str, better: str, fmt) -> str:
    """A control chart: mean, limits, special causes by colour and shape. `fmt` writes a value as text."""
    height = 2.4
    figure, axes = _figure(height, (0.52, 1.05, 0.3, 0.12))
    points = _floats(values)
    lower, upper = max(chart.lower, 0), min(chart.upper, 100) if unit == "%" else chart.upper
    axes.fill_between([-0.5, len(points) - 0.5], lower, upper, color="#eef1f4", linewidth=0)
    for level in (lower, upper):
        axes.axhline(level, color=GREY, linewidth=1, dashes=(4, 3))
    axes.axhline(chart.mean, color=GREY, linewidth=1.2)
    axes.plot(points, color=GREY, linewidth=1.2)
    kinds = [_kind(signals, better) for signals in chart.signals]
    for kind, colour, marker, size in (
        ("usual", INK, "o", 3.2),
        ("good", GOOD, "o", 6.5),
        ("bad", BAD, "D", 5.5),
        ("change", PLUM, "s", 5.5),
    ):
        chosen = [i for i, k in enumerate(kinds) if k == kind]
        axes.plot(chosen, [points[i] for i in chosen], color=colour, marker=marker, markersize=size, linestyle="none")
    _fit(axes, [*points, lower, upper], unit)
    _ticks(axes, labels)
    _percent_axis(axes, unit)
    levels = (("upper", upper), ("mean", chart.mean), ("lower", lower))
    right = [(level, f"{name} {fmt(level)}", GREY) for name, level in levels]
    _label_right(axes, [*right, (points[-1], f"latest {fmt(points[-1])}", BLUE)], height)
    return _svg(figure, title)


def _kind(signals, better: str) -> str:
    """Whether a point is usual, or a special cause that is good, bad or just a change."""
    if not signals:
        return "usual"
    side = signals[0][1]
    return {"high": ("good", "bad"), "low": ("bad", "good")}.get(better, ("change", "change"))[side < 0]


def bars(
    title: str,
    labels: Sequence[str],
    values: Values,
    texts: Sequence[str],
    level: tuple[str, float] | None = None,
    marked: Sequence[int] = (),
) -> str:
    """Horizontal bars with their figure as text; `level` is a reference line; `marked` bars are orange with ◆."""
    height = 0.34 * max(len(labels), 2) + (0.5 if level else 0.2)
    longest = max((len(label) for label in labels), default=8)
    room = 0.2 + 0.075 * max((len(text) for text in texts), default=6)
    figure, axes = _figure(height, (min(2.2, 0.3 + 0.072 * longest), min(room, 1.9), 0.08, 0.32 if level else 0.08))
    points = [0 if value is None else float(value) for value in values]
    places = range(len(points))
    colours = [ORANGE if i in marked else BLUE for i in places]
    axes.barh(places, points, color=colours, height=0.62)
    top = max([*points, level[1] if level else 0, 1e-9])
    axes.set(xlim=(0, top * 1.02), ylim=(len(points) - 0.5, -0.5))
    axes.set_yticks(places, [_wrap(label, 28) for label in labels])
    axes.set_xticks([])
    axes.grid(visible=False)
    axes.spines["bottom"].set_visible(False)
    for place, point, text in zip(places, points, texts, strict=True):
        text = f"{text} ◆" if place in marked else text
        white = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
        axes.annotate(
            text, (point, place), xytext=(5, 0), textcoords="offset points", va="center", fontsize=9, bbox=white
        )
    if level:
        axes.axvline(level[1], color=INK, linewidth=1.3, dashes=(4, 2))
        axes.annotate(
            level[0],
            (level[1], 1),
            xycoords=("data", "axes fraction"),
            xytext=(0, 4),
            textcoords="offset points",
            ha="center" if level[1] < 0.8 * top else "right",
            fontsize=9,
        )
    return _svg(figure, title)


def columns(
    title: str,
    labels: Sequence[str],
    values: Values,
    texts: Sequence[str],
    limit_after: int | None = None,
    limit_label: str = "",
) -> str:
    """Upright bars in a natural order; those after `limit_after` are orange, right of a limit line."""
    figure, axes = _figure(2.4, (0.1, 0.1, 0.42, 0.3))
    points = [0 if value is None else float(value) for value in values]
    over = len(points) if limit_after is None else limit_after + 1
    axes.bar(range(len(points)), points, color=[BLUE if i < over else ORANGE for i in range(len(points))], width=0.72)
    for place, (point, text) in enumerate(zip(points, texts, strict=True)):
        axes.annotate(text, (place, point), xytext=(0, 3), textcoords="offset points", ha="center", fontsize=9)
    axes.set_xticks(range(len(labels)), [_wrap(label, 9) for label in labels], fontsize=8.5)
    axes.set_yticks([])
    axes.grid(visible=False)
    axes.set_ylim(0, max([*points, 1]) * 1.12)
    if limit_after is not None:
        axes.axvline(over - 0.5, color=INK, linewidth=1.3, dashes=(4, 2))
        axes.annotate(
            limit_label,
            (over - 0.5, 1),
            xycoords=("data", "axes fraction"),
            xytext=(4, 2),
            textcoords="offset points",
            fontsize=9,
        )
    return _svg(figure, title)


def pyramid(
    title: str, labels: Sequence[str], left: Values, right: Values, texts: tuple[Sequence[str], Sequence[str]]
) -> str:
    """Back-to-back bars, girls left and boys right, with their figures."""
    height = 0.36 * len(labels) + 0.4
    figure, axes = _figure(height, (0.2, 0.2, 0.08, 0.3))
    one, two = ([0 if v is None else float(v) for v in side] for side in (left, right))
    top = max([*one, *two, 1])
    middle = 0.275 * top
    places = range(len(labels))
    axes.barh(places, [-v for v in one], left=-middle, color=PLUM, height=0.66)
    axes.barh(places, two, left=middle, color=TEAL, height=0.66)
    for i in places:
        axes.annotate(labels[i], (0, i), ha="center", va="center", fontsize=9)
        axes.annotate(
            texts[0][i],
            (-middle - one[i], i),
            xytext=(-4, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            fontsize=9,
        )
        axes.annotate(
            texts[1][i], (middle + two[i], i), xytext=(4, 0), textcoords="offset points", va="center", fontsize=9
        )
    for side, name in ((-1, "Girls"), (1, "Boys")):
        axes.annotate(
            name,
            (side * (middle + top / 2), 1),
            xycoords=("data", "axes fraction"),
            xytext=(0, 5),
            textcoords="offset points",
            ha="center",
            fontsize=9.5,
            fontweight="bold",
        )
    axes.set(xlim=(-1.22 * top - middle, 1.22 * top + middle), ylim=(len(labels) - 0.5, -0.5))
    axes.set_axis_off()
    return _svg(figure, title)

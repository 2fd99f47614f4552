"""Small drawings as SVG text by hand: sparklines and stacked bars, without loading matplotlib."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from publish.charts import BLUE, FONTS, ORANGE


def sparkline(values: Sequence[float | None], title: str, width: int = 230, height: int = 36) -> str:
    """A line of the last values with a dot at the latest; gaps where a value is missing; '' under two values."""
    known = [float(v) for v in values if v is not None]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    scale = (height - 10) / ((high - low) or 1)
    step = (width - 10) / (len(values) - 1)
    places = [
        None if v is None else (5 + i * step, height - 5 - (float(v) - low) * scale) for i, v in enumerate(values)
    ]
    path, pen = [], "M"
    for place in places:
        if place is None:
            pen = "M"
            continue
        path.append(f"{pen}{place[0]:.1f} {place[1]:.1f}")
        pen = "L"
    x, y = next(p for p in reversed(places) if p)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">'
        f"<title>{escape(title)}</title>"
        f'<path d="{"".join(path)}" fill="none" stroke="{BLUE}" stroke-width="1.6"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.2" fill="{ORANGE}" stroke="#fff"/></svg>'
    )


def stacked(parts: Sequence[tuple[str, int, str]], title: str, width: int = 640, height: int = 46) -> str:
    """One bar in parts (name, count, colour), each labelled inside, or left bare where it is narrow."""
    total = sum(count for _, count, _ in parts) or 1
    drawn, x = [], 0.0
    for name, count, colour in parts:
        size = width * count / total
        drawn.append(f'<rect x="{x:.1f}" y="0" width="{max(size - 2, 0):.1f}" height="{height}" fill="{colour}"/>')
        if size > 9 * len(name) * 0.62 + 12:
            drawn.append(
                f'<g font-family="{FONTS}" fill="#fff">'
                f'<text x="{x + 8:.1f}" y="19" font-size="12">{escape(name)}</text>'
                f'<text x="{x + 8:.1f}" y="37" font-size="15" font-weight="bold">{count:,}</text></g>'
            )
        x += size
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">'
        f"<title>{escape(title)}</title>{''.join(drawn)}</svg>"
    )

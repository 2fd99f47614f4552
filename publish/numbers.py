"""Figures as text: rounded half up, thousands separators, dates in words. '–' stands for no value.

Half up as published statistics are (`indicators.md` section 5); Python's own `round` is half-even.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

NONE = "–"
HIDDEN = "[c]"
Number = Decimal | float | int


def half_up(value: Number, places: int = 0) -> Decimal:
    """Round half away from zero to `places` decimals."""
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def number(value: Number | None, places: int = 0) -> str:
    """A figure with thousands separators, e.g. 1,234.5; '–' for None."""
    if value is None:
        return NONE
    rounded = half_up(value, places)
    return f"{abs(rounded) if rounded == 0 else rounded:,}".replace("-", "−")


def percent(value: Number | None, places: int = 1) -> str:
    """A percentage given as 0 to 100, e.g. 82.4%."""
    return NONE if value is None else f"{number(value, places)}%"


def signed(value: Number, places: int = 0, unit: str = "") -> str:
    """A difference with its sign: +3, −2.5; 0 has none."""
    rounded = half_up(value, places)
    return f"{'+' if rounded > 0 else ''}{number(rounded, places)}{unit}"


def day(value: date | None) -> str:
    """A date in words: 30 September 2026."""
    return NONE if value is None else f"{value.day} {value:%B %Y}"


def short_day(value: date) -> str:
    """A date for narrow columns: 30 Sep 2026."""
    return f"{value.day} {value:%b %Y}"


def span(kind: str, start: date, end: date) -> str:
    """A period in words: 'September 2026', 'July to September 2026', 'year to 30 September 2026'."""
    if kind == "month":
        return f"{start:%B %Y}"
    if kind == "quarter":
        return f"{start:%B} to {end:%B %Y}"
    if kind == "week":
        return f"week ending {day(end)}"
    return f"year to {day(end)}"


def tick(kind: str, end: date) -> str:
    """A period as an axis or column label: 'Sep 2026', 'Jul–Sep 26', '2025-26', '27 Sep'."""
    if kind == "month":
        return f"{end:%b %Y}"
    if kind == "quarter":
        return f"{end.replace(month=end.month - 2, day=1):%b}–{end:%b %y}"
    if kind == "week":
        return f"{end.day} {end:%b}"
    return f"{end.year - 1}-{end:%y}" if kind == "year" and end.month == 3 else f"Year to {end:%b %Y}"


def axis(kind: str, end: date) -> str:
    """A period on a chart's axis: 'Sep 26'; a year by its financial year."""
    if kind == "week":
        return f"{end.day} {end:%b}"
    return tick(kind, end) if kind == "year" else f"{end:%b %y}"


def plural(count: int, word: str, many: str = "") -> str:
    """'1 child', '3 children'."""
    return f"{number(count)} {word if count == 1 else many or word + 's'}"

"""Plain sentences and verdicts about figures: what changed, whether it is real, how it compares."""

from __future__ import annotations

from publish import numbers
from publish.context import COMPARATORS, PERIOD_WORDS, SMALL_DENOMINATOR, Context, amount, fraction
from publish.document import Sentence, Tag
from publish.query import Figure, Indicator
from sightline.spc import TRIAL, Signal, Xmr

CONTROL_POINTS = 24
TOO_FEW = Tag("Too few cases to judge", "none")
TOO_SHORT = Tag("Too few periods to judge", "none")


def is_small(figure: Figure | None) -> bool:
    """Whether a figure rests on too few cases for a verdict."""
    return (
        figure is None
        or figure.value is None
        or (figure.denominator is not None and figure.denominator < SMALL_DENOMINATOR)
    )


def signal(context: Context, indicator: Indicator) -> tuple[Xmr, Signal | None] | None:
    """The control chart of an indicator's latest periods and the signal at its last point."""
    series = context.control_series(indicator.indicator_id, context.control_kind, CONTROL_POINTS)
    chart = context.chart_of(series)
    return (chart, chart.last) if chart else None


def verdict(context: Context, indicator: Indicator, figure: Figure | None) -> Tag | None:
    """Is the change real? None where there is no figure."""
    if figure is None or figure.value is None:
        return None
    if is_small(figure):
        return TOO_FEW
    found = signal(context, indicator)
    if found is None:
        points = len(context.control_series(indicator.indicator_id, context.control_kind, CONTROL_POINTS))
        return TOO_FEW if points >= TRIAL else TOO_SHORT
    return TOO_SHORT if found[0].is_trial else signal_tag(indicator, found[1])


def signal_tag(indicator: Indicator, found: Signal | None) -> Tag:
    """A signal in words: improving, getting worse, or higher or lower than usual where neither is good."""
    if found is None:
        return Tag("No real change", "neutral")
    is_high = found[1] > 0
    if indicator.better == "context":
        return Tag("Higher than usual" if is_high else "Lower than usual", "watch")
    if is_high == (indicator.better == "high"):
        return Tag("Better than usual", "good")
    return Tag("Worse than usual", "bad")


def difference(indicator: Indicator, now: Figure | None, then: Figure | None) -> tuple[str, float] | None:
    """The change as text and number: percentage points for percentages, per cent for counts of 20 or more."""
    if now is None or then is None or now.value is None or then.value is None:
        return None
    change = float(now.value - then.value)
    places = max(indicator.decimals, 1) if indicator.kind == "percentage" else indicator.decimals
    if indicator.unit == "%":
        return f"{numbers.signed(change, places)} points", change
    if indicator.kind == "count" and then.value >= 20:
        share = numbers.half_up(100 * change / float(then.value))
        relative = f" ({numbers.signed(share, 0, '%')})" if share else ""
        return numbers.signed(change) + relative, change
    return numbers.signed(change, places), change


def change_line(context: Context, indicator: Indicator, figure: Figure) -> str:
    """'+2.3 points on the quarter before, −1.0 points on a year before'."""
    word = PERIOD_WORDS[figure.period_kind]
    before = difference(indicator, figure, context.before(figure))
    year = difference(indicator, figure, context.year_before(figure))
    parts = [f"{before[0]} on the {word} before"] if before else []
    if year and word != "year":
        parts.append(f"{year[0]} on a year before")
    return ", ".join(parts)


def change(context: Context, indicator: Indicator, kind: str) -> tuple[float, Sentence] | None:
    """What changed about one indicator, with its weight: real change first, then size; None where nothing did."""
    figure = context.figure(indicator.indicator_id, kind)
    if is_small(figure):
        return None
    before = context.before(figure)
    moved = difference(indicator, figure, before)
    found = signal(context, indicator)
    last = found[1] if found and not found[0].is_trial else None
    if moved is None or (
        last is None
        and abs(moved[1]) < 0.03 * abs(float(before.value))
        and _target_gap(context, indicator, figure) is None
    ):
        return None
    tag = signal_tag(indicator, last)
    text = f"{_movement(indicator, moved[1])} {context.show(figure)}{_parenthesis(indicator, figure)}"
    when = numbers.span(figure.period_kind, figure.period_start, figure.period_end)
    at = (
        f"at {numbers.day(figure.period_end)}"
        if indicator.timing == "snapshot"
        else f"in {when}"
        if "year to" not in when
        else f"in the {when}"
    )
    text += f" {at}, from {amount(indicator, before.value)} the {PERIOD_WORDS[kind]} before."
    text += _signal_words(context, tag, last) + (_target_gap(context, indicator, figure) or "")
    scale = abs(moved[1]) / max(abs(float(before.value)), 1)
    weight = (2 if last else 0) + (1 if tag.tone == "bad" else 0.5 if tag.tone == "good" else 0) + min(scale, 1)
    return weight, Sentence(text, tag.tone if last else "neutral", indicator.title)


def _movement(indicator: Indicator, moved: float) -> str:
    if indicator.kind in ("count", "rate"):
        return "rose to" if moved > 0 else "fell to" if moved < 0 else "stayed at"
    return "went up to" if moved > 0 else "went down to" if moved < 0 else "stayed at"


def _parenthesis(indicator: Indicator, figure: Figure) -> str:
    return f" ({fraction(indicator, figure)})" if indicator.kind == "percentage" else ""


def _signal_words(context: Context, tag: Tag, found: Signal | None) -> str:
    if found is None:
        return " This is within the usual variation."
    return f" {tag.text}: {signal_reason(found, context.control_kind)}."


def signal_reason(found: Signal, kind: str) -> str:
    """Why a figure counts as out of the ordinary, in words."""
    rule, side = found
    word = PERIOD_WORDS[kind]
    where, limit = ("above", "upper") if side > 0 else ("below", "lower")
    return {
        "outside": f"the latest {word} lies {where} the limits of usual variation",
        "two_of_three": f"two of three {word}s running lie close to the {limit} limit",
        "run": f"seven or more {word}s running lie {where} the mean",
        "trend": f"seven {word}s running, each {'higher' if side > 0 else 'lower'} than the one before",
    }[rule]


def _target_gap(context: Context, indicator: Indicator, figure: Figure) -> str | None:
    """A sentence where the target is missed; None where it is met or there is none."""
    found = context.target(indicator.indicator_id)
    if found is None or indicator.better == "context":
        return None
    value, name = found
    gap = float(figure.value) - value
    if (gap >= 0) == (indicator.better == "high") or abs(gap) < 0.05:
        return None
    return f" The {name} is {amount(indicator, value)}."


def control_sentence(indicator: Indicator, series: list[Figure], chart: Xmr, kind: str) -> str:
    """What a control chart says, in words; also its alternative text."""
    last, word = series[-1], PERIOD_WORDS[kind]
    lower = max(chart.lower, 0.0)
    upper = min(chart.upper, 100.0) if indicator.unit == "%" else chart.upper
    text = (
        f"{indicator.title}: {amount(indicator, last.value)} in the latest {word}, "
        f"{numbers.tick(kind, last.period_end)}. "
        f"Usual variation runs from {amount(indicator, lower)} to {amount(indicator, upper)} "
        f"around a mean of {amount(indicator, chart.mean)}. "
    )
    if chart.last:
        text += f"{signal_tag(indicator, chart.last).text}: {signal_reason(chart.last, kind)}."
    else:
        text += "The latest figure is within it: no real change."
    return text + (f" Trial limits: fewer than 12 {word}s." if chart.is_trial else "")


def compare_pairs(context: Context, indicator: Indicator, kind: str, wanted: list[str]) -> tuple[tuple[str, str], ...]:
    """Comparators of a card: (name, value with its published period)."""
    pairs = []
    for name in wanted:
        if name == "target":
            target = context.target(indicator.indicator_id)
            if target:
                pairs.append((target[1].capitalize(), amount(indicator, target[0])))
            continue
        found = context.comparison(indicator, name, kind)
        if found:
            period = f" ({found.published_period})" if found.published_period else ""
            pairs.append((COMPARATORS[name], f"{amount(indicator, found.comparator_value)}{period}"))
    return tuple(pairs)

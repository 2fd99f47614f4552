"""Small numbers: what members, partners and the public may see. The one module that hides and rounds.

Every published figure rests on counts: numerator, denominator, and what is left of the denominator. Counts that
belong together obey sums (a total and its parts, a year and its quarters, children who came, left and stayed). Cases
without a category are a part as well, though none that is shown.

    default mode    counts of 0 to `hidden_up_to` are hidden, the others rounded to `rounded_to`
    national mode   `rounded_to` 1: counts of 1 to `hidden_up_to` are hidden, zeros and the others stay as they are

A hidden count must stay as unknown as its kind: from all that is shown, in this report and in those published
before, every value from 0 (national: 1) to `hidden_up_to` must remain possible. Where a sum would narrow it, the
next smallest count of that sum is hidden too, until nothing narrows any more. Rates and percentages are worked out
from the rounded counts. Sources: OpenSAFELY's rule (7 and 5), DfE's `c` for 1 to 5 with secondary suppression.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from publish.numbers import half_up
from publish.query import Figure, FigureKey, Store
from publish.subtraction import NONE, Bounds, Node, Puzzle, add_left_out, hide_until_safe, same_counts, sums
from sightline.councils import Council


@dataclass(frozen=True)
class Rule:
    """The council's choice: which counts are small, and to what the others are rounded (1: not at all)."""

    hidden_up_to: int = 7
    rounded_to: int = 5

    @classmethod
    def of(cls, council: Council) -> Rule:
        """The rule of a council's thresholds; 7 and 5 where it names none."""
        limit = council.thresholds.get("small_number_hidden_up_to")
        base = council.thresholds.get("small_number_rounded_to")
        return cls(int(limit.value) if limit else cls.hidden_up_to, int(base.value) if base else cls.rounded_to)

    @property
    def mode(self) -> str:
        """`national` where nothing is rounded, else `default`."""
        return "national" if self.rounded_to == 1 else "default"

    @property
    def least(self) -> int:
        """The smallest count that is hidden: true zeros stay in national mode."""
        return 1 if self.mode == "national" else 0

    def is_small(self, count: float) -> bool:
        """Whether a count is hidden for its own size."""
        return (count > 0 or self.least == 0) and count <= self.hidden_up_to

    def shown(self, count: Decimal) -> Decimal:
        """A count as it is shown."""
        return half_up(count / self.rounded_to) * self.rounded_to

    def bounds(self, shown: Decimal) -> Bounds:
        """What a reader knows of a count from what is shown."""
        if self.mode == "national":
            return float(shown), float(shown)
        reach = (self.rounded_to - 1) / 2
        return max(float(shown) - reach, self.hidden_up_to + 1), float(shown) + reach


def protect(store: Store, rule: Rule, published: Mapping[FigureKey, Sequence[Figure]]) -> dict[FigureKey, Figure]:
    """The figures of a store as a protected report may show them; `published`: those shown before, by key.

    A figure hidden in an earlier report stays hidden; one shown earlier counts as known.
    """
    puzzle, names = _puzzle(store, rule, published)
    hide_until_safe(puzzle)
    return {key: _shown(store, rule, figure, names, puzzle.hidden) for key, figure in store.figures.items()}


def _parts(store: Store, figure: Figure) -> dict[str, Decimal]:
    """The counts a figure rests on: n, d and what is left (c)."""
    kind = store.indicators[figure.indicator_id].kind
    found = {}
    if figure.numerator is not None and kind != "median":
        found["n"] = figure.numerator
    if figure.denominator is not None and kind in ("percentage", "mean", "median"):
        found["d"] = figure.denominator
    if kind == "percentage" and len(found) == 2:
        found["c"] = found["d"] - found["n"]
    return found


def _puzzle(store: Store, rule: Rule, published: Mapping) -> tuple[Puzzle, dict]:
    columns: dict[tuple[str, str], dict] = defaultdict(dict)
    for figure in store.figures.values():
        for part, value in _parts(store, figure).items():
            columns[figure.indicator_id, part][figure.key[1:]] = value
    add_left_out(columns)
    names = same_counts(columns)
    values = {names[c, grain]: value for c, column in columns.items() for grain, value in column.items()}
    shown = {names[c, grain] for c, column in columns.items() if c[1] != "c" for grain in column if grain[3] != NONE}
    puzzle = Puzzle(rule, values, [], {}, set(values) - shown, set())
    puzzle.sums = [s for s in sums(columns, names) if len(s) > 1 and not sum(values[node] * sign for node, sign in s)]
    puzzle.hidden = {node for node, value in values.items() if rule.is_small(float(value)) and node in shown}
    _remember(puzzle, store, published, names)
    return puzzle, names


def _remember(puzzle: Puzzle, store: Store, published: Mapping, names: Mapping) -> None:
    """Take in what earlier reports showed and hid. A value restated since is no longer known."""
    for key, figure in store.figures.items():
        for part in _parts(store, figure):
            node = names[(figure.indicator_id, part), key[1:]]
            for earlier in published.get(key, ()):
                shown = {"n": earlier.numerator, "d": earlier.denominator}.get(part)
                if shown is None:
                    if part != "c" and earlier.is_hidden:
                        puzzle.hidden.add(node)
                    continue
                low, high = puzzle.rule.bounds(shown)
                if low <= puzzle.values[node] <= high and node not in puzzle.never_shown:
                    known = puzzle.known.get(node, (low, high))
                    puzzle.known[node] = (max(low, known[0]), min(high, known[1]))
    for node in puzzle.known:
        if not puzzle.rule.is_small(float(puzzle.values[node])):
            puzzle.hidden.discard(node)


def _shown(store: Store, rule: Rule, figure: Figure, names: Mapping, hidden: set[Node]) -> Figure:
    """A figure with hidden counts taken out, the others rounded, and its value worked out from them."""
    kind = store.indicators[figure.indicator_id].kind
    counts = {
        p: None if names[(figure.indicator_id, p), figure.key[1:]] in hidden else rule.shown(v)
        for p, v in _parts(store, figure).items()
        if p != "c"
    }
    numerator = counts.get("n")
    denominator = figure.denominator if kind == "rate" else counts.get("d")
    if None in counts.values():
        return replace(
            figure, numerator=numerator, denominator=denominator, value=None, status="hidden", is_hidden=True
        )
    if figure.value is None:
        return figure
    return replace(
        figure, numerator=numerator, denominator=denominator, value=_value(kind, figure, numerator, denominator)
    )


def _value(kind: str, figure: Figure, numerator: Decimal | None, denominator: Decimal | None) -> Decimal:
    """The value from shown counts alone (a median: to whole units)."""
    if kind == "count":
        return numerator
    if kind == "median":
        return half_up(figure.value)
    if kind == "rate":
        return figure.value * numerator / figure.numerator if figure.numerator else Decimal(0)
    if not denominator:
        return Decimal(0)
    return min(100 * numerator / denominator, Decimal(100)) if kind == "percentage" else numerator / denominator

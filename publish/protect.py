"""Small numbers: what members, partners and the public may see. The one module that hides and rounds.

Every published figure rests on counts: numerator, denominator, and what is left of the denominator. Counts that
belong together obey sums (a total and its parts, a year and its quarters, children who came, left and stayed).

    default mode    counts of 0 to `hidden_up_to` are hidden, the others rounded to `rounded_to`
    national mode   `rounded_to` 1: counts of 1 to `hidden_up_to` are hidden, zeros and the others stay as they are

A hidden count must stay as unknown as its kind: from all that is shown, in this report and in those published
before, every value from 0 (national: 1) to `hidden_up_to` must remain possible. Where a sum would narrow it, the
next smallest count of that sum is hidden too, until nothing narrows any more. Rates and percentages are worked out
from the rounded counts. Sources: OpenSAFELY's rule (7 and 5), DfE's `c` for 1 to 5 with secondary suppression.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import inf

from publish.numbers import half_up
from publish.query import ALL, Figure, FigureKey, Store
from sightline.councils import Council

Node = tuple
Bounds = tuple[float, float]
# Open at the end + left in the period = open at the end before + came in the period.
FLOWS = (("CIN-01", "CIN-03", "CIN-04"), ("CP-01", "CP-03", "CP-05"), ("CLA-01", "CLA-03", "CLA-05"))
ROUNDS = 60


@dataclass(frozen=True, slots=True)
class Rule:
    """The council's choice: which counts are small, and to what the others are rounded (1: not at all)."""

    hidden_up_to: int = 7
    rounded_to: int = 5

    @classmethod
    def of(cls, council: Council) -> Rule:
        """The rule of a council's thresholds; 7 and 5 where it names none."""
        found = {name: int(council.thresholds[name].value) for name in cls._names() if name in council.thresholds}
        return cls(found.get("small_number_hidden_up_to", 7), found.get("small_number_rounded_to", 5))

    @staticmethod
    def _names() -> tuple[str, str]:
        return "small_number_hidden_up_to", "small_number_rounded_to"

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
        return self.least <= count <= self.hidden_up_to if self.least == 0 else 0 < count <= self.hidden_up_to

    def shown(self, count: Decimal) -> Decimal:
        """A count as it is shown."""
        return half_up(count / self.rounded_to) * self.rounded_to

    def bounds(self, shown: Decimal) -> Bounds:
        """What a reader knows of a count from what is shown."""
        if self.mode == "national":
            return float(shown), float(shown)
        reach = (self.rounded_to - 1) / 2
        return max(float(shown) - reach, self.hidden_up_to + 1), float(shown) + reach


@dataclass(slots=True)
class Puzzle:
    """What a reader could try to solve: counts, sums between them, what was shown before."""

    rule: Rule
    values: dict[Node, Decimal]
    sums: list[list[tuple[Node, int]]]
    known: dict[Node, Bounds]
    never_shown: set[Node]
    hidden: set[Node]

    def start(self, node: Node) -> Bounds:
        """What is known of a count before any sum is used."""
        if node in self.known:
            return self.known[node]
        if node in self.never_shown:
            return 0.0, inf
        if node in self.hidden:
            return float(self.rule.least), inf
        return self.rule.bounds(self.rule.shown(self.values[node]))


def protect(store: Store, rule: Rule, published: Mapping[FigureKey, Sequence[Figure]]) -> dict[FigureKey, Figure]:
    """The figures of a store as a protected report may show them; `published`: those shown before, by key.

    A figure hidden in an earlier report stays hidden; one shown earlier counts as known.
    """
    puzzle, names = _puzzle(store, rule, published)
    _hide_until_safe(puzzle)
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
    names = _same_counts(columns)
    values = {names[c, grain]: value for c, column in columns.items() for grain, value in column.items()}
    shown = {names[c, grain] for c, column in columns.items() if c[1] != "c" for grain in column}
    puzzle = Puzzle(rule, values, [], {}, set(values) - shown, set())
    puzzle.sums = [s for s in _sums(columns, names) if len(s) > 1 and not sum(values[node] * sign for node, sign in s)]
    puzzle.hidden = {node for node, value in values.items() if rule.is_small(float(value)) and node in shown}
    _remember(puzzle, store, published, names)
    return puzzle, names


def _same_counts(columns: Mapping) -> dict:
    """A name for every count. Two columns equal in every period that both have are one count, e.g. an indicator and
    the denominator of another: hidden in one place, hidden in all.
    """
    first: dict[tuple, tuple[str, str]] = {}
    names = {}
    for column in sorted(columns):
        whole = {grain: value for grain, value in columns[column].items() if grain[2] == ALL}
        mark = (frozenset(whole.items()), column[1] == "c")
        twin = first.setdefault(mark, column) if len(whole) > 2 else column
        for grain, value in columns[column].items():
            owner = twin if columns[twin].get(grain) == value else column
            names[column, grain] = (*owner, *grain)
    return names


def _sums(columns: Mapping, names: Mapping) -> Iterable[list[tuple[Node, int]]]:
    """Every sum a reader could use: total minus parts is zero."""
    for (indicator, part), column in columns.items():
        if part == "d" and (indicator, "c") in columns:
            for grain in column:
                yield [(names[(indicator, p), grain], sign) for p, sign in (("d", 1), ("n", -1), ("c", -1))]
        yield from _breakdown_sums((indicator, part), column, names)
        yield from _period_sums((indicator, part), column, names)
    for flow in FLOWS:
        yield from _flow_sums(flow, columns, names)


def _breakdown_sums(name: tuple, column: Mapping, names: Mapping) -> Iterable[list]:
    parts = defaultdict(list)
    for grain in column:
        level, unit, breakdown, _, kind, end = grain
        if breakdown != ALL:
            parts[(level, unit, ALL, ALL, kind, end), breakdown].append(grain)
    for (whole, _), grains in parts.items():
        if whole in column:
            yield [(names[name, whole], 1), *((names[name, grain], -1) for grain in sorted(grains))]


def _period_sums(name: tuple, column: Mapping, names: Mapping) -> Iterable[list]:
    """A year and its quarters (as many as have ended)."""
    for grain in column:
        *place, kind, end = grain
        if kind == "year":
            quarters = [(*place, "quarter", e) for e in _quarter_ends(end)]
            found = [q for q in quarters if q in column]
            if found and found == quarters[: len(found)]:
                yield [(names[name, grain], 1), *((names[name, quarter], -1) for quarter in found)]


def _quarter_ends(end) -> list:
    year = end.year - 1
    return [end.replace(year=year, month=6, day=30), end.replace(year=year, month=9, day=30), end.replace(year=year, month=12, day=31), end]


def _flow_sums(flow: tuple[str, str, str], columns: Mapping, names: Mapping) -> Iterable[list]:
    stock, came, left = ((indicator, "n") for indicator in flow)
    grains = sorted(columns.get(stock, {}), key=lambda grain: (grain[:5], grain[5]))
    for before, now in zip(grains, grains[1:], strict=False):
        if before[:5] == now[:5] and now in columns.get(came, {}) and now in columns.get(left, {}):
            yield [(names[stock, now], 1), (names[left, now], 1), (names[stock, before], -1), (names[came, now], -1)]


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
                    puzzle.known[node] = (low, high)
    for node in puzzle.known:
        if not puzzle.rule.is_small(float(puzzle.values[node])):
            puzzle.hidden.discard(node)


def _hide_until_safe(puzzle: Puzzle) -> None:
    """Hide the next smallest count of each sum that narrows a small one, until none does."""
    small = sorted((n for n, v in puzzle.values.items() if puzzle.rule.is_small(float(v))), key=repr)
    inside = defaultdict(list)
    for total in puzzle.sums:
        for node, _ in total:
            inside[node].append(total)
    for _ in range(ROUNDS):
        bounds = solve(puzzle)
        narrowed = [node for node in small if not _is_open(puzzle.rule, bounds[node])]
        chosen = {found for node in narrowed if (found := _next_to_hide(puzzle, node, inside)) is not None}
        if not chosen:
            return
        puzzle.hidden |= chosen


def _is_open(rule: Rule, bounds: Bounds) -> bool:
    """Whether every small count is still possible."""
    return bounds[0] <= rule.least and bounds[1] >= rule.hidden_up_to


def _next_to_hide(puzzle: Puzzle, node: Node, inside: Mapping) -> Node | None:
    """The smallest count still shown in the sums around a narrowed one; farther sums where the near ones are used up."""
    near, seen = {node}, set()
    while near - seen:
        sums = [total for n in sorted(near - seen, key=repr) for total in inside[n]]
        seen |= near
        around = {n for total in sums for n, _ in total}
        shown = [n for n in around if n not in puzzle.hidden and n not in puzzle.never_shown and n not in puzzle.known]
        if shown:
            return min(shown, key=lambda n: (puzzle.values[n], repr(n)))
        near |= around
    return None


def solve(puzzle: Puzzle) -> dict[Node, Bounds]:
    """The narrowest bounds of every count that the sums allow, each sum used until nothing changes."""
    bounds = {node: puzzle.start(node) for node in puzzle.values}
    waiting = list(range(len(puzzle.sums)))
    inside = defaultdict(list)
    for number, total in enumerate(puzzle.sums):
        for node, _ in total:
            inside[node].append(number)
    for _ in range(40):
        changed = set()
        for number in waiting:
            changed |= _narrow(puzzle.sums[number], bounds)
        if not changed:
            break
        waiting = sorted({number for node in changed for number in inside[node]})
    return bounds


def _narrow(total: list[tuple[Node, int]], bounds: dict[Node, Bounds]) -> set[Node]:
    """Use one sum (of signed counts, zero) to narrow its counts; returns those that changed."""
    lows = [bounds[n][0] if sign > 0 else -bounds[n][1] for n, sign in total]
    highs = [bounds[n][1] if sign > 0 else -bounds[n][0] for n, sign in total]
    changed = set()
    for i, (node, sign) in enumerate(total):
        rest_low, rest_high = sum(lows[:i]) + sum(lows[i + 1 :]), sum(highs[:i]) + sum(highs[i + 1 :])
        low, high = (-rest_high, -rest_low) if sign > 0 else (rest_low, rest_high)
        old = bounds[node]
        new = (max(old[0], low), min(old[1], high))
        if new[0] > new[1] + 1e-9:
            continue
        if new != old:
            bounds[node] = new
            changed.add(node)
            lows[i], highs[i] = (new[0], new[1]) if sign > 0 else (-new[1], -new[0])
    return changed


def _shown(store: Store, rule: Rule, figure: Figure, names: Mapping, hidden: set[Node]) -> Figure:
    """A figure with hidden counts taken out, the others rounded, and its value worked out from them."""
    if figure.value is None:
        return figure
    kind = store.indicators[figure.indicator_id].kind
    counts = {p: None if names[(figure.indicator_id, p), figure.key[1:]] in hidden else rule.shown(v)
              for p, v in _parts(store, figure).items() if p != "c"}  # fmt: skip
    numerator = counts.get("n")
    denominator = figure.denominator if kind == "rate" else counts.get("d")
    if None in counts.values() or not counts:
        return replace(figure, numerator=numerator, denominator=denominator, value=None, is_hidden=True)
    return replace(figure, numerator=numerator, denominator=denominator, value=_value(kind, figure, numerator, denominator))


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

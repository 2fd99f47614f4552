"""What a reader could work out by subtraction, and what else must be hidden so that they cannot.

Counts are nodes; every sum between them (a total and its parts, a year and its quarters, children who came, left and
stayed) is a list of signed nodes that adds up to zero.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from publish.query import ALL
from publish.simplex import greatest

if TYPE_CHECKING:
    from publish.protect import Rule

Node = tuple
Bounds = tuple[float, float]
Sum = list[tuple[Node, int]]
NONE = "no category"
"""The category, never shown, of cases that a breakdown leaves out: no home is known, no episode of need has begun."""
# Open at the end + left in the period = open at the end before + came in the period.
FLOWS = (("CIN-01", "CIN-03", "CIN-04"), ("CP-01", "CP-03", "CP-05"), ("CLA-01", "CLA-03", "CLA-05"))
ROUNDS = 60
SLACK = 1e-6


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


def add_left_out(columns: Mapping[tuple, dict]) -> None:
    """Add to each breakdown what its total holds beyond its parts, as one more part, so that they add up.

    Where a case may stand in several parts (a child counted once who moved), what is left out may be more: the part is
    then the least that it can be, which guards the others no less.
    """
    for column in columns.values():
        for whole, grains in _breakdowns(column).items():
            left = column[whole[0]] - sum(column[grain] for grain in grains) if whole[0] in column else 0
            if left > 0:
                (level, unit, *_, kind, end), breakdown = whole
                column[level, unit, breakdown, NONE, kind, end] = left


def same_counts(columns: Mapping) -> dict:
    """A name for every count. Two columns equal in every period that both have are one count, e.g. an indicator and
    the denominator of another: hidden in one place, hidden in all.
    """
    first: dict[frozenset, tuple[str, str]] = {}
    names = {}
    for column in sorted(columns):
        whole = {grain: value for grain, value in columns[column].items() if grain[2] == ALL}
        mark = frozenset(whole.items())
        twin = first.setdefault(mark, column) if len(whole) > 2 else column
        for grain, value in columns[column].items():
            owner = twin if columns[twin].get(grain) == value else column
            names[column, grain] = (*owner, *grain)
    return names


def sums(columns: Mapping, names: Mapping) -> Iterable[list[tuple[Node, int]]]:
    """Every sum a reader could use: total minus parts is zero."""
    for (indicator, part), column in columns.items():
        if part == "d" and (indicator, "c") in columns:
            for grain in column:
                signed = [((indicator, p), sign) for p, sign in (("d", 1), ("n", -1), ("c", -1))]
                yield [(names[name, grain], sign) for name, sign in signed if grain in columns[name]]
        yield from _breakdown_sums((indicator, part), column, names)
        yield from _period_sums((indicator, part), column, names)
    for flow in FLOWS:
        yield from _flow_sums(flow, columns, names)


def _breakdown_sums(name: tuple, column: Mapping, names: Mapping) -> Iterable[list]:
    for (whole, _), grains in _breakdowns(column).items():
        if whole in column:
            yield [(names[name, whole], 1), *((names[name, grain], -1) for grain in sorted(grains))]


def _breakdowns(column: Mapping) -> dict[tuple, list]:
    """The parts of every breakdown, by the total's place and the breakdown."""
    parts = defaultdict(list)
    for grain in column:
        level, unit, breakdown, _, kind, end = grain
        if breakdown != ALL:
            parts[(level, unit, ALL, ALL, kind, end), breakdown].append(grain)
    return parts


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
    return [
        end.replace(year=year, month=6, day=30),
        end.replace(year=year, month=9, day=30),
        end.replace(year=year, month=12, day=31),
        end,
    ]


def _flow_sums(flow: tuple[str, str, str], columns: Mapping, names: Mapping) -> Iterable[list]:
    stock, came, left = ((indicator, "n") for indicator in flow)
    grains = sorted(columns.get(stock, {}), key=lambda grain: (grain[:5], grain[5]))
    for before, now in pairwise(grains):
        if before[:5] == now[:5] and now in columns.get(came, {}) and now in columns.get(left, {}):
            yield [(names[stock, now], 1), (names[left, now], 1), (names[stock, before], -1), (names[came, now], -1)]


def hide_until_safe(puzzle: Puzzle) -> None:
    """Hide the next smallest count of each sum that narrows a small one, until none does."""
    small = sorted((n for n, v in puzzle.values.items() if puzzle.rule.is_small(float(v))), key=repr)
    inside = defaultdict(list)
    for total in puzzle.sums:
        for node, _ in total:
            inside[node].append(total)
    cleared: set[frozenset] = set()
    for _ in range(ROUNDS):
        bounds = solve(puzzle)
        narrowed = [node for node in small if not _is_open(puzzle.rule, bounds[node])]
        chosen = _choose(puzzle, narrowed, inside)
        if not chosen and puzzle.rule.mode == "national":
            chosen = _choose(puzzle, _narrowed_together(puzzle, bounds, set(small) - set(narrowed), cleared), inside)
        if not chosen:
            return
        puzzle.hidden |= chosen


def _choose(puzzle: Puzzle, narrowed: Iterable[Node], inside: Mapping) -> set[Node]:
    return {found for node in narrowed if (found := _next_to_hide(puzzle, node, inside)) is not None}


def _is_open(rule: Rule, bounds: Bounds) -> bool:
    """Whether every small count is still possible."""
    return bounds[0] <= rule.least and bounds[1] >= rule.hidden_up_to


def _next_to_hide(puzzle: Puzzle, node: Node, inside: Mapping) -> Node | None:
    """The smallest count still shown in the sums around a narrowed one, or in farther sums where none is."""
    near, seen = {node}, set()
    while near - seen:
        sums = [total for n in sorted(near - seen, key=repr) for total in inside[n]]
        seen |= near
        around = {n for total in sums for n, _ in total}
        fixed = puzzle.hidden | puzzle.never_shown | puzzle.known.keys()
        shown = [n for n in around - fixed if puzzle.values[n] >= puzzle.rule.least]
        if shown:
            return min(shown, key=lambda n: (puzzle.values[n], repr(n)))
        near |= around
    return None


def solve(puzzle: Puzzle) -> dict[Node, Bounds]:
    """The narrowest bounds of every count that the sums allow one by one, each used until nothing changes."""
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
    spans = [sorted((sign * bounds[n][0], sign * bounds[n][1])) for n, sign in total]
    changed = set()
    for i, (node, sign) in enumerate(total):
        ends = [-sign * sum(span[side] for j, span in enumerate(spans) if j != i) for side in (0, 1)]
        old = bounds[node]
        new = (max(old[0], min(ends)), min(old[1], max(ends)))
        if new != old and new[0] <= new[1] + 1e-9:
            bounds[node] = new
            changed.add(node)
            spans[i] = sorted((sign * new[0], sign * new[1]))
    return changed


def _narrowed_together(puzzle: Puzzle, bounds: Mapping[Node, Bounds], small: set[Node], cleared: set) -> list[Node]:
    """Counts that all sums together narrow: unrounded figures leave no slack, so that sums combine.

    The truth fits, and so does each point that the solver finds; a count is open once such points have reached both
    ends. `cleared` remembers groups of sums found open, so that they are not solved again.
    """
    found = []
    for group in _unknown_groups(puzzle, bounds):
        nodes = sorted({node for total in group for node, _ in total}, key=repr)
        mark = frozenset((node, bounds[node]) for node in nodes)
        wanted = [i for i, node in enumerate(nodes) if node in small and bounds[node][0] < bounds[node][1]]
        if mark in cleared or not wanted:
            continue
        narrowed = _closed(puzzle, group, nodes, bounds, wanted)
        if not narrowed:
            cleared.add(mark)
        found += [nodes[i] for i in narrowed]
    return found


def _closed(
    puzzle: Puzzle, group: list, nodes: list[Node], bounds: Mapping[Node, Bounds], wanted: list[int]
) -> list[int]:
    """Places of the wanted counts of which a small value is impossible."""
    place = {node: i for i, node in enumerate(nodes)}
    sums = np.zeros((len(group), len(nodes)))
    for row, total in enumerate(group):
        for node, sign in total:
            sums[row, place[node]] = sign
    low, high = (np.array([float(bounds[node][side]) for node in nodes]) for side in (0, 1))
    least = greatest_seen = np.array([float(puzzle.values[node]) for node in nodes])
    closed = []
    for i in wanted:
        for sign in (1, -1):
            reached = greatest_seen[i] >= puzzle.rule.hidden_up_to if sign > 0 else least[i] <= puzzle.rule.least
            if reached:
                continue
            cost = np.zeros(len(nodes))
            cost[i] = sign
            point = greatest(cost, sums, low, high)
            if point is not None:
                least, greatest_seen = np.minimum(least, point), np.maximum(greatest_seen, point)
        if not (least[i] <= puzzle.rule.least + SLACK and greatest_seen[i] >= puzzle.rule.hidden_up_to - SLACK):
            closed.append(i)
    return closed


def _unknown_groups(puzzle: Puzzle, bounds: Mapping[Node, Bounds]) -> list[list]:
    """The sums with unknown counts, in groups that share none."""
    groups: list[tuple[set[Node], list]] = []
    for total in puzzle.sums:
        unknown = {node for node, _ in total if bounds[node][0] < bounds[node][1]}
        if unknown:
            joined = [group for group in groups if group[0] & unknown]
            groups = [group for group in groups if not group[0] & unknown]
            groups.append((unknown.union(*(g[0] for g in joined)), [total, *(t for g in joined for t in g[1])]))
    return [sums for _, sums in groups]

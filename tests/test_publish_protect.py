"""Small numbers: hidden at the boundary, rounded above it, and not to be had back by subtraction.

The attacker of these tests is a linear-programming solver that knows every sum between the figures, the rule, and
every report published before; it shares no code with what it attacks.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from publish_lp import bounds_of

from publish.protect import Rule, _puzzle, protect
from publish.query import Figure, Indicator, Store
from publish.simplex import greatest

DEFAULT, NATIONAL = Rule(7, 5), Rule(5, 1)
QUARTERS = [date(2025, 6, 30), date(2025, 9, 30), date(2025, 12, 31), date(2026, 3, 31)]
YEAR = QUARTERS[-1]
GROUPS = "ABCDE"


def indicator(key: str, kind: str) -> Indicator:
    unit = "%" if kind == "percentage" else "children"
    return Indicator(key, key, "", "", None, None, kind, unit, 0, "low", "event", "sum", None, None, None, None, None)


def figure(key: str, kind: str, category: str, period: str, end: date, n, d=None) -> Figure:
    n, d = Decimal(n), None if d is None else Decimal(d)
    value = n if kind == "count" else 100 * n / d if d else None
    breakdown = "all" if category == "all" else "ethnicity"
    return Figure(
        key, "council", "x", breakdown, category, period, end, end, n, d, value, "ok" if value is not None else "empty"
    )


def shown(figures: list[Figure], rule: Rule, kind: str = "count", published: dict | None = None) -> dict:
    """Protected figures by (indicator, category, period end)."""
    keys = {f.indicator_id for f in figures}
    store = Store("x", {k: indicator(k, kind) for k in keys}, {}, {f.key: f for f in figures}, {})
    return {
        (f.indicator_id, f.category, f.period_kind, f.period_end): f
        for f in protect(store, rule, published or {}).values()
    }


@pytest.mark.parametrize(
    ("rule", "count", "text"),
    [(DEFAULT, 0, None), (DEFAULT, 1, None), (DEFAULT, 7, None), (DEFAULT, 8, 10), (DEFAULT, 12, 10), (DEFAULT, 13, 15),
     (DEFAULT, 1002, 1000), (NATIONAL, 0, 0), (NATIONAL, 1, None), (NATIONAL, 5, None), (NATIONAL, 6, 6)],
)  # fmt: skip
def test_a_count_alone_at_the_boundary(rule, count, text):
    found = shown([figure("A-01", "count", "all", "quarter", YEAR, count)], rule)["A-01", "all", "quarter", YEAR]
    assert found.value == text and found.numerator == text
    assert found.is_hidden == (text is None)


@pytest.mark.parametrize(
    ("n", "d", "value"),
    [(7, 100, None), (8, 100, Decimal(10)), (93, 100, None), (92, 100, Decimal(90)), (50, 57, None), (3, 6, None)],
)
def test_a_percentage_needs_its_numerator_and_its_rest(n, d, value):
    """8 of 100 is shown as 10 of 100; 7 of 100 is hidden, and so is 93 of 100: 7 are left."""
    found = shown([figure("A-01", "percentage", "all", "quarter", YEAR, n, d)], DEFAULT, "percentage")
    assert found["A-01", "all", "quarter", YEAR].value == value


def test_a_percentage_is_worked_out_from_the_rounded_counts():
    found = shown([figure("A-01", "percentage", "all", "quarter", YEAR, 33, 101)], DEFAULT, "percentage")
    assert found["A-01", "all", "quarter", YEAR].value == Decimal(35)


def test_one_hidden_part_takes_the_next_smallest_with_it():
    """National mode: 3 is hidden; 40 = 30 + 7 + 3 would give it away, so 7 goes too and 30 stays."""
    parts = {"A": 30, "B": 7, "C": 3}
    figures = [figure("A-01", "count", c, "quarter", YEAR, n) for c, n in parts.items()]
    found = shown([*figures, figure("A-01", "count", "all", "quarter", YEAR, 40)], NATIONAL)
    assert [found["A-01", c, "quarter", YEAR].value for c in ("all", "A", "B", "C")] == [40, 30, None, None]


def test_a_zero_stays_in_national_mode_and_never_shields_another():
    figures = [figure("A-01", "count", c, "quarter", YEAR, n) for c, n in {"A": 30, "B": 0, "C": 3}.items()]
    found = shown([*figures, figure("A-01", "count", "all", "quarter", YEAR, 33)], NATIONAL)
    assert [found["A-01", c, "quarter", YEAR].value for c in "ABC"] == [None, 0, None]


def test_the_same_count_in_two_indicators_is_hidden_in_both():
    """The denominator of one indicator is another's count: where one is hidden, so is the other."""
    counts = [20, 30, 3, 40]
    figures = [figure("A-01", "count", "all", "quarter", e, n) for e, n in zip(QUARTERS, counts, strict=True)]
    figures += [
        figure("B-01", "percentage", "all", "quarter", e, n // 2, n) for e, n in zip(QUARTERS, counts, strict=True)
    ]
    store = Store(
        "x",
        {"A-01": indicator("A-01", "count"), "B-01": indicator("B-01", "percentage")},
        {},
        {f.key: f for f in figures},
        {},
    )
    found = protect(store, NATIONAL, {})
    hidden = [f for f in found.values() if f.period_end == QUARTERS[2]]
    assert all(f.is_hidden and f.numerator is None and f.denominator is None for f in hidden)


def test_stock_and_flow_do_not_give_a_hidden_flow_away():
    """100 + 12 came - 4 left = 108: of the four, 4 is hidden, and one more with it."""
    values = {"CLA-01": (100, 108), "CLA-03": (10, 12), "CLA-05": (9, 4)}
    figures = [
        figure(k, "count", "all", "quarter", e, n)
        for k, pair in values.items()
        for e, n in zip(QUARTERS[:2], pair, strict=True)
    ]
    found = shown(figures, NATIONAL)
    hidden = [key for key, f in found.items() if f.is_hidden]
    assert ("CLA-05", "all", "quarter", QUARTERS[1]) in hidden and len(hidden) == 2


def test_what_was_hidden_stays_hidden_and_what_was_shown_counts_as_known():
    """The report before showed the parts and hid C with B; the next one, of fewer figures, must not show B."""
    figures = [figure("A-01", "count", c, "quarter", YEAR, n) for c, n in {"A": 30, "B": 7, "C": 3}.items()]
    whole = figure("A-01", "count", "all", "quarter", YEAR, 40)
    store = Store("x", {"A-01": indicator("A-01", "count")}, {}, {f.key: f for f in [*figures, whole]}, {})
    first = protect(store, NATIONAL, {})
    published = {key: [f] for key, f in first.items()}
    again = shown([figures[1]], NATIONAL, published=published)
    assert again["A-01", "B", "quarter", YEAR].is_hidden
    known = {figures[0].key: [figures[0]], figures[1].key: [figures[1]]}
    later = shown([*figures, whole], NATIONAL, published=known)
    assert later["A-01", "all", "quarter", YEAR].is_hidden, (
        "A and B are known from before: only the total is left to hide"
    )


def test_cases_without_a_category_do_not_give_a_hidden_part_away():
    """National mode, one child without a known home: 41 - 30 - 7 = 4 would leave C at 4 or less, so B is hidden too."""
    figures = [figure("A-01", "count", c, "quarter", YEAR, n) for c, n in {"A": 30, "B": 7, "C": 3}.items()]
    found = shown([*figures, figure("A-01", "count", "all", "quarter", YEAR, 41)], NATIONAL)
    assert [found["A-01", c, "quarter", YEAR].value for c in ("all", "A", "B", "C")] == [41, 30, None, None]


def test_few_cases_without_a_category_are_themselves_a_small_number():
    """30 and 7 of 40 would tell of three children whose home is not known; of eight they may tell."""
    for total, value in ((40, None), (45, 7)):
        figures = [figure("A-01", "count", c, "quarter", YEAR, n) for c, n in {"A": 30, "B": 7}.items()]
        found = shown([*figures, figure("A-01", "count", "all", "quarter", YEAR, total)], NATIONAL)
        assert [found["A-01", c, "quarter", YEAR].value for c in ("all", "A", "B")] == [total, 30, value]


def test_a_child_in_two_parts_is_no_fault():
    """Children counted once who moved stand in both localities: the parts are more than the whole."""
    figures = [figure("A-01", "count", c, "quarter", YEAR, n) for c, n in {"A": 30, "B": 9}.items()]
    found = shown([*figures, figure("A-01", "count", "all", "quarter", YEAR, 38)], NATIONAL)
    assert [found["A-01", c, "quarter", YEAR].value for c in ("all", "A", "B")] == [38, 30, 9]


def draw(rng: random.Random, kind: str, scale: float, unknown: str = "") -> list[Figure]:
    """A table of groups by quarter with their year, and the same without groups; the group `unknown` is left out."""
    size = {(e, c): 0 if rng.random() < 0.15 else int(rng.expovariate(1 / scale)) for e in QUARTERS for c in GROUPS}
    hits = {key: sum(rng.random() < 0.3 for _ in range(n)) for key, n in size.items()}
    figures = []
    for period, ends in [("quarter", [e]) for e in QUARTERS] + [("year", QUARTERS)]:
        for category in ("all", *GROUPS):
            cells = [(e, c) for e in ends for c in (GROUPS if category == "all" else category)]
            n, d = sum(hits[cell] for cell in cells), sum(size[cell] for cell in cells)
            pair = (d,) if kind == "count" else (n, d)
            figures.append(figure("X-01", kind, category, period, ends[-1], *pair))
    return [f for f in figures if f.category != unknown]


class Attack:
    """What a reader of one or more reports can work out, by linear programming over every sum between the figures."""

    def __init__(self, true: list[Figure], seen: list[dict], rule: Rule, kind: str):
        self.true, self.rule, self.kind = {f.key: f for f in true}, rule, kind
        self.parts = ("n", "d", "c") if kind == "percentage" else ("n",)
        self.true |= {f.key: f for f in self._left_out()}
        self.place = {(key, part): i for i, (key, part) in enumerate((k, p) for k in self.true for p in self.parts)}
        self.low, self.high = np.zeros(len(self.place)), np.full(len(self.place), np.inf)
        for report in seen:
            for found in report.values():
                self._read(found)
        self.sums = np.array([[row.get(i, 0) for i in range(len(self.place))] for row in self._rows()], dtype=float)

    def _left_out(self):
        """Of each period the cases that are in no group: never shown, and no fewer than none, as a reader knows."""
        wholes = [f for f in self.true.values() if f.category == "all"]
        for whole in wholes:
            when = whole.period_kind, whole.period_end
            others = [f for f in self.true.values() if (f.period_kind, f.period_end) == when and f is not whole]
            n = whole.numerator - sum(f.numerator for f in others)
            d = whole.denominator and whole.denominator - sum(f.denominator for f in others)
            if n or d:
                yield replace(whole, breakdown="ethnicity", category="left out", numerator=n, denominator=d)

    def _read(self, found: Figure) -> None:
        for part, value in (("n", found.numerator), ("d", found.denominator)):
            i = self.place.get((found.key, part))
            if i is None:
                continue
            if value is None:
                self.low[i] = max(self.low[i], self.rule.least)
                continue
            reach = 0 if self.rule.rounded_to == 1 else 2
            least = 0 if self.rule.rounded_to == 1 else self.rule.hidden_up_to + 1
            self.low[i] = max(self.low[i], float(value) - reach, least)
            self.high[i] = min(self.high[i], float(value) + reach)

    def _rows(self):
        for key, f in self.true.items():
            if self.kind == "percentage":
                yield {self.place[key, "d"]: 1, self.place[key, "n"]: -1, self.place[key, "c"]: -1}
            others = [g for g in self.true.values() if g.period_kind == f.period_kind and g.period_end == f.period_end]
            groups = [g for g in others if g.category != "all"] if f.category == "all" else []
            quarters = [
                g
                for g in self.true.values()
                if f.period_kind == "year" and g.period_kind == "quarter" and g.category == f.category
            ]
            for members in (groups, quarters):
                for part in self.parts if members else ():
                    yield {self.place[key, part]: 1, **{self.place[g.key, part]: -1 for g in members}}

    def small(self) -> list[tuple[float, float]]:
        """The bounds of every small count: of those hidden, and of what is left of a percentage."""
        found = []
        for (key, part), i in self.place.items():
            f = self.true[key]
            count = {
                "n": f.numerator,
                "d": f.denominator,
                "c": None if f.denominator is None else f.denominator - f.numerator,
            }[part]
            if self.rule.is_small(float(count)):
                bounds = bounds_of(i, self.sums, np.zeros(len(self.sums)), self.low, self.high)
                assert bounds is not None, "what is shown must fit the truth"
                found.append(bounds)
        return found


@pytest.mark.parametrize("kind", ["count", "percentage"])
@pytest.mark.parametrize("scale", [8, 30])
def test_default_mode_gives_a_solver_nothing(kind, scale):
    """Every small count could still be anything from 0 to 7."""
    total = 0
    for seed in range(3):
        true = draw(random.Random(seed), kind, scale)
        for low, high in Attack(true, [shown(true, DEFAULT, kind)], DEFAULT, kind).small():
            assert low < 1e-5 and high > 7 - 1e-5
            total += 1
    assert total > 10


@pytest.mark.parametrize(("rule", "slack"), [(DEFAULT, 6.9), (NATIONAL, 0.99)])
@pytest.mark.parametrize("kind", ["count", "percentage"])
def test_cases_without_a_category_give_a_solver_nothing(kind, rule, slack):
    """Neither of a small part nor of the cases left out: a breakdown with unknown homes is guarded like any other."""
    total = 0
    for seed in range(3):
        true = draw(random.Random(seed), kind, 12, unknown="E")
        for low, high in Attack(true, [shown(true, rule, kind)], rule, kind).small():
            assert high - low > slack
            total += 1
    assert total > 10


@pytest.mark.parametrize("kind", ["count", "percentage"])
def test_national_mode_gives_a_solver_no_exact_count(kind):
    total = 0
    for seed in range(3):
        true = draw(random.Random(seed), kind, 10)
        for low, high in Attack(true, [shown(true, NATIONAL, kind)], NATIONAL, kind).small():
            assert high - low > 0.99
            total += 1
    assert total > 10


@pytest.mark.parametrize(("rule", "slack"), [(DEFAULT, 6.9), (NATIONAL, 0.99)])
def test_two_reports_together_give_a_solver_no_exact_count(rule, slack):
    """The first report shows the totals, the next one the groups: subtraction across both recovers nothing."""
    for seed in range(4):
        true = draw(random.Random(seed), "count", 12)
        totals = [f for f in true if f.category == "all"]
        first = shown(totals, rule)
        published = {f.key: [f] for f in first.values()}
        second = shown(true, rule, published=published)
        for low, high in Attack(true, [first, second], rule, "count").small():
            assert high - low > slack


@pytest.mark.parametrize(("rule", "slack"), [(DEFAULT, 6.9), (NATIONAL, 0.99)])
def test_the_next_period_gives_nothing_back(rule, slack):
    """N shows three quarters, N+1 the fourth and the year: the year minus the quarters recovers nothing."""
    for seed in range(4):
        true = draw(random.Random(seed), "count", 12)
        before = [f for f in true if f.period_kind == "quarter" and f.period_end < YEAR]
        first = shown(before, rule)
        second = shown(true, rule, published={f.key: [f] for f in first.values()})
        for low, high in Attack(true, [first, second], rule, "count").small():
            assert high - low > slack


def test_the_same_figures_are_protected_the_same_way_again():
    true = draw(random.Random(1), "count", 12)
    first = shown(true, DEFAULT)
    assert shown(true, DEFAULT, published={f.key: [f] for f in first.values()}) == first


@pytest.mark.parametrize("rule", [DEFAULT, NATIONAL])
@pytest.mark.parametrize("kind", ["count", "percentage"])
def test_the_order_of_figures_decides_nothing(kind, rule):
    """A database returns rows in any order; what is hidden must be the same in each report of the same figures."""
    for seed in range(40):
        true = draw(random.Random(seed), kind, 12)
        mixed = random.Random(seed).sample(true, len(true))
        assert shown(mixed, rule, kind) == shown(true, rule, kind), seed


def test_what_two_earlier_reports_showed_is_known_together():
    """12 was shown as 10 when counts were rounded, and as it is before: 8 to 12 and 10 to 14 leave 10 to 12."""
    true = figure("A-01", "count", "all", "quarter", YEAR, 12)
    store = Store("x", {"A-01": indicator("A-01", "count")}, {}, {true.key: true}, {})
    earlier = [replace(true, numerator=Decimal(10)), true]
    for showed in (earlier, earlier[::-1]):
        puzzle, _ = _puzzle(store, DEFAULT, {true.key: showed})
        assert list(puzzle.known.values()) == [(10, 12)]


def test_a_restated_figure_is_protected_anew():
    """9 was shown as 10; restated as 6 it is hidden: what was shown is no longer true of it."""
    before = figure("A-01", "count", "all", "quarter", YEAR, 9)
    earlier = shown([before], DEFAULT)["A-01", "all", "quarter", YEAR]
    now = figure("A-01", "count", "all", "quarter", YEAR, 6)
    assert shown([now], DEFAULT, published={now.key: [earlier]})["A-01", "all", "quarter", YEAR].is_hidden


def test_a_median_of_few_is_hidden():
    one = figure("A-01", "count", "all", "quarter", YEAR, 90)
    few, many = (replace(one, denominator=Decimal(d), value=Decimal("33.5")) for d in (7, 8))
    assert shown([few], DEFAULT, "median")["A-01", "all", "quarter", YEAR].is_hidden
    assert shown([many], DEFAULT, "median")["A-01", "all", "quarter", YEAR].value == 34


def test_the_solver_inside_agrees_with_trying_everything():
    """x + y = 7, y + z = 5, each 1 to 6: by trial x runs from 2 to 6."""
    trial = [x for x in range(1, 7) for y in range(1, 7) for z in range(1, 7) if x + y == 7 and y + z == 5]
    sums, low, high = np.array([[1.0, 1, 0, -7], [0, 1, 1, -5]]), np.array([1.0, 1, 1, 1]), np.array([6.0, 6, 6, 1])
    ends = [greatest(np.array([sign, 0, 0, 0.0]), sums, low, high)[0] for sign in (-1, 1)]
    assert ends == pytest.approx([min(trial), max(trial)])
    assert greatest(np.array([1.0, 0, 0, 0]), sums, low, np.array([1.0, 1, 1, 1])) is None


def test_the_attacker_finds_what_hiding_small_counts_alone_gives_away():
    """The attack is no straw man: without further hiding it recovers counts exactly."""
    true = draw(random.Random(0), "count", 30)
    only_small = {f.key: f for f in true if not NATIONAL.is_small(float(f.numerator))}
    blank = {f.key: replace(f, numerator=None, value=None, is_hidden=True) for f in true if f.key not in only_small}
    bounds = Attack(true, [only_small | blank], NATIONAL, "count").small()
    assert any(high - low < 0.01 for low, high in bounds)

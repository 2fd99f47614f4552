"""What a block is built from: the report, its unit and period, the result set, and how a figure reads.

Every figure that a report shows goes through `Context.show`, which remembers it for `ops.released_figure`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from publish import numbers
from publish.document import Cell, Released
from publish.query import Comparison, Figure, Indicator, Store
from publish.spec import ReportSpec
from sightline.councils import Council
from sightline.periods import Period
from sightline.spc import FEWEST_CASES, Xmr, cases_of, xmr

SMALL_DENOMINATOR = FEWEST_CASES
REASONS = {"empty": "no cases", "no_data": "no data delivered", "partial": "not complete"}
COMPARATORS = {
    "statistical_neighbours": "Statistical neighbours",
    "region": "Region",
    "alliance": "Alliance",
    "england": "England",
    "best_quarter": "Best quarter",
    "previous_year": "Year before",
    "target": "Target",
}
PERIOD_WORDS = {"week": "week", "month": "month", "quarter": "quarter", "year": "year", "rolling_year": "year"}


@cache
def labels() -> dict[str, dict[str, str]]:
    """Words for codes, by breakdown or by indicator (for its own breakdown)."""
    return yaml.safe_load((Path(__file__).parent / "labels.yml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Lists:
    """Rows that are no figures: duties, workload, audits' domain grades, and those of `query_flow` by kind of block.

    Empty for protected audiences.
    """

    duties: Sequence[Mapping] = ()
    workload: Sequence[Mapping] = ()
    domains: Sequence[Mapping] = ()
    flow: Mapping[str, Sequence[Mapping]] = field(default_factory=dict)


@dataclass(slots=True)
class Context:
    """One report for one unit and period. `identifiers` turns child keys into case-system identifiers."""

    spec: ReportSpec
    store: Store
    council: Council
    period: Period
    as_at: date
    level: str
    unit_code: str
    unit_name: str
    lists: Lists = field(default_factory=Lists)
    identifiers: Callable[[Sequence[str]], Mapping[str, str]] = lambda keys: {}
    section: str = ""
    released: dict[tuple, Released] = field(default_factory=dict)

    def kind(self, block: object) -> str:
        """The kind of period of a block."""
        return getattr(block, "period", None) or self.spec.period_kind

    def end(self, kind: str) -> date | None:
        """The end of the last period of `kind` that ended with the report's period or before."""
        return self.store.last_end(kind, self.period.end)

    def known(self, ids: Sequence[str]) -> list[Indicator]:
        """The indicators that the catalogue holds and the unit has cases of, in the order asked."""
        return [self.store.indicators[i] for i in ids if i in self.store.indicators and self.is_used(i)]

    def is_used(self, indicator: str) -> bool:
        """Whether the unit had a case in the last year or so; the council shows every indicator."""
        if self.level == "council":
            return True
        recent = self.series(indicator, self.control_kind, 13) or self.series(indicator, self.spec.period_kind, 13)
        return any(f.numerator or f.denominator for f in recent)

    def figure(
        self, indicator: str, kind: str, end: date | None = None, unit: tuple[str, str] | None = None
    ) -> Figure | None:
        """The figure of the report's unit (or of `unit`: level and code) for the last period of `kind`."""
        end = end or self.end(kind)
        return end and self.store.one(indicator, *(unit or (self.level, self.unit_code)), kind, end)

    def series(self, indicator: str, kind: str, points: int) -> list[Figure]:
        """The unit's last figures, oldest first."""
        return self.store.series(indicator, self.level, self.unit_code, kind, self.period.end, points)

    def before(self, figure: Figure, periods: int = 1) -> Figure | None:
        """The figure of the same kind of period, `periods` earlier; rolling years step whole years."""
        series = self.store.series(
            figure.indicator_id, figure.level, figure.unit_code, figure.period_kind, figure.period_end, 60
        )
        steps = periods * 12 if figure.period_kind == "rolling_year" else periods
        return series[-1 - steps] if len(series) > steps and figure.breakdown == "all" else None

    def year_before(self, figure: Figure) -> Figure | None:
        """The figure one year earlier: the same month, quarter or week number."""
        return self.before(figure, {"week": 52, "month": 12, "quarter": 4}.get(figure.period_kind, 1))

    def show(self, figure: Figure | None) -> str:
        """The figure as the report writes it, remembered as released."""
        text = value_text(self.store.indicators[figure.indicator_id], figure) if figure else numbers.NONE
        if figure:
            self._release(figure, text)
        return text

    def cell(self, figure: Figure | None) -> Cell:
        """The figure as a table cell."""
        if figure is None:
            return Cell(numbers.NONE)
        places = self.store.indicators[figure.indicator_id].decimals
        raw = None if figure.value is None else float(numbers.half_up(figure.value, places))
        return Cell(self.show(figure), raw)

    def count_cell(self, figure: Figure | None, part: str = "numerator") -> Cell:
        """The numerator or denominator of a figure as a table cell."""
        value = getattr(figure, part) if figure else None
        if figure:
            self._release(figure, value_text(self.store.indicators[figure.indicator_id], figure))
        text = numbers.HIDDEN if figure and figure.is_hidden and value is None else numbers.number(value)
        return Cell(text, None if value is None else float(numbers.half_up(value)))

    def _release(self, figure: Figure, shown: str) -> None:
        f = figure
        self.released[(self.section, *f.key)] = Released(
            self.section,
            f.indicator_id,
            f.level,
            f.unit_code,
            f.breakdown,
            f.category,
            f.period_kind,
            f.period_start,
            f.period_end,
            f.numerator,
            f.denominator,
            f.value,
            "hidden" if f.is_hidden else f.status,
            shown,
        )

    def control_series(self, indicator: str, kind: str, points: int) -> list[Figure]:
        """The unit's last figures without periods that had no case."""
        return [f for f in self.series(indicator, kind, points) if f.status != "empty"]

    def chart_of(self, series: Sequence[Figure]) -> Xmr | None:
        """The control chart of a series; None where values are hidden or cases are too few to judge."""
        if any(f.value is None for f in series):
            return None
        kinds = self.store.indicators
        cases = [cases_of(f.numerator, f.denominator, kinds[f.indicator_id].kind) for f in series]
        if not cases or sum(c or 0 for c in cases) / len(cases) < SMALL_DENOMINATOR:
            return None
        return xmr([float(f.value) for f in series])

    @property
    def control_kind(self) -> str:
        """The kind of period that control charts and sparklines use."""
        return control_kind(self.spec)

    def comparison(self, indicator: Indicator, comparator: str, kind: str) -> Comparison | None:
        """A published comparator of a percentage, rate, mean or median; counts of other areas say nothing."""
        if indicator.kind == "count" or comparator in ("previous_year", "target"):
            return None
        return self.store.comparison(indicator.indicator_id, comparator, kind, self.period.end)

    def target(self, indicator: str) -> tuple[float, str] | None:
        """The council's target and what it is: 'local target', marked where it is an example of ours."""
        for target in self.council.targets:
            if target.indicator_id == indicator:
                return target.value, f"{target.kind} target{' (example)' if target.example else ''}"
        return None

    def threshold(self, name: str, default: float) -> float:
        """A threshold of the council's file, or the default."""
        found = self.council.thresholds.get(name)
        return default if found is None else found.value

    def label(self, indicator: str, breakdown: str, category: str) -> str:
        """A category in words."""
        if breakdown == "detail" and indicator.startswith("AUD"):
            return next((g.label for g in self.council.grades if g.id == category), category)
        words = labels().get(indicator if breakdown == "detail" else breakdown, {})
        return words.get(category, category)


def control_kind(spec: ReportSpec) -> str:
    """Months; weeks for weekly reports; the report's own kind where small numbers are hidden."""
    if spec.is_protected:
        return spec.period_kind
    return "week" if spec.cadence == "weekly" else "month"


def value_text(indicator: Indicator, figure: Figure) -> str:
    """A figure's value in its unit: '82.4%', '1,234', '24.0'; '[c]' where hidden, '–' where there is none."""
    if figure.is_hidden and figure.value is None:
        return numbers.HIDDEN
    return amount(indicator, figure.value)


def amount(indicator: Indicator, value) -> str:
    """A value in the indicator's unit and decimals."""
    places = max(indicator.decimals, 1) if indicator.kind == "percentage" else indicator.decimals
    return numbers.percent(value, places) if indicator.unit == "%" else numbers.number(value, places)


def fraction(indicator: Indicator, figure: Figure | None) -> str:
    """'421 of 500', '24 children', or why there is nothing."""
    if figure is None:
        return "no figure for this period"
    if figure.is_hidden and figure.value is None:
        return "hidden: small numbers"
    if figure.value is None:
        return REASONS.get(figure.status, figure.status)
    if indicator.kind == "percentage" and figure.numerator is not None:
        return f"{numbers.number(figure.numerator)} of {numbers.number(figure.denominator)}"
    if indicator.kind == "rate" and figure.numerator is not None:
        is_whole_year = figure.period_kind in ("year", "rolling_year") and figure.status != "partial"
        is_annualised = indicator.timing == "event" and not is_whole_year
        number = numbers.number(figure.numerator)
        return (
            f"{number} in the {PERIOD_WORDS[figure.period_kind]}, as a year's rate"
            if is_annualised
            else f"{number} children"
        )
    if indicator.kind in ("median", "mean") and figure.denominator is not None:
        return f"from {numbers.number(figure.denominator)}"
    return ""

"""Observations of all indicators for some periods, and their values at each level."""

import csv
from datetime import date
from pathlib import Path

import polars as pl

from . import (
    adoption,
    assessment,
    care,
    expectation,
    frontdoor,
    health,
    leavers,
    legal,
    need,
    placements,
    practice,
    protection,
    quality,
    returns,
    support,
    views,
    workforce,
)
from .catalogue import FROM_RETURNS, INDICATORS, OF_COUNCIL, READ_WEEKLY, TOTALS
from .context import UNALLOCATED, Context
from .period import DEFAULT_PERIODS, Period

MODULES = [
    frontdoor,
    assessment,
    need,
    protection,
    care,
    placements,
    health,
    leavers,
    adoption,
    support,
    practice,
    views,
    returns,
    legal,
    workforce,
    quality,
    expectation,
]
REPOSITORY = Path(__file__).resolve().parents[2]
POPULATION_FILES = [
    REPOSITORY / "dbt_project" / "seeds" / "population_0_17.csv",
    REPOSITORY.parent / "shared" / "data" / "reference" / "population_0_17.csv",
]
OBSERVED = {
    "indicator_id": pl.String,
    "case_id": pl.String,
    "child_id": pl.String,
    "worker": pl.String,
    "team": pl.String,
    "observed_on": pl.Date,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
    "detail": pl.String,
}
VALUES = {
    "indicator_id": pl.String,
    "level": pl.String,
    "unit_code": pl.String,
    "breakdown": pl.String,
    "category": pl.String,
    "period_kind": pl.String,
    "period_start": pl.Date,
    "period_end": pl.Date,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
    "value": pl.Float64,
}


class Oracle:
    """The indicators of one extract folder, computed apart from the warehouse."""

    def __init__(self, folder: Path, council_yml: Path, as_at: date, periods: list[Period] | None = None):
        self.context = Context(folder, council_yml, as_at)
        self.periods = periods or DEFAULT_PERIODS
        self.council = self.context.council["id"]
        self.observations = self._observe()

    def compute(self, breakdowns: dict[str, list[str]] | None = None) -> pl.DataFrame:
        """Values (columns of VALUES) of every indicator for council, services, teams and workers in each period.

        A worker has the values that the worker's cases make, no zeros.

        `breakdowns` asks for more at council level: {"age_band" | "sex" | "locality" | "need" | "detail": [ids]}.
        """
        rows = []
        for period in self.periods:
            cases = self._in_period(period)
            for level in LEVELS:
                rows += self._level(period, cases, level)
            rows += self._splits(period, cases)
            for breakdown, ids in (breakdowns or {}).items():
                of_ids = cases.filter(pl.col("indicator_id").is_in(ids))
                rows += self._categories(period, of_ids, breakdown)
        kept = [row for row in rows if row[5] != "week" or row[0] in READ_WEEKLY]
        return pl.DataFrame(kept, schema=VALUES, orient="row")

    def explain(self, indicator_id: str, level: str, unit: str, period: Period) -> pl.DataFrame:
        """The observations behind a figure: one of LEVELS, one of the oracle's periods."""
        return self._in_period(period).filter(pl.col(level) == unit, indicator_id=indicator_id)

    def snapshot_on(self, period: Period) -> date:
        """The day a period's snapshot shows: its last, or the extract's if that is earlier."""
        return min(period.end, self.context.as_at)

    def _observe(self) -> pl.DataFrame:
        first, last = min(p.start for p in self.periods), max(p.end for p in self.periods)
        snapshot_days = sorted({self.snapshot_on(period) for period in self.periods})
        observed = [
            row
            for module in MODULES
            for rule in module.EVENTS
            for row in rule(self.context)
            if first <= row.observed_on <= last
        ]
        for at in snapshot_days:
            observed += [row for module in MODULES for rule in module.SNAPSHOTS for row in rule(self.context, at)]
        found = pl.DataFrame(observed, schema=OBSERVED, orient="row", strict=False)
        services = pl.Series([self.context.service(team) for team in found["team"]], dtype=pl.String)
        return found.with_columns(council=pl.lit(self.council), service=services)

    def _in_period(self, period: Period) -> pl.DataFrame:
        """The observations that count in a period: events within it, snapshots of its snapshot day."""
        snapshots = [key for key, indicator in INDICATORS.items() if indicator.timing == "snapshot"]
        is_snapshot = pl.col("indicator_id").is_in(snapshots)
        at_snapshot = pl.col("observed_on") == self.snapshot_on(period)
        within = pl.col("observed_on").is_between(period.start, self.snapshot_on(period))
        return self.observations.filter((is_snapshot & at_snapshot) | (~is_snapshot & within))

    def _units(self, level: str, cases: pl.DataFrame) -> list[str]:
        """The units of a level: of workers those that have a case."""
        if level == "council":
            return [self.council]
        if level == "worker":
            return sorted(set(cases["worker"]) - {UNALLOCATED})
        teams = [*sorted(self.context.teams), UNALLOCATED]
        return teams if level == "team" else sorted({self.context.service(team) for team in teams})

    def _level(self, period: Period, cases: pl.DataFrame, level: str) -> list[tuple]:
        """Rows of VALUES for every unit of a level, those without a case included, but of a worker."""
        units = self._units(level, cases)
        sums = {(row["indicator_id"], row["unit"]): row for row in _sums(cases.with_columns(unit=pl.col(level)))}
        rows = [
            (key, level, unit_code, "all", "all", *period, *self._figures(key, sums.get((key, unit_code)), period))
            for key, indicator in INDICATORS.items()
            for unit_code in units
            if (level == "council" or indicator.kind != "rate") and indicator.aggregation not in NOT_SUMMED
            if level != "worker" or (key, unit_code) in sums
        ]
        return rows + self._made(period, cases, level, {unit: self._numerators(sums, unit) for unit in units})

    def _numerators(self, sums: dict, unit: str) -> dict[str, float]:
        """The counts of a unit by indicator."""
        return {key: row["numerator"] for (key, of_unit), row in sums.items() if of_unit == unit}

    def _made(self, period: Period, cases: pl.DataFrame, level: str, counts: dict[str, dict]) -> list[tuple]:
        """Rows of VALUES of what is made of counts: a unit's part of the council's, and counts added up.

        A worker has no part of the council's, nor has a service under the teams.
        """
        rows, services = [], set(self.context.teams.values())
        for unit, of_unit in counts.items():
            where = (level, unit, "all", "all", *period)
            has_part = level in ("council", "service") or (level == "team" and unit not in services)
            for key, count_id in OF_COUNCIL.items() if has_part else ():
                part, whole = of_unit.get(count_id, 0), cases.filter(indicator_id=count_id).height
                rows.append((key, *where, part, whole, 100 * part / whole if whole else None))
            for key, parts in TOTALS.items():
                total = sum(of_unit.get(part, 0) for part in parts)
                rows.append((key, *where, total, None, total))
        return rows

    def _splits(self, period: Period, cases: pl.DataFrame) -> list[tuple]:
        """Rows of VALUES of each detail's share of its whole, for the council, services and teams; weeks have none."""
        rows = []
        keys = [key for key, of in INDICATORS.items() if of.aggregation.startswith("split") and period.kind != "week"]
        for key in keys:
            children = INDICATORS[key].aggregation == "split children"
            of_key = cases.filter(indicator_id=key)
            levels = [level for level in LEVELS if level != "worker"]
            units = [
                (level, unit, of_key.filter(pl.col(level) == unit))
                for level in levels
                for unit in of_key[level].unique()
            ]
            for level, unit, observed in units:
                whole = observed["child_id"].n_unique() if children else observed.height
                for detail in sorted(observed["detail"].drop_nulls().unique()):
                    met = observed.filter(detail=detail)
                    part = met["child_id"].n_unique() if children else met.height
                    rows.append((key, level, unit, "detail", detail, *period, part, whole, 100 * part / whole))
        return rows

    def _categories(self, period: Period, cases: pl.DataFrame, breakdown: str) -> list[tuple]:
        """Rows of VALUES of the council for each category of a breakdown that has a case; some cases have none."""
        if breakdown != "detail":
            of = {
                "age_band": self._age_band,
                "sex": lambda child, _: self.context.sex(child) or "U",
                "locality": self.context.locality,
                "need": self.context.need,
            }[breakdown]
            pairs = zip(cases["child_id"], cases["observed_on"], strict=True)
            cases = cases.with_columns(unit=pl.Series([of(*pair) for pair in pairs], dtype=pl.String))
        else:
            cases = cases.with_columns(unit=pl.col("detail"))
        return [
            (key, "council", self.council, breakdown, row["unit"], *period, *self._figures(key, row, period))
            for row in _sums(cases.drop_nulls("unit"))
            for key in [row["indicator_id"]]
        ]

    def _age_band(self, child: str | None, on: date) -> str:
        if not self.context.is_known(child):
            return "unknown"
        age = self.context.age(child, on)
        if age is None:
            return "unborn"
        bands = [(0, "0"), (4, "1-4"), (9, "5-9"), (15, "10-15"), (17, "16-17")]
        return next((label for upper, label in bands if age <= upper), "18+")

    def _figures(self, indicator_id: str, sums: dict | None, period: Period) -> tuple:
        """Numerator, denominator and value; the value is None where there is nothing to divide by."""
        kind, timing, aggregation = INDICATORS[indicator_id]
        if not self.context.data.has(FROM_RETURNS.get(indicator_id)):
            return None, None, None
        sums = sums or dict.fromkeys(SUMS, 0)
        numerator, denominator = _fraction(kind, aggregation, sums)
        if kind == "count":
            return numerator, None, numerator
        if kind == "rate":
            denominator = self.population(period.end)
            factor = 1.0 if timing == "snapshot" else self._to_a_year(period)
            return numerator, denominator, 10_000 * numerator / denominator * factor
        if not denominator:
            return numerator, denominator, None
        if kind == "median":
            return numerator, denominator, sums["median"]
        return numerator, denominator, numerator / denominator * (100 if kind == "percentage" else 1)

    def _to_a_year(self, period: Period) -> float:
        """What a flow's count is multiplied by: 1 for a whole year, else 365 over the days known of the period."""
        known = period._replace(end=self.snapshot_on(period))
        is_whole_year = known == period and period.kind in ("year", "rolling_year")
        return 1.0 if is_whole_year or known.days < 1 else 365.0 / known.days

    def population(self, on: date) -> int:
        """Children aged 0 to 17: the mid-year of the financial year's first calendar year, or the latest before."""
        year = on.year if on.month >= 4 else on.year - 1
        published = population_by_year(self.context.council["gss"])
        return published[max(known for known in published if known <= year)]


LEVELS = ("council", "service", "team", "worker")
NOT_SUMMED = {"split", "split children", "made"}
SUMS = {
    "numerator": pl.col("numerator").sum().round(6),
    "denominator": pl.col("denominator").sum().round(6),
    "children_met": pl.col("child_id").filter(pl.col("numerator") == 1).n_unique(),
    "children": pl.col("child_id").n_unique(),
    "children_repeated": (pl.col("child_id").value_counts().struct.field("count") >= 2).sum(),
    "median": pl.col("numerator").median(),
}


def _sums(cases: pl.DataFrame) -> list[dict]:
    """What the values need, for each indicator and `unit`."""
    return cases.group_by("indicator_id", "unit").agg(**SUMS).to_dicts()


def _fraction(kind: str, aggregation: str, sums: dict) -> tuple[float, float]:
    if aggregation == "distinct":
        return sums["children_met"], sums["children"]
    if aggregation == "repeat":
        return sums["children_repeated"], sums["children"]
    return sums["numerator"], sums["denominator"]


def population_by_year(area_code: str) -> dict[int, int]:
    """Published mid-year estimates of an area by calendar year, from the first of POPULATION_FILES that exists."""
    path = next(path for path in POPULATION_FILES if path.exists())
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["area_code"] == area_code]
    column = "population" if "population" in rows[0] else "population_estimate"
    return {int(row["mid_year"]): int(row[column]) for row in rows}

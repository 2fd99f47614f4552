"""What publishing reads: the marts, and nothing below them. One `Store` holds a report's whole result set.

A `Store` answers from memory, so that every renderer, level and format of a report sees the same figures,
read in one transaction. Protected reports get a store whose figures have passed `publish.protect`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import psycopg
from psycopg.rows import class_row, dict_row

FigureKey = tuple[str, str, str, str, str, str, date]
ALL = "all"


@dataclass(frozen=True, slots=True)
class Figure:
    """A row of `fct_indicator_value`. `is_hidden`: protected, numbers are None."""

    indicator_id: str
    level: str
    unit_code: str
    breakdown: str
    category: str
    period_kind: str
    period_start: date
    period_end: date
    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    status: str
    is_hidden: bool = False

    @property
    def key(self) -> FigureKey:
        """What identifies the figure."""
        return (
            self.indicator_id,
            self.level,
            self.unit_code,
            self.breakdown,
            self.category,
            self.period_kind,
            self.period_end,
        )


@dataclass(frozen=True, slots=True)
class Indicator:
    """A row of `dim_indicator`: what an indicator is called, counts, and comes from."""

    indicator_id: str
    title: str
    domain: str
    definition: str
    numerator_text: str | None
    denominator_text: str | None
    kind: str
    unit: str
    decimals: int
    better: str
    timing: str
    aggregation: str
    needs: str | None
    source: str | None
    caveat: str | None
    benchmark_id: str | None
    page: int | None


@dataclass(frozen=True, slots=True)
class Unit:
    """A service or team. `unallocated` is a unit of its own."""

    code: str
    name: str
    service_code: str
    service_name: str
    is_service: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """A row of `fct_indicator_comparison`: a published or local value beside the council's own."""

    indicator_id: str
    period_kind: str
    period_end: date
    comparator: str
    method: str
    comparator_value: Decimal | None
    n_areas: int | None
    rank: int | None
    n_ranked: int | None
    quartile: int | None
    published_on: date | None
    source: str | None

    @property
    def published_period(self) -> str:
        """The published year in words: '2024-25' for a year to March, else the day."""
        on = self.published_on
        if on is None:
            return ""
        return f"{on.year - 1}-{on:%y}" if on.month == 3 else f"{on.day} {on:%b %Y}"


@dataclass(slots=True)
class Store:
    """Every figure of a report, by key; see the functions for what can be asked."""

    council: str
    indicators: Mapping[str, Indicator]
    units: Mapping[str, Unit]
    figures: Mapping[FigureKey, Figure]
    comparisons: Mapping[tuple[str, str], list[Comparison]]
    _series: dict = field(init=False, repr=False, default_factory=lambda: defaultdict(list))
    _categories: dict = field(init=False, repr=False, default_factory=lambda: defaultdict(list))
    _ends: dict = field(init=False, repr=False, default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        """Index the figures by series and by breakdown."""
        for figure in sorted(self.figures.values(), key=lambda f: (f.period_end, f.category)):
            *grain, kind, end = figure.key
            self._series[(*grain, kind)].append(figure)
            self._ends[kind].add(end)
            self._categories[(*grain[:4], kind, end)].append(figure)

    def one(self, indicator: str, level: str, unit: str, kind: str, end: date) -> Figure | None:
        """The figure without a breakdown; None where there is no such row."""
        return self.figures.get((indicator, level, unit, ALL, ALL, kind, end))

    def series(self, indicator: str, level: str, unit: str, kind: str, upto: date, points: int) -> list[Figure]:
        """The last `points` figures of periods that ended by `upto`, oldest first."""
        found = self._series.get((indicator, level, unit, ALL, ALL, kind), [])
        return [f for f in found if f.period_end <= upto][-points:]

    def last_end(self, kind: str, upto: date) -> date | None:
        """The end of the last period of `kind` that ended by `upto` and has figures."""
        return max((end for end in self._ends[kind] if end <= upto), default=None)

    def categories(self, indicator: str, level: str, unit: str, breakdown: str, kind: str, end: date) -> list[Figure]:
        """The figures of one breakdown, by category."""
        return self._categories.get((indicator, level, unit, breakdown, kind, end), [])

    def teams(self, service: str | None = None) -> list[Unit]:
        """Teams by service and name, without services; of one service where it is given."""
        found = (u for u in self.units.values() if not u.is_service and service in (None, u.service_code))
        return sorted(found, key=lambda u: (u.code == "unallocated", u.service_name, u.name))

    def services(self) -> list[Unit]:
        """Services by name; `unallocated` last where it stands for itself."""
        codes = {u.service_code: u for u in self.units.values()}
        named = [self.units.get(code, unit) for code, unit in codes.items()]
        return sorted(named, key=lambda u: (u.code == "unallocated", u.name))

    def comparison(self, indicator: str, comparator: str, kind: str, upto: date) -> Comparison | None:
        """The latest comparison that ended by `upto`, of the same kind of period where there is one."""
        found = [c for c in self.comparisons.get((indicator, comparator), []) if c.period_end <= upto]
        found = [c for c in found if c.comparator_value is not None]
        return max(found, key=lambda c: (c.period_kind == kind, c.period_end, c.method != "median"), default=None)


@dataclass(frozen=True, slots=True)
class Need:
    """What a report asks of `fct_indicator_value`."""

    indicators: tuple[str, ...]
    kinds: tuple[str, ...]
    upto: date
    own: tuple[str, ...]
    own_since: date
    below: tuple[str, ...] = ()
    below_kinds: tuple[str, ...] = ()
    below_since: date | None = None
    breakdowns: tuple[str, ...] = ()
    breakdown_levels: tuple[str, ...] = ()
    breakdown_since: date | None = None


_FIGURES = """
    select indicator_id, level, unit_code, breakdown, category, period_kind, period_start, period_end,
           numerator, denominator, value, status
    from marts.fct_indicator_value
    where council = %(council)s and indicator_id = any(%(indicators)s) and period_kind = any(%(kinds)s)
      and period_end <= %(upto)s
      and ((breakdown = 'all' and level = any(%(own)s) and period_end >= %(own_since)s)
        or (breakdown = 'all' and level = any(%(below)s) and period_kind = any(%(below_kinds)s)
            and period_end >= %(below_since)s)
        or (breakdown = any(%(breakdowns)s) and level = any(%(breakdown_levels)s)
            and period_end >= %(breakdown_since)s))
    order by indicator_id, level, unit_code, breakdown, category, period_kind, period_end
"""


def load(connection: psycopg.Connection, council: str, need: Need) -> Store:
    """Read a report's result set: catalogue, units, figures, comparisons."""
    asked = {name: list(value) if isinstance(value, tuple) else value for name, value in _fields(need).items()}
    asked["council"] = council
    figures = _rows(connection, Figure, _FIGURES, asked)
    return Store(
        council,
        _indicators(connection),
        _units(connection, council),
        {figure.key: figure for figure in figures},
        _comparisons(connection, council, need),
    )


def _fields(need: Need) -> dict:
    return {name: getattr(need, name) for name in Need.__slots__}


def _rows(connection: psycopg.Connection, cls: type, sql: str, values: Mapping | Iterable = ()) -> list:
    with connection.cursor(row_factory=class_row(cls)) as cursor:
        return cursor.execute(sql, values).fetchall()


def rows(connection: psycopg.Connection, sql: str, values: Mapping) -> list[dict]:
    """Rows of a query as dictionaries, for tables that are not figures."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(sql, values).fetchall()


def _indicators(connection: psycopg.Connection) -> dict[str, Indicator]:
    columns = ", ".join(Indicator.__slots__)
    found = _rows(connection, Indicator, f"select {columns} from marts.dim_indicator order by 1")  # noqa: S608 (own columns)
    return {item.indicator_id: item for item in found}


def _units(connection: psycopg.Connection, council: str) -> dict[str, Unit]:
    sql = """select team_code as code, coalesce(team_name, team_code) as name, service_code,
             coalesce(service_name, service_code) as service_name, is_service
             from marts.dim_team where council = %s order by team_code"""
    return {unit.code: unit for unit in _rows(connection, Unit, sql, (council,))}


def _comparisons(connection: psycopg.Connection, council: str, need: Need) -> dict:
    columns = ", ".join(Comparison.__slots__).replace("published_on", "published_period as published_on")
    sql = f"""select {columns} from marts.fct_indicator_comparison
              where council = %s and indicator_id = any(%s) and period_kind = any(%s) and period_end <= %s
                and period_end > %s - 800
              order by indicator_id, comparator, period_kind, period_end, method"""  # noqa: S608 (own columns)
    found = defaultdict(list)
    for row in _rows(
        connection, Comparison, sql, (council, list(need.indicators), list(need.kinds), need.upto, need.upto)
    ):
        found[row.indicator_id, row.comparator].append(row)
    return found


def age_by_sex(connection: psycopg.Connection, council: str, report, period, store: Store) -> dict[FigureKey, Figure]:
    """Counts by age band and sex of the indicators that the report draws as pyramids, as figures of `age_sex`."""
    found = {}
    for block in report.blocks:
        indicator = store.indicators.get(block.indicator) if block.kind == "pyramid" else None
        kind = getattr(block, "period", None) or report.period_kind
        end = store.last_end(kind, period.end)
        if indicator is None or end is None:
            continue
        start = next(f.period_start for f in store.figures.values() if f.period_kind == kind and f.period_end == end)
        asked = {
            "council": council,
            "indicator": indicator.indicator_id,
            "start": end if indicator.timing == "snapshot" else start,
            "end": end,
        }
        for row in rows(connection, _AGE_BY_SEX, asked):
            figure = Figure(
                indicator.indicator_id,
                "council",
                council,
                "age_sex",
                row["category"],
                kind,
                start,
                end,
                row["n"],
                None,
                row["n"],
                "ok",
            )
            found[figure.key] = figure
    return found


_AGE_BY_SEX = """
    select age_band || '|' || sex as category, sum(numerator) as n
    from marts.fct_observation
    where council = %(council)s and indicator_id = %(indicator)s and observed_on between %(start)s and %(end)s
      and age_band is not null and sex is not null
    group by 1
    order by 1
"""
_DUTIES = """
    select duty_id, clock_id, title, child_key, worker_code, team_code, start_on, due_on, state, days_left,
           coalesce(done_on, ended_on) as closed_on
    from marts.fct_duty
    where council = %(council)s and (state in ('due', 'overdue')
      or state in ('met', 'late') and coalesce(done_on, ended_on) between %(since)s and as_at)
    order by due_on, duty_id
"""
_WORKLOAD = """
    select team_code, worker_code, children, fte, cases_per_fte, opened_28_days, closed_28_days from marts.fct_workload
    where council = %(council)s and as_at = (select max(as_at) from marts.fct_workload where council = %(council)s)
    order by team_code, worker_code
"""
_DOMAINS = """
    select domain, grade, is_good, team_code, service_code, completed_on
    from marts.fct_audit_domain where council = %(council)s and grade is not null and completed_on is not null
    order by domain, completed_on, team_code, grade
"""
_BENCHMARKS = """
    select figure.indicator_id, figure.area_code, figure.area_name, figure.area_type, figure.period_end, figure.value,
           figure.status, area.dfe_code, area.region_code, region.area_name as region_name
    from marts.fct_benchmark as figure
    left join reference.local_authorities as area using (area_code)
    left join reference.local_authorities as region on area.region_code = region.area_code
    where figure.indicator_id = any(%(indicators)s)
    order by figure.indicator_id, figure.area_code, figure.period_end
"""


def duties(connection: psycopg.Connection, council: str, since: date, unlisted: Collection[str] = ()) -> list[dict]:
    """Every open duty of the council with its state at the as-at date, and those closed on or after `since`.

    Duties of the children `unlisted` count like all others; `is_listed` says that no list may show them.
    """
    found = rows(connection, _DUTIES, {"council": council, "since": since})
    return [{**row, "is_listed": row["child_key"] not in unlisted} for row in found]


def workload(connection: psycopg.Connection, council: str) -> list[dict]:
    """Cases and full-time equivalents of each worker."""
    return rows(connection, _WORKLOAD, {"council": council})


def audit_domains(connection: psycopg.Connection, council: str) -> list[dict]:
    """Every domain grade of completed audits."""
    return rows(connection, _DOMAINS, {"council": council})


def benchmarks(connection: psycopg.Connection, report) -> list[dict]:
    """Published figures of every area for the report's indicators."""
    return rows(connection, _BENCHMARKS, {"indicators": list(report.indicators)})

"""From a specification to documents: which figures a report needs, and which block is built by which function."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import psycopg

from publish import (
    blocks_figures,
    blocks_flow,
    blocks_groups,
    blocks_journey,
    blocks_lists,
    blocks_tables,
    blocks_text,
    freshness,
    numbers,
    protect,
    query,
    query_flow,
    spec,
    tidy,
)
from publish.access import identifiers, restricted, unlisted
from publish.context import Context, Lists, control_kind
from publish.document import Block, DataFile, Document, Section
from publish.query import Need, Store
from publish.spec import ReportSpec
from sightline.councils import Council
from sightline.periods import Period

BUILDERS: Mapping[str, Callable[[Context, object], list[Block]]] = {
    "changes": blocks_figures.changes,
    "cards": blocks_figures.cards,
    "trend": blocks_figures.trend,
    "control": blocks_figures.control,
    "unit_bars": blocks_groups.unit_bars,
    "bar": blocks_groups.bar,
    "pyramid": blocks_groups.pyramid,
    "unit_table": blocks_tables.unit_table,
    "cohorts": blocks_tables.cohorts,
    "indicator_table": blocks_tables.indicator_table,
    "comparison": blocks_tables.comparison,
    "duty_summary": blocks_lists.duty_summary,
    "duty_list": blocks_lists.duty_list,
    "caseload": blocks_lists.caseload,
    "audit_grades": blocks_lists.audit_grades,
    "audit_domains": blocks_lists.audit_domains,
    "definitions": blocks_text.definitions,
    "how_to_read": blocks_text.how_to_read,
    "findings": blocks_flow.findings,
    "revisions": blocks_flow.revisions,
    "triangulation": blocks_flow.triangulation,
    "flow": blocks_flow.flow,
    "journey": blocks_journey.journey,
    "forecast": blocks_journey.forecast,
    "funnel": blocks_journey.funnel,
}
PROTECTION = {
    "default": (
        "Small numbers: counts of {limit} or fewer are hidden ({mark}) and the others rounded to the nearest {base}; "
        "percentages and rates are worked out from the rounded counts. Further figures are hidden where a hidden one "
        "could be worked out from them."
    ),
    "national": (
        "Small numbers: counts of 1 to {limit} are hidden ({mark}), with any percentage or rate that rests on them, "
        "and further figures where a hidden one could be worked out from them."
    ),
}
AUDIT_INDICATORS = ("AUD-01", "AUD-02")


@dataclass(frozen=True, slots=True)
class Material:
    """What all documents of one report share, read once."""

    spec: ReportSpec
    council: Council
    period: Period
    as_at: date
    store: Store
    lists: Lists
    benchmarks: Sequence[Mapping]
    deliveries: freshness.Deliveries
    is_made_up: bool
    rule: protect.Rule | None
    restricted: Collection[str] = ()


def need(report: ReportSpec, period: Period) -> Need:
    """What the report asks of the marts: its own level far back, the units below and breakdowns only lately."""
    kinds = {getattr(b, "period", None) or report.period_kind for b in report.blocks} | {control_kind(report)}
    by_unit = [b for b in report.blocks if hasattr(b, "level")]
    below = {b.level for b in by_unit} - {report.per}
    breakdowns = {b.breakdown for b in report.blocks if hasattr(b, "breakdown")}
    breakdowns |= {x for b in report.blocks for x in getattr(b, "breakdowns", ())}
    has_grades = any(b.kind == "audit_grades" for b in report.blocks)
    has_past = any(b.kind == "own_file" for b in report.blocks)
    own = {report.per} | ({"council"} if report.also_council else set())
    back = period.end.replace(year=period.end.year - (6 if report.per == "council" else 3), day=1)
    return Need(
        tuple(dict.fromkeys((*report.indicators, *(AUDIT_INDICATORS if has_grades else ())))),
        tuple(sorted(kinds)),
        period.end,
        own=tuple(sorted(own)),
        own_since=back,
        below=tuple(sorted(below)),
        below_kinds=tuple(sorted({b.period or report.period_kind for b in by_unit})),
        below_since=period.end.replace(year=period.end.year - 1, day=1),
        breakdowns=tuple(sorted(breakdowns | ({"detail"} if has_grades else set()))),
        breakdown_levels=tuple(sorted(own | (below if has_grades else set()))),
        breakdown_since=back if has_past else period.end,
    )


def read(
    connection: psycopg.Connection,
    report: ReportSpec,
    council: Council,
    period: Period,
    as_at: date,
    is_made_up: bool,
    published: Mapping | None = None,
) -> Material:
    """Read all that a report shows. Figures for protected audiences are protected here, before anything sees them."""
    asked = need(report, period)
    store = query.load(connection, council.id, asked)
    crossed = [b.indicator for b in report.blocks if b.kind == "pyramid"]
    if crossed:
        store = replace(
            store, figures={**store.figures, **query.age_by_sex(connection, council.id, report, period, store)}
        )
    rule = None
    if report.is_protected:
        rule = protect.Rule.of(council)
        store = replace(store, figures=protect.protect(store, rule, published or {}))
    used = [store.indicators[i] for i in asked.indicators if i in store.indicators]
    may_see = {} if report.is_protected else restricted(connection, council, as_at)
    hidden = unlisted(council, report.report, may_see)
    lists = Lists() if report.is_protected else _lists(connection, report, council.id, period, hidden)
    benchmarks = query.benchmarks(connection, report) if any(b.kind == "benchmark_file" for b in report.blocks) else ()
    return Material(
        report,
        council,
        period,
        as_at,
        store,
        lists,
        benchmarks,
        freshness.deliveries(connection, council.id, as_at, used),
        is_made_up,
        rule,
        may_see.keys(),
    )


def _lists(
    connection: psycopg.Connection, report: ReportSpec, council: str, period: Period, hidden: Collection[str]
) -> Lists:
    kinds = {b.kind for b in report.blocks}
    duties = (
        query.duties(connection, council, period.start, hidden)
        if kinds & {"duty_summary", "duty_list", "caseload"}
        else ()
    )
    workload = query.workload(connection, council) if "caseload" in kinds else ()
    domains = query.audit_domains(connection, council) if "audit_domains" in kinds else ()
    return Lists(duties, workload, domains, query_flow.read(connection, council, report, period))


def units(material: Material) -> list[tuple[str, str, str]]:
    """(level, code, name) of each document of the report.

    Teams with neither duties nor cases get none; what is allocated to nobody gets one of its own.
    """
    report, store = material.spec, material.store
    whole = [("council", material.council.id, material.council.name)]
    if report.per == "council":
        return whole
    if report.per == "service":
        found = store.services()
    else:
        busy = {row["team_code"] for row in (*material.lists.duties, *material.lists.workload)}
        found = [u for u in store.teams() if u.code in busy]
    return [
        *(whole if report.also_council else []),
        *((report.per, u.code, u.name) for u in found if report.per == "team" or u.code != "unallocated"),
    ]


def document(connection: psycopg.Connection, material: Material, unit: tuple[str, str, str]) -> Document:
    """Build one document. Reading children's identifiers is recorded in `ops.access` by the same transaction."""
    report, council = material.spec, material.council
    level, code, name = unit
    context = Context(
        report,
        material.store,
        council,
        material.period,
        material.as_at,
        level,
        code,
        name,
        material.lists,
        lambda keys: identifiers(connection, council.id, keys, report.report, code, material.restricted),
    )
    files: list[DataFile] = []
    sections = []
    for item in report.sections:
        context.section = item.id
        blocks = [built for block in item.blocks for built in _build(context, block, material, files)]
        if blocks or item.intro:
            sections.append(Section(item.id, item.title, item.intro, tuple(blocks)))
    period = material.period
    return Document(
        report.report,
        report.title,
        report.purpose,
        council.id,
        council.name,
        code,
        name,
        period.label,
        numbers.span(period.kind, period.start, period.end),
        material.as_at,
        report.audience,
        report.cadence,
        material.is_made_up,
        _protection(material.rule),
        material.deliveries.warnings,
        tuple(sections),
        tuple(context.released.values()),
        tuple(files),
    )


def _build(context: Context, block: spec.Block, material: Material, files: list[DataFile]) -> list[Block]:
    if block.kind == "benchmark_file":
        blocks, made = tidy.benchmark_file(
            context, block, [r for r in material.benchmarks if r["indicator_id"] in block.indicators]
        )
    elif block.kind == "own_file":
        blocks, made = tidy.own_file(context, block)
    else:
        return BUILDERS[block.kind](context, block)
    files += made
    return blocks


def _protection(rule: protect.Rule | None) -> str:
    if rule is None:
        return ""
    return PROTECTION[rule.mode].format(limit=rule.hidden_up_to, base=rule.rounded_to, mark=numbers.HIDDEN)

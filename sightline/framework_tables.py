"""A council's framework as the flat tables that the warehouse loads: `raw.framework_<x>`.

Every table has `council` first and `source`, `is_example` last. `source` is the reference of the entry a row comes
from, `example` where the entry is an example of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import psycopg
from psycopg import sql

from sightline.framework import Cited, Council

Row = dict[str, object]
Rows = Iterable[tuple[Cited, Row]]


def _columns(text: str) -> dict[str, str]:
    """Columns from `name:type` words; a word without a type is text."""
    words = ("council", *text.split(), "source", "is_example:boolean")
    return {name: kind or "text" for name, _, kind in (word.partition(":") for word in words)}


FRAMEWORK_TABLES: dict[str, dict[str, str]] = {
    f"framework_{name}": _columns(text)
    for name, text in {
        "council": "name dfe_code gss_code region_code region_name front_door_team",
        "setting": "setting value",
        "clock": "parameter value:integer",
        "threshold": "threshold value:numeric",
        "locality": "locality district",
        "role": "role label position:integer level is_registered:boolean holds_cases:boolean"
        " is_linked_to_teams:boolean",
        "link_role": "role",
        "grade": "grade label rank:integer is_good:boolean",
        "domain": "domain label position:integer always_graded:boolean",
        "audit_type": "audit_type label position:integer depth looks_at branch is_multi_agency:boolean"
        " is_graded:boolean",
        "step": "step label position:integer stage:integer after due_in:integer due_unit owner_role grade_basis"
        " is_conditional:boolean is_reaudit:boolean by_original_auditor:boolean"
        " repeat_every_months:integer repeat_times:integer",
        "step_grade": "step grade",
        "step_audit_type": "step audit_type",
        "step_track_until": "step grade",
        "expectation": "expectation label position:integer activity role per number:integer every_months:integer"
        " from_month:integer scope",
        "expectation_audit_type": "expectation audit_type",
        "theme": "theme label position:integer audit_type auditor_role planned:integer every_months:integer focus_area",
        "escalation_level": "level label position:integer after_days:integer day_kind via_role dated_by",
        "escalation_level_role": "level role",
        "notice": "notice label event is_written:boolean",
        "notice_role": "notice role",
        "notice_grade": "notice grade",
        "focus_area": "focus_area label position:integer",
        "focus_area_service": "focus_area service_code",
        "feedback_source": "feedback_source label position:integer",
        "standard": "standard label position:integer domain",
        "standard_indicator": "standard indicator_id",
        "standard_feedback_theme": "standard theme",
        "target": "indicator_id value:numeric kind",
        "comparator": "comparator label position:integer kind areas_wanted:integer",
        "comparator_area": "comparator area_code",
        "recipient": "report role cadence level audience",
        "meeting": "meeting label cadence",
        "meeting_report": "meeting report",
        "meeting_role": "meeting role",
        "service": "service_code label position:integer",
        "team": "team_code label position:integer service_code team_kind",
    }.items()
}


def framework_rows(council: Council) -> dict[str, list[Row]]:
    """Every table of FRAMEWORK_TABLES (the name, its rows); a row has exactly the table's columns, in order."""
    found = {**_lists(council), **_pairs(council), **_values(council), **_organisation(council)}
    return {table: [_row(council, table, *item) for item in found[table]] for table in FRAMEWORK_TABLES}


def _row(council: Council, table: str, entry: Cited, values: Row) -> Row:
    row = {"council": council.id, **values, "source": entry.source or "example", "is_example": entry.example}
    return {column: row[column] for column in FRAMEWORK_TABLES[table]}


def _lists(council: Council) -> dict[str, Rows]:
    """The tables that are one list of entries each: attributes under their own names, `id` under the table's."""
    lists = {
        "role": council.roles,
        "grade": council.grades,
        "domain": council.domains,
        "audit_type": council.audit_types,
        "step": council.steps,
        "expectation": council.expectations,
        "theme": council.programme.themes,
        "notice": council.notices,
        "focus_area": council.focus_areas,
        "feedback_source": council.feedback_sources,
        "standard": council.standards,
        "target": council.targets,
        "comparator": council.comparators,
        "recipient": council.recipients,
        "meeting": council.meetings,
    }
    tables = {f"framework_{name}": _entries(name, items, {}) for name, items in lists.items()}
    day_kind = {"day_kind": council.escalation.day_kind.value}
    levels = _entries("level", council.escalation.levels, day_kind, "escalation_level")
    return tables | {"framework_escalation_level": levels}


def _entries(key: str, items: list, extra: Row, table: str | None = None) -> Rows:
    columns = list(FRAMEWORK_TABLES[f"framework_{table or key}"])[1:-2]
    for position, item in enumerate(items, start=1):
        known = {key: getattr(item, "id", None), "position": position, **extra}
        yield (
            item,
            {column: known[column] if column in known else getattr(item, column) for column in columns},
        )


def _pairs(council: Council) -> dict[str, Rows]:
    """The tables that pair an entry with each item of one of its lists; a step without grades or types has all."""
    grades = [grade.id for grade in council.grades]
    types = [audit_type.id for audit_type in council.audit_types]
    wanted: list[tuple[str, list, str, str, Callable]] = [
        ("step_grade", council.steps, "step", "grade", lambda s: s.grades or grades),
        ("step_audit_type", council.steps, "step", "audit_type", lambda s: s.audit_types or types),
        ("step_track_until", council.steps, "step", "grade", lambda s: s.track_until),
        ("expectation_audit_type", council.expectations, "expectation", "audit_type", lambda e: e.audit_types),
        ("escalation_level_role", council.escalation.levels, "level", "role", lambda v: v.to_roles),
        ("notice_role", council.notices, "notice", "role", lambda n: n.to_roles),
        ("notice_grade", council.notices, "notice", "grade", lambda n: n.grades or grades),
        ("focus_area_service", council.focus_areas, "focus_area", "service_code", lambda f: f.services),
        ("standard_indicator", council.standards, "standard", "indicator_id", lambda s: s.indicators),
        ("standard_feedback_theme", council.standards, "standard", "theme", lambda s: s.feedback_themes),
        ("comparator_area", council.comparators, "comparator", "area_code", lambda c: c.areas),
        ("meeting_report", council.meetings, "meeting", "report", lambda m: m.reports),
        ("meeting_role", council.meetings, "meeting", "role", lambda m: m.attended_by),
    ]
    return {
        f"framework_{table}": [(item, {left: item.id, right: other}) for item in items for other in of(item)]
        for table, items, left, right, of in wanted
    }


def _values(council: Council) -> dict[str, Rows]:
    """The tables of single values."""
    actions, programme, localities = council.actions, council.programme, council.localities
    districts = [(name, district) for name, of in localities.value.items() for district in of] if localities else []
    settings = [
        (actions, "action_due_in", actions.due_in),
        (actions, "action_due_unit", actions.due_unit),
        (actions, "action_clock_start", actions.clock_start),
        (programme.cycle_months, "programme_cycle_months", programme.cycle_months.value),
        (programme.starts_on, "programme_starts_on", programme.starts_on.value),
        (council.escalation.day_kind, "escalation_day_kind", council.escalation.day_kind.value),
    ]
    return {
        "framework_setting": [(entry, {"setting": name, "value": str(value)}) for entry, name, value in settings],
        "framework_clock": [(v, {"parameter": k, "value": v.value}) for k, v in council.clocks.items()],
        "framework_threshold": [(v, {"threshold": k, "value": v.value}) for k, v in council.thresholds.items()],
        "framework_locality": [(localities, {"locality": name, "district": district}) for name, district in districts],
        "framework_link_role": [(council.link_roles, {"role": role}) for role in council.link_roles.value],
    }


def _organisation(council: Council) -> dict[str, Rows]:
    """The council itself, and the services and teams of the made-up council."""
    one = {
        "name": council.name,
        "dfe_code": council.code,
        "gss_code": council.gss,
        "region_code": council.region.code,
        "region_name": council.region.name,
        "front_door_team": council.front_door_team,
    }
    cited, named = council.organisation, enumerate(council.organisation.services, start=1)
    services = [{"service_code": s.id, "label": s.label, "position": n} for n, s in named]
    teams = [
        {"team_code": t.id, "label": t.label, "position": n, "service_code": t.service, "team_kind": t.kind}
        for n, t in enumerate(council.organisation.teams, start=1)
    ]
    return {
        "framework_council": [(Cited(source="Department for Education and ONS codes"), one)],
        "framework_service": [(cited, service) for service in services],
        "framework_team": [(cited, team) for team in teams],
    }


def load_framework(connection: psycopg.Connection, council: str, rows: dict[str, list[dict]]) -> None:
    """Write the council's file into `raw.framework_*`, replacing what stood for this council."""
    with connection.transaction():
        for table, columns in FRAMEWORK_TABLES.items():
            name = sql.Identifier("raw", table)
            connection.execute(sql.SQL("create table if not exists {} ()").format(name))
            for column, kind in columns.items():
                add = sql.SQL("alter table {} add column if not exists {} {}")
                connection.execute(add.format(name, sql.Identifier(column), sql.SQL(kind)))
            connection.execute(sql.SQL("delete from {} where council = %s").format(name), (council,))
            names = sql.SQL(", ").join(map(sql.Identifier, columns))
            with connection.cursor().copy(sql.SQL("copy {} ({}) from stdin").format(name, names)) as copy:
                for row in rows[table]:
                    copy.write_row([row[column] for column in columns])

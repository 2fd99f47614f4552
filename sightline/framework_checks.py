"""What a file must hold beyond its shape: ids given once, references that resolve, sources that are listed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from sightline.framework import DISTRICT, Council


def problems(council: Council) -> list[str]:
    """Every incoherence as `field: what is wrong`; an empty list where there is none."""
    checks = (_repeated, _dangling, _unlisted_sources, _ranks, _localities)
    return [problem for check in checks for problem in check(council)]


def _ranks(council: Council) -> Iterable[str]:
    if sorted(grade.rank for grade in council.grades) != list(range(1, len(council.grades) + 1)):
        yield "grades: ranks must run 1, 2, 3 ..."


def _localities(council: Council) -> Iterable[str]:
    """A district lies in one locality; no locality is called like a district, which stands for itself."""
    localities = council.localities.value if council.localities else {}
    named = Counter(district for districts in localities.values() for district in districts)
    yield from (f"localities: {district} is named twice" for district, n in named.items() if n > 1)
    yield from (f"localities: {name} is the name of a district" for name in localities if re.match(DISTRICT, name))


def _repeated(council: Council) -> Iterable[str]:
    lists = {name: getattr(council, name) for name in type(council).model_fields}
    lists |= {"services": council.organisation.services, "teams": council.organisation.teams}
    lists |= {"themes": council.programme.themes, "levels": council.escalation.levels}
    for name, items in lists.items():
        if isinstance(items, list):
            keys = Counter(item.id for item in items if hasattr(item, "id"))
            yield from (f"{name}: id {key} is given twice" for key, n in keys.items() if n > 1)


def _ids(items: Iterable) -> set[str]:
    return {item.id for item in items}


def _references(council: Council) -> Iterable[tuple[str, Iterable[str], set[str]]]:
    """Where ids are used, the ids used there, and the ids that exist."""
    roles, grades, types = _ids(council.roles), _ids(council.grades), _ids(council.audit_types)
    services, areas = _ids(council.organisation.services), _ids(council.focus_areas)
    events = {"allocated", "completed", "moderated"} | _ids(council.steps)
    yield "front_door_team", [council.front_door_team], _ids(council.organisation.teams)
    yield "link_roles", council.link_roles.value, roles
    yield "organisation.teams", [t.service for t in council.organisation.teams], services
    yield "escalation.raised_by", council.escalation.raised_by, roles
    for level in council.escalation.levels:
        yield f"escalation.{level.id}", [*level.to_roles, *filter(None, [level.via_role])], roles
    for step in council.steps:
        yield f"steps.{step.id}.grades", [*step.grades, *step.track_until], grades
        yield f"steps.{step.id}.audit_types", step.audit_types, types
        yield f"steps.{step.id}.after", [step.after], events - {step.id}
        yield f"steps.{step.id}.owner_role", [step.owner_role], roles
    for item in council.expectations:
        yield f"expectations.{item.id}.role", [item.role], roles
        yield f"expectations.{item.id}.audit_types", item.audit_types, types
    for theme in council.programme.themes:
        yield f"themes.{theme.id}.audit_type", [theme.audit_type], types
        yield f"themes.{theme.id}.auditor_role", [theme.auditor_role], roles
        yield f"themes.{theme.id}.focus_area", filter(None, [theme.focus_area]), areas
    for notice in council.notices:
        yield f"notices.{notice.id}.to_roles", notice.to_roles, roles
        yield f"notices.{notice.id}.grades", notice.grades, grades
    for area in council.focus_areas:
        yield f"focus_areas.{area.id}.services", area.services, services
    yield "standards.domain", [s.domain for s in council.standards], _ids(council.domains)
    yield "recipients.role", [r.role for r in council.recipients], roles
    yield "restricted.roles", council.restricted.roles if council.restricted else [], roles
    for meeting in council.meetings:
        yield f"meetings.{meeting.id}.attended_by", meeting.attended_by, roles


def _dangling(council: Council) -> Iterable[str]:
    for where, used, known in _references(council):
        yield from (f"{where}: {item} is not defined" for item in used if item not in known)


def _unlisted_sources(council: Council) -> Iterable[str]:
    titles = tuple(council.sources)
    for path, entry in council.cited():
        if entry.source and not entry.source.startswith(titles):
            yield f"{path}: source does not begin with a title listed under sources"

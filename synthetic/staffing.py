"""Records of the workforce: departments, professionals, posts, and the roles linked to each team."""

from __future__ import annotations

from collections import Counter
from datetime import date

from synthetic.names import FORENAMES_F, FORENAMES_M, STAFF_SURNAMES
from synthetic.workforce import ALLOCATED, Holding, Workforce
from synthetic.world import World

# Share of agency workers who cover a vacancy, near the published 81 in a hundred.
COVERS_VACANCY = 0.81


def write_staff(world: World, workforce: Workforce) -> None:
    """Fill ssd_department, ssd_professionals, staff_post and team_link. Call it after the involvements."""
    _departments(world, workforce)
    _posts(world, workforce)
    _professionals(world, workforce)
    _links(world, workforce)


def _departments(world: World, workforce: Workforce) -> None:
    organisation = workforce.council.organisation
    labels = {service.id: service.label for service in organisation.services}
    rows = world.tables["ssd_department"]
    rows += [(service.id, service.label, "", "") for service in organisation.services]
    rows += [(team.id, team.label, team.service, labels[team.service]) for team in organisation.teams]


def _posts(world: World, workforce: Workforce) -> None:
    rng = world.rng(7, 3)
    for post in workforce.holdings:
        covers = _flag(rng.random() < COVERS_VACANCY) if post.is_agency else ""
        world.tables["staff_post"].append((
            post.post, post.worker, post.team, post.role, post.fte, world.on(post.start), world.on(post.end),
            _flag(post.is_agency), _flag(post.is_registered), covers,
        ))  # fmt: skip


def _professionals(world: World, workforce: Workforce) -> None:
    labels = {role.id: role.label for role in workforce.council.roles}
    teams = {team.id: team.label for team in workforce.council.organisation.teams}
    teams |= {service.id: service.label for service in workforce.council.organisation.services}
    caseloads = _caseloads(world)
    latest: dict[str, Holding] = {}
    for post in workforce.holdings:
        if post.worker and (post.worker not in latest or latest[post.worker].start < post.start):
            latest[post.worker] = post
    for worker, post in sorted(latest.items()):
        number = int(worker[1:])
        world.tables["ssd_professionals"].append((
            worker, f"ST{number:05d}", _name(number), f"SW99{number:05d}" if post.is_registered else "",
            _flag(post.is_agency), labels[post.role], caseloads.get(worker, 0), teams[post.team], post.fte,
        ))  # fmt: skip


def _caseloads(world: World) -> Counter:
    """Cases held on the last 30 September, by worker."""
    as_at = date.fromordinal(world.as_at)
    september = date(as_at.year if (as_at.month, as_at.day) >= (9, 30) else as_at.year - 1, 9, 30).isoformat()
    held = {
        (row[1], row[4])
        for row in world.tables["ssd_involvements"]
        if row[2] == ALLOCATED and row[5] <= september and (not row[6] or row[6] > september)
    }
    return Counter(worker for worker, _ in held)


def _links(world: World, workforce: Workforce) -> None:
    roles = sorted(role.id for role in workforce.council.roles if role.is_linked_to_teams)
    teams = [team for team in workforce.council.organisation.teams if team.kind != "reviewing"]
    for role in roles:
        for number, team in enumerate(teams):
            for post in workforce.chain(role, number):
                world.tables["team_link"].append((team.id, role, post.worker, world.on(post.start), world.on(post.end)))


def _name(number: int) -> str:
    forename = (FORENAMES_F + FORENAMES_M)[number * 7 % 48]
    return f"{forename} {STAFF_SURNAMES[number * 11 % len(STAFF_SURNAMES)]}"


def _flag(is_so: bool) -> str:
    return "Y" if is_so else "N"

"""Records of the people who work: members of staff, teams, absences."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from random import Random

from sightline.framework import Council
from synthetic.practice import day_of, read_columns
from synthetic.world import COLUMNS, World

# Short spells of sickness and the chances of a long one and of parental leave, for each year in post (assumptions,
# near the published 3 days in a hundred).
SHORT_SPELLS, LONG_SPELL, PARENTAL = 1.1, 0.07, 0.035


LEAVING = ("resigned", "resigned", "resigned", "retired", "other")


def write_support_staff(world: World, council: Council) -> None:
    """Fill the tables of the workforce; each kind of record has a stream of chance of its own."""
    _absences(world, world.rng(31, 1))
    _staff(world, world.rng(31, 2))
    _teams(world, council)


def _staff(world: World, rng: Random) -> None:
    """Each worker with the first and the last day of all posts together."""
    held: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    names = ("professional_id", "role", "started_on", "ended_on")
    for worker, *post in read_columns(world.tables, COLUMNS, "staff_post", *names):
        held[worker].append(tuple(post))
    names = ("professional_id", "professional_name", "social_worker_registration_no", "agency_worker_flag")
    for worker, name, registration, agency in read_columns(
        world.tables, COLUMNS, "ssd_professionals", *(f"prof_{n}" for n in names)
    ):
        posts = sorted(held[worker], key=lambda post: post[1])
        joined, left = posts[0][1], "" if any(not end for *_, end in posts) else max(end for *_, end in posts)
        reason = ("contract_ended" if agency == "Y" else rng.choice(LEAVING)) if left else ""
        is_new = bool(registration) and agency == "N" and rng.random() < 0.15
        years = rng.randint(0, 1) if is_new else rng.randint(2, 25)
        first = day_of(joined)
        world.tables["staff"].append((
            worker, name, registration, posts[-1][0], agency, joined, left, reason,
            date.fromordinal(first - years * 365 - rng.randint(20, 200)).isoformat() if registration else "",
            joined if is_new else "", world.days.text(first + 365) if is_new else "",
        ))  # fmt: skip


def _teams(world: World, council: Council) -> None:
    """Services and their teams, with the managers and posts of the as-at date."""
    manager = next(role.id for role in council.roles if role.level == "team" and not role.holds_cases)
    posts: dict[str, list[tuple[str, str, float]]] = defaultdict(list)
    names = ("team_id", "professional_id", "role", "fte", "ended_on")
    for team, worker, role, fte, end in read_columns(world.tables, COLUMNS, "staff_post", *names):
        if not end:
            posts[team].append((worker, role, float(fte)))
    labels = {service.id: service.label for service in council.organisation.services}
    for service, label in labels.items():
        world.tables["team"].append((service, label, "", "", "service", "", _fte(posts[service]), "", ""))
    for team in council.organisation.teams:
        lead = next((worker for worker, role, _ in posts[team.id] if role == manager), "")
        world.tables["team"].append((
            team.id, team.label, team.service, labels[team.service], team.kind, lead, _fte(posts[team.id]), "", "",
        ))  # fmt: skip


def _fte(posts: list[tuple[str, str, float]]) -> str:
    return f"{sum(fte for *_, fte in posts):.1f}"


def _absences(world: World, rng: Random) -> None:
    """Absences of permanent staff within each holding of a post, one after another."""
    names = ("professional_id", "fte", "started_on", "ended_on", "is_agency")
    for worker, fte, start, end, is_agency in read_columns(world.tables, COLUMNS, "staff_post", *names):
        if not worker or is_agency == "Y":
            continue
        day, last = max(day_of(start), world.detail_from), day_of(end) or world.as_at
        while (day := world.days.on_or_after(day + 1 + int(rng.expovariate(_rate() / 365)))) <= last:
            reason, length = _length(rng)
            finish = min(day + length - 1, day_of(end) or day + length - 1)
            lost = world.days.count(day - 1, min(finish, world.as_at)) * float(fte)
            world.tables["staff_absence"].append((
                world.next_id("ABS"), worker, reason, world.on(day), world.on(finish), f"{lost:.1f}",
            ))  # fmt: skip
            day = finish


def _rate() -> float:
    return SHORT_SPELLS + LONG_SPELL + PARENTAL


def _length(rng: Random) -> tuple[str, int]:
    """(reason, calendar days)."""
    chance = rng.random() * _rate()
    if chance < PARENTAL:
        return "parental", rng.randint(120, 330)
    if chance < PARENTAL + LONG_SPELL:
        return "sickness", rng.randint(20, 110)
    return ("sickness" if rng.random() < 0.93 else "other"), rng.choice((1, 1, 2, 2, 3, 4, 5, 7))

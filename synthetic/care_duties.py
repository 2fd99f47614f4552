"""Records of what is owed to a child in care: reviews, visits, health, immunisations, SDQ, return interviews."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from random import Random

from synthetic.care_path import Care, first_anniversary
from synthetic.days import add_months, age_on
from synthetic.families import Child
from synthetic.protection import participation
from synthetic.workforce import Workforce
from synthetic.world import World

FIRST_REVIEW_DAYS = 20
YEAR = 365


def write_duties(
    world: World, workforce: Workforce, person: str, child: Child, period: str, care: Care, rng: Random
) -> None:
    """Everything owed in one period of care."""
    last = min(care.end, world.as_at)
    team = workforce.team_for(("looked_after", "protection"), child.place)
    _reviews(world, person, child, period, (care.start, last), rng)
    _visits(world, workforce, person, child, period, care, last, team, rng)
    _health(world, person, child, (care.start, last), rng)
    _sdq(world, person, child, (care.start, last), rng)
    _missing(world, person, child, (care.start, last), rng)


def _reviews(world: World, person: str, child: Child, period: str, span: tuple[int, int], rng: Random) -> None:
    start, last = span
    due, months = world.days.add(start, FIRST_REVIEW_DAYS), 3
    while True:
        late = rng.random() < 0.07
        held = due + rng.randint(1, 28) if late else due - rng.randint(0, 3 if months == 3 else 12)
        held = world.days.on_or_after(held) if late else world.days.on_or_before(held)
        if held > last:
            return
        _review(world, person, child, period, (due, held), rng)
        due, months = add_months(held, months), 6


def _review(world: World, person: str, child: Child, period: str, days: tuple[int, int], rng: Random) -> None:
    due, held = days
    rows = world.tables["ssd_cla_reviews"]
    if rng.random() < 0.02 and due - 9 > world.first:
        rows.append((world.next_id("CLAR"), period, person, world.days.text(due), world.on(held - 4), "Y", ""))
    rows.append((
        world.next_id("CLAR"), period, person, world.days.text(due), world.on(held), "N",
        participation(child, held, rng),
    ))  # fmt: skip


def _visits(
    world: World, workforce: Workforce, person: str, child: Child, period: str, care: Care, last: int, team: str,
    rng: Random,
) -> None:  # fmt: skip
    """Visits by regulation 28 of the Care Planning Regulations 2010, most of them in time."""
    rows = world.tables["ssd_cla_visits"]
    for placement in care.placements:
        day = world.days.on_or_after(placement.start + rng.randint(0, 7))
        while day <= min(placement.end, last):
            if day >= world.detail_from:
                seen = "Y" if rng.random() < 0.97 else "N"
                alone = "Y" if seen == "Y" and age_on(child.dob, day) >= 4 and rng.random() < 0.75 else "N"
                rows.append((world.next_id("CLAV"), period, person, world.on(day), seen, alone))
            limit = 90 if placement.kind in ("U1", "U4") and day >= first_anniversary(placement.start) else 42
            limit = 28 if placement.kind == "P1" else limit
            on_time = rng.random() < (0.75 if workforce.in_trouble(team, day) else 0.86)
            step = rng.randint(limit // 2, limit - 3) if on_time else rng.randint(limit + 1, limit + 30)
            day = world.days.on_or_before(day + step)


def _rounds(
    world: World, rng: Random, span: tuple[int, int], usual: int, share: float, child: Child | None = None
) -> Iterator[int]:
    """Days of a yearly check so that at any time `share` of children had theirs within the year.

    Under-fives get it twice a year. A check that is late comes about 200 days late: with a chance q of being late,
    the share of time without one is q * 200 / (usual + q * 215).
    """
    missing = min(0.6, 1 - share)
    chance = min(0.9, 350 * missing / (200 - 215 * missing)) if missing < 0.55 else 0.9
    day, last = span[0] + rng.randint(5, 26 if rng.random() < 0.72 else 70), span[1]
    while day <= last:
        day = world.days.on_or_after(day)
        if day <= last and day >= world.detail_from:
            yield day
        is_small = child is not None and age_on(child.dob, day) < 5
        step = 165 if is_small else usual
        late = rng.randint(100, 300) if rng.random() < (chance * 0.5 if is_small else chance) else 0
        day += rng.randint(step - 20, step + 5) + late


def _health(world: World, person: str, child: Child, span: tuple[int, int], rng: Random) -> None:
    share = world.calibration.share
    rows = world.tables["ssd_cla_health"]
    checks = (("Health Assessment", "health_assessment", child), ("Dental Check", "dental_check", None))
    for kind, figure, twice in checks:
        for day in _rounds(world, rng, span, 345, share(figure, "health"), twice):
            if kind == "Dental Check" and age_on(child.dob, day) < 1:
                continue
            status = "Refused" if age_on(child.dob, day) >= 13 and rng.random() < 0.05 else "Completed"
            rows.append((world.next_id("HEA"), person, kind, world.on(day), status))


def write_immunisation(world: World, person: str, last: int, rng: Random) -> None:
    """One row for each child who was looked after: are the immunisations up to date?"""
    is_done = rng.random() < world.calibration.share("immunised", "health")
    day = max(last - rng.randint(20, 300), world.detail_from)
    world.tables["ssd_cla_immunisations"].append((person, "Y" if is_done else "N", world.on(min(day, world.as_at))))


def _sdq(world: World, person: str, child: Child, span: tuple[int, int], rng: Random) -> None:
    figures = world.calibration.figures["health"]
    own = rng.gauss(figures["sdq_average"], 6.0)
    day = span[0] + rng.randint(40, 200)
    while day <= span[1]:
        if 4 <= age_on(child.dob, day) <= 16 and day >= world.detail_from:
            is_received = rng.random() < max(0.6, figures["sdq_received"] / 100 - 0.01)
            score = str(max(0, min(40, round(rng.gauss(own, 2.5))))) if is_received else ""
            reason = "" if is_received else f"SDQ{rng.randint(2, 5)}"
            world.tables["ssd_sdq_scores"].append(
                (world.next_id("SDQ"), person, world.on(world.days.on_or_before(day)), score, reason)
            )
        day += rng.randint(330, 372)


def _missing(world: World, person: str, child: Child, span: tuple[int, int], rng: Random) -> None:
    """Missing episodes of the few teenagers who go missing, some of them often."""
    share = world.calibration.share("missing")
    if rng.random() > share * 2.2:
        return
    gap = 365 / rng.choice((1.2, 2, 2, 4, 9))
    day = max(span[0], world.detail_from) + int(rng.expovariate(1 / gap))
    while day < span[1]:
        if age_on(child.dob, day) >= 11:
            _missing_episode(world, person, day, span[1], rng)
        day += 4 + int(rng.expovariate(1 / gap))


def _missing_episode(world: World, person: str, day: int, last: int, rng: Random) -> None:
    start = datetime.combine(datetime.fromordinal(day), time(rng.randint(15, 23), rng.randint(0, 59)))
    end = start + timedelta(minutes=int(rng.expovariate(1 / 1500)) + 90)
    is_over = end.toordinal() < last
    offered = "Y" if rng.random() < 0.91 else "N"
    accepted = "NA" if offered == "N" else "Y" if rng.random() < 0.72 else "N"
    episode = world.next_id("MIS")
    world.tables["ssd_missing"].append((
        episode, person, start.isoformat(), "M" if rng.random() < 0.9 else "A", end.isoformat() if is_over else "",
        offered if is_over else "", accepted if is_over else "",
    ))  # fmt: skip
    if is_over and accepted == "Y":
        hours = rng.randint(6, 70) if rng.random() < 0.78 else rng.randint(74, 240)
        held = end + timedelta(hours=hours)
        if held.toordinal() <= world.as_at:
            world.tables["return_interview"].append((episode, held.isoformat()))

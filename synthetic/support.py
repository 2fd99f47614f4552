"""Records of child-in-need plans and their visits."""

from __future__ import annotations

from random import Random

from synthetic.allocation import Allocation, holder
from synthetic.days import age_on, birthday
from synthetic.families import Child
from synthetic.journey import Spell
from synthetic.workforce import Workforce
from synthetic.world import World

SHORTEST_PLAN = 21


def write_cin_plans(
    world: World, workforce: Workforce, person: str, child: Child, spell: Spell, referral: str,
    allocations: list[Allocation], rng: Random,
) -> None:  # fmt: skip
    """Plans while there is neither a protection plan nor care, with visits."""
    for start, end in _spans(child, spell, rng):
        if end - start < SHORTEST_PLAN or start > world.as_at or end < world.detail_from:
            continue
        team, worker = holder(allocations, spell, min(end, world.as_at))
        world.tables["ssd_cin_plans"].append(
            (world.next_id("CINP"), referral, person, world.on(start), world.on(end), team, worker)
        )
        _visits(world, workforce, person, child, (start, end, team), rng)


def _spans(child: Child, spell: Spell, rng: Random) -> list[tuple[int, int]]:
    """(start, end) of the plans of a spell."""
    if spell.kind in ("contact", "nfa", "not_in_need", "uasc") or rng.random() > 0.8:
        return []
    start, close = (spell.auth_on or spell.ref_on) + rng.randint(0, 12), min(spell.close_on, birthday(child.dob, 18))
    care = spell.care if spell.care and spell.care.way != "short_breaks" else None
    breaks = []
    if spell.has_plan:
        breaks.append((spell.icpc_on, spell.plan_end))
    if care:
        breaks.append((care.start, care.end))
    spans = []
    for first, last in sorted(breaks):
        spans.append((start, min(first, close)))
        start = max(start, last)
    return [*spans, (start, close)]


def _visits(
    world: World, workforce: Workforce, person: str, child: Child, plan: tuple[int, int, str], rng: Random
) -> None:
    start, end, team = plan
    limit, day, last = world.visit_days["cin"], start, min(end, world.as_at)
    rows = world.tables["ssd_cin_visits"]
    while True:
        on_time = 0.62 if workforce.in_trouble(team, day) else 0.8
        step = rng.randint(limit // 2, limit - 3) if rng.random() < on_time else rng.randint(limit, limit * 2)
        day = world.days.on_or_before(day + step)
        if day > last:
            return
        if day >= world.detail_from:
            rows.append((world.next_id("CINV"), person, world.on(day), *visit_flags(child, day, rng)))


def visit_flags(child: Child, day: int, rng: Random) -> tuple[str, str, str]:
    """(seen, seen alone, bedroom seen) of a visit; an unborn child cannot be seen."""
    age = age_on(child.dob, day)
    is_seen = age >= 0 and rng.random() < 0.96
    is_alone = is_seen and age >= 3 and rng.random() < 0.72
    return "Y" if is_seen else "N", "Y" if is_alone else "N", "Y" if is_seen and rng.random() < 0.55 else "N"

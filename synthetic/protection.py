"""Records of section 47 enquiries, conferences, protection plans, their visits and reviews."""

from __future__ import annotations

from random import Random

from synthetic.allocation import Allocation, holder
from synthetic.days import age_on
from synthetic.families import Child
from synthetic.frontdoor import outcome
from synthetic.journey import Spell
from synthetic.support import visit_flags
from synthetic.workforce import Workforce
from synthetic.world import World

TARGET_DAYS = 15
PARTICIPATION = ("PN1", "PN2", "PN3", "PN4", "PN5", "PN6", "PN7")


def participation(child: Child, day: int, rng: Random) -> str:
    """How the child took part in a meeting. Source of the codes: SSDA903 guide; PN0 is a child under four."""
    if age_on(child.dob, day) < 4:
        return "PN0"
    return rng.choices(PARTICIPATION, (34, 8, 3, 12, 26, 7, 10))[0]


def write_protection(
    world: World, workforce: Workforce, person: str, child: Child, spell: Spell, referral: str,
    allocations: list[Allocation], rng: Random,
) -> None:  # fmt: skip
    """Enquiries, the conference and the plan of a spell."""
    enquiry = _enquiries(world, person, spell, referral, allocations)
    if spell.icpc_on is None or spell.icpc_on > world.as_at:
        return
    plan = world.next_id("CPP") if spell.has_plan else ""
    conference = _conference(world, person, spell, (referral, enquiry, plan), allocations)
    if spell.has_plan:
        world.tables["ssd_cp_plans"].append((
            plan, referral, conference, person, world.on(spell.icpc_on), world.on(spell.plan_end), "N",
            spell.category, spell.latest_category,
        ))  # fmt: skip
        team, _ = holder(allocations, spell, min(spell.plan_end, world.as_at))
        _visits(world, workforce, person, child, spell, (plan, team), rng)
        _reviews(world, person, child, spell, plan, rng)


def _enquiries(world: World, person: str, spell: Spell, referral: str, allocations: list[Allocation]) -> str:
    """Section 47 rows. Returns the id of the enquiry that leads to the conference, blank for a transfer in."""
    last = ""
    for number, (start, end) in enumerate(spell.enquiries, 1):
        if start > world.as_at:
            continue
        is_last = number == len(spell.enquiries)
        leads_on = is_last and spell.icpc_on is not None
        result = "Concerns substantiated, conference" if leads_on else "Concerns not substantiated"
        is_done, enquiry = end <= world.as_at, world.next_id("S47")
        team, worker = holder(allocations, spell, start)
        world.tables["ssd_s47_enquiry"].append((
            enquiry, referral, person, world.on(start), world.on(end), ("N" if leads_on else "Y") if is_done else "",
            outcome(result) if is_done else "", team, worker,
        ))  # fmt: skip
        last = enquiry if leads_on else last
    return last


def _conference(
    world: World, person: str, spell: Spell, ids: tuple[str, str, str], allocations: list[Allocation]
) -> str:
    referral, enquiry, plan = ids
    conference = world.next_id("ICPC")
    clock = spell.ref_on if spell.kind == "transfer" else spell.enquiries[-1][0]
    team, worker = holder(allocations, spell, spell.icpc_on)
    world.tables["ssd_initial_cp_conference"].append((
        conference, f"MTG{spell.key:07d}", enquiry, person, plan, referral, "Y" if spell.kind == "transfer" else "N",
        world.days.text(world.days.add(clock, TARGET_DAYS)), world.on(spell.icpc_on),
        "Y" if spell.has_plan else "N", outcome("CP Plan" if spell.has_plan else "Child in Need Plan"), team, worker,
    ))  # fmt: skip
    return conference


def _visits(
    world: World, workforce: Workforce, person: str, child: Child, spell: Spell, plan: tuple[str, str], rng: Random
) -> None:
    limit, day, last = world.visit_days["cp"], spell.icpc_on, min(spell.plan_end, world.as_at)
    rows = world.tables["ssd_cp_visits"]
    while True:
        on_time = 0.72 if workforce.in_trouble(plan[1], day) else 0.89
        step = rng.randint(limit // 2, limit - 1) if rng.random() < on_time else rng.randint(limit + 1, limit * 2)
        day = world.days.on_or_before(day + step)
        if day > last:
            return
        if day >= world.detail_from:
            rows.append((world.next_id("CPV"), person, plan[0], world.on(day), *visit_flags(child, day, rng)))


def _reviews(world: World, person: str, child: Child, spell: Spell, plan: str, rng: Random) -> None:
    for number, (due, held) in enumerate(spell.reviews, 1):
        if held > world.as_at:
            return
        world.tables["ssd_cp_reviews"].append((
            world.next_id("CPR"), person, plan, world.days.text(due), world.on(held), f"RVW{spell.key:07d}-{number}",
            "N" if held == spell.plan_end else "Y", "Y" if rng.random() < 0.94 else "N",
            participation(child, held, rng),
        ))  # fmt: skip

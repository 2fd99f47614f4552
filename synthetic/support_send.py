"""Records of special educational needs: children, needs, requests, assessments and plans.

Timescales: Special Educational Needs and Disability Regulations 2014 (decision on a request within 6 weeks,
assessment within 16, plan within 20). Shares are assumptions.
"""

from __future__ import annotations

from random import Random

from synthetic.known import Known
from synthetic.world import World

NEEDS = ("SEMH", "SEMH", "ASD", "ASD", "SLCN", "SLCN", "MLD", "SPLD", "SLD", "PD", "HI", "VI", "OTH")
WEEK = 7
REQUESTED, AGREED, PLANNED = 0.12, 0.74, 0.9
AGES = range(2, 19)


def write_support_send(world: World, known: Known) -> None:
    """Children with a need in their record, and of the others a few; from requests to plans and their reviews."""
    rng = world.rng(33, 1)
    for person, has_send in known.has_send.items():
        chance, asked = rng.random(), world.days.on_or_after(rng.randint(world.detail_from, world.as_at - 1))
        if asked > world.as_at or known.age(person, asked) not in AGES or (not has_send and chance > REQUESTED):
            continue
        number = world.next_id("SEND")
        upn = known.upns[person]
        world.tables["ssd_send"].append((number, person, upn, "", "" if upn else "UN1"))
        _request(world, number, asked, rng)


def _request(world: World, child: str, asked: int, rng: Random) -> None:
    number, is_agreed = world.next_id("EHCR"), rng.random() < AGREED
    decided = world.days.on_or_before(asked + (6 * WEEK if rng.random() < 0.9 else 8 * WEEK) - rng.randint(0, 6))
    is_decided = decided <= world.as_at
    outcome = ("Assessment agreed" if is_agreed else "Assessment refused") if is_decided else ""
    world.tables["ssd_ehcp_requests"].append((number, child, world.on(asked), world.on(decided), outcome))
    if is_agreed and is_decided:
        _assessment(world, number, (asked, decided), rng)


def _assessment(world: World, request: str, days: tuple[int, int], rng: Random) -> None:
    asked, decided = days
    number, is_late = world.next_id("EHCA"), rng.random() < 0.4
    done = max(decided + WEEK, asked + (16 * WEEK if not is_late else rng.randint(17, 34) * WEEK))
    done = world.days.on_or_after(done)
    is_done, is_planned = done <= world.as_at, rng.random() < PLANNED
    outcome = ("Plan agreed" if is_planned else "Plan refused") if is_done else ""
    exception = "Y" if is_late and rng.random() < 0.15 else "N"
    world.tables["ssd_ehcp_assessment"].append((number, request, world.on(done), outcome, exception))
    if is_done and is_planned:
        _plan(world, request, number, world.days.on_or_after(done + rng.randint(2, 4) * WEEK), rng)


def _plan(world: World, request: str, assessment: str, start: int, rng: Random) -> None:
    if start > world.as_at:
        return
    ceased = start + rng.randint(400, 1500) if rng.random() < 0.1 else None
    is_over = ceased is not None and ceased <= world.as_at
    world.tables["ssd_ehcp_named_plan"].append((
        world.next_id("EHCN"), assessment, world.on(start), world.on(ceased), "Moved to another authority" if is_over
        else "",
    ))  # fmt: skip
    if is_over:
        return
    active, years = world.next_id("EHCP"), (world.as_at - start) // 365
    reviewed = start + years * 365 + rng.randint(-20, 40) if years else None
    world.tables["ssd_ehcp_active_plans"].append((active, request, world.on(reviewed)))
    for rank, need in enumerate(dict.fromkeys(rng.choices(NEEDS, k=rng.choice((1, 2)))), 1):
        world.tables["ssd_sen_need"].append((world.next_id("SENN"), active, need, rank))

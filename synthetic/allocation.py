"""Who holds a child's case: teams follow the child's way, workers change when they leave, some cases wait."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from synthetic.days import age_on, birthday
from synthetic.families import Child
from synthetic.journey import Spell
from synthetic.workforce import ADVISER, ALLOCATED, CHAIR, IRO, Holding, Workforce
from synthetic.world import World

# Most help that ends within this time stays with the team that made the assessment.
SHORT_HELP_DAYS = 240


@dataclass(slots=True)
class Allocation:
    """A worker's time with a child; `end` may lie after the as-at date."""

    team: str
    worker: str
    start: int
    end: int


def allocate(world: World, workforce: Workforce, child: Child, spell: Spell) -> list[Allocation]:
    """The allocated case workers of one spell, in order. Siblings with the same dates get the same workers."""
    found: list[Allocation] = []
    for number, (team, start, end) in enumerate(_phases(world, workforce, child, spell)):
        rng = world.rng(11, spell.key, number)
        found += _workers(world, workforce, rng, team, start, min(end, world.as_at + 1))
    return found


def holder(allocations: list[Allocation], spell: Spell, day: int) -> tuple[str, str]:
    """(team, worker) on a day; the team of the referral and no worker where the case waits."""
    for allocation in allocations:
        if allocation.start <= day <= allocation.end:
            return allocation.team, allocation.worker
    return spell.team, ""


def write_involvements(
    world: World, workforce: Workforce, person: str, child: Child, spell: Spell, referral: str,
    allocations: list[Allocation], rng: Random,
) -> None:  # fmt: skip
    """Rows of ssd_involvements: case workers, conference chair, reviewing officer, personal adviser."""
    for number, item in enumerate(allocations):
        following = allocations[number + 1] if number + 1 < len(allocations) else None
        reason = _reason(item, following)
        _add(world, person, referral, (item.worker, ALLOCATED, item.team, item.start, item.end, reason))
    if spell.has_plan and spell.icpc_on <= world.as_at:
        chairs = workforce.chain("cp_chair", spell.key)
        _add_chain(world, person, referral, CHAIR, chairs, spell.icpc_on, spell.plan_end)
    if spell.care and spell.care.way != "short_breaks" and spell.care.start <= world.as_at:
        care = spell.care
        _add_chain(world, person, referral, IRO, workforce.chain("iro", child.family), care.start, care.end)
        adult = birthday(child.dob, 18)
        if care.end >= adult and spell.close_on > adult and rng.random() < 0.93:
            for item in allocations:
                if item.start >= adult:
                    _add(world, person, referral, (item.worker, ADVISER, item.team, item.start, item.end, ""))


def _phases(world: World, workforce: Workforce, child: Child, spell: Spell) -> list[tuple[str, int, int]]:
    """(team, start, end) of each stage of the case."""
    if spell.kind in ("nfa", "contact"):
        return []
    handover = min(spell.close_on, (spell.auth_on or spell.ref_on) + spell.key % 6)
    longer = _longer_team(workforce, child, spell)
    care = spell.care if spell.care and spell.care.way != "short_breaks" else None
    if care is None:
        if spell.kind == "support" and spell.key % 5 < 3 and spell.close_on - spell.ref_on < SHORT_HELP_DAYS:
            handover = spell.close_on
        return _kept([(spell.team, spell.decided_on, handover), (longer, handover, spell.close_on)])
    to_care = care.start + (5 if spell.kind == "uasc" else 20 + spell.key % 50)
    to_care = min(to_care, care.end)
    looked_after = workforce.team_for(("looked_after", "protection"), child.place)
    adult = birthday(child.dob, 18)
    after = workforce.team_for(("leaving_care", "looked_after"), child.place) if care.end >= adult else longer
    return _kept([
        (spell.team, spell.decided_on, min(handover, to_care)),
        (longer, min(handover, to_care), to_care),
        (looked_after, to_care, care.end),
        (after, care.end, spell.close_on),
    ])  # fmt: skip


def _kept(phases: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    return [phase for phase in phases if phase[1] < phase[2]]


def _longer_team(workforce: Workforce, child: Child, spell: Spell) -> str:
    if child.disabilities and spell.need == "N2":
        return workforce.team_for(("disabled_children", "protection", "assessment"), child.place)
    if age_on(child.dob, spell.ref_on) >= 12 and spell.key % 3 == 0:
        return workforce.team_for(("adolescents", "protection", "assessment"), child.place)
    return workforce.team_for(("protection", "assessment"), child.place)


def _workers(world: World, workforce: Workforce, rng: Random, team: str, start: int, end: int) -> list[Allocation]:
    found, day = [], max(start, workforce.first)
    is_in_trouble = workforce.in_trouble(team, start)
    if rng.random() < (0.3 if is_in_trouble else 0.1):
        day += rng.randint(2, 30 if is_in_trouble else 16)
    while day < end:
        holding = workforce.pick(team, day, rng)
        if holding is None:
            day += 14
            continue
        stop = min(end, holding.end or end, day + 120 + int(rng.expovariate(1 / 700)))
        stop = end if end - stop < 7 and not (holding.end and holding.end < end) else stop
        if stop > day:
            found.append(Allocation(team, holding.worker, day, stop))
        day = stop + (rng.randint(2, 30) if rng.random() < 0.08 else 0)
    return found


def _reason(item: Allocation, following: Allocation | None) -> str:
    if following is None:
        return ""
    return "Transfer to another team" if following.team != item.team else "Change of worker"


def _add_chain(world: World, person: str, referral: str, role: str, chain: list[Holding], start: int, end: int) -> None:
    for holding in chain:
        first, last = max(start, holding.start), min(end, holding.end or end)
        if first < last:
            _add(world, person, referral, (holding.worker, role, holding.team, first, last, ""))


def _add(world: World, person: str, referral: str, involvement: tuple[str, str, str, int, int, str]) -> None:
    worker, role, team, start, end, reason = involvement
    if start > world.as_at or end < world.detail_from:
        return
    reason = reason if end <= world.as_at else ""
    world.tables["ssd_involvements"].append(
        (world.next_id("INV"), worker, role, team, person, world.on(start), world.on(end), reason, referral)
    )

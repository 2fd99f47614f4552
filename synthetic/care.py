"""Records of care: episodes, legal statuses, placements, care plan."""

from __future__ import annotations

import json
from random import Random

from synthetic.care_path import Care, Placement
from synthetic.families import Child
from synthetic.names import postcode
from synthetic.world import World

CHANGE_REASONS = ("PLANP", "CREQB", "CARPL", "CHILD", "OTHER", "STAND", "LAREQ")
PLANS = {
    "adoption": "Adoption", "guardianship": "Special guardianship", "long": "Long-term fostering",
    "middling": "Return to family", "short": "Return to family", "uasc": "Supported living in the community",
    "short_breaks": "Short breaks",
}  # fmt: skip


def write_care(world: World, person: str, spell_key: int, need: str, referral: str, care: Care, rng: Random) -> str:
    """Every record of a period of care except the duties. Returns the id of the period of care."""
    period = world.next_id("CLA")
    ids = _placements(world, person, period, care, rng)
    _legal(world, person, care)
    _episodes(world, person, period, need, referral, care, ids, rng)
    _care_plan(world, person, care, rng)
    return period


def _placements(world: World, person: str, period: str, care: Care, rng: Random) -> list[str]:
    ids: list[str] = []
    urn = ""
    for placement in care.placements:
        if placement.start > world.as_at:
            break
        ids.append(world.next_id("PLA"))
        if not placement.is_same_carer or not urn:
            urn = "" if placement.kind == "P1" else f"SC99{rng.randint(0, 9999):04d}"
        is_over = placement.end <= world.as_at and placement.end < care.end
        reason = rng.choices(CHANGE_REASONS, (40, 12, 8, 8, 22, 4, 6))[0] if is_over else ""
        world.tables["ssd_cla_placement"].append((
            ids[-1], period, person, world.on(placement.start), placement.kind, urn, _distance(placement, care, rng),
            _provider(placement, rng), postcode(rng.randint(0, 8), rng.randint(0, 500)), world.on(placement.end),
            reason,
        ))  # fmt: skip
    return ids


def _distance(placement: Placement, care: Care, rng: Random) -> str:
    """Miles from home; blank for children who came alone. Source: SSDA903 rule 406."""
    if care.way == "uasc":
        return ""
    if placement.kind == "P1":
        return "0.0"
    return f"{min(180.0, rng.expovariate(1 / (22 if placement.kind[0] in 'KSR' else 11))):.1f}"


def _provider(placement: Placement, rng: Random) -> str:
    if placement.kind == "P1":
        return "PR0"
    return rng.choices(("PR1", "PR2", "PR4", "PR5"), (46, 4, 42, 8) if placement.kind[0] == "U" else (20, 4, 66, 10))[0]


def _legal(world: World, person: str, care: Care) -> None:
    for status, start, end in care.legal:
        if start <= world.as_at:
            world.tables["ssd_legal_status"].append(
                (world.next_id("LEG"), person, status, world.on(start), world.on(end))
            )


def _episodes(
    world: World, person: str, period: str, need: str, referral: str, care: Care, ids: list[str], rng: Random
) -> None:
    """A new episode whenever placement or legal status changes; each ends with X1 on the day the next starts."""
    legal_changes = {start for _, start, _ in care.legal[1:]}
    moves = {placement.start: placement for placement in care.placements[1:]}
    starts = sorted({care.start, *legal_changes, *moves})
    seen_by_iro = world.on(max(care.start, min(care.end, world.as_at) - rng.randint(5, 120)))
    for number, start in enumerate(starts):
        if start > world.as_at:
            return
        end = starts[number + 1] if number + 1 < len(starts) else care.end
        reason = "X1" if number + 1 < len(starts) else care.reason
        place = sum(placement.start <= start for placement in care.placements) - 1
        world.tables["ssd_cla_episodes"].append((
            world.next_id("EPI"), person, ids[place], world.on(start),
            _start_reason(start == care.start, start in legal_changes, moves.get(start)), need, world.on(end),
            reason if end <= world.as_at else "", period, referral, seen_by_iro, world.on(care.start),
        ))  # fmt: skip


def _start_reason(is_first: bool, is_legal: bool, move: Placement | None) -> str:
    """Reason for a new episode. Source of the codes: SSDA903 guide."""
    if is_first:
        return "S"
    if move is None:
        return "L"
    if move.is_same_carer:
        return "U" if is_legal else "T"
    return "B" if is_legal else "P"


def _care_plan(world: World, person: str, care: Care, rng: Random) -> None:
    start = world.days.on_or_after(care.start + rng.randint(3, 30))
    if start > min(world.as_at, care.end) or rng.random() < 0.04:
        return
    text = json.dumps({"PLAN": PLANS[care.way], "PLAN_NUMBER": 1})
    world.tables["ssd_cla_care_plan"].append((world.next_id("CAR"), person, world.on(start), world.on(care.end), text))


def write_uasc_status(world: World, person: str, child: Child, arrival: int, adult: int, rng: Random) -> None:
    """Immigration status of a child who came alone; the status ends on the eighteenth birthday."""
    rows = world.tables["ssd_immigration_status"]
    rows.append((
        world.next_id("IMM"), person, world.on(arrival), world.on(adult), "Unaccompanied Asylum Seeking Child",
    ))  # fmt: skip
    if adult <= world.as_at:
        status = "Refugee Status" if rng.random() < 0.7 else "Adult Asylum Seeker"
        rows.append((world.next_id("IMM"), person, world.on(adult), "", status))

"""Records of leaving care and of permanence: care leavers, adoption and special guardianship, young mothers."""

from __future__ import annotations

from random import Random

from synthetic.allocation import Allocation
from synthetic.care_path import Care
from synthetic.days import birthday
from synthetic.families import Child, is_care_leaver
from synthetic.journey import Spell
from synthetic.workforce import Workforce
from synthetic.world import World

SUITABLE_HOMES = (
    ("K", 20), ("U", 18), ("T", 12), ("B", 10), ("Z", 9), ("C", 6), ("D", 12), ("R", 5), ("V", 2), ("Y", 6),
)  # fmt: skip
UNSUITABLE_HOMES = (("E", 3), ("S", 4), ("W", 4), ("X", 3), ("V", 2))
ACTIVE = (("F1", 12), ("F2", 40), ("F4", 8), ("F5", 22), ("P2", 6), ("P5", 12))
NOT_ACTIVE = (("G4", 22), ("G5", 58), ("G6", 20))


def write_care_leaver(
    world: World, workforce: Workforce, person: str, child: Child, spell: Spell, allocations: list[Allocation],
    rng: Random,
) -> None:  # fmt: skip
    """One row for each young person of 16 to 24 at the as-at date whom the leaving-care duties cover."""
    care = spell.care
    if not is_care_leaver(care, child.dob) or care.start > world.as_at - 91:
        return
    age = next((age for age in range(24, 15, -1) if birthday(child.dob, age) <= world.as_at), 0)
    if age < 16 or birthday(child.dob, 16) + 91 > world.as_at:
        return
    is_open = spell.close_on > world.as_at
    touch = rng.choices(("YES", "NO", "REFU", "NREQ", "RHOM", "DIED"), (93, 3, 1.5, 1.5, 0.8, 0.2))[0]
    home, suitability = _home(world, age, touch, rng)
    now = next((item for item in reversed(allocations) if item.end > world.as_at), None) if is_open else None
    team = workforce.team_for(("leaving_care", "looked_after"), child.place)
    adviser = workforce.pick(team, world.as_at, rng) if rng.random() < 0.93 else None
    world.tables["ssd_care_leavers"].append((
        world.next_id("CLV"), person, _eligibility(world, care, age), touch,
        world.on(world.as_at - rng.randint(1, 55 if touch == "YES" else 260)), home, suitability,
        _activity(world, age, touch, rng),
        world.on(world.as_at - (rng.randint(5, 178) if rng.random() < 0.84 else rng.randint(185, 400))),
        adviser.worker if adviser else "", team, now.worker if now else "",
    ))  # fmt: skip


def _eligibility(world: World, care: Care, age: int) -> str:
    if age >= 18:
        return "Former relevant child"
    return "Eligible child" if care.end > world.as_at else "Relevant child"


def _home(world: World, age: int, touch: str, rng: Random) -> tuple[str, str]:
    share, otherwise = world.calibration.share, 90
    band = "19_21" if age >= 19 else "17_18"
    unknown = share("unknown_19_21", "leaving_care") / 3
    chance = rng.random()
    if touch == "NO" or chance < unknown:
        return "R", ""
    suitable = share(f"suitable_{band}", "leaving_care", otherwise=otherwise)
    homes = SUITABLE_HOMES if rng.random() < suitable * 1.01 else UNSUITABLE_HOMES
    code = rng.choices([code for code, _ in homes], [weight for _, weight in homes])[0]
    return code, "Suitable" if homes is SUITABLE_HOMES else "Unsuitable"


def _activity(world: World, age: int, touch: str, rng: Random) -> str:
    if touch == "NO":
        return "0"
    share = world.calibration.share("eet_19_21" if age >= 19 else "eet_17_18", "leaving_care")
    kinds = ACTIVE if rng.random() < min(1.0, share * 1.05) else NOT_ACTIVE
    return rng.choices([code for code, _ in kinds], [weight for _, weight in kinds])[0]


def write_permanence(
    world: World, person: str, spell: Spell, period: str, siblings: int, allocations: list[Allocation], rng: Random
) -> None:
    """Adoption from the decision on, and special guardianship orders that were made."""
    care = spell.care
    if care.way == "adoption" and care.decided_on and care.decided_on <= world.as_at:
        _adoption(world, person, care, period, siblings, allocations, rng)
    elif care.way == "guardianship" and care.end <= world.as_at and care.reason.startswith("E4"):
        order = [""] * 19 + [world.on(care.end), "Special guardianship order", ""]
        world.tables["ssd_permanence"].append((world.next_id("PER"), person, period, *order[2:]))


def _adoption(
    world: World, person: str, care: Care, period: str, siblings: int, allocations: list[Allocation], rng: Random
) -> None:
    placed = care.placements[-1]
    order_on = next((start for status, start, _ in care.legal if status == "E1"), None)
    matched = max(care.decided_on, placed.start - rng.randint(20, 60))
    by_carer = placed.kind == "A5"
    together = 1 + (siblings > 1 and rng.random() < 0.5)
    is_over = care.end <= world.as_at
    is_matched = matched <= world.as_at
    worker = next((item.worker for item in reversed(allocations) if item.start <= world.as_at), "")
    world.tables["ssd_permanence"].append((
        world.next_id("PER"), person, period, world.on(care.decided_on), "Y" if siblings > 1 else "N", together,
        max(0, siblings - together), "", world.on(order_on), world.on(matched),
        rng.choice(("MM", "FF", "MF", "MF", "F1")) if is_matched else "",
        rng.choice(("L11", "L12", "L0")) if is_matched else "", rng.choice((1, 2, 2)) if is_matched else "",
        world.on(placed.start), ("Y" if by_carer else "N") if placed.start <= world.as_at else "",
        world.on(placed.start) if by_carer else "", "", f"SC99{rng.randint(0, 9999):04d}" if is_matched else "", "", "",
        world.on(care.end), "Adoption order" if is_over else "", worker,
    ))  # fmt: skip


def write_mother(world: World, person: str, child: Child, care: Care, rng: Random) -> bool:
    """Now and then a young mother in care. Returns whether she is one."""
    first, last = max(care.start, birthday(child.dob, 15)), min(care.end, world.as_at)
    if child.sex != "F" or last - first < 200 or rng.random() > 0.12:
        return False
    baby = next((baby for baby in world.babies if first < baby[0] < last), None)
    if baby is None:
        return False
    world.babies.remove(baby)
    world.tables["ssd_mother"].append((world.next_id("MOT"), person, baby[1], world.on(baby[0])))
    return True

"""A family's way through services: what happens after a referral, before any record is written.

A `Spell` runs from a referral to the closing of the case. Siblings share its dates; each child's copy may part from
the family's (no plan for one of them, no need, other ways out of care). Days are ordinals; `world.as_at` cuts them
off only when records are written, so that whatever is under way at the as-at date is open.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from synthetic.calibration import LATER_REVIEW_ENDS, PLAN_TO_CARE
from synthetic.care_path import Care
from synthetic.code_years import closure, referral_source
from synthetic.days import add_months
from synthetic.workforce import Workforce
from synthetic.world import World

# A day that never comes within the files.
NEVER = 6000
# No case outlasts childhood.
LONGEST = 6570
NEEDS = (("N1", 56), ("N2", 9), ("N3", 3), ("N4", 9), ("N5", 14), ("N6", 4), ("N7", 1), ("N8", 2), ("N0", 2))
CATEGORIES = (("NEG", 46), ("EMO", 40), ("PHY", 8), ("SAB", 4), ("MUL", 2))
OTHER_SOURCES = (
    ("1A", 8), ("1B", 3), ("1C", 3), ("1D", 2), ("4", 3), ("5A", 6), ("5B", 4), ("5C", 5), ("5D", 3), ("7", 4),
    ("8", 5), ("9", 4), ("10", 1),
)  # fmt: skip
HEALTH_SOURCES = (("3A", 3), ("3B", 3), ("3C", 2), ("3D", 3), ("3E", 6), ("3F", 2))


@dataclass(slots=True)
class Spell:
    """One case, from referral to closing.

    `kind`: contact, nfa, not_in_need, support, conference (no plan), protection, transfer (in), care, uasc.
    """

    kind: str
    ref_on: int
    source: str
    need: str
    key: int
    decided_on: int = 0
    assess_on: int | None = None
    auth_on: int | None = None
    enquiries: list[tuple[int, int]] = field(default_factory=list)
    icpc_on: int | None = None
    has_plan: bool = False
    reviews: list[tuple[int, int]] = field(default_factory=list)
    plan_end: int | None = None
    category: str = ""
    latest_category: str = ""
    care_on: int | None = None
    care: Care | None = None
    close_on: int = 0
    close_reason: str = "RC7"
    team: str = ""


def weighted(rng: Random, pairs: tuple[tuple[str, float], ...]) -> str:
    """One of (value, weight)."""
    rest = rng.random() * sum(weight for _, weight in pairs)
    for value, weight in pairs:
        rest -= weight
        if rest < 0:
            return value
    return pairs[-1][0]


def draw_source(world: World, rng: Random) -> str:
    """A referral source with the council's published shares of police, schools and health."""
    chance = rng.random()
    share = world.calibration.share
    for sources, name in (((("6", 1),), "source_police"), ((("2A", 9), ("2B", 1)), "source_school")):
        chance -= share(name)
        if chance < 0:
            return weighted(rng, sources)
    return weighted(rng, HEALTH_SOURCES if chance < share("source_health") else OTHER_SOURCES)


def draw_kind(world: World, rng: Random) -> str:
    """What a referral leads to."""
    figures, chance = world.calibration, rng.random()
    if chance < figures.share("referral_nfa"):
        return "nfa"
    if chance > 1 - figures.share("referral_not_in_need"):
        return "not_in_need"
    chance = rng.random()
    shares = (
        ("protection", figures.protection * 1.12), ("care", figures.care * 1.68),
        ("transfer", figures.transfer / figures.need), ("conference", figures.conference_only),
    )  # fmt: skip
    for kind, share in shares:
        chance -= share
        if chance < 0:
            return kind
    return "support"


def draw_spell(world: World, workforce: Workforce, rng: Random, kind: str, ref_on: int, key: int, place: int) -> Spell:
    """The family's spell after a referral on `ref_on`; `place` is the family's part of the area."""
    spell = Spell(kind, ref_on, referral_source(draw_source(world, rng), ref_on), weighted(rng, NEEDS), key)
    spell.team = workforce.team_for(("assessment", "front_door"), place)
    waits = rng.random()
    slow = 0.12 if workforce.in_trouble(spell.team, ref_on) else 0.0
    wait = 0 if waits < 0.6 - slow else 1 if waits < 0.88 - slow else 2 if waits < 0.95 else rng.randint(3, 6)
    spell.decided_on = world.days.add(ref_on, wait)
    if kind == "nfa":
        spell.close_on = spell.decided_on
        return spell
    _assess(world, workforce, rng, spell)
    follow = {"not_in_need": _not_in_need, "protection": _protection, "transfer": _transfer, "uasc": _uasc}
    follow.get(kind, _support)(world, rng, spell)
    return spell


def _assess(world: World, workforce: Workforce, rng: Random, spell: Spell) -> None:
    """Assessment, its clock running from the referral. Late ones gather in the team in trouble."""
    days, chance = world.days, world.calibration.share("assessment_in_45")
    teams = max(2, len(workforce.teams.get("assessment", ())))
    if workforce.trouble_from <= spell.ref_on and any(t.is_in_trouble for t in workforce.teams.get("assessment", ())):
        worse = min(0.3, chance / 2)
        chance += -worse if spell.team == workforce.trouble else worse / (teams - 1)
    if rng.random() < chance:
        length = rng.randint(1, 12) if rng.random() < 0.12 else int(rng.triangular(8, 45.9, 41))
    else:
        late = 26 if workforce.in_trouble(spell.team, spell.ref_on) else 13
        length = 46 + int(rng.expovariate(1 / late))
    spell.assess_on = days.add(spell.decided_on, rng.choice((0, 0, 0, 1, 2)))
    spell.auth_on = max(spell.assess_on, days.add(spell.ref_on, length))


def _not_in_need(world: World, rng: Random, spell: Spell) -> None:
    spell.close_on = spell.auth_on
    spell.close_reason = closure("RC8" if rng.random() < 0.65 else "RC9", spell.close_on)
    if rng.random() < world.calibration.enquiry_only * 0.85:
        _enquire(world, rng, spell, world.days.add(spell.ref_on, rng.randint(0, 3)))


def _support(world: World, rng: Random, spell: Spell) -> None:
    """Help for as long as the published lengths say, longest for disabled children."""
    bands, chance = world.calibration.support_bands, rng.random()
    if spell.need == "N2":
        chance = 0.45 + chance * 0.55
    share, shortest, longest = next((band for band in bands if chance <= band[0]), bands[-1])
    years = rng.uniform(shortest, longest)
    if share == bands[-1][0]:
        years = shortest + rng.expovariate(1 / (longest - shortest))
    length = min(LONGEST, int(years * 365))
    spell.close_on = max(spell.auth_on + rng.randint(0, 12), world.days.on_or_after(spell.ref_on + length))
    if spell.kind == "conference":
        _confer(world, rng, spell, world.days.add(spell.ref_on, rng.randint(0, 8)))
        spell.close_on = max(spell.close_on, spell.icpc_on + 20)
    elif rng.random() < world.calibration.enquiry_only * 1.1:
        early = rng.random() < 0.65
        later = spell.ref_on + rng.randint(20, max(21, spell.close_on - spell.ref_on - 10))
        _enquire(world, rng, spell, world.days.add(spell.ref_on if early else later, rng.randint(0, 3)))
    if spell.kind == "care":
        soon = rng.random() < 0.45
        spell.care_on = spell.ref_on + (rng.randint(0, 6) if soon else rng.randint(15, 320))


def _enquire(world: World, rng: Random, spell: Spell, start: int) -> None:
    """A section 47 enquiry; a few run on too long."""
    length = rng.randint(16, 45) if rng.random() < 0.07 else rng.randint(3, 12)
    spell.enquiries.append((start, world.days.add(start, length)))
    spell.close_on = max(spell.close_on, spell.enquiries[-1][1])


def _confer(world: World, rng: Random, spell: Spell, start: int) -> None:
    """An enquiry that leads to a conference, after the published numbers of working days."""
    bands = ((2, 10), (11, 15), (16, 20), (21, 32))
    shortest, longest = rng.choices(bands, world.calibration.figures["conference_days"])[0]
    length = max(rng.randint(shortest, longest), rng.randint(shortest, longest))
    spell.icpc_on = world.days.add(start, length)
    ended = spell.icpc_on if length > 15 else min(world.days.add(start, rng.randint(2, 11)), spell.icpc_on)
    spell.enquiries.append((start, ended))


def _protection(world: World, rng: Random, spell: Spell) -> None:
    start = spell.ref_on + (rng.randint(40, 300) if rng.random() < 0.35 else 0)
    _confer(world, rng, spell, world.days.add(start, rng.randint(0, 7)))
    _plan(world, rng, spell)


def _transfer(world: World, rng: Random, spell: Spell) -> None:
    """A family moves in on another council's plan: conference without enquiry, counted from the notification."""
    spell.source, spell.need = "9", "N1"
    spell.icpc_on = world.days.add(spell.ref_on, rng.randint(8, 15) if rng.random() < 0.8 else rng.randint(16, 26))
    _plan(world, rng, spell)


def _plan(world: World, rng: Random, spell: Spell) -> None:
    """A protection plan from the conference, ended at a review; then support tapers off."""
    figures, never = world.calibration, world.as_at + NEVER
    spell.need = "N1" if rng.random() < 0.85 else spell.need
    spell.has_plan, spell.plan_end = True, never
    spell.category = spell.latest_category = weighted(rng, CATEGORIES)
    if rng.random() < 0.12:
        spell.latest_category = weighted(rng, CATEGORIES)
    due, ends = add_months(spell.icpc_on, 3), figures.plan_ends_at_first_review
    on_time = figures.share("cp_review_in_time") ** 0.8
    while due < world.as_at + 400:
        held = _review_day(world, rng, due, on_time)
        spell.reviews.append((due, held))
        if rng.random() < ends:
            spell.plan_end = held
            break
        due, ends = add_months(held, 6), LATER_REVIEW_ENDS
    step_down = rng.randint(50, 240) if rng.random() < 0.72 else rng.randint(0, 30)
    spell.close_on = max(spell.auth_on, world.days.on_or_after(min(never, spell.plan_end + step_down)))
    if rng.random() < PLAN_TO_CARE:
        spell.care_on = spell.icpc_on + rng.randint(10, 300)


def _review_day(world: World, rng: Random, due: int, on_time: float) -> int:
    """When a review that is due on `due` is held."""
    if rng.random() < on_time:
        return world.days.on_or_before(due - rng.randint(0, 14))
    return world.days.on_or_after(due + rng.randint(1, 25))


def _uasc(world: World, rng: Random, spell: Spell) -> None:
    spell.source, spell.need = ("6" if rng.random() < 0.5 else "8"), "N8"
    spell.decided_on = spell.care_on = spell.ref_on
    spell.close_on = world.as_at + NEVER

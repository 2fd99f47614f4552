"""Families: who the children are, and each child's own copies of the family's spells."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from random import Random

from synthetic.care_path import Care, draw_care, short_breaks
from synthetic.days import birthday
from synthetic.journey import NEVER, Spell, draw_kind, draw_spell
from synthetic.workforce import Workforce
from synthetic.world import World

AGES = ((0, 1, 9), (1, 5, 21), (5, 10, 27), (10, 16, 36), (16, 17.7, 7))
SIZES = ((1, 46), (2, 29), (3, 16), (4, 7), (5, 2))
DISABILITIES = ("MOB", "HAND", "PC", "INC", "COMM", "LD", "HEAR", "VIS", "BEH", "CON", "AUT", "DDA")
DAYS_KNOWN_BEFORE_BIRTH = 130
SHARE_OF_CONTACTS_ONLY = 0.04
# Chances that a family comes back after a case closes: soon, or years later.
BACK_LATER = 0.42


@dataclass
class Child:
    """A made-up child. `dob` may lie after the as-at date: an unborn child."""

    dob: int
    sex: str
    ethnicity: str
    family: int
    place: int
    is_uasc: bool = False
    disabilities: list[str] = field(default_factory=list)
    spells: list[Spell] = field(default_factory=list)
    open_until: int = 0

    def known_from(self) -> int:
        """The first day on which a record about the child may be made."""
        return self.dob - DAYS_KNOWN_BEFORE_BIRTH


def draw_family(world: World, workforce: Workforce, number: int, arrival: int, rng: Random) -> list[Child]:
    """The children of a family first heard of on `arrival` who are known to services in the window."""
    figures, chance = world.calibration, rng.random()
    if chance < figures.uasc * 3.1:
        children = [_uasc(world, workforce, number, arrival, rng)]
    else:
        children = _siblings(world, number, arrival, rng)
        if chance > 1 - SHARE_OF_CONTACTS_ONLY:
            spell = Spell("contact", arrival, "", "", number, close_on=arrival)
            for child in children[:2]:
                child.spells.append(spell)
        else:
            _run(world, workforce, rng, children, arrival)
    return [child for child in children if _is_known(world, child)]


def _is_known(world: World, child: Child) -> bool:
    return any(world.first <= spell.close_on and spell.ref_on <= world.as_at for spell in child.spells)


def _run(world: World, workforce: Workforce, rng: Random, children: list[Child], start: int) -> None:
    """Referral after referral until the family does not come back."""
    place, ref_on = children[0].place, start
    for turn in range(7):
        kind = draw_kind(world, rng)
        if turn == 0 and kind in ("protection", "transfer"):
            _earlier_plan(world, workforce, rng, children, ref_on)
        key = children[0].family * 10 + turn + 1
        spell = draw_spell(world, workforce, rng, kind, ref_on, key, place)
        closes = [close for child in children if (close := _join(world, rng, child, spell)) is not None]
        ref_on = _back(world, rng, min(closes, default=spell.close_on), spell)
        if ref_on is None or ref_on > world.as_at:
            return


def _earlier_plan(world: World, workforce: Workforce, rng: Random, children: list[Child], ref_on: int) -> None:
    """A plan that ended before this referral, so that second plans come as often as published."""
    if rng.random() > world.calibration.earlier_plan:
        return
    key, place = children[0].family * 10, children[0].place
    for _ in range(4):
        earlier = ref_on - rng.randint(500, 2400)
        spell = draw_spell(world, workforce, rng, "protection", earlier, key, place)
        if spell.close_on < ref_on - 60 and any(child.dob < earlier for child in children):
            spell.care_on = None
            for child in children:
                _join(world, rng, child, spell)
            return


def _back(world: World, rng: Random, closed: int, spell: Spell) -> int | None:
    """The day of the next referral, or None."""
    soon = world.calibration.share("rereferral") * 1.72
    chance = rng.random()
    if chance < soon:
        day = closed + 10 + int(rng.expovariate(1 / 95))
    elif chance < soon + BACK_LATER:
        day = closed + 330 + int(rng.expovariate(1 / 450))
    else:
        return None
    if day > world.as_at:
        return None
    day = world.days.on_or_after(day)
    return world.days.on_or_after(day + rng.randint(10, 30)) if world.days.quiet(day, rng) else day


def _join(world: World, rng: Random, child: Child, spell: Spell) -> int | None:
    """Give the child an own copy of the spell, if the child takes part. The day it closes, or None."""
    eighteen = birthday(child.dob, 18)
    is_there = child.known_from() <= spell.ref_on < eighteen - 40
    if not is_there or child.open_until >= spell.ref_on or (child.spells and rng.random() < 0.1):
        return None
    own = copy.copy(spell)
    own.enquiries = list(spell.enquiries)
    if own.need == "N2" and not child.disabilities:
        child.disabilities = sorted({rng.choice(DISABILITIES) for _ in range(rng.choice((1, 1, 2)))})
    if own.kind in ("protection", "care", "conference") and rng.random() < 0.1:
        _lesser(world, rng, own)
    _grow_up(own, eighteen)
    _enter_care(world, rng, child, own, eighteen)
    child.spells.append(own)
    child.open_until = own.close_on
    return own.close_on


def _lesser(world: World, rng: Random, spell: Spell) -> None:
    """One of the siblings gets support only."""
    spell.kind, spell.icpc_on, spell.has_plan, spell.care_on = "support", None, False, None
    spell.reviews, spell.plan_end = [], None
    spell.close_on = max(spell.auth_on + 20, min(spell.close_on, spell.ref_on + rng.randint(150, 500)))
    spell.enquiries = [dates for dates in spell.enquiries if dates[1] < spell.close_on]


def _grow_up(spell: Spell, eighteen: int) -> None:
    """Cut everything off at the child's eighteenth birthday."""
    if spell.close_on < eighteen:
        return
    spell.close_on = eighteen
    spell.auth_on = min(spell.auth_on, eighteen) if spell.auth_on else None
    spell.enquiries = [dates for dates in spell.enquiries if dates[1] < eighteen]
    if spell.icpc_on and spell.icpc_on >= eighteen - 10:
        spell.icpc_on, spell.has_plan, spell.plan_end, spell.reviews = None, False, None, []
    if spell.has_plan:
        spell.plan_end = min(spell.plan_end, eighteen)
        spell.reviews = [dates for dates in spell.reviews if dates[1] < spell.plan_end or dates[1] == spell.plan_end]


def _enter_care(world: World, rng: Random, child: Child, spell: Spell, eighteen: int) -> None:
    """A period of care where the spell has one; the case stays open while it lasts and for some time after."""
    if spell.need == "N2" and spell.kind == "support" and rng.random() < 0.08 and spell.close_on - spell.auth_on > 200:
        spell.care = short_breaks(rng, spell.auth_on + 30, min(spell.close_on, spell.auth_on + 30 + 700))
    if spell.care_on is None or not child.dob < eighteen - 60:
        return
    start = max(spell.care_on, child.dob + 2)
    age = (start - child.dob) / 365.25
    comes = 1.0 if age < 1 or age >= 14 or spell.kind == "uasc" else 0.55 if age < 10 else 0.85
    if start >= eighteen - 60 or rng.random() > comes:
        spell.care_on = None
        return
    spell.care = draw_care(world, rng, start, child.dob, spell.kind)
    _after_care(world, rng, child, spell, eighteen)


def _after_care(world: World, rng: Random, child: Child, spell: Spell, eighteen: int) -> None:
    care = spell.care
    if spell.has_plan and spell.plan_end > care.start:
        _plan_ends_in_care(spell)
    spell.close_reason = {"adoption": "RC1", "guardianship": "RC4"}.get(care.way, "RC7")
    if care.end >= eighteen:
        spell.close_reason, leaves_at = "RC7", birthday(child.dob, 21) + rng.choice((0, 120, 300))
        spell.close_on = leaves_at if rng.random() < 0.85 and is_care_leaver(care, child.dob) else eighteen
    elif care.way in ("adoption", "guardianship"):
        spell.close_on = care.end
    else:
        after = world.days.on_or_after(care.end + rng.randint(20, 200))
        spell.close_on = max(care.end, min(eighteen, after))
    last = max([spell.auth_on or 0, *(end for _, end in spell.enquiries), spell.plan_end or 0, spell.icpc_on or 0])
    spell.close_on = max(spell.close_on, min(last, max(eighteen, care.end)))


def _plan_ends_in_care(spell: Spell) -> None:
    """The first review after the child comes into care ends the plan; one that was ended before stays as it is."""
    later = [dates for dates in spell.reviews if dates[1] >= spell.care.start]
    if spell.icpc_on >= spell.care.start:
        spell.icpc_on, spell.has_plan, spell.plan_end, spell.reviews = None, False, None, []
        spell.enquiries = spell.enquiries[:1]
    elif later and later[0][1] < spell.care.end:
        spell.plan_end = later[0][1]
        spell.reviews = [dates for dates in spell.reviews if dates[1] <= spell.plan_end]


def is_care_leaver(care: Care, dob: int) -> bool:
    """In care at 16 or later, for 13 weeks or more since 14. Source: Children (Leaving Care) Act 2000."""
    return (
        care.way != "short_breaks"
        and care.end > birthday(dob, 16)
        and (care.end - max(care.start, birthday(dob, 14)) >= 91)
    )


def _siblings(world: World, number: int, arrival: int, rng: Random) -> list[Child]:
    youngest, oldest, _ = rng.choices(AGES, [weight for *_, weight in AGES])[0]
    first = arrival - int(rng.uniform(youngest, oldest) * 365.25)
    if youngest == 0 and rng.random() < 0.3:
        first = arrival + rng.randint(20, DAYS_KNOWN_BEFORE_BIRTH)
    dobs, size = [first], rng.choices([s for s, _ in SIZES], [w for _, w in SIZES])[0]
    while len(dobs) < size:
        step = rng.randint(430, 1500)
        dobs.append(max(dobs) + step if rng.random() < 0.55 else min(dobs) - step)
    mix = world.calibration.figures["ethnicity"]
    ethnicity, place = rng.choices(list(mix), list(mix.values()))[0], int(rng.random() * 840)
    return [_child(rng, dob, ethnicity, number, place) for dob in dobs if dob > arrival - 17.8 * 365.25]


def _child(rng: Random, dob: int, ethnicity: str, number: int, place: int) -> Child:
    child = Child(dob, "M" if rng.random() < 0.53 else "F", ethnicity, number, place)
    if rng.random() < 0.06:
        child.disabilities = sorted({rng.choice(DISABILITIES) for _ in range(rng.choice((1, 1, 2)))})
    return child


def _uasc(world: World, workforce: Workforce, number: int, arrival: int, rng: Random) -> Child:
    dob = arrival - int(rng.triangular(14.2, 17.8, 16.9) * 365.25)
    ethnicity = rng.choice(("AOTH", "BAFR", "OOTH", "WOTH"))
    child = Child(dob, "M" if rng.random() < 0.92 else "F", ethnicity, number, int(rng.random() * 840), True)
    _join(world, rng, child, draw_spell(world, workforce, rng, "uasc", arrival, number * 10 + 1, child.place))
    return child


__all__ = ["NEVER", "Child", "draw_family", "is_care_leaver"]

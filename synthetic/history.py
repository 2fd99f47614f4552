"""One child at a time: the family's spells become rows of every table."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from synthetic.allocation import allocate, write_involvements
from synthetic.care import write_care, write_uasc_status
from synthetic.care_duties import write_duties, write_immunisation
from synthetic.days import Arrivals, birthday
from synthetic.families import Child, draw_family
from synthetic.frontdoor import write_assessments, write_contacts, write_early_help, write_referral
from synthetic.journey import Spell
from synthetic.leaving import write_care_leaver, write_mother, write_permanence
from synthetic.people import child_id, write_person
from synthetic.protection import write_protection
from synthetic.support import write_cin_plans
from synthetic.workforce import Workforce
from synthetic.world import World

# Families are first heard of up to this long before the window, so that its first day finds cases of every age.
DAYS_BEFORE = 3650
Progress = Callable[[str], None]


def write_children(world: World, workforce: Workforce, children: int, progress: Progress | None = None) -> None:
    """Fill the tables with `children` children known to services in the window, family after family."""
    arrivals = Arrivals(world.days, world.first - DAYS_BEFORE, world.as_at)
    done = family = 0
    while done < children:
        family += 1
        rng = world.rng(1, family)
        siblings = draw_family(world, workforce, family, arrivals.draw(rng), rng)
        for child in siblings[: children - done]:
            done += 1
            write_child(world, workforce, child, done, len(siblings))
            if progress and done % 1000 == 0:
                progress(f"{done} of {children} children")


def write_child(world: World, workforce: Workforce, child: Child, number: int, siblings: int) -> None:
    """Every record of one child. The child's own stream of chance depends on seed and number alone."""
    person, rng = child_id(number), world.rng(2, number)
    world.families[person] = child.family
    child.spells.sort(key=lambda spell: spell.ref_on)
    is_mother = False
    in_care: Spell | None = None
    for spell in child.spells:
        if spell.ref_on <= world.as_at:
            is_mother |= _write_spell(world, workforce, person, child, spell, siblings, rng)
            in_care = spell if _is_in_care(world, spell) else in_care
    if child.is_uasc:
        adult = birthday(child.dob, 18)
        write_uasc_status(world, person, child, child.spells[0].ref_on, adult, rng)
    if in_care:
        write_immunisation(world, person, min(in_care.care.end, world.as_at), rng)
    write_person(world, person, child, number, is_mother, rng)
    if siblings == 1 and child.dob > world.first - DAYS_BEFORE // 2:
        world.babies.append((child.dob, person))


def _is_in_care(world: World, spell: Spell) -> bool:
    return spell.care is not None and spell.care.start <= world.as_at and spell.care.way != "short_breaks"


def _write_spell(
    world: World, workforce: Workforce, person: str, child: Child, spell: Spell, siblings: int, rng: Random
) -> bool:
    """Every record of one spell. Returns whether it shows the child to be a young mother."""
    write_contacts(world, person, child, spell, rng)
    write_early_help(world, workforce, person, child, spell, rng)
    if spell.kind == "contact":
        return False
    allocations = allocate(world, workforce, child, spell)
    referral = write_referral(world, workforce, person, spell, allocations, rng)
    write_assessments(world, person, child, spell, referral, allocations, rng)
    write_cin_plans(world, workforce, person, child, spell, referral, allocations, rng)
    write_protection(world, workforce, person, child, spell, referral, allocations, rng)
    write_involvements(world, workforce, person, child, spell, referral, allocations, rng)
    if spell.care is None or spell.care.start > world.as_at:
        return False
    period = write_care(world, person, spell.key, spell.need, referral, spell.care, rng)
    if spell.care.way == "short_breaks":
        return False
    write_duties(world, workforce, person, child, period, spell.care, rng)
    write_permanence(world, person, spell, period, siblings, allocations, rng)
    write_care_leaver(world, workforce, person, child, spell, allocations, rng)
    return write_mother(world, person, child, spell.care, rng)

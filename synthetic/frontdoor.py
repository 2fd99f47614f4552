"""Records of contact, early help, referral, decision, assessment and its factors."""

from __future__ import annotations

import json
from itertools import accumulate
from random import Random

from synthetic.allocation import Allocation, holder
from synthetic.families import Child
from synthetic.journey import Spell, draw_source
from synthetic.workforce import Workforce
from synthetic.world import World

SOURCES = {
    "1A": "Family member, relative or carer", "1B": "Acquaintance", "1C": "Self", "1D": "Other individual",
    "2A": "Schools", "2B": "Education services", "3A": "GP", "3B": "Health visitor", "3C": "School nurse",
    "3D": "Other primary health", "3E": "A&E", "3F": "Other health", "4": "Housing", "5A": "Adult social care",
    "5B": "Other internal service", "5C": "External service of the authority", "5D": "Early help", "6": "Police",
    "7": "Other legal agency", "8": "Other agency", "9": "Anonymous", "10": "Unknown",
}  # fmt: skip
NO_REFERRAL = ("No Further Action", "Information and Advice", "EH Referral")
EARLY_HELP_REASONS = ("Parenting support", "School attendance", "Housing and debt", "Child's behaviour", "Health")
EARLY_HELP_ENDS = ("Needs met", "Needs met", "Family withdrew", "Moved to universal services", "No contact")
ORGANISATIONS = ("Council early help", "Council early help", "Made-up school cluster", "Made-up voluntary service")


def outcome(text: str) -> str:
    """An outcome as the data set holds it."""
    return json.dumps({"OUTCOME": text}) if text else ""


def write_contacts(world: World, person: str, child: Child, spell: Spell, rng: Random) -> None:
    """The contact behind the referral, and others that led to none."""
    if spell.kind != "contact":
        _contact(world, person, spell.ref_on - (rng.random() < 0.15), spell.source, "CIN Referral")
    others = rng.choice((1, 1, 2, 3)) if spell.kind == "contact" else rng.choice((0, 1, 1, 2, 2, 3))
    for _ in range(others):
        away = rng.randint(-15, 30) if rng.random() < 0.5 else rng.randint(20, 500)
        day = world.days.on_or_after(max(spell.ref_on + away, child.known_from()))
        if world.days.quiet(day, rng):
            day = world.days.on_or_after(day + 25)
        if spell.kind == "contact" and not world.first <= day <= world.as_at:
            day = spell.ref_on
        _contact(world, person, day, draw_source(world, rng), rng.choices(NO_REFERRAL, (4, 4, 2))[0])


def _contact(world: World, person: str, day: int, source: str, result: str) -> None:
    if world.detail_from <= day <= world.as_at:
        if day > world.as_at - 2 and result != "CIN Referral":
            result = ""
        world.tables["ssd_contacts"].append(
            (world.next_id("CON"), person, world.on(day), source, SOURCES[source], outcome(result))
        )


def write_early_help(world: World, workforce: Workforce, person: str, child: Child, spell: Spell, rng: Random) -> None:
    """Early help before the referral (some step up), or after the case (step down)."""
    if rng.random() < 0.12:
        steps_up = spell.kind != "contact" and rng.random() < 0.45
        end = spell.ref_on if steps_up else spell.ref_on - rng.randint(30, 400)
        start = max(end - rng.randint(40, 300), child.known_from())
        _early_help(world, workforce, person, child, (start, end), "Step up to social care" if steps_up else "", rng)
    steps_down = 0.8 if spell.close_reason == "RC9" else 0.5 if spell.kind == "contact" else 0.2
    if child.open_until <= spell.close_on and rng.random() < steps_down and spell.care is None:
        start = spell.close_on + rng.randint(0, 10)
        _early_help(world, workforce, person, child, (start, start + rng.randint(60, 330)), "", rng)


def _early_help(
    world: World, workforce: Workforce, person: str, child: Child, span: tuple[int, int], end: str, rng: Random
) -> None:
    start, stop = span[0], world.days.on_or_after(span[1])
    if start > world.as_at or stop < world.detail_from or start >= stop:
        return
    holding = workforce.pick(workforce.team_for(("early_help",), child.place), max(start, workforce.first), rng)
    world.tables["ssd_early_help_episodes"].append((
        world.next_id("EH"), person, world.on(start), world.on(stop), rng.choice(EARLY_HELP_REASONS),
        (end or rng.choice(EARLY_HELP_ENDS)) if stop <= world.as_at else "", rng.choice(ORGANISATIONS),
        holding.worker if holding else "",
    ))  # fmt: skip


def write_referral(
    world: World, workforce: Workforce, person: str, spell: Spell, allocations: list[Allocation], rng: Random
) -> str:
    """The referral and its decision. Returns the referral's id."""
    referral = world.next_id("REF")
    decision, result = _decision(spell, rng)
    is_decided, is_closed = spell.decided_on <= world.as_at, spell.close_on <= world.as_at
    is_nfa = spell.kind == "nfa"
    team = workforce.council.front_door_team if is_nfa else spell.team
    _, worker = holder(allocations, spell, (allocations[0].start if allocations else spell.ref_on))
    world.tables["ssd_cin_episodes"].append((
        referral, person, world.on(spell.ref_on), spell.need, spell.source, SOURCES[spell.source],
        outcome(result) if is_decided else "", ("Y" if is_nfa else "N") if is_decided else "",
        spell.close_reason if is_closed else "", world.on(spell.close_on), team, worker,
    ))  # fmt: skip
    if is_decided:
        world.tables["referral_decision"].append((referral, world.on(spell.decided_on), decision))
    return referral


def _decision(spell: Spell, rng: Random) -> tuple[str, str]:
    if spell.kind == "nfa":
        if rng.random() < 0.35:
            return "early_help", "Step-down to Early Help"
        return "no_further_action", rng.choice(
            ("No Further Action", "Advice and Information or signpost to other services")
        )
    if spell.enquiries and spell.enquiries[0][0] - spell.ref_on <= 3:
        return "strategy_discussion", "Strategy discussion and/or Section 47 enquiry"
    return "assessment", "Assessment required"


def write_assessments(
    world: World, person: str, child: Child, spell: Spell, referral: str, allocations: list[Allocation], rng: Random
) -> None:
    """The assessment of the referral, and later ones while the case stays open."""
    if spell.assess_on is None:
        return
    is_needed = spell.kind != "not_in_need"
    _assessment(world, person, child, spell, (referral, spell.assess_on, spell.auth_on, is_needed), allocations, rng)
    again = (spell.auth_on or spell.assess_on) + rng.randint(220, 500)
    while again < min(spell.close_on - 70, world.as_at):
        if rng.random() < 0.5:
            start = world.days.on_or_after(again)
            done = world.days.add(start, int(rng.triangular(12, 75, 40)))
            if done < spell.close_on:
                _assessment(world, person, child, spell, (referral, start, done, True), allocations, rng)
        again += rng.randint(250, 500)


def _assessment(
    world: World, person: str, child: Child, spell: Spell, what: tuple[str, int, int, bool],
    allocations: list[Allocation], rng: Random,
) -> None:  # fmt: skip
    referral, start, done, is_needed = what
    if start > world.as_at:
        return
    assessment, is_done = world.next_id("ASM"), done <= world.as_at
    team, worker = holder(allocations, spell, max(start, allocations[0].start) if allocations else start)
    is_seen = child.dob <= done and rng.random() < 0.95
    if not is_needed:
        result = "Step-down to Early Help" if spell.close_reason == "RC9" else "No Further Action"
    else:
        result = "Strategy discussion and/or Section 47 enquiry" if spell.enquiries else "Other"
    world.tables["ssd_cin_assessments"].append((
        assessment, person, referral, world.on(start), ("Y" if is_seen else "N") if is_done else "", world.on(done),
        outcome(result) if is_done else "", ("N" if is_needed else "Y") if is_done else "", team, worker,
    ))  # fmt: skip
    if is_done:
        world.tables["ssd_assessment_factors"].append(
            (world.next_id("FAC"), assessment, json.dumps(_factors(world, child, is_needed, rng)))
        )


def _factors(world: World, child: Child, is_needed: bool, rng: Random) -> list[str]:
    """Factors with the council's published frequencies; code 21 (none) stands alone."""
    if not is_needed and rng.random() < 0.3:
        return ["21"]
    figures = world.calibration.figures
    mean = sum(figures["factors"].values()) / figures["factor_episodes"]
    number = max(1, min(9, round(rng.gauss(mean * 1.08, mean / 2.2))))
    found = {"9A"} if child.is_uasc else set()
    codes, weights = list(figures["factors"]), list(accumulate(figures["factors"].values()))
    return sorted(found | set(rng.choices(codes, cum_weights=weights, k=number)), key=_code_order)


def _code_order(code: str) -> tuple[int, str]:
    return int(code.rstrip("ABCDEF")), code

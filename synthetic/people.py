"""Records of the child: person, addresses, disabilities. Names, numbers and addresses are invented."""

from __future__ import annotations

import json
from random import Random

from synthetic.days import age_on
from synthetic.families import Child
from synthetic.names import COUNTRIES, FORENAMES_F, FORENAMES_M, STREETS, SURNAMES, home_postcode, postcode
from synthetic.world import World


def child_id(number: int) -> str:
    """The council's identifier of the nth child: text of eight digits, leading zeros kept."""
    return f"{10234 + number * 7:08d}"


def write_person(world: World, person: str, child: Child, number: int, is_mother: bool, rng: Random) -> None:
    """One row of ssd_person; an unborn child has an expected date of birth, no sex and no ethnicity."""
    is_born = child.dob <= world.as_at
    forename = rng.choice(FORENAMES_F if child.sex == "F" else FORENAMES_M) if is_born else "Unborn"
    is_pupil = is_born and age_on(child.dob, world.as_at) >= 4
    has_upn = is_pupil and rng.random() < 0.95 and not child.is_uasc
    sex = child.sex if is_born else "U"
    ethnicity = _ethnicity(child, rng) if is_born else "NOBT"
    world.tables["ssd_person"].append((
        f"LEG{number:07d}", person, f"Z999{number:09d}" if has_upn else "", forename,
        SURNAMES[child.family % len(SURNAMES)], sex, sex, ethnicity, world.on(child.dob),
        f"999{number:07d}" if is_born else "",
        "" if has_upn else "UN1" if not is_pupil else "UN2", "Y" if child.disabilities and rng.random() < 0.7 else "N",
        "" if is_born else world.days.text(child.dob), "", "Y" if is_mother else "N",
        COUNTRIES[number % len(COUNTRIES)] if child.is_uasc else "",
    ))  # fmt: skip
    if is_born:
        _disabilities(world, person, child)
    _addresses(world, person, child, rng)


def _ethnicity(child: Child, rng: Random) -> str:
    chance = rng.random()
    return "NOBT" if chance < 0.03 else "REFU" if chance < 0.035 else child.ethnicity


def _disabilities(world: World, person: str, child: Child) -> None:
    for code in child.disabilities or ["NONE"]:
        world.tables["ssd_disability"].append((world.next_id("DIS"), person, code))


def _addresses(world: World, person: str, child: Child, rng: Random) -> None:
    """Where the family lives; one family in four moved once, mostly to another district. Some have no fixed home."""
    family = Random(child.family)
    start = max(child.known_from(), child.spells[0].ref_on - 900)
    move = child.spells[0].ref_on + family.randint(30, 900) if family.random() < 0.25 else None
    spans = [(start, None)] if move is None or not start < move <= world.as_at else [(start, move), (move, None)]
    write = postcode if child.is_uasc or child.family % 40 == 0 else home_postcode
    for number, (first, last) in enumerate(spans):
        postcode_there = write(child.family + 4 * number, child.family // 9 + number)
        street = f"{family.randint(1, 240)} {STREETS[(child.family + number) % len(STREETS)]}"
        world.tables["ssd_address"].append((
            world.next_id("ADR"), person, "Primary Address", world.on(first), world.on(last),
            postcode_there, json.dumps({"STREET": street, "TOWN": "Nowhere"}),
        ))  # fmt: skip

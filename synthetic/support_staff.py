"""Records of the people who work: absences."""

from __future__ import annotations

from random import Random

from synthetic.practice import day_of, read_columns
from synthetic.world import COLUMNS, World

# Short spells of sickness and the chances of a long one and of parental leave, for each year in post (assumptions,
# near the published 3 days in a hundred).
SHORT_SPELLS, LONG_SPELL, PARENTAL = 1.1, 0.07, 0.035


def write_support_staff(world: World) -> None:
    """Fill the tables of the workforce; each kind of record has a stream of chance of its own."""
    _absences(world, world.rng(31, 1))


def _absences(world: World, rng: Random) -> None:
    """Absences of permanent staff within each holding of a post, one after another."""
    names = ("professional_id", "fte", "started_on", "ended_on", "is_agency")
    for worker, fte, start, end, is_agency in read_columns(world.tables, COLUMNS, "staff_post", *names):
        if not worker or is_agency == "Y":
            continue
        day, last = max(day_of(start), world.detail_from), day_of(end) or world.as_at
        while (day := world.days.on_or_after(day + 1 + int(rng.expovariate(_rate() / 365)))) <= last:
            reason, length = _length(rng)
            finish = min(day + length - 1, day_of(end) or day + length - 1)
            lost = world.days.count(day - 1, min(finish, world.as_at)) * float(fte)
            world.tables["staff_absence"].append((
                world.next_id("ABS"), worker, reason, world.on(day), world.on(finish), f"{lost:.1f}",
            ))  # fmt: skip
            day = finish


def _rate() -> float:
    return SHORT_SPELLS + LONG_SPELL + PARENTAL


def _length(rng: Random) -> tuple[str, int]:
    """(reason, calendar days)."""
    chance = rng.random() * _rate()
    if chance < PARENTAL:
        return "parental", rng.randint(120, 330)
    if chance < PARENTAL + LONG_SPELL:
        return "sickness", rng.randint(20, 110)
    return ("sickness" if rng.random() < 0.93 else "other"), rng.choice((1, 1, 2, 2, 3, 4, 5, 7))

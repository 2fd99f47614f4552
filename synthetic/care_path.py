"""A child's time in care: why it ends, its legal statuses and its placements, as spans of days."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from synthetic.calibration import Calibration
from synthetic.code_years import end_of_care, placement_type
from synthetic.days import add_months, birthday
from synthetic.world import World

YEAR = 365.25
# Ways out of care at 18, and of a short or middling stay (code, weight). Source of the codes: SSDA903 guide.
AT_EIGHTEEN = (("E17", 24), ("E5", 34), ("E6", 12), ("E7", 8), ("E8", 18), ("E9", 4))
SHORT_STAY = (("E4A", 52), ("E4B", 20), ("E8", 16), ("E3", 4), ("E13", 8))
MIDDLING = (("E41", 34), ("E4A", 42), ("E8", 16), ("E3", 8))
GUARDIANSHIP = (("E45", 40), ("E46", 10), ("E47", 40), ("E48", 10))


@dataclass(slots=True)
class Placement:
    """One placement; `is_same_carer`: the child stayed with the carer of the placement before."""

    kind: str
    start: int
    end: int
    is_same_carer: bool = False


@dataclass(slots=True)
class Care:
    """One period of care. `end` may lie after the as-at date."""

    start: int
    end: int
    reason: str
    way: str
    legal: list[tuple[str, int, int]] = field(default_factory=list)
    placements: list[Placement] = field(default_factory=list)
    decided_on: int | None = None


def draw_care(world: World, rng: Random, start: int, dob: int, kind: str) -> Care:
    """A period of care from `start` for a child born on `dob`; `kind` is the spell's kind."""
    eighteen = birthday(dob, 18)
    age = (start - dob) / YEAR
    way = "uasc" if kind == "uasc" else _way(world.calibration, rng, age)
    care = Care(start, *_end(rng, way, start, eighteen), way)
    care.legal = _legal(world, rng, care, age)
    care.placements = _placements(world, rng, care, dob)
    return care


def short_breaks(rng: Random, start: int, end: int) -> Care:
    """An agreed series of short breaks: legal status V4, outside every count of looked-after children."""
    care = Care(start, end, "E8", "short_breaks")
    care.legal = [("V4", start, end)]
    care.placements = [Placement(rng.choice(("K2", "U6")), start, end)]
    return care


def _way(figures: Calibration, rng: Random, age: float) -> str:
    """How a stay goes. The share of long stays gives the published mean length."""
    long_stay = min(0.62, max(0.06, (figures.years_in_care - 0.70) / 4.7))
    long_stay += 0.3 if age >= 14 else 0.0
    adopted = min(0.55, figures.share("adopted") / 0.14) if age < 4 else 0.0
    guardian = figures.share("special_guardianship") * 2 if age < 12 else 0.01
    shares = (("adoption", adopted), ("guardianship", guardian), ("long", long_stay), ("middling", 0.18))
    chance = rng.random()
    for way, share in shares:
        chance -= share
        if chance < 0:
            return way
    return "short"


def _end(rng: Random, way: str, start: int, eighteen: int) -> tuple[int, str]:
    lengths = {"adoption": (470, 980), "guardianship": (200, 800), "middling": (180, 800)}
    if way in lengths:
        end = start + rng.randint(*lengths[way])
    elif way == "short":
        end = start + 3 + min(400, int(rng.expovariate(1 / 65)))
    else:
        leaves = way == "long" and rng.random() < 0.4
        end = start + int(rng.expovariate(1 / (5 * YEAR))) + 200 if leaves else eighteen
    if end >= eighteen:
        return eighteen, _pick(rng, AT_EIGHTEEN)
    reasons = {"guardianship": GUARDIANSHIP, "short": SHORT_STAY, "adoption": (("E11", 45), ("E12", 55))}
    return end, end_of_care(_pick(rng, reasons.get(way, MIDDLING)), end)


def _pick(rng: Random, pairs: tuple[tuple[str, int], ...]) -> str:
    return rng.choices([value for value, _ in pairs], [weight for _, weight in pairs])[0]


def _legal(world: World, rng: Random, care: Care, age: float) -> list[tuple[str, int, int]]:
    """Legal statuses that follow one another without a gap."""
    chance, steps = rng.random(), []
    if care.way in ("adoption", "guardianship"):
        later = "E1" if care.way == "adoption" else "C2"
        steps = [("C1", 0), (later, rng.randint(170, 300))]
        care.decided_on = care.start + rng.randint(150, 210) if care.way == "adoption" else None
    elif care.way == "long" and chance < 0.75:
        steps = [("V2", 0), ("C1", rng.randint(20, 120)), ("C2", rng.randint(240, 420))]
        steps = steps if chance < 0.3 else [("C1", 0), ("C2", rng.randint(170, 320))]
    elif care.way == "short" and chance < 0.12:
        steps = [("L1" if rng.random() < 0.6 else "L2", 0), (rng.choice(("V2", "C1")), 2)]
    elif care.way == "short" and age > 12 and chance > 0.95:
        steps = [("J1", 0)]
    else:
        steps = [("C1" if care.way != "uasc" and chance > 0.75 else "V2", 0)]
    return _spans([(status, world.days.on_or_after(care.start + after) if after > 2 else care.start + after)
                   for status, after in steps], care.end)  # fmt: skip


def _spans(steps: list[tuple[str, int]], end: int) -> list[tuple[str, int, int]]:
    kept = [step for n, step in enumerate(steps) if n == 0 or step[1] < end]
    ends = [start for _, start in kept[1:]] + [end]
    return [(status, start, stop) for (status, start), stop in zip(kept, ends, strict=True)]


def _placements(world: World, rng: Random, care: Care, dob: int) -> list[Placement]:
    """Placements that follow one another; one child in five moves often."""
    moves = [care.start]
    rate = 1.7 if rng.random() < 0.12 else 0.14
    sixteen = birthday(dob, 16)
    last = care.end - (rng.randint(200, 330) if care.way == "adoption" else 15)
    if rng.random() < 0.22 and (soon := care.start + rng.randint(2, 60)) < last:
        moves.append(soon)
    while (move := moves[-1] + 7 + int(rng.expovariate(rate / YEAR))) < last:
        moves.append(move)
    if care.start < sixteen < last and rng.random() < 0.5:
        moves = sorted({*moves, min(last, sixteen + rng.randint(0, 400))})
    if care.way == "adoption" and last > moves[-1]:
        moves.append(last)
    ends = [*moves[1:], care.end]
    found: list[Placement] = []
    for start, end in zip(moves, ends, strict=True):
        found.append(_placement(world, rng, care, dob, start, end, found))
    return found


def _placement(world: World, rng: Random, care: Care, dob: int, start: int, end: int, before: list) -> Placement:
    age = (start - dob) / YEAR
    if care.way == "adoption" and before and end == care.end:
        same = rng.random() < 0.15
        return Placement("A5" if same else "A6", start, end, same)
    kind = _placement_kind(world.calibration, rng, care, age, end - start)
    is_foster = kind[0] == "U" and before and before[-1].kind[0] == "U"
    return Placement(placement_type(kind, start, end), start, end, bool(is_foster and rng.random() < 0.12))


def _placement_kind(figures: Calibration, rng: Random, care: Care, age: float, length: int) -> str:
    """Placement type with the council's published mix, by age."""

    def part(name: str) -> float:
        return figures.share(name, "placements", otherwise=2)

    chance = rng.random()
    supported = part("supported") / 0.27 if age >= 15.8 else 0.0
    home = part("childrens_home") / 0.74 if age >= 9 else 0.01
    parents = 0.0 if care.way in ("uasc", "short") else part("parents") * 1.3
    for kind, share in (
        (rng.choice(("H5", "H5", "P2", "K3")), supported), ("K1" if chance > 0.97 else "K2", home), ("P1", parents),
        ("R3" if age < 2 else "S1" if age > 9 else "R1", part("other_residential")), ("Z1", part("other") / 2),
    ):  # fmt: skip
        chance -= share
        if chance < 0:
            return kind
    kin = 0.0 if care.way == "uasc" else 0.24
    if rng.random() < kin:
        return "U1" if length > 500 else "U3"
    return "U4" if length > 700 else "U6"


def first_anniversary(day: int) -> int:
    """Twelve months later, for visits that may be rarer after the first year of a placement."""
    return add_months(day, 12)

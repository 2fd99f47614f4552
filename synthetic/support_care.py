"""Records around care and protection: convictions, substance misuse, education plans, core groups, court work,
private fostering.

Timescales: designated teacher guidance 2018 (plan by the first review), SI 2005/1533 regulations 4, 7 and 8 (private
fostering visits), local procedures (core group within ten working days of the conference). Shares are assumptions.
"""

from __future__ import annotations

from datetime import date
from random import Random

from synthetic.days import add_months
from synthetic.known import Known, Span
from synthetic.world import World

SUBSTANCES = ("Alcohol", "Cannabis", "Cannabis", "Cannabis", "Ketamine", "Nitrous oxide", "Cocaine")
OFFENCES = ("Criminal damage", "Theft", "Possession of a controlled drug", "Common assault", "Public order")
# Chances for each year in care.
CONVICTED, MISUSES = 0.035, 0.05
FIRST_PLAN_DAYS, FIRST_CORE_GROUP_DAYS, CORE_GROUP_DAYS = 20, 10, 42
FIRST_VISIT_DAYS, VISIT_DAYS, LATER_VISIT_DAYS = 7, 42, 84
SHORTEST_PROCEEDING = 30
SCHOOL_AGE = range(3, 18)
TERM_ENDS = ((12, 20), (3, 31), (7, 20))
PRIVATELY_FOSTERED = 0.02


def write_support_care(world: World, known: Known) -> None:
    """Fill the tables; each kind of record has a stream of chance of its own."""
    _offences(world, known, world.rng(30, 1))
    _education_plans(world, known, world.rng(30, 2))
    _core_groups(world, known, world.rng(30, 3))
    _proceedings(world, known, world.rng(30, 4))
    _private_fostering(world, known, world.rng(30, 5))


def _offences(world: World, known: Known, rng: Random) -> None:
    """Convictions from the age of ten, substance misuse from eleven."""
    for care in known.care:
        for day in range(max(care.start, world.detail_from), care.last(world), 365):
            on = min(care.last(world), day + rng.randrange(365))
            age, chances = known.age(care.person, on), (rng.random(), rng.random())
            if age >= 10 and chances[0] < CONVICTED:
                world.tables["ssd_cla_convictions"].append(
                    (world.next_id("CNV"), care.person, world.on(on), f"{rng.choice(OFFENCES)} (invented)")
                )
            if age >= 11 and chances[1] < MISUSES:
                world.tables["ssd_cla_substance_misuse"].append((
                    world.next_id("SUB"), care.person, world.on(on), rng.choice(SUBSTANCES),
                    "Y" if rng.random() < 0.62 else "N",
                ))  # fmt: skip


def _education_plans(world: World, known: Known, rng: Random) -> None:
    """The first plan by the first review, then one a term, for children of school age."""
    for care in known.care:
        first = world.days.add(care.start, FIRST_PLAN_DAYS)
        dues = [("initial", first), *(("review", due) for due in _term_ends(first, world.as_at + 120))]
        urn = f"9{rng.randint(10000, 99999)}"
        for kind, due in dues:
            opens = due - (FIRST_PLAN_DAYS if kind == "initial" else 60)
            is_there = opens <= world.as_at and (care.end is None or due < care.end)
            if due < world.detail_from or not is_there or known.age(care.person, due) not in SCHOOL_AGE:
                continue
            _education_plan(world, care, kind, due, urn, rng)


def _education_plan(world: World, care: Span, kind: str, due: int, urn: str, rng: Random) -> None:
    late = rng.random() < (0.18 if kind == "initial" else 0.08)
    done = due + rng.randint(1, 40) if late else due - rng.randint(0, 12 if kind == "initial" else 45)
    done = max(world.days.on_or_before(done), care.start + 1)
    is_done = rng.random() < 0.98 and done <= care.last(world)
    world.tables["personal_education_plan"].append((
        world.next_id("PEP"), care.person, kind, world.days.text(due), world.on(done) if is_done else "",
        rng.choices(("red", "amber", "green"), (8, 32, 60))[0] if is_done else "",
        ("Y" if rng.random() < 0.78 else "N") if is_done else "", urn,
    ))  # fmt: skip


def _term_ends(after: int, until: int) -> list[int]:
    """The ends of school terms between two days."""
    years = range(date.fromordinal(after).year, date.fromordinal(until).year + 1)
    ends = sorted(date(year, month, day).toordinal() for year in years for month, day in TERM_ENDS)
    return [end for end in ends if after + 30 < end <= until]


def _core_groups(world: World, known: Known, rng: Random) -> None:
    """The first within ten working days of the conference, then every six weeks while the plan lasts."""
    for plan in known.plans:
        due, last = world.days.add(plan.start, FIRST_CORE_GROUP_DAYS), plan.last(world)
        while due <= last + (CORE_GROUP_DAYS if plan.end is None else 0):
            late = rng.random() < 0.12
            held = due + rng.randint(1, 15) if late else due - rng.randint(0, 4)
            held = max(plan.start + 1, world.days.on_or_before(held))
            _core_group(world, known, plan, (due, held if held <= last and rng.random() < 0.98 else None), rng)
            due = world.days.on_or_before(held + CORE_GROUP_DAYS)


def _core_group(world: World, known: Known, plan: Span, days: tuple[int, int | None], rng: Random) -> None:
    due, held = days
    flags = ["Y" if rng.random() < share else "N" for share in (0.9, 0.84, 0.45)]
    if due >= world.detail_from:
        world.tables["core_group"].append((
            world.next_id("CG"), plan.person, plan.number, world.days.text(due), world.on(held),
            *(flags if held else ("", "", "")), *known.holder(plan.person, held or min(due, world.as_at)),
        ))  # fmt: skip


def _proceedings(world: World, known: Known, rng: Random) -> None:
    """Before most care that begins with an order; and for some long plans that step down again."""
    plans = {plan.person: plan for plan in known.plans}
    courts = {span.person: span for span in known.care if _has_order(known, span)}
    for person, care in courts.items():
        if rng.random() < 0.75 and care.start >= world.detail_from:
            _proceeding(world, known, person, (care.start - rng.randint(50, 220), care.start), rng)
    for person, plan in plans.items():
        long_plan = plan.last(world) - plan.start > 180 and plan.start >= world.detail_from
        if person not in courts and long_plan and rng.random() < 0.14:
            start = plan.start + rng.randint(120, 180)
            _proceeding(world, known, person, (start, start + rng.randint(70, 200)), rng, steps_down=True)


def _has_order(known: Known, care: Span) -> bool:
    return any(legal.start <= care.start + 130 and legal.number in ("C1", "C2") for legal in known.legal[care.person])


def _proceeding(
    world: World, known: Known, person: str, days: tuple[int, int], rng: Random, steps_down: bool = False
) -> None:
    begun, decided = (world.days.on_or_before(day) for day in days)
    begun = max(begun, known.first_case[person])
    if begun < world.detail_from or begun > min(decided - SHORTEST_PROCEEDING, world.as_at):
        return
    over, issued = decided <= world.as_at, decided <= world.as_at and not steps_down
    outcome = "Decision to step down" if steps_down else "Decision to Issue Care Proceedings"
    is_short = rng.random() < 0.1
    world.tables["ssd_pre_proceedings"].append((
        world.next_id("PRE"), person, f"FAM{world.families[person]:06d}", world.on(begun),
        world.on(world.days.add(begun, rng.randint(5, 15))), outcome if over else "", world.on(decided), 1,
        "Enter pre-proceedings", 0, 0, world.on(world.days.add(begun, rng.randint(1, 5))),
        world.on(decided) if issued else "", (decided - begun) // 45 if over else 0, "Y" if rng.random() < 0.9 else "N",
        "Y" if issued else "NA", f"ZZ{rng.randint(10000, 99999)}" if issued else "",
        rng.randint(1, 5) if issued else "", ("Y" if is_short else "N") if issued else "",
        "Immediate risk" if issued and is_short else "", "Y" if issued else "", "Care order" if issued else "", "", "",
    ))  # fmt: skip


def _private_fostering(world: World, known: Known, rng: Random) -> None:
    """Children of four to fifteen who live with somebody else for some months, and the visits to them."""
    teams = known.teams_of("looked_after", "protection", "assessment")
    for person in known.born:
        chance, notified = rng.random(), world.days.on_or_after(rng.randint(world.detail_from, world.as_at))
        age = known.age(person, notified)
        if chance > PRIVATELY_FOSTERED or not 4 <= age <= 15 or known.is_in_care(person, notified):
            continue
        start, length = notified - rng.randint(-10, 60), rng.randint(60, 700)
        end = max(start, notified) + length
        number, team = world.next_id("PF"), rng.choice(teams)
        worker = known.somebody(team, notified, rng)
        world.tables["private_fostering"].append((
            number, person, rng.choice(("8B", "8C", "8D", "8E", "8E", "8F")), world.on(notified),
            world.on(start), world.on(end), "Y" if rng.random() < 0.95 else "N", team, worker,
        ))  # fmt: skip
        _private_visits(world, number, (notified, end), rng)


def _private_visits(world: World, number: str, span: tuple[int, int], rng: Random) -> None:
    notified, last = span[0], min(span[1], world.as_at)
    late = rng.random() < 0.2
    day = world.days.add(notified, FIRST_VISIT_DAYS + rng.randint(1, 10) if late else rng.randint(1, FIRST_VISIT_DAYS))
    while day <= last:
        seen = rng.random() < 0.96
        alone = seen and rng.random() < 0.8
        world.tables["private_fostering_visit"].append(
            (world.next_id("PFV"), number, world.on(day), "Y" if seen else "N", "Y" if alone else "N")
        )
        limit = VISIT_DAYS if day < add_months(notified, 12) else LATER_VISIT_DAYS
        day = world.days.on_or_before(
            day + (limit + rng.randint(1, 20) if rng.random() < 0.14 else limit - rng.randint(0, 9))
        )

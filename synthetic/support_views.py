"""Records of what children, families and staff say: focus groups, advocacy, staff surveys."""

from __future__ import annotations

from random import Random

from sightline.framework import Council
from synthetic.known import Known
from synthetic.practice import CANARY, windows
from synthetic.world import World

TEXT = f"Invented text, {CANARY}."
# A child's chance of an advocate for each plan and for each year in care; of an independent visitor for each year.
ADVOCATE, VISITOR = 0.14, 0.03
REASONS = ("conference", "looked_after_review", "complaint", "placement", "pathway_plan", "other")
QUESTIONS = ("supported", "manageable_caseload", "good_supervision", "heard", "safe_at_work", "would_recommend")
ANSWERS = 0.58


def write_support_views(world: World, known: Known, council: Council) -> None:
    """Fill the tables; each kind of record has a stream of chance of its own."""
    _focus_groups(world, council, world.rng(35, 1))
    _advocacy(world, known, world.rng(35, 2))
    _staff_survey(world, known, council, world.rng(35, 3))


def _focus_groups(world: World, council: Council, rng: Random) -> None:
    """One every other month."""
    themes = [theme for standard in council.standards for theme in standard.feedback_themes] or ["plans"]
    for start, _ in windows(world.first, world.as_at, 2, 4):
        held, invited = world.days.on_or_after(start + rng.randint(0, 50)), rng.randint(8, 16)
        if held <= world.as_at:
            world.tables["focus_group"].append((
                world.next_id("FG"), world.on(held), rng.choice(("child", "child", "parent", "carer", "staff")),
                rng.choice(themes), "", "", invited, rng.randint(3, invited),
                rng.choices(("positive", "neutral", "negative"), (5, 3, 2))[0],
                world.on(held + rng.randint(20, 60)) if rng.random() < 0.75 else "", TEXT,
            ))  # fmt: skip


def _advocacy(world: World, known: Known, rng: Random) -> None:
    for plan in known.plans:
        if known.age(plan.person, plan.last(world)) >= 5 and rng.random() < ADVOCATE:
            _referral(world, plan.person, "advocate", "conference", max(plan.start, world.detail_from), rng)
    for care in known.care:
        for day in range(max(care.start, world.detail_from), care.last(world), 365):
            kind = "advocate" if rng.random() < ADVOCATE else "independent_visitor" if rng.random() < VISITOR else ""
            if kind and known.age(care.person, day) >= 5:
                _referral(world, care.person, kind, rng.choice(REASONS[1:]), day + rng.randint(0, 300), rng)


def _referral(world: World, person: str, kind: str, reason: str, day: int, rng: Random) -> None:
    asked = world.days.on_or_after(day)
    if asked > world.as_at:
        return
    is_accepted = rng.random() < 0.86
    started = asked + rng.randint(2, 40) if is_accepted else None
    ended = started + rng.randint(20, 400) if started is not None else None
    is_over = ended is not None and ended <= world.as_at
    world.tables["advocacy"].append((
        world.next_id("AV"), person, kind, reason, "A made-up advocacy service", world.on(asked),
        "Y" if is_accepted else "N", world.on(started), world.on(ended),
        rng.choices(("achieved", "partly", "not_achieved"), (5, 3, 2))[0] if is_over else "",
    ))  # fmt: skip


def _staff_survey(world: World, known: Known, council: Council, rng: Random) -> None:
    """Every November, six questions; no sheet says whose it is."""
    for start, _ in windows(world.first, world.as_at, 12, 11):
        for team in council.organisation.teams:
            for worker_role in known.roles_in(team.id, start):
                day = start + rng.randrange(25)
                if rng.random() > ANSWERS or day > world.as_at:
                    continue
                number, shift = world.next_id("SS"), -0.8 if team.is_in_trouble else 0.0
                for question in QUESTIONS:
                    score = min(5, max(1, round(rng.gauss(3.6 + shift, 1.0))))
                    world.tables["staff_survey"].append((
                        number, question, f"Health check {world.days.text(start)[:4]}", world.on(day), team.id,
                        worker_role, score, TEXT if rng.random() < 0.1 else "",
                    ))  # fmt: skip

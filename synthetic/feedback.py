"""Made-up escalations by reviewing officers and chairs, and feedback of every source that the framework names."""

from __future__ import annotations

from synthetic.days import add_months
from synthetic.practice import CANARY, SPAN, Case, Practice, month_start

# A year's escalations and pieces of feedback for each 100 cases held at a time (assumptions).
ESCALATIONS, PIECES = 9, 40
# Level at which a concern is answered, and the share that is still open (assumption).
ANSWERED_AT = (0.62, 0.26, 0.08)
THEMES = ("Drift", "Visits overdue", "Plan out of date", "Child not seen alone", "Report late", "Decision unclear")
WEIGHTS = {
    "survey": 28, "text_message": 14, "focus_group": 6, "complaint": 12, "compliment": 16, "iro_evaluation": 10,
    "cro_evaluation": 8, "advocacy": 5, "partner": 5, "commissioned": 4, "camhs": 3, "send": 4,
}  # fmt: skip
NEVER_ESCALATED = ("front_door", "early_help", "reviewing")
PARTNERS = ("partner", "commissioned", "camhs", "send", "advocacy")
SAID = {
    "positive": ("They listened to us", "We knew what would happen next", "She was kind and clear"),
    "neutral": ("It was all right", "Some things were explained"),
    "negative": ("Nobody rang back", "We saw too many workers", "The letter came too late"),
}


def escalation_rows(practice: Practice) -> list[tuple]:
    """Rows of `escalation`: concerns, those raised to the next levels, resolved or still open."""
    found: list[tuple] = []
    for start, cases in _months(practice, NEVER_ESCALATED):
        for _ in range(_chance(practice, len(cases) * ESCALATIONS / 1200)):
            case = _pick(practice, cases)
            day = practice.days.on_or_after(start + practice.rng.randrange(28))
            if day <= practice.last and case.covers(day):
                found.append(_escalation(practice, f"ES{len(found) + 1:05d}", case, day))
    return found


def _escalation(practice: Practice, number: str, case: Case, day: int) -> tuple:
    rng, escalation = practice.rng, practice.council.escalation
    reached = rng.choices(range(len(ANSWERED_AT) + 1), (*ANSWERED_AT, 1 - sum(ANSWERED_AT)))[0]
    dates: dict[str, int] = {}
    for place, level in enumerate(escalation.levels[: reached + 1]):
        late = rng.choices((0, 1, 4), (0.75, 0.15, 0.1))[0] if place else 0
        unit = "working_days" if escalation.day_kind.value == "working" else "days"
        dates[level.dated_by] = practice.later(day, level.after_days, unit) + late
    last = max(dates.values())
    resolved = None if reached == len(ANSWERED_AT) and last > practice.last - 120 else last + rng.randint(0, 9)
    raised_by = practice.holder(rng.choice(escalation.raised_by), case.team, day)
    return (
        number, case.child, raised_by, case.team, case.worker, rng.choice(THEMES),
        *(practice.text(dates.get(column)) for column in ("concern_on", "alert_on", "director_on")),
        practice.text(resolved), f"Invented text, {CANARY} concern.",
    )  # fmt: skip


def feedback_rows(practice: Practice) -> list[tuple]:
    """Rows of `feedback`: some without a child; complaints with stage, answer and outcome."""
    sources = [source.id for source in practice.council.feedback_sources]
    weights = [WEIGHTS[source] for source in sources]
    found: list[tuple] = []
    for start, cases in _months(practice, ("reviewing",)):
        for _ in range(_chance(practice, len(cases) * PIECES / 1200)):
            day = start + practice.rng.randrange(28)
            case = _pick(practice, cases)
            if day <= practice.last and case.covers(day):
                source = practice.rng.choices(sources, weights)[0]
                found.append(_feedback(practice, f"FB{len(found) + 1:06d}", case, source, day))
    return found


def _feedback(practice: Practice, number: str, case: Case, source: str, day: int) -> tuple:
    rng = practice.rng
    score = _score(practice, case, source, day)
    sentiment = "negative" if score <= 2 else "neutral" if score == 3 else "positive"
    is_scored = source in ("survey", "text_message", "iro_evaluation", "cro_evaluation")
    is_named = rng.random() < (0.2 if source == "focus_group" else 0.88)
    themes = [theme for standard in practice.council.standards for theme in standard.feedback_themes]
    return (
        number, case.child if is_named else "", source, _respondent(practice, source), practice.text(day), case.team,
        case.worker if is_named else "", str(score) if is_scored else "",
        "" if rng.random() < 0.06 else sentiment, rng.choice(themes), *_answer(practice, source, day),
        f"Invented text, {CANARY}: {rng.choice(SAID[sentiment])}.",
    )  # fmt: skip


def _score(practice: Practice, case: Case, source: str, day: int) -> int:
    """1 to 5; complaints are low, compliments high, the team in trouble lower."""
    if source == "complaint":
        return practice.rng.choice((1, 1, 2))
    if source == "compliment":
        return practice.rng.choice((4, 5, 5))
    weights = (16, 24, 26, 22, 12) if practice.in_trouble(case.team, day) else (6, 11, 19, 34, 30)
    return practice.rng.choices((1, 2, 3, 4, 5), weights)[0]


def _respondent(practice: Practice, source: str) -> str:
    if source in PARTNERS:
        return "partner"
    weights = (45, 35, 15, 5) if source in ("focus_group", "iro_evaluation", "text_message") else (15, 60, 18, 7)
    return practice.rng.choices(("child", "parent", "carer", "other"), weights)[0]


def _answer(practice: Practice, source: str, day: int) -> tuple[str, str, str]:
    """Stage, day of the response and outcome; blank but for complaints, and without outcome while unanswered."""
    if source != "complaint":
        return "", "", ""
    rng = practice.rng
    stage = rng.choices((1, 2, 3), (0.82, 0.14, 0.04))[0]
    limit = (10, 25, 30)[stage - 1]
    late = rng.randint(1, 20) if rng.random() < 0.22 else 0
    answered = practice.text(practice.days.add(day, limit + late if late else rng.randint(2, limit)))
    if rng.random() < 0.03 or not answered:
        return str(stage), "", ""
    return str(stage), answered, rng.choices(("Y", "N", "P"), (0.24, 0.5, 0.26))[0]


def _months(practice: Practice, without: tuple[str, ...]) -> list[tuple[int, list[Case]]]:
    """First day of each month and the cases held about its middle, but for these kinds of team; in a fixed order."""
    found, start = [], month_start(practice.first)
    while start <= practice.last:
        teams = [team for team in practice.teams_with_cases(start + 14) if practice.kinds[team] not in without]
        around = (case for team in teams for case in practice.cases[team, (start + 14) // SPAN])
        held = [case for case in around if case.covers(min(start + 14, practice.last))]
        if held:
            found.append((start, held))
        start = add_months(start, 1)
    return found


def _pick(practice: Practice, cases: list[Case]) -> Case:
    """A case; those of the team in trouble twice as often."""
    case = practice.rng.choice(cases)
    return case if case.team in practice.trouble else practice.rng.choice((case, practice.rng.choice(cases)))


def _chance(practice: Practice, mean: float) -> int:
    """A whole number about the mean, with chance for its fraction and its size."""
    number = max(0.0, practice.rng.gauss(mean, mean**0.5))
    return int(number) + (practice.rng.random() < number % 1)

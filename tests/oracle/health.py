"""Health of looked-after children (contract section 5, HLT)."""

from datetime import date, timedelta

from .calendar import add_months, working_days
from .care import InCare, is_short_break, looked_after, periods_of_care
from .context import Context, Observation, share


def checks(context: Context, kind: str) -> dict[str, list[date]]:
    """The days of each child's completed checks of one kind."""
    done = {}
    for row in context.data["health_checks"]:
        if row.type == kind and row.status == "Completed":
            done.setdefault(row.child, []).append(row.on)
    return done


def initial_assessments(context: Context):
    """HLT-01: of periods of care that lasted 20 working days or more; judged when none can still be in time."""
    assessed = checks(context, "Health Assessment")
    for care, episodes in periods_of_care(context).items():
        open_or_last_end = None if any(row.end is None for row in episodes) else max(row.end for row in episodes)
        for row in episodes:
            if row.start_reason != "S" or is_short_break(context, row.child, row.start):
                continue
            stayed = open_or_last_end is None or working_days(row.start, open_or_last_end) >= 20
            if stayed and working_days(row.start, context.as_at) > 20:
                since = [day for day in assessed.get(row.child, []) if day >= row.start]
                in_time = any(working_days(row.start, day) <= 20 for day in since)
                who = context.allocated(row.child, row.start)
                yield share("HLT-01", care, row.child, who, row.start, in_time)


def review_assessments(context: Context, at: date):
    """HLT-02: every 6 months under 5, every 12 months from 5."""
    assessed = checks(context, "Health Assessment")
    for row in looked_after(context, at):
        age = context.age(row.child, at)
        if age is None:
            continue
        months = 6 if age < 5 else 12
        if add_months(row.started, months) <= at:
            days = [day for day in assessed.get(row.child, []) if day <= at]
            up_to_date = bool(days) and add_months(max(days), months) >= at
            yield share("HLT-02", row.care, row.child, row.who, at, up_to_date)


def first_day(at: date) -> date:
    """The first of the 12 months to a day: of 31 March, 1 April."""
    return add_months(at, -12) + timedelta(days=1)


def in_care_for_a_year(context: Context, at: date) -> list[InCare]:
    """The children of CLA-01 who have been looked after for all of the 12 months to the day (OC2)."""
    return [row for row in looked_after(context, at) if row.started <= first_day(at)]


def yearly_checks(context: Context, at: date):
    """HLT-03, HLT-04."""
    assessed, teeth = checks(context, "Health Assessment"), checks(context, "Dental Check")
    year_before = add_months(at, -12)
    for row in in_care_for_a_year(context, at):
        case = (row.care, row.child, row.who, at)
        age = context.age(row.child, at)
        assessments = [day for day in assessed.get(row.child, []) if year_before < day <= at]
        if age is not None:
            yield share("HLT-03", *case, len(assessments) >= (2 if age < 5 else 1))
        yield share("HLT-04", *case, any(year_before < day <= at for day in teeth.get(row.child, [])))


def immunisations(context: Context, at: date):
    """HLT-05: known as at the extract's day alone; a status without a date counts."""
    if at == context.as_at:
        known = [row for row in context.data["immunisations"] if row.on is None or row.on <= at]
        immunised = {row.child for row in known if row.status == "Y"}
        for row in in_care_for_a_year(context, at):
            yield share("HLT-05", row.care, row.child, row.who, at, row.child in immunised)


def sdq_scores(context: Context, at: date):
    """HLT-07, HLT-07a to HLT-07c, HLT-08: the latest score of the year, at 4 at its start and under 17 at its end."""
    scores = context.data.by("sdq", "child")
    year_before = add_months(at, -12)
    for row in in_care_for_a_year(context, at):
        age, age_at_start = context.age(row.child, at), context.age(row.child, first_day(at))
        of_child = scores.get(row.child, [])
        in_year = [sdq for sdq in of_child if sdq.score is not None and year_before < sdq.on <= at]
        if age_at_start is None or age_at_start < 4 or age >= 17:
            continue
        case = (row.care, row.child, row.who, at)
        yield share("HLT-08", *case, bool(in_year))
        if in_year:
            latest = max(in_year, key=lambda sdq: (sdq.on, sdq.id))
            yield Observation("HLT-07", row.care, row.child, *row.who, at, latest.score, 1, None)
            for band, scores_of in (("a", range(14)), ("b", range(14, 17)), ("c", range(17, 41))):
                yield share(f"HLT-07{band}", *case, latest.score in scores_of)


EVENTS = [initial_assessments]
SNAPSHOTS = [review_assessments, yearly_checks, immunisations, sdq_scores]

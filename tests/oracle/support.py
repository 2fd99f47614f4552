"""Support beside the case: private fostering, pre-proceedings, education plans, substances and offences."""

from datetime import date, timedelta
from itertools import pairwise

from .calendar import add_months, add_working_days
from .care import is_short_break, looked_after, periods_of_care
from .context import Context, Observation, count, is_open, share
from .health import in_care_for_a_year

SCHOOL_AGE = range(3, 18)


def substances_and_offences(context: Context, at: date):
    """HLT-09, HLT-10, OFF-01: of the 12 months to the day."""
    year_before = add_months(at, -12)

    def of_year(table, row):
        of_child = context.data.by(table, "child").get(row.child, [])
        return [record for record in of_child if year_before < record.on <= at]

    for row in in_care_for_a_year(context, at):
        case = (row.care, row.child, row.who, at)
        misuse = of_year("substance_misuse", row)
        yield share("HLT-09", *case, bool(misuse))
        if misuse:
            yield share("HLT-10", *case, any(record.helped == "Y" for record in misuse))
        age = context.age(row.child, at)
        if age is not None and 10 <= age <= 17:
            yield share("OFF-01", *case, bool(of_year("convictions", row)))


def first_plans(context: Context):
    """PEP-01: of children who were in care for 20 working days or more, as HLT-01."""
    plans = context.data.by("education_plans", "child")
    for care, episodes in periods_of_care(context).items():
        first = min(episodes, key=lambda row: (row.start, row.id))
        end = None if any(row.end is None for row in episodes) else max(row.end for row in episodes)
        age = context.age(first.child, first.start)
        if first.start_reason != "S" or is_short_break(context, first.child, first.start) or age not in SCHOOL_AGE:
            continue
        due = add_working_days_to_last(first.start, 20)
        if due < context.as_at and (end is None or end >= add_working_days(first.start, 20)):
            done = [plan.done for plan in plans.get(first.child, []) if plan.kind == "initial" and plan.done]
            in_time = any(first.start <= day <= due for day in done)
            yield share("PEP-01", care, first.child, context.allocated(first.child, first.start), first.start, in_time)


def add_working_days_to_last(start: date, number: int) -> date:
    """The last day on which no more than `number` working days have passed."""
    return add_working_days(start, number + 1) - timedelta(days=1)


def last_term(at: date) -> tuple[date, date]:
    """First and last day of the last term that ended by `at`."""
    terms = [
        term
        for year in (at.year - 1, at.year)
        for term in (
            (date(year, 1, 1), date(year, 3, 31)),
            (date(year, 4, 1), date(year, 8, 31)),
            (date(year, 9, 1), date(year, 12, 31)),
        )
    ]
    return max(term for term in terms if term[1] <= at)


def termly_plans(context: Context, at: date):
    """PEP-02: of children in care since before the last term."""
    first, last = last_term(at)
    plans = context.data.by("education_plans", "child")
    for row in looked_after(context, at):
        if context.age(row.child, at) in SCHOOL_AGE and row.started < first:
            done = any(plan.done and first <= plan.done <= last for plan in plans.get(row.child, []))
            yield share("PEP-02", row.care, row.child, row.who, at, done)


def pre_proceedings_open(context: Context, at: date):
    """LEG-02: each child once."""
    for child, rows in context.data.by("pre_proceedings", "child").items():
        current = [row for row in rows if is_open(row, at)]
        if current:
            row = max(current, key=lambda row: (row.start, row.id))
            yield count("LEG-02", row.id, child, context.allocated(child, at), at)


def pre_proceedings_ended(context: Context):
    """LEG-03."""
    for row in context.data["pre_proceedings"]:
        if row.end:
            who = context.allocated(row.child, row.end)
            yield Observation("LEG-03", row.id, row.child, *who, row.end, (row.end - row.start).days, 1, None)


def private_fostering_open(context: Context, at: date):
    """PF-01."""
    for row in context.data["private_fostering"]:
        begins = max(row.start or row.notified, row.notified)
        if begins <= at and (row.end is None or row.end > at):
            yield count("PF-01", row.id, row.child, context.own(row.worker, row.team), at)


def private_fostering_visits(context: Context):
    """PF-02: the first visit within seven working days; PF-03: every six weeks, after a year every twelve."""
    visits = context.data.by("private_fostering_visits", "arrangement")
    for row in context.data["private_fostering"]:
        who = context.own(row.worker, row.team)
        days = sorted({visit.on for visit in visits.get(row.id, []) if visit.on >= row.notified})
        due = add_working_days_to_last(row.notified, 7)
        in_time = bool(days) and days[0] <= due
        if due < context.as_at and (in_time or row.end is None or row.end > due):
            yield share("PF-02", row.id, row.child, who, row.notified, in_time)
        for this, following in pairwise([*days, None]):
            due = this + timedelta(weeks=6 if this < add_months(row.notified, 12) else 12)
            if due <= context.as_at and (row.end is None or row.end > due):
                in_time = following is not None and following <= due
                yield share("PF-03", f"{row.id}/{this}", row.child, who, due, in_time)


EVENTS = [first_plans, pre_proceedings_ended, private_fostering_visits]
SNAPSHOTS = [substances_and_offences, termly_plans, pre_proceedings_open, private_fostering_open]

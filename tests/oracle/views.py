"""What staff, children and families say: surveys, focus groups, advocacy; and children with a plan for their needs."""

from datetime import date

from .calendar import add_months
from .care import looked_after
from .context import Context, Observation, count, is_open, share

ASKED_AT = range(5, 16)


def staff_answers(context: Context):
    """STF-01, STF-02."""
    for row in context.data["staff_answers"]:
        if row.score is not None:
            case = (f"{row.id}/{row.question}", None, context.own(None, row.team), row.on)
            yield Observation("STF-01", *case[:2], *case[2], row.on, row.score, 1, row.question)
            yield share("STF-02", *case, row.score >= 4, row.question)


def focus_groups(context: Context):
    """FB-04, FB-05, FB-06."""
    for row in context.data["focus_groups"]:
        who = context.own(None, row.team)
        yield count("FB-04", row.id, None, who, row.on, row.respondent)
        if row.invited and row.attended is not None:
            yield Observation("FB-05", row.id, None, *who, row.on, row.attended, row.invited, None)
        yield share("FB-06", row.id, None, who, row.on, row.answered is not None)


def advocacy(context: Context):
    """ADV-01, ADV-02, ADV-03."""
    for row in context.data["advocacy"]:

        def case(on, row=row):
            return row.id, row.child, context.allocated(row.child, on), on

        yield count("ADV-01", *case(row.asked), row.kind)
        if row.start:
            number, child, who, on = case(row.start)
            yield Observation("ADV-02", number, child, *who, on, (row.start - row.asked).days, 1, None)
        if row.end and row.outcome:
            yield share("ADV-03", *case(row.end), row.outcome == "achieved", row.outcome)


def children_with_plans(context: Context) -> dict[str, list]:
    """The education, health and care plans of each child."""
    child_of = {row.id: row.child for row in context.data["send"]}
    send_of = {row.id: row.send for row in context.data["ehc_requests"]}
    request_of = {row.id: row.request for row in context.data["ehc_assessments"]}
    found = {}
    for plan in context.data["ehc_plans"]:
        child = child_of.get(send_of.get(request_of.get(plan.assessment)))
        if child:
            found.setdefault(child, []).append(plan)
    return found


def plans_of_need(context: Context, at: date):
    """EDU-08b of children in care for a year, EDU-19 of children in need; aged 5 to 15."""
    plans = children_with_plans(context)

    def has_plan(child):
        return any(is_open(plan, at) for plan in plans.get(child, []))

    for row in looked_after(context, at):
        if add_months(row.started, 12) <= at and context.age(row.child, at) in ASKED_AT:
            yield share("EDU-08b", row.care, row.child, row.who, at, has_plan(row.child))
    for row in context.data["referrals"]:
        if row.nfa != "Y" and is_open(row, at) and context.age(row.child, at) in ASKED_AT:
            yield share("EDU-19", row.id, row.child, context.allocated(row.child, at), at, has_plan(row.child))


EVENTS = [staff_answers, focus_groups, advocacy]
SNAPSHOTS = [plans_of_need]

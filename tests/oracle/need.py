"""Children in need and their plans (contract section 5, CIN; WF-16 counts the same children)."""

from datetime import date, timedelta

from .calendar import add_months
from .care import looked_after
from .context import Context, count, is_open, share


def is_case_of_need(referral) -> bool:
    """Whether a referral became an episode of need: action was taken and assessment did not find otherwise."""
    return referral.nfa != "Y" and not (referral.end and referral.close_reason in ("RC8", "RC9"))


def episodes_started_and_ended(context: Context):
    """CIN-03, CIN-04, CIN-06a to CIN-06e, CIN-10."""
    for row in context.data["referrals"]:
        if is_case_of_need(row):
            case = (row.id, row.child, context.own(row.worker, row.team))
            yield count("CIN-03", *case, row.start)
            if row.end:
                yield count("CIN-04", *case, row.end, row.close_reason)
                yield count("CIN-10", *case, row.end, row.close_reason)
                yield from shares_by_length("CIN-06", row.start, *case, row.end)


def shares_by_length(family: str, begun: date, case_id, child, who, on: date):
    """One share a band: under 3 months, 6 months, a year, two years, and longer."""
    limits = [add_months(begun, months) for months in (3, 6, 12, 24)]
    reached = sum(on >= limit for limit in limits)
    for place, letter in enumerate("abcde"):
        yield share(family + letter, case_id, child, who, on, place == reached)


def statuses(context: Context, at: date) -> list[tuple[str, set]]:
    """The children of each status on a day, the highest status first (Annex A, list 6)."""
    own_plans = [plan for plan in context.data["cp_plans"] if plan.ola != "Y"]
    return [
        ("looked after", {row.child for row in looked_after(context, at)}),
        ("protection plan", {plan.child for plan in own_plans if is_open(plan, at)}),
        ("plan of need", {plan.child for plan in context.data["cin_plans"] if is_open(plan, at)}),
        ("in assessment", {row.child for row in context.data["assessments"] if is_open(row, at)}),
    ]


def children_in_need(context: Context, at: date):
    """CIN-01, CIN-02, CIN-05a to CIN-05e, CIN-08, CIN-09, CIN-11, CIN-12, WF-16: episodes open at a day."""
    assessed = {row.referral for row in context.data["assessments"] if row.end and row.end <= at}
    disabled, status = context.disabled(), statuses(context, at)
    for row in context.data["referrals"]:
        if row.nfa != "Y" and is_open(row, at):
            case = (row.id, row.child, context.allocated(row.child, at), at)
            yield count("CIN-01", *case, row.need)
            yield count("CIN-02", *case)
            yield count("CIN-09", *case, row.need)
            yield count("CIN-12", *case, next((name for name, of in status if row.child in of), "none of these"))
            yield from shares_by_length("CIN-05", row.start, *case)
            if row.id not in assessed:
                yield count("CIN-08", *case)
            yield share("CIN-11", *case, row.child in disabled)
            yield share("WF-16", *case, context.allocation(row.child, at) is None)


def plans_open(context: Context, at: date):
    """CIN-13, CIN-14."""
    visits = context.data.by("cin_visits", "child")
    limit = timedelta(days=context.clock("cin_visit_days"))
    for plan in context.data["cin_plans"]:
        if is_open(plan, at):
            case = (plan.id, plan.child, context.allocated(plan.child, at), at)
            so_far = [row for row in visits.get(plan.child, []) if row.on <= at]
            seen = [row.on for row in so_far if context.is_visited(row, plan.child)]
            yield share("CIN-13", *case, max([plan.start, *seen]) + limit >= at)
            yield share("CIN-14", *case, at > add_months(plan.start, 12))


EVENTS = [episodes_started_and_ended]
SNAPSHOTS = [children_in_need, plans_open]

"""Children in need and their plans (contract section 5, CIN; WF-16 counts the same children)."""

from datetime import date, timedelta

from .calendar import add_months
from .context import Context, count, is_open, share


def is_case_of_need(referral) -> bool:
    """Whether a referral became an episode of need: action was taken and assessment did not find otherwise."""
    return referral.nfa != "Y" and not (referral.end and referral.close_reason in ("RC8", "RC9"))


def episodes_started_and_ended(context: Context):
    """CIN-03, CIN-04."""
    for row in context.data["referrals"]:
        if is_case_of_need(row):
            case = (row.id, row.child, context.own(row.worker, row.team))
            yield count("CIN-03", *case, row.start)
            if row.end:
                yield count("CIN-04", *case, row.end, row.close_reason)


def children_in_need(context: Context, at: date):
    """CIN-01, CIN-02, CIN-08, CIN-11, WF-16: episodes open at a day."""
    assessed = {row.referral for row in context.data["assessments"] if row.end and row.end <= at}
    disabled = {row.child for row in context.data["disabilities"] if row.code not in (None, "NONE")}
    for row in context.data["referrals"]:
        if row.nfa != "Y" and is_open(row, at):
            case = (row.id, row.child, context.allocated(row.child, at), at)
            yield count("CIN-01", *case, row.need)
            yield count("CIN-02", *case)
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
            seen = [row.on for row in visits.get(plan.child, []) if row.seen == "Y" and row.on <= at]
            yield share("CIN-13", *case, max([plan.start, *seen]) + limit >= at)
            yield share("CIN-14", *case, at > add_months(plan.start, 12))


EVENTS = [episodes_started_and_ended]
SNAPSHOTS = [children_in_need, plans_open]

"""Child protection plans (contract section 5, CP). Plans held for another authority's child are left out."""

from datetime import date, timedelta

from .calendar import add_months, last_day_within
from .care import looked_after
from .context import Context, count, is_open, overlaps_year_to, share


def plans(context: Context) -> list:
    """The council's own child protection plans."""
    return [plan for plan in context.data["cp_plans"] if plan.ola != "Y"]


def days_on_plan(plan, until: date) -> int:
    """Days of a plan, its first and its last included."""
    return (until - plan.start).days + 1


def plans_started_and_ceased(context: Context):
    """CP-03, CP-04, CP-05, CP-06, CP-09, CP-16."""
    first_start = {}
    for plan in plans(context):
        first_start[plan.child] = min(plan.start, first_start.get(plan.child, plan.start))
    for plan in plans(context):
        case = (plan.id, plan.child, context.allocated(plan.child, plan.start), plan.start)
        yield count("CP-03", *case, plan.initial)
        yield count("CP-04", *case, plan.initial)
        yield share("CP-06", *case, first_start[plan.child] < plan.start)
        if plan.end:
            case = (plan.id, plan.child, context.allocated(plan.child, plan.end), plan.end)
            yield count("CP-05", *case)
            yield share("CP-09", *case, days_on_plan(plan, plan.end) > 729)
            yield share("CP-16", *case, plan.end <= add_months(plan.start, 3))


def review_links(plan_start: date, reviews: list[date]) -> tuple[list[tuple[date, date]], date]:
    """The chain of reviews: (due, held) for each review held, and when the next is due."""
    links, due = [], add_months(plan_start, 3)
    for held in reviews:
        links.append((due, held))
        due = add_months(held, 6)
    return links, due


def age_band(plan, at: date) -> str | None:
    """Band of an open plan's length; the fifth, two years or more, is CP-08."""
    if at <= add_months(plan.start, 3):
        return "a"
    if at <= add_months(plan.start, 6):
        return "b"
    if at < add_months(plan.start, 12):
        return "c"
    return "d" if days_on_plan(plan, at) <= 729 else None


def plans_open(context: Context, at: date):
    """CP-01, CP-02, CP-07a to CP-07d, CP-08, CP-10, CP-11, CP-15, CP-19."""
    reviews = context.data.by("cp_reviews", "plan")
    in_care = {child.child for child in looked_after(context, at)}
    for plan in plans(context):
        if not is_open(plan, at):
            continue
        case = (plan.id, plan.child, context.allocated(plan.child, at), at)
        yield count("CP-01", *case, plan.latest)
        yield count("CP-02", *case)
        yield count("CP-11", *case, plan.latest)
        for letter in "abcd":
            yield share(f"CP-07{letter}", *case, letter == age_band(plan, at))
        yield share("CP-08", *case, days_on_plan(plan, at) > 729)
        held = sorted(row.on for row in reviews.get(plan.id, []) if plan.start < row.on <= at)
        links, next_due = review_links(plan.start, held)
        if add_months(plan.start, 3) <= at:
            late = [due for due, on in links if on > add_months(at, -12) and on > due]
            yield share("CP-10", *case, not late and next_due >= at)
        if next_due < at:
            yield count("CP-15", *case)
        if plan.child in in_care:
            yield count("CP-19", *case)


def plan_visits(context: Context, at: date):
    """CP-12, CP-13."""
    visits = context.data.by("cp_visits", "plan")
    limit = timedelta(days=context.clock("cp_visit_days"))
    for plan in plans(context):
        if not is_open(plan, at):
            continue
        case = (plan.id, plan.child, context.allocated(plan.child, at), at)
        so_far = [visit for visit in visits.get(plan.id, []) if visit.on <= at]
        seen = [visit.on for visit in so_far if context.is_visited(visit, plan.child)]
        yield share("CP-12", *case, max([plan.start, *seen]) + limit >= at)
        if so_far and not context.is_unborn(plan.child, at):
            alone = max(so_far, key=lambda visit: (visit.on, visit.id)).alone
            if alone in ("Y", "N"):
                yield share("CP-13", *case, alone == "Y")


def core_groups(context: Context):
    """CP-14: plans still running when their first core group was due, by the council's number of working days."""
    limit = context.clock("core_group_working_days") if context.has_clock("core_group_working_days") else None
    meetings = context.data.by("core_groups", "plan")
    for plan in plans(context) if limit else []:
        due = last_day_within(plan.start, limit)
        if due < context.as_at and (plan.end is None or plan.end > due):
            in_time = any(plan.start <= row.on <= due for row in meetings.get(plan.id, []))
            yield share("CP-14", plan.id, plan.child, context.allocated(plan.child, plan.start), plan.start, in_time)


def reviews_held(context: Context):
    """CP-17, CP-17q: reviews of the council's own plans, whatever became of the plan since."""
    of_plan = {plan.id: plan for plan in plans(context)}
    for row in context.data["cp_reviews"]:
        if row.plan not in of_plan:
            continue
        child = of_plan[row.plan].child
        case = (row.id, child, context.allocated(child, row.on), row.on)
        age = context.age(child, row.on)
        if age is not None and age >= 4 and row.participation not in (None, "PN0"):
            yield share("CP-17", *case, row.participation != "PN7")
        if row.quorate in ("Y", "N"):
            yield share("CP-17q", *case, row.quorate == "Y")


def emergencies(context: Context, at: date):
    """CP-18: children on a plan, each once, who were under police protection or an emergency order in six months."""
    before = add_months(at, -6)
    statuses = context.data.by("legal_statuses", "child")
    latest = {}
    for plan in plans(context):
        measures = [row for row in statuses.get(plan.child, []) if row.status in ("L1", "L2")]
        if is_open(plan, at) and any(overlaps_year_to(row, at, before) for row in measures):
            latest[plan.child] = max(plan, latest.get(plan.child, plan), key=lambda row: (row.start, row.id))
    for child, plan in latest.items():
        yield count("CP-18", plan.id, child, context.allocated(child, at), at)


EVENTS = [plans_started_and_ceased, core_groups, reviews_held]
SNAPSHOTS = [plans_open, plan_visits, emergencies]

"""Practice: supervision, observations, practice days, 4R meetings, moderations, chairs' reports, samples and themes."""

from datetime import date, timedelta

from .calendar import add_months, add_working_days
from .context import UNALLOCATED, Context, Who, count, is_open, share

CONFERENCES = ("initial_conference", "review_conference")


def good_grades(context: Context) -> dict[str, bool]:
    """Whether each of the council's grades is good or better."""
    return {grade["id"]: grade["is_good"] for grade in context.council.get("grades", [])}


def by(done: date | None, due: date) -> bool:
    """Whether something was done on or before its last day."""
    return done is not None and done <= due


def supervision(context: Context):
    """SUP-01, SUP-03: of the worker's own sessions."""
    for row in context.data["supervision"]:
        if row.kind != "personal":
            continue
        who = context.own(row.worker, row.team)
        if row.due:
            yield share("SUP-01", row.id, row.child, who, row.due, by(row.held, row.due))
        if row.held and row.reflective:
            yield share("SUP-03", row.id, row.child, who, row.held, row.reflective == "Y")


def graded(context: Context):
    """SUP-04, OBS-03."""
    is_good = good_grades(context)
    for row in context.data["supervision_audits"]:
        if row.grade in is_good:
            yield share("SUP-04", row.id, None, context.own(row.worker, row.team), row.on, is_good[row.grade])
    for row in context.data["observations"]:
        if row.on and row.grade in is_good:
            yield share("OBS-03", row.id, row.child, context.own(row.worker, row.team), row.on, is_good[row.grade])


def observations(context: Context):
    """OBS-01, OBS-02."""
    for row in context.data["observations"]:
        case = (row.id, row.child, context.own(row.worker, row.team))
        if row.on:
            yield count("OBS-01", *case, row.on, row.setting)
        if row.due:
            yield share("OBS-02", *case, row.due, by(row.on, row.due))


def practice_days(context: Context):
    """PD-01, PD-02."""
    for row in context.data["practice_days"]:
        case = (row.id, None, context.own(row.worker, row.team))
        if row.held:
            yield count("PD-01", *case, row.held, row.kind)
        if row.planned:
            yield share("PD-02", *case, row.planned, row.held is not None)


def meetings_and_moderations(context: Context):
    """FOUR-01, FOUR-02, MOD-01, MOD-02: with the child of the audit."""
    audits = {row.id: row for row in context.data["audited_cases"]}
    for row in context.data["meetings_4r"]:
        audit = audits.get(row.audit)
        case = (row.id, audit and audit.child, context.own(audit and audit.worker, row.team))
        if row.held:
            yield count("FOUR-01", *case, row.held)
        if row.due:
            yield share("FOUR-02", *case, row.due, by(row.held, row.due))
    for row in context.data["moderations"]:
        audit = audits.get(row.audit)
        case = (row.id, audit and audit.child, context.own(audit and audit.worker, audit and audit.team))
        if row.due:
            yield share("MOD-01", *case, row.due, by(row.on, row.due))
        if row.on and row.first and row.second and row.first != row.second:
            yield share("MOD-02", *case, row.on, row.settled is not None)


def notices(context: Context):
    """AUD-07, AUD-08, AUD-09."""
    for row in context.data["audited_cases"]:
        if not row.on:
            continue
        case = (row.id, row.child, context.own(row.worker, row.team), row.on)
        if row.worker and row.team in context.teams:
            yield share("AUD-07", *case, by(row.told, row.on))
            yield share("AUD-08", *case, row.heard_back is not None)
        if row.child:
            yield share("AUD-09", *case, row.family == "Y")


def chair_reports(context: Context):
    """CHR-01 to CHR-05; minutes of conferences within the council's working days."""
    limit = context.council.get("clocks", {}).get("cp_minutes_days")
    for row in context.data["chair_reports"]:
        who = Who(context.allocated(row.child, row.held).worker, context.own(None, row.team).team)
        case = (row.id, row.child, who)
        if row.due:
            yield share("CHR-01", *case, row.due, by(row.done, row.due))
        if limit and row.kind in CONFERENCES:
            due = add_working_days(row.held, limit["value"] + 1) - timedelta(days=1)
            if due <= context.as_at:
                yield share("CHR-02", *case, due, by(row.minutes, due))
        answers = {"CHR-03": row.child_view, "CHR-04": row.parent_view, "CHR-05": row.shared}
        for indicator_id, answer in answers.items():
            if row.done and answer:
                yield share(indicator_id, *case, row.done, answer == "Y")


def samples_and_themes(context: Context):
    """DIP-01, DIP-02, THM-01, THM-02."""
    for row in context.data["dip_samples"]:
        case = (row.id, None, context.own(row.worker, row.team))
        if row.done:
            yield count("DIP-01", *case, row.done, row.result)
        if row.due:
            yield share("DIP-02", *case, row.due, by(row.done, row.due))
    for row in context.data["commissions"]:
        case = (row.id, None, Who(UNALLOCATED, UNALLOCATED))
        if row.done:
            yield count("THM-01", *case, row.done, row.kind)
        if row.due:
            yield share("THM-02", *case, row.due, by(row.done, row.due))


def case_holders(context: Context, at: date):
    """SUP-02, OBS-04: workers in posts that hold cases."""
    roles = {role["id"] for role in context.council.get("roles", []) if role.get("holds_cases")}
    limit = context.council.get("clocks", {}).get("supervision_days")
    sessions, seen = context.data.by("supervision", "worker"), context.data.by("observations", "worker")
    held = [row for row in context.data["posts"] if row.worker and row.role in roles and is_open(row, at)]
    for worker in {row.worker for row in held}:
        current = sorted((row for row in held if row.worker == worker), key=lambda row: (row.start, row.id))
        case = (worker, None, context.own(worker, current[-1].team), at)
        if limit and current[0].start + timedelta(days=limit["value"]) <= at:
            days = [row.held for row in sessions.get(worker, []) if row.kind == "personal" and row.held]
            recent = [day for day in days if day <= at <= day + timedelta(days=limit["value"])]
            yield share("SUP-02", *case, bool(recent))
        if add_months(current[0].start, 12) <= at:
            days = [row.on for row in seen.get(worker, []) if row.on]
            yield share("OBS-04", *case, any(add_months(at, -12) < day <= at for day in days))


EVENTS = [
    supervision,
    graded,
    observations,
    practice_days,
    meetings_and_moderations,
    notices,
    chair_reports,
    samples_and_themes,
]
SNAPSHOTS = [case_holders]

"""AUD-04: audits, observations and moderations done against the numbers that the council's framework expects.

An expectation is owed once in every window of `every_months`, counted from April (or its `from_month`), by whoever
there is on the window's last day; windows that have not ended yet are left out. A re-audit is a step of another
audit's cycle and fulfils no expectation.
"""

from datetime import date, timedelta

from .calendar import add_months
from .context import UNALLOCATED, Context, Observation, Who, is_open

FIRST_WINDOWS_FROM = 2020


def windows(context: Context, expectation: dict):
    """The complete windows of an expectation as (first day, last day)."""
    months = expectation["every_months"]
    start = date(FIRST_WINDOWS_FROM, expectation.get("from_month", 4), 1)
    if months > 12:
        start = context.council["programme"]["starts_on"]["value"]
    while (end := add_months(start, months) - timedelta(days=1)) <= context.as_at:
        yield start, end
        start = end + timedelta(days=1)


def owed_by(context: Context, expectation: dict, on: date) -> set[Who]:
    """Who owes the number on a day; a worker or a team that the expectation does not name is `unallocated`."""
    posts = [row for row in context.data["posts"] if is_open(row, on)]
    in_role = [row for row in posts if row.role == expectation["role"]]
    match expectation["per"]:
        case "person":
            return people(context, in_role)
        case "worker":
            case_holding = {role["id"] for role in context.council["roles"] if role.get("holds_cases")}
            return people(context, [row for row in posts if row.role in case_holding])
        case "team":
            return {context.own(None, row.team) for row in in_role}
        case "linked_team":
            links = [row for row in context.data["team_links"] if row.role == expectation["role"]]
            return {context.own(row.worker, row.team) for row in links if is_open(row, on)}
        case _:
            return {Who(UNALLOCATED, UNALLOCATED)}


def people(context: Context, posts: list) -> set[Who]:
    """Each worker of some posts once, in the team of the latest post."""
    held = sorted((row for row in posts if row.worker), key=lambda row: (row.start, row.id))
    return set({row.worker: context.own(row.worker, row.team) for row in held}.values())


def activities(context: Context, expectation: dict) -> list[tuple]:
    """What was done of the expected kind and types: (audit, day, by whom)."""
    types = expectation.get("audit_types")
    audits = [audit for audit in context.data["audits"] if not types or audit.type in types]
    if expectation["activity"] == "moderation":
        return [(a, a.moderated_on, a.moderator) for a in audits if a.moderated_on and a.moderated_grade]
    return [(audit, audit.completed_on, audit.auditor) for audit in audits if not audit.previous]


def is_by(expectation: dict, who: Who, audit, done_by: str) -> bool:
    """Whether an activity is one of those that `who` owes."""
    match expectation["per"]:
        case "person":
            return done_by == who.worker
        case "linked_team":
            return done_by == who.worker and audit.team == who.team
        case "team":
            return audit.team == who.team
        case "worker":
            return audit.worker == who.worker
        case _:
            return True


def is_in_scope(context: Context, expectation: dict, who: Who, audit, on: date) -> bool:
    """Whether the audit's team is one in which `who` is expected to audit."""
    team = context.own(None, audit.team).team
    match expectation.get("scope", "any"):
        case "own_team":
            return team == who.team
        case "own_service":
            return context.service(team) == context.service(who.team)
        case "other_line":
            return context.service(team) != context.service(who.team)
        case "linked_team":
            links = context.data.by("team_links", "worker").get(who.worker, [])
            return any(link.team == team and is_open(link, on) for link in links)
        case _:
            return True


def expectations_met(context: Context):
    """AUD-04, at the window's last day: no more counts as done than was expected."""
    for expectation in context.council["expectations"]:
        if expectation["activity"] == "practice_day":
            continue
        done = activities(context, expectation)
        for first, last in windows(context, expectation):
            in_window = [(audit, by) for audit, on, by in done if first <= on <= last]
            for who in owed_by(context, expectation, last):
                number = sum(
                    is_by(expectation, who, audit, by) and is_in_scope(context, expectation, who, audit, last)
                    for audit, by in in_window
                )
                expected = expectation["number"]
                case = f"{expectation['id']}/{who.worker}/{who.team}/{first}"
                yield Observation("AUD-04", case, None, *who, last, min(number, expected), expected, None)


EVENTS = [expectations_met]
SNAPSHOTS = []

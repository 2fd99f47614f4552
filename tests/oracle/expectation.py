"""AUD-04: audits, observations and moderations done against the numbers that the council's framework expects.

An expectation is owed once in every window of `every_months`, counted from April (or its `from_month`), by each
person, team or linked team that there is on the window's last day; windows that have not ended yet are left out.
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
    holders = [row for row in context.data["posts"] if row.role == expectation["role"] and is_open(row, on)]
    links = [row for row in context.data["team_links"] if row.role == expectation["role"] and is_open(row, on)]
    match expectation["per"]:
        case "person":
            latest = sorted((row for row in holders if row.worker), key=lambda row: (row.start, row.id))
            return set({row.worker: context.own(row.worker, row.team) for row in latest}.values())
        case "linked_team":
            return {context.own(row.worker, row.team) for row in links}
        case "team":
            return {Who(UNALLOCATED, row.team) for row in holders}
        case _:
            return {Who(UNALLOCATED, UNALLOCATED)}


def done_by(context: Context, expectation: dict, who: Who, first: date, last: date) -> int:
    """How many of the expected activity were done in a window."""
    is_moderation = expectation["activity"] == "moderation"
    types = expectation.get("audit_types")
    number = 0
    for audit in context.data["audits"]:
        on, by = audit.completed_on, audit.auditor
        if is_moderation:
            on, by = audit.moderated_on, audit.moderator
        is_theirs = who.worker in (UNALLOCATED, by)
        if expectation["per"] in ("linked_team", "team"):
            is_theirs = is_theirs and audit.team == who.team
        if on and first <= on <= last and is_theirs and (not types or audit.type in types):
            number += 1
    return number


def expectations_met(context: Context):
    """AUD-04, at the window's last day: no more counts as done than was expected."""
    for expectation in context.council["expectations"]:
        if expectation["activity"] == "practice_day":
            continue
        for first, last in windows(context, expectation):
            for who in owed_by(context, expectation, last):
                expected = expectation["number"]
                done = min(done_by(context, expectation, who, first, last), expected)
                case = f"{expectation['id']}/{who.worker}/{who.team}/{first}"
                yield Observation("AUD-04", case, None, *who, last, done, expected, None)


EVENTS = [expectations_met]
SNAPSHOTS = []

"""Children looked after: cohort, starts and ends, visits, reviews, workers (contract section 5, CLA).

A child whose legal status is a series of short breaks (V3, V4) is not counted as looked after.
"""

import json
from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from .calendar import add_months, working_days
from .context import Context, Observation, Who, count, is_open, overlaps_year_to, share

GUARDIANSHIP = {"E43", "E44", "E45", "E46", "E47", "E48"}
TOOK_PART = {"PN1", "PN2", "PN3", "PN4", "PN5", "PN6"}


class InCare(NamedTuple):
    """A child looked after at a day; `started` is the first day of the period of care."""

    child: str
    care: str
    started: date
    placement: object | None
    legal_status: str | None
    who: Who


def statuses_at(context: Context, child: str, at: date) -> list:
    """The child's legal statuses that are open at a day, the latest last."""
    of_child = context.data.by("legal_statuses", "child").get(child, [])
    return sorted((row for row in of_child if is_open(row, at)), key=lambda row: (row.start, row.id))


def is_short_break(context: Context, child: str, at: date) -> bool:
    """Whether a series of short breaks is in force."""
    return any(row.status in ("V3", "V4") for row in statuses_at(context, child, at))


def care_of(episode) -> str:
    """The id of an episode's period of care; an episode that names none stands alone."""
    return episode.care or episode.id


def periods_of_care(context: Context) -> dict[str, list]:
    """The episodes of each period of care."""
    periods = defaultdict(list)
    for episode in context.data["episodes"]:
        periods[care_of(episode)].append(episode)
    return periods


def looked_after(context: Context, at: date) -> list[InCare]:
    """The cohort of CLA-01: one row per child, by the latest episode that is open."""
    if at not in context.cohorts:
        context.cohorts[at] = list(_looked_after(context, at))
    return context.cohorts[at]


def _looked_after(context: Context, at: date):
    started = {care: min(row.start for row in rows) for care, rows in periods_of_care(context).items()}
    placements = {row.id: row for row in context.data["placements"]}
    for child, episodes in context.data.by("episodes", "child").items():
        current = [row for row in episodes if is_open(row, at)]
        if current and not is_short_break(context, child, at):
            episode = max(current, key=lambda row: (row.start, row.id))
            statuses = statuses_at(context, child, at)
            yield InCare(
                child=child,
                care=care_of(episode),
                started=started[care_of(episode)],
                placement=placements.get(episode.placement),
                legal_status=statuses[-1].status if statuses else None,
                who=context.allocated(child, at),
            )


def starts(context: Context):
    """CLA-03, CLA-04, CLA-08, CLA-13: periods of care that start."""
    for row in context.data["episodes"]:
        if row.start_reason == "S" and not is_short_break(context, row.child, row.start):
            case = (care_of(row), row.child, context.allocated(row.child, row.start), row.start)
            yield count("CLA-03", *case)
            yield count("CLA-04", *case)
            yield share("CLA-08", *case, row.child in unaccompanied(context, row.start))
            yield share("CLA-13", *case, has_left_before(context, row))


def unaccompanied(context: Context, at: date) -> set[str]:
    """Children with the status of unaccompanied asylum-seeking child on a day."""
    rows = context.data["immigration"]
    return {row.child for row in rows if row.status == "Unaccompanied Asylum Seeking Child" and is_open(row, at)}


def has_left_before(context: Context, start) -> bool:
    """Whether another period of care of the child ended in the 12 months up to a start."""
    for row in context.data.by("episodes", "child")[start.child]:
        is_other = care_of(row) != care_of(start) and row.end and row.end_reason not in (None, "X1")
        is_in_time = is_other and add_months(start.start, -12) <= row.end <= start.start
        if is_in_time and not is_short_break(context, row.child, row.end - timedelta(days=1)):
            return True
    return False


def ends(context: Context):
    """CLA-05, CLA-06, CLA-09 to CLA-12: periods of care that end."""
    for row in context.data["episodes"]:
        if not row.end or row.end_reason in (None, "X1"):
            continue
        if not is_short_break(context, row.child, row.end - timedelta(days=1)):
            case = (care_of(row), row.child, context.allocated(row.child, row.end), row.end)
            yield count("CLA-05", *case, row.end_reason)
            yield count("CLA-06", *case)
            yield count("CLA-09", *case, row.end_reason)
            for indicator_id, reason in (("CLA-11", "E41"), ("CLA-12a", "E4A"), ("CLA-12b", "E4B")):
                yield share(indicator_id, *case, row.end_reason == reason)
            yield share("CLA-10", *case, row.end_reason in GUARDIANSHIP)


def participation(context: Context):
    """CLA-16: reviews held of children aged 4 or over that say how the child took part."""
    for row in context.data["cla_reviews"]:
        age = context.age(row.child, row.on)
        if row.cancelled != "Y" and row.participation not in (None, "PN0") and age is not None and age >= 4:
            who = context.allocated(row.child, row.on)
            yield share("CLA-16", row.id, row.child, who, row.on, row.participation in TOOK_PART)


def cohort(context: Context, at: date):
    """CLA-01, CLA-02, CLA-07, CLA-18, CLA-21."""
    seeking_asylum = unaccompanied(context, at)
    for row in looked_after(context, at):
        case = (row.care, row.child, row.who, at)
        yield count("CLA-01", *case, row.legal_status or "not recorded")
        yield count("CLA-02", *case)
        yield count("CLA-18", *case, row.legal_status or "not recorded")
        yield Observation("CLA-21", *case[:2], *row.who, at, (at - row.started).days, 1, None)
        yield share("CLA-07", *case, row.child in seeking_asylum)


def reviews_held(context: Context, row: InCare, at: date) -> list[date]:
    """The days of the reviews held in the child's period of care, in order."""
    of_care = context.data.by("cla_reviews", "care").get(row.care, [])
    return sorted(review.on for review in of_care if review.cancelled != "Y" and row.started < review.on <= at)


def visit_due(row: InCare, seen: list[date], is_reviewed: bool) -> date:
    """When the next visit is due (SI 2010/959 regulation 28); `seen` are the visits of this placement."""
    placed_on = row.placement.start
    if not seen:
        return placed_on + timedelta(days=7)
    last = max(seen)
    if row.placement.type == "P1" and row.legal_status == "C1":
        return last + timedelta(days=28 if is_reviewed else 7)
    if last >= add_months(placed_on, 12) and row.placement.type in ("U1", "U4"):
        return add_months(last, 3)
    return last + timedelta(days=42)


def visits(context: Context, at: date):
    """CLA-14. A child whose placement is unknown is not shown to have been visited in time."""
    of_child = context.data.by("cla_visits", "child")
    for row in looked_after(context, at):
        in_time = False
        if row.placement:
            days = [visit.on for visit in of_child.get(row.child, []) if visit.seen == "Y"]
            seen = [day for day in days if row.placement.start <= day <= at]
            in_time = visit_due(row, seen, bool(reviews_held(context, row, at))) >= at
        yield share("CLA-14", row.care, row.child, row.who, at, in_time)


def reviews(context: Context, at: date):
    """CLA-15: every review of the last 12 months in time, and none overdue (SI 2010/959 regulation 33)."""
    year_before = add_months(at, -12)
    for row in looked_after(context, at):
        held = reviews_held(context, row, at)
        if not held and working_days(row.started, at) <= 20:
            continue
        in_time = bool(held)
        if held:
            in_time = held[0] <= year_before or working_days(row.started, held[0]) <= 20
            for number, (previous, this) in enumerate(pairwise(held)):
                due = add_months(previous, 3 if number == 0 else 6)
                in_time = in_time and (this <= year_before or this <= due)
            in_time = in_time and add_months(held[-1], 3 if len(held) == 1 else 6) >= at
        yield share("CLA-15", row.care, row.child, row.who, at, in_time)


def workers(context: Context, at: date):
    """CLA-17, CLA-22."""
    registered = {row.id for row in context.data["professionals"] if row.registration}
    year_before = add_months(at, -12)
    for row in looked_after(context, at):
        case = (row.care, row.child, row.who, at)
        in_year = [a for a in context.allocations(row.child) if overlaps_year_to(a, at, year_before)]
        yield share("CLA-17", *case, len({a.worker for a in in_year if a.worker}) >= 3)
        yield share("CLA-22", *case, row.who.worker in registered)


def permanence_plans(context: Context, at: date):
    """CLA-19: children in care for four months, with a care plan open that says what it aims at."""
    plans = [row for row in context.data["care_plans"] if is_open(row, at) and json.loads(row.text or "{}").get("PLAN")]
    planned = {row.child for row in plans}
    for row in looked_after(context, at):
        if add_months(row.started, 4) <= at:
            yield share("CLA-19", row.care, row.child, row.who, at, row.child in planned)


def officer_contacts(context: Context, at: date):
    """CLA-20: known at the extract's day alone, of the episode that counts for the child."""
    if at != context.as_at:
        return
    for row in looked_after(context, at):
        episodes = [e for e in context.data.by("episodes", "child")[row.child] if is_open(e, at)]
        contact = max(episodes, key=lambda e: (e.start, e.id)).iro_contact
        held = reviews_held(context, row, at)
        met = contact is not None and (contact > held[-1] if held else contact >= row.started)
        yield share("CLA-20", row.care, row.child, row.who, at, met)


EVENTS = [starts, ends, participation]
SNAPSHOTS = [cohort, visits, reviews, workers, permanence_plans, officer_contacts]

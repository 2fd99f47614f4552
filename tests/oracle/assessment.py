"""Assessments, section 47 enquiries, initial conferences (contract section 5, ASM, S47)."""

import json
from datetime import date

from .calendar import add_months, working_days
from .context import Context, Observation, count, is_open, share

ASSESSMENT_BANDS = [(0, "same day"), (10, "1-10"), (20, "11-20"), (30, "21-30"), (40, "31-40")]
ASSESSMENT_BANDS += [(45, "41-45"), (50, "46-50"), (60, "51-60")]
CONFERENCE_BANDS = [(10, "0-10"), (15, "11-15"), (20, "16-20")]


def band(days: int, bands: list[tuple[int, str]], above: str) -> str:
    """The first band whose upper bound `days` does not pass."""
    return next((label for upper, label in bands if days <= upper), above)


def clock_starts(context: Context) -> dict[str, date]:
    """When the 45 days of each assessment begin: at the referral for its first assessment, else at its own start."""
    referred_on = {referral.id: referral.start for referral in context.data["referrals"]}
    starts = {}
    for referral, assessments in context.data.by("assessments", "referral").items():
        first = min(assessments, key=lambda row: (row.start, row.id))
        for assessment in assessments:
            at_referral = assessment is first and referral in referred_on
            starts[assessment.id] = referred_on[referral] if at_referral else assessment.start
    return starts


def assessments_completed(context: Context):
    """ASM-01, ASM-03, ASM-04, ASM-06, ASM-07, ASM-09, ASM-10, at the day of authorisation."""
    starts = clock_starts(context)
    disabled = context.disabled()
    for row in context.data["assessments"]:
        if row.end:
            case = (row.id, row.child, context.own(row.worker, row.team), row.end)
            days = working_days(starts[row.id], row.end)
            yield count("ASM-01", *case, band(days, ASSESSMENT_BANDS, "61+"))
            yield count("ASM-04", *case, band(days, ASSESSMENT_BANDS, "61+"))
            yield share("ASM-03", *case, days <= 45)
            yield share("ASM-09", *case, row.child in disabled)
            yield share("ASM-07", *case, row.nfa == "N")
            yield Observation("ASM-10", *case[:2], *case[2], row.end, days, 1, None)
            if not context.is_unborn(row.child, row.end):
                yield share("ASM-06", *case, row.child_seen == "Y")


def assessment_factors(context: Context):
    """ASM-08: each factor of a completed assessment once."""
    factors = context.data.by("factors", "assessment")
    for row in context.data["assessments"]:
        if row.end:
            who = context.own(row.worker, row.team)
            found = {factor for record in factors.get(row.id, []) for factor in json.loads(record.factors or "[]")}
            for factor in found:
                yield count("ASM-08", f"{row.id}/{factor}", row.child, who, row.end, factor)


def assessments_open(context: Context, at: date):
    """ASM-02, ASM-05."""
    starts = clock_starts(context)
    for row in context.data["assessments"]:
        if is_open(row, at):
            case = (row.id, row.child, context.allocated(row.child, at), at)
            yield count("ASM-02", *case)
            yield share("ASM-05", *case, working_days(starts[row.id], at) > 45)


def is_unnecessary(enquiry) -> bool:
    """Whether an enquiry ended with the answer that no conference is needed."""
    return bool(enquiry.end) and enquiry.nfa == "Y"


def answers(context: Context) -> dict[str, date]:
    """When the conference of each enquiry was held: its own, else the first under its referral since it began."""
    own, referral_of = {}, {row.id: row.referral for row in context.data["enquiries"]}
    of_referral = {}
    for row in sorted(context.data["conferences"], key=lambda row: row.on):
        if row.enquiry:
            own.setdefault(row.enquiry, row.on)
        if row.transfer_in != "Y":
            referral = row.referral or referral_of.get(row.enquiry)
            of_referral.setdefault((row.child, referral), []).append(row.on)
    for row in context.data["enquiries"]:
        if row.id not in own and row.referral and not is_unnecessary(row):
            later = [on for on in of_referral.get((row.child, row.referral), []) if on >= row.start]
            own |= {row.id: later[0]} if later else {}
    return own


def enquiries(context: Context):
    """S47-01 to S47-05."""
    held = answers(context)
    for child, of_child in context.data.by("enquiries", "child").items():
        for row in of_child:
            case = (row.id, child, context.own(row.worker, row.team), row.start)
            earliest = add_months(row.start, -12)
            yield count("S47-01", *case)
            yield count("S47-02", *case)
            yield share("S47-05", *case, any(earliest <= other.start < row.start for other in of_child))
            if working_days(row.start, context.as_at) > 15:
                yield share("S47-03", *case, row.id in held)
            if row.end and (row.id in held or is_unnecessary(row)):
                yield share("S47-04", *case[:3], row.end, row.id not in held)


def conferences(context: Context):
    """S47-06 to S47-09: conferences held; the clock of a transfer in starts at its referral."""
    enquired_on = {row.id: row.start for row in context.data["enquiries"]}
    referred_on = {row.id: row.start for row in context.data["referrals"]}
    for row in context.data["conferences"]:
        case = (row.id, row.child, context.own(row.worker, row.team), row.on)
        yield count("S47-06", *case)
        yield share("S47-09", *case, row.plan == "Y")
        is_transfer = row.transfer_in == "Y"
        clock_start = referred_on.get(row.referral) if is_transfer else enquired_on.get(row.enquiry)
        if clock_start:
            days = working_days(clock_start, row.on)
            yield share("S47-07", *case, days <= 15, band(days, CONFERENCE_BANDS, "21+"))
            yield count("S47-08" + ("a" if days <= 10 else "b" if days <= 15 else "c" if days <= 20 else "d"), *case)
            if not is_transfer:
                yield share("S47-07x", *case, days <= 15)


def enquiries_pending(context: Context, at: date):
    """S47-10: over 15 working days without the conference, which is owed until it is judged unnecessary or both end."""
    held = answers(context)
    closed_on = {row.id: row.end for row in context.data["referrals"]}
    for row in context.data["enquiries"]:
        closed = row.end if is_unnecessary(row) else closed_on.get(row.referral)
        is_over = bool(row.end and closed) and max(row.end, closed) <= at
        is_owed = row.start <= at and not is_over and held.get(row.id, date.max) > at
        if is_owed and working_days(row.start, at) > 15:
            yield count("S47-10", row.id, row.child, context.allocated(row.child, at), at)


EVENTS = [assessments_completed, assessment_factors, enquiries, conferences]
SNAPSHOTS = [assessments_open, enquiries_pending]

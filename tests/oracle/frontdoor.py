"""Contacts, early help, referrals (contract section 5, CON, EH, REF)."""

from datetime import date, timedelta

from .calendar import add_months, working_days
from .context import UNALLOCATED, Context, count, is_open, overlaps_year_to, share
from .extracts import outcome

SOURCES = {
    "REF-06p": {"6"},
    "REF-06s": {"2A", "2B"},
    "REF-06h": {"3A", "3B", "3C", "3D", "3E", "3F"},
}


def contacts(context: Context):
    """CON-01, CON-02, CON-03, CON-04: every contact belongs to the front door's team and to no worker."""
    who = context.own(UNALLOCATED, context.council["front_door_team"])
    lowest_id = {}
    for contact in context.data["contacts"]:
        yield count("CON-01", contact.id, contact.child, who, contact.on, contact.source)
        yield count("CON-02", contact.id, contact.child, who, contact.on, contact.source)
        if decided := outcome(contact.outcome):
            yield share("CON-04", contact.id, contact.child, who, contact.on, decided == "CIN Referral")
        same = (contact.child, contact.on, contact.source)
        if same not in lowest_id or contact.id < lowest_id[same].id:
            lowest_id[same] = contact
    for contact in lowest_id.values():
        yield share("CON-03", contact.id, contact.child, who, contact.on, True)


def early_help_ended(context: Context):
    """EH-04."""
    for episode in context.data["early_help"]:
        if episode.end:
            who = context.allocated(episode.child, episode.end)
            stepped_up = episode.end_reason == "Step up to social care"
            yield share("EH-04", episode.id, episode.child, who, episode.end, stepped_up)


def early_help_open(context: Context, at: date):
    """EH-01, EH-02."""
    for episode in context.data["early_help"]:
        if is_open(episode, at):
            case = (episode.id, episode.child, context.allocated(episode.child, at), at)
            yield count("EH-01", *case)
            yield count("EH-02", *case, episode.organisation or "not recorded")


def early_help_and_referred(context: Context, at: date):
    """EH-03: children helped in the six months to a day, and referred in the same months."""
    before = add_months(at, -6)
    referrals = context.data.by("referrals", "child")
    for child, episodes in context.data.by("early_help", "child").items():
        if any(overlaps_year_to(row, at, before) for row in episodes):
            referred = any(before < row.start <= at for row in referrals.get(child, []))
            yield share("EH-03", child, child, context.allocated(child, at), at, referred)


def referrals(context: Context):
    """REF-01, REF-02, REF-04, REF-05, REF-06 and its groups, REF-07, REF-09."""
    decided_on = {decision.referral: decision.on for decision in context.data["decisions"]}
    for referral in context.data["referrals"]:
        case = (referral.id, referral.child, context.own(referral.worker, referral.team), referral.start)
        yield count("REF-01", *case, referral.source)
        yield count("REF-02", *case)
        yield count("REF-06", *case, referral.source)
        yield count("REF-09", *case)
        yield share("REF-04", *case, referral.nfa == "Y")
        yield share("REF-05", *case, referral.end is not None and referral.close_reason in ("RC8", "RC9"))
        for indicator_id, sources in SOURCES.items():
            yield share(indicator_id, *case, referral.source in sources)
        if referral.id in decided_on:
            yield share("REF-07", *case, working_days(referral.start, decided_on[referral.id]) <= 1)


def re_referrals(context: Context):
    """REF-03, REF-03c: an earlier referral of the child in the 12 months before."""
    for child, of_child in context.data.by("referrals", "child").items():
        for referral in of_child:
            earliest = add_months(referral.start, -12)
            repeated = any(earliest <= other.start < referral.start for other in of_child)
            who = context.own(referral.worker, referral.team)
            yield share("REF-03", referral.id, child, who, referral.start, repeated)
            yield share("REF-03c", referral.id, child, who, referral.start, repeated)


def referrals_assessed(context: Context):
    """REF-08: an assessment started within 30 days; referrals younger than that are left out."""
    assessments = context.data.by("assessments", "referral")
    for referral in context.data["referrals"]:
        if referral.start + timedelta(days=30) <= context.as_at:
            days = [(row.start - referral.start).days for row in assessments.get(referral.id, [])]
            who = context.own(referral.worker, referral.team)
            is_assessed = any(0 <= number <= 30 for number in days)
            yield share("REF-08", referral.id, referral.child, who, referral.start, is_assessed)


EVENTS = [contacts, early_help_ended, referrals, re_referrals, referrals_assessed]
SNAPSHOTS = [early_help_open, early_help_and_referred]

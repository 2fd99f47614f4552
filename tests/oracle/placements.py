"""Placements of looked-after children and missing episodes (contract section 5, PLC, MIS)."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta

from .calendar import add_months, elapsed
from .care import is_short_break, looked_after
from .context import Context, count, overlaps_year_to, share

OTHER = {"Z1", "Z11", "Z12", "Z13", "Z14"}
TYPES = {
    "PLC-06": {"U1", "U2", "U3", "U4", "U5", "U6"},
    "PLC-07": {"K1", "K2"},
    "PLC-08": {"H5", "P2", "K3"},
    "PLC-09": {"R1", "R2", "R3", "R5", "S1"},
    "PLC-10": OTHER | {"T0", "T1", "T2", "T3", "T4"},
    "PLC-11": {"P1"},
}
SETTINGS = {"K1", "K2", "K3", "H5", "P2", "R1", "R2", "R3", "R5", "S1"} | OTHER
TEMPORARY, SHORT, CARER_KEPT = {"T0", "T1", "T2", "T3", "T4"}, {"V3", "V4"}, {"L", "T", "U"}
FOR_ADOPTION = {"A3", "A4", "A5", "A6"}


class Stay:
    """Placements that follow one another with one carer (NI 62); `before` is the stay before it in the same care."""

    def __init__(self, placement, before):
        self.type, self.start, self.before, self.placements = placement.type, placement.start, before, [placement]

    @property
    def counts(self) -> bool:
        """Whether it is a placement; an adoption by the carers the child lived with is none."""
        return self.type not in ("A3", "A5")

    def overlaps(self, at: date, since: date) -> bool:
        """Whether one of its placements was open after `since` and by `at`."""
        return any(overlaps_year_to(placement, at, since) for placement in self.placements)

    def is_long(self, at: date) -> bool:
        """Whether it, or for one for adoption the stay before it, began two years ago or more."""
        first = self.before if self.type in FOR_ADOPTION and self.before else self
        return add_months(first.start, 24) <= at


def is_of_short_breaks(context: Context, placement) -> bool:
    """Whether the first and the last day of a placement lie in one series of short breaks."""
    last = placement.end - timedelta(days=1) if placement.end else context.as_at
    return any(
        row.status in SHORT and row.start <= placement.start and (row.end is None or row.end > last)
        for row in context.data.by("legal_statuses", "child").get(placement.child, [])
    )


def stays(context: Context, child: str) -> list[Stay]:
    """A child's stays, oldest first: temporary placements, those of no day and those of short breaks belong to none."""
    begun = defaultdict(list)
    for row in context.data.by("episodes", "child").get(child, []):
        begun[row.placement, row.start].append(row.start_reason)
    found, is_in_care, was_away = [], False, False
    for placement in sorted(context.data.by("placements", "child").get(child, []), key=lambda row: (row.start, row.id)):
        if placement.end == placement.start or is_of_short_breaks(context, placement):
            continue
        reasons = begun[placement.id, placement.start]
        is_in_care = is_in_care and "S" not in reasons
        if placement.type in TEMPORARY:
            was_away = True
            continue
        here = found[-1] if found and is_in_care else None
        is_same = bool(reasons) and all(reason in CARER_KEPT for reason in reasons)
        is_return = was_away and here is not None and where(here.placements[-1]) == where(placement)
        if here and (is_same or is_return):
            here.placements.append(placement)
        else:
            found.append(Stay(placement, here))
        is_in_care, was_away = True, False
    return found


def where(placement) -> tuple:
    """What tells one home from another in the extracts."""
    return placement.type, placement.provider, placement.urn


def placement_types_and_moves(context: Context, at: date):
    """PLC-01, PLC-03, PLC-06 to PLC-11, PLC-13, PLC-16."""
    year_before, two_years_before = add_months(at, -12), add_months(at, -24)
    for row in looked_after(context, at):
        case = (row.care, row.child, row.who, at)
        age = context.age(row.child, at)
        counted = [stay for stay in stays(context, row.child) if stay.counts]
        yield share("PLC-01", *case, sum(stay.overlaps(at, year_before) for stay in counted) >= 3)
        for indicator_id, types in TYPES.items():
            yield share(indicator_id, *case, row.placement is not None and row.placement.type in types)
        if add_months(row.started, 24) <= at:
            yield share("PLC-03", *case, sum(stay.overlaps(at, two_years_before) for stay in counted) >= 3)
        yield count("PLC-13", *case, (row.placement.provider if row.placement else None) or "not recorded")
        if age is not None and age < 16 and is_unregistered(row.placement):
            yield count("PLC-16", *case)


def is_unregistered(placement) -> bool:
    """Whether a placement is in a residential setting without a registration number."""
    return placement is not None and placement.type in SETTINGS and placement.urn in (None, "XXXXXXX")


def changes(context: Context):
    """PLC-12: placements that ended and that another of the same period of care followed."""
    of_care = context.data.by("placements", "care")
    for row in context.data["placements"]:
        followed = row.care is not None and any(other.start > row.start for other in of_care[row.care])
        if row.end and followed and not is_short_break(context, row.child, row.end - timedelta(days=1)):
            who = context.allocated(row.child, row.end)
            yield count("PLC-12", row.id, row.child, who, row.end, row.change_reason or "not recorded")


def starts(context: Context):
    """PLC-05: the first placement of each stay by distance, those that begin within short breaks left out."""
    for child in context.data.by("placements", "child"):
        for stay in stays(context, child):
            if stay.counts and not is_short_break(context, child, stay.start):
                who, row = context.allocated(child, stay.start), stay.placements[0]
                yield count("PLC-05", row.id, child, who, stay.start, distance(row))


def distance(placement) -> str:
    """The band of a placement's distance from home."""
    if placement.miles is None:
        return "not recorded"
    return "over 20 miles" if placement.miles > 20 else "20 miles or less"


def far_and_outside(context: Context, at: date):
    """PLC-04: at the extract's day, of those whom Annex A list 8 has on a side of the boundary."""
    if at != context.as_at:
        return
    sides = {row.child: row.location for row in context.data["listed_in_care"] if row.location and not row.ceased}
    for row in looked_after(context, at):
        if row.child in sides:
            is_far = row.placement is not None and distance(row.placement) == "over 20 miles"
            yield share("PLC-04", row.care, row.child, row.who, at, is_far and sides[row.child] == "b) Out")


def long_term_stability(context: Context, at: date):
    """PLC-02: under 16 and 30 months in care; two years with the same carer."""
    for row in looked_after(context, at):
        age = context.age(row.child, at)
        if age is None or age >= 16 or add_months(row.started, 30) > at:
            continue
        here = [stay for stay in stays(context, row.child) if row.placement and row.placement in stay.placements]
        yield share("PLC-02", row.care, row.child, row.who, at, any(stay.is_long(at) for stay in here))


def missing_episodes(context: Context):
    """MIS-01 and MIS-06 at the start, MIS-04 and MIS-05 at the end of an episode."""
    of_child = context.data.by("missing", "child")
    interviews = {row.missing: row.at for row in context.data["return_interviews"]}
    for row in context.data["missing"]:
        if row.type != "M":
            continue
        case = (row.id, row.child, context.allocated(row.child, row.start), row.start)
        yield count("MIS-01", *case)
        starts = [other.start for other in of_child[row.child] if other.type == "M"]
        yield share("MIS-06", *case, sum(0 <= (row.start - day).days < 90 for day in starts) >= 3)
        if row.end:
            case = (row.id, row.child, context.allocated(row.child, row.end), row.end)
            interviewed_at = interviews.get(row.id)
            yield share("MIS-04", *case, row.offered == "Y")
            is_held = bool(interviewed_at) and interviewed_at >= row.ended_at
            end_of_day = datetime.combine(context.as_at + timedelta(days=1), time())
            if is_held or elapsed(row.ended_at, end_of_day) > timedelta(hours=72):
                yield share("MIS-05", *case, is_held and elapsed(row.ended_at, interviewed_at) <= timedelta(hours=72))


def missing_in_year(context: Context, at: date):
    """MIS-02, MIS-03: children in care at some time in 12 months, missing or away in these months."""
    year_before = add_months(at, -12)
    absent = [row for row in context.data["missing"] if overlaps_year_to(row, at, year_before)]
    for child, episodes in context.data.by("episodes", "child").items():
        in_year = [row for row in episodes if overlaps_year_to(row, at, year_before)]
        first_days = [max(row.start, year_before + timedelta(days=1)) for row in in_year]
        if any(not is_short_break(context, child, day) for day in first_days):
            case = (child, child, context.allocated(child, at), at)
            for indicator_id, kind in (("MIS-02", "M"), ("MIS-03", "A")):
                yield share(indicator_id, *case, any(row.child == child and row.type == kind for row in absent))


EVENTS = [missing_episodes, changes, starts]
SNAPSHOTS = [placement_types_and_moves, far_and_outside, long_term_stability, missing_in_year]

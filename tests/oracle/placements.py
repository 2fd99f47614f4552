"""Placements of looked-after children and missing episodes (contract section 5, PLC, MIS)."""

from datetime import date, datetime, time, timedelta

from .calendar import add_months, elapsed
from .care import is_short_break, looked_after
from .context import Context, count, overlaps_year_to, share

TYPES = {
    "PLC-06": {"U1", "U2", "U3", "U4", "U5", "U6"},
    "PLC-07": {"K1", "K2"},
    "PLC-08": {"H5", "P2", "K3"},
    "PLC-09": {"R1", "R2", "R3", "R5", "S1"},
    "PLC-10": {"Z1", "T0", "T1", "T2", "T3", "T4"},
    "PLC-11": {"P1"},
}
SETTINGS = {"K1", "K2", "K3", "H5", "P2", "R1", "R2", "R3", "R5", "S1", "Z1"}
NO_MOVE = {"T0", "T1", "T2", "T3", "T4", "A3", "A5"}
FOR_ADOPTION = {"A3", "A4", "A5", "A6"}


def is_move(placement) -> bool:
    """Whether a placement counts towards stability: not temporary, not adoption by the carers, a day at least."""
    lasts = placement.end is None or placement.end > placement.start
    return lasts and placement.type not in NO_MOVE


def placement_types_and_moves(context: Context, at: date):
    """PLC-01, PLC-03, PLC-06 to PLC-11, PLC-13, PLC-16."""
    placements = context.data.by("placements", "child")
    year_before, two_years_before = add_months(at, -12), add_months(at, -24)
    for row in looked_after(context, at):
        case = (row.care, row.child, row.who, at)
        of_child, age = placements.get(row.child, []), context.age(row.child, at)
        in_year = {p.id for p in of_child if is_move(p) and overlaps_year_to(p, at, year_before)}
        yield share("PLC-01", *case, len(in_year) >= 3)
        for indicator_id, types in TYPES.items():
            yield share(indicator_id, *case, row.placement is not None and row.placement.type in types)
        if add_months(row.started, 24) <= at:
            moves = {p.id for p in of_child if is_move(p) and overlaps_year_to(p, at, two_years_before)}
            yield share("PLC-03", *case, len(moves) >= 3)
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
    """PLC-05: moves and first placements by distance, those that begin within short breaks left out."""
    for row in context.data["placements"]:
        if is_move(row) and not is_short_break(context, row.child, row.start):
            yield count("PLC-05", row.id, row.child, context.allocated(row.child, row.start), row.start, distance(row))


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
    """PLC-02: under 16 and 30 months in care; two years in the placement, adoption by the carers being no move."""
    placements = context.data.by("placements", "child")
    for row in looked_after(context, at):
        age = context.age(row.child, at)
        if age is None or age >= 16 or add_months(row.started, 30) > at:
            continue
        yield share("PLC-02", row.care, row.child, row.who, at, is_stable(row.placement, placements[row.child], at))


def is_stable(placement, of_child: list, at: date) -> bool:
    """Whether the placement, or for one for adoption the placement before it, began two years ago or more."""
    if placement is None:
        return False
    starts = [placement.start]
    if placement.type in FOR_ADOPTION:
        earlier = [other.start for other in of_child if other.start < placement.start]
        starts += [max(earlier)] if earlier else []
    return any(add_months(start, 24) <= at for start in starts)


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

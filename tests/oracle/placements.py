"""Placements of looked-after children and missing episodes (contract section 5, PLC, MIS)."""

from datetime import date, timedelta

from .calendar import add_months, elapsed
from .care import is_short_break, looked_after
from .context import Context, count, overlaps_year_to, share

TYPES = {
    "PLC-06": {"U1", "U2", "U3", "U4", "U5", "U6"},
    "PLC-07": {"K1", "K2"},
    "PLC-08": {"H5", "P2", "K3"},
    "PLC-11": {"P1"},
}
NO_MOVE = {"T0", "T1", "T2", "T3", "T4", "A3", "A5"}
FOR_ADOPTION = {"A3", "A4", "A5", "A6"}


def is_move(placement) -> bool:
    """Whether a placement counts towards stability: not temporary, not adoption by the carers, a day at least."""
    lasts = placement.end is None or placement.end > placement.start
    return lasts and placement.type not in NO_MOVE


def placement_types_and_moves(context: Context, at: date):
    """PLC-01, PLC-06, PLC-07, PLC-08, PLC-11."""
    placements = context.data.by("placements", "child")
    year_before = add_months(at, -12)
    for row in looked_after(context, at):
        case = (row.care, row.child, row.who, at)
        of_child = placements.get(row.child, [])
        in_year = {p.id for p in of_child if is_move(p) and overlaps_year_to(p, at, year_before)}
        yield share("PLC-01", *case, len(in_year) >= 3)
        for indicator_id, types in TYPES.items():
            yield share(indicator_id, *case, row.placement is not None and row.placement.type in types)


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
    """MIS-01 at the start, MIS-04 and MIS-05 at the end of an episode."""
    interviews = {row.missing: row.at for row in context.data["return_interviews"]}
    for row in context.data["missing"]:
        if row.type != "M":
            continue
        yield count("MIS-01", row.id, row.child, context.allocated(row.child, row.start), row.start)
        if row.end:
            case = (row.id, row.child, context.allocated(row.child, row.end), row.end)
            interviewed_at = interviews.get(row.id)
            is_in_time = bool(interviewed_at) and elapsed(row.ended_at, interviewed_at) <= timedelta(hours=72)
            yield share("MIS-04", *case, row.offered == "Y")
            yield share("MIS-05", *case, is_in_time)


def missing_in_year(context: Context, at: date):
    """MIS-02: children in care at some time in 12 months, with a missing episode in these months."""
    year_before = add_months(at, -12)
    went_missing = {
        row.child for row in context.data["missing"] if row.type == "M" and overlaps_year_to(row, at, year_before)
    }
    for child, episodes in context.data.by("episodes", "child").items():
        in_year = [row for row in episodes if overlaps_year_to(row, at, year_before)]
        first_days = [max(row.start, year_before + timedelta(days=1)) for row in in_year]
        if any(not is_short_break(context, child, day) for day in first_days):
            yield share("MIS-02", child, child, context.allocated(child, at), at, child in went_missing)


EVENTS = [missing_episodes]
SNAPSHOTS = [placement_types_and_moves, long_term_stability, missing_in_year]

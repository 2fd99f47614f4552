"""Care leavers, as at the extract's day alone (contract section 5, CL)."""

from datetime import date, timedelta

from .calendar import add_months
from .context import Context, count, share

LEFT = {"DIED", "RHOM"}
AWAY = {"G", "H", "R"}
FOSTER = {"U1", "U2", "U3", "U4", "U5", "U6"}
IN_EDUCATION_OR_WORK = {"F1", "P1", "F2", "P2", "F3", "P3", "F4", "P4", "F5", "P5"}
AGE_GROUPS = {"": range(19, 22), "_17-18": range(17, 19)}


def care_leavers(context: Context, at: date):
    """CL-01 to CL-08, CL-10, CL-11."""
    if at != context.as_at:
        return
    for row in context.data["care_leavers"]:
        if row.in_touch in LEFT:
            continue
        case = (row.id, row.child, context.own(row.worker, row.team), at)
        age = context.age(row.child, at)
        if age in range(17, 22):
            yield share("CL-02", *case, row.in_touch == "YES")
        for suffix, ages in AGE_GROUPS.items():
            if age in ages:
                if row.accommodation not in AWAY:
                    yield share(f"CL-04{suffix}", *case, row.suitable == "Suitable")
                yield share(f"CL-05{suffix}", *case, row.activity in IN_EDUCATION_OR_WORK)
                yield share(f"CL-06{suffix}", *case, row.activity in ("G4", "G5", "G6"))
        if age in AGE_GROUPS[""]:
            yield count("CL-01", *case)
            yield share("CL-03", *case, row.in_touch == "NO")
            yield share("CL-07", *case, row.activity in ("F1", "P1"))
            yield share("CL-07b", *case, row.activity in ("F4", "P4"))
        if age in (19, 20) and left_foster_care_at_18(context, row.child):
            yield share("CL-08", *case, row.accommodation == "Z")
        yield share("CL-10", *case, row.reviewed_on is not None and add_months(row.reviewed_on, 6) >= at)
        yield share("CL-11", *case, row.adviser is not None)


def left_foster_care_at_18(context: Context, child: str) -> bool:
    """Whether the child's care ended, in a foster placement, on the very day of turning 18."""
    placements = {row.id: row for row in context.data["placements"] if row.child == child}
    for episode in context.data.by("episodes", "child").get(child, []):
        if episode.end and episode.end_reason not in (None, "X1") and episode.placement in placements:
            ages = context.age(child, episode.end - timedelta(days=1)), context.age(child, episode.end)
            if ages == (17, 18) and placements[episode.placement].type in FOSTER:
                return True
    return False


EVENTS = []
SNAPSHOTS = [care_leavers]

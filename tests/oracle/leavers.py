"""Care leavers, as at the extract's day alone (contract section 5, CL)."""

from datetime import date

from .calendar import add_months
from .context import Context, share

LEFT = {"DIED", "RHOM"}
IN_EDUCATION_OR_WORK = {"F1", "P1", "F2", "P2", "F4", "P4", "F5", "P5"}
AGE_GROUPS = {"": range(19, 22), "_17-18": range(17, 19)}


def care_leavers(context: Context, at: date):
    """CL-02, CL-04, CL-05 (both age groups), CL-10, CL-11."""
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
                if row.accommodation != "X":
                    yield share(f"CL-04{suffix}", *case, row.suitable == "Suitable")
                yield share(f"CL-05{suffix}", *case, row.activity in IN_EDUCATION_OR_WORK)
        yield share("CL-10", *case, row.reviewed_on is not None and add_months(row.reviewed_on, 6) >= at)
        yield share("CL-11", *case, row.adviser is not None)


EVENTS = []
SNAPSHOTS = [care_leavers]

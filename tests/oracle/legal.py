"""Legal statuses that the law limits: emergency measures and short breaks (LEG-04, PLC-15)."""

from datetime import date, timedelta

from .calendar import add_months
from .context import Context, count, overlaps_year_to

LONGEST = {"L1": 3, "L2": 21, "L3": 7}
LONGEST_BREAK, MOST_DAYS_OF_BREAKS = 17, 75


def measures_beyond_their_limit(context: Context):
    """LEG-04: on the first day beyond the limit, if the measure was still in force when its limit was reached."""
    for row in context.data["legal_statuses"]:
        if row.status in LONGEST and ((row.end or context.as_at) - row.start).days > LONGEST[row.status]:
            on = row.start + timedelta(days=LONGEST[row.status] + 1)
            yield count("LEG-04", row.id, row.child, context.allocated(row.child, on), on, row.status)


def short_breaks_beyond_their_limit(context: Context, at: date):
    """PLC-15: children with a break that is too long, or too many days of them, in 12 months."""
    year_before = add_months(at, -12)
    for child, statuses in context.data.by("legal_statuses", "child").items():
        breaks = [row for row in statuses if row.status == "V3" and overlaps_year_to(row, at, year_before)]
        ends = [min(row.end or at, at) for row in breaks]
        longest = max(((end - row.start).days for row, end in zip(breaks, ends, strict=True)), default=0)
        days = sum((end - max(row.start, year_before)).days for row, end in zip(breaks, ends, strict=True))
        if longest > LONGEST_BREAK or days > MOST_DAYS_OF_BREAKS:
            yield count("PLC-15", child, child, context.allocated(child, at), at)


EVENTS = [measures_beyond_their_limit]
SNAPSHOTS = [short_breaks_beyond_their_limit]

"""What the statutory returns alone hold: SSDA903 OC2, workforce census, Annex A list 11. Their files may be absent."""

from collections import defaultdict
from datetime import date

from .calendar import add_months
from .context import UNALLOCATED, Context, Observation, Who, count, share

NOBODY = Who(UNALLOCATED, UNALLOCATED)


def last(month: int, day: int, as_at: date) -> date:
    """The last such day of a year by the extract's day: what a return without a year is of."""
    this_year = date(as_at.year, month, day)
    return this_year if this_year <= as_at else date(as_at.year - 1, month, day)


def outcomes(context: Context):
    """HLT-06, HLT-11."""
    on = last(3, 31, context.as_at)
    for row in context.data["oc2"]:
        case = (f"{row.child}/{on.year}", row.child, context.allocated(row.child, on), on)
        age = context.age(row.child, on)
        if age is not None and age < 5 and row.checked:
            yield share("HLT-06", *case, row.checked == "1")
        if row.misuse == "1":
            yield share("HLT-11", *case, row.offered == "1" and row.received != "1")


def census_roles(context: Context):
    """WF-13."""
    for row in context.data["census_workers"]:
        on = date(int(row.year), 9, 30)
        is_in_post = (row.start is None or row.start <= on) and (row.end is None or row.end > on)
        if on <= context.as_at and row.agency == "0" and row.fte is not None and row.role and is_in_post:
            senior = row.fte if row.role == "4" else 0
            yield Observation("WF-13", f"{row.id}/{row.year}/{row.start}", None, *NOBODY, on, senior, row.fte, None)


STEPS = ("enquired", "stage_1_from", "stage_1_to", "stage_2_from", "approved", "matched", "placed", "ordered", "left")
STAGES = {"placed": "placed", "matched": "matched", "approved": "approved", "stage_2_from": "stage 2"}
STAGES |= {"stage_1_to": "between stages", "stage_1_from": "stage 1", "enquired": "enquiry"}


def adopters(context: Context, at: date):
    """ADT-01 to ADT-04, at the extract's day."""
    if at != context.as_at:
        return
    families = defaultdict(list)
    for row in context.data["adopters"]:
        if row.enquired:
            families[row.family or row.id].append(row)
    for family, rows in families.items():
        day = {step: min((getattr(row, step) for row in rows if getattr(row, step)), default=None) for step in STEPS}
        case = (family, None, NOBODY, at)
        stage = next(label for step, label in STAGES.items() if day[step])
        if not day["left"] and not day["ordered"]:
            yield count("ADT-01", *case, stage)
            if stage == "approved":
                yield count("ADT-04", *case)
        for indicator_id, start, end, months in (
            ("ADT-02", day["stage_1_from"], day["stage_1_to"], 2),
            ("ADT-03", day["stage_2_from"], day["approved"], 4),
        ):
            if start and end and end > add_months(at, -12):
                yield share(indicator_id, *case, end <= add_months(start, months))


EVENTS = [outcomes, census_roles]
SNAPSHOTS = [adopters]

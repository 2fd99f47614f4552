"""Adoption: children adopted, the times of their way there, and those still waiting (ADO)."""

from dataclasses import dataclass
from datetime import date, timedelta

from .calendar import add_months
from .care import care_of, is_short_break, periods_of_care
from .context import Context, Observation, count, share

ADOPTED = {"E11", "E12"}


def adoptions(context: Context):
    """ADO-01, ADO-02, ADO-02a, ADO-02b: among children who ceased to be looked after."""
    for row in context.data["episodes"]:
        if not row.end or row.end_reason in (None, "X1"):
            continue
        if not is_short_break(context, row.child, row.end - timedelta(days=1)):
            case = (care_of(row), row.child, context.allocated(row.child, row.end), row.end)
            yield share("ADO-02", *case, row.end_reason in ADOPTED)
            if row.end_reason in ADOPTED:
                yield count("ADO-01", *case)
                yield share("ADO-02a", *case, row.end_reason == "E11")
                yield share("ADO-02b", *case, row.end_reason == "E12")


@dataclass
class Way:
    """A record of the way to adoption with its period of care; `adopted` where that ended in adoption."""

    row: object
    entered: date | None
    left: date | None
    adopted: date | None

    @property
    def moved_in(self) -> date | None:
        """When the child came to live with the adopters."""
        return (self.row.fostered if self.row.by_carer == "Y" else None) or self.row.placed


def ways(context: Context) -> list[Way]:
    """Every way to adoption that has begun; the adoption belongs to the last decision that was not reversed."""
    periods = periods_of_care(context)
    found, standing = [], {}
    for row in context.data["permanence"]:
        if not (row.decided or row.order or row.matched or row.placed):
            continue
        episodes = [episode for episode in periods.get(row.care, []) if episode.child == row.child]
        left = max(e.end for e in episodes) if episodes and all(e.end for e in episodes) else None
        found.append(Way(row, min((e.start for e in episodes), default=None), left, None))
        if row.care and not row.reversed:
            last = standing.get(row.care)
            if last is None or (row.decided or date.min, row.id) > (last.row.decided or date.min, last.row.id):
                standing[row.care] = found[-1]
    for care, way in standing.items():
        ends = [e.end for e in periods.get(care, []) if e.child == way.row.child and e.end_reason in ADOPTED and e.end]
        way.adopted = max(ends, default=None)
    return found


def times(context: Context):
    """ADO-03 to ADO-10: days of children adopted."""
    for way in ways(context):
        if not way.adopted:
            continue
        row = way.row
        spans = {
            "ADO-03": (way.entered, way.moved_in),
            "ADO-04": (way.entered, row.decided),
            "ADO-05": (row.decided, row.matched),
            "ADO-06": (row.matched, row.placed),
            "ADO-07": (way.entered, row.placed),
            "ADO-08": (row.placed, way.adopted),
            "ADO-09": (way.entered, way.adopted),
        }
        case = (row.id, row.child, *context.allocated(row.child, way.adopted), way.adopted)
        for indicator_id, (start, end) in spans.items():
            if start and end:
                yield Observation(indicator_id, *case, (end - start).days, 1, None)
        if row.placed and row.decided and row.placed <= add_months(row.decided, 12):
            yield Observation("ADO-10", *case, 1, None, None)


def matches(context: Context):
    """ADO-11: from placement order to match; ADO-15: matched within six months of the decision."""
    for way in ways(context):
        row = way.row
        if row.matched and row.order:
            on = max(row.matched, row.order)
            who = context.allocated(row.child, on)
            yield Observation("ADO-11", row.id, row.child, *who, on, (on - row.order).days, 1, None)
        if row.decided and (due := add_months(row.decided, 6)) <= context.as_at:
            is_matched = row.matched is not None and row.matched <= due
            is_over = any(day and day <= due for day in (row.reversed, way.left))
            if is_matched or not is_over:
                yield share(
                    "ADO-15", row.id, row.child, context.allocated(row.child, row.decided), row.decided, is_matched
                )


def waiting(context: Context, at: date):
    """ADO-12, ADO-13, ADO-14."""
    year_ago = add_months(at, -12)
    for way in ways(context):
        row = way.row
        case = (row.id, row.child, context.allocated(row.child, at), at)
        is_in_care = way.left is None or way.left > at
        is_reversed = row.reversed is not None and row.reversed <= at
        if row.decided and row.decided <= at:
            is_placed = row.placed is not None and row.placed <= at
            in_cohort = row.placed > year_ago if is_placed else is_in_care
            if way.entered and in_cohort and not is_reversed:
                waited_to = way.moved_in if is_placed else at
                yield share("ADO-12", *case, waited_to < add_months(way.entered, 14))
            if all(day is None or day > year_ago for day in (row.reversed, way.left)):
                yield share("ADO-13", *case, is_reversed)
        is_matched = row.matched is not None and row.matched <= at
        if row.order and row.order <= at and not is_reversed and not is_matched and is_in_care:
            yield count("ADO-14", *case)


EVENTS = [adoptions, times, matches]
SNAPSHOTS = [waiting]

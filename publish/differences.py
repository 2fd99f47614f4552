"""The differences between a statutory return and the case system, for staff who mend one or the other (HTML and XLSX).

It holds identifiers of the case system, never a name.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from publish.document import Cell, Column, Document, Note, Section, Table
from publish.numbers import day as day_text
from sightline import councils

REPORT = "reconciliation"
LISTED = 1000
"""Differences that the page lists; the workbook lists all of them."""

COUNTS = (
    Column("Figure"),
    Column("In the return", "number"),
    Column("In the case system", "number"),
    Column("Only in the return", "number"),
    Column("Only in the case system", "number"),
    Column("With other values", "number"),
)
CHILDREN = (
    Column("Child"),
    Column("Figure"),
    Column("Where"),
    Column("In the return"),
    Column("In the case system"),
    Column("Why"),
)
WHERE = {"return": "only in the return", "case_system": "only in the case system", "both": "in both, other values"}


class Difference(Protocol):
    """A child who differs; `sightline.reconcile.Difference` is one."""

    child_key: str
    side: str
    in_return: str
    in_system: str
    why: str


class Compared(Protocol):
    """One figure on both sides; `sightline.reconcile.Compared` is one."""

    indicator_id: str
    title: str
    in_return: int
    in_system: int
    differences: Sequence[Difference]

    def of(self, side: str) -> list[str]:
        """Keys of the children who differ in this way."""


@dataclass(frozen=True)
class Differences:
    """What the report needs: figures, identifiers of children by key, and the children who must not be listed."""

    council: str
    year: int
    as_at: date
    compared: Sequence[Compared]
    identifiers: Mapping[str, str]
    unlisted: Collection[str]
    is_made_up: bool


def document(found: Differences, *, is_whole: bool) -> Document:
    """Return the report; `is_whole` lists every difference, for the workbook."""
    council = councils.load(found.council)
    return Document(
        report=REPORT,
        title="Statutory return and case system",
        purpose="Where the return and the case system differ, child by child, and why.",
        council=found.council,
        council_name=council.name,
        unit_code=found.council,
        unit_name=council.name,
        period=str(found.year),
        period_text=f"year to 31 March {found.year}",
        as_at=found.as_at,
        audience="service",
        cadence="yearly",
        is_made_up=found.is_made_up,
        protection="Identifiers of the case system, no names. For the council's own staff who prepare the return.",
        freshness=(f"Deliveries in force on {day_text(found.as_at)}.",),
        sections=(_counts(found), _children(found, is_whole=is_whole)),
    )


def _counts(found: Differences) -> Section:
    rows = tuple(
        (
            Cell(f"{one.indicator_id} {one.title}"),
            _number(one.in_return),
            _number(one.in_system),
            *(_number(len(one.of(side))) for side in WHERE),
        )
        for one in found.compared
    )
    intro = "Records on each side, and children who are on one side only or with other values."
    return Section("counts", "Figures on both sides", intro, (Table("Figures on both sides", COUNTS, rows),))


def _children(found: Differences, *, is_whole: bool) -> Section:
    rows = [
        _row(one, difference, found.identifiers)
        for one in found.compared
        for difference in one.differences
        if difference.child_key not in found.unlisted
    ]
    shown = rows if is_whole else rows[:LISTED]
    notes = [] if len(shown) == len(rows) else [f"The first {LISTED:,} of {len(rows):,}; the workbook lists all."]
    hidden = {d.child_key for one in found.compared for d in one.differences} & set(found.unlisted)
    if hidden:
        notes.append(f"Restricted records that are not listed: {len(hidden):,}.")
    title, note = "Children who differ", " ".join(notes)
    block = Table(title, CHILDREN, tuple(shown), note) if shown else Note(f"None. {note}".strip())
    return Section("children", title, "", (block,))


def _row(one: Compared, difference: Difference, identifiers: Mapping[str, str]) -> tuple[Cell, ...]:
    return (
        Cell(identifiers.get(difference.child_key, "not known")),
        Cell(f"{one.indicator_id} {one.title}"),
        Cell(WHERE[difference.side]),
        Cell(difference.in_return),
        Cell(difference.in_system),
        Cell(difference.why),
    )


def _number(count: int) -> Cell:
    return Cell(f"{count:,}", count)

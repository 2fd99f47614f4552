"""The data-quality report: each fault with its record, whose it is, since when and how to mend it (HTML and XLSX).

For the people who mend records, in the case system and in the extract. It holds identifiers of the case system, never
a name, and no value that was wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from publish.document import Card, Cards, Cell, Column, Document, Note, Section, Table
from publish.numbers import day as day_text
from sightline import councils

REPORT = "data_quality"
LISTED = 1000
"""Faults that the page lists, oldest first; the workbook lists all of them."""

NO_TEAM = "no team known"
GONE = "Not in force any more, or under a corrected identifier: nobody can say that it was mended."
FAULT_COLUMNS = (
    Column("Child"),
    Column("Record"),
    Column("Team"),
    Column("Worker"),
    Column("Column"),
    Column("What is wrong"),
    Column("How to mend it"),
    Column("Since", "date"),
    Column("Days", "number"),
    Column("Loaded?"),
    Column("Extract, file and row"),
)


PAGE_COLUMNS = (
    Column("Child"),
    Column("Record"),
    Column("Team, worker"),
    Column("What is wrong"),
    Column("How to mend it"),
    Column("Days", "number"),
)


class Fault(Protocol):
    """What the report needs to know of a fault; `ingest.faults.FoundFault` is one."""

    feed: str
    title: str
    file_name: str
    sheet: str
    row_no: int
    column: str
    rule: str
    reason: str
    is_loaded: bool
    since: date
    record: str
    child_id: str
    worker: str
    team: str

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """What makes it the same fault in another delivery."""

    @property
    def how_to_mend(self) -> str:
        """What to do about it."""

    def age_in_days(self, day: date) -> int:
        """Days since it was first delivered."""


@dataclass(frozen=True)
class Quality:
    """The faults of one council on some days, the day of the report last: (day, faults).

    `delivered` are the records (feed, key) that are in force on that day, or set aside for another fault, of those
    with a fault on the day before. `not_shown` counts faults that the report's readers may not see, or of which
    nobody can tell whose record it is; `unopened` those whose row was sealed under another key.
    """

    council: str
    days: tuple[tuple[date, Sequence[Fault]], ...]
    is_made_up: bool
    delivered: frozenset[tuple[str, str]] = frozenset()
    not_shown: int = 0
    unopened: int = 0

    @property
    def as_at(self) -> date:
        """The day of the report."""
        return self.days[-1][0]

    @property
    def now(self) -> Sequence[Fault]:
        """The faults of the report's day."""
        return self.days[-1][1]

    @property
    def before(self) -> Sequence[Fault]:
        """The faults of the day before it in the list."""
        return self.days[-2][1] if len(self.days) > 1 else ()


def document(quality: Quality, *, is_whole: bool) -> Document:
    """Return the report; `is_whole` lists every fault, for the workbook."""
    known = {fault.identity for fault in quality.before}
    still = {fault.identity for fault in quality.now}
    new = [fault for fault in quality.now if fault.identity not in known]
    over = _unlike([fault for fault in quality.before if fault.identity not in still])
    mended = [fault for fault in over if fault.identity[:2] in quality.delivered]
    gone = [fault for fault in over if fault.identity[:2] not in quality.delivered]
    council = councils.load(quality.council)
    freshness = f"Faults of the newest accepted delivery of each feed as at {day_text(quality.as_at)}."
    return Document(
        report=REPORT,
        title="Data quality",
        purpose="What is wrong in the records as delivered, whose they are, since when, and how to mend them.",
        council=quality.council,
        council_name=council.name,
        unit_code=quality.council,
        unit_name=council.name,
        period=quality.as_at.isoformat(),
        period_text=f"deliveries in force on {day_text(quality.as_at)}",
        as_at=quality.as_at,
        audience="service",
        cadence="weekly",
        is_made_up=quality.is_made_up,
        protection="Identifiers of the case system, no names. For the council's own staff who mend records.",
        freshness=(freshness,),
        sections=(
            _overview(quality, new, mended, gone),
            _by_team(quality),
            _by_rule(quality),
            _listed("faults", "Faults to mend", quality.now, quality.as_at, is_whole=is_whole),
            _listed("mended", "Mended since last time", mended, quality.as_at, is_whole=is_whole),
            _listed("gone", "No longer delivered", gone, quality.as_at, is_whole=is_whole, intro=GONE),
        ),
    )


def _unlike(faults: Sequence[Fault]) -> list[Fault]:
    return list({fault.identity: fault for fault in faults}.values())


def _overview(quality: Quality, new: Sequence[Fault], mended: Sequence[Fault], gone: Sequence[Fault]) -> Section:
    aside = sum(not fault.is_loaded for fault in quality.now)
    oldest = max((fault.age_in_days(quality.as_at) for fault in quality.now), default=0)
    before = quality.days[-2][0] if len(quality.days) > 1 else None
    since = f"since {day_text(before)}" if before else "no earlier day to compare with"
    cards = (
        _card("Faults", len(quality.now), "in the deliveries in force"),
        _card("Rows set aside", aside, "not loaded: these records count nowhere"),
        _card("New", len(new), since),
        _card("Mended", len(mended), since),
        _card("No longer delivered", len(gone), since),
        _card("Oldest fault", oldest, "days"),
    )
    intro = "A row set aside is not loaded; a warning leaves the row in force, with the value blank where it was wrong."
    return Section("overview", "In short", intro, (Cards(cards), *map(Note, _left_out(quality))))


def _left_out(quality: Quality) -> Iterator[str]:
    """Say what the lists do not show."""
    if quality.not_shown:
        yield f"{quality.not_shown:,} faults not shown: of restricted records, or it cannot be told whose record it is."
    if quality.unopened:
        yield f"{quality.unopened:,} faults of rows sealed under another key: whose they are cannot be told."


def _card(title: str, count: int, detail: str) -> Card:
    return Card(title, title, f"{count:,}", "", detail, "")


def _by_team(quality: Quality) -> Section:
    counts = [(day, Counter(fault.team or NO_TEAM for fault in faults)) for day, faults in quality.days]
    teams = sorted({team for _, count in counts for team in count}, key=lambda team: (team == NO_TEAM, team))
    rows = tuple((Cell(team), *(_number(count[team]) for _, count in counts)) for team in teams)
    columns = (Column("Team"), *(Column(day_text(day), "number") for day, _ in counts))
    note = "The team of the record, else the team to which the child was allocated on that day."
    return Section("teams", "By team", "", (_table("Faults by team on each day", columns, rows, note),))


def _by_rule(quality: Quality) -> Section:
    counts = Counter((fault.title, fault.column, fault.rule) for fault in quality.now)
    rows = tuple(
        (Cell(title), Cell(column), Cell(rule), _number(count)) for (title, column, rule), count in _ranked(counts)
    )
    columns = (Column("Feed"), Column("Column"), Column("Rule"), Column("Faults", "number"))
    return Section("rules", "By feed and rule", "", (_table("Where faults come from", columns, rows, ""),))


def _ranked(counts: Counter) -> list[tuple]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _listed(id_: str, title: str, faults: Sequence[Fault], as_at: date, *, is_whole: bool, intro: str = "") -> Section:
    ordered = sorted(faults, key=lambda one: (one.since, one.team, one.feed, one.file_name, one.row_no, one.column))
    shown = ordered if is_whole else ordered[:LISTED]
    note = "" if len(shown) == len(ordered) else f"The oldest {LISTED:,} of {len(ordered):,}; the workbook lists all."
    columns, row = (FAULT_COLUMNS, _row) if is_whole else (PAGE_COLUMNS, _short_row)
    rows = tuple(row(fault, as_at) for fault in shown)
    return Section(id_, title, intro, (_table(title, columns, rows, note),))


def _table(caption: str, columns: tuple[Column, ...], rows: tuple, note: str) -> Table | Note:
    return Table(caption, columns, rows, note) if rows else Note("None.")


def _row(fault: Fault, as_at: date) -> tuple[Cell, ...]:
    place = ", ".join(part for part in (fault.file_name, fault.sheet, f"row {fault.row_no}") if part)
    return (
        Cell(fault.child_id),
        Cell(fault.record),
        Cell(fault.team or NO_TEAM),
        Cell(fault.worker),
        Cell(fault.column),
        Cell(fault.reason),
        Cell(fault.how_to_mend),
        Cell(day_text(fault.since)),
        _number(fault.age_in_days(as_at)),
        Cell("yes, with a warning" if fault.is_loaded else "no, set aside"),
        Cell(f"{fault.title}: {place}"),
    )


def _short_row(fault: Fault, as_at: date) -> tuple[Cell, ...]:
    """The row for the page: fewer columns, each name of a column broken where it may be."""
    holder = ", ".join(part for part in (fault.team or NO_TEAM, fault.worker) if part)
    return (
        Cell(fault.child_id),
        Cell(_breakable(fault.record)),
        Cell(holder),
        Cell(_breakable(f"{fault.title}: {fault.column} {fault.reason}")),
        Cell(_breakable(fault.how_to_mend)),
        _number(fault.age_in_days(as_at)),
    )


def _breakable(text: str) -> str:
    return text.replace("_", "_\u200b")


def _number(count: int) -> Cell:
    return Cell(f"{count:,}", count)

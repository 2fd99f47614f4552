"""What the data dictionary says: tables, columns, feeds, indicators, clocks, the way between them. Plain and frozen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. `tests` are named by what they assert; `privacy` is empty where nothing is hidden."""

    name: str
    type: str
    description: str
    delivered_as: str = ""
    tests: tuple[str, ...] = ()
    privacy: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table or view of a layer. `reads` and `read_by` are names of tables; `feeds` those that it reads itself."""

    layer: str
    name: str
    description: str
    path: str
    columns: tuple[Column, ...]
    tests: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    read_by: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    is_standing: bool = False


@dataclass(frozen=True, slots=True)
class FeedColumn:
    """A delivered column. `codes` are the newest collection year's."""

    name: str
    type: str
    is_required: bool
    codes: tuple[str, ...]
    privacy: str
    note: str
    years: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as its specification says it; `staging` is empty where no model stages it, for a reason."""

    name: str
    title: str
    group: str
    cadence: str
    owner: str
    retention_years: int
    source: str
    files: tuple[str, ...]
    key: tuple[str, ...]
    columns: tuple[FeedColumn, ...]
    staging: str
    why_not_staged: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A line of a model that holds a rule, as it stands there."""

    path: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """A row of the catalogue (`entry`, by column name) and its way from feeds to reports."""

    id: str
    entry: dict[str, str]
    rules: tuple[Rule, ...] = ()
    feeds: tuple[str, ...] = ()
    staging: tuple[str, ...] = ()
    intermediate: tuple[str, ...] = ()
    marts: tuple[str, ...] = ()
    reports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clock:
    """A row of the clocks (`entry`, by column name), the lines that compute it and the indicators that use it."""

    id: str
    entry: dict[str, str]
    rules: tuple[Rule, ...] = ()
    indicators: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    name: str
    title: str
    purpose: str
    path: str


@dataclass(frozen=True, slots=True)
class Dictionary:
    """Everything, in the order in which it is shown. `is_from_database`: types were read from standing tables."""

    version: str
    is_from_database: bool
    indicators: tuple[Indicator, ...]
    clocks: tuple[Clock, ...]
    tables: tuple[Table, ...]
    feeds: tuple[Feed, ...]
    reports: tuple[Report, ...]

    def of_layer(self, layer: str) -> tuple[Table, ...]:
        """Return the tables of a layer."""
        return tuple(table for table in self.tables if table.layer == layer)

    def faults(self) -> Iterator[str]:
        """Yield what the dictionary lacks, a sentence each: it must describe what stands, and nothing else."""
        for table in self.tables:
            yield from _table_faults(table)
        for feed in self.feeds:
            if not (feed.staging or feed.why_not_staged):
                yield f"the feed {feed.name} has no staging model"
        for indicator in self.indicators:
            if indicator.entry["status"] == "computed" and not (indicator.rules and indicator.feeds):
                yield f"the indicator {indicator.id} has no rule line, or its way to a feed is lost"
        for clock in self.clocks:
            if clock.entry["status"] == "computed" and not clock.rules:
                yield f"the clock {clock.id} has no rule line"


def _table_faults(table: Table) -> Iterator[str]:
    if not table.description:
        yield f"{table.name} is not described"
    if table.layer not in ("marts", "staging"):
        return
    for column in table.columns:
        if not column.description:
            yield f"{table.name}.{column.name} is not described"
        if table.is_standing and not column.type:
            yield f"{table.name}.{column.name} is described, but the table has no such column"

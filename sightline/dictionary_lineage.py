"""The way between what the dictionary lists: which models an indicator comes through, which column a column was."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from ingest.column import Column as SpecColumn
from ingest.spec import FeedSpec
from sightline.dictionary_model import Clock, Indicator, Rule, Table
from sightline.settings import ROOT
from sightline.trace import MODELS, trace

SHOWING = ("fct_observation", "fct_indicator_value")
"""Marts that hold every computed indicator."""

DUTIES = "fct_duty"
NAMED = re.compile(r"^\s*(.*?)\s+as\s+(\w+)\s*,?$", re.MULTILINE)
PLAIN = re.compile(r"^\s*(?:\w+\.)?\"?(\w+)\"?\s*,?$", re.MULTILINE)


class Lineage:
    """Follows indicators and clocks through the tables."""

    def __init__(self, tables: Sequence[Table]) -> None:
        """`tables` are those of the dictionary."""
        self.layer = {table.name: table.layer for table in tables}

    def indicator(self, row: dict[str, str]) -> Indicator:
        """Return an indicator with its rule lines, feeds, models and reports."""
        if row["status"] != "computed":
            return Indicator(row["indicator_id"], row)
        found = trace(row["indicator_id"])
        models = [Path(path).stem for path in found.models]
        return Indicator(
            id=row["indicator_id"],
            entry=row,
            rules=tuple(_rule(place) for place in found.rule),
            feeds=tuple(Path(path).stem for path in found.feeds),
            staging=self._of(models, "staging"),
            intermediate=self._of(models, "intermediate"),
            marts=SHOWING + ((DUTIES,) if row["clock_id"] else ()),
            reports=tuple(dict.fromkeys(Path(place.partition(":")[0]).stem for place in found.reports)),
        )

    def clock(self, row: dict[str, str], indicators: tuple[str, ...]) -> Clock:
        """Return a clock with the lines that name it."""
        return Clock(row["clock_id"], row, tuple(_naming(row["clock_id"])), indicators)

    def _of(self, models: Iterable[str], layer: str) -> tuple[str, ...]:
        return tuple(name for name in models if self.layer.get(name) == layer)


def delivered_columns(code: str, spec: FeedSpec) -> dict[str, tuple[SpecColumn, ...]]:
    """Return the delivered columns that each column of a staging model's SQL is made from."""
    known = {column.name.casefold(): column for column in spec.columns}
    made = {name: expression for expression, name in NAMED.findall(code)}
    made = {name: name for name in PLAIN.findall(code)} | made
    found = {}
    for name, expression in made.items():
        words = dict.fromkeys(re.findall(r"[\w-]+", expression))
        columns = tuple(known[word.casefold()] for word in words if word.casefold() in known)
        if columns:
            found[name] = columns
    return found


def _rule(place: str) -> Rule:
    path, _, line = place.rpartition(":")
    return Rule(path, int(line), _lines(ROOT / path)[int(line) - 1].strip())


def _naming(clock_id: str) -> Iterable[Rule]:
    """Yield the lines of models and macros that name a clock."""
    for path in [*sorted((MODELS / "intermediate").glob("*.sql")), *sorted((MODELS.parent / "macros").glob("*.sql"))]:
        for number, text in enumerate(_lines(path), start=1):
            if f"'{clock_id}'" in text:
                yield Rule(path.relative_to(ROOT).as_posix(), number, text.strip())


@cache
def _lines(path: Path) -> tuple[str, ...]:
    return tuple(path.read_text(encoding="utf-8").splitlines())

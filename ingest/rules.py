"""Rules between a row's columns, and on its days: the order of dates, days to come, codes that hold on some days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import polars as pl

from ingest.column import Column, Level, Validity
from ingest.fault import Fault
from ingest.spec import FeedSpec

OF_DAYS = frozenset({"future", "order"})
"""Rules that many rows break where day and month are swapped."""

DAY = 10
"""Characters of a canonical day; a canonical time begins with its day."""


class RowRules:
    """The rules of one feed for a delivery as at a day (none: no day is to come)."""

    def __init__(self, spec: FeedSpec, as_at: date | None) -> None:
        self._index = {column.name: place for place, column in enumerate(spec.columns)}
        self._type = {column.name: column.type for column in spec.columns}
        self._order = list(zip(spec.order, spec.order_levels, strict=True))
        self._past = [column for column in spec.columns if column.past] if as_at else []
        self._valid = [(column, column.valid) for column in spec.columns if column.valid]
        self._as_at = as_at.isoformat() if as_at else ""

    def find(self, columns: list[pl.Series]) -> Iterator[tuple[int, Fault]]:
        """Yield each fault with the row's place; `columns` are canonical texts, null where a value has a fault."""
        for column in self._past:
            yield from self._days_to_come(column, columns[self._index[column.name]])
        for (earlier, later), level in self._order:
            yield from self._disorder(earlier, later, level, columns)
        for column, validity in self._valid:
            yield from self._out_of_time(column, validity, columns)

    def _days_to_come(self, column: Column, values: pl.Series) -> Iterator[tuple[int, Fault]]:
        reason = f"after the as-at date {self._as_at}: not yet come"
        for at in (values.str.slice(0, DAY) > self._as_at).arg_true().to_list():
            yield at, Fault(column.name, "future", reason, "warn" if column.past == "warn" else column.level)

    def _disorder(
        self, earlier: str, later: str, level: Level, columns: list[pl.Series]
    ) -> Iterator[tuple[int, Fault]]:
        first, second = columns[self._index[earlier]], columns[self._index[later]]
        if self._type[earlier] != self._type[later]:
            first, second = first.str.slice(0, DAY), second.str.slice(0, DAY)
        for at in ((second < first) & (second != "")).arg_true().to_list():
            yield at, Fault(later, "order", f"before {earlier}", level)

    def _out_of_time(self, column: Column, validity: Validity, columns: list[pl.Series]) -> Iterator[tuple[int, Fault]]:
        last = validity.last or validity.day
        codes = columns[self._index[column.name]]
        places = codes.is_in([*validity.since, *validity.until]).arg_true()
        if places.is_empty():
            return
        codes = codes.gather(places)
        days, last_days = (columns[self._index[name]].gather(places).str.slice(0, DAY) for name in (validity.day, last))
        is_out = pl.Series([False]).new_from_index(0, len(codes))
        for code, day in validity.since.items():
            is_out |= (codes == code) & (last_days < day.isoformat()) & (last_days != "")
        for code, day in validity.until.items():
            is_out |= (codes == code) & (days > day.isoformat())
        where = f"on the day in {last}" if last == validity.day else f"between the days in {validity.day} and {last}"
        for at in places.filter(is_out).to_list():
            reason = f"a code that does not hold {where}"
            yield at, Fault(column.name, "code_then", reason, validity.level or column.level)

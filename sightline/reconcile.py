"""Hold a council's statutory return against its case system: counts, and the children who differ, with the reason.

The return is what was delivered and built (`fct_return_figure` and the models before it); the case system is the
standard dataset in the same warehouse. Keys of children alone are handled here: `publish.differences` puts the case
system's identifiers into the file for staff, and each of them is on record in `ops.access`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Literal

import psycopg

from sightline.reconcile_sides import COMPARISONS, KINDS, TITLES, Comparison

Side = Literal["return", "case_system", "both"]
SHOWN_RECORDS = 3


@dataclass(frozen=True)
class Difference:
    """A child whose record is on one side only (`side`), or on both with other values; values as text, day first."""

    child_key: str
    side: Side
    in_return: str
    in_system: str
    why: str


@dataclass(frozen=True)
class Compared:
    """One figure: rows on each side, and the differences."""

    indicator_id: str
    title: str
    return_: str
    in_return: int
    in_system: int
    differences: tuple[Difference, ...]

    def of(self, side: Side) -> list[str]:
        """Return the keys of the children who differ in this way."""
        return [one.child_key for one in self.differences if one.side == side]

    def as_json(self) -> dict:
        """Return counts and keys as JSON-ready values."""
        return {
            "indicator_id": self.indicator_id,
            "title": self.title,
            "return": self.return_,
            "in_return": self.in_return,
            "in_case_system": self.in_system,
            "only_in_return": self.of("return"),
            "only_in_case_system": self.of("case_system"),
            "differing": self.of("both"),
        }


@dataclass(frozen=True)
class Reconciliation:
    """Every figure of a return that the case system has too, for one collection year."""

    council: str
    year: int
    compared: tuple[Compared, ...]

    @property
    def child_keys(self) -> list[str]:
        """Return every child who differs in some figure."""
        return sorted({one.child_key for figure in self.compared for one in figure.differences})


@dataclass(frozen=True)
class _Year:
    council: str
    year: int
    first_on: date
    last_on: date


def reconcile(connection: psycopg.Connection, council: str, year: int, kinds: Iterable[str]) -> Reconciliation:
    """Compare the council's returns of a collection year (`kinds`: 903, cin) with its case system. Writes nothing.

    Raises:
        ValueError: no such return is built, or the case system's figures do not reach 31 March of that year.
    """
    asked = _Year(council, year, date(year - 1, 4, 1), date(year, 3, 31))
    _check(connection, asked, kinds)
    titles = dict(connection.execute("select indicator_id, title from marts.dim_indicator").fetchall()) | TITLES
    compared = tuple(
        _compare(connection, one, asked, titles[one.indicator_id]) for one in COMPARISONS if one.return_ in kinds
    )
    return Reconciliation(council, year, compared)


def _check(connection: psycopg.Connection, asked: _Year, kinds: Iterable[str]) -> None:
    built = connection.execute(
        "select return from intermediate.int_return__year where collection_year = %s", (asked.year,)
    ).fetchall()
    missing = set(kinds) - {kind for (kind,) in built}
    if missing:
        raise ValueError(f"no return {', '.join(sorted(missing))} for the year to 31 March {asked.year} is built")
    found = connection.execute(
        "select exists(select 1 from intermediate.int_snapshot where snapshot_on = %s)", (asked.last_on,)
    ).fetchone()[0]
    if not found:
        raise ValueError(f"the case system's figures do not reach 31 March {asked.year}: build with a later --as-at")


def _compare(connection: psycopg.Connection, one: Comparison, asked: _Year, title: str) -> Compared:
    ours = _rows(connection, one.in_return, asked)
    theirs = _rows(connection, one.in_system, asked)
    unlike = {key: _unlike(ours[key], theirs[key]) for key in sorted(ours.keys() | theirs.keys())}
    unlike = {key: pair for key, pair in unlike.items() if pair != ([], [])}
    explain = _Explainer(connection, one, asked, list(unlike))
    differences = tuple(_difference(one, key, *pair, explain) for key, pair in unlike.items())
    counts = (sum(map(len, side.values())) for side in (ours, theirs))
    return Compared(one.indicator_id, title, one.return_, *counts, differences)


def _rows(connection: psycopg.Connection, query: str, asked: _Year) -> dict[str, list[tuple]]:
    """Return the rows of one side by child, in order."""
    found: dict[str, list[tuple]] = defaultdict(list)
    for key, *values in connection.execute(query, asdict(asked)):
        found[key].append(tuple(values))
    for rows in found.values():
        rows.sort(key=str)
    return found


def _unlike(ours: Sequence[tuple], theirs: Sequence[tuple]) -> tuple[list[tuple], list[tuple]]:
    """Take away what is alike on both sides; an empty value is like any other."""
    rest, left = list(theirs), []
    for row in ours:
        match = next((other for other in rest if _is_alike(row, other)), None)
        if match is None:
            left.append(row)
        else:
            rest.remove(match)
    return left, rest


def _is_alike(row: tuple, other: tuple) -> bool:
    return all(a == b or a is None or b is None for a, b in zip(row, other, strict=True))


def _difference(one: Comparison, key: str, ours: list[tuple], theirs: list[tuple], explain: _Explainer) -> Difference:
    if ours and theirs:
        why = "differs in " + ", ".join(_differing(one.values, ours, theirs))
        return Difference(key, "both", _text(ours), _text(theirs), why)
    if ours:
        return Difference(key, "return", _text(ours), "", explain.absence("case_system", key))
    return Difference(key, "case_system", "", _text(theirs), explain.absence("return", key))


def _differing(names: Sequence[str], ours: list[tuple], theirs: list[tuple]) -> list[str]:
    """Name the values in which the rows of both sides differ, empty ones apart; their number where that differs too."""
    columns = zip(names, zip(*ours, strict=True), zip(*theirs, strict=True), strict=True)
    unlike = [name for name, a, b in columns if None not in a + b and sorted(map(str, a)) != sorted(map(str, b))]
    return unlike if len(ours) == len(theirs) else ["the number of records", *unlike]


def _text(rows: list[tuple]) -> str:
    return "; ".join(", ".join(_word(value) for value in row if value is not None) for row in rows)


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)


class _Explainer:
    """Says why a child is missing on a side: unknown there, known without such a record, or which records it has."""

    def __init__(self, connection: psycopg.Connection, one: Comparison, asked: _Year, keys: list[str]) -> None:
        self._kind = KINDS[one.kind]
        given = {"year": asked.year, "keys": keys, "return": one.return_}
        known = {
            "return": "select child_key from intermediate.int_return__child"
            " where return = %(return)s and collection_year = %(year)s and child_key = any(%(keys)s)",
            "case_system": "select child_key from intermediate.int_person where child_key = any(%(keys)s)",
        }
        records = {"return": self._kind.in_return, "case_system": self._kind.in_system}
        self._known = {side: {key for (key,) in connection.execute(sql, given)} for side, sql in known.items()}
        self._records = {side: self._by_child(connection, sql, given) for side, sql in records.items()}

    @staticmethod
    def _by_child(connection: psycopg.Connection, sql: str, given: dict) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for key, start, end, note in sorted(connection.execute(sql, given), key=str):
            spell = f"{start} to {end or 'now'}" if start != end else f"{start}"
            found[key].append(f"{spell} ({note})" if note else spell)
        return found

    def absence(self, side: str, key: str) -> str:
        """Return why a child is not in the figure of a side, in words."""
        where = "the return" if side == "return" else "the case system"
        if key not in self._known[side] and key not in self._records[side]:
            return f"the child is not in {where}"
        records = self._records[side].get(key, [])
        if not records:
            return f"the child is in {where} without {self._kind.noun}"
        return f"{where} has {self._kind.noun} {'; '.join(records[-SHOWN_RECORDS:])}"

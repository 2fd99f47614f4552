"""What is wrong in the data as delivered, for the people who mend records: whose it is, since when, and what to do.

A fault is a rejected row of the delivery in force, a warning of a row in force, or a row in force that names a parent
which is not. It is the same fault in the next delivery if feed, record, column and rule are the same. Identifiers come
from the sealed row or from `identity`, so that the result is for the council's own staff; it never goes into a log.
Names and wrong values are never in it.

A row whose sealed copy was removed (retention, erasure) has no fault any more. One that cannot be opened was sealed
under another key: its fault is told without whose it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

import psycopg
import yaml
from cryptography.fernet import InvalidToken
from psycopg import sql
from psycopg.rows import dict_row

from ingest.check import bare
from ingest.column import Column
from ingest.council import specs_of
from ingest.fault import WRONG, broken
from ingest.footprint import child_columns
from ingest.ledger import ACCEPTED
from ingest.parents import orphans_on
from ingest.privacy import Keys, load_keys
from ingest.recognise import find_columns
from ingest.spec import FeedSpec, normalise
from ingest.whose import LOST, Children, Link, Whose

MENDING = Path(__file__).with_name("mending.yml")
WORKER = re.compile(r"(worker|professional|allocated_worker|auditor|owner)(_id|_name)?$")
TEAM = re.compile(r"team(_id|_name)?$")

REJECTED = """
with ordered as (
    select
        d.*,
        coalesce(d.same_as, d.delivery_id) as content_id,
        row_number() over (partition by d.feed, d.collection_year order by d.as_at, d.delivery_id) as place,
        count(*) over (partition by d.feed, d.collection_year) as last_place
    from ops.delivery as d
    where d.council = %(council)s and d.state = any(%(accepted)s) and d.as_at <= %(day)s
),
seen as (
    select distinct on (o.delivery_id, r.record_key, r.column_name, r.rule)
        o.feed, o.collection_year, o.place, o.last_place, o.as_at, o.file_name,
        r.sheet, r.row_no, r.record_key, r.column_name, r.rule, r.reason, r.further_faults, r.row_sealed
    from ordered as o
    inner join ops.rejected_row as r on o.content_id = r.delivery_id
    order by o.delivery_id, r.record_key, r.column_name, r.rule, r.row_no
),
runs as (
    select
        s.*,
        s.place - row_number() over (
            partition by s.feed, s.collection_year, s.record_key, s.column_name, s.rule order by s.place
        ) as run
    from seen as s
)
select
    c.*,
    (
        select min(r.as_at) from runs as r
        where
            r.feed = c.feed and r.collection_year is not distinct from c.collection_year
            and r.record_key is not distinct from c.record_key
            and r.column_name = c.column_name and r.rule = c.rule and r.run = c.run
    ) as since
from runs as c
where c.place = c.last_place and length(c.row_sealed) > 0
order by c.feed, c.file_name, c.sheet, c.row_no
"""
WARNED = """
select
    d.file_name, w.sheet, w.row_no, w.column_name, w.rule, w.reason, r.row_key as record_key, d.as_at as since,
    {columns}
from ops.warning as w
inner join ops.delivery as d on w.delivery_id = d.delivery_id
inner join raw.{feed} as r on w.delivery_id = r.delivery_id and w.row_no = r.row_no
{identity}
left join ops.delivery as closing on r.closed_by = closing.delivery_id
where
    r.council = %(council)s and d.as_at <= %(day)s and (r.closed_by is null or closing.as_at > %(day)s)
    and w.rule <> 'parent'
order by d.file_name, w.sheet, w.row_no, w.column_name
"""
ALLOCATED = """
select distinct on (invo_person_id) invo_person_id as child_key, invo_professional_id, invo_professional_team
from raw.ssd_involvements
where
    council = %(council)s and closed_by is null and invo_involvement_start_date <= %(day)s
    and (invo_involvement_end_date is null or invo_involvement_end_date > %(day)s)
    and invo_professional_role_id = 'Allocated Case Worker' and invo_person_id = any(%(keys)s)
order by invo_person_id asc, invo_involvement_start_date desc, invo_involvements_id desc
"""


RECORDS_IN_FORCE = """
select r.row_key
from {table} as r
inner join ops.delivery as d on r.delivery_id = d.delivery_id
left join ops.delivery as closing on r.closed_by = closing.delivery_id
where
    r.council = %(council)s and r.row_key = any(%(keys)s) and d.as_at <= %(day)s
    and (r.closed_by is null or closing.as_at > %(day)s)
"""


@dataclass(frozen=True)
class FoundFault:
    """One fault of one record. `since` is the as-at day of the first delivery of an unbroken row that has it.

    `whose` are the keys of the children to whom the record belongs; None where it cannot be told. `is_opened`: the
    sealed copy of its row could be read.
    """

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
    record_key: str
    record: str
    child_id: str
    worker: str
    team: str
    whose: Children
    is_opened: bool = True

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """What makes it the same fault in another delivery."""
        return self.feed, self.record_key, self.column, self.rule

    @property
    def how_to_mend(self) -> str:
        """What the person who keeps the record does about it."""
        return mending()[self.rule].format(column=self.column, feed=self.title)

    def age_in_days(self, day: date) -> int:
        """Return the days since the fault was first delivered."""
        return (day - self.since).days


def find_faults(connection: psycopg.Connection, council: str, day: date) -> list[FoundFault]:
    """Return every fault of the deliveries in force on a day, by feed, file and row.

    A fault without worker or team in its own row takes those to whom the child was allocated on the day.
    """
    specs, keys = specs_of(council), load_keys()
    whose = Whose(specs)
    found = [
        *_rejected(connection, council, day, specs, keys, whose),
        *_warned(connection, council, day, specs, whose),
        *_orphaned(connection, council, day, specs, whose),
    ]
    children = whose.children(connection, council, {link for _, link in found})
    return _allocated(connection, council, day, [replace(fault, whose=children[link]) for fault, link in found], keys)


def records_in_force(
    connection: psycopg.Connection, council: str, day: date, records: Iterable[tuple[str, str]]
) -> frozenset[tuple[str, str]]:
    """Return those of some records, each a feed and a row key, that are in force at the end of a day."""
    by_feed: dict[str, list[str]] = {}
    for feed, key in sorted(set(records)):
        by_feed.setdefault(feed, []).append(key)
    found: set[tuple[str, str]] = set()
    for feed, keys in by_feed.items():
        statement = sql.SQL(RECORDS_IN_FORCE).format(table=sql.Identifier("raw", feed))
        rows = connection.execute(statement, {"council": council, "day": day, "keys": keys})
        found |= {(feed, key) for (key,) in rows}
    return frozenset(found)


@lru_cache(maxsize=1)
def mending() -> dict[str, str]:
    """Return the advice for each rule."""
    return yaml.safe_load(MENDING.read_text(encoding="utf-8"))


def _rejected(
    connection: psycopg.Connection,
    council: str,
    day: date,
    specs: Mapping[str, FeedSpec],
    keys: Keys,
    whose: Whose,
) -> Iterator[tuple[FoundFault, Link]]:
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(REJECTED, {"council": council, "accepted": list(ACCEPTED), "day": day})
        for row in rows:
            spec = specs.get(row["feed"])
            if spec is None:
                continue
            first = {"column": row["column_name"], "rule": row["rule"], "reason": row["reason"]}
            faults = [first, *row["further_faults"]]
            values = _opened(spec, keys, bytes(row["row_sealed"]))
            wrong = broken(
                [(fault["column"], fault["rule"]) for fault in faults], WRONG, [column.name for column in spec.columns]
            )
            link = LOST
            if values is not None and wrong.isdisjoint(child_columns(spec)):
                children = [keys.child_key(council, values[name]) for name in child_columns(spec) if values.get(name)]
                link = whose.link(spec.feed, children, _without(values, wrong))
            for fault in faults:
                told = row | fault | {"is_loaded": False, "is_opened": values is not None}
                yield _fault(spec, told, _without(values or {}, wrong), wrong), link


def _opened(spec: FeedSpec, keys: Keys, sealed: bytes) -> dict[str, str] | None:
    """Return a sealed row by the specification's column names, as they are compared; None under another key.

    Rows are sealed under these names; those of an earlier version have the file's own header.
    """
    try:
        opened = keys.unseal(sealed)
    except InvalidToken:
        return None
    row, header = opened["row"], opened["header"]
    by_header = {normalise(cell): at for at, cell in enumerate(header)}
    places = find_columns(spec, header)
    found = {column.name: places.get(column.name, by_header.get(normalise(column.name))) for column in spec.columns}
    return {name: bare(row[at]) for name, at in found.items() if at is not None and at < len(row)}


def _without(values: Mapping[str, str], wrong: frozenset[str]) -> dict[str, str]:
    return {name: value for name, value in values.items() if name not in wrong}


def _warned(
    connection: psycopg.Connection, council: str, day: date, specs: Mapping[str, FeedSpec], whose: Whose
) -> Iterator[tuple[FoundFault, Link]]:
    feeds = connection.execute(
        "select distinct d.feed from ops.warning as w inner join ops.delivery as d using (delivery_id)"
        " where d.council = %s order by 1",
        (council,),
    ).fetchall()
    for spec in [specs[feed] for (feed,) in feeds if feed in specs]:
        columns, identity = _told(spec)
        query = sql.SQL(WARNED).format(columns=columns, feed=sql.Identifier(spec.feed), identity=identity)
        yield from _loaded(connection, spec, query, council, day, whose)


def _orphaned(
    connection: psycopg.Connection, council: str, day: date, specs: Mapping[str, FeedSpec], whose: Whose
) -> Iterator[tuple[FoundFault, Link]]:
    """Yield the rows in force without their parent. What the planner is told ends with the savepoint.

    It takes the parents in force on a day for a few, whose list it would go through once a row.
    """
    with connection.transaction(force_rollback=True):
        connection.execute("set local enable_nestloop = off")
        for spec in specs.values():
            for parent in spec.parents:
                query = orphans_on(spec, parent, *_told(spec))
                yield from _loaded(connection, spec, query, council, day, whose)


def _loaded(
    connection: psycopg.Connection, spec: FeedSpec, query: sql.Composed, council: str, day: date, whose: Whose
) -> Iterator[tuple[FoundFault, Link]]:
    """Yield the faults of loaded rows that a query finds."""
    names = _named(spec)
    with connection.cursor(row_factory=dict_row) as cursor:
        for row in cursor.execute(query, {"council": council, "day": day}):
            values = dict(zip(names, row["own"], strict=True))
            link = whose.link(spec.feed, row["children"], values)
            wrong = broken([(row["column_name"], row["rule"])], WRONG, names)
            told = row | {"column": row["column_name"], "is_loaded": True}
            yield _fault(spec, told, _without(values, wrong), wrong), link


def _named(spec: FeedSpec) -> list[str]:
    """Return the columns that say whose the record is, or which."""
    told = {*spec.key, *child_columns(spec), *(name for parent in spec.parents for name in parent.columns)}
    told |= {column.name for column in spec.columns for pattern in (WORKER, TEAM) if _holds(column, pattern)}
    return [column.name for column in spec.columns if column.name in told]


def _told(spec: FeedSpec) -> tuple[sql.Composed, sql.Composable]:
    """Return `own`, the values of those columns, and `children`, the keys that the row `r` has; and a join for them."""
    own = [
        sql.SQL("{}::text").format(sql.Identifier("i" if spec.column(name).is_in_identity else "r", name))
        for name in _named(spec)
    ]
    children = [sql.Identifier("r", name) for name in child_columns(spec)]
    join: sql.Composable = sql.SQL("")
    if spec.identity_columns:
        join = sql.SQL("inner join identity.{} as i on r.delivery_id = i.delivery_id and r.row_no = i.row_no").format(
            sql.Identifier(spec.feed)
        )
    columns = sql.SQL("array[{}]::text[] as own, array[{}]::text[] as children")
    return columns.format(sql.SQL(", ").join(own), sql.SQL(", ").join(children)), join


def _fault(spec: FeedSpec, row: Mapping, values: Mapping[str, str | None], wrong: frozenset[str]) -> FoundFault:
    """Return a fault of a row whose values, without those that are wrong, are given by column name."""
    children = child_columns(spec)
    record = [f"{name} {values[name]}" for name in spec.key if name not in children and values.get(name)]
    if wrong.intersection(spec.key) or not row.get("is_opened", True):
        record.append(f"row {row['row_no']}")
    told = ("file_name", "sheet", "row_no", "column", "rule", "reason", "since", "is_loaded")
    return FoundFault(
        feed=spec.feed,
        title=spec.title,
        record=", ".join(record),
        child_id=next((values[name] or "" for name in children if name in values), ""),
        worker=_first(spec, values, WORKER),
        team=_first(spec, values, TEAM),
        record_key=row["record_key"] or "",
        whose=None,
        is_opened=row.get("is_opened", True),
        **{name: row[name] for name in told},
    )


def _first(spec: FeedSpec, values: Mapping[str, str | None], pattern: re.Pattern[str]) -> str:
    named = (values.get(column.name) for column in spec.columns if _holds(column, pattern))
    return next((value for value in named if value), "")


def _holds(column: Column, pattern: re.Pattern[str]) -> bool:
    """Whether a column holds a worker (by identifier, never by name) or a team."""
    is_told = column.type == "id" or (pattern is TEAM and not column.private)
    return is_told and pattern.search(normalise(column.name)) is not None


def _allocated(
    connection: psycopg.Connection, council: str, day: date, faults: list[FoundFault], keys: Keys
) -> list[FoundFault]:
    """Fill in the allocated worker and team where the row has none of its own."""
    wanted = {one.child_id: keys.child_key(council, one.child_id) for one in faults if one.child_id and not one.team}
    values = {"council": council, "day": day, "keys": sorted(set(wanted.values()))}
    held = {key: (worker, team) for key, worker, team in connection.execute(ALLOCATED, values)}
    return [_with_holder(one, held.get(wanted.get(one.child_id, ""))) for one in faults]


def _with_holder(fault: FoundFault, holder: tuple[str | None, str | None] | None) -> FoundFault:
    if holder is None:
        return fault
    worker, team = holder
    return replace(fault, worker=fault.worker or worker or "", team=fault.team or team or "")

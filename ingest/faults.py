"""What is wrong in the data as delivered, for the people who mend records: whose it is, since when, and what to do.

A fault is a rejected row of the delivery in force, a warning of a row in force, or a row in force that names a parent
which is not. It is the same fault in the next delivery if feed, record, column and rule are the same. Identifiers come
from the sealed row or from `identity`, so that the result is for the council's own staff; it never goes into a log.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import psycopg
import yaml
from psycopg import sql
from psycopg.rows import dict_row

from ingest.ledger import ACCEPTED
from ingest.parents import orphans_on
from ingest.privacy import Keys, load_keys
from ingest.spec import FeedSpec, load_specs, normalise

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
where c.place = c.last_place
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


@dataclass(frozen=True)
class FoundFault:
    """One fault of one record. `since` is the as-at day of the first delivery of an unbroken row that has it."""

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
    specs, keys = load_specs(), load_keys()
    found = [
        *_rejected(connection, council, day, specs, keys),
        *_warned(connection, council, day, specs),
        *_orphaned(connection, council, day, specs),
    ]
    return _allocated(connection, council, day, found, keys)


@lru_cache(maxsize=1)
def mending() -> dict[str, str]:
    """Return the advice for each rule."""
    return yaml.safe_load(MENDING.read_text(encoding="utf-8"))


def _rejected(
    connection: psycopg.Connection, council: str, day: date, specs: Mapping[str, FeedSpec], keys: Keys
) -> Iterator[FoundFault]:
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(REJECTED, {"council": council, "accepted": list(ACCEPTED), "day": day})
        for row in rows:
            spec = specs.get(row["feed"])
            if spec is None:
                continue
            sealed = keys.unseal(bytes(row["row_sealed"]))
            values = dict(zip(map(normalise, sealed["header"]), sealed["row"], strict=False))
            first = {"column": row["column_name"], "rule": row["rule"], "reason": row["reason"]}
            for fault in (first, *row["further_faults"]):
                yield _fault(spec, row | fault, values, is_loaded=False)


def _warned(
    connection: psycopg.Connection, council: str, day: date, specs: Mapping[str, FeedSpec]
) -> Iterator[FoundFault]:
    feeds = connection.execute(
        "select distinct d.feed from ops.warning as w inner join ops.delivery as d using (delivery_id)"
        " where d.council = %s order by 1",
        (council,),
    ).fetchall()
    for spec in [specs[feed] for (feed,) in feeds if feed in specs]:
        columns, identity = _whose(spec)
        query = sql.SQL(WARNED).format(columns=columns, feed=sql.Identifier(spec.feed), identity=identity)
        yield from _loaded(connection, spec, query, council, day)


def _orphaned(
    connection: psycopg.Connection, council: str, day: date, specs: Mapping[str, FeedSpec]
) -> Iterator[FoundFault]:
    """Yield the rows in force without their parent. What the planner is told ends with the savepoint.

    It takes the parents in force on a day for a few, whose list it would go through once a row.
    """
    with connection.transaction(force_rollback=True):
        connection.execute("set local enable_nestloop = off")
        for spec in specs.values():
            for parent in spec.parents:
                yield from _loaded(connection, spec, orphans_on(spec, parent, *_whose(spec)), council, day)


def _loaded(
    connection: psycopg.Connection, spec: FeedSpec, query: sql.Composed, council: str, day: date
) -> Iterator[FoundFault]:
    """Yield the faults of loaded rows that a query finds."""
    with connection.cursor(row_factory=dict_row) as cursor:
        for row in cursor.execute(query, {"council": council, "day": day}):
            values = {name.removeprefix("own_"): value for name, value in row.items() if name.startswith("own_")}
            yield _fault(spec, row | {"column": row["column_name"]}, values, is_loaded=True)


def _whose(spec: FeedSpec) -> tuple[sql.Composed, sql.Composable]:
    """Return the columns that say whose a record is, and what joins those of `identity` to the row `r`."""
    wanted = []
    for column in spec.columns:
        is_named = column.name in spec.key or column.pseudonym or WORKER.search(column.name) or TEAM.search(column.name)
        if is_named:
            table = "i" if column.is_in_identity else "r"
            wanted.append(
                sql.SQL("{}::text as {}").format(
                    sql.Identifier(table, column.name), sql.Identifier(f"own_{normalise(column.name)}")
                )
            )
    join: sql.Composable = sql.SQL("")
    if spec.identity_columns:
        join = sql.SQL("inner join identity.{} as i on r.delivery_id = i.delivery_id and r.row_no = i.row_no").format(
            sql.Identifier(spec.feed)
        )
    return sql.SQL(", ").join(wanted), join


def _fault(spec: FeedSpec, row: Mapping, values: Mapping[str, str | None], *, is_loaded: bool) -> FoundFault:
    children = [normalise(column.name) for column in spec.columns if column.pseudonym]
    record = [(name, values.get(normalise(name))) for name in spec.key if normalise(name) not in children]
    return FoundFault(
        feed=spec.feed,
        title=spec.title,
        is_loaded=is_loaded,
        record=", ".join(f"{name} {value}" for name, value in record if value),
        child_id=next((values[name] or "" for name in children if name in values), ""),
        worker=_first(values, WORKER),
        team=_first(values, TEAM),
        record_key=row["record_key"] or "",
        **{name: row[name] for name in ("file_name", "sheet", "row_no", "column", "rule", "reason", "since")},
    )


def _first(values: Mapping[str, str | None], pattern: re.Pattern[str]) -> str:
    return next((value for name, value in values.items() if value and pattern.search(name)), "")


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
    return FoundFault(**(vars(fault) | {"worker": fault.worker or worker or "", "team": fault.team or team or ""}))

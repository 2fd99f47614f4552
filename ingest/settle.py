"""Decide inside the database what a delivery supersedes. Everything here runs in the delivery's transaction.

Rules (docs/feeds.md states them for the reader):

- a row that equals one in force is not written; one that differs supersedes it; a new one is inserted;
- of a full snapshot a row that is no longer held is closed, of an increment it stays;
- a rejected row closes nothing: the last good row of its key stays in force;
- a late delivery (older as-at date than one already accepted) closes nothing; its rows are kept as history;
- a key that comes twice in a file: the first row counts, an equal one is a duplicate, another one is rejected.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import psycopg
from psycopg import sql

from ingest.pack import identity_names, raw_names
from ingest.spec import FeedSpec

TEMPORARY = """
create temp table repeated (row_no integer, row_key text collate "C", row_hash bytea, row_sealed bytea, content jsonb)
on commit drop;
create temp table kept (row_key text collate "C") on commit drop;
create temp table unmatched (delivery_id bigint, row_no integer) on commit drop;
"""


@dataclass(frozen=True)
class Target:
    """Where the rows of a delivery are copied to: `raw` and `identity` themselves, or tables before them."""

    raw: sql.Identifier
    identity: sql.Identifier
    is_direct: bool
    has_identity: bool

    @property
    def tables(self) -> tuple[sql.Identifier, ...]:
        """The tables that the feed has."""
        return (self.raw, self.identity) if self.has_identity else (self.raw,)


@dataclass(frozen=True)
class Conflict:
    """A row with the key of an earlier one and other content: the first column in which they differ."""

    row_no: int
    column: str
    row_key: str
    row_sealed: bytes


@dataclass(frozen=True)
class Delivery:
    """The delivery that is being settled. `superseded_by` is the newer delivery where this one is late.

    `within` is a column and the value, as text, beyond which it says nothing: the collection year of a return, or the
    dataset of published figures.
    """

    spec: FeedSpec
    council: str
    delivery_id: int
    superseded_by: int | None
    as_at: date | None = None
    year: int | None = None
    within: tuple[str, str] | None = None

    @property
    def has_identity(self) -> bool:
        """Whether the feed has private columns."""
        return bool(self.spec.identity_columns)


def prepare(connection: psycopg.Connection, delivery: Delivery, *, is_first: bool) -> Target:
    """Make the transaction's temporary tables; a first load is copied straight into its tables."""
    feed = delivery.spec.feed
    connection.execute(TEMPORARY)
    target = Target(
        sql.Identifier("raw", feed) if is_first else sql.Identifier("incoming_raw"),
        sql.Identifier("identity", feed) if is_first else sql.Identifier("incoming_identity"),
        is_first,
        delivery.has_identity,
    )
    if not is_first:
        for schema, table in (("raw", target.raw), ("identity", target.identity)):
            if schema == "raw" or delivery.has_identity:
                connection.execute(
                    sql.SQL("create temp table {} (like {}) on commit drop").format(table, sql.Identifier(schema, feed))
                )
    return target


def copy_statements(delivery: Delivery, target: Target) -> tuple[sql.Composed, sql.Composed]:
    """Return the COPY statements for raw and identity rows."""
    return (
        _copy_statement(target.raw, raw_names(delivery.spec)),
        _copy_statement(target.identity, identity_names(delivery.spec)),
    )


def note_unmatched(connection: psycopg.Connection, rows: Iterable[tuple[int, int]]) -> None:
    """Tell the database which rows in force no row of the delivery equals, and what it needs to plan well."""
    with connection.cursor() as cursor, cursor.copy("copy unmatched from stdin") as copy:
        for row in rows:
            copy.write_row(row)
    connection.execute("analyze unmatched; analyze incoming_raw")


def supersede(connection: psycopg.Connection, delivery: Delivery) -> int:
    """Close what the delivery supersedes, insert what it brings; return the number of rows closed."""
    closed = 0
    if delivery.superseded_by is None:
        closed = _close(connection, delivery)
    if delivery.has_identity:
        _insert(connection, delivery, "identity", identity_names(delivery.spec))
    _insert(connection, delivery, "raw", raw_names(delivery.spec))
    return closed


def settle_repeats(connection: psycopg.Connection, delivery: Delivery) -> tuple[int, list[Conflict]]:
    """Judge rows whose key came before in the file; return the exact duplicates' number and the others."""
    names = [column.name for column in delivery.spec.columns if column.is_in_raw]
    repeats = connection.execute("select count(*) from repeated").fetchone()[0]
    rows = connection.execute(
        sql.SQL(
            "select r.row_no, ("
            "  select c.name from unnest(%s::text[]) with ordinality as c (name, place)"
            "  where r.content ->> c.name is distinct from to_jsonb(f) ->> c.name order by c.place limit 1"
            " ), r.row_key, r.row_sealed from repeated as r left join ("
            "  select distinct on (row_key) * from raw.{} where council = %s"
            "  and (closed_by is null or delivery_id = %s) and row_key in (select row_key from repeated)"
            "  order by row_key, delivery_id = %s desc"
            ") as f using (row_key) where f.row_hash is distinct from r.row_hash order by r.row_no"
        ).format(sql.Identifier(delivery.spec.feed)),
        (names, delivery.council, delivery.delivery_id, delivery.delivery_id),
    ).fetchall()
    conflicts = [
        Conflict(row_no, column or delivery.spec.key[0], row_key, bytes(sealed))
        for row_no, column, row_key, sealed in rows
    ]
    return repeats - len(conflicts), conflicts


def warn_of_firsts(connection: psycopg.Connection, delivery: Delivery, conflicts: list[Conflict], sheet: str) -> int:
    """Warn of the new rows that a later row of the file contradicts; return how many. They stay in force."""
    if not conflicts:
        return 0
    reason = "a later row of this file has the same key and another value here; this one counts"
    return connection.execute(
        sql.SQL(
            "insert into ops.warning (delivery_id, sheet, row_no, column_name, rule, reason)"
            " select r.delivery_id, %s, r.row_no, min(c.name), 'key', %s from raw.{} as r"
            " inner join unnest(%s::text[], %s::text[]) as c (row_key, name) using (row_key)"
            " where r.delivery_id = %s group by r.delivery_id, r.row_no"
        ).format(sql.Identifier(delivery.spec.feed)),
        (sheet, reason, [one.row_key for one in conflicts], [one.column for one in conflicts], delivery.delivery_id),
    ).rowcount


def _copy_statement(table: sql.Composable, names: list[str]) -> sql.Composed:
    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    return sql.SQL("copy {} ({}) from stdin (null '')").format(table, columns)


def _close(connection: psycopg.Connection, delivery: Delivery) -> int:
    feed = sql.Identifier("raw", delivery.spec.feed)
    is_restated = "exists (select 1 from incoming_raw as i where i.row_key = r.row_key)"
    is_absent = "not exists (select 1 from kept as k where k.row_key = r.row_key)"
    condition = f"({is_restated} or {is_absent})" if delivery.spec.scope == "snapshot" else is_restated
    if delivery.has_identity:
        connection.execute(
            sql.SQL(
                "update {} as d set closed_by = %s from {} as r inner join unmatched as u using (delivery_id, row_no)"
                " where d.delivery_id = r.delivery_id and d.row_no = r.row_no and {}"
            ).format(sql.Identifier("identity", delivery.spec.feed), feed, sql.SQL(condition)),
            (delivery.delivery_id,),
        )
    return connection.execute(
        sql.SQL(
            "update {} as r set closed_by = %s from unmatched as u"
            " where r.delivery_id = u.delivery_id and r.row_no = u.row_no and {}"
        ).format(feed, sql.SQL(condition)),
        (delivery.delivery_id,),
    ).rowcount


def _insert(connection: psycopg.Connection, delivery: Delivery, schema: str, names: list[str]) -> None:
    """Insert the incoming rows: in force, or, where the delivery is late, closed by the newer one."""
    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    incoming = sql.Identifier(f"incoming_{schema}")
    connection.execute(
        sql.SQL("insert into {} ({}, closed_by) select {}, {} from {} as i").format(
            sql.Identifier(schema, delivery.spec.feed), columns, columns, _closed_by(delivery), incoming
        )
    )


def _closed_by(delivery: Delivery) -> sql.Composable:
    if delivery.superseded_by is None:
        return sql.SQL("null")
    if delivery.spec.scope == "snapshot":
        return sql.Literal(delivery.superseded_by)
    return sql.SQL(
        "(select f.delivery_id from raw.{} as f where f.council = i.council and f.closed_by is null"
        " and f.row_key = (select n.row_key from incoming_raw as n where n.row_no = i.row_no))"
    ).format(sql.Identifier(delivery.spec.feed))

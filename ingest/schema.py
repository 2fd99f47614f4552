"""The tables that ingest owns: numbered SQL migrations for `ops`, and `raw` and `identity` from the specs.

Migrations are applied in order of their file name, each in one transaction with its line in `ops.migration`.
A migration that was applied is never edited: its SHA-256 is kept and compared.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import psycopg
from psycopg import sql

from ingest.errors import IngestError
from ingest.fault import UNREADABLE
from ingest.move import existing, move_private
from ingest.pack import status_name
from ingest.spec import FeedSpec, load_specs

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = "sightline migrate"
SQL_TYPES = {
    "text": "text",
    "id": "text",
    "flag": "text",
    "date": "date",
    "timestamp": "timestamp",
    "int": "bigint",
    "numeric": "numeric",
    "published_number": "numeric",
}

TELL_NO_WRONG_KEY = sql.SQL("""
update ops.rejected_row as r set record_key = '?row ' || r.row_no
from ops.delivery as d
where
    r.delivery_id = d.delivery_id and d.feed = %(feed)s and r.record_key is not null
    and exists (
        select 1
        from jsonb_array_elements(
            r.further_faults || jsonb_build_object('column', r.column_name, 'rule', r.rule)
        ) as fault
        where
            fault ->> 'rule' = any({rules}) and (fault ->> 'column' = any(%(key)s) or fault ->> 'rule' = 'width')
    )
""")


def migrate(connection: psycopg.Connection, specs: Mapping[str, FeedSpec] | None = None) -> list[str]:
    """Bring the database to this version's tables and commit; return what was applied (nothing, if up to date).

    Raises:
        IngestError: a migration that was applied earlier is not the file of today.
    """
    fresh = upgrade(connection, specs)
    connection.commit()
    return fresh


def upgrade(connection: psycopg.Connection, specs: Mapping[str, FeedSpec] | None = None) -> list[str]:
    """Do what `migrate` does, within the caller's transaction where there is one."""
    specs = load_specs() if specs is None else specs
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (LOCK,))
        done = _applied(connection)
        fresh = [_apply(connection, path, done) for path in sorted(MIGRATIONS.glob("*.sql"))]
        fresh.append(_apply_specs(connection, specs, done))
        fresh.append(_apply_told_keys(connection, specs, done))
    return [name for name in fresh if name]


def _applied(connection: psycopg.Connection) -> dict[str, str]:
    connection.execute("create schema if not exists ops")
    connection.execute(
        "create table if not exists ops.migration (name text primary key, sha256 text not null,"
        " applied_at timestamptz not null default clock_timestamp())"
    )
    return dict(connection.execute("select name, sha256 from ops.migration").fetchall())


def _apply(connection: psycopg.Connection, path: Path, done: dict[str, str]) -> str | None:
    text = path.read_text(encoding="utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    if path.name in done:
        if done[path.name] != digest:
            raise IngestError(f"migration {path.name} was edited after it was applied: write a new one")
        return None
    connection.execute(text)
    _record(connection, path.name, digest)
    return path.name


def _apply_specs(connection: psycopg.Connection, specs: Mapping[str, FeedSpec], done: dict[str, str]) -> str | None:
    """Make the tables of all feeds, add the columns that a spec has gained, move those that it has made private."""
    tables = [(schema, spec.feed, _columns(spec, schema)) for spec in specs.values() for schema in _schemas(spec)]
    digest = hashlib.sha256(repr(tables).encode()).hexdigest()
    name = f"feeds:{digest[:16]}"
    if name in done:
        return None
    before = existing(connection)
    for schema, feed, columns in tables:
        _make_table(connection, schema, feed, columns)
    move_private(connection, specs.values(), before)
    _record(connection, name, digest)
    return name


def _apply_told_keys(connection: psycopg.Connection, specs: Mapping[str, FeedSpec], done: dict[str, str]) -> str | None:
    """Take values that are none of their column out of the record keys that earlier versions wrote down in clear."""
    name = "records:told_keys"
    if name in done:
        return None
    keys = [(spec.feed, list(spec.key)) for spec in specs.values()]
    statement = TELL_NO_WRONG_KEY.format(rules=sorted(UNREADABLE))
    with connection.cursor() as cursor:
        cursor.executemany(statement, [{"feed": feed, "key": key} for feed, key in keys])
    _record(connection, name, hashlib.sha256(statement.as_string().encode()).hexdigest())
    return name


def _record(connection: psycopg.Connection, name: str, digest: str) -> None:
    connection.execute("insert into ops.migration (name, sha256) values (%s, %s)", (name, digest))


def _schemas(spec: FeedSpec) -> tuple[str, ...]:
    return ("raw", "identity") if spec.identity_columns else ("raw",)


def _columns(spec: FeedSpec, schema: str) -> list[tuple[str, str]]:
    """Return name and SQL type of the feed's own columns in a schema."""
    columns: list[tuple[str, str]] = []
    for column in spec.raw_columns if schema == "raw" else spec.identity_columns:
        columns.append((column.name, SQL_TYPES[column.type]))
        if column.type == "published_number":
            columns.append((status_name(column), "text"))
    return columns


def _make_table(connection: psycopg.Connection, schema: str, feed: str, columns: list[tuple[str, str]]) -> None:
    table = sql.Identifier(schema, feed)
    hashes = sql.SQL('row_key text collate "C" not null, row_hash bytea not null,') if schema == "raw" else sql.SQL("")
    connection.execute(
        sql.SQL(
            "create table if not exists {} (council text not null, delivery_id bigint not null,"
            " row_no integer not null, {} closed_by bigint, primary key (delivery_id, row_no))"
        ).format(table, hashes)
    )
    definitions = [
        sql.SQL("add column if not exists {} {}").format(sql.Identifier(name), sql.SQL(kind)) for name, kind in columns
    ]
    connection.execute(sql.SQL("alter table {} {}").format(table, sql.SQL(", ").join(definitions)))
    if schema == "raw":
        index = sql.Identifier(f"{feed}_in_force")
        connection.execute(
            sql.SQL("create unique index if not exists {} on {} (row_key, council) where closed_by is null").format(
                index, table
            )
        )

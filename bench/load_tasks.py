"""The measured tasks of loading, started by `bench.measure`, one a process. Imports come before a task's clock."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from psycopg import Connection, sql

from bench.extracts import COLUMNS
from sightline import warehouse

BLOCK = 256 * 1024
COPY_RUNS = 3
SCHEMAS = ("raw", "identity")
PEER_TABLE = "create table {} ({}, primary key (cine_referral_id))"


def load(path: str, as_at: str) -> dict:
    """The extract through ingest: every check, pseudonyms, identity, ledger, closing of replaced rows."""
    from ingest.load import ingest

    began, busy = time.perf_counter(), time.process_time()
    results = ingest([Path(path)], "barnet", date.fromisoformat(as_at))
    seconds, cpu = time.perf_counter() - began, time.process_time() - busy
    counts = ("rows_read", "rows_inserted", "rows_unchanged", "rows_rejected", "rows_duplicate", "rows_closed")
    sums = {name: sum(getattr(result, name) for result in results) for name in counts}
    states = sorted({result.state for result in results})
    return {"seconds": seconds, "cpu_seconds": cpu, "state": " ".join(states), **sums}


def dump(folder: str, feeds: str) -> dict:
    """Write the rows that ingest has loaded as COPY text, one file a table: what raw COPY is then given."""
    rows = 0
    with warehouse.connect() as connection:
        for schema, feed in _tables(connection, feeds):
            statement = sql.SQL("copy (select {} from {}) to stdout").format(
                _columns(connection, schema, feed), sql.Identifier(schema, feed)
            )
            with Path(folder, f"{schema}.{feed}").open("wb") as file, connection.cursor().copy(statement) as copy:
                for block in copy:
                    file.write(block)
                    rows += schema == "raw" and bytes(block).count(b"\n")
    return {"rows": rows}


def raw_copy(folder: str, feeds: str) -> dict:
    """The same rows, ready as COPY text, into tables of the same columns and indexes: no check. The best of three."""
    with warehouse.connect() as connection:
        connection.execute("create schema peer")
        tables = {one: sql.Identifier("peer", "_".join(one)) for one in _tables(connection, feeds)}
        for (schema, feed), table in tables.items():
            like = sql.SQL("create table {} (like {} including all)")
            connection.execute(like.format(table, sql.Identifier(schema, feed)))
        columns = {one: _columns(connection, *one) for one in tables}
    best = float("inf")
    for _ in range(COPY_RUNS):
        with warehouse.connect() as connection:
            connection.execute(sql.SQL("truncate {}").format(sql.SQL(", ").join(tables.values())))
        began = time.perf_counter()
        with warehouse.connect() as connection:
            for one, table in tables.items():
                statement = sql.SQL("copy {} ({}) from stdin").format(table, columns[one])
                with Path(folder, ".".join(one)).open("rb") as file, connection.cursor().copy(statement) as copy:
                    while block := file.read(BLOCK):
                        copy.write(block)
        best = min(best, time.perf_counter() - began)
    return {"seconds": best, "rows": sum(_count("peer", "_".join(one)) for one in tables if one[0] == "raw")}


def pandas_to_sql(path: str) -> dict:
    """The same file by pandas, as most scripts do it: read_csv, then to_sql into a typed table with a primary key."""
    import pandas
    from sqlalchemy import create_engine

    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    with warehouse.connect() as connection:
        connection.execute(PEER_TABLE.format("peer_pandas", columns))
    engine = create_engine(warehouse.url().replace("postgresql://", "postgresql+psycopg://", 1))
    dates = [name for name, kind in COLUMNS.items() if kind == "date"]
    began = time.perf_counter()
    frame = pandas.read_csv(path, dtype=str, parse_dates=dates)
    frame.to_sql("peer_pandas", engine, if_exists="append", index=False)
    return {"seconds": time.perf_counter() - began, "rows": _count("public", "peer_pandas")}


def landed(feeds: str) -> dict:
    """How many rows of the extract are in force, and how many stand in all."""
    query = sql.SQL("select count(*) filter (where closed_by is null), count(*) from {}")
    with warehouse.connect() as connection:
        found = [connection.execute(query.format(sql.Identifier("raw", feed))).fetchone() for feed in feeds.split(",")]
    return {"in_force": sum(one[0] for one in found), "stored": sum(one[1] for one in found)}


def cin_census(path: str) -> dict:
    """A CIN census file read as a stream, split into its feeds, each row checked by the feed's specification."""
    from ingest.check import Checker
    from ingest.council import specs_of
    from ingest.land import land
    from ingest.parts import open_parts
    from ingest.recognise import match_header

    specs = specs_of("barnet")
    rows = faults = 0
    with tempfile.TemporaryDirectory(prefix="sightline-bench-") as folder:
        began = time.perf_counter()
        for part in open_parts(land(Path(path), Path(folder)), specs):
            spec = specs[part.feed]
            header = match_header(part, spec, specs)
            part = part.with_columns([(name, "") for name in header.added])
            checker = Checker(spec, header, part.year, part.as_at)
            for chunk in part.chunks(header.kinds(spec, len(part.header))):
                checked = checker.check(chunk, len(part.header))
                rows, faults = rows + len(chunk.rows) + len(chunk.wrong), faults + len(checked.bad)
        seconds = time.perf_counter() - began
    return {"seconds": seconds, "rows": rows, "faults": faults}


def ssda903(path: str) -> dict:
    """A folder of SSDA903 files through ingest, into the database."""
    from ingest.load import ingest

    began = time.perf_counter()
    results = ingest([Path(path)], "barnet", date(2018, 3, 31))
    seconds = time.perf_counter() - began
    return {
        "seconds": seconds,
        "rows": sum(result.rows_read for result in results),
        "faults": sum(result.rows_rejected + result.rows_warned for result in results),
    }


def peer(python: str, script: str, path: str) -> dict:
    """A peer on a file, by its own interpreter: what it reports."""
    done = subprocess.run([python, script, path], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr[-600:])
    return json.loads(done.stdout.splitlines()[-1])


TASKS: dict[str, Callable[..., dict]] = {
    task.__name__: task for task in (load, dump, raw_copy, pandas_to_sql, landed, cin_census, ssda903, peer)
}


def _tables(connection: Connection, feeds: str) -> list[tuple[str, str]]:
    """The tables (schema, name) of feeds: each has one of rows, some one of what identifies."""
    query = (
        "select table_schema, table_name from information_schema.tables"
        " where table_schema = any(%s) and table_name = any(%s) order by 1, 2"
    )
    return connection.execute(query, (list(SCHEMAS), feeds.split(","))).fetchall()


def _columns(connection: Connection, schema: str, feed: str) -> sql.Composed:
    """Return the columns of a feed's table, but for `closed_by`, which no row that comes has."""
    query = (
        "select column_name from information_schema.columns where table_schema = %s and table_name = %s"
        " and column_name <> 'closed_by' order by ordinal_position"
    )
    names = (name for (name,) in connection.execute(query, (schema, feed)).fetchall())
    return sql.SQL(", ").join(map(sql.Identifier, names))


def _count(schema: str, table: str) -> int:
    with warehouse.connect() as connection:
        query = sql.SQL("select count(*) from {}").format(sql.Identifier(schema, table))
        return connection.execute(query).fetchone()[0]

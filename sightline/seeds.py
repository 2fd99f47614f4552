"""The reference tables from one build to the next: dbt loads its seeds row by row, so unchanged ones are copied."""

from __future__ import annotations

import hashlib
from pathlib import Path

import psycopg
from psycopg import sql

SCHEMA = "reference"


def fingerprint(project: Path) -> str:
    """Hash every file of the project's seeds: the rows, and the YAML that types them."""
    digest = hashlib.sha256()
    for path in sorted((project / "seeds").iterdir()):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def copy_standing(connection: psycopg.Connection, project: Path, schema: str) -> bool:
    """Copy the standing reference tables into `schema`, which is made; return whether that could be done.

    It cannot where the last build that was swapped in had other seeds, or where one of its tables is missing.
    """
    tables = _standing(connection)
    expected = {path.stem for path in (project / "seeds").glob("*.csv")}
    if tables != expected or _last_fingerprint(connection) != fingerprint(project):
        return False
    with connection.transaction():
        connection.execute(sql.SQL("create schema {}").format(sql.Identifier(schema)))
        for table in sorted(tables):
            names = {"old": sql.Identifier(SCHEMA, table), "new": sql.Identifier(schema, table)}
            connection.execute(sql.SQL("create table {new} as table {old}").format(**names))
            connection.execute(sql.SQL("analyze {new}").format(**names))
    return True


def _standing(connection: psycopg.Connection) -> set[str]:
    rows = connection.execute("select tablename from pg_tables where schemaname = %s", (SCHEMA,))
    return {name for (name,) in rows}


def _last_fingerprint(connection: psycopg.Connection) -> str | None:
    row = connection.execute(
        "select details ->> 'seeds' from ops.run where kind = 'build' and state = 'built' order by run_id desc limit 1"
    ).fetchone()
    return row[0] if row else None

"""The reference tables: copied from the standing ones where unchanged, else loaded from their files by COPY.

dbt loads a seed value by value, which takes it longer than reading the whole project. It tests what is loaded here, and
`dbt seed` by hand makes the same tables.
"""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import psycopg
import yaml
from psycopg import sql

SCHEMA = "reference"
NULLS = ("", "null")
"""What dbt takes for no value in a seed's cell, in any case and with blanks around it."""


class SeedError(RuntimeError):
    """A seed's file is damaged, or does not fit the columns that its YAML declares. The text is the seed's name."""


def fingerprint(project: Path) -> str:
    """Hash every file of the project's seeds: the rows, and the YAML that types them."""
    digest = hashlib.sha256()
    for path in sorted((project / "seeds").iterdir()):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def provide(connection: psycopg.Connection, project: Path, schema: str) -> bool:
    """Make the reference tables in `schema`, which is made; return whether they are copies of tested ones.

    They are where the last build that was swapped in had the same seeds and its tables all stand; else they are read
    from their files.

    Raises:
        SeedError: a file is damaged, or does not fit the columns that are declared for it.
    """
    files = _files(project)
    is_tested = _standing(connection) == set(files) and _last_fingerprint(connection) == fingerprint(project)
    types = {} if is_tested else _types(project)
    with connection.transaction():
        connection.execute(sql.SQL("create schema {}").format(sql.Identifier(schema)))
        for name, path in files.items():
            table = sql.Identifier(schema, name)
            if is_tested:
                old = sql.Identifier(SCHEMA, name)
                connection.execute(sql.SQL("create table {} as table {}").format(table, old))
            else:
                _load(connection, path, table, types.get(name, {}))
            connection.execute(sql.SQL("analyze {}").format(table))
    return is_tested


def _load(connection: psycopg.Connection, path: Path, table: sql.Identifier, types: dict[str, str]) -> None:
    """Make a table of a seed's file, its columns in the file's order."""
    try:
        header, rows = _read(path)
        if sorted(header) != sorted(types) or any(len(row) != len(header) for row in rows):
            raise SeedError(path.stem)
        columns = [sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(types[name])) for name in header]
        connection.execute(sql.SQL("create table {} ({})").format(table, sql.SQL(", ").join(columns)))
        with connection.cursor().copy(sql.SQL("copy {} from stdin").format(table)) as copy:
            for row in rows:
                copy.write_row([None if value.strip().lower() in NULLS else value for value in row])
    except (csv.Error, psycopg.DataError, psycopg.ProgrammingError):
        # The database's own message quotes the value.
        raise SeedError(path.stem) from None


def _read(path: Path) -> tuple[list[str], list[list[str]]]:
    """Return the header and the rows; an empty file has neither."""
    with path.open(newline="", encoding="utf-8") as handle:
        reader = csv.reader(handle, strict=True)
        return next(reader, []), list(reader)


def _files(project: Path) -> dict[str, Path]:
    return {path.stem: path for path in sorted((project / "seeds").glob("*.csv"))}


def _types(project: Path) -> dict[str, dict[str, str]]:
    """Return the declared types: seed -> column -> type."""
    found = {}
    for path in sorted((project / "seeds").glob("*.yml")):
        for seed in yaml.safe_load(path.read_text(encoding="utf-8"))["seeds"]:
            found[seed["name"]] = seed.get("config", {}).get("column_types", {})
    return found


def _standing(connection: psycopg.Connection) -> set[str]:
    rows = connection.execute("select tablename from pg_tables where schemaname = %s", (SCHEMA,))
    return {name for (name,) in rows}


def _last_fingerprint(connection: psycopg.Connection) -> str | None:
    row = connection.execute(
        "select details ->> 'seeds' from ops.run where kind = 'build' and state = 'built' order by run_id desc limit 1"
    ).fetchone()
    return row[0] if row else None

"""Read feeds straight from a council's database: each table or query becomes a file, and that a delivery.

The URL stands in an environment variable that the council's YAML names, never in the YAML. Drivers other than
PostgreSQL's are extras of the package: `mssql` (SQL Server, pyodbc), `oracle` (oracledb).
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, CursorResult, create_engine, select, table, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from ingest.council import databases_of, specs_of
from ingest.errors import IngestError, shown
from ingest.gather import MANIFEST
from ingest.spec import FeedSpec
from sightline.framework import Database

BATCH_ROWS = 5000
SNAPSHOT = {"postgresql": "REPEATABLE READ", "mssql": "SNAPSHOT", "oracle": "SERIALIZABLE"}
"""The isolation under which all tables are read as they stand at one moment."""

NO_SNAPSHOT = re.compile(r"\b395[23]\b")
"""SQL Server's errors where a database does not allow SNAPSHOT isolation; drivers put the number into their text."""


class DatabaseError(IngestError):
    """A database cannot be reached, or does not have what the council's YAML says."""


@dataclass(frozen=True)
class Extracted:
    """What became of one feed: its rows, or why there is no file."""

    feed: str
    rows: int = 0
    error: str | None = None


def extract(
    council: str,
    name: str,
    folder: Path,
    as_at: date,
    *,
    feeds: Sequence[str] | None = None,
    progress: Callable[[str], None] | None = None,
) -> list[Extracted]:
    """Write the feeds of a database as ``<feed>.csv`` with a manifest into `folder`, all as at one moment.

    A feed whose table cannot be read stops no other.

    Raises:
        DatabaseError: the council has no such database, its variable is unset or wrong, or it cannot be reached.
    """
    database = databases_of(council).get(name)
    if database is None:
        known = ", ".join(databases_of(council)) or "none"
        raise DatabaseError(f"{council} has no database {shown(name)}; known: {known}")
    specs = specs_of(council)
    chosen = [feed for feed in _feeds_of(database, specs) if feeds is None or feed in feeds]
    promises, results = {}, []
    for feed, query, connection in _each(database, chosen):
        result = _extract_feed(connection, feed, query, database, folder, promises)
        results.append(result)
        if progress:
            progress(f"{feed}: {result.error or f'{result.rows} rows read'}")
    manifest = {"council": council, "as_at": as_at.isoformat(), "files": promises}
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    return results


def _feeds_of(database: Database, specs: dict[str, FeedSpec]) -> list[str]:
    """Return the database's feeds: those it names, or every one of the Standard Safeguarding Dataset."""
    named = list(database.feeds) or [feed for feed in specs if feed.startswith("ssd_")]
    unknown = [feed for feed in named if feed not in specs]
    if unknown:
        raise DatabaseError(f"the council's databases: there is no feed {unknown[0]}")
    return named


def _each(database: Database, feeds: list[str]) -> Iterator[tuple[str, str | None, Connection]]:
    """Yield each feed with its query and a connection that sees one moment for all of them."""
    url = os.environ.get(database.url_env, "")
    if not url:
        raise DatabaseError(f"{database.url_env} is not set: it must hold the database's SQLAlchemy URL")
    failure = None
    try:
        engine = create_engine(url, hide_parameters=True)
        level = SNAPSHOT.get(engine.dialect.name)
        with engine.connect().execution_options(**_isolation(level)) as connection:
            for feed in feeds:
                yield feed, database.feeds.get(feed), connection
        engine.dispose()
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        failure = f"{database.url_env} is no URL that can be used ({type(error).__name__}): is the driver installed?"
    except SQLAlchemyError as error:
        failure = f"the database of {database.url_env} cannot be reached ({type(error).__name__})"
    if failure:
        raise DatabaseError(failure)


def _isolation(level: str | None) -> dict[str, str]:
    return {"isolation_level": level} if level else {}


def _extract_feed(
    connection: Connection, feed: str, query: str | None, database: Database, folder: Path, promises: dict
) -> Extracted:
    path, failure = folder / f"{feed}.csv", None
    source = text(query) if query else select(text("*")).select_from(table(feed, schema=database.schema_name))
    try:
        options = {"stream_results": True, "yield_per": BATCH_ROWS}
        with connection.begin_nested(), connection.execute(source, execution_options=options) as result:
            rows = _write(result, path)
    except SQLAlchemyError as error:
        failure = why(error)
    except UnreadableError as error:
        failure = str(error)
    if failure:
        path.unlink(missing_ok=True)
        return Extracted(feed, error=failure)
    promises[path.name] = {"rows": rows, "sha256": _sha256(path)}
    return Extracted(feed, rows)


def why(error: SQLAlchemyError) -> str:
    """Say why a table was not read, without the database's own words, which may hold values."""
    cause = getattr(error, "orig", None)
    if NO_SNAPSHOT.search(" ".join(map(str, getattr(cause, "args", ())))):
        return (
            "the database does not allow SNAPSHOT isolation, under which all tables are read as at one moment: its"
            " administrator allows it by ALTER DATABASE ... SET ALLOW_SNAPSHOT_ISOLATION ON"
        )
    return f"its table or query cannot be read ({getattr(cause, 'sqlstate', None) or type(error).__name__})"


class UnreadableError(ValueError):
    """A value that is neither text, number, date, time nor yes or no."""


def _write(result: CursorResult, path: Path) -> int:
    names, rows = list(result.keys()), 0
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(names)
        for row in result:
            try:
                writer.writerow([as_text(value) for value in row])
            except UnreadableError:
                column = next(name for name, value in zip(names, row, strict=True) if not _is_readable(value))
                message = f"column {shown(column)} holds values that are no text, number, date or time"
                raise UnreadableError(message) from None
            rows += 1
    return rows


def as_text(value: object) -> str:
    """Return a database's value as a CSV file would hold it: ISO days and times, Y or N, plain numbers.

    Raises:
        UnreadableError: it is bytes or a structure.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Y" if value else "N"
    if isinstance(value, str | int | UUID):
        return str(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, float | Decimal):
        number = Decimal(repr(value)) if isinstance(value, float) else value
        return format(number.to_integral_value() if number == number.to_integral_value() else number, "f")
    raise UnreadableError("neither text, number, date nor time")


def _is_readable(value: object) -> bool:
    try:
        as_text(value)
    except UnreadableError:
        return False
    return True


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()

"""`sightline backup` and `sightline restore`: all of the warehouse that cannot be computed again.

A backup holds the schemas `raw`, `identity`, `ops` and `published` as one snapshot, and a list of the landed files. It
holds neither the pseudonym key, without which no delivery can be loaded into what is restored, nor the marts, which
`sightline build` makes again. A restore checks the whole file before it touches the database, which must hold nothing;
it makes the tables as they were, copies the rows, compares every hash, replays later erasures, and migrates to today's
schema: all in one transaction.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from ingest import erasure, keyring
from ingest.schema import MIGRATIONS, upgrade
from sightline import __version__, archive, tables, warehouse
from sightline.archive import HEADER, MANIFEST, SECRET_BYTES, BackupError
from sightline.settings import settings

__all__ = ["BackupError", "BackupResult", "RestoreResult", "backup", "read_secret", "restore"]

SCHEMAS = ("raw", "identity", "ops", "published")
FORMAT = 1
MIGRATION_TABLE = "ops.migration"


@dataclass(frozen=True)
class BackupResult:
    """What was written: the file, its bytes, and how many tables, rows and landed files it speaks of."""

    file: str
    bytes: int
    tables: int
    rows: int
    landed_files: int
    is_encrypted: bool
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """Return the result as JSON-ready values."""
        return asdict(self)


@dataclass(frozen=True)
class RestoreResult:
    """What was restored. `landed_missing`: files that were landed at the backup and are not here.

    `is_own_key`: whether the configured pseudonym key is the one under which the backup was loaded.
    """

    file: str
    made_at: str
    tables: int
    rows: int
    migrated: tuple[str, ...]
    erasures_replayed: int
    landed_missing: int
    is_own_key: bool
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """Return the result as JSON-ready values."""
        return asdict(self)


def read_secret(path: Path | None) -> bytes | None:
    """Read the secret that seals a backup from its file; none where no file is named.

    Raises:
        BackupError: the file is missing, or its secret has fewer than 16 bytes.
    """
    if path is None:
        return None
    if not path.is_file():
        raise BackupError(f"there is no file {path.name} with a secret")
    secret = path.read_bytes().strip()
    if len(secret) < SECRET_BYTES:
        raise BackupError(f"the secret of a backup must have at least {SECRET_BYTES} bytes")
    return secret


def backup(path: Path, secret: bytes | None = None) -> BackupResult:
    """Write a backup to a new file that its owner alone may read (mode 0600); loads may go on meanwhile.

    Raises:
        BackupError: the file exists, or nothing has been ingested.
    """
    started, rows = time.perf_counter(), 0
    with _snapshot() as connection, archive.Writer(path, secret) as writer:
        found = tables.describe(connection, SCHEMAS)
        header = writer.add_json(HEADER, _header(connection, found))
        written = {}
        for table in found:
            counted = writer.add_parts(tables.label(table), _rows_of(connection, table))
            written[tables.label(table)], rows = counted, rows + counted["rows"]
        landed = _landed()
        writer.add_json(MANIFEST, {"header_sha256": header, "tables": written, "landed": landed})
    size, seconds = path.stat().st_size, round(time.perf_counter() - started, 3)
    return BackupResult(str(path), size, len(found), rows, len(landed), secret is not None, seconds)


def _snapshot() -> psycopg.Connection:
    """Open a connection whose every query sees the warehouse at one moment."""
    connection = warehouse.connect()
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    if not connection.execute("select to_regclass(%s)", (MIGRATION_TABLE,)).fetchone()[0]:
        connection.close()
        raise BackupError("nothing has been ingested into this warehouse yet")
    return connection


def _header(connection: psycopg.Connection, found: list[dict]) -> dict[str, Any]:
    has_key = connection.execute("select to_regclass('ops.pseudonym_key')").fetchone()[0]
    (made_at,) = connection.execute("select transaction_timestamp()").fetchone()
    return {
        "format": FORMAT,
        "version": __version__,
        "made_at": made_at.isoformat(timespec="seconds"),
        "key_fingerprint": keyring.noted(connection) if has_key else None,
        "migrations": dict(connection.execute("select name, sha256 from ops.migration").fetchall()),
        "tables": found,
    }


def _copy(table: dict, direction: str) -> sql.Composed:
    names = sql.SQL(", ").join(sql.Identifier(column["name"]) for column in table["columns"])
    return sql.SQL("copy {} ({}) {}").format(tables.identifier(table), names, sql.SQL(direction))


def _rows_of(connection: psycopg.Connection, table: dict) -> Iterator[bytes]:
    with connection.cursor() as cursor, cursor.copy(_copy(table, "to stdout")) as copy:
        yield from copy


def _landed() -> list[dict[str, Any]]:
    """List the landed files: path under the landing folder (its second part is the SHA-256), and bytes.

    What was made of a file, its name beginning with a dot, can be made again.
    """
    folder = settings().home / "landing"
    found = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    return [{"path": str(path.relative_to(folder)), "bytes": path.stat().st_size} for path in found]


def restore(path: Path, secret: bytes | None = None, erasures: Path | None = None) -> RestoreResult:
    """Put a backup into an empty database and bring it to today's schema; all of it, or nothing.

    Erasures that were decided after the backup are replayed: those listed under SIGHTLINE_HOME and in the file
    `erasures`, where one is given.

    Raises:
        BackupError: the file is damaged, cut short, sealed under another secret or from a newer version; the database
            holds rows; or what was copied in is not what was written.
        IngestError: erasures are to be replayed, and the pseudonym key of the settings is not the backup's.
    """
    started = time.perf_counter()
    header, manifest = _verify(path, secret)
    later = erasure.listed(erasures)
    with warehouse.connect() as connection:
        _make_room(connection)
        made = _make_tables(connection, header)
        _fill(connection, path, secret, header)
        _compare(connection, header, manifest)
        for table in header["tables"]:
            if tables.label(table) in made:
                tables.finish(connection, table)
            tables.continue_numbers(connection, table)
        migrated = upgrade(connection)
        replayed = erasure.replay(connection, later)
        is_own_key = keyring.is_own(connection)
    gone = [file for file in manifest["landed"] if not (settings().home / "landing" / file["path"]).is_file()]
    return RestoreResult(
        file=str(path),
        made_at=header["made_at"],
        tables=len(header["tables"]),
        rows=sum(table["rows"] for table in manifest["tables"].values()),
        migrated=tuple(migrated),
        erasures_replayed=replayed,
        landed_missing=len(gone),
        is_own_key=is_own_key,
        seconds=round(time.perf_counter() - started, 3),
    )


def _verify(path: Path, secret: bytes | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read the whole file once and return its header and manifest, every hash compared."""
    documents: dict[str, bytes] = {}
    digests: dict[str, Any] = {}
    with archive.reading(path, secret) as members:
        for name, content in members:
            if name in (HEADER, MANIFEST):
                documents[name] = content
            else:
                digests.setdefault(_table_of(name), hashlib.sha256()).update(content)
    if set(documents) != {HEADER, MANIFEST}:
        raise BackupError(f"{path.name} was cut short: nothing is restored")
    header, manifest = json.loads(documents[HEADER]), json.loads(documents[MANIFEST])
    if header["format"] != FORMAT:
        raise BackupError(f"{path.name} has format {header['format']}; this version reads {FORMAT}")
    empty = hashlib.sha256()
    written = {name: table["sha256"] for name, table in manifest["tables"].items()}
    found = {name: digests.get(name, empty).hexdigest() for name in written}
    is_whole = hashlib.sha256(documents[HEADER]).hexdigest() == manifest["header_sha256"]
    if not is_whole or found != written or set(digests) - set(written):
        raise BackupError(f"{path.name} is damaged, its hashes are not the manifest's: nothing is restored")
    return header, manifest


def _table_of(member: str) -> str:
    return member.rpartition("/")[0]


def _make_room(connection: psycopg.Connection) -> None:
    """Drop the empty tables of an installation that was never used; refuse where any row stands."""
    held = [name for name in tables.with_rows(connection) if name != MIGRATION_TABLE]
    if held:
        raise BackupError(f"the database is not empty ({', '.join(held[:3])}): a backup is restored into an empty one")
    for schema in SCHEMAS:
        connection.execute(sql.SQL("drop schema if exists {} cascade").format(sql.Identifier(schema)))


def _make_tables(connection: psycopg.Connection, header: dict[str, Any]) -> set[str]:
    """Make the tables as they were at the backup: by its migrations, else as it describes them; return the latter."""
    for name, digest in sorted(header["migrations"].items()):
        if name.endswith(".sql"):
            connection.execute(_migration(name, digest))
    standing = {tables.label(table): table for table in tables.describe(connection, SCHEMAS)}
    made = set()
    for table in header["tables"]:
        own = standing.get(tables.label(table))
        if own is None:
            tables.create(connection, table)
            made.add(tables.label(table))
        elif {c["name"] for c in own["columns"]} != {c["name"] for c in table["columns"]}:
            raise BackupError(f"{tables.label(table)}: the backup's columns are not those that its migrations make")
    return made


def _migration(name: str, digest: str) -> str:
    path = MIGRATIONS / name
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    if hashlib.sha256(text.encode()).hexdigest() != digest:
        raise BackupError(f"the backup is of another or newer version of Sightline: migration {name} is not known here")
    return text


def _fill(connection: psycopg.Connection, path: Path, secret: bytes | None, header: dict[str, Any]) -> None:
    """Copy the rows in, table by table, as they come from the file."""
    known = {tables.label(table): table for table in header["tables"]}
    with archive.reading(path, secret) as members, connection.cursor() as cursor:
        for name, parts in groupby(members, key=lambda member: _table_of(member[0])):
            if name in known:
                with cursor.copy(_copy(known[name], "from stdin")) as copy:
                    for _, content in parts:
                        copy.write(content)


def _compare(connection: psycopg.Connection, header: dict[str, Any], manifest: dict[str, Any]) -> None:
    """Read every table back and compare its rows and their hash with the manifest's."""
    connection.execute("set local synchronize_seqscans = off")
    for table in header["tables"]:
        digest, rows = hashlib.sha256(), 0
        for block in _rows_of(connection, table):
            digest.update(block)
            rows += bytes(block).count(b"\n")
        wanted = manifest["tables"][tables.label(table)]
        if (rows, digest.hexdigest()) != (wanted["rows"], wanted["sha256"]):
            raise BackupError(f"{tables.label(table)}: what was copied in is not what was backed up; nothing is kept")

"""Erase one child by a person's decision, so that the identifier is found nowhere that Sightline writes.

Deleted: the child's rows of every feed and version in `raw` and `identity`, the rows that hang on them, the sealed
copies of rejected rows, and the landed copies of files in which the identifier stands. Kept, without any identifier:
the ledger's lines, and `ops.erasure` with the child's key, from which nobody can find the child without the pseudonym
key and the identifier. Named, for a person to see to: reports that list the child, and extracts in the drop folder.

The list of erasures also stands in SIGHTLINE_HOME/erasures.jsonl, to be kept beside the backups: a restore replays it.
"""

from __future__ import annotations

import getpass
import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

from ingest import footprint, keyring, legal_hold, removal
from ingest.errors import HoldError, IngestError, shown
from ingest.land import remove_landed
from ingest.privacy import Keys
from ingest.schema import migrate
from ingest.spec import load_specs
from sightline import warehouse
from sightline.settings import settings

LIST = "erasures.jsonl"
_FIELDS = "council, child_key, why, decided_at, decided_by, landed_sha256, releases"
_INSERT = (
    f"insert into ops.erasure ({_FIELDS}) values (%(council)s, %(child_key)s, %(why)s,"  # noqa: S608 (own columns)
    " coalesce(%(decided_at)s, clock_timestamp()), %(decided_by)s, %(landed_sha256)s, %(releases)s)"
    " returning erasure_id, decided_at"
)


@dataclass(frozen=True)
class Erased:
    """What an erasure removed, by feed (rows of raw), and what a person must still see to. No identifier."""

    erasure_id: int
    rows: dict[str, int]
    identity_rows: int
    rejected_rows: int
    landed_files: int
    releases: tuple[str, ...]
    drop_folder: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the result as JSON-ready values."""
        return asdict(self)


def erase(council: str, child_id: str, why: str) -> Erased:
    """Erase a child of a council. Unless the case system erased the child first, the next delivery brings it back.

    Raises:
        HoldError: a legal hold is on the child, or a delivery that holds it waits for a person.
        IngestError: no reason is given, nothing of the child is held, or the pseudonym key is not the warehouse's.
    """
    child_id, why = child_id.strip(), why.strip()
    if not child_id or not why:
        raise IngestError("an erasure needs the child's identifier and a reason")
    with warehouse.connect() as connection:
        migrate(connection)
        keyring.hold_to_key(connection)
        keys = Keys(settings().pseudonym_key())
        child_key = keys.child_key(council, child_id)
        legal_hold.refuse_if_held(connection, council, child_key)
        landed = [path for path in footprint.landed_files(_landing(council)) if footprint.holds(path, child_id)]
        _refuse_if_waiting(connection, council, landed)
        decision = {
            "council": council,
            "child_key": child_key,
            "why": shown(why),
            "decided_at": None,
            "decided_by": getpass.getuser(),
            "landed_sha256": json.dumps(sorted({path.parent.name for path in landed})),
            "releases": json.dumps(_releases(connection, council, child_key)),
        }
        done = _carry_out(connection, decision, keys, "erasure", len(landed))
        _note(connection, done.erasure_id)
        connection.commit()
    for path in landed:
        remove_landed(path)
    inbox = [path.name for path in footprint.landed_files(settings().inbox(council)) if footprint.holds(path, child_id)]
    return Erased(**{**vars(done), "drop_folder": tuple(inbox)})


def _carry_out(
    connection: psycopg.Connection, decision: dict[str, Any], keys: Keys, kind: str, landed_files: int
) -> Erased:
    """Delete what the database holds of a child and write down what was removed."""
    council, child_key = decision["council"], decision["child_key"]
    rows, identity_rows, records = _delete_rows(connection, council, child_key)
    rejected = footprint.clear_rejected(connection, keys, council, child_key, records)
    if not (rows or rejected or landed_files) and kind == "erasure":
        raise IngestError("nothing of this child is held: is the identifier right, to the letter?")
    erasure_id, _ = connection.execute(_INSERT, decision).fetchone()
    removed = [("rows", feed, count) for feed, count in rows.items()]
    removed += [("identity rows", None, identity_rows), ("sealed rejected rows", None, rejected)]
    removed.append(("landed files", None, landed_files))
    removal.write(connection, council, kind, decision["why"], removed, erasure_id)
    removal.outdate_marts(connection, council)
    releases = tuple(json.loads(decision["releases"]))
    return Erased(erasure_id, rows, identity_rows, rejected, landed_files, releases, ())


def _delete_rows(
    connection: psycopg.Connection, council: str, child_key: str
) -> tuple[dict[str, int], int, dict[str, set[str]]]:
    """Delete the child's rows and those that hang on them.

    Returns rows by feed, rows of identity, and by dependent feed the keys of the child's records.
    """
    specs, rows, identity_rows = load_specs(), {}, 0
    records: dict[str, set[str]] = {}
    waiting = [(spec, footprint.of_child(spec, child_key)) for spec in specs.values() if footprint.child_columns(spec)]
    while waiting:
        spec, condition = waiting.pop()
        count, private, gone = footprint.delete(connection, spec, council, condition)
        identity_rows += private
        if count:
            rows[spec.feed] = rows.get(spec.feed, 0) + count
        for child, columns in footprint.dependents(specs, spec.feed) if gone else ():
            records.setdefault(child.feed, set()).update(gone)
            waiting.append((child, footprint.of_records(columns, gone)))
    return dict(sorted(rows.items())), identity_rows, records


def _landing(council: str) -> Path:
    return settings().home / "landing" / council


def _refuse_if_waiting(connection: psycopg.Connection, council: str, landed: list[Path]) -> None:
    """A held delivery can only be accepted from its landed copy, so that a person decides on it first."""
    waiting = connection.execute(
        "select delivery_id from ops.delivery where council = %s and state = 'held' and sha256 = any(%s) order by 1",
        (council, [path.parent.name for path in landed]),
    ).fetchall()
    if waiting:
        numbers = ", ".join(str(number) for (number,) in waiting)
        raise HoldError(f"deliveries that hold this child wait for a person: accept or refuse {numbers} first")


def _releases(connection: psycopg.Connection, council: str, child_key: str) -> list[str]:
    """Return the releases of reports for which the child's identifier was read."""
    found = connection.execute(
        "select distinct r.release_id from ops.release as r inner join ops.access as a on a.report = r.report"
        " and a.child_key = %s and (r.unit in (a.unit_code, case when a.unit_code = r.council then 'council' end)"
        "  or r.unit like regexp_replace(a.unit_code, '[^A-Za-z0-9_-]', '-', 'g') || '-%%')"
        " where r.council = %s and r.created_at >= a.at order by 1",
        (child_key, council),
    ).fetchall()
    return [release_id for (release_id,) in found]


def _note(connection: psycopg.Connection, erasure_id: int) -> None:
    """Write the erasure into the list beside the database, whole lines, flushed before the transaction ends."""
    with connection.cursor(row_factory=dict_row) as cursor:
        line = cursor.execute(
            f"select {_FIELDS} from ops.erasure where erasure_id = %s",  # noqa: S608 (own columns)
            (erasure_id,),
        ).fetchone()
    descriptor = os.open(settings().home / LIST, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        file.write(json.dumps(line, default=datetime.isoformat) + "\n")
        file.flush()
        os.fsync(file.fileno())


def listed(extra: Path | None = None) -> list[dict[str, Any]]:
    """Return the erasures listed under SIGHTLINE_HOME and in a further file, each once, oldest first.

    Raises:
        IngestError: a list is missing or broken.
    """
    own = settings().home / LIST
    found: dict[tuple, dict[str, Any]] = {}
    for path in [*([own] if own.is_file() else []), *([extra] if extra else [])]:
        try:
            for text in path.read_text(encoding="utf-8").splitlines():
                line = json.loads(text)
                found[line["council"], line["child_key"], line["decided_at"]] = line
        except (OSError, ValueError, KeyError, TypeError):
            raise IngestError(f"{path.name} is no list of erasures, or cannot be read") from None
    return sorted(found.values(), key=lambda line: datetime.fromisoformat(line["decided_at"]))


def replay(connection: psycopg.Connection, erasures: list[dict[str, Any]]) -> int:
    """Carry out, in the caller's transaction, the erasures that this database does not know; return their number."""
    done = 0
    for line in erasures:
        known = connection.execute(
            "select 1 from ops.erasure where council = %s and child_key = %s and decided_at = %s",
            (line["council"], line["child_key"], line["decided_at"]),
        ).fetchone()
        if known is None:
            keyring.hold_to_key(connection)
            landed = _remove_landed(line)
            decision = {**line, **{name: json.dumps(line[name]) for name in ("landed_sha256", "releases")}}
            _carry_out(connection, decision, Keys(settings().pseudonym_key()), "replay", landed)
            done += 1
    return done


def _remove_landed(line: dict[str, Any]) -> int:
    """Remove landed copies that the erasure had removed and that came back with a copy of the folder."""
    found = [path for sha in line["landed_sha256"] for path in footprint.landed_files(_landing(line["council"]) / sha)]
    for path in found:
        remove_landed(path)
    return len(found)


def returned(connection: psycopg.Connection, council: str) -> int:
    """Return how many erased children are in force again, because the case system delivered them after all."""
    children = {
        key
        for (key,) in connection.execute("select distinct child_key from ops.erasure where council = %s", (council,))
    }
    found = connection.execute(
        "select count(distinct pers_person_id) from raw.ssd_person"
        " where council = %s and closed_by is null and pers_person_id = any(%s)",
        (council, sorted(children)),
    ).fetchone()
    return found[0]

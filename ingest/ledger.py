"""The delivery ledger: what came, what became of it, and which rows were turned away."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, Literal

import psycopg
from psycopg import sql
from psycopg.rows import dict_row
from pydantic import BaseModel, ConfigDict

from ingest.errors import IngestError, LoadFailed, shown
from ingest.fault import BadRow, Fault
from ingest.land import Landed
from ingest.spec import FeedSpec

State = Literal["loaded", "unchanged", "refused", "held", "failed"]
ACCEPTED = ("loaded", "unchanged")
LOCK_WAIT = "120s"
NUMBER_LOCK = "sightline delivery number"


class DeliveryResult(BaseModel):
    """What became of one file. Holds counts, names of files, feeds and columns; no value of a row."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file_name: str
    council: str
    as_at: date
    state: State
    feed: str | None = None
    delivery_id: int | None = None
    sha256: str | None = None
    rows_read: int = 0
    rows_inserted: int = 0
    rows_unchanged: int = 0
    rows_rejected: int = 0
    rows_duplicate: int = 0
    rows_closed: int = 0
    rows_warned: int = 0
    sheet: str = ""
    collection_year: int | None = None
    is_late: bool = False
    is_new: bool = True
    is_dry_run: bool = False
    encoding: str | None = None
    notes: tuple[str, ...] = ()
    rule: str | None = None
    error: str | None = None
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """Return the result as JSON-ready values."""
        return self.model_dump(mode="json")

    def line(self) -> str:
        """Say in one line what became of the file."""
        if self.error:
            return f"{self.state}: {self.error}"
        counts = ", ".join(f"{getattr(self, name)} {name.removeprefix('rows_')}" for name in COUNTS)
        warned = f"; {self.rows_warned} warned of" if self.rows_warned else ""
        name = f"{shown(self.file_name)}, {shown(self.sheet)}" if self.sheet else shown(self.file_name)
        return f"{self.state}: {name} ({counts}{warned})"


COUNTS = ("rows_read", "rows_inserted", "rows_unchanged", "rows_rejected", "rows_duplicate", "rows_closed")


@contextmanager
def feed_lock(connection: psycopg.Connection, council: str, feed: str) -> Iterator[None]:
    """Let one load of a feed run at a time; a killed holder loses the lock with its connection.

    Raises:
        LoadFailed: another load of the feed has not ended within two minutes.
    """
    name = f"sightline ingest {council} {feed}"
    is_locked = True
    try:
        connection.execute("select set_config('lock_timeout', %s, false)", (LOCK_WAIT,))
        connection.execute("select pg_advisory_lock(hashtextextended(%s, 0))", (name,))
    except psycopg.errors.LockNotAvailable:
        is_locked = False
    if not is_locked:
        raise LoadFailed(f"another load of {feed} has been running for {LOCK_WAIT}: try again later")
    try:
        yield
    finally:
        if not connection.closed:
            connection.execute("select pg_advisory_unlock(hashtextextended(%s, 0))", (name,))


def find_same(
    connection: psycopg.Connection,
    spec: FeedSpec,
    council: str,
    landed: Landed,
    as_at: date,
    collection_year: int | None = None,
    dataset: str | None = None,
) -> dict[str, Any] | None:
    """Return the accepted delivery of the same bytes that makes this one needless, or None.

    That is the latest accepted delivery of the feed (of its `dataset`, where the feed takes in several), or an
    older one with this very as-at date (a replay of history). Bytes that came back after others, or that an earlier
    specification read, are loaded again.
    """
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            "select * from (select *, row_number() over (order by as_at desc, delivery_id desc) as recency,"
            " max(as_at) over () as latest from ops.delivery"
            " where council = %s and feed = %s and state = any(%s) and collection_year is not distinct from %s"
            " and (%s::text is null or sheet = %s)"
            ") as accepted where sha256 = %s and spec_sha256 = %s and (recency = 1 or (as_at = %s and as_at < latest))"
            " order by recency limit 1",
            (
                council,
                spec.feed,
                list(ACCEPTED),
                collection_year,
                dataset,
                dataset,
                landed.sha256,
                spec.fingerprint,
                as_at,
            ),
        ).fetchone()


FUTURE = json.dumps([{"rule": "future"}])


def has_days_to_come(connection: psycopg.Connection, spec: FeedSpec, council: str, content_id: int) -> bool:
    """Whether rows in force, or those that the delivery `content_id` rejected, had days that had not come yet."""
    query = sql.SQL(
        "select exists (select from ops.warning as w inner join raw.{} as r using (delivery_id, row_no)"
        " where r.council = %s and r.closed_by is null and w.rule = 'future')"
        " or exists (select from ops.rejected_row where delivery_id = %s"
        " and (rule = 'future' or further_faults @> %s::jsonb))"
    )
    return connection.execute(query.format(sql.Identifier(spec.feed)), (council, content_id, FUTURE)).fetchone()[0]


def latest(
    connection: psycopg.Connection, council: str, feed: str, collection_year: int | None = None
) -> tuple[int, date] | None:
    """Return (delivery_id, as_at) of the feed's latest accepted delivery, of a return that of the same year."""
    return connection.execute(
        "select delivery_id, as_at from ops.delivery where council = %s and feed = %s and state = any(%s)"
        " and collection_year is not distinct from %s order by as_at desc, delivery_id desc limit 1",
        (council, feed, list(ACCEPTED), collection_year),
    ).fetchone()


def reserve(
    connection: psycopg.Connection, council: str, feed: str | None, landed: Landed, as_at: date, spec_sha256: str | None
) -> int:
    """Write the delivery down as failed (interrupted) and commit; return its number.

    A rerun after a kill finds the same line again, so that it ends with the numbers of an undisturbed run.
    """
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (NUMBER_LOCK,))
        found = connection.execute(
            "select delivery_id from ops.delivery where council = %s and feed is not distinct from %s"
            " and sha256 = %s and as_at = %s and file_name = %s and state in ('failed', 'refused')"
            " and decided_at is null"
            " order by delivery_id desc limit 1",
            (council, feed, landed.sha256, as_at, landed.name),
        ).fetchone()
        if found:
            return found[0]
        (delivery_id,) = connection.execute(
            "insert into ops.delivery (delivery_id, council, feed, file_name, sha256, as_at, state, error, spec_sha256)"
            " select coalesce(max(delivery_id), 0) + 1, %s, %s, %s, %s, %s, 'failed', 'interrupted', %s"
            " from ops.delivery returning delivery_id",
            (council, feed, landed.name, landed.sha256, as_at, spec_sha256),
        ).fetchone()
        return delivery_id


def write(connection: psycopg.Connection, result: DeliveryResult, spec_sha256: str | None, same_as: int | None) -> None:
    """Write down what became of a reserved delivery."""
    told = {"state", "is_late", "encoding", "rule", "error", "delivery_id", "rows_warned", "sheet", "collection_year"}
    values = result.model_dump(include={*COUNTS, *told})
    values |= {"notes": json.dumps(result.notes), "spec_sha256": spec_sha256, "same_as": same_as}
    connection.execute(
        "update ops.delivery set state = %(state)s, rows_read = %(rows_read)s, rows_inserted = %(rows_inserted)s,"
        " rows_unchanged = %(rows_unchanged)s, rows_rejected = %(rows_rejected)s,"
        " rows_duplicate = %(rows_duplicate)s, rows_closed = %(rows_closed)s, is_late = %(is_late)s,"
        " encoding = %(encoding)s, notes = %(notes)s, rule = %(rule)s, error = %(error)s,"
        " spec_sha256 = %(spec_sha256)s, same_as = %(same_as)s, rows_warned = %(rows_warned)s, sheet = %(sheet)s,"
        " collection_year = %(collection_year)s where delivery_id = %(delivery_id)s",
        values,
    )


def reject(
    connection: psycopg.Connection, delivery_id: int, rows: Sequence[tuple[BadRow, str | None, bytes]], sheet: str = ""
) -> None:
    """Write rejected rows down, each with its record key and itself sealed: the first fault in columns of its own."""
    statement = (
        "copy ops.rejected_row (delivery_id, sheet, row_no, column_name, rule, reason, further_faults, record_key,"
        " row_sealed) from stdin"
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for bad, key, sealed in rows:
            first, *others = bad.faults
            further = json.dumps([fault.told() for fault in others])
            place = (delivery_id, bad.sheet or sheet, bad.row_no, first.column, first.rule, first.reason)
            copy.write_row((*place, further, key, sealed))


def warn(
    connection: psycopg.Connection, delivery_id: int, warnings: Sequence[tuple[int, Fault]], sheet: str = ""
) -> None:
    """Write down the faults that did not cost their rows."""
    statement = "copy ops.warning (delivery_id, sheet, row_no, column_name, rule, reason) from stdin"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row_no, fault in warnings:
            copy.write_row((delivery_id, sheet, row_no, fault.column, fault.rule, fault.reason))


def deliveries(connection: psycopg.Connection, council: str, feed: str | None = None) -> list[dict[str, Any]]:
    """Return the council's deliveries, oldest first, as JSON-ready values."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            "select delivery_id, feed, file_name, as_at::text as as_at, state, rows_read, rows_inserted,"
            " rows_unchanged, rows_rejected, rows_duplicate, rows_closed, rows_warned, sheet, collection_year, is_late,"
            " same_as, encoding, notes, rule,"
            " error, sha256, received_at::text as received_at from ops.delivery"
            " where council = %s and (%s::text is null or feed = %s) order by delivery_id",
            (council, feed, feed),
        ).fetchall()


def rejects(connection: psycopg.Connection, delivery_id: int | None = None) -> list[dict[str, Any]]:
    """Return the rejected rows of a delivery, or of the latest accepted one of each feed. Never a value.

    A delivery of the same bytes as an earlier one has that one's rejected rows.
    """
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            "select d.delivery_id, d.feed, d.file_name, r.sheet, r.row_no, r.column_name, r.rule, r.reason,"
            " r.further_faults from ops.delivery as d inner join ops.rejected_row as r"
            " on r.delivery_id = coalesce(d.same_as, d.delivery_id)"
            " where d.delivery_id = %(delivery_id)s or (%(delivery_id)s::bigint is null and d.delivery_id in ("
            "  select distinct on (council, feed) delivery_id from ops.delivery where state = any(%(accepted)s)"
            "  order by council, feed, as_at desc, delivery_id desc"
            " )) order by d.delivery_id, r.sheet, r.row_no",
            {"delivery_id": delivery_id, "accepted": list(ACCEPTED)},
        ).fetchall()


def rows_warned(connection: psycopg.Connection, delivery_id: int) -> int:
    """Return how many rows of a delivery have warnings.

    Raises:
        IngestError: there is no such delivery.
    """
    found = connection.execute("select rows_warned from ops.delivery where delivery_id = %s", (delivery_id,)).fetchone()
    if found is None:
        raise IngestError(f"there is no delivery {delivery_id}: `sightline deliveries` lists those there are")
    return found[0]

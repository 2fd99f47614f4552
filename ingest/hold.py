"""Hold a delivery that looks wrong as a whole, until a person accepts or refuses it.

A held delivery changes nothing: the last good rows stay in force. Its ledger line says why it is held, and
its rejected rows can be read. Once accepted it counts as if it had never been held: under its own number and
as-at date, superseded by whatever newer delivery has come since.
"""

from __future__ import annotations

import getpass
from typing import Any, Protocol

import psycopg
from psycopg.rows import dict_row

from ingest.errors import HoldError, shown
from ingest.ledger import feed_lock
from ingest.spec import FeedSpec, Hold
from ingest.stream import Counts

KEPT_REJECTS = 10_000
"""Rejected rows of a held delivery that are kept to be looked at."""

COPY_REJECTED = (
    "copy ops.rejected_row (delivery_id, sheet, row_no, column_name, rule, reason, further_faults, record_key,"
    " row_sealed)"
    " from stdin"
)


class Outcome(Protocol):
    """What a load has counted: its counts, the rows in force before it, and the rows with days out of order."""

    counts: Counts
    rows_before: int
    rows_disordered: int


def reason(spec: FeedSpec, outcome: Outcome, *, is_late: bool) -> str | None:
    """Say why a delivery is held, or nothing.

    The limits are the specification's `hold`. A late delivery closes nothing, so that its size does not matter. A
    rejected row is no sign that its record is still there: a damaged key names no row in force.
    """
    limits, reasons, read = spec.hold, [], outcome.counts.rows_read
    if read >= limits.from_rows and outcome.counts.rows_rejected > limits.rejected_share * read:
        share = f"{outcome.counts.rows_rejected} of {read} rows are rejected"
        reasons.append(f"{share}, more than {limits.rejected_share:.0%}")
    if read >= limits.from_rows and outcome.rows_disordered > limits.disordered_share * read:
        share = f"{outcome.rows_disordered} of {read} rows have days to come or out of order"
        reasons.append(f"{share}, more than {limits.disordered_share:.0%}: are day and month swapped?")
    before, is_whole = outcome.rows_before, spec.scope == "snapshot" and not is_late
    if is_whole and before and read and outcome.counts.rows_rejected == read:
        reasons.append(f"every row is rejected, of {read}")
    good = read - outcome.counts.rows_rejected - outcome.counts.rows_duplicate
    limit = _fall_from(limits, before)
    if is_whole and limit is not None and good < (1 - limit) * before:
        reasons.append(f"{good} good rows where {before} are in force, a fall of more than {limit:.0%}")
    return "; ".join(reasons) or None


def _fall_from(limits: Hold, before: int) -> float | None:
    """Return the share of the rows in force by which a snapshot may fall; None where they are too few to say."""
    if before >= limits.from_rows:
        return limits.fall_in_rows
    return limits.fall_in_few if before >= limits.few_from_rows else None


def rejected(connection: psycopg.Connection, delivery_id: int) -> list[tuple]:
    """Return the first 10,000 rejected rows of a delivery whose load is about to be rolled back."""
    return connection.execute(
        "select delivery_id, sheet, row_no, column_name, rule, reason, further_faults::text, record_key,"
        " row_sealed"
        " from ops.rejected_row where delivery_id = %s order by sheet, row_no limit %s",
        (delivery_id, KEPT_REJECTS),
    ).fetchall()


def keep_rejected(connection: psycopg.Connection, rows: list[tuple]) -> None:
    """Write the rejected rows of a held delivery down again."""
    with connection.cursor() as cursor, cursor.copy(COPY_REJECTED) as copy:
        for row in rows:
            copy.write_row(row)


def drop_rejected(connection: psycopg.Connection, delivery_id: int) -> None:
    """Take the rejected rows of a held delivery away: its load writes all of them."""
    connection.execute("delete from ops.rejected_row where delivery_id = %s", (delivery_id,))


def find_held(connection: psycopg.Connection, delivery_id: int) -> dict[str, Any]:
    """Return the ledger line of a held delivery.

    Raises:
        HoldError: there is no such delivery, or it is not held.
    """
    with connection.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute("select * from ops.delivery where delivery_id = %s", (delivery_id,)).fetchone()
    if row is None:
        raise HoldError(f"there is no delivery {delivery_id}")
    if row["state"] != "held":
        raise HoldError(f"delivery {delivery_id} is {row['state']}, not held")
    return row


def find_same(connection: psycopg.Connection, spec: FeedSpec, council: str, sha256: str, as_at: Any) -> dict | None:
    """Return the delivery of these bytes and this as-at date that is held, or that a person refused; or None."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            "select * from ops.delivery where council = %s and feed = %s and sha256 = %s and as_at = %s"
            " and spec_sha256 = %s and (state = 'held' or (state = 'refused' and decided_at is not null))"
            " order by delivery_id desc limit 1",
            (council, spec.feed, sha256, as_at, spec.fingerprint),
        ).fetchone()


def decide(connection: psycopg.Connection, delivery_id: int, why: str | None) -> None:
    """Write down that a person has decided on a delivery: who, when, and why."""
    connection.execute(
        "update ops.delivery set decided_at = clock_timestamp(), decided_by = %s, decided_why = %s"
        " where delivery_id = %s",
        (getpass.getuser(), why and shown(why), delivery_id),
    )


def refuse(connection: psycopg.Connection, delivery_id: int, why: str) -> dict[str, Any]:
    """End a held delivery: nothing of it is loaded, now or when the same bytes come again; return its line.

    Raises:
        HoldError: it is not held, or no reason is given.
    """
    if not why.strip():
        raise HoldError("a refusal needs a reason")
    held = find_held(connection, delivery_id)
    with feed_lock(connection, held["council"], held["feed"]), connection.transaction():
        find_held(connection, delivery_id)
        decide(connection, delivery_id, why)
        connection.execute(
            "update ops.delivery set state = 'refused', error = %s where delivery_id = %s",
            (f"{shown(held['file_name'])}: refused by a person: {shown(why)}", delivery_id),
        )
    return held | {"state": "refused"}

"""Legal holds: records that neither retention nor erasure removes, until a person releases them."""

from __future__ import annotations

import getpass
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import dict_row

from ingest import keyring
from ingest.errors import HoldError, shown
from ingest.privacy import Keys
from ingest.spec import load_specs
from sightline.settings import settings


@dataclass(frozen=True)
class Holds:
    """The holds on a council's records: children in every feed, whole feeds, and (feed, child) pairs."""

    children: frozenset[str]
    feeds: frozenset[str]
    pairs: frozenset[tuple[str, str]]

    def children_of(self, feed: str) -> list[str]:
        """Return the keys of the children whose records of a feed are held."""
        return sorted(self.children | {child for of, child in self.pairs if of == feed})


def active(connection: psycopg.Connection, council: str) -> Holds:
    """Return the holds that nobody has released."""
    rows = connection.execute(
        "select feed, child_key from ops.legal_hold where council = %s and released_at is null", (council,)
    ).fetchall()
    return Holds(
        frozenset(child for feed, child in rows if feed is None),
        frozenset(feed for feed, child in rows if child is None),
        frozenset((feed, child) for feed, child in rows if feed and child),
    )


def place(
    connection: psycopg.Connection, council: str, why: str, child_id: str | None = None, feed: str | None = None
) -> int:
    """Place a hold on a child, on a feed, or on a child's records of a feed; return its number.

    Raises:
        HoldError: no reason is given, neither child nor feed is named, or there is no such feed.
        IngestError: the pseudonym key is not the warehouse's.
    """
    if not why.strip() or not (child_id or feed):
        raise HoldError("a legal hold needs a reason, and a child, a feed or both")
    if feed and feed not in load_specs():
        raise HoldError(f"there is no feed {shown(feed)}")
    child_key = None
    if child_id:
        keyring.hold_to_key(connection)
        child_key = Keys(settings().pseudonym_key()).child_key(council, child_id.strip())
    (number,) = connection.execute(
        "insert into ops.legal_hold (council, child_key, feed, why, placed_by) values (%s, %s, %s, %s, %s)"
        " returning hold_id",
        (council, child_key, feed, shown(why.strip()), getpass.getuser()),
    ).fetchone()
    return number


def release(connection: psycopg.Connection, hold_id: int) -> None:
    """End a hold.

    Raises:
        HoldError: there is no such hold, or it was released before.
    """
    ended = connection.execute(
        "update ops.legal_hold set released_at = clock_timestamp(), released_by = %s"
        " where hold_id = %s and released_at is null",
        (getpass.getuser(), hold_id),
    )
    if not ended.rowcount:
        raise HoldError(f"there is no legal hold {hold_id}, or it was released before")


def listing(connection: psycopg.Connection, council: str) -> list[dict[str, Any]]:
    """Return every hold of the council, the released ones too, without saying which child it is on."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            "select hold_id, feed, child_key is not null as is_of_a_child, why, placed_at, placed_by, released_at,"
            " released_by from ops.legal_hold where council = %s order by hold_id",
            (council,),
        ).fetchall()


def refuse_if_held(connection: psycopg.Connection, council: str, child_key: str) -> None:
    """Refuse to erase a child on whom, or on any of whose feeds, a hold is.

    Raises:
        HoldError: names the holds.
    """
    found = connection.execute(
        "select hold_id from ops.legal_hold where council = %s and released_at is null"
        " and (child_key = %s or child_key is null) order by 1",
        (council, child_key),
    ).fetchall()
    if found:
        numbers = ", ".join(str(number) for (number,) in found)
        raise HoldError(f"legal hold {numbers} is on this child or on feeds: release it first (sightline legal-hold)")

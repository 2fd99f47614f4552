"""What was removed: a line in `ops.removal` for each kind of thing, and marts that no longer fit what is held."""

from __future__ import annotations

import getpass
from collections.abc import Iterable

import psycopg

Removed = tuple[str, str | None, int]
"""What, of which feed, and how many."""


def write(
    connection: psycopg.Connection,
    council: str,
    kind: str,
    rule: str,
    removed: Iterable[Removed],
    erasure_id: int | None = None,
) -> None:
    """Write down what was removed (nothing is no line). `kind` is retention, erasure or replay."""
    lines = [
        (council, kind, what, feed, count, rule, erasure_id, getpass.getuser())
        for what, feed, count in removed
        if count
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into ops.removal (council, kind, what, feed, removed, rule, erasure_id, removed_by)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s)",
            lines,
        )


def outdate_marts(connection: psycopg.Connection, council: str) -> None:
    """Let the next build run: the marts that stand rest on rows that are no longer held."""
    connection.execute(
        "update ops.run set details = details - 'fingerprint' where kind = 'build' and council = %s", (council,)
    )

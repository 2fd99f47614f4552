"""What was in force at the end of an earlier day: the ledger's answer, feed by feed.

A delivery is known on a day if it, and every delivery of its feed that came into force before it, carries that day's
as-at date or an earlier one (`ops.known_at`). The staging models follow the same rule with the variable `known_at`.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from ingest.errors import IngestError
from ingest.spec import load_specs

_COMPARE = """
with known as materialized (select delivery_id from ops.known_at(%(council)s, %(day)s)),
then_rows as (
    select row_key, row_hash from {table} as r where council = %(council)s and delivery_id in (select * from known)
    and (closed_by is null or closed_by not in (select * from known))
),
now_rows as (select row_key, row_hash from {table} where council = %(council)s and closed_by is null)
select
    count(t.row_key) as rows_then, count(n.row_key) as rows_now,
    count(*) filter (where t.row_hash = n.row_hash) as same,
    count(*) filter (where t.row_hash <> n.row_hash) as changed,
    count(*) filter (where n.row_key is null) as gone,
    count(*) filter (where t.row_key is null) as added
from then_rows as t full join now_rows as n using (row_key)
"""
_DELIVERIES = """
select count(*) as deliveries, max(d.as_at) as latest_as_at
from ops.delivery as d inner join ops.known_at(%(council)s, %(day)s) using (delivery_id) where d.feed = %(feed)s
"""
_STATE = """
select r.* from {table} as r where council = %(council)s
and delivery_id in (select delivery_id from ops.known_at(%(council)s, %(day)s))
and (closed_by is null or closed_by not in (select delivery_id from ops.known_at(%(council)s, %(day)s)))
order by row_key
"""


def known(connection: psycopg.Connection, council: str, feed: str, day: date) -> dict[str, Any]:
    """Compare a feed's rows in force at the end of `day` with today's.

    Returns the deliveries known that day and the latest as-at date among them, and numbers of rows: in force then and
    now, the same, changed, gone and added since. Rows removed by retention or erasure are in neither.

    Raises:
        IngestError: there is no such feed.
    """
    values = {"council": council, "day": day, "feed": feed}
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(sql.SQL(_COMPARE).format(table=_table(feed)), values).fetchone()
        deliveries = cursor.execute(_DELIVERIES, values).fetchone()
    return {"feed": feed, "at": day, **deliveries, **rows}


def state(connection: psycopg.Connection, council: str, feed: str, day: date) -> list[dict[str, Any]]:
    """Return the rows of `raw.<feed>` that were in force at the end of `day`, by row key.

    Raises:
        IngestError: there is no such feed.
    """
    with connection.cursor(row_factory=dict_row) as cursor:
        statement = sql.SQL(_STATE).format(table=_table(feed))
        return cursor.execute(statement, {"council": council, "day": day}).fetchall()


def _table(feed: str) -> sql.Identifier:
    if feed not in load_specs():
        raise IngestError(f"there is no feed {feed!r}")
    return sql.Identifier("raw", feed)

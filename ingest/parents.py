"""Say which rows of a delivery name a parent that is not in force: a visit of a child whom no file brings.

The parent may come tomorrow, so that such a row is loaded and warned of, or, at level `file`, the file is refused.
"""

from __future__ import annotations

import psycopg
from psycopg import sql

from ingest.errors import RefusedFile
from ingest.settle import Delivery
from ingest.spec import FeedSpec, Parent

RULE = "parent"
ORPHANS = """
select r.delivery_id, {sheet}, r.row_no, {column}, {rule}, {reason}
from raw.{feed} as r
where
    r.delivery_id = {delivery_id} and {names_one}
    and not exists (
        select 1 from raw.{parent} as p
        where p.row_key = {key} and p.council = r.council and p.closed_by is null
    )
"""


def warn_of_orphans(connection: psycopg.Connection, delivery: Delivery, name: str, sheet: str) -> int:
    """Write a warning for each new row without a parent; return how many. A parent feed without rows is not asked.

    Raises:
        RefusedFile: a row has no parent in a feed whose level is `file`; the caller rolls back.
    """
    written = 0
    for parent in delivery.spec.parents:
        if not _has_rows(connection, parent.feed, delivery.council):
            continue
        query = _orphans(delivery, parent, sheet)
        if parent.level == "file":
            _refuse_orphan(connection, query, parent, name, sheet)
        else:
            into = sql.SQL("insert into ops.warning (delivery_id, sheet, row_no, column_name, rule, reason) ")
            written += connection.execute(into + query).rowcount
    return written


def _has_rows(connection: psycopg.Connection, feed: str, council: str) -> bool:
    query = sql.SQL("select exists (select 1 from raw.{} where council = %s and closed_by is null)")
    return connection.execute(query.format(sql.Identifier(feed)), (council,)).fetchone()[0]


def _orphans(delivery: Delivery, parent: Parent, sheet: str) -> sql.Composed:
    columns = [sql.Identifier("r", name) for name in parent.columns]
    parts = [_as_key(delivery.spec, name) for name in parent.columns]
    return sql.SQL(ORPHANS).format(
        sheet=sql.Literal(sheet),
        column=sql.Literal(parent.columns[-1]),
        rule=sql.Literal(RULE),
        reason=sql.Literal(f"names no row of {parent.feed}"),
        feed=sql.Identifier(delivery.spec.feed),
        delivery_id=sql.Literal(delivery.delivery_id),
        names_one=sql.SQL(" and ").join(sql.SQL("{} is not null").format(column) for column in columns),
        parent=sql.Identifier(parent.feed),
        key=sql.SQL(" || chr(31) || ").join(parts),
    )


def _as_key(spec: FeedSpec, name: str) -> sql.Composed:
    """A column's value as it stands in the parent's row key; times are written with a T there."""
    column = sql.Identifier("r", name)
    if spec.column(name).type == "timestamp":
        return sql.SQL("to_char({}, 'YYYY-MM-DD\"T\"HH24:MI:SS')").format(column)
    return sql.SQL("{}::text").format(column)


def _refuse_orphan(connection: psycopg.Connection, query: sql.Composed, parent: Parent, name: str, sheet: str) -> None:
    row = connection.execute(query + sql.SQL(" order by r.row_no limit 1")).fetchone()
    if row:
        raise RefusedFile(name, RULE, f"names no row of {parent.feed}", row=row[2], column=row[3], sheet=sheet)

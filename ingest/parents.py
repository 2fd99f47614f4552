"""Say which rows of a delivery name a parent that is not in force: a visit of a child whom no file brings.

The parent may come tomorrow, so that such a row is loaded and warned of, or, at level `file`, the file is refused. The
warning tells the person who loads. It is not mended when the parent comes, and a parent that goes leaves none: what
is reported of a day is asked of the rows in force on it (`orphans_on`).
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

ORPHANS_ON = """
with held as materialized (
    select distinct p.row_key
    from raw.{parent} as p
    inner join ops.delivery as came on p.delivery_id = came.delivery_id
    left join ops.delivery as went on p.closed_by = went.delivery_id
    where p.council = %(council)s and came.as_at <= %(day)s and (p.closed_by is null or went.as_at > %(day)s)
),
gone as materialized (
    select p.row_key, max(went.as_at) as as_at
    from raw.{parent} as p
    inner join ops.delivery as went on p.closed_by = went.delivery_id
    where p.council = %(council)s and went.as_at <= %(day)s
    group by p.row_key
)
select
    d.file_name, coalesce(d.sheet, '') as sheet, r.row_no, {column} as column_name, {rule} as rule, {reason} as reason,
    r.row_key as record_key, greatest(d.as_at, gone.as_at) as since,
    {columns}
from raw.{feed} as r
inner join ops.delivery as d on r.delivery_id = d.delivery_id
{identity}
left join ops.delivery as closing on r.closed_by = closing.delivery_id
left join held on held.row_key = {key}
left join gone on gone.row_key = {key}
where
    r.council = %(council)s and d.as_at <= %(day)s and (r.closed_by is null or closing.as_at > %(day)s)
    and {names_one} and held.row_key is null and exists (select from held)
order by d.file_name, sheet, r.row_no
"""
"""A row is an orphan since it came, or since its parent went. A parent feed without rows on the day is not asked."""


def orphans_on(spec: FeedSpec, parent: Parent, columns: sql.Composable, identity: sql.Composable) -> sql.Composed:
    """Return the query for the rows in force on %(day)s of %(council)s whose parent is not, with `columns` of them.

    `identity` joins what the columns need beside the row, which is called `r`.
    """
    return sql.SQL(ORPHANS_ON).format(columns=columns, identity=identity, **_names(spec, parent))


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
    names = _names(delivery.spec, parent)
    return sql.SQL(ORPHANS).format(sheet=sql.Literal(sheet), delivery_id=sql.Literal(delivery.delivery_id), **names)


def _names(spec: FeedSpec, parent: Parent) -> dict[str, sql.Composable]:
    """What a query for rows without a parent says of the two feeds; `key` is the parent's key as the row names it."""
    columns = [sql.Identifier("r", name) for name in parent.columns]
    return {
        "column": sql.Literal(parent.columns[-1]),
        "rule": sql.Literal(RULE),
        "reason": sql.Literal(f"names no row of {parent.feed}"),
        "feed": sql.Identifier(spec.feed),
        "names_one": sql.SQL(" and ").join(sql.SQL("{} is not null").format(column) for column in columns),
        "parent": sql.Identifier(parent.feed),
        "key": sql.SQL(" || chr(31) || ").join(_as_key(spec, name) for name in parent.columns),
    }


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

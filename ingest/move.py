"""Move what a specification has made private: from `raw`, where an earlier version kept it, to `identity`.

Every version of every row keeps its text. Where a view of the version that stands still names the raw column, the
column stays for it, emptied, until an upgrade finds it free.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import psycopg
from psycopg import sql

from ingest.listed import Listed
from ingest.spec import Column, FeedSpec

BATCH = 10_000
EXISTING = """
select table_schema, table_name, column_name from information_schema.columns where table_schema in ('raw', 'identity')
"""
_NEW = """
insert into {identity} (council, delivery_id, row_no, closed_by, {columns})
select council, delivery_id, row_no, closed_by, {columns} from {raw}
"""
_KNOWN = """
update {identity} as i set ({columns}) = row({values}) from {raw} as r
where i.delivery_id = r.delivery_id and i.row_no = r.row_no and num_nonnulls({values}) > 0
"""
_COARSEN = """
update {raw} as r set {column} = nullif(new.shown, '')
from unnest(%s::text[], %s::text[]) as new (held, shown)
where r.{column} = new.held and new.shown <> new.held
"""

Existing = Mapping[tuple[str, str], set[str]]
"""The columns of each table, by schema and name."""


def existing(connection: psycopg.Connection) -> Existing:
    """Return the columns of `raw` and `identity` as they stand."""
    found: dict[tuple[str, str], set[str]] = {}
    for schema, table, column in connection.execute(EXISTING):
        found.setdefault((schema, table), set()).add(column)
    return found


def move_private(connection: psycopg.Connection, specs: Iterable[FeedSpec], before: Existing) -> None:
    """Move the columns that were public before; `before` are the tables before those of today were made."""
    for spec in specs:
        was_public = [column for column in spec.columns if column.was_public]
        in_raw, in_identity = (before.get((schema, spec.feed), set()) for schema in ("raw", "identity"))
        moved = [column for column in was_public if column.name in in_raw - in_identity]
        if moved:
            _fill(connection, spec, moved, is_new=not in_identity)
            for column in moved:
                if column.is_in_raw:
                    _coarsen(connection, spec, column)
        for column in was_public:
            if not column.is_in_raw and column.name in in_raw:
                _take_off(connection, spec, column, is_emptied=column not in moved)


def _fill(connection: psycopg.Connection, spec: FeedSpec, moved: list[Column], *, is_new: bool) -> None:
    """Write the texts into `identity`: new rows, where the feed had no such table."""
    names = [sql.Identifier(column.name) for column in moved]
    statement = sql.SQL(_NEW if is_new else _KNOWN).format(
        identity=sql.Identifier("identity", spec.feed),
        raw=sql.Identifier("raw", spec.feed),
        columns=sql.SQL(", ").join(names),
        values=sql.SQL(", ").join(sql.SQL("r.{}").format(name) for name in names),
    )
    connection.execute(statement)


def _coarsen(connection: psycopg.Connection, spec: FeedSpec, column: Column) -> None:
    """Leave in `raw` what may be shown of the texts."""
    listed = Listed(column.shows, column.shows_key)
    statement = sql.SQL(_COARSEN).format(raw=sql.Identifier("raw", spec.feed), column=sql.Identifier(column.name))
    for texts in _distinct(connection, spec, column):
        connection.execute(statement, (texts, [listed.shown(text) for text in texts]))


def _distinct(connection: psycopg.Connection, spec: FeedSpec, column: Column) -> Iterator[list[str]]:
    query = sql.SQL("select distinct {column} from {raw} where {column} is not null").format(
        column=sql.Identifier(column.name), raw=sql.Identifier("raw", spec.feed)
    )
    with connection.cursor(name="texts_to_coarsen") as cursor:
        cursor.execute(query)
        while rows := cursor.fetchmany(BATCH):
            yield [text for (text,) in rows]


def _take_off(connection: psycopg.Connection, spec: FeedSpec, column: Column, *, is_emptied: bool) -> None:
    """Drop a column of `raw`, or empty it where a view still names it."""
    table, name = sql.Identifier("raw", spec.feed), sql.Identifier(column.name)
    try:
        with connection.transaction():
            connection.execute(sql.SQL("alter table {} drop column {}").format(table, name))
    except psycopg.errors.DependentObjectsStillExist:
        if not is_emptied:
            connection.execute(sql.SQL("update {} set {} = null where {} is not null").format(table, name, name))

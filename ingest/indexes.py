"""Take the indexes off an empty table before its first rows come, and make them again after.

To build an index at once costs half of what it costs to enter a million rows one by one. All in the transaction of
the load: a reader sees the table with its indexes, or waits.
"""

from __future__ import annotations

from collections.abc import Iterable

import psycopg
from psycopg import sql

FROM_BYTES = 4 << 20
"""Size of a file from which it is worth the while."""

INDEXES = """
select i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid), quote_ident(c.conname), pg_get_constraintdef(c.oid)
from pg_catalog.pg_index as i left join pg_catalog.pg_constraint as c on c.conindid = i.indexrelid
where i.indrelid = %s::regclass order by 1
"""


def take_off(connection: psycopg.Connection, tables: Iterable[sql.Identifier]) -> list[sql.Composed]:
    """Drop the indexes of some tables; return the statements that make them again.

    Nothing is dropped, and nothing returned, where a table holds rows, is in use by others, or is not our own.
    """
    remake: list[sql.Composed] = []
    try:
        with connection.transaction():
            for table in tables:
                connection.execute(sql.SQL("lock table {} in access exclusive mode nowait").format(table))
                if connection.execute(sql.SQL("select exists (select 1 from {})").format(table)).fetchone()[0]:
                    raise psycopg.Rollback
                remake += _drop(connection, table)
            return remake
    except (psycopg.errors.LockNotAvailable, psycopg.errors.InsufficientPrivilege):
        return []
    return []


def make_again(connection: psycopg.Connection, statements: Iterable[sql.Composed]) -> None:
    """Run what `take_off` returned."""
    for statement in statements:
        connection.execute(statement)


def _drop(connection: psycopg.Connection, table: sql.Identifier) -> list[sql.Composed]:
    remake = []
    for index, definition, constraint, rule in connection.execute(INDEXES, (table.as_string(connection),)).fetchall():
        if constraint:
            alter = sql.SQL("alter table {} ").format(table)
            connection.execute(alter + sql.SQL(f"drop constraint {constraint}"))
            remake.append(alter + sql.SQL(f"add constraint {constraint} {rule}"))
        else:
            connection.execute(sql.SQL(f"drop index {index}"))
            remake.append(sql.SQL("{}").format(sql.SQL(definition)))
    return remake

"""Tables as the database itself describes them: their columns, keys and indexes, to be made again elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from graphlib import TopologicalSorter
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

_TABLES = """
select c.oid, n.nspname as schema, c.relname as name
from pg_class as c inner join pg_namespace as n on n.oid = c.relnamespace
where c.relkind = 'r' and n.nspname = any(%s) order by 2, 3
"""
_COLUMNS = """
select a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as is_required,
    a.attidentity::text as identity, pg_get_expr(d.adbin, d.adrelid) as default,
    case when a.attcollation <> t.typcollation then quote_ident(l.collname) end as collation
from pg_attribute as a inner join pg_type as t on t.oid = a.atttypid
left join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
left join pg_collation as l on l.oid = a.attcollation
where a.attrelid = %s and a.attnum > 0 and not a.attisdropped order by a.attnum
"""
_CONSTRAINTS = """
select conname as name, pg_get_constraintdef(oid) as definition, contype::text as kind
from pg_constraint where conrelid = %s and contype <> 'n' order by contype = 'f', conname
"""
_INDEXES = """
select pg_get_indexdef(indexrelid) from pg_index
where indrelid = %s and not exists (select 1 from pg_constraint where conindid = indexrelid) order by 1
"""
_REFERENCES = """
select distinct format('%%s.%%s', n.nspname, c.relname), format('%%s.%%s', fn.nspname, f.relname)
from pg_constraint as k
inner join pg_class as c on c.oid = k.conrelid inner join pg_namespace as n on n.oid = c.relnamespace
inner join pg_class as f on f.oid = k.confrelid inner join pg_namespace as fn on fn.oid = f.relnamespace
where k.contype = 'f' and k.conrelid <> k.confrelid and n.nspname = any(%s)
"""
_WITH_ROWS = """
select n.nspname, c.relname from pg_class as c inner join pg_namespace as n on n.oid = c.relnamespace
where c.relkind in ('r', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' order by 1, 2
"""


def describe(connection: psycopg.Connection, schemas: Sequence[str]) -> list[dict[str, Any]]:
    """Return the tables of some schemas, those that others refer to first.

    Each as ``{schema, name, columns: [{name, type, ...}], constraints: [{name, definition, kind}], indexes: [...]}``.
    """
    with connection.cursor(row_factory=dict_row) as cursor:
        found = {}
        for table in cursor.execute(_TABLES, (list(schemas),)).fetchall():
            oid = table.pop("oid")
            table["columns"] = cursor.execute(_COLUMNS, (oid,)).fetchall()
            table["constraints"] = cursor.execute(_CONSTRAINTS, (oid,)).fetchall()
            table["indexes"] = [row[0] for row in connection.execute(_INDEXES, (oid,)).fetchall()]
            found[label(table)] = table
    order = TopologicalSorter(dict.fromkeys(found, ()))
    for child, parent in connection.execute(_REFERENCES, (list(schemas),)).fetchall():
        order.add(child, parent)
    return [found[name] for name in order.static_order() if name in found]


def label(table: dict[str, Any]) -> str:
    """Return a table's name with its schema."""
    return f"{table['schema']}.{table['name']}"


def identifier(table: dict[str, Any]) -> sql.Identifier:
    """Return a table's name for a statement."""
    return sql.Identifier(table["schema"], table["name"])


def create(connection: psycopg.Connection, table: dict[str, Any]) -> None:
    """Make a table with its columns; `finish` adds keys and indexes once the rows are in."""
    columns = sql.SQL(", ").join(_column(column) for column in table["columns"])
    connection.execute(sql.SQL("create schema if not exists {}").format(sql.Identifier(table["schema"])))
    connection.execute(sql.SQL("create table {} ({})").format(identifier(table), columns))


def _column(column: dict[str, Any]) -> sql.Composed:
    parts = [sql.Identifier(column["name"]), sql.SQL(column["type"])]
    if column["collation"]:
        parts.append(sql.SQL(f"collate {column['collation']}"))
    if column["identity"]:
        parts.append(sql.SQL(f"generated {'always' if column['identity'] == 'a' else 'by default'} as identity"))
    elif column["default"]:
        parts.append(sql.SQL(f"default {column['default']}"))
    if column["is_required"]:
        parts.append(sql.SQL("not null"))
    return sql.SQL(" ").join(parts)


def finish(connection: psycopg.Connection, table: dict[str, Any]) -> None:
    """Add the keys, checks and indexes of a table that `create` made."""
    for constraint in table["constraints"]:
        connection.execute(
            sql.SQL("alter table {} add constraint {} {}").format(
                identifier(table), sql.Identifier(constraint["name"]), sql.SQL(constraint["definition"])
            )
        )
    for definition in table["indexes"]:
        connection.execute(sql.SQL(definition))


def continue_numbers(connection: psycopg.Connection, table: dict[str, Any]) -> None:
    """Let generated numbers go on after the highest one that was copied in."""
    for column in table["columns"]:
        if column["identity"]:
            name = sql.Identifier(column["name"])
            connection.execute(
                sql.SQL(
                    "select setval(pg_get_serial_sequence({}, {}), coalesce(max({}), 0) + 1, false) from {}"
                ).format(label(table), column["name"], name, identifier(table))
            )


def with_rows(connection: psycopg.Connection) -> list[str]:
    """Return the names of all tables of the database that hold a row."""
    found = []
    for schema, name in connection.execute(_WITH_ROWS).fetchall():
        table = sql.Identifier(schema, name)
        if connection.execute(sql.SQL("select exists (select 1 from {})").format(table)).fetchone()[0]:
            found.append(f"{schema}.{name}")
    return found

"""The project's own generic tests find what they are for: an empty key, a repeated one, a code that is not listed."""

from __future__ import annotations

import jinja2
import psycopg
import pytest

from sightline.build import PROJECT

CASES = [
    ("key", {"column_name": "id"}, [(1, "a"), (2, "a")], 0),
    ("key", {"column_name": "id"}, [(1, "a"), (1, "b")], 1),
    ("key", {"column_name": "id"}, [(1, "a"), (None, "a")], 1),
    ("key", {"column_name": "id"}, [(None, "a"), (None, "b"), (1, "a"), (1, "b")], 2),
    ("key", {"columns": ["id", "code"]}, [(1, "a"), (1, "b"), (2, "a")], 0),
    ("key", {"columns": ["id", "code"]}, [(1, "a"), (1, "a")], 1),
    ("key", {"columns": ["id", "code"]}, [(1, "a"), (1, None)], 1),
    ("unique_combination", {"columns": ["id", "code"]}, [(1, "a"), (1, None)], 0),
    ("unique_combination", {"columns": ["id", "code"]}, [(1, None), (1, None)], 1),
    ("never_empty", {"columns": ["id", "code"]}, [(1, "a"), (1, "a")], 0),
    ("never_empty", {"columns": ["id", "code"]}, [(1, None), (None, "a"), (None, None), (1, "a")], 3),
    ("codes", {"columns": {"id": [1, 2], "code": ["a"]}}, [(1, "a"), (2, "a")], 0),
    ("codes", {"columns": {"id": [1, 2], "code": ["a"]}}, [(3, "a"), (1, "b"), (1, "A")], 3),
    ("codes", {"columns": {"id": [1, 2], "code": ["a"]}}, [(None, "a"), (1, None), (None, "b")], 1),
]


def found(connection: psycopg.Connection, name: str, given: dict, rows: list[tuple]) -> int:
    """Rows that the generic test finds in a table with the columns id (integer) and code (text)."""
    body = (PROJECT / "tests" / "generic" / f"{name}.sql").read_text()
    text = body.replace(f"{{% test {name}(", "{% macro asked(").replace("{% endtest %}", "{% endmacro %}")
    query = jinja2.Template(text).make_module().asked(model="given", **given)
    connection.execute("create temporary table given (id integer, code text) on commit drop")
    with connection.cursor() as cursor:
        cursor.executemany("insert into given values (%s, %s)", rows)
        return len(cursor.execute(query).fetchall())


@pytest.mark.parametrize(("name", "given", "rows", "faults"), CASES)
def test_a_fault_is_found_and_nothing_else(db, name, given, rows, faults):
    with psycopg.connect(db) as connection:
        assert found(connection, name, given, rows) == faults

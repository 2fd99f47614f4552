"""The reference tables: those that `dbt seed` makes, tested by dbt before anyone reads them, once."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import psycopg
import pytest
from conftest import AS_AT

from sightline import build as build_module
from sightline import seeds
from sightline.build import PROJECT, BuildError, build, dbt_arguments, set_dbt_environment

NAMES = sorted(path.stem for path in (PROJECT / "seeds").glob("*.csv"))
COLUMNS = """
    select a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull
    from pg_attribute as a where a.attrelid = %s::regclass and a.attnum > 0 order by a.attnum
"""
INDEXES = "select count(*) from pg_indexes where schemaname = %s"
ANALYSED = "select count(distinct tablename) from pg_stats where schemaname = %s"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the project whose seeds may be changed; builds take it."""
    folder = shutil.copytree(PROJECT, tmp_path / "dbt_project")
    monkeypatch.setattr(build_module, "PROJECT", folder)
    return folder


def test_the_tables_are_those_that_dbt_seed_makes(db):
    with psycopg.connect(db) as connection:
        assert not seeds.provide(connection, PROJECT, "ours_reference")
    _dbt_seed("theirs")
    with psycopg.connect(db) as connection:
        for name in NAMES:
            ours, theirs = f"ours_reference.{name}", f"theirs_reference.{name}"
            assert _all(connection, COLUMNS, ours) == _all(connection, COLUMNS, theirs)
            # In an order of their own: where rows are long, INSERT fills earlier pages with later rows.
            query = "select row_to_json(t)::text from {} as t order by 1"
            assert _all(connection, query.format(ours)) == _all(connection, query.format(theirs)) != []
        for query, wanted in ((INDEXES, 0), (ANALYSED, len(NAMES))):
            assert [_all(connection, query, schema) for schema in ("ours_reference", "theirs_reference")] == [
                [(wanted,)],
                [(wanted,)],
            ]


def _dbt_seed(schema: str) -> None:
    from dbt.cli.main import dbtRunner

    set_dbt_environment(schema, AS_AT)
    try:
        outcome = dbtRunner().invoke(dbt_arguments("seed", "barnet"))
    finally:
        del os.environ["PGOPTIONS"]
    assert outcome.success, outcome.exception


def _all(connection: psycopg.Connection, query: str, *given: str) -> list[tuple]:
    return connection.execute(query, given).fetchall()


def test_what_was_built_is_copied(on_built):
    with on_built.connect() as connection:
        assert seeds.provide(connection, PROJECT, "copied")
        for name in NAMES:
            ours, standing = (_all(connection, f"select * from {at}.{name}") for at in ("copied", seeds.SCHEMA))
            assert ours == standing != []
        connection.rollback()


def test_what_is_loaded_is_tested(db, project):
    """A bank holiday that is listed twice: the rows load, and dbt's own test of them fails the build."""
    file = project / "seeds" / "bank_holidays.csv"
    file.write_text(file.read_text() + file.read_text().splitlines()[-1] + "\n")
    with pytest.raises(BuildError) as failure:
        build("barnet", AS_AT)
    assert any("key_bank_holidays_holiday_on" in name for name in failure.value.failures)


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text + "the 3rd,Secret day\n",
        lambda text: text + "2046-01-01,Secret day,and more\n",
        lambda text: text + '2046-01-01,"Secret day\n',
        lambda text: text.replace("holiday_on,name", "holiday_on,secret"),
        lambda text: text.replace("holiday_on,name", "holiday_on,name,name"),
        lambda _: "",
    ],
)
def test_a_damaged_file_is_named_without_its_values(db, project, damage):
    file = project / "seeds" / "bank_holidays.csv"
    file.write_text(damage(file.read_text()))
    with pytest.raises(BuildError) as failure:
        build("barnet", AS_AT)
    assert failure.value.failures == ["seed bank_holidays: error"]
    with psycopg.connect(db) as connection:
        assert not _all(connection, "select 1 from pg_namespace where nspname ~ '^build_'")
        ended = "select state from ops.run where details -> 'failures' = '[\"seed bank_holidays: error\"]'"
        assert _all(connection, ended) == [("failed",)]


def test_an_empty_cell_is_no_value_as_dbt_reads_it(db, tmp_path):
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "few.csv").write_text('day,text\n2026-01-01,""\n,Null\n2026-01-02," "\n2026-01-03,none\n')
    declared = "seeds: [{name: few, config: {column_types: {day: date, text: text}}}]\n"
    (folder / "few.yml").write_text(declared)
    with psycopg.connect(db) as connection:
        seeds.provide(connection, tmp_path, "few")
        assert _all(connection, "select day::text, text from few.few") == [
            ("2026-01-01", None),
            (None, None),
            ("2026-01-02", None),
            ("2026-01-03", "none"),
        ]

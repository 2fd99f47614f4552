"""A database that an earlier version made goes on: no delivery lost, every row as it was, redelivered bytes known."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from io import BytesIO
from pathlib import Path

import psycopg
import pytest
import upgrade_sample as sample
from conftest import copy_database, use_database
from ingest_sample import ask, load, write

from ingest import keyring
from ingest.schema import migrate
from ingest.spec import load_specs
from sightline import backup, settings, tables, warehouse

HERE = Path(__file__).resolve().parent
EARLIER = "ff35055"
"""The end of issue 2: its database is kept as `upgrade_issue_2.sql`, its code in the repository's history."""


def rows_of(url: str) -> dict[str, tuple[str, list[tuple]]]:
    """Every row of every table but the migrations, with the columns that it is read by."""
    found = {}
    with psycopg.connect(url, options="-c timezone=Europe/London") as connection:
        for table in tables.describe(connection, ("raw", "identity", "ops")):
            columns = ", ".join(f'"{column["name"]}"' for column in table["columns"])
            if table["name"] != "migration":
                statement = f"select {columns} from {tables.label(table)} as t order by t::text"
                found[tables.label(table)] = (columns, connection.execute(statement).fetchall())
    return found


def moved(name: str) -> set[str]:
    """The columns of a table of raw whose exact values an upgrade takes to identity, quoted."""
    schema, _, feed = name.partition(".")
    columns = load_specs()[feed].columns if schema == "raw" else ()
    return {f'"{column.name}"' for column in columns if column.was_public}


def same_rows(url: str, before: dict[str, tuple[str, list[tuple]]]) -> None:
    """Every row of `before` still stands, in its own columns, and in identity what is private by now."""
    with psycopg.connect(url, options="-c timezone=Europe/London") as connection:
        for name, (columns, rows) in before.items():
            gone, table = moved(name), f"{name} as r"
            shown = [f"i.{c}" if c in gone else f"r.{c}" for c in columns.split(", ")]
            if gone:
                table += f" inner join identity.{name.partition('.')[2]} as i using (delivery_id, row_no)"
            found = connection.execute(f"select {', '.join(shown)} from {table}")
            assert sorted(map(repr, found)) == sorted(map(repr, rows)), name


def in_force(before: dict[str, tuple[str, list[tuple]]]) -> dict[str, list[tuple]]:
    """Rows in force of each feed by key, in the columns of `before`, without what tells one delivery from another."""
    own = {"delivery_id", "row_no", "closed_by", "row_hash"}
    found = {}
    for name, (columns, _) in before.items():
        if name.startswith("raw."):
            kept = ", ".join(c for c in columns.split(", ") if c.strip('"') not in own and c not in moved(name))
            found[name] = ask(f"select {kept} from {name} where closed_by is null order by row_key")
    return found


@pytest.fixture
def earlier(empty_db):
    """The kept database of the earlier version; every connection of the process goes there meanwhile."""
    with psycopg.connect(empty_db) as connection:
        connection.execute((HERE / "upgrade_issue_2.sql").read_text(encoding="utf-8"))
    return empty_db


def test_the_kept_database_upgrades_without_losing_a_row(earlier):
    """Migrated once, and a second time to no effect; what the new tables say of old deliveries is right."""
    before = rows_of(earlier)
    assert len(before["ops.delivery"][1]) == 8
    with warehouse.connect() as connection:
        assert "0010_known_at.sql" in migrate(connection)
        assert migrate(connection) == []
    same_rows(earlier, before)
    assert ask("select count(*) from ops.delivery where accepted_at = received_at") == [(8,)]
    assert ask("select delivery_id from ops.known_at('barnet', '2026-03-31') order by 1") == [
        (n,) for n in (1, 2, 3, 4)
    ]


def test_redelivered_bytes_are_known_or_an_accounted_reload(earlier, tmp_path):
    """The files of both days again: nothing that was in force changes, and every row read is accounted for."""
    before = rows_of(earlier)
    stood = in_force(before)
    for day, paths in sample.write_files(tmp_path):
        for result in load(*paths, as_at=day):
            assert result.state in ("loaded", "unchanged")
            assert result.rows_read > 0
    assert in_force(before) == stood
    assert [len(rows) for rows in stood.values()] == [5, 4, 8, 8]


def test_unchanged_addresses_bring_their_districts(empty_db, tmp_path, monkeypatch):
    """An earlier version kept the whole postcode apart: the same bytes are read anew, and the identity is as it was."""
    address = {"addr_person_id": "00012", "addr_address_start_date": "2026-01-01"}
    rows = [
        {"addr_table_id": "A1", "addr_address_postcode": "QX1 7ZZ"},
        {"addr_table_id": "A2", "addr_address_postcode": "ZZ99 3VZ"},
    ]
    path = write(tmp_path, "ssd_address", [address | row for row in rows])
    today, spec = load_specs(), load_specs()["ssd_address"]
    columns = tuple(column.model_copy(update={"coarsen": None}) for column in spec.columns)
    before = today | {"ssd_address": spec.model_copy(update={"columns": columns})}
    with monkeypatch.context() as earlier_version:
        earlier_version.setattr("ingest.council.load_specs", lambda: before)
        assert load(path)[0].rows_inserted == 2
    column = "from information_schema.columns where table_schema = 'raw' and column_name = 'addr_address_postcode'"
    assert ask(f"select count(*) {column}") == [(0,)]
    postcodes = "select addr_address_postcode from identity.ssd_address where closed_by is null order by row_no"
    kept = ask(postcodes)
    (again,) = load(path)
    assert (again.state, again.rows_unchanged, again.rows_inserted, again.rows_closed) == ("loaded", 1, 1, 1)
    assert ask("select addr_address_postcode from raw.ssd_address where closed_by is null order by row_key") == [
        ("QX1",),
        (None,),
    ]
    assert ask(postcodes) == kept == [("QX1 7ZZ",), ("ZZ99 3VZ",)]
    assert load(path)[0].state == "unchanged"


def test_a_kept_database_of_another_key_is_refused(earlier, tmp_path):
    """It has no fingerprint: a child's pseudonym in it tells that the key is another one. Nothing is loaded."""
    (tmp_path / "key").write_bytes(b"another made-up key of the tests, long enough")
    (_, paths), _ = sample.write_files(tmp_path)
    settings.export({"pseudonym_key_file": str(tmp_path / "key")})
    try:
        with pytest.raises(keyring.OtherKey, match="another pseudonym key"):
            load(*paths, as_at=sample.MARCH)
    finally:
        del os.environ["SIGHTLINE_PSEUDONYM_KEY_FILE"]
        settings.export({})
    assert ask("select count(*) from ops.pseudonym_key") == [(0,)]
    assert ask("select count(*) from ops.delivery") == [(8,)]
    load(*paths, as_at=sample.MARCH)
    assert ask("select count(*) from ops.pseudonym_key") == [(1,)]


def test_a_backup_of_the_earlier_schema_restores_into_todays(earlier, tmp_path):
    """The tables are made as they were, filled, and migrated: the same rows, and the new tables beside them."""
    before = rows_of(earlier)
    backup.backup(tmp_path / "earlier.backup")
    fresh = copy_database("template1")
    use_database(fresh)
    restored = backup.restore(tmp_path / "earlier.backup")
    assert "0010_known_at.sql" in restored.migrated
    same_rows(fresh, before)
    assert ask("select to_regclass('ops.erasure') is not null") == [(True,)]
    assert ask("select count(*) from ops.migration where name = '0003_hold.sql'") == [(1,)]


@pytest.fixture(scope="module")
def earlier_code(tmp_path_factory) -> Path:
    """The earlier version's files, from the repository's history."""
    folder = tmp_path_factory.mktemp("earlier")
    archive = subprocess.run(
        ["git", "-C", str(HERE.parent), "archive", EARLIER], capture_output=True, stdin=subprocess.DEVNULL
    )
    if archive.returncode:
        pytest.skip(f"the history of this clone does not reach back to {EARLIER}")
    with tarfile.open(fileobj=BytesIO(archive.stdout)) as tar:
        tar.extractall(folder, filter="data")
    return folder


def test_a_database_made_by_the_earlier_code_itself_goes_on(earlier_code, empty_db, tmp_path):
    """A made-up council of 80 children, loaded by the earlier code in a process of its own, then by today's.

    Rows in force stay so. What comes beside them the earlier rules set aside, and today's only warn of.
    """
    environment = {**os.environ, "SIGHTLINE_DATABASE_URL": empty_db, "PYTHONPATH": f"{earlier_code}:{HERE}"}
    environment["SIGHTLINE_HOME"] = str(tmp_path / "earlier_home")
    script = (
        "import sys, ingest, upgrade_sample; assert ingest.__file__.startswith(sys.argv[1]), ingest.__file__;"
        "upgrade_sample.load_council(sys.argv[2], 80)"
    )
    subprocess.run(
        [sys.executable, "-c", script, str(earlier_code), str(tmp_path / "council")],
        env=environment,
        cwd=tmp_path,
        check=True,
        stdin=subprocess.DEVNULL,
    )
    before = rows_of(empty_db)
    deliveries = before["ops.delivery"][1]
    assert len(deliveries) > 40
    with warehouse.connect() as connection:
        migrate(connection)
    same_rows(empty_db, before)
    stood = in_force(before)
    results = load(tmp_path / "council", as_at=sample.date(2026, 9, 30))
    assert {result.state for result in results} <= {"loaded", "unchanged"}
    now, set_aside = in_force(before), {key for (key,) in ask("select record_key from ops.rejected_row")}
    assert [row for name, rows in stood.items() for row in rows if row not in now[name]] == []
    assert {row[1] for name, rows in now.items() for row in rows if row not in stood[name]} <= set_aside
    assert ask("select count(*) >= %s from ops.delivery", len(deliveries)) == [(True,)]

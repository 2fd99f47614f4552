"""Feeds read straight from a council's database: a real PostgreSQL. People are made up."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import psycopg
import pytest
from conftest import copy_database
from ingest_sample import APRIL, COUNCIL, MARCH, ask, faults, in_force
from sqlalchemy.exc import DBAPIError

from ingest.council import databases_of
from ingest.database import DatabaseError, UnreadableError, as_text, why
from ingest.load import ingest_database, ingest_group
from sightline import councils

VARIABLE = "CASE_SYSTEM_URL"
FEEDS = """
databases:
  case_system:
    url_env: CASE_SYSTEM_URL
    schema_name: ssd
    feeds:
      ssd_cin_episodes: null
      referral_decision: >
        select cine_referral_id as referral_id, cine_referral_date as decided_on, 'assessment' as decision
        from ssd.ssd_cin_episodes
"""
TABLES = """
create schema ssd;
create table ssd.ssd_cin_episodes (
    cine_referral_id integer, cine_person_id text, cine_referral_date timestamp, cine_cin_primary_need_code text,
    cine_referral_source_code text, cine_referral_source_desc text, cine_referral_outcome_json jsonb,
    cine_referral_nfa text, cine_close_reason text, cine_close_date date, cine_referral_team text,
    cine_referral_worker_id uuid
);
insert into ssd.ssd_cin_episodes values
(1, '00012', '2026-01-05', 'N1', '1A', 'A "school", in town', null, 'N', null, null, 'T-DAT1', null),
(2, '00013', '2026-02-30'::text::timestamp + interval '0', 'N2', '1A', null, null, 'N', null, null, null, null);
"""


@pytest.fixture
def case_system(monkeypatch, tmp_path, db):
    """A case system's database, and a council whose YAML names it."""
    url = copy_database("template1")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(TABLES.replace("'2026-02-30'::text::timestamp + interval '0'", "'2026-02-27'"))
    text = (councils.FOLDER / f"{COUNCIL}.yml").read_text()
    (tmp_path / f"{COUNCIL}.yml").write_text(text + FEEDS)
    monkeypatch.setattr(councils, "FOLDER", tmp_path)
    councils.load.cache_clear()
    monkeypatch.setenv(VARIABLE, url.replace("postgresql://", "postgresql+psycopg://"))
    yield url
    councils.load.cache_clear()


def change(url, statement):
    """Change the case system."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


def test_a_database_is_a_delivery_like_any_file(case_system):
    """Whole numbers, times at midnight, quotes and blanks arrive as a file's would; the second time only changes."""
    results = {result.feed: result for result in ingest_database("case_system", COUNCIL, MARCH)}
    assert {feed: (one.state, one.rows_inserted, one.error) for feed, one in results.items()} == {
        "referral_decision": ("loaded", 2, None),
        "ssd_cin_episodes": ("loaded", 2, None),
    }
    columns = "cine_referral_id, cine_referral_date::text, cine_referral_source_desc"
    both = "raw.ssd_cin_episodes inner join identity.ssd_cin_episodes using (delivery_id, row_no)"
    assert ask(f"select {columns} from {both} order by row_no") == [
        ("1", "2026-01-05", 'A "school", in town'),
        ("2", "2026-02-27", None),
    ]  # fmt: skip
    closed = "cine_close_date = '2026-04-01', cine_close_reason = 'RC1'"
    change(case_system, f"update ssd.ssd_cin_episodes set {closed} where cine_referral_id = 2")
    again = {result.feed: result for result in ingest_database("case_system", COUNCIL, APRIL)}
    assert again["referral_decision"].state == "unchanged"
    assert (again["ssd_cin_episodes"].rows_inserted, again["ssd_cin_episodes"].rows_unchanged) == (1, 1)
    assert len(in_force("ssd_cin_episodes")) == 2


def test_its_faults_are_reported_like_a_files(case_system):
    """An unknown code is set aside with row and column; the other row loads."""
    change(case_system, "update ssd.ssd_cin_episodes set cine_cin_primary_need_code = 'N77' where cine_referral_id = 1")
    (result,) = [one for one in ingest_database("case_system", COUNCIL, MARCH) if one.feed == "ssd_cin_episodes"]
    assert (result.rows_read, result.rows_inserted, result.rows_rejected) == (2, 1, 1)
    assert [fault[1:] for fault in faults(result.delivery_id)] == [("cine_cin_primary_need_code", "code")]


def test_a_table_that_is_not_there_stops_no_other(case_system):
    """Its feed is refused with the database's code; nothing of the other is lost."""
    change(case_system, "alter table ssd.ssd_cin_episodes rename column cine_referral_id to referral")
    change(case_system, "create table ssd.referral_decision as select 'R1' as a")
    results = {result.feed: result for result in ingest_database("case_system", COUNCIL, MARCH)}
    assert (results["referral_decision"].state, results["referral_decision"].rule) == ("refused", "source")
    assert "42703" in results["referral_decision"].error
    assert results["ssd_cin_episodes"].rule == "missing_column"


def test_the_task_of_a_group_reads_the_database(case_system, tmp_path):
    """The folder is empty: what the group's feeds have comes from the database."""
    (tmp_path / "inbox").mkdir()
    results = ingest_group(tmp_path / "inbox", COUNCIL, "case_management", MARCH, feeds=["ssd_cin_episodes"])
    assert [(result.feed, result.rows_inserted) for result in results] == [("ssd_cin_episodes", 2)]


@pytest.mark.usefixtures("case_system")
def test_what_is_wrong_is_said_without_the_password(monkeypatch):
    """Unknown database, unset variable, no such driver, no such server."""
    with pytest.raises(DatabaseError, match="known: case_system"):
        ingest_database("other", COUNCIL, MARCH)
    monkeypatch.delenv(VARIABLE)
    with pytest.raises(DatabaseError, match="CASE_SYSTEM_URL is not set"):
        ingest_database("case_system", COUNCIL, MARCH)
    for url in ("mssql+nodriver://u:hunter2@host/db", "postgresql+psycopg://u:hunter2@127.0.0.1:9/db", "nonsense"):
        monkeypatch.setenv(VARIABLE, url)
        with pytest.raises(DatabaseError) as raised:
            ingest_database("case_system", COUNCIL, MARCH)
        assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize(
    "words",
    [
        ("42000", "[42000] [Microsoft][ODBC Driver 18 for SQL Server] Snapshot isolation transaction failed (3952)"),
        (3952, b"Snapshot isolation transaction failed accessing database 'Mosaic'"),
    ],
)
def test_a_sql_server_without_snapshots_is_told_as_such(words):
    """As pyodbc and pymssql report it; what the administrator allows is named, nothing of the database's own words."""
    said = why(DBAPIError("select 1", {}, Exception(*words)))
    assert "ALLOW_SNAPSHOT_ISOLATION ON" in said
    assert "Mosaic" not in said
    assert why(DBAPIError("select 1", {}, Exception("42S02", "row 13952"))) == (
        "its table or query cannot be read (DBAPIError)"
    )


def test_values_become_what_a_csv_file_would_hold():
    """Yes and no, decimals, floating numbers, identifiers; bytes are refused."""
    uuid = UUID("12345678123456781234567812345678")
    given = [True, False, None, Decimal("1.50"), 2.0, 10**20, uuid]
    assert [as_text(value) for value in given] == ["Y", "N", "", "1.50", "2", str(10**20), str(uuid)]
    with pytest.raises(UnreadableError):
        as_text(b"\0")


def test_every_database_of_the_councils_names_known_feeds():
    """The YAML of a council may name databases; none of ours does."""
    assert all(not databases_of(council) for council in councils.available())

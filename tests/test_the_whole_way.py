"""`sightline run` on the real Airflow: extracts to reports, twice, and nothing of a person on the way."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
import pytest

from sightline.postgres import Server, find_programs

ROOT = Path(__file__).resolve().parent.parent
CHILDREN = "150"
REPORTS = {"corporate", "corporate_members", "performance_matters", "head_of_service_audit", "team_manager"}
pytestmark = pytest.mark.airflow


@dataclass(frozen=True)
class Way:
    """A home in which `sightline run` has gone the whole way."""

    home: Path
    paths: list[str]
    errors: str

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return run(self.home, *arguments)


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SIGHTLINE_", "AIRFLOW_"))}
    return subprocess.run(
        [sys.executable, "-m", "sightline.cli", *arguments],
        env={**clean, "SIGHTLINE_HOME": str(home), "SIGHTLINE_CHILDREN": CHILDREN},
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=900,
    )


@pytest.fixture(scope="module")
def way() -> Iterator[Way]:
    home = Path(tempfile.mkdtemp(prefix="sightline-way-"))
    home.chmod(0o755)
    done = run(home, "run", "--json")
    assert done.returncode == 0, done.stderr
    yield Way(home, json.loads(done.stdout), done.stderr)
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="module")
def database(way: Way) -> Iterator[str]:
    """The URL of the way's database, started again for the look."""
    yield way.run("url").stdout.strip()
    Server((way.home / "postgres").resolve(), find_programs()).stop("immediate")


def people(home: Path) -> set[str]:
    """Names, child identifiers and a word of the free texts: what must not be seen outside identity."""
    with (home / "inbox" / "barnet" / "ssd_person.csv").open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    names = {row["pers_surname"] for row in rows if len(row["pers_surname"]) > 6}
    return names | {row["pers_person_id"] for row in rows if len(row["pers_person_id"]) >= 8} | {"Zephyrwick"}


def hits(words: set[str], text: str) -> int:
    return sum(word in text for word in words)


def test_every_report_of_the_latest_periods_stands(way):
    assert {Path(path).relative_to(way.home / "reports" / "barnet").parts[0] for path in way.paths} >= REPORTS
    assert all(Path(path).stat().st_size > 5000 for path in way.paths)


def test_no_process_is_left_behind(way):
    left = []
    for process in psutil.process_iter(["cmdline"]):
        command = " ".join(process.info["cmdline"] or [])
        if str(way.home) in command or ("airflow" in command and "sightline-way" in command):
            left.append(command)
    assert left == []


def test_nothing_of_a_person_is_in_any_log(way):
    words = people(way.home)
    assert len(words) > 100
    logs = [path for path in way.home.rglob("*") if path.is_file() and ("log" in path.name or "logs" in path.parts)]
    logs += list((way.home / "airflow" / "services").glob("*")) + list((way.home / "dbt").rglob("*.json"))
    assert len(logs) > 10
    found = [path.name for path in logs if hits(words, path.read_text(encoding="utf-8", errors="replace"))]
    assert found == []
    assert hits(words, way.errors) == 0


def test_nothing_of_a_person_is_in_airflow_s_database_or_the_ledgers(way, database):
    words = people(way.home)
    airflow = database.rsplit("/", 1)[0] + "/airflow"
    with psycopg.connect(airflow) as connection:
        stored = connection.execute("select string_agg(x::text, ' ') from xcom x").fetchone()[0]
        events = connection.execute("select string_agg(e::text, ' ') from asset_event e").fetchone()[0]
    assert "rows_read" in stored
    assert "tests_passed" in events
    assert hits(words, stored + events) == 0
    with psycopg.connect(database) as connection:
        ledgers = " ".join(
            str(row)
            for table in ("delivery", "run", "release")
            for row in connection.execute(f"select t::text from ops.{table} t")
        )
        reasons = str(
            connection.execute(
                "select file_name, row_no, column_name, reason from ops.rejected_row r"
                " join ops.delivery using (delivery_id)"
            ).fetchall()
        )
    assert hits(words, ledgers + reasons) == 0


def test_no_analyst_table_holds_a_name_or_an_identifier(way, database):
    words = people(way.home)
    with psycopg.connect(database) as connection:
        tables = connection.execute(
            "select format('%I.%I', table_schema, table_name) from information_schema.tables"
            " where table_schema in ('raw', 'marts', 'intermediate', 'published')"
        ).fetchall()
        for (table,) in tables:
            text = connection.execute(f"select string_agg(t::text, ' ') from {table} t").fetchone()[0] or ""
            assert hits(words, text) == 0, table


def test_reports_name_nobody_and_only_lists_of_children_hold_identifiers(way):
    """Lists for a team, and of records to mend, show the case system's identifier; no report shows a name."""
    words = people(way.home)
    identifiers = {word for word in words if word.isdigit()}
    for path in map(Path, way.paths):
        text = path.read_text(encoding="utf-8")
        assert hits(words - identifiers, text) == 0, path.name
        if not path.name.startswith(("team_manager", "data_quality")):
            assert hits(identifiers, text) == 0, path.name


def test_each_mart_is_an_asset_event_with_rows_seconds_and_tests(way, database):
    with psycopg.connect(database.rsplit("/", 1)[0] + "/airflow") as connection:
        events = dict(
            connection.execute(
                "select a.name, e.extra from asset_event e join asset a on a.id = e.asset_id"
                " where a.name like 'marts.%'"
            ).fetchall()
        )
    assert events["marts.fct_indicator_value"]["rows"] > 1000
    assert {"rows", "seconds", "tests_passed", "tests_failed"} <= set(events["marts.fct_duty"])


def test_protected_reports_are_published_in_turn(way, database):
    """What one hides hangs on those before it: side by side, the same extracts would give other bytes."""
    with psycopg.connect(database.rsplit("/", 1)[0] + "/airflow") as connection:
        runs = {
            dag_id: (start, end)
            for dag_id, start, end in connection.execute("select dag_id, start_date, end_date from dag_run")
        }
    assert runs["publish_quarterly"][1] <= runs["publish_yearly"][0]


def test_a_second_run_changes_nothing(way):
    def state() -> dict[str, str]:
        reports = way.home / "reports"
        return {
            str(path.relative_to(reports)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(reports.rglob("*"))
            if path.is_file()
        }

    before = state()
    done = way.run("run", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == way.paths
    assert state() == before
    assert "build_warehouse: up to date" in done.stderr

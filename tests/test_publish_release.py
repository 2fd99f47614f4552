"""Releases: whole, recorded, unchanged; new figures stand beside old ones; a kill leaves the old or the new."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import publish_fixture
import pytest
from conftest import use_database

from publish import deliver, release
from publish.spec import SpecError
from sightline import warehouse
from sightline.settings import settings

AS_AT = publish_fixture.AS_AT
_numbers = count(1)


@pytest.fixture(scope="module")
def template(home: Path) -> str:
    """A database with the hand-made marts, to be copied."""
    before = use_database(None)
    use_database(warehouse.create_database("publish_template"))
    with warehouse.connect() as connection:
        publish_fixture.create(connection)
    use_database(before)
    return "publish_template"


@pytest.fixture
def marts(template: str) -> Iterator[str]:
    """A database of the test's own with the hand-made marts; every connection of the process goes there meanwhile."""
    before = use_database(None)
    name = f"publish_{next(_numbers)}"
    with warehouse.connect(autocommit=True) as connection:
        connection.execute(f"create database {name} template {template}")
    url = warehouse.create_database(name)
    use_database(url)
    yield url
    use_database(before)


@pytest.fixture(autouse=True)
def clean_reports(home: Path) -> Iterator[None]:
    """No release of another test stands."""
    import shutil

    shutil.rmtree(settings().reports, ignore_errors=True)
    shutil.rmtree(settings().home / "outbox", ignore_errors=True)
    yield


def hashes(folder: Path) -> dict[str, str]:
    """Every file under a folder, through pointers, with its hash and its change time."""
    found = {}
    for base, _, names in os.walk(folder, followlinks=False):
        for name in names:
            path = Path(base) / name
            found[str(path.relative_to(folder))] = (
                f"{hashlib.sha256(path.read_bytes()).hexdigest()} {path.stat().st_mtime_ns}"
            )
    return found


def ask(query: str, *values) -> list[tuple]:
    with warehouse.connect() as connection:
        return connection.execute(query, values).fetchall()


def test_periods_are_the_last_complete_ones():
    assert release.latest_periods(AS_AT) == {
        "weekly": "2026-W39", "monthly": "2026-09", "quarterly": "2026-Q2", "yearly": "2025-26",
    }  # fmt: skip


def test_a_release_is_recorded_with_its_figures_and_stands_behind_its_pointer(marts):
    (found,) = release.publish("corporate", "barnet", "2026-Q2", AS_AT)
    assert found.page.is_file() and found.page.resolve().parent == found.folder
    assert {Path(name).suffix for name in found.files} == {".html", ".pdf", ".xlsx"}
    row = ask(
        "select audience, unit, as_at, state, path, jsonb_array_length(deliveries)"
        " from ops.release where release_id = %s",
        found.release_id,
    )
    assert row == [("leaders", "council", AS_AT, "released", str(found.folder.relative_to(settings().reports)), 6)]
    figures = ask("select count(*) from ops.released_figure where release_id = %s", found.release_id)[0][0]
    assert figures > 300
    page = found.page.read_text(encoding="utf-8")
    assert found.release_id in page and release.code_version() in page and "from 6 deliveries" in page


def test_the_same_figures_write_nothing_again(marts):
    first = release.publish("team_manager", "barnet", "2026-W39", AS_AT)
    before = hashes(settings().reports)
    again = release.publish("team_manager", "barnet", "2026-W39", AS_AT)
    assert [r.release_id for r in again] == [r.release_id for r in first] and not any(r.is_new for r in again)
    assert hashes(settings().reports) == before
    assert ask("select count(*) from ops.release") == [(len(first),)]


def test_a_delivery_that_changes_no_figure_makes_no_release(marts):
    (first,) = release.publish("corporate_members", "barnet", "2026-Q2", AS_AT)
    with warehouse.connect() as connection:
        connection.execute(
            "insert into ops.delivery (delivery_id, council, feed, file_name, sha256, as_at, state)"
            " values (99, 'barnet', 'audit', 'a.csv', repeat('0', 64), %s, 'loaded')", (AS_AT,),
        )  # fmt: skip
    (again,) = release.publish("corporate_members", "barnet", "2026-Q2", AS_AT)
    assert again.release_id == first.release_id and not again.is_new


def test_a_changed_figure_makes_a_release_beside_the_old_one(marts):
    (old,) = release.publish("corporate", "barnet", "2026-Q2", AS_AT)
    before = hashes(old.folder)
    with warehouse.connect() as connection:
        connection.execute(
            "update marts.fct_indicator_value set numerator = numerator + 1, value = value + 1"
            " where indicator_id = 'REF-01'"
            " and level = 'council' and period_kind = 'quarter' and breakdown = 'all' and period_end = %s", (AS_AT,),
        )  # fmt: skip
    (new,) = release.publish("corporate", "barnet", "2026-Q2", AS_AT)
    assert new.is_new and new.release_id != old.release_id and hashes(old.folder) == before
    assert new.page.resolve().parent == new.folder
    assert dict(ask("select release_id, state from ops.release")) == {
        old.release_id: "superseded",
        new.release_id: "released",
    }


def test_protected_figures_stand_in_their_own_schema_without_small_numbers(marts):
    (found,) = release.publish("corporate_members", "barnet", "2026-Q2", AS_AT)
    rows = ask(
        "select numerator, denominator, value, is_hidden, shown from published.figure where release_id = %s",
        found.release_id,
    )
    assert len(rows) > 400
    assert all(r[0] is None or (r[0] > 7 and r[0] % 5 == 0) for r in rows)
    hidden = [r for r in rows if r[3]]
    assert hidden and all(r[2] is None and r[4] == "[c]" for r in hidden)
    assert ask("select count(*) from published.figure where level <> 'council'") == [(0,)]


def test_protected_reports_agree_and_come_out_the_same_in_any_later_run(marts):
    """The second report knows what the first one showed: no figure differs, and the first stays as it is."""
    (tables,) = release.publish("benchmark_tables", "barnet", "2025-26", AS_AT)
    release.publish("corporate_members", "barnet", "2026-Q2", AS_AT)
    (again,) = release.publish("benchmark_tables", "barnet", "2025-26", AS_AT)
    assert again.release_id == tables.release_id
    differing = ask(
        "select count(*) from (select 1 from published.figure"
        " group by indicator_id, breakdown, category, period_kind, period_end"
        " having count(distinct shown) > 1) as f"
    )  # fmt: skip
    assert differing == [(0,)]


def test_a_team_code_cannot_leave_the_reports_folder(marts):
    """A delivered code with path separators stays one name below the period's folder."""
    with warehouse.connect() as connection:
        for table in ("dim_team", "fct_duty", "fct_workload"):
            connection.execute(f"update marts.{table} set team_code = '../../up' where team_code = 'T-DAT1'")
    found = release.publish("team_manager", "barnet", "2026-W39", AS_AT)
    place = settings().reports / "barnet" / "team_manager" / "2026-W39"
    assert all(r.folder.parent == place / "releases" and r.page.parent.parent == place / "latest" for r in found)
    assert {path.name for path in settings().reports.iterdir()} == {"barnet"}


def test_wrong_requests_say_what_is_wrong(marts):
    with pytest.raises(SpecError, match="no such report; known: benchmark_tables"):
        release.publish("nonsense", "barnet", "2026-Q2", AS_AT)
    with pytest.raises(SpecError, match="is a quarterly report; 2026-09 is a month"):
        release.publish("corporate", "barnet", "2026-09", AS_AT)


def test_deliveries_reach_those_who_may_see_them(marts):
    found = release.publish("corporate_members", "barnet", "2026-Q2", AS_AT) + release.publish(
        "corporate", "barnet", "2026-Q2", AS_AT
    )
    roles = {(path.parts[-4], path.parts[-3]) for path in deliver.deliver(found, "barnet")}
    assert ("corporate_members", "2026-Q2") not in roles
    outbox = settings().home / "outbox" / "barnet"
    by_role = {role.name: {report.name for report in role.iterdir()} for role in outbox.iterdir()}
    assert by_role["director"] == {"corporate"} and by_role["lead_member"] == {"corporate_members"}
    assert deliver.deliver(found, "barnet") and not any(p.name.startswith(".") for p in outbox.rglob("*"))


KILL = """
import os, sys
from datetime import date
sys.path.insert(0, {root!r})
from publish import release
name, after = {name!r}, {after}
real = getattr(release, name)
def stop(*values):
    if after:
        real(*values)
    os.kill(os.getpid(), 9)
setattr(release, name, stop)
release.publish("corporate_members", "barnet", "2026-Q2", date(2026, 9, 30))
"""


@pytest.mark.parametrize(
    ("name", "after"), [("_flush", False), ("_write", True), ("_record", True), ("_point", False), ("_point", True)]
)
def test_a_kill_leaves_the_old_report_or_the_new_one(marts, name, after):
    """SIGKILL while writing, after the rename, after recording, before and after pointing: readers see a whole report,
    and the next run ends where one without a kill would have.
    """
    (old,) = release.publish("corporate_members", "barnet", "2026-Q2", AS_AT)
    old_page, before = old.page.read_bytes(), hashes(old.folder)
    with warehouse.connect() as connection:
        connection.execute(
            "update marts.fct_indicator_value set numerator = numerator + 40, value = value + 40"
            " where indicator_id = 'REF-01'"
        )
    code = KILL.format(root=str(Path(__file__).resolve().parent.parent), name=name, after=after)
    killed = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | {"SIGHTLINE_DATABASE_URL": marts}, check=False, timeout=120
    )
    assert killed.returncode == -9
    seen = old.page.read_bytes()
    is_old = seen == old_page
    assert is_old or (name, after) == ("_point", True)
    assert hashes(old.folder) == before
    (new,) = release.publish("corporate_members", "barnet", "2026-Q2", AS_AT)
    assert new.release_id != old.release_id and new.page.read_bytes() != old_page
    assert is_old or seen == new.page.read_bytes()
    assert sorted(ask("select state from ops.release")) == [("released",), ("superseded",)]
    leftovers = [p.name for p in new.folder.parent.iterdir() if p.name not in (old.folder.name, new.folder.name)]
    assert leftovers == []


def test_use_database_is_left_as_it_was(marts):
    """The fixtures of this module leave the process where they found it."""
    assert use_database(marts) == marts

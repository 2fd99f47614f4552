"""Folders: manifests, absent and unknown files, groups of feeds. With a real PostgreSQL."""

from __future__ import annotations

import json

import pytest
from ingest_sample import COUNCIL, MARCH, MAY, ask, load, load_one, promise, referrals, write

from ingest.load import ingest_group
from ingest.spec import load_specs

FEED = "ssd_cin_episodes"

pytestmark = pytest.mark.usefixtures("db")


def test_a_manifest_that_agrees(tmp_path):
    """Its as-at date is the delivery's; a feed without rows is right where it says so."""
    write(tmp_path, FEED, referrals(2))
    write(tmp_path, "ssd_mother", [])
    promise(tmp_path, MAY)
    results = load(tmp_path, as_at=MARCH)
    assert [(result.file_name, result.state, result.rows_read, result.as_at) for result in results] == [
        (f"{FEED}.csv", "loaded", 2, MAY),
        ("ssd_mother.csv", "loaded", 0, MAY),
    ]


@pytest.mark.parametrize("cut", [-20, None])
def test_a_manifest_that_disagrees(tmp_path, cut):
    """A file cut short, within a row or at its end, is refused with the place where it ends."""
    path = write(tmp_path, FEED, referrals(5))
    promise(tmp_path)
    text = path.read_text()
    path.write_text(text[:cut] if cut else text[: text.index("R5")])
    result = load_one(tmp_path)
    assert (result.state, result.rule) == ("refused", "cut_short")
    assert f"row {6 if cut else 5}, column" in result.error
    assert "promises 5 rows" in result.error


def test_a_manifest_with_another_number_of_rows(tmp_path):
    """Also where it gives no hash."""
    write(tmp_path, FEED, referrals(5))
    promised = {"files": {f"{FEED}.csv": {"rows": 6}}}
    (tmp_path / "manifest.json").write_text(json.dumps(promised))
    result = load_one(tmp_path)
    assert (result.state, result.rule) == ("refused", "cut_short")
    assert ask(f"select count(*) from raw.{FEED}") == [(0,)]


def test_files_that_the_manifest_should_not_hold(tmp_path):
    """Another council's files, and files that are not there, are refused; a broken manifest refuses the folder."""
    path = write(tmp_path, FEED, referrals(1))
    write(tmp_path, "ssd_mother", [])
    promise(tmp_path, council="southwark")
    path.unlink()
    assert [(result.file_name, result.rule) for result in load(tmp_path)] == [
        ("ssd_mother.csv", "council"),
        (f"{FEED}.csv", "absent"),
    ]
    (tmp_path / "manifest.json").write_text("{")
    assert [(result.file_name, result.rule) for result in load(tmp_path)] == [("manifest.json", "manifest")]


def test_an_absent_feed_is_no_error(tmp_path):
    """What is not there is stale later, not wrong now."""
    assert load(tmp_path) == []
    write(tmp_path, FEED, referrals(1))
    assert [result.feed for result in load(tmp_path)] == [FEED]


def test_one_bad_file_stops_no_other(tmp_path):
    """Each file is a delivery of its own; an unknown one is told of."""
    write(tmp_path, FEED, referrals(2))
    (tmp_path / "ssd_person.csv").write_text("nonsense\n")
    (tmp_path / "zz.csv").write_text("nonsense\n")
    (tmp_path / "list.xlsx").write_bytes(b"PK")
    assert {result.file_name: (result.state, result.rule) for result in load(tmp_path)} == {
        "list.xlsx": ("refused", "format"),
        f"{FEED}.csv": ("loaded", None),
        "ssd_person.csv": ("refused", "missing_column"),
        "zz.csv": ("refused", "unrecognised"),
    }


def test_two_files_of_one_snapshot_are_refused(tmp_path):
    """The second would close what the first brought."""
    write(tmp_path, FEED, referrals(2))
    write(tmp_path, FEED, referrals(3), name=f"{FEED}_new.csv")
    assert [result.rule for result in load(tmp_path)] == ["two_files", "two_files"]


def test_a_group_takes_its_own_files_and_no_file_is_left_out(tmp_path):
    """Every file is reported by exactly one group."""
    write(tmp_path, FEED, referrals(1))
    write(tmp_path, "staff_post", [{"post_id": "P1", "started_on": "2020-01-01"}])
    (tmp_path / "odd.csv").write_text("audit_id,child_id,audit_type\n")
    (tmp_path / "zzzz.csv").write_text("nonsense\n")
    groups = sorted({spec.group for spec in load_specs().values()})
    found = {group: [one.file_name for one in ingest_group(tmp_path, COUNCIL, group, MARCH)] for group in groups}
    assert found == {
        "case_management": ["zzzz.csv", f"{FEED}.csv"],
        "feedback": [],
        "national": [],
        "quality": ["odd.csv"],
        "workforce": ["staff_post.csv"],
    }
    assert ingest_group(tmp_path, COUNCIL, "case_management", MARCH, feeds=["ssd_address"]) == []

"""Files that are named like one feed and hold another: the columns say what they are. All people are made up."""

from __future__ import annotations

from collections import Counter

import pytest
from ingest_sample import APRIL, COUNCIL, MARCH, ask, load, load_one, names, referrals, write
from test_ingest_workbook import workbook

from ingest.load import ingest_group
from ingest.spec import load_specs

FEED = "ssd_cin_episodes"
ROWS = {
    "supervision_audit": {"supervision_audit_id": "S1", "worker_id": "W1", "due_on": "2026-01-05"},
    "staff": {"worker_id": "W1", "joined_on": "2020-01-05"},
    "focus_group": {"focus_group_id": "G1", "held_on": "2026-01-05"},
    FEED: referrals(1)[0],
}
MISNAMED = {
    "Audit of supervision Q2.csv": ("audit", "supervision_audit"),
    "Team list with staff.csv": ("team", "staff"),
    "feedback - focus groups.csv": ("feedback", "focus_group"),
    "ssd_person.csv": ("ssd_person", FEED),
}


def misnamed(folder):
    """Write a file of each wrong name."""
    for name, (_, feed) in MISNAMED.items():
        write(folder, feed, [ROWS[feed]], name=name)


def sheet(feed, rows):
    """A header and rows of cells of a feed."""
    return [names(feed), *([row.get(name, "") for name in names(feed)] for row in rows)]


@pytest.mark.usefixtures("db")
def test_a_file_is_what_its_columns_say(tmp_path):
    """Each loads as the feed that it holds, and the delivery's notes say so."""
    misnamed(tmp_path)
    for result in load(tmp_path):
        like, feed = MISNAMED[result.file_name]
        assert (result.state, result.feed, result.rows_inserted) == ("loaded", feed, 1)
        assert f"named like {like}, its columns are those of {feed}" in result.notes


@pytest.mark.usefixtures("db")
def test_exactly_one_of_the_loaders_of_groups_takes_a_misnamed_file(tmp_path):
    """Loaded or refused: once, by the task that has the feed of its name."""
    misnamed(tmp_path)
    write(tmp_path, "supervision", [], name="feedback of supervision.csv")
    write(tmp_path, "moderation", [], name="staff.csv", header=names("moderation")[1:])
    (tmp_path / "team.csv").write_bytes(b"PK no workbook")
    book = {"A": sheet(FEED, referrals(2)), "B": sheet("escalation", [])}
    workbook(tmp_path / "feedback.xlsx", book | {"B": [*book["B"], ["E1"]]})
    cadences = sorted({(spec.group, spec.cadence) for spec in load_specs().values()})
    found = Counter()
    for group, cadence in cadences:
        feeds = [spec.feed for spec in load_specs().values() if spec.cadence == cadence]
        found.update((one.file_name, one.sheet) for one in ingest_group(tmp_path, COUNCIL, group, MARCH, feeds=feeds))
    assert set(found.values()) == {1}
    assert {name for name, _ in found} == {path.name for path in tmp_path.iterdir()}


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("other", [f"{FEED}.csv", "export of today.csv"])
def test_two_files_of_one_feed_are_found_by_their_columns(tmp_path, other):
    """Whatever their names: the second would close the rows of the first."""
    write(tmp_path, FEED, referrals(30), name="ssd_person.csv")
    write(tmp_path, FEED, referrals(2), name=other)
    assert {(one.state, one.rule) for one in load(tmp_path)} == {("refused", "two_files")}
    assert ask(f"select count(*) from raw.{FEED}") == [(0,)]


@pytest.mark.usefixtures("db")
def test_a_misnamed_workbook_is_a_second_file_of_its_columns_feed(tmp_path):
    """Which of the two counts is not guessed: neither loads."""
    write(tmp_path, FEED, referrals(30))
    workbook(tmp_path / "ssd_person.xlsx", {"Data": sheet(FEED, referrals(2))})
    results = {one.file_name: (one.state, one.rule) for one in load(tmp_path)}
    assert results == dict.fromkeys(("ssd_person.xlsx", f"{FEED}.csv"), ("refused", "two_files"))
    assert ask(f"select count(*) from raw.{FEED}") == [(0,)]


@pytest.mark.usefixtures("db")
def test_a_misnamed_workbook_loads_each_of_its_sheets(tmp_path):
    """No sheet is of the feed that its name says; an incomplete sheet of that feed is refused as before."""
    book = {"Cases": sheet(FEED, referrals(2)), "Alerts": sheet("escalation", [{"escalation_id": "E1"}])}
    results = load(workbook(tmp_path / "ssd_person.xlsx", book))
    assert {(one.feed, one.sheet) for one in results} == {(FEED, "Cases"), ("escalation", "Alerts")}
    assert all(any("named like ssd_person" in note for note in one.notes) for one in results if one.state == "loaded")
    people = [names("ssd_person")[1:], ["x"]]
    result = load_one(workbook(tmp_path / "ssd_person.xlsx", book | {"People": people}), as_at=APRIL)
    assert (result.state, result.rule) == ("refused", "missing_column")


@pytest.mark.usefixtures("db")
def test_an_unnamed_file_with_one_mistyped_column_is_told_the_nearest(tmp_path):
    """As a named one is, by the same rule of likeness: a value is like none."""
    for wrong, is_told in (("cine_referal_date", True), ("Zebedee Quillfeather", False)):
        header = [wrong if name == "cine_referral_date" else name for name in names(FEED)]
        path = write(tmp_path, FEED, [], name="export.csv", header=header)
        result = load_one(path)
        assert (result.state, result.rule) == ("refused", "unrecognised")
        assert ("nearest column present: " + wrong in result.error) is is_told
        assert is_told or "Quillfeather" not in result.error

"""Whole folders: a made-up council with its planted faults, and the real published statistics."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import pytest
from ingest_sample import ask, load

from ingest import ledger
from ingest.spec import SYMBOLS
from sightline import warehouse

AS_AT = date(2026, 9, 30)
EES = Path(__file__).resolve().parents[2] / "shared" / "data" / "ees"
FEEDS = {
    "ees_referrals": ("c1_children_in_need_referrals_and_rereferrals_2013_to_2024.csv", "Re_referrals_percent"),
    "ees_assessments": ("c2_children_in_need_assessments_duration_2014_to_2024.csv", "1-10_days"),
    "ees_section47_conferences": ("c4_children_in_need_section_47s_and_icpcs_2013_to_2024.csv", "Duration_median"),
    "ees_cp_reviews": ("d6_cpps_reviewed_within_timescales_2013_to_2024.csv", "Reviewed_within_timescales_percent"),
}


@pytest.fixture(scope="module")
def council(tmp_path_factory) -> Path:
    """The extracts of a made-up council of 300 children."""
    from synthetic import generate

    folder = tmp_path_factory.mktemp("council")
    generate(folder, "barnet", 300, 5, 11, AS_AT)
    return folder


def test_each_planted_fault_is_found_and_nothing_else(db, council):
    """Row, column and rule of each; exact duplicates are counted; no good row is rejected."""
    results = load(council, as_at=AS_AT)
    planted = json.loads((council / "planted_faults.json").read_text())
    expected = sorted(
        (fault["file"], fault["row_no"], fault["rule"], fault["column"])
        for fault in planted
        if fault["rule"] != "duplicate"
    )
    with warehouse.connect() as connection:
        found = sorted(
            (row["file_name"], row["row_no"], row["rule"], "" if row["rule"] == "width" else row["column_name"])
            for row in ledger.rejects(connection)
        )
    assert {result.state for result in results} == {"loaded"}
    assert found == expected
    assert sum(result.rows_duplicate for result in results) == sum(f["rule"] == "duplicate" for f in planted)


def test_every_file_of_a_council_is_a_feed_of_its_own(db, council):
    """All the feeds come, all are loaded, and a second time none is."""
    results = load(council, as_at=AS_AT)
    manifest = json.loads((council / "manifest.json").read_text())["files"]
    assert {result.file_name: result.rows_read for result in results} == {
        name: promised["rows"] for name, promised in manifest.items()
    }
    again = load(council, as_at=AS_AT)
    assert {result.state for result in again} == {"unchanged"}
    assert not any(result.is_new for result in again)


@pytest.mark.parametrize("feed", FEEDS)
def test_real_published_statistics(db, feed):
    """The whole way on the real files: every row, every number as printed, every symbol kept apart."""
    name, column = FEEDS[feed]
    path = EES / name
    if not path.is_file():
        pytest.skip(f"the published file {name} is not here")
    (result,) = load(path, as_at=AS_AT)
    with path.open(newline="", encoding="utf-8-sig") as handle:
        printed = [row[column] for row in csv.DictReader(handle)]
    assert (result.feed, result.rows_inserted, result.rows_rejected) == (feed, len(printed), 0)
    landed = ask(f'select "{column}"::text, "{column}_status" from raw.{feed} order by row_no')
    assert landed == [(None, text) if text in SYMBOLS else (text, "ok") for text in printed]
    assert any(text in SYMBOLS for text in printed)

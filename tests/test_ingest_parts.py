"""Files of several feeds, Parquet, other names for columns, and returns of several years. People are made up."""

from __future__ import annotations

import csv
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from cin_sample import CHILD, census
from ingest_sample import COUNCIL, MAY, ask, in_force, load, load_one, names, referrals, write
from test_ingest_workbook import workbook

from sightline import councils

pytestmark = pytest.mark.usefixtures("db")
FEED = "ssd_cin_episodes"
HEADER_903 = ["CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB"]
EPISODES = ["CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "DEC", "REC", "REASON_PLACE_CHANGE"]
EPISODES += ["HOME_POST", "PL_POST", "URN"]


def parquet(path, columns):
    """Write columns as a Parquet file."""
    pq.write_table(pa.table(columns), path)
    return path


def of_feed(rows, **changes):
    """Columns of text for a Parquet file of referrals."""
    return {name: [row.get(name) for row in rows] for name in names(FEED)} | changes


def lines(path, header, *rows):
    """Write rows as delimited text."""
    with path.open("w", newline="") as handle:
        csv.writer(handle).writerows([header, *rows])
    return path


def test_a_parquet_file_loads_like_the_same_csv(tmp_path):
    """Days, times at midnight, numbers and blanks in the file's own types: nothing is new after the CSV file."""
    rows = referrals(3, cine_close_date="")
    load_one(write(tmp_path, FEED, rows))
    columns = of_feed(
        rows,
        cine_referral_date=pa.array([datetime(2026, 1, 5)] * 3, pa.timestamp("ns")),
        cine_close_date=pa.array([None] * 3, pa.date32()),
        cine_referral_nfa=pa.array([False] * 3),
        cine_referral_source_code=pa.array(["1A"] * 3).dictionary_encode(),
    )
    result = load_one(parquet(tmp_path / f"{FEED}.parquet", columns))
    assert (result.encoding, result.rows_read, result.rows_unchanged) == ("parquet", 3, 3)


def test_numbers_of_a_parquet_file_keep_their_digits(tmp_path):
    """Whole numbers without a fraction, decimals as written; a moment with a zone becomes London's."""
    from ingest.land import land
    from ingest.parquet import open_parquet

    moments = pa.array([datetime(2026, 7, 1, 12)] * 2, pa.timestamp("us", "UTC"))
    columns = {"a": [1.0, 2.5], "b": [Decimal("1.50"), None], "c": [10**15, 0], "d": moments}
    (chunk,) = open_parquet(land(parquet(tmp_path / "a.parquet", columns), tmp_path / "landing")).chunks()
    assert list(chunk.row_nos) == [2, 3]
    assert list(chunk.rows) == [
        ["1", "1.50", "1000000000000000", "2026-07-01T13:00:00"],
        ["2.5", "", "0", "2026-07-01T13:00:00"],
    ]


def test_a_parquet_file_that_is_damaged_or_holds_structures_is_refused(tmp_path):
    """By name, with the column; nothing is loaded."""
    whole = parquet(tmp_path / f"{FEED}.parquet", of_feed(referrals(50)))
    content = whole.read_bytes()
    whole.write_bytes(content[: len(content) // 2])
    assert load_one(whole).rule == "format"
    nested = load_one(parquet(whole, of_feed(referrals(2), cine_close_reason=[[1], [2]])))
    assert nested.rule == "format"
    assert "column cine_close_reason" in nested.error
    middle = bytearray(content)
    middle[200:260] = bytes(60)
    whole.write_bytes(middle)
    assert load_one(whole).state in ("refused", "loaded")
    assert ask("select count(*) from raw.ssd_cin_episodes") in ([(0,)], [(50,)])


def test_each_sheet_of_a_workbook_is_a_delivery(tmp_path):
    """Two feeds and a sheet of notes: two ledger lines with one hash; a sheet that is wrong stops no other."""
    rows = [[row.get(name, "") for name in names(FEED)] for row in referrals(3)]
    decision = [["R1", "2026-01-06", "assessment"], ["R2", "2026-01-06", "perhaps"]]
    sheets = {
        "Referrals": [names(FEED), *rows],
        "Decisions": [names("referral_decision"), *decision],
        "Notes": [["written by hand"]],
    }
    results = {result.feed: result for result in load(workbook(tmp_path / "monday.xlsx", sheets))}
    assert {feed: (one.sheet, one.rows_inserted, one.rows_rejected) for feed, one in results.items()} == {
        FEED: ("Referrals", 3, 0),
        "referral_decision": ("Decisions", 1, 1),
    }
    assert len({one.sha256 for one in results.values()}) == 1
    (rejected,) = ask("select sheet, row_no, column_name from ops.rejected_row")
    assert rejected == ("Decisions", 3, "decision")
    assert {one.state for one in load(tmp_path / "monday.xlsx")} == {"unchanged"}


def test_a_census_in_xml_is_a_delivery_for_each_of_its_feeds(tmp_path):
    """Rows are the elements; the year and the reference day are the header's; the same file twice changes nothing."""
    path = census(tmp_path / "CIN.xml", [CHILD.format(id="00012"), CHILD.format(id="00013")])
    results = {result.feed: result for result in load(path, as_at=MAY)}
    assert results["cin_child"].rows_read == 2
    assert results["cin_cp_review"].rows_read == 4
    assert {(one.as_at, one.collection_year, one.sha256) for one in results.values()} == {
        (date(2026, 3, 31), 2026, results["cin_child"].sha256)
    }
    assert {one.state for one in load(path, as_at=MAY)} == {"unchanged"}


def test_a_census_supersedes_only_its_own_year(tmp_path):
    """Next year's leaves this year's in force, an earlier one that comes late does too, a corrected one closes rows."""
    children = [CHILD.format(id=f"{number:05d}") for number in range(1, 4)]
    load(census(tmp_path / "a.xml", children, 2026))
    load(census(tmp_path / "b.xml", children[:2], 2027))
    load(census(tmp_path / "c.xml", children[1:], 2025))
    count = 'select "CensusYear", count(*) from raw.cin_child where closed_by is null group by 1 order by 1'
    assert ask(count) == [(2025, 2), (2026, 3), (2027, 2)]
    results = {result.feed: result for result in load(census(tmp_path / "d.xml", children[:1], 2026))}
    assert (results["cin_child"].rows_unchanged, results["cin_child"].rows_closed) == (1, 2)
    assert ask(count) == [(2025, 2), (2026, 1), (2027, 2)]
    assert not any(one.is_late for one in results.values())


def test_other_xml_is_refused_by_what_it_is_not(tmp_path):
    """A pay slip is no return."""
    path = tmp_path / "pay.xml"
    path.write_text("<Payroll><Slip/></Payroll>")
    result = load_one(path)
    assert (result.state, result.rule) == ("refused", "unrecognised")


def test_the_year_of_a_return_is_found_in_its_days(tmp_path):
    """One mistyped day in the future among two hundred moves nothing; the file beside it takes the same year."""
    rows = [
        [f"{number:05d}", f"{1 + number % 28:02d}/06/2024", "S", "C2", "N1", "U1", "PR1", *[""] * 6]
        for number in range(200)
    ]
    rows[0][1] = "01/06/2042"
    lines(tmp_path / "episodes.csv", EPISODES, *rows)
    lines(tmp_path / "header.csv", HEADER_903, ["00001", "F", "01/02/2010", "WBRI", "UN1", "", ""])
    results = {result.feed: result for result in load(tmp_path)}
    assert {one.collection_year for one in results.values()} == {2025}
    assert in_force("ssda903_header", "COLLECTION_YEAR") == [(2025,)]
    assert "newest days" in results["ssda903_episodes"].notes[0]
    assert "beside it" in results["ssda903_header"].notes[0]


def test_two_files_of_one_return_and_year_are_both_refused(tmp_path):
    """Two years are no two files; the same year twice is."""
    row = ["00001", "05/06/2024", "S", "C2", "N1", "U1", "PR1", *[""] * 6]
    lines(tmp_path / "first.csv", EPISODES, row)
    lines(tmp_path / "second.csv", EPISODES, [row[0], "05/06/2023", *row[2:]])
    assert {one.state for one in load(tmp_path)} == {"loaded"}
    lines(tmp_path / "third.csv", EPISODES, [row[0], "07/07/2024", *row[2:]])
    states = {one.file_name: (one.state, one.rule) for one in load(tmp_path)}
    assert states["first.csv"] == states["third.csv"] == ("refused", "two_files")
    assert states["second.csv"][0] == "unchanged"


def test_an_export_with_other_names_loads_by_an_entry_in_the_councils_file(tmp_path, monkeypatch):
    """What was renamed is noted; without the entry the missing column is named."""
    header = [{"audit_id": "Audit ref."}.get(name, name) for name in names("audit")]
    row = {"Audit ref.": "A1", "audit_type": "case_audit", "child_id": "00012", "allocated_on": "2026-01-05"}
    path = write(tmp_path / "in", "audit", [row], header=header)
    refused = load_one(path)
    assert (refused.rule, "audit_id" in refused.error) == ("missing_column", True)
    text = (councils.FOLDER / f"{COUNCIL}.yml").read_text()
    (tmp_path / f"{COUNCIL}.yml").write_text(f"{text}\nfeeds:\n  audit:\n    columns: {{audit_id: [Audit ref.]}}\n")
    monkeypatch.setattr(councils, "FOLDER", tmp_path)
    councils.load.cache_clear()
    result = load_one(path)
    councils.load.cache_clear()
    assert (result.state, result.rows_inserted) == ("loaded", 1)
    assert result.notes == ("columns under another name: Audit ref. as audit_id",)


def test_parents_load_before_their_children(tmp_path):
    """Whatever the files are called."""
    write(tmp_path, "audit_action", [{"action_id": "X1", "audit_id": "A1", "level": "case"}])
    write(tmp_path, FEED, referrals(1))
    write(tmp_path, "ssd_person", [{"pers_person_id": "00001", "pers_sex": "F", "pers_dob": "2015-01-01"}])
    feeds = [result.feed for result in load(tmp_path)]
    assert feeds.index("ssd_person") < feeds.index(FEED)

"""The data-quality report: whose the record is, since when, what was mended. People are made up."""

from __future__ import annotations

from datetime import date, timedelta

import openpyxl
import pytest
from ingest_sample import COUNCIL, ask, load, referrals, write

from ingest.faults import find_faults, mending
from sightline import warehouse
from sightline.quality import write_quality

pytestmark = pytest.mark.usefixtures("db")
FEED = "ssd_cin_episodes"
MONDAYS = [date(2026, 3, 2) + timedelta(weeks=week) for week in range(4)]
INVOLVED = {
    "invo_involvements_id": "I1",
    "invo_professional_id": "W7",
    "invo_professional_role_id": "Allocated Case Worker",
    "invo_professional_team": "T-DAT1",
    "invo_person_id": "00001",
    "invo_involvement_start_date": "2026-01-05",
    "invo_referral_id": "R1",
}


def deliver(tmp_path, week, **of_row):
    """Deliver three referrals on a Monday; `of_row` changes rows by number: r1={...}."""
    rows = [row | {"cine_referral_source_desc": f"week {week}"} for row in referrals(3)]
    for name, changes in of_row.items():
        rows[int(name[1:]) - 1] |= changes
    write(tmp_path / str(week), FEED, rows)
    if week == 0:
        write(tmp_path / str(week), "ssd_involvements", [INVOLVED])
    return load(tmp_path / str(week), as_at=MONDAYS[week])


def faults_at(day):
    """Return the faults of a day by record."""
    with warehouse.connect() as connection:
        return {fault.record: fault for fault in find_faults(connection, COUNCIL, day)}


def test_a_fault_keeps_its_first_day_until_it_is_mended(tmp_path):
    """Delivered in weeks 0 and 1, mended in week 2, back in week 3: then it is new."""
    wrong = {"cine_cin_primary_need_code": "QUILL"}
    for week, changes in enumerate([{"r1": wrong}, {"r1": wrong, "r2": wrong}, {"r2": wrong}, {"r1": wrong}]):
        deliver(tmp_path, week, **changes)
    of_day = [
        {record: fault.since for record, fault in faults_at(monday).items() if fault.rule == "code"}
        for monday in MONDAYS
    ]
    first, second = "cine_referral_id R1", "cine_referral_id R2"
    assert of_day == [
        {first: MONDAYS[0]},
        {first: MONDAYS[0], second: MONDAYS[1]},
        {second: MONDAYS[1]},
        {first: MONDAYS[3]},
    ]


def test_a_fault_says_whose_record_it_is_and_how_to_mend_it(tmp_path):
    """Child, record, file and row; worker and team to whom the child was allocated; never the value."""
    deliver(tmp_path, 0, r1={"cine_cin_primary_need_code": "QUILL", "cine_referral_date": "QUILL"})
    with warehouse.connect() as connection:
        faults = [fault for fault in find_faults(connection, COUNCIL, MONDAYS[0]) if fault.feed == FEED]
    assert [(fault.column, fault.rule) for fault in faults] == [
        ("cine_referral_date", "type"),
        ("cine_cin_primary_need_code", "code"),
    ]
    fault = faults[0]
    assert (fault.child_id, fault.worker, fault.team) == ("00001", "W7", "T-DAT1")
    assert (fault.file_name, fault.row_no, fault.is_loaded) == (f"{FEED}.csv", 2, False)
    assert fault.how_to_mend.startswith("Open the record and correct cine_referral_date")
    assert "QUILL" not in str(faults)


def test_a_warning_is_a_fault_of_a_row_in_force(tmp_path):
    """Until the row is superseded by one without it; the identifier comes from the identity store."""
    deliver(tmp_path, 0, r2={"cine_referral_source_code": "QUILL"})
    deliver(tmp_path, 1)
    (fault,) = faults_at(MONDAYS[0]).values()
    assert (fault.child_id, fault.column, fault.is_loaded) == ("00002", "cine_referral_source_code", True)
    assert faults_at(MONDAYS[1]) == {}


def test_every_rule_that_rejects_or_warns_has_its_advice():
    """A rule without advice would break the report."""
    rules = {
        "type",
        "code",
        "code_then",
        "required",
        "order",
        "future",
        "width",
        "key",
        "parent",
        "error_cell",
        "range",
    }
    rules |= {"invisible", "length"}
    assert set(mending()) == rules


def test_the_report_tells_what_is_new_and_what_was_mended(tmp_path):
    """Page and workbook; each child shown is on record; no wrong value and no name is in either."""
    deliver(tmp_path, 0, r1={"cine_cin_primary_need_code": "QUILL"}, r3={"cine_referral_source_code": "QUILL"})
    deliver(tmp_path, 1, r2={"cine_referral_date": "QUILL"})
    page, book = (written.path for written in write_quality(COUNCIL, MONDAYS[1], since=MONDAYS[0]))
    html = page.read_text()
    workbook = openpyxl.load_workbook(book)
    rows = [row for sheet in workbook for row in sheet.iter_rows(values_only=True)]
    cells = [str(cell) for row in rows for cell in row if cell is not None]
    assert "QUILL" not in html + " ".join(cells)
    mended = next(sheet for sheet in workbook if "ended" in str(sheet["A1"].value))
    shown = {row[1].value for row in mended.iter_rows() if str(row[1].value).startswith("cine_referral_id")}
    assert shown == {"cine_referral_id R1", "cine_referral_id R3"}
    assert ask("select count(distinct child_key), min(report) from ops.access") == [(3, "data_quality")]
    first = page.read_bytes(), book.read_bytes()
    assert not any(written.is_new for written in write_quality(COUNCIL, MONDAYS[1], since=MONDAYS[0]))
    assert (page.read_bytes(), book.read_bytes()) == first


def test_a_restricted_record_is_not_listed(tmp_path):
    """Nobody is named who may see it: its faults stay out of page and workbook, the others' stay in."""
    wrong = {"cine_cin_primary_need_code": "QUILL"}
    deliver(tmp_path, 0, r1=wrong, r2=wrong)
    restriction = {"child_id": "00001", "restricted_from": "2026-01-01"}
    load(write(tmp_path / "restricted", "restricted_record", [restriction]), as_at=MONDAYS[0])
    page = write_quality(COUNCIL, MONDAYS[0])[0].path
    assert "00002" in page.read_text()
    assert "00001" not in page.read_text()

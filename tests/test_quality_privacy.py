"""The data-quality report shows no restricted child, no wrong value, and outlives an erasure. People are made up."""

from __future__ import annotations

import json
from datetime import date

import openpyxl
import pytest
import xlsxwriter
from cryptography.fernet import Fernet
from ingest_sample import APRIL, COUNCIL, MARCH, PERSON, REFERRAL, ask, load, names, referrals, text_of, write

from ingest import erasure
from ingest.faults import find_faults
from ingest.privacy import load_keys
from ingest.schema import migrate
from sightline import councils, warehouse
from sightline.quality import write_quality

pytestmark = pytest.mark.usefixtures("db")
FEED = "ssd_cin_episodes"
WRONG = {"cine_cin_primary_need_code": "QUILL"}
ALIASES = """
feeds:
  ssd_cin_episodes:
    columns: {cine_person_id: [Client No], cine_referral_id: [Ref No], cine_referral_worker_id: [Social worker]}
"""


def found(feed=FEED, day=MARCH):
    """The faults of a feed on a day."""
    with warehouse.connect() as connection:
        return [fault for fault in find_faults(connection, COUNCIL, day) if fault.feed == feed]


def report(day=MARCH, since=None):
    """Everything that page and workbook say: text, and the rows of the workbook's sheets by title."""
    page, book = (written.path for written in write_quality(COUNCIL, day, since))
    sheets = {}
    for sheet in openpyxl.load_workbook(book):
        rows = list(sheet.iter_rows(values_only=True))
        sheets[str(rows[0][0])] = [[str(cell) for cell in row if cell is not None] for row in rows]
    cells = [cell for rows in sheets.values() for row in rows for cell in row]
    return "\n".join([page.read_text().replace("\u200b", ""), *cells]), sheets


def restrict(folder, child):
    """Restrict a child's record, with nobody named who may see it."""
    load(write(folder / "restricted", "restricted_record", [{"child_id": child, "restricted_from": "2020-01-01"}]))


@pytest.fixture
def aliases(tmp_path, monkeypatch):
    """The council's file with names of its own for three columns."""
    text = (councils.FOLDER / f"{COUNCIL}.yml").read_text()
    (tmp_path / "councils").mkdir()
    (tmp_path / "councils" / f"{COUNCIL}.yml").write_text(text + ALIASES)
    monkeypatch.setattr(councils, "FOLDER", tmp_path / "councils")
    councils.load.cache_clear()
    yield
    councils.load.cache_clear()


def renamed(folder):
    """Three referrals under the council's own headers, the first with a fault."""
    rows = referrals(3, cine_referral_worker_id="W7")
    rows[0] |= WRONG
    text = text_of(FEED, rows)
    for ours, theirs in (
        ("cine_person_id", "Client No"),
        ("cine_referral_id", "Ref No"),
        ("cine_referral_worker_id", "Social worker"),
    ):
        text = text.replace(ours, theirs)
    path = folder / f"{FEED}.csv"
    path.write_text(text)
    return path


def test_a_renamed_header_loses_nothing_of_whose_fault_it_is(aliases, tmp_path):
    """Also once the council's file has the names no more: the row is sealed under the specification's."""
    load(renamed(tmp_path))
    (fault,) = found()
    assert (fault.child_id, fault.record, fault.worker) == ("00001", "cine_referral_id R1", "W7")


def test_a_row_that_was_sealed_under_the_files_header_is_still_read(aliases, tmp_path):
    """By name, alias and pattern, as the file itself."""
    path = renamed(tmp_path)
    load(path)
    header, row, *_ = (line.split(",") for line in path.read_text().splitlines())
    with warehouse.connect() as connection:
        connection.execute("update ops.rejected_row set row_sealed = %s", (load_keys().seal(row, header),))
    (fault,) = found()
    assert (fault.child_id, fault.record, fault.worker) == ("00001", "cine_referral_id R1", "W7")


def annex_a(folder):
    """An Annex A list with a column of its own name, of a restricted child and another one, a key column at fault."""
    path = folder / "Annex A.xlsx"
    header = ["Child Identifier", "GENDER", "Ethnicity", "Child date of birth", "Age (at 31/3)"]
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("List 1")
        sheet.write_row(0, 0, [*header, "Date of the contact", "Contact source"])
        for row, (child, source) in enumerate([(" 00012 ", "a ufologist"), ("00013", "an astrologer")], 1):
            sheet.write_row(row, 0, [child, "F", "WBRI", 39219, 13.7, 44000, source])
    return path


def test_a_restricted_child_under_another_header_is_not_listed(tmp_path):
    """Nor is the other child's wrong value, in the report or in clear in the ledger; the row's number is told."""
    load(annex_a(tmp_path))
    restrict(tmp_path, "00012")
    text, _ = report()
    assert "00012" not in text
    assert "00013" in text
    assert "date_of_contact 2020-06-18, row 3" in text
    assert "1 faults not shown" in text
    assert not {"ufologist", "astrologer"} & set(text.split())
    keys = [key for (key,) in ask("select record_key from ops.rejected_row order by row_no")]
    assert len(set(keys)) == 2
    assert not any("ologist" in key or "astrologer" in key for key in keys)
    load(annex_a(tmp_path), as_at=APRIL)
    assert {fault.since for fault in found("annex_a_list_1", APRIL)} == {MARCH}


def test_a_row_of_another_width_shows_nothing_of_itself(tmp_path):
    """A name may stand in any of its columns."""
    lines = text_of(FEED, referrals(2)).splitlines()
    path = tmp_path / f"{FEED}.csv"
    path.write_text("\n".join([*lines, "Zebedee,Quillfeather,R3"]) + "\n")
    load(path)
    (fault,) = found()
    assert (fault.record, fault.child_id, fault.worker, fault.whose) == ("row 4", "", "", None)
    assert "Quillfeather" not in ask("select record_key from ops.rejected_row")[0][0]


def reviews(folder, plan="CP1"):
    """A plan of child 00077, and a review of it at fault, in a file that names no child."""
    header = [name for name in names("ssd_cp_reviews") if name != "cppr_person_id"]
    plans = [{"cppl_cp_plan_id": "CP1", "cppl_person_id": "00077", "cppl_cp_plan_start_date": "2026-01-01"}]
    review = {"cppr_cp_review_id": "REV1", "cppr_cp_plan_id": plan, "cppr_cp_review_date": "bad"}
    write(folder, "ssd_cp_plans", plans)
    write(folder, "ssd_cp_reviews", [review], header=header)
    load(folder)


def test_a_record_belongs_to_the_child_of_its_parent(tmp_path):
    """A review without a child is that of its plan's child, who is restricted."""
    reviews(tmp_path)
    assert "REV1" in report()[0]
    restrict(tmp_path, "00077")
    text, _ = report()
    assert "REV1" not in text
    assert "1 faults not shown" in text


def test_a_record_that_may_be_a_restricted_childs_is_not_listed(tmp_path):
    """Its plan is not known; another child is restricted. Without a restriction it is listed."""
    reviews(tmp_path, plan="CP9")
    assert "REV1" in report()[0]
    restrict(tmp_path, "00012")
    assert "REV1" not in report()[0]


def test_what_belongs_to_no_child_is_listed_whoever_is_restricted(tmp_path):
    """An absence of a worker; an audit's domain whose audit is of no child."""
    load(write(tmp_path, "staff_absence", [dict.fromkeys(names("staff_absence"), "bad") | {"worker_id": "W1"}]))
    restrict(tmp_path, "00012")
    assert [fault.whose for fault in found("staff_absence")][:1] == [frozenset()]
    assert "W1" in report()[0]


def test_the_report_goes_on_after_an_erasure(tmp_path):
    """The erased child's fault is gone from every day; the other child's stays."""
    rows = referrals(4)
    rows[1] |= WRONG
    rows[2] |= WRONG
    write(tmp_path, FEED, rows)
    write(tmp_path, "ssd_person", [PERSON | {"pers_person_id": f"{n:05d}"} for n in range(1, 5)])
    load(tmp_path)
    assert {"00002", "00003"} <= set(report()[0].replace("<", " ").replace(">", " ").split())
    erasure.erase(COUNCIL, "00002", "decision")
    text, _ = report()
    assert "00002" not in text
    assert "00003" in text


def test_a_seal_of_another_key_is_told_once(tmp_path, caplog):
    """The fault stays, without whose it is; the page says why."""
    rows = referrals(3)
    rows[0] |= WRONG
    rows[1] |= WRONG
    load(write(tmp_path, FEED, rows))
    with warehouse.connect() as connection:
        other = Fernet(Fernet.generate_key()).encrypt(json.dumps({"header": ["a"], "row": ["b"]}).encode())
        connection.execute("update ops.rejected_row set row_sealed = %s", (other,))
    text, _ = report()
    assert "2 faults of rows sealed under another key" in text
    assert [record.message for record in caplog.records if "another key" in record.message] == [
        "2 rows set aside were sealed under another key: whose they are cannot be told"
    ]
    assert {(fault.child_id, fault.record) for fault in found()} == {("", "row 2"), ("", "row 3")}


def test_a_record_that_is_no_longer_delivered_is_not_called_mended(tmp_path):
    """R1 is mended, R2 has another fault now, R3 comes no more; R4 was loaded with a warning and is mended."""
    rows = referrals(60)
    for at in (0, 1, 2):
        rows[at] |= WRONG
    rows[3] |= {"cine_referral_source_code": "QUILL"}
    rows[4] |= {"cine_referral_source_code": "QUILL"}
    load(write(tmp_path, FEED, rows))
    later = referrals(60)
    later[1] |= {"cine_referral_date": "QUILL"}
    load(write(tmp_path, FEED, [later[0], later[1], later[3], *later[5:]]), as_at=APRIL)
    _, sheets = report(APRIL, since=MARCH)
    listed = {
        title: [cell for row in rows for cell in row if cell.startswith("cine_referral_id ")]
        for title, rows in sheets.items()
    }
    mended = next(cells for title, cells in listed.items() if "Mended" in title)
    gone = next(cells for title, cells in listed.items() if "No longer delivered" in title)
    assert mended == ["cine_referral_id R1", "cine_referral_id R2", "cine_referral_id R4"]
    assert gone == ["cine_referral_id R3", "cine_referral_id R5"]


def test_record_keys_of_an_earlier_version_lose_wrong_values(tmp_path):
    """A key with a value that is none of its column is cleared by the upgrade; others stay."""
    load(annex_a(tmp_path))
    load(write(tmp_path, FEED, [REFERRAL, REFERRAL | WRONG | {"cine_referral_id": "R2"}]))
    with warehouse.connect() as connection:
        connection.execute("update ops.rejected_row set record_key = 'x\x1fa ufologist' where column_name ~ 'contact'")
        connection.execute("delete from ops.migration where name = 'records:told_keys'")
        assert migrate(connection) == ["records:told_keys"]
        assert migrate(connection) == []
    assert ask("select record_key from ops.rejected_row order by record_key") == [("?row 2",), ("?row 3",), ("R2",)]


def test_a_day_out_of_order_in_the_key_is_not_shown(tmp_path):
    """It is a wrong value as well, though the ledger may hold it."""
    row = {
        "child_unique_id": "00013",
        "assessment_start_date": "02/03/2026",
        "assessment_completion_date": "01/03/2026",
    }
    load(write(tmp_path, "annex_a_list_2", [row | {"organisation_completing_assessment": "LA"}]))
    shown = [fault for fault in found("annex_a_list_2", date(2026, 3, 31)) if fault.rule == "order"]
    assert all("2026-03-01" not in fault.record and "row 2" in fault.record for fault in shown)
    assert shown

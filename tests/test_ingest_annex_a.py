"""Ofsted's Annex A: eleven lists in one workbook or as text, by any header and spelling. All people are made up."""

from __future__ import annotations

import json
import re
from datetime import date
from functools import cache

import openpyxl
import pytest
import xlsxwriter
from conftest import SHARED
from ingest_sample import ask, faults, load, load_one

from ingest.column import Column
from ingest.spec import load_specs, normalise, read_spellings, squeeze
from ingest.workbook import EPOCH_1900

STANDARD, VARIANTS = SHARED / "specs" / "annex_a.json", SHARED / "specs" / "annex_a_variants.json"
WORKBOOK = SHARED / "data" / "annex_a" / "Annex_A_2024_Jan.xlsx"
AS_AT = date(2021, 3, 31)
LISTS = range(1, 12)
NO_CODE = {"zzCodeError", "LA of Placement"}
"""What the source maps to an error, and places that are no authority: those are faults here."""


@cache
def standard(number: int) -> list[dict]:
    """The stored standard's columns of a list; the test is skipped where it is not here."""
    if not STANDARD.is_file():
        pytest.skip(f"{STANDARD.name} is not here")
    return json.loads(STANDARD.read_text(encoding="utf-8"))["tables"][f"list_{number}"]["columns"]


def named(columns: tuple[Column, ...], header: str) -> str | None:
    """The column that a header stands for, by name, by another name, or by pattern."""
    for column in columns:
        if normalise(header) in {normalise(name) for name in (column.name, *column.aliases)}:
            return column.name
    return next((column.name for column in columns if column.pattern and re.search(column.pattern, header, re.I)), None)


@pytest.mark.parametrize("number", LISTS)
def test_every_header_of_the_standard_finds_its_column(number):
    """The canonical header and the workbook's, each its own column, in order."""
    columns = load_specs()[f"annex_a_list_{number}"].columns
    wanted = standard(number)
    assert len(columns) == len(wanted)
    for column, asked in zip(columns, wanted, strict=True):
        for header in {asked["name"], asked.get("workbook_header") or asked["name"]}:
            assert named(columns, header) == column.name
            assert named(columns, f" {header.upper()} ") == column.name


@pytest.mark.parametrize("number", LISTS)
def test_every_spelling_of_the_standard_is_a_code(number):
    """Each accepted spelling of each code is one of ours, but for those that the source itself calls errors."""
    wanted = standard(number)
    variants = json.loads(VARIANTS.read_text(encoding="utf-8"))
    for column, asked in zip(load_specs()[f"annex_a_list_{number}"].columns, wanted, strict=True):
        if asked["type"] != "category" or asked["variants_key"] in NO_CODE:
            continue
        ours = {squeeze(text) for code, others in column.spellings.items() for text in (code, *others)}
        for code in variants[asked["variants_key"]]:
            if code["code"] not in NO_CODE:
                names = code["name"] if isinstance(code["name"], list) else [code["name"]]
                missing = {squeeze(name) for name in names} - ours - {"nan", ""}
                assert not missing, (column.name, missing)


def test_spellings_keep_what_they_mean():
    """A child who declined an interview did not accept it; yes, no and unknown are Annex A's own words."""
    maps = read_spellings()
    assert "Offered and Declined (by YP)" in maps["annex_a_interview_offered"]["a) Yes"]
    assert "Offered and Declined (by YP)" in maps["annex_a_interview_accepted"]["b) No"]
    assert set(maps["annex_a_yes_no"]) == {"a) Yes", "b) No", "c) Unknown"}
    assert len({squeeze(code) for code in maps["annex_a_source"]}) == 11


def test_nothing_says_who_a_child_is():
    """Identifiers are pseudonyms; births, ages to the day, staff names, postcodes and adoptive families are private."""
    private = {"allocated_worker", "allocated_personal_advisor", "placement_postcode", "family_identifier"}
    for number in LISTS:
        spec = load_specs()[f"annex_a_list_{number}"]
        assert spec.columns[0].pseudonym == "child"
        for column in spec.columns:
            if column.name in private | {"age_of_child_years"}:
                assert column.private and not column.is_in_raw
            if column.name == "date_of_birth":
                assert (column.private, column.coarsen) == (True, "month")


def test_the_real_workbook_loads(db):
    """Each list is a delivery; each row is in force, a duplicate or set aside; odd values are blank, with a warning."""
    if not WORKBOOK.is_file():
        pytest.skip(f"{WORKBOOK.name} is not here")
    results = {result.feed: result for result in load(WORKBOOK, as_at=AS_AT)}
    book = openpyxl.load_workbook(WORKBOOK, data_only=True)
    assert set(results) == {f"annex_a_list_{number}" for number in LISTS}
    for number in LISTS:
        result = results[f"annex_a_list_{number}"]
        assert (result.state, result.sheet) == ("loaded", f"List {number}")
        assert result.rows_read == book[f"List {number}"].max_row - 1
        assert not faults(result.delivery_id), number
    warned = set(ask("select column_name, rule from ops.warning"))
    assert {
        ("primary_need_code", "code"),
        ("requires_la_childrens_social_care_support", "code"),
        ("la_of_placement", "code"),
        ("allocated_team", "error_cell"),
    } <= warned
    assert ask("select distinct ethnicity from raw.annex_a_list_1 order by 1") == [
        ("a) White",),
        ("c) Asian or Asian British",),
        ("f) Not stated",),
    ]


HEADERS = (
    "Child's ID",
    "GENDER",
    "Ethnicity",
    "Child date of birth",
    "Age (at 31/3)",
    "Contact date",
    "Contact source",
)
"""As a council may call them; two are found by pattern alone."""

ROWS = (
    ("00012", "F", "WBRI - British", 39219, 13.7, 44000, "‘police’."),
    ("13", "Male", "no such people", 39219, 13.7, 44000, "3d"),
    ("14", "Male", "WBRI", 39219, 13.7, 44000, "a ufologist"),
)


def workbook(path, sheet: str, headers=HEADERS) -> None:
    """Write a workbook of one list and a sheet of words."""
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("Notes").write_row(0, 0, ["Annex A", "of a made-up council"])
    page = book.add_worksheet(sheet)
    page.write_row(0, 0, headers)
    for number, values in enumerate(ROWS, 1):
        page.write_row(number, 0, values)
    book.close()


@pytest.mark.parametrize("sheet", ["List 1", "list_1", "LIST 1 - Contacts"])
def test_a_councils_own_headers_and_words(db, tmp_path, sheet):
    """Sheet names, headers by pattern, spellings, serial dates: in; an unknown word is blank, a key's sets aside."""
    workbook(tmp_path / "extract.xlsx", sheet, ("Child Identifier", *HEADERS[1:5], "Date of the contact", HEADERS[6]))
    result = load_one(tmp_path / "extract.xlsx", as_at=AS_AT)
    assert (result.feed, result.rows_inserted) == ("annex_a_list_1", 2)
    assert faults(result.delivery_id) == [(4, "contact_source", "code")]
    day = (EPOCH_1900.toordinal() + 44000 + 1) - 1
    rows = ask("select gender, ethnicity, date_of_contact, contact_source from raw.annex_a_list_1 order by row_no")
    assert rows == [
        ("b) Female", "a) White", date.fromordinal(day), "g) Police"),
        ("a) Male", None, date.fromordinal(day), "d) Health services"),
    ]
    assert ask("select row_no, column_name, rule from ops.warning") == [(3, "ethnicity", "code")]


def test_the_lists_load_as_text_too(db, tmp_path):
    """List 10's file is not taken for list 1's; days are day first."""
    names = [column.name for column in load_specs()["annex_a_list_10"].columns]
    values = {
        "child_unique_id": "00012",
        "gender": "F",
        "ethnicity": "WBRI",
        "does_the_child_have_a_disability": "No",
        "date_the_child_entered_care": "03/04/2019",
        "date_of_decision_child_should_be_placed_for_adoption": "04/05/2020",
        "family_identifier": "FAM1",
    }
    path = tmp_path / "list_10.csv"
    path.write_text(",".join(names) + "\n" + ",".join(values.get(name, "") for name in names) + "\n")
    result = load_one(path, as_at=AS_AT)
    assert (result.feed, result.rows_inserted) == ("annex_a_list_10", 1)
    assert ask("select date_the_child_entered_care::text from raw.annex_a_list_10") == [("2019-04-03",)]
    assert ask("select family_identifier from identity.annex_a_list_10") == [("FAM1",)]

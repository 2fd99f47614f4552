"""A value in a header's place is not shown in any note; a column's name is, as it stands."""

from __future__ import annotations

import pytest
import xlsxwriter
from ingest_sample import REFERRAL, load_one, names, referrals, text_of

from ingest.header_cells import letters

FEED = "ssd_cin_episodes"
pytestmark = pytest.mark.usefixtures("db")
EXTRA = f"columns not in the specification, ignored: {{}} (column {letters(len(names(FEED)) + 1)}, not shown)"


def with_columns(folder, *columns, name=f"{FEED}.csv"):
    """Two referrals with further columns: (header, first value, second value)."""
    lines = text_of(FEED, referrals(2)).splitlines()
    lines = [",".join([line, *(column[at] for column in columns)]) for at, line in enumerate(lines)]
    path = folder / name
    path.write_text("\n".join(lines) + "\n")
    return path


DAYS = ("2015-06-17", "17/06/2015", "17.6.15", "17 June 2015", "3rd Sep 2015", "seen 17/06/2015")
NUMBERS = ("12", "-4.5", "£120", "00012345", "N12 2026", "A1234567B", "07700 900123", "943 476 5919")
PLACES = ("z.quill@example.org", "EN5 4AB", "1 Made Up Road EN54AB")


@pytest.mark.parametrize("value", [*DAYS, *NUMBERS, *PLACES])
def test_what_looks_like_a_value_is_not_shown(tmp_path, value):
    """A day, a number, an e-mail address, a postcode; the column's letter is told instead."""
    result = load_one(with_columns(tmp_path, ("Local note", "x", "y"), (value, "x", "y")))
    assert result.notes == (EXTRA.format("Local note,"),)


@pytest.mark.parametrize("other", [0, 1])
def test_what_stands_in_the_first_rows_is_not_shown(tmp_path, other):
    """In its own column or in another one, whatever its case and blanks."""
    columns = [("Local note", "x", "y"), ("Zebedee  QUILLFEATHER", "x", "y")]
    header, first, _ = columns[other]
    columns[other] = (header, first, "zebedee quillfeather ")
    assert load_one(with_columns(tmp_path, *columns)).notes == (EXTRA.format("Local note,"),)


@pytest.mark.parametrize(
    "name",
    ["Age (at 31/3)", "Q1 total", "KS2 SATs", "Date 2", "Ward (2021)", "903 code", "Last 12 months", "Step 2 of 3"],
)
def test_names_of_columns_are_shown(tmp_path, name):
    """Also with a number in them."""
    result = load_one(with_columns(tmp_path, (name, "x", "y")))
    assert result.notes == (f"columns not in the specification, ignored: {name}",)


def test_a_value_over_a_known_column_is_not_shown(tmp_path):
    """A workbook whose column was recognised by its pattern, under a header that holds a day and a name."""
    path = tmp_path / "Annex A.xlsx"
    header = ["Child Unique ID", "Gender", "Ethnicity", "Date of birth", "Age of child (years)", "Date of contact"]
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("List 1")
        sheet.write_row(0, 0, [*header, "Contact source of Zebedee, 17/06/2015", "Zebedee"])
        sheet.write_row(1, 0, ["00012", "F", "WBRI", 39219, 13.7, 44000, "3D", "Zebedee"])
    result = load_one(path)
    assert "Zebedee" not in result.model_dump_json()
    assert "2015" not in result.model_dump_json()
    assert "column H, not shown" in " ".join(result.notes)


def test_a_refusal_names_no_value_either(tmp_path):
    """The nearest column present is like the missing one, and holds a day."""
    path = with_columns(tmp_path, ("Local", "x", "y"))
    path.write_text(path.read_text().replace("cine_referral_date", "cine_referral_date 2015-06-17", 1))
    result = load_one(path)
    assert (result.rule, "2015" in result.error) == ("missing_column", False)
    assert "nearest column present: (column C, not shown)" in result.error


def test_letters_of_columns():
    """As a spreadsheet counts."""
    assert [letters(at) for at in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


def test_a_file_that_breaks_off_is_refused_as_before(tmp_path):
    """Reading its first rows for the note's sake does not get in the way."""
    path = with_columns(tmp_path, ("Local note", "x", "y"))
    path.write_text(path.read_text() + f'"{REFERRAL["cine_referral_id"]}')
    assert load_one(path).state == "refused"

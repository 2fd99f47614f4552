"""Workbooks: the right sheet, dates of both epochs, numbers, formulas, hidden and merged cells. People are made up."""

from __future__ import annotations

import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter
from ingest_sample import ask, faults, in_force, load_one, names, referrals, write

from ingest.errors import RefusedFile
from ingest.land import land
from ingest.preface import NEVER_LOADED
from ingest.spec import normalise
from ingest.workbook import best_sheet, open_sheets

FEED = "ssd_cin_episodes"
WANTED = frozenset(map(normalise, names(FEED)))


def workbook(path, sheets, *, is_1904=False, change=None):
    """Write sheets (name -> rows of cells) as a workbook; `change` may do more to it."""
    with xlsxwriter.Workbook(path, {"date_1904": is_1904}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row_no, row in enumerate(rows):
                for at, cell in enumerate(row):
                    if isinstance(cell, datetime):
                        sheet.write_datetime(row_no, at, cell, time)
                    elif isinstance(cell, date):
                        sheet.write_datetime(row_no, at, cell, day)
                    else:
                        sheet.write(row_no, at, cell)
        if change:
            change(book)
    return path


def edit(path, part, old, new):
    """Replace text in a part of a workbook; the old text must be there."""
    with zipfile.ZipFile(path) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def opened(path, tmp_path):
    """Land a workbook and open it."""
    return best_sheet(open_sheets(land(path, tmp_path / "landing")), WANTED)


def refusal(path, tmp_path):
    """Return why a workbook is refused."""
    with pytest.raises(RefusedFile) as raised:
        opened(path, tmp_path)
    return raised.value


def cells(*values):
    """A header and one row of cells."""
    return [[f"c{at}" for at in range(len(values))], list(values)]


def read(path, tmp_path, *kinds):
    """Return the rows with their numbers."""
    chunks = list(opened(path, tmp_path).chunks(kinds))
    return [pair for chunk in chunks for pair in zip(chunk.row_nos, chunk.rows, strict=True)]


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("is_1904", [False, True])
def test_a_workbook_loads_as_its_csv_does(tmp_path, is_1904):
    """The same rows, as text, as dates of either epoch: the second delivery finds nothing changed."""
    rows = referrals(30, cine_close_date="2026-02-28")
    assert load_one(write(tmp_path / "csv", FEED, rows)).rows_inserted == 30
    header = names(FEED)
    body = [[row.get(name, "") for name in header] for row in rows]
    at = header.index("cine_referral_date")
    for row in body:
        row[at] = date.fromisoformat(row[at])
    path = workbook(tmp_path / f"{FEED}.xlsx", {"Notes": [["Sept"]], "Data": [header, *body]}, is_1904=is_1904)
    result = load_one(path, as_at=date(2026, 4, 30))
    assert (result.state, result.rows_unchanged, result.rows_closed) == ("loaded", 30, 0)
    assert (result.encoding, result.notes[0]) == ("xlsx", "read from the sheet 'Data'")
    assert in_force(FEED, "cine_referral_date")[0] == (date(2026, 1, 5),)


@pytest.mark.usefixtures("db")
def test_a_bad_row_names_its_sheet(tmp_path):
    """File, sheet, row and column."""
    rows = [{**row, "cine_referral_date": "05/01/2026"} for row in referrals(1)] + referrals(3)[1:]
    header = names(FEED)
    body = [[row.get(name, "") for name in header] for row in rows]
    result = load_one(workbook(tmp_path / f"{FEED}.xlsx", {"Data": [header, [""], *body]}))
    assert faults(result.delivery_id) == [(3, "cine_referral_date", "type")]
    assert ask("select distinct sheet from ops.rejected_row") == [("Data",)]


@pytest.mark.parametrize("is_1904", [False, True])
def test_dates_of_either_epoch(tmp_path, is_1904):
    """Dates, times and text come out as ISO text; a time is rounded to the second."""
    row = [date(2024, 2, 29), datetime(2026, 1, 5, 23, 59, 59, 999000), "2026-01-05", datetime(2026, 1, 5, 10, 30)]
    path = workbook(tmp_path / "a.xlsx", {"S": cells(*row)}, is_1904=is_1904)
    expected = ["2024-02-29", "2026-01-06T00:00:00", "2026-01-05", "2026-01-05T10:30:00"]
    assert read(path, tmp_path, "date", "timestamp", "date", "timestamp") == [(2, expected)]


@pytest.mark.parametrize(
    ("serial", "is_1904", "text"),
    [
        (44185, False, "2020-12-20"),
        (44185 - 1462, True, "2020-12-20"),
        (1, False, "1900-01-01"),
        (59, False, "1900-02-28"),
        (60, False, "60"),
        (61, False, "1900-03-01"),
        (-1, False, "-1"),
        (1e12, False, "1000000000000"),
        (44185.5, False, "2020-12-20T12:00:00"),
    ],
)
def test_serial_numbers_in_a_date_column(tmp_path, serial, is_1904, text):
    """A number without a format counts days; the day that never was (29 February 1900) stays a number."""
    path = workbook(tmp_path / "a.xlsx", {"S": cells(serial)}, is_1904=is_1904)
    assert read(path, tmp_path, "date") == [(2, [text])]


def test_numbers_and_flags(tmp_path):
    """Whole numbers have no fraction; text stays text; an identifier that lost digits shows it."""
    row = [12.0, "00123", 0.1 + 0.2, True, False, 12345678901234567, 1e-7, 7]
    path = workbook(tmp_path / "a.xlsx", {"S": cells(*row)})
    kinds = ["id", "id", "numeric", "flag", None, "id", "numeric", "int"]
    expected = ["12", "00123", "0.3", "Y", "FALSE", "1.23456789012346E+16", "0.0000001", "7"]
    assert read(path, tmp_path, *kinds) == [(2, expected)]


def test_the_sheet_that_fits(tmp_path):
    """The feed's own sheet is read wherever it stands; a hidden one where no visible one fits as well, and noted."""
    own = [names(FEED), ["R1"]]
    table = opened(workbook(tmp_path / "a.xlsx", {"Other": cells(1), "Mine": own}), tmp_path)
    assert (table.sheet, list(table.header)) == ("Mine", names(FEED))
    hide = lambda book: book.get_worksheet_by_name("Hidden").hide()  # noqa: E731
    table = opened(workbook(tmp_path / "b.xlsx", {"Front": cells(1), "Hidden": own}, change=hide), tmp_path)
    assert "the sheet is hidden" in table.notes
    assert opened(workbook(tmp_path / "c.xlsx", {"Z": own, "Hidden": own}, change=hide), tmp_path).sheet == "Z"
    assert refusal(workbook(tmp_path / "d.xlsx", {"A": own, "B": own}), tmp_path).rule == "two_sheets"


def test_hidden_rows_and_merged_cells_are_read_and_noted(tmp_path):
    """A filter hides rows, it does not remove them."""

    def change(book):
        book.worksheets()[0].set_row(1, None, None, {"hidden": True})
        book.worksheets()[0].merge_range("A3:B3", "both")

    path = workbook(tmp_path / "a.xlsx", {"S": [["c0", "c1"], ["x", "y"]]}, change=change)
    assert read(path, tmp_path) == [(2, ["x", "y"]), (3, ["both", ""])]
    assert len(opened(path, tmp_path).notes) == 3


def test_row_numbers_widths_and_blank_rows(tmp_path):
    """A table that starts lower and further right keeps the sheet's row numbers; a wider row is apart."""
    rows = [[], ["", "c0", "c1"], ["", "a", "b"], [], ["", "c", "d", "", "far"], ["", "e"]]
    chunk = next(opened(workbook(tmp_path / "a.xlsx", {"S": rows}), tmp_path).chunks())
    assert list(zip(chunk.row_nos, chunk.rows, strict=True)) == [(3, ["a", "b"]), (6, ["e", ""])]
    assert chunk.wrong == [(5, ["c", "d", "", "far"])]


def test_formulas(tmp_path):
    """The value saved with a formula is read; a formula without one, or an error, is refused with its cell."""

    def change(book):
        book.worksheets()[0].write_formula("B2", "=1+1", None, 77)

    path = workbook(tmp_path / "a.xlsx", {"S": [["c0", "c1"], ["x"]]}, change=change)
    assert read(path, tmp_path) == [(2, ["x", "77"])]
    sheet = "xl/worksheets/sheet1.xml"
    for bare in (b"", b"<v></v>", b"<v/>"):
        error = refusal(edit(path, sheet, b"<v>77</v>", bare), tmp_path)
        assert error.rule == "formula"
        assert "sheet S: cell B2" in str(error)
        change_back = edit(path, sheet, b"<f>1+1</f>" + bare, b"<f>1+1</f><v>77</v>")
        assert read(change_back, tmp_path) == [(2, ["x", "77"])]
    broken = edit(edit(path, sheet, b'<c r="B2"', b'<c r="B2" t="e"'), sheet, b"<v>77</v>", b"<v>#N/A</v>")
    (chunk,) = opened(broken, tmp_path).chunks()
    assert chunk.errors == {2: [1]}
    header = edit(broken, sheet, b'<c r="B2" t="e"', b'<c r="B1" t="e"')
    assert refusal(header, tmp_path).rule == "error_cell"


def test_a_workbook_without_rows_is_empty(tmp_path):
    """No sheet has a header."""
    assert refusal(workbook(tmp_path / "a.xlsx", {"S": []}), tmp_path).rule == "empty"


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    "above", [[["Referrals of Quillfeather's team"]], [["All teams"], []], [[" "], ["T", "U"], []]]
)
def test_a_title_above_a_certain_header_is_passed_over_and_noted(tmp_path, above):
    """Row numbers stay the sheet's, and no note repeats what stood there."""
    header, rows = names(FEED), referrals(3)
    rows[1]["cine_referral_date"] = "5 Jan"
    table = [header, *([row.get(name, "") for name in header] for row in rows)]
    result = load_one(workbook(tmp_path / "export.xlsx", {"Report": [*above, *table]}))
    assert (result.state, result.feed, result.rows_inserted) == ("loaded", FEED, 2)
    assert f"the header is row {len(above) + 1}: what stands above it was passed over" in result.notes
    assert "Quillfeather" not in result.model_dump_json()
    assert faults(result.delivery_id) == [(len(above) + 3, "cine_referral_date", "type")]


@pytest.mark.usefixtures("db")
def test_an_example_is_no_table_and_two_titles_are_no_title(tmp_path):
    """The template's own title means that the sheet is never loaded; below two rows of text no header is looked for."""
    header, rows = names(FEED), referrals(2)
    table = [header, *([row.get(name, "") for name in header] for row in rows)]
    result = load_one(workbook(tmp_path / "a.xlsx", {"Example": [[NEVER_LOADED], *table], "Mine": table[:2]}))
    assert (result.state, result.rows_inserted) == ("loaded", 1)
    assert load_one(workbook(tmp_path / "c.xlsx", {"Mine": [[" ", "\ufeff"]]})).rule == "empty"
    result = load_one(workbook(tmp_path / "b.xlsx", {"Mine": [["One"], ["Two"], *table]}))
    assert (result.state, result.rows_inserted) == ("refused", 0)

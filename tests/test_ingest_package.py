"""Workbooks whose parts lie in unusual places: looked through like others, or refused. All people are made up."""

from __future__ import annotations

import zipfile

import pytest
from ingest_sample import load, names, referrals, write
from measured import refusal
from test_ingest_hostile import SHEET, add, good
from test_ingest_workbook import edit, workbook

from ingest.errors import RefusedFile
from ingest.land import land
from ingest.package import MAX_SMALL_BYTES
from ingest.parts import open_parts
from ingest.spec import load_specs

FEED = "ssd_cin_episodes"
LINKS, TYPES, BOOK = "xl/_rels/workbook.xml.rels", "[Content_Types].xml", "xl/workbook.xml"
PLACES = {
    "xl/sheets/sheet1.xml": "sheets/sheet1.xml",
    "xl/Worksheets/Sheet1.XML": "worksheets/sheet1.xml",
    "XL/WORKSHEETS/SHEET1.XML": "/xl/worksheets/sheet1.xml",
    "data/table": "/data/table",
    "xl\\sheets\\one.xml": "sheets/one.xml",
    "xl/xl/one.xml": "xl/one.xml",
}


def moved(path, place, part=SHEET):
    """Move a part of a workbook to another place, and say so in its relationships and types."""
    with zipfile.ZipFile(path) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    target = PLACES.get(place, place[len("xl/") :]).encode()
    parts[LINKS] = parts[LINKS].replace(f'Target="{part.removeprefix("xl/")}"'.encode(), b'Target="%s"' % target)
    parts[TYPES] = parts[TYPES].replace(f"/{part}".encode(), f"/{place}".encode())
    parts[place] = parts.pop(part)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize("place", PLACES)
def test_a_sheet_elsewhere_is_read_and_looked_through(tmp_path, place):
    """Its rows, and what only its XML says."""
    hide = lambda book: book.worksheets()[0].set_row(1, None, None, {"hidden": True})  # noqa: E731
    header = names(FEED)
    rows = [[row.get(name, "") for name in header] for row in referrals(3)]
    path = moved(workbook(tmp_path / f"{FEED}.xlsx", {"Data": [header, *rows]}, change=hide), place)
    (part,) = open_parts(land(path, tmp_path / "landing"), load_specs())
    assert [len(chunk.rows) for chunk in part.chunks()] == [3]
    assert "1 hidden rows were read like the others" in part.notes


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (b'<c r="A4"', b'<c r="XFD1048000"', "size"),
        (b'<c r="A4"', b'<c r="A1048576"', "row_limit"),
        (b'<c r="A4"', b'<c r="B4"><f>1+1</f></c><c r="A4"', "formula"),
        (b'<c r="A1" t="s"><v>0<', b'<c r="A1" t="e"><v>#N/A<', "error_cell"),
        (b'<c r="A4"', b"<c", "format"),
    ],
    ids=["far cell", "full sheet", "formula", "error in the header", "no place"],
)
def test_a_sheet_elsewhere_is_guarded(tmp_path, place, old, new, rule):
    """Every check holds wherever the part lies, in whatever case."""
    path = moved(edit(good(tmp_path), SHEET, old, new), place)
    assert refusal(path, tmp_path).rule == rule


def test_very_many_rows_elsewhere_are_refused(tmp_path):
    """Cells scattered over a million rows take the memory of all of them."""
    rows = "".join(f'<row r="{row}"><c r="XFD{row}"><v>1</v></c></row>' for row in range(10, 1_000_000, 50_000))
    path = edit(good(tmp_path), SHEET, b"</sheetData>", rows.encode() + b"</sheetData>")
    assert refusal(moved(path, "xl/sheets/sheet1.xml"), tmp_path).rule == "size"


@pytest.mark.usefixtures("db")
def test_a_small_workbook_with_a_far_cell_stops_no_other_file(tmp_path):
    """Five kilobytes that would take gigabytes: refused, and the good file beside it loads."""
    path = edit(good(tmp_path, "audit.xlsx"), SHEET, b'<c r="A4"', b'<c r="XFD1048000"')
    moved(path, "xl/sheets/sheet1.xml")
    write(tmp_path, FEED, referrals(2))
    found = [(one.file_name, one.state, one.rule) for one in load(tmp_path)]
    assert found == [("audit.xlsx", "refused", "size"), (f"{FEED}.csv", "loaded", None)]


@pytest.mark.parametrize(("part", "place"), [("sharedStrings", "texts"), ("styles", "forms")])
def test_shared_texts_and_styles_elsewhere_are_refused(tmp_path, part, place):
    """The reader of the cells would not find them, or would take others for them."""
    path = moved(good(tmp_path), f"xl/{place}.xml", f"xl/{part}.xml")
    error = refusal(path, tmp_path)
    assert error.rule == "format"
    assert part in str(error)


@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/styles.xml", BOOK, LINKS])
def test_other_parts_in_another_case_are_read(tmp_path, part):
    """As the reader of the cells does."""
    path = moved(good(tmp_path), part.upper(), part)
    (read,) = open_parts(land(path, tmp_path / "landing"), load_specs())
    assert [len(chunk.rows) for chunk in read.chunks()] == [3]


SHEET_TAG = b'<sheet name="Data" sheetId="1" r:id="rId1"/>'
FAR = b'<worksheet><sheetData><row r="1"><c r="A1"/></row><row r="9"><c r="XFD1048000"/></row></sheetData></worksheet>'
KIND = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        (BOOK, SHEET_TAG, SHEET_TAG + b'<sheet name="Data" sheetId="2" r:id="rId9"/>'),
        (BOOK, b'r:id="rId1"', b'xmlns:x="y" x:id="rId9" r:id="rId1"'),
        (LINKS, b"</Relationships>", b'<Relationship Id="rId1" Target="other.xml"/></Relationships>'),
        (LINKS, b"worksheets/sheet1.xml", b"worksheets/../other.xml"),
        (LINKS, b"worksheets/sheet1.xml", b"other.xml?"),
        (LINKS, b"worksheets/sheet1.xml", b"nowhere.xml"),
    ],
    ids=["one name twice", "two ids", "one id twice", "a way round", "an escape", "nowhere"],
)
def test_what_could_be_read_in_two_ways_is_refused(tmp_path, part, old, new):
    """One reader would look through one part, the other take its cells from the other."""
    path = add(edit(good(tmp_path), part, old, new), "xl/other.xml", FAR)
    assert refusal(path, tmp_path).rule == "format"


def test_two_parts_whose_names_differ_in_case_are_refused(tmp_path):
    """Which one is the sheet depends on the reader."""
    assert refusal(add(good(tmp_path), "xl/worksheets/SHEET1.xml", FAR), tmp_path).rule == "format"


def test_macro_sheets_are_refused_wherever_they_lie(tmp_path):
    """By the kind of their relationship."""
    path = edit(good(tmp_path), LINKS, KIND + b"worksheet", b"http://schemas.microsoft.com/office/2006/xlMacrosheet")
    assert refusal(path, tmp_path).rule == "macro"


def test_an_endless_list_of_sheets_is_refused(tmp_path):
    """It is kept in memory: a text of little content that unpacks to much."""
    filler = b"<!--" + bytes(range(97, 123)) * (MAX_SMALL_BYTES // 26 + 1) + b"-->"
    path = edit(good(tmp_path), BOOK, b"<sheets>", filler + b"<sheets>")
    assert refusal(path, tmp_path).rule == "zip_bomb"


@pytest.mark.parametrize("name", ["Q1 & Q2", "Team's <list>", 'Zoë "x"'])
def test_a_sheet_may_have_any_name(tmp_path, name):
    """What XML must escape is no other name."""
    header = names(FEED)
    path = workbook(tmp_path / f"{FEED}.xlsx", {name: [header, ["R1"]]})
    try:
        (part,) = open_parts(land(path, tmp_path / "landing"), load_specs())
    except RefusedFile as error:
        pytest.fail(str(error))
    assert f"read from the sheet {name!r}" in part.notes

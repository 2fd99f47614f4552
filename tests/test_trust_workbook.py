"""Workbooks and Parquet files made to use up memory: refused in time, within memory. All people are made up."""

from __future__ import annotations

import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ingest_sample import names, referrals
from measured import refusal
from test_ingest_hostile import SHEET, good
from test_ingest_workbook import edit, workbook

from ingest.land import land
from ingest.parts import open_parts
from ingest.recognise import match_header, recognise
from ingest.spec import load_specs

FEED = "ssd_cin_episodes"
LONG = 30_000
CELLS = 200_000


def repeated(path, length, cells):
    """Write a workbook in which so many cells share one text."""
    header = names(FEED)
    rows = [[row.get(name, "") for name in header] for row in referrals(2)]
    book = workbook(path, {"Data": [header, *rows]})
    width = len(header)
    letters = [chr(65 + at) for at in range(width)]
    with zipfile.ZipFile(book) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    texts = parts["xl/sharedStrings.xml"]
    number = texts.count(b"<si>")
    parts["xl/sharedStrings.xml"] = texts.replace(b"</sst>", b"<si><t>" + b"ab" * (length // 2) + b"</t></si></sst>")
    rows = "".join(
        f'<row r="{row}">' + "".join(f'<c r="{letter}{row}" t="s"><v>{number}</v></c>' for letter in letters) + "</row>"
        for row in range(10, 10 + cells // width)
    )
    parts[SHEET] = parts[SHEET].replace(b"</sheetData>", rows.encode() + b"</sheetData>")
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return book


def test_a_text_that_very_many_cells_share_is_refused(tmp_path):
    """200,000 cells of 30,000 characters are six gigabytes once each has its own."""
    error = refusal(repeated(tmp_path / f"{FEED}.xlsx", LONG, CELLS), tmp_path)
    assert error.rule == "zip_bomb"
    assert "shared texts" in str(error)


def test_a_text_that_many_cells_share_is_read(tmp_path):
    """A code that stands in every row is no attack."""
    (part,) = open_parts(land(repeated(tmp_path / f"{FEED}.xlsx", 40, 20_000), tmp_path / "landing"), load_specs())
    width = len(names(FEED))
    assert sum(len(chunk.rows) for chunk in part.chunks()) == 20_000 // width + 2


def test_one_part_under_many_names_is_refused(tmp_path):
    """A hundred sheets that are one part would be read a hundred times."""
    sheet = b'<sheet name="Data" sheetId="1" r:id="rId1"/>'
    more = sheet + b"".join(b'<sheet name="D%d" sheetId="%d" r:id="rId1"/>' % (at, at + 2) for at in range(100))
    error = refusal(edit(good(tmp_path), "xl/workbook.xml", sheet, more), tmp_path)
    assert error.rule == "zip_bomb"


def long_text(path):
    """One text of a megabyte, named by half a million rows: 50 kB in the file."""
    texts = pa.DictionaryArray.from_arrays(pa.array([0] * 500_000, pa.int32()), pa.array(["x" * 1_000_000]))
    columns = {name: pa.array([f"{at}" for at in range(500_000)]) for name in names(FEED)[:1]}
    pq.write_table(pa.table(columns | dict.fromkeys(names(FEED)[1:3], texts)), path)


def many_rows(path):
    """Fifty million rows of one number."""
    pq.write_table(pa.table({names(FEED)[0]: pa.array([1] * 50_000_000, pa.int8())}), path, row_group_size=50_000_000)


def packed(path):
    """Sixty megabytes of one letter."""
    pq.write_table(pa.table({names(FEED)[0]: ["y" * 60_000_000]}), path, compression="zstd")


@pytest.mark.parametrize(("make", "rule"), [(many_rows, "zip_bomb"), (packed, "zip_bomb")])
def test_a_parquet_file_of_absurd_ratio_is_refused(tmp_path, make, rule):
    """What the file says that it unpacks to is out of all proportion."""
    make(tmp_path / f"{FEED}.parquet")
    assert refusal(tmp_path / f"{FEED}.parquet", tmp_path).rule == rule


def test_a_long_text_that_every_row_names_is_refused_before_it_is_copied(tmp_path):
    """Rows are measured while they still share the text."""
    long_text(tmp_path / f"{FEED}.parquet")
    error = refusal(tmp_path / f"{FEED}.parquet", tmp_path)
    assert (error.rule, error.row, error.column) == ("size", 2, names(FEED)[1])


def test_days_beyond_the_calendar_are_faults_of_their_rows(tmp_path):
    """A Parquet file may hold the year 10183; Python may not."""
    columns = {name: pa.array([row.get(name, "") for row in referrals(2)]) for name in names(FEED)}
    columns["cine_referral_date"] = pa.array([3_000_000, 20_000], pa.int32()).cast(pa.date32())
    pq.write_table(pa.table(columns), tmp_path / f"{FEED}.parquet")
    (part,) = open_parts(land(tmp_path / f"{FEED}.parquet", tmp_path / "landing"), load_specs())
    spec = recognise(part, load_specs())
    match_header(part, spec, load_specs())
    (chunk,) = part.chunks()
    at = names(FEED).index("cine_referral_date")
    assert [row[at] for row in chunk.rows] == ["10183-09-21", "2024-10-04"]

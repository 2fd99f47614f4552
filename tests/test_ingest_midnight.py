"""Midnight in a workbook: a day and its midnight are one number there, the format tells. All people are made up."""

from __future__ import annotations

import re
import zipfile
from datetime import date, datetime
from xml.sax.saxutils import quoteattr

import pytest
import xlsxwriter
from ingest_sample import ask, faults, load, load_one, names, write
from test_ingest_workbook import edit, read, workbook

from ingest.clock_format import Formats

FEED = "ssd_missing"
START, END = "miss_missing_episode_start_date", "miss_missing_episode_end_date"
MIDNIGHT = datetime(2025, 2, 28)
EPISODE = {"miss_table_id": "M1", "miss_person_id": "00012", START: "2025-02-28T00:00:00", END: "2025-03-01T06:30:00"}


def episodes():
    """Two episodes: the first begins, the second ends at midnight."""
    second = {"miss_table_id": "M2", START: "2025-02-27T23:59:00", END: "2025-02-28T00:00:00"}
    return [EPISODE, EPISODE | second]


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("is_1904", [False, True])
def test_a_workbook_with_midnights_loads_as_its_csv_does(tmp_path, is_1904):
    """Of either epoch: the second delivery finds nothing changed."""
    assert load_one(write(tmp_path / "csv", FEED, episodes())).rows_inserted == 2
    header = names(FEED)
    body = [[row.get(name, "") for name in header] for row in episodes()]
    for row in body:
        for at in (header.index(START), header.index(END)):
            row[at] = datetime.fromisoformat(row[at])
    path = workbook(tmp_path / f"{FEED}.xlsx", {"Data": [header, *body]}, is_1904=is_1904)
    result = load_one(path, as_at=date(2026, 4, 30))
    assert (result.state, result.rows_unchanged, result.rows_rejected) == ("loaded", 2, 0)


@pytest.mark.parametrize("is_1904", [False, True])
@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("dd/mm/yyyy hh:mm", "2025-02-28T00:00:00"),
        ("m/d/yy h:mm", "2025-02-28T00:00:00"),
        ('d mmmm yyyy "at" h AM/PM', "2025-02-28T00:00:00"),
        (22, "2025-02-28T00:00:00"),
        ("yyyy-mm-dd", "2025-02-28"),
        ('dd/mm/yyyy "hours"', "2025-02-28"),
        ("[$-809]dddd d mmmm yyyy", "2025-02-28"),
        (14, "2025-02-28"),
        ("General", "2025-02-28"),
    ],
)
def test_the_format_tells_a_day_from_its_midnight(tmp_path, form, text, is_1904):
    """A day alone stays one: nothing is guessed."""
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": is_1904}) as book:
        sheet = book.add_worksheet("S")
        sheet.write_row(0, 0, ["c0"])
        sheet.write_datetime(1, 0, MIDNIGHT, book.add_format({"num_format": form}))
    assert read(path, tmp_path, "timestamp") == [(2, [text])]
    assert read(path, tmp_path, "date") == [(2, ["2025-02-28"])]


def test_a_column_with_both_formats_guesses_nothing(tmp_path):
    """Some cells show a day alone: which of the whole days are midnights cannot be told."""
    rows = [["c0", "c1"], [MIDNIGHT, MIDNIGHT], [date(2025, 3, 1), datetime(2025, 3, 1, 12)]]
    found = read(workbook(tmp_path / "a.xlsx", {"S": rows}), tmp_path, "timestamp", "timestamp")
    expected = [(2, ["2025-02-28", "2025-02-28T00:00:00"]), (3, ["2025-03-01", "2025-03-01T12:00:00"])]
    assert found == expected


@pytest.mark.usefixtures("db")
def test_a_column_of_days_alone_is_still_rejected(tmp_path):
    """A duration of hours cannot be counted from it."""
    header = names(FEED)
    row = [EPISODE.get(name, "") for name in header]
    row[header.index(START)] = date(2025, 2, 28)
    result = load_one(workbook(tmp_path / f"{FEED}.xlsx", {"Data": [header, row]}))
    assert faults(result.delivery_id) == [(2, START, "type")]


@pytest.mark.usefixtures("db")
def test_a_table_that_begins_further_right(tmp_path):
    """Formats and errors are those of its own columns."""
    header = names(FEED)
    body = [[row.get(name, "") for name in header] for row in episodes()]
    body[0][header.index(START)] = MIDNIGHT
    path = workbook(tmp_path / f"{FEED}.xlsx", {"Data": [["", "", *row] for row in [header, *body]]})
    load(path)
    assert ask(f"select {START}::text from raw.{FEED} order by row_key limit 1") == [("2025-02-28 00:00:00",)]
    cell = chr(ord("C") + header.index(END))
    sheet = "xl/worksheets/sheet1.xml"
    old, new = rf'<c r="{cell}3" t="s"><v>\d+</v>', f'<c r="{cell}3" t="e"><v>#N/A</v>'
    with zipfile.ZipFile(path) as archive:
        xml = archive.read(sheet).decode()
    edit(path, sheet, xml.encode(), re.sub(old, new, xml).encode())
    result = load_one(path, as_at=date(2026, 4, 30))
    found = [*faults(result.delivery_id), *ask("select row_no, column_name, rule from ops.warning")]
    assert found == [(3, END, "error_cell")]


def test_formats_are_told_by_their_codes():
    """Text, colours, places and hours beyond a day are no time of day; more than can be meant are not kept."""
    codes = ["h:mm", "yyyy", '"hours" 0', "[h]:mm", r"\h0", "[Red]0;[s]0", "dd/mm/yy hh", "General"]
    forms = "".join(f'<numFmt numFmtId="{at}" formatCode={quoteattr(code)}/>' for at, code in enumerate(codes, 170))
    used = "".join(f'<xf numFmtId="{at}"/>' for at in range(170, 170 + len(codes)))
    formats = Formats()
    formats.read([f'<x:styles xmlns:x="y">{forms}<x:cellXfs>{used}'.encode(), b"</x:cellXfs></x:styles>"])
    assert formats.clocks == {b"0", b"6"}
    assert formats.days == {b"1", b"3"}
    formats = Formats()
    formats.read([b"<s><cellXfs>" + b'<xf numFmtId="22"/>' * 200_000 + b"</cellXfs></s>"])
    assert len(formats.clocks) <= 100_001

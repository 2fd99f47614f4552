"""Hostile files: each is refused at once, with a reason, and nothing of it is loaded."""

from __future__ import annotations

import os
import struct
import zipfile

import pytest
from ingest_sample import ask, load, names, referrals, text_of, write
from measured import refusal
from test_ingest_workbook import edit, workbook

FEED = "ssd_cin_episodes"
SHEET = "xl/worksheets/sheet1.xml"


def good(tmp_path, name=f"{FEED}.xlsx"):
    """Write a workbook that would load."""
    header = names(FEED)
    rows = [[row.get(name, "") for name in header] for row in referrals(3)]
    return workbook(tmp_path / name, {"Data": [header, *rows]})


def add(path, name, content):
    """Add a part to a workbook."""
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return path


def test_a_zip_bomb_is_refused(tmp_path):
    """A part that unpacks to a thousand times its size, wherever it stands."""
    path = add(good(tmp_path), "xl/media/image1.png", b"\0" * (64 << 20))
    assert refusal(path, tmp_path).rule == "zip_bomb"


def test_a_zip_bomb_that_lies_about_its_size_is_refused(tmp_path):
    """The size that the archive claims is not believed."""
    path = add(good(tmp_path), "xl/media/image1.png", b"\0" * (32 << 20))
    content = path.read_bytes()
    path.write_bytes(content.replace(struct.pack("<I", 32 << 20), struct.pack("<I", 1000)))
    assert refusal(path, tmp_path).rule == "zip_bomb"


def test_a_zip_of_very_many_parts_is_refused(tmp_path):
    """Each part costs time, however small."""
    path = good(tmp_path)
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(2_000):
            archive.writestr(f"xl/media/{number}", b"")
    assert refusal(path, tmp_path).rule == "zip_bomb"


@pytest.mark.parametrize("name", ["../../evil.xml", "/etc/evil.xml", "xl\\..\\..\\evil.xml", "C:/evil.xml"])
def test_a_zip_slip_is_refused(tmp_path, name):
    """A part's name never leads out of the archive, although none is ever unpacked to disk."""
    assert refusal(add(good(tmp_path), name, b"x"), tmp_path).rule == "zip_slip"


@pytest.mark.parametrize("last_row", [65_536, 1_048_576])
def test_a_full_sheet_is_refused(tmp_path, last_row):
    """A sheet that reaches the very limit of its format was cut there."""
    path = edit(good(tmp_path), SHEET, b'<c r="A4"', f'<c r="A{last_row}"'.encode())
    error = refusal(path, tmp_path)
    assert (error.rule, error.row) == ("row_limit", last_row)
    assert "sheet Data" in str(error)


def test_a_sheet_that_reaches_far_with_little_in_it_is_refused(tmp_path):
    """Two cells at the corners would take gigabytes of blank ones."""
    path = edit(good(tmp_path), SHEET, b'<c r="A4"', b'<c r="XFD1048000"')
    assert refusal(path, tmp_path).rule == "size"


def test_macros_are_refused(tmp_path):
    """Also under the name .xlsx, and also where only the kind of workbook says so."""
    assert refusal(add(good(tmp_path), "xl/vbaProject.bin", b"x"), tmp_path).rule == "macro"
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    macro = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    path = edit(good(tmp_path, "a.xlsm"), "[Content_Types].xml", kind, macro)
    assert refusal(path, tmp_path).rule == "macro"


def test_entities_in_a_workbook_are_refused(tmp_path):
    """No part declares a document type."""
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;">]><sst '
    path = edit(good(tmp_path), "xl/sharedStrings.xml", b"<sst ", bomb)
    assert refusal(path, tmp_path).rule == "entities"


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "password"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "format"),
        (b"<html><table><tr><td>cine_referral_id</td></tr></table></html>", "format"),
        (b"\xef\xbb\xbf  <!DOCTYPE html>", "format"),
        (b"PK\x03\x04 cut short", "format"),
        (b"%PDF-1.7", "format"),
    ],
    ids=["password", "xls", "html", "html-with-mark", "cut-zip", "pdf"],
)
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_other_formats_are_known_by_their_first_bytes(tmp_path, content, rule, ending):
    """Whatever the name says."""
    path = tmp_path / f"{FEED}.{ending}"
    path.write_bytes(content)
    assert refusal(path, tmp_path).rule == rule


def test_a_zip_that_is_no_workbook_is_refused(tmp_path):
    """A document, or an archive of extracts."""
    path = tmp_path / f"{FEED}.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("extract.csv", "a,b\n")
    assert refusal(path, tmp_path).rule == "format"


def test_an_entity_bomb_named_csv_is_refused(tmp_path):
    """Nothing expands it."""
    lines = ['<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol">']
    lines += [f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, 10)]
    path = tmp_path / f"{FEED}.csv"
    path.write_text("".join(lines) + "]><lolz>&a9;</lolz>")
    assert refusal(path, tmp_path).rule == "doctype"


def test_a_nul_is_refused(tmp_path):
    """In the middle of a text file."""
    path = tmp_path / f"{FEED}.csv"
    path.write_text(text_of(FEED, referrals(2)).replace("N1", "N\0", 1))
    assert refusal(path, tmp_path).rule == "nul"


@pytest.mark.usefixtures("db")
def test_links_pipes_and_names_with_tricks_in_a_drop_folder(tmp_path):
    """Links and pipes are never opened, a line break in a name never breaks a message, a good file still loads."""
    folder, outside = tmp_path / "drop", write(tmp_path / "outside", FEED, referrals(2))
    write(folder, FEED, referrals(2))
    (folder / "audit.csv").symlink_to(outside)
    os.mkfifo(folder / "feedback.csv")
    (folder / "staff_post\r\nloaded: all good.csv").write_text("nonsense\n")
    (folder / "..%2f..%2fescalation.csv").write_text("nonsense\n")
    results = {result.feed or result.rule: result for result in load(folder)}
    assert results[FEED].state == "loaded"
    assert results["not_a_file"].state == "refused"
    assert all("\n" not in (result.error or "") + result.file_name for result in results.values())
    assert ask("select count(*) from ops.delivery where state = 'loaded'") == [(1,)]
    landing = [path for path in tmp_path.rglob("*.csv") if path.name == "escalation.csv"]
    assert not landing


@pytest.mark.usefixtures("db")
def test_a_hostile_workbook_stops_no_other_file(tmp_path):
    """It is refused by name in the ledger; the next file loads."""
    add(good(tmp_path, "audit.xlsx"), "../x", b"x")
    write(tmp_path, FEED, referrals(2))
    assert [(one.file_name, one.state, one.rule) for one in load(tmp_path)] == [
        ("audit.xlsx", "refused", "zip_slip"),
        (f"{FEED}.csv", "loaded", None),
    ]

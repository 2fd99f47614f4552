"""Formulas and markup in an extract go the whole way, from CSV through the warehouse to every report, harmlessly."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date

import openpyxl
import pytest
from conftest import use_database
from ingest_sample import promise

from ingest.load import ingest
from publish import assemble, html, spec, tidy, xlsx
from publish.release import latest_periods
from sightline import warehouse
from sightline.build import build
from sightline.councils import load
from sightline.periods import Period
from sightline.quality import write_quality
from synthetic import generate

AS_AT = date(2026, 9, 30)
COUNCIL = "barnet"
FORMULA = '=HYPERLINK("http://x.example","Zq{}")'
COMMAND = "+cmd|' /C calc Zq{}'!A0"
MARKUP = "<script>alert('Zq{}')</script>"
HOSTILE = (FORMULA, MARKUP, COMMAND)
TEXTS = {
    "ssd_department": ("dept_team_name",),
    "ssd_professionals": ("prof_professional_name", "prof_professional_job_title"),
    "audit": ("summary", "theme"),
    "feedback": ("comment",),
    "ssd_early_help_episodes": ("earl_episode_organisation", "earl_episode_reason"),
    "ssd_cla_placement": ("clap_cla_placement_change_reason",),
}
NUMBER = re.compile(r"-?[\d.,]+%?")


def hostile(number: int) -> str:
    """One of the three strings, with a number that makes it its own."""
    return HOSTILE[number % 3].format(number)


def spoil(folder) -> None:
    """Put the strings into the texts, and in the place of every worker's identifier wherever it stands."""
    with (folder / "ssd_professionals.csv").open(newline="") as file:
        workers = {row["prof_professional_id"] for row in csv.DictReader(file)}
    names = {worker: hostile(number) for number, worker in enumerate(sorted(workers))}
    for path in sorted(folder.glob("*.csv")):
        with path.open(newline="") as file:
            header, *rows = csv.reader(file)
        places = [header.index(name) for name in TEXTS.get(path.stem, ()) if name in header]
        for number, row in enumerate(rows):
            row[:] = [
                hostile(number) if at in places and cell else names.get(cell, cell) for at, cell in enumerate(row)
            ]
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([header, *rows])
    promise(folder, AS_AT)


@pytest.fixture(scope="module")
def documents(home, tmp_path_factory):
    """Every document of every report of a small made-up council so spoilt, and the data-quality report's files."""
    before = use_database(None)
    use_database(warehouse.create_database("injection"))
    folder = tmp_path_factory.mktemp("injection")
    generate(folder, COUNCIL, 60, 2, 7, AS_AT)
    spoil(folder)
    results = ingest([folder], COUNCIL, AS_AT)
    assert {result.state for result in results} == {"loaded"}, [result.error for result in results if result.error]
    build(COUNCIL, AS_AT)
    found = []
    with warehouse.connect() as connection:
        for report in spec.reports().values():
            period = Period.parse(latest_periods(AS_AT)[report.cadence])
            material = assemble.read(connection, report, load(COUNCIL), period, AS_AT, True)
            found += [assemble.document(connection, material, unit) for unit in assemble.units(material)]
        connection.rollback()
    quality = [written.path.read_bytes() for written in write_quality(COUNCIL, AS_AT)]
    use_database(before)
    return found, quality


def check_page(page: bytes) -> bool:
    """Whether one of the strings is in a page; none of them is markup there."""
    text = page.decode()
    assert "<script>alert" not in text
    assert not re.search(r"""<[^>]*(?:href|src|on\w+)\s*=\s*["']?[^"'>]*Zq""", text)
    return "&lt;script&gt;alert" in text


def check_book(content: bytes) -> bool:
    """Whether one of the strings is in a workbook; there is no formula and no link to anywhere in it."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in package.namelist():
            if name.startswith("xl/worksheets/"):
                part = package.read(name)
                assert not re.search(rb"<f[ >]", part), name
                assert b"x.example" not in part, name
    cells = [cell for sheet in openpyxl.load_workbook(io.BytesIO(content)) for row in sheet.iter_rows() for cell in row]
    spoilt = [cell for cell in cells if isinstance(cell.value, str) and "Zq" in cell.value]
    assert {cell.data_type for cell in spoilt} <= {"s"}
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "b"}
    return any(cell.value.startswith("=") for cell in spoilt)


def check_csv(content: bytes) -> None:
    """No cell of a CSV file begins a formula."""
    cells = [cell for row in csv.reader(io.StringIO(content.decode())) for cell in row]
    assert not [cell for cell in cells if cell[:1] in set("=+-@\t\r\n") and not NUMBER.fullmatch(cell)]


def test_no_formula_and_no_markup_travels_into_a_report(documents):
    """Names of teams, identifiers and names of workers, texts of audits: text in pages, workbooks and CSV files."""
    found, (page, book) = documents
    pages = [check_page(html.render(document)) for document in found]
    books = [check_book(xlsx.render(document)) for document in found]
    assert any(pages)
    assert any(books)
    check_page(page)
    check_book(book)
    files = [file for document in found for file in document.files]
    assert files
    for file in files:
        check_csv(file.content)


def test_a_text_in_a_csv_file_begins_no_formula():
    """Whatever text comes into a tidy file; numbers below zero stay numbers."""
    content = tidy._csv(["a", "b"], [{"a": FORMULA.format(1), "b": "-1.5"}, {"a": "@x", "b": "c"}])
    check_csv(content)
    assert list(csv.reader(io.StringIO(content.decode()))) == [
        ["a", "b"],
        ["'" + FORMULA.format(1), "-1.5"],
        ["'@x", "c"],
    ]

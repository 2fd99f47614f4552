"""Template workbooks: filled in, they load. The people are made up."""

from __future__ import annotations

import shutil
import zipfile
from datetime import datetime

import openpyxl
import pytest
from ingest_sample import ask, load_one
from typer.testing import CliRunner

from ingest.preface import NEVER_LOADED
from ingest.spec import load_specs
from ingest.templates import NO_NATIONAL_FILE, example_row, write_templates
from sightline.cli import app

FEEDS = [spec.feed for spec in load_specs().values() if spec.source == NO_NATIONAL_FILE]


@pytest.fixture(scope="module")
def templates(tmp_path_factory):
    """Every template."""
    folder = tmp_path_factory.mktemp("templates")
    write_templates(folder)
    return folder


def filled(path, feed, folder):
    """Fill a template's first sheet with the example row, typed as a person's spreadsheet would hold it."""
    folder.mkdir(exist_ok=True)
    copy = folder / path.name
    shutil.copy(path, copy)
    book = openpyxl.load_workbook(copy)
    spec = load_specs()[feed]
    for at, column in enumerate(spec.columns, 1):
        value = example_row(spec)[column.name]
        if column.type in ("date", "timestamp"):
            value = datetime.fromisoformat(value)
        elif column.type in ("int", "numeric"):
            value = float(value)
        book[feed].cell(2, at, value)
    book.save(copy)
    return copy


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("feed", FEEDS)
def test_a_filled_template_loads(templates, tmp_path, feed):
    """The row in the first sheet, and not the example beside it."""
    result = load_one(filled(templates / f"{feed}.xlsx", feed, tmp_path / "in"))
    assert (result.state, result.feed, result.rows_read, result.rows_inserted) == ("loaded", feed, 1, 1)
    assert ask(f"select row_no from raw.{feed}") == [(2,)]


@pytest.mark.parametrize("feed", FEEDS)
def test_every_column_has_its_note(feed):
    """Who fills in a template is told what each column means."""
    assert [column.name for column in load_specs()[feed].columns if not column.note] == []


@pytest.mark.usefixtures("db")
def test_an_empty_template_is_not_a_delivery(templates, tmp_path):
    """The example is never loaded."""
    shutil.copy(templates / "team_link.xlsx", tmp_path)
    assert load_one(tmp_path / "team_link.xlsx").rule == "empty"


def test_templates_offer_codes_and_say_what_is_made_up(templates):
    """A drop-down for each code list and flag, notes for each column, a title over the example, no macros."""
    spec = load_specs()["referral_decision"]
    book = openpyxl.load_workbook(templates / "referral_decision.xlsx")
    assert book.sheetnames == ["referral_decision", "Notes", "Example", "Codes"]
    lists = [one for one in book["referral_decision"].data_validations.dataValidation if one.type == "list"]
    assert len(lists) == 1
    assert [cell.value for cell in book["Codes"]["C"]] == ["decision", *spec.column("decision").codes]
    assert book["Example"]["A1"].value == NEVER_LOADED
    assert [row[0].value for row in book["Notes"].iter_rows(min_row=6)] == [column.name for column in spec.columns]
    told = [[cell.value for cell in row[:2]] for row in book["Notes"].iter_rows(min_row=6)]
    assert told == [[column.name, column.note] for column in spec.columns]
    for path in templates.iterdir():
        assert not any("vba" in name.casefold() for name in zipfile.ZipFile(path).namelist())


def test_the_command_writes_them(tmp_path):
    """One workbook for each feed without a national file."""
    result = CliRunner().invoke(app, ["templates", str(tmp_path / "new")])
    assert result.exit_code == 0
    assert sorted(path.stem for path in (tmp_path / "new").iterdir()) == sorted(FEEDS)


def test_notes_say_how_far_a_number_goes(templates):
    """What the check refuses is told before the sheet is filled in."""
    notes = openpyxl.load_workbook(templates / "staff_survey.xlsx")["Notes"]
    holds = {row[0].value: row[2].value for row in notes.iter_rows(min_row=6)}
    assert holds["score"] == "a whole number from 1 to 5"

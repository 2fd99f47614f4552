"""The data dictionary describes what stands, all of it and nothing else; its page and workbook open anywhere."""

from __future__ import annotations

import dataclasses
import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from conftest import use_database
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from ingest.spec import load_specs
from publish import dictionary as written
from sightline import cli_dictionary
from sightline import settings as settings_module
from sightline.dictionary import gather
from sightline.dictionary_model import Dictionary

STANDING = """
select table_schema, table_name, count(*) from information_schema.columns
where table_schema in ('marts', 'staging', 'intermediate', 'reference') group by 1, 2
"""


@pytest.fixture(scope="module")
def found(built) -> Iterator[Dictionary]:
    """The dictionary of the built warehouse."""
    before = use_database(built.url)
    yield gather()
    use_database(before)


@pytest.fixture(scope="module")
def page(found) -> str:
    return written.page(found).decode("utf-8")


def changed(found: Dictionary, name: str, **changes) -> Dictionary:
    """The dictionary with one table changed."""
    tables = tuple(dataclasses.replace(one, **changes) if one.name == name else one for one in found.tables)
    return dataclasses.replace(found, tables=tables)


def test_nothing_is_left_undescribed_and_nothing_described_is_missing(found):
    """Drift: a column, table, feed, indicator or clock without its description, staging model or rule line."""
    assert list(found.faults()) == []


def test_every_standing_table_has_every_column(found, built):
    with built.connect() as connection:
        standing = {(layer, name): columns for layer, name, columns in connection.execute(STANDING)}
    listed = {(table.layer, table.name): len(table.columns) for table in found.tables}
    assert {place: listed.get(place) for place in standing} == standing
    assert found.is_from_database


def test_an_undescribed_column_is_a_fault(found):
    mart = next(table for table in found.tables if table.name == "fct_duty")
    blank = (dataclasses.replace(mart.columns[0], description=""), *mart.columns[1:])
    assert list(changed(found, "fct_duty", columns=blank).faults()) == [
        f"fct_duty.{mart.columns[0].name} is not described"
    ]


def test_a_described_column_that_no_table_has_is_a_fault(found):
    mart = next(table for table in found.tables if table.name == "fct_duty")
    ghost = dataclasses.replace(mart.columns[0], name="ghost", type="")
    faults = list(changed(found, "fct_duty", columns=(*mart.columns, ghost)).faults())
    assert faults == ["fct_duty.ghost is described, but the table has no such column"]


def test_an_indicator_without_a_rule_line_and_a_feed_without_a_model_are_faults(found):
    lost = dataclasses.replace(next(one for one in found.indicators if one.id == "ASM-03"), rules=())
    unstaged = dataclasses.replace(next(one for one in found.feeds if one.name == "audit"), staging="")
    faults = list(dataclasses.replace(found, indicators=(lost,), feeds=(unstaged,)).faults())
    assert faults == [
        "the feed audit has no staging model",
        "the indicator ASM-03 has no rule line, or its way to a feed is lost",
    ]


def test_an_indicators_way_is_that_of_its_rule(found):
    assessed = next(one for one in found.indicators if one.id == "ASM-03")
    assert [rule.text.startswith("('ASM-03', (assessment.authorised_on <=") for rule in assessed.rules] == [True]
    assert {"ssd_cin_assessments", "ssd_cin_episodes"} <= set(assessed.feeds)
    assert "stg_ssd_cin_assessments" in assessed.staging
    assert assessed.intermediate[0] == "int_assessment__observations"
    assert "corporate" in assessed.reports


def test_private_columns_are_marked_as_their_specification_says(found):
    """Every private column of a feed, and every child's key of a staging model or mart."""
    listed = {(feed.name, column.name): column.privacy for feed in found.feeds for column in feed.columns}
    for spec in load_specs().values():
        for column in spec.columns:
            assert bool(listed[spec.feed, column.name]) == (column.private or column.pseudonym is not None)
    keys = [column for table in found.tables for column in table.columns if column.name == "child_key"]
    assert keys and all(column.privacy for column in keys)


def test_the_same_dictionary_gives_the_same_bytes(found):
    assert written.page(found) == written.page(found)
    assert written.book(found) == written.book(found)


def test_every_link_of_the_page_leads_to_an_entry_of_it(page):
    targets = re.findall(r'\bid="([^"]+)"', page)
    assert len(targets) == len(set(targets))
    links = {html.unescape(link) for link in re.findall(r'href="#([^"]+)"', page)}
    assert links <= set(targets)


def test_the_page_needs_nothing_from_outside_and_its_policy_admits_its_script_alone(page):
    assert re.findall(r'(?:src|action)="', page) == []
    assert re.findall(r'href="(?!#)', page) == []
    assert "@import" not in page and "url(" not in page
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)[1]
    script = re.search(r"<script>(.*?)</script>", page, re.DOTALL)[1]
    assert html.unescape(policy).endswith(f"script-src '{written._script_hash(script)}'")
    assert page.count("<script") == 1


def test_the_page_shows_every_entry(page, found):
    for kind, names in {
        "indicator": [one.id for one in found.indicators],
        "clock": [one.id for one in found.clocks],
        "table": [one.name for one in found.tables],
        "feed": [one.name for one in found.feeds],
    }.items():
        missing = [name for name in names if f'id="{kind}-{name}"' not in page]
        assert missing == []


def test_the_workbook_holds_every_row(found, tmp_path):
    path = tmp_path / "dictionary.xlsx"
    path.write_bytes(written.book(found))
    book = CalamineWorkbook.from_path(str(path))
    rows = {name: len(book.get_sheet_by_name(name).to_python()) - 3 for name in book.sheet_names}
    assert rows["Indicators"] == len(found.indicators)
    assert rows["Columns"] == sum(len(table.columns) for table in found.tables)
    assert rows["Feed columns"] == sum(len(feed.columns) for feed in found.feeds)
    assert rows["Contents"] == len(rows) - 1


def test_the_command_writes_both_without_starting_a_server(tmp_path: Path, monkeypatch):
    """In a home in which there has never been a database, types are left out and no database is made."""
    app = typer.Typer()
    app.callback()(lambda: None)
    cli_dictionary.register(app)
    monkeypatch.setenv("SIGHTLINE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("SIGHTLINE_DATABASE_URL", raising=False)
    settings_module.settings.cache_clear()
    try:
        done = CliRunner().invoke(app, ["dictionary", str(tmp_path / "out"), "--json"])
    finally:
        monkeypatch.undo()
        settings_module.settings.cache_clear()
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert [Path(name).name for name in said["files"]] == ["dictionary.html", "dictionary.xlsx"]
    assert said["faults"] == []
    assert not list((tmp_path / "home").glob("postgres*"))

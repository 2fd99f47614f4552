"""The SSDA903's twelve files: each recognised by its header, each row of the real files accounted for."""

from __future__ import annotations

import json
import re

import pytest
from conftest import SHARED
from ingest_sample import ask, faults, load_one

from ingest.spec import load_specs

DATA, STANDARD = SHARED / "data" / "ssda903", SHARED / "specs" / "ssda903.json"
FILES = {
    "header.csv": "ssda903_header",
    "episodes.csv": "ssda903_episodes",
    "reviews.csv": "ssda903_reviews",
    "uasc.csv": "ssda903_uasc",
    "oc2.csv": "ssda903_oc2",
    "oc3.csv": "ssda903_oc3",
    "ad1.csv": "ssda903_ad1",
    "placed_for_adoption.csv": "ssda903_placed_for_adoption",
    "placed_for_adoption_errors.csv": "ssda903_placed_for_adoption",
    "previous_permanence.csv": "ssda903_previous_permanence",
    "missing.csv": "ssda903_missing",
    "sw_episodes.csv": "ssda903_sw_episodes",
    "DoLo.csv": "ssda903_dolo",
}
OF_STANDARD = {
    "Header": "header",
    "Episodes": "episodes",
    "Reviews": "reviews",
    "UASC": "uasc",
    "OC2": "oc2",
    "OC3": "oc3",
    "AD1": "ad1",
    "PlacedAdoption": "placed_for_adoption",
    "PrevPerm": "previous_permanence",
    "Missing": "missing",
    "SWEpisodes": "sw_episodes",
    "DoLo": "dolo",
}


@pytest.mark.parametrize("name", FILES)
def test_real_files_load(db, name):
    """Recognised by header alone; every row inserted, a duplicate, or set aside with its column."""
    path = DATA / name
    if not path.is_file():
        pytest.skip(f"{name} is not here")
    result = load_one(path)
    lines = [line for line in path.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
    assert (result.state, result.feed) == ("loaded", FILES[name])
    assert result.rows_read == len(lines) - 1
    assert all(column and rule for _, column, rule in faults(result.delivery_id))
    children = ask(f'select distinct "CHILD" from raw.{result.feed}')
    assert all(re.fullmatch(r"[0-9a-f]{32}", child) for (child,) in children)


def test_dates_are_day_first_and_nothing_else(db, tmp_path):
    """03/04/2026 is the third of April; 2026-04-03, 04/13/2026 and 3/4/2026 are set aside, not guessed."""
    rows = [f"{n},05/06/2012,{day},PN1" for n, day in enumerate(["03/04/2026", "2026-04-03", "04/13/2026", "3/4/2026"])]
    path = tmp_path / "ssda903_reviews.csv"
    path.write_text("\n".join(["CHILD,DOB,REVIEW,REVIEW_CODE", *rows]) + "\n")
    result = load_one(path)
    assert faults(result.delivery_id) == [(row_no, "REVIEW", "type") for row_no in (3, 4, 5)]
    assert ask('select "REVIEW"::text, "DOB"::text from raw.ssda903_reviews') == [("2026-04-03", "2012-06-01")]
    assert ask('select "DOB"::text from identity.ssda903_reviews') == [("2012-06-05",)]


@pytest.mark.parametrize("table", OF_STANDARD)
def test_has_the_columns_and_codes_of_the_standard(table):
    """Columns in the standard's order; every code of every year from 2017."""
    if not STANDARD.is_file():
        pytest.skip(f"{STANDARD.name} is not here")
    columns = json.loads(STANDARD.read_text())["tables"][table]["columns"]
    spec = load_specs()[f"ssda903_{OF_STANDARD[table]}"]
    assert [column.name for column in spec.columns] == [column["name"] for column in columns]
    for column in columns:
        of_years = [column.get("allowed", []), *column.get("allowed_by_year", {}).values()]
        codes = {code["code"] if isinstance(code, dict) else code for year in of_years for code in year}
        assert codes <= set(spec.column(column["name"]).codes or ()), column["name"]


def test_hides_who_a_child_is():
    """Child identifiers are pseudonyms; birth dates, pupil numbers and postcodes are private."""
    for spec in load_specs().values():
        if spec.feed.startswith("ssda903_"):
            assert spec.column("CHILD").pseudonym == "child"
            for column in spec.columns:
                if column.name in ("DOB", "MC_DOB"):
                    assert (column.private, column.coarsen) == (True, "month")
                if column.name in ("UPN", "HOME_POST", "PL_POST"):
                    assert column.private and not column.is_in_raw

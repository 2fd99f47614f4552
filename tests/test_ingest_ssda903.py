"""The SSDA903's twelve tables, as text and as XML: each recognised, each collection year by its own codes.

Each row of the real files is accounted for. All people are made up.
"""

from __future__ import annotations

import json
import re

import pytest
from conftest import SHARED
from ingest_sample import APRIL, ask, faults, load, load_one

from ingest.spec import load_specs
from ingest.xml_return import open_return

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


def test_dates_are_day_first(db, tmp_path):
    """03/04/2026 is the third of April, as 2026-04-03 is; 04/13/2026 and 3/4/2026 are set aside, not guessed."""
    rows = [f"{n},05/06/2012,{day},PN1" for n, day in enumerate(["03/04/2026", "2026-04-03", "04/13/2026", "3/4/2026"])]
    path = tmp_path / "ssda903_reviews.csv"
    path.write_text("\n".join(["CHILD,DOB,REVIEW,REVIEW_CODE", *rows]) + "\n")
    result = load_one(path, as_at=APRIL)
    assert faults(result.delivery_id) == [(row_no, "REVIEW", "type") for row_no in (4, 5)]
    days = ask('select distinct "REVIEW"::text, "DOB"::text from raw.ssda903_reviews')
    assert days == [("2026-04-03", "2012-06-01")]
    assert ask('select distinct "DOB"::text from identity.ssda903_reviews') == [("2012-06-05",)]


@pytest.mark.parametrize("table", OF_STANDARD)
def test_has_the_columns_and_codes_of_each_year(table):
    """Columns in the standard's order after the year; in each year from 2017 to 2027 exactly that year's codes."""
    if not STANDARD.is_file():
        pytest.skip(f"{STANDARD.name} is not here")
    columns = json.loads(STANDARD.read_text())["tables"][table]["columns"]
    spec = load_specs()[f"ssda903_{OF_STANDARD[table]}"]
    assert [column.name for column in spec.columns] == ["COLLECTION_YEAR", *(column["name"] for column in columns)]
    for column in columns:
        ours = spec.column(column["name"])
        for year in range(2017, 2028):
            codes = _codes_of(column, year)
            if codes:
                assert set(ours.codes_of(year)) == codes, (column["name"], year)


def _codes_of(column: dict, year: int) -> set[str]:
    """Return the standard's codes of a column in a year: those of the newest change so far."""
    by_year = {int(since): codes for since, codes in column.get("allowed_by_year", {}).items()}
    begun = [since for since in by_year if since <= year]
    codes = by_year[max(begun)] if begun else column.get("allowed", [])
    return {code["code"] if isinstance(code, dict) else code for code in codes}


EPISODES = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN"


@pytest.mark.parametrize(("year", "places"), [(2018, {"P2", "U1"}), (2025, {"K3", "U1"}), (2026, {"K3", "U1", "Z11"})])
def test_codes_hold_in_their_years(db, tmp_path, year, places):
    """Of four placements those of the year's set come in; the year is found from the episodes' days."""
    codes = ("P2", "K3", "Z11", "U1")
    rows = [f"{n},01/0{min(n, 3)}/{year},S,C2,N1,{code},PR1,,,,,," for n, code in enumerate(codes, 1)]
    path = tmp_path / "episodes.csv"
    path.write_text("\n".join([EPISODES, *rows]) + "\n")
    result = load_one(path)
    assert result.collection_year == year
    assert {place for (place,) in ask('select "PLACE" from raw.ssda903_episodes')} == places
    assert {(column, rule) for _, column, rule in faults(result.delivery_id)} == {("PLACE", "code")}


def test_next_years_return_leaves_this_years_standing(db, tmp_path):
    """A snapshot speaks of its own collection year alone, which its manifest says."""
    header = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB"
    for year, sex in ((2024, "2"), (2025, "F")):
        folder = tmp_path / str(year)
        folder.mkdir()
        (folder / "header.csv").write_text(f"{header}\n{year},{sex},05/06/2012,WBRI,UN1,,\n")
        manifest = {"as_at": f"{year}-06-30", "year": year, "files": {"header.csv": {"rows": 1}}}
        (folder / "manifest.json").write_text(json.dumps(manifest))
        load(folder)
    in_force = 'select "COLLECTION_YEAR", "SEX" from raw.ssda903_header where closed_by is null order by 1'
    assert ask(in_force) == [(2024, "2"), (2025, "F")]


CHILD = (
    "<CHILD><HEADER><CHILDID>0012</CHILDID><UPN>UN1</UPN><SEX>1</SEX><DOB>28/07/2010</DOB><ETHNIC>BAFR</ETHNIC>"
    "<UASC>1</UASC><DUC/><IN_TOUCH>YES</IN_TOUCH><ACTIV>F1</ACTIV><ACCOM>B1</ACCOM><DATE_INT/>"
    "<AMISSING><MISSING>M</MISSING><MIS_START>29/07/2017</MIS_START></AMISSING>"
    "<AREVIEW><REVIEW>27/09/2017</REVIEW><REVIEW_CODE>PN1</REVIEW_CODE></AREVIEW>"
    "<AREVIEW><REVIEW>14/01/2018</REVIEW><REVIEW_CODE>PN2</REVIEW_CODE></AREVIEW><MOTHER/>"
    "<PERMANENCE><PREV_PERM>Z1</PREV_PERM></PERMANENCE><OC2><SDQ_SCORE>21</SDQ_SCORE><CONVICTED>1</CONVICTED></OC2>"
    "<AD_PLACED><DATE_PLACED>22/11/2017</DATE_PLACED></AD_PLACED>"
    "<WORKERS><SW_ID>SW9</SW_ID><SW_DECOM>01/06/2017</SW_DECOM></WORKERS></HEADER>"
    "<EPISODE><DECOM>06/05/2017</DECOM><RNE>S</RNE><LS>C2</LS><CIN>N1</CIN><PL>U6</PL><DEC/><REC/></EPISODE></CHILD>\n"
)


def test_the_xml_form_brings_the_same_tables(db, tmp_path):
    """One child's element becomes a row of each table that it speaks of; what is blank throughout becomes none."""
    path = tmp_path / "return.xml"
    path.write_text(f"<EXPSSDA903>{CHILD}{CHILD.replace('0012', '0013').replace('<UASC>1', '<UASC>0')}</EXPSSDA903>")
    results = {result.feed.removeprefix("ssda903_"): result for result in load(path)}
    assert {name: result.rows_inserted for name, result in results.items()} == {
        "header": 2,
        "uasc": 1,
        "oc3": 2,
        "ad1": 0,
        "missing": 2,
        "reviews": 4,
        "previous_permanence": 2,
        "oc2": 2,
        "placed_for_adoption": 2,
        "sw_episodes": 2,
        "episodes": 2,
    }
    assert {result.collection_year for result in results.values()} == {2018}
    one = ask('select "SEX", "DOB"::text, "COLLECTION_YEAR" from raw.ssda903_uasc')
    assert one == [("1", "2010-07-01", 2018)]
    assert ask('select distinct "PLACE" from raw.ssda903_episodes') == [("U6",)]
    assert ask('select count(distinct "CHILD") from raw.ssda903_reviews') == [(2,)]


def test_an_element_without_a_known_name_is_found_by_what_it_holds(tmp_path):
    """No source names the element of social workers: the one with their dates is taken, and said to be assumed."""
    path = tmp_path / "return.xml"
    path.write_text(f"<EXPSSDA903>{CHILD}</EXPSSDA903>")
    reader = open_return(path)
    workers = [row.values for row in reader.rows() if row.feed == "ssda903_sw_episodes"]
    assert workers == [{"CHILD": "0012", "DOB": "28/07/2010", "SW_ID": "SW9", "SW_DECOM": "01/06/2017"}]
    assert [(problem.rule, problem.path) for problem in reader.problems] == [
        ("assumed_element", "CHILD/HEADER/WORKERS")
    ]


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


def test_the_files_of_a_folder_are_one_return(db, tmp_path):
    """Their year is that of the episodes; every other table follows it, so that they join."""
    if not (DATA / "episodes.csv").is_file():
        pytest.skip("the real files are not here")
    for path in DATA.glob("*.csv"):
        if "errors" not in path.name:
            (tmp_path / path.name).write_bytes(path.read_bytes())
    results = load(tmp_path)
    assert {(result.state, result.collection_year) for result in results} == {("loaded", 2018)}
    assert len(results) == len(OF_STANDARD)
    orphans = "select count(*) from ops.warning where rule = 'parent' and column_name = 'CHILD'"
    assert ask(orphans)[0][0] < 10

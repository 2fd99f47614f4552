"""The collection year of files that do not say it: by their days, the files beside them, the as-at date.

With a real PostgreSQL. All people are made up.
"""

from __future__ import annotations

from datetime import date

import pytest
import xlsxwriter
from cin_sample import CHILD, census
from conftest import SHARED
from ingest_sample import APRIL, in_force, load, load_one

from ingest.collection import year_handed_in

EPISODES = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN"
HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB"
ALONE = {
    "reviews": ("CHILD,DOB,REVIEW,REVIEW_CODE", "1,05/06/2012,{day},PN1"),
    "missing": ("CHILD,DOB,MISSING,MIS_START,MIS_END", "1,05/06/2012,M,{day},"),
    "placed_for_adoption": (
        "CHILD,DOB,DATE_PLACED,DATE_PLACED_CEASED,REASON_PLACED_CEASED",
        "1,05/06/2022,01/02/2024,{day},RD1",
    ),
    "sw_episodes": ("CHILD,DOB,SW_ID,SW_DECOM,SW_DEC,SW_REASON", "1,05/06/2012,W1,{day},,LEFTRL"),
    "dolo": ("CHILD,DOB,DOLO_START,DOLO_END", "1,05/06/2012,{day},"),
}

pytestmark = pytest.mark.usefixtures("db")


def put(path, header, *rows):
    """Write a table of a return."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def episode(day: str, child: str = "1") -> str:
    """Return an episode of care that began on a day."""
    return f"{child},{day},S,C2,N1,U1,PR1,,,,,,"


@pytest.mark.parametrize("name", ALONE)
@pytest.mark.parametrize(("day", "year"), [("31/03/2025", 2025), ("01/04/2025", 2026), ("31/03/2026", 2026)])
def test_a_single_file_is_of_the_year_of_its_days(tmp_path, name, day, year):
    """Delivered on 30 April, after the year's end; a day of the year before its last is the earlier year's."""
    header, row = ALONE[name]
    result = load_one(put(tmp_path / f"{name}.csv", header, row.format(day=day)), as_at=APRIL)
    assert (result.feed, result.collection_year) == (f"ssda903_{name}", year)
    assert f"collection year {year}, by the newest days in the file" in result.notes[0]


def test_a_correction_in_april_supersedes_the_copy_of_the_same_year(tmp_path):
    """The reviews of 2025-26, in March and again alone at the end of April: one copy is in force."""
    header, row = ALONE["reviews"]
    days = ("04/04/2025", "30/03/2026")
    put(tmp_path / "1" / "reviews.csv", header, *(row.format(day=day) for day in days))
    put(tmp_path / "1" / "episodes.csv", EPISODES, episode("05/06/2025"))
    load(tmp_path / "1", as_at=date(2026, 3, 31))
    put(tmp_path / "2" / "reviews.csv", header, row.format(day="05/04/2025"), row.format(day="30/03/2026"))
    load(tmp_path / "2", as_at=APRIL)
    assert in_force("ssda903_reviews", "COLLECTION_YEAR", "REVIEW") == [
        (2026, date(2025, 4, 5)),
        (2026, date(2026, 3, 30)),
    ]


def test_a_mistyped_day_to_come_moves_no_small_file(tmp_path):
    """One of three rows."""
    header, row = ALONE["reviews"]
    rows = [row.format(day=day) for day in ("04/04/2025", "30/03/2026", "30/03/2062")]
    assert load_one(put(tmp_path / "reviews.csv", header, *rows), as_at=APRIL).collection_year == 2026


@pytest.mark.parametrize(
    ("as_at", "year"),
    [((2026, 3, 31), 2026), ((2026, 4, 1), 2026), ((2026, 6, 30), 2026), ((2026, 7, 1), 2027), ((2027, 3, 31), 2027)],
)
def test_a_file_without_days_is_of_the_year_that_is_handed_in(tmp_path, as_at, year):
    """By the as-at date alone, which the note says; from April to June it is the year that has ended."""
    assert year_handed_in(date(*as_at)) == year
    result = load_one(put(tmp_path / "header.csv", HEADER, "1,F,05/06/2012,WBRI,UN1,,"), as_at=date(*as_at))
    assert result.collection_year == year
    assert "by the as-at date: nothing in the file or beside it says so" in result.notes[0]
    assert ("the year that has ended" in result.notes[0]) == (as_at in ((2026, 4, 1), (2026, 6, 30)))


@pytest.mark.parametrize("beside", ["episodes", "reviews"])
def test_the_files_beside_it_come_before_the_as_at_date(tmp_path, beside):
    """As text, and as another sheet of one workbook."""
    header, row = ALONE.get(beside, (EPISODES, "1,{day},S,C2,N1,U1,PR1,,,,,,"))
    put(tmp_path / "csv" / "header.csv", HEADER, "1,1,05/06/2012,WBRI,UN1,,")
    put(tmp_path / "csv" / f"{beside}.csv", header, row.format(day="05/06/2022"))
    assert {one.collection_year for one in load(tmp_path / "csv", as_at=APRIL)} == {2023}
    with xlsxwriter.Workbook(tmp_path / "return.xlsx") as book:
        for name, lines in {
            "first": (HEADER, "1,1,05/06/2012,WBRI,UN1,,"),
            "second": (header, row.format(day="05/06/2021")),
        }.items():
            sheet = book.add_worksheet(name)
            for at, line in enumerate(lines):
                sheet.write_row(at, 0, line.split(","))
    results = load(tmp_path / "return.xlsx", as_at=APRIL)
    assert [one.collection_year for one in results] == [2022, 2022]


def test_the_episodes_of_a_folder_decide_for_the_others(tmp_path):
    """Placed years ago, and in the return of 2026; of two years' episodes the one of the file's own days."""
    header, row = ALONE["sw_episodes"]
    put(tmp_path / "sw_episodes.csv", header, row.format(day="05/06/2023"))
    put(tmp_path / "episodes.csv", EPISODES, episode("05/06/2025"))
    results = {one.feed: one for one in load(tmp_path, as_at=APRIL)}
    assert results["ssda903_sw_episodes"].collection_year == 2026
    assert "by the files beside it; its own newest days are of 2024" in results["ssda903_sw_episodes"].notes[0]
    put(tmp_path / "episodes_of_the_year_before_last.csv", EPISODES, episode("05/06/2023"))
    results = {one.feed: one for one in load(tmp_path, as_at=date(2026, 5, 31))}
    assert results["ssda903_sw_episodes"].collection_year == 2024


@pytest.mark.parametrize(
    ("name", "day", "year", "known"),
    [
        ("sw_episodes", "05/06/2022", 2023, "2024 to 2027"),
        ("sw_episodes", "05/06/2023", 2024, None),
        ("dolo", "05/06/2025", 2026, "2027"),
        ("reviews", "05/06/2015", 2016, "2017 to 2027"),
        ("reviews", "05/06/2016", 2017, None),
    ],
)
def test_a_table_that_a_years_return_does_not_have_is_noted(tmp_path, name, day, year, known):
    """It is taken in all the same."""
    header, row = ALONE[name]
    result = load_one(put(tmp_path / f"{name}.csv", header, row.format(day=day)), as_at=APRIL)
    assert (result.state, result.collection_year, result.rows_inserted) == ("loaded", year, 1)
    said = f"the return of {year} is not known to have this table, that of {known} is"
    assert (said in result.notes[0]) == (known is not None)


@pytest.mark.parametrize(("year", "is_known"), [(2016, False), (2017, True), (2026, True), (2027, False)])
def test_a_census_of_an_unknown_year_is_noted(tmp_path, year, is_known):
    """Read as the nearest year's."""
    results = load(census(tmp_path / "cin.xml", [CHILD.format(id="1")], year))
    noted = [any("is not known to have this table" in note for note in one.notes) for one in results]
    assert noted == [not is_known] * len(results)


@pytest.mark.skipif(not (SHARED / "data" / "ssda903").is_dir(), reason="the shared files are not here")
def test_the_shared_returns_folder():
    """Two of its files are of one table and year, and refused; each alone loads."""
    results = {one.file_name: one for one in load(SHARED / "data" / "ssda903")}
    refused = {name for name, one in results.items() if one.rule == "two_files"}
    assert refused == {"placed_for_adoption.csv", "placed_for_adoption_errors.csv"}
    assert {one.state for name, one in results.items() if name not in refused} == {"loaded"}

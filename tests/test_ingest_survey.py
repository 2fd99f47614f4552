"""What the files of one folder are to each other: two of one snapshot are refused, whatever their names and forms.

With a real PostgreSQL. All people are made up.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from cin_sample import CHILD, census
from conftest import SHARED
from ingest_sample import APRIL, MARCH, ask, load, load_one, names, promise, referrals, text_of, write

from ingest.gather import Job
from ingest.spec import load_specs
from ingest.survey import Survey
from ingest.years import Years

FEED = "ssd_cin_episodes"
HEADER_903 = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB"
EPISODES_903 = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN"
RETURN = (
    "<EXPSSDA903><CHILD><HEADER><CHILDID>0012</CHILDID><UPN>UN1</UPN><SEX>1</SEX><DOB>28/07/2010</DOB>"
    "<ETHNIC>BAFR</ETHNIC></HEADER><EPISODE><DECOM>06/05/{year}</DECOM><RNE>S</RNE><LS>C2</LS><CIN>N1</CIN>"
    "<PL>U6</PL></EPISODE></CHILD></EXPSSDA903>"
)

pytestmark = pytest.mark.usefixtures("db")


def states(*paths, **options) -> dict[str, set[tuple]]:
    """Load; return the states and rules of each file's deliveries."""
    found: dict[str, set[tuple]] = {}
    for one in load(*paths, **options):
        found.setdefault(one.file_name, set()).add((one.state, one.rule))
    return found


def workbook(path, feed, rows) -> None:
    """Write rows as a workbook."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Data")
        for at, row in enumerate([names(feed), *([one.get(name, "") for name in names(feed)] for one in rows)]):
            sheet.write_row(at, 0, row)


def as_text(path, rows) -> None:
    """Write rows as text."""
    path.write_text(text_of("ssd_disability", rows))


def as_parquet(path, rows) -> None:
    """Write rows as Parquet."""
    pl.DataFrame({name: [row.get(name, "") for row in rows] for name in names("ssd_disability")}).write_parquet(path)


def as_workbook(path, rows) -> None:
    """Write rows as a workbook."""
    workbook(path, "ssd_disability", rows)


def disabilities(first, last) -> list[dict[str, str]]:
    """Return a disability of each of some children."""
    return [
        {"disa_table_id": f"D{at}", "disa_person_id": f"{at:05d}", "disa_disability_code": "MOB"}
        for at in range(first, last)
    ]


@pytest.mark.parametrize("write_other", [as_text, as_parquet, as_workbook])
def test_two_localities_of_one_snapshot_are_both_refused(tmp_path, write_other):
    """Whatever they are called and in whatever form they come; alone, each loads, and the other file is named."""
    as_text(tmp_path / "North locality.csv", disabilities(0, 40))
    write_other(tmp_path / "South locality.dat", disabilities(40, 75))
    results = load(tmp_path)
    assert {(one.state, one.rule, one.feed) for one in results} == {("refused", "two_files", "ssd_disability")}
    assert "South locality.dat is of ssd_disability as well" in results[0].error
    assert ask("select count(*) from raw.ssd_disability") == [(0,)]
    assert load_one(tmp_path / "North locality.csv").rows_inserted == 40


def test_the_same_bytes_under_two_names_are_a_repeat(tmp_path):
    """One loads, the other is answered with it; a third with other rows makes all three ambiguous."""
    for name in ("one.csv", "two.csv"):
        as_text(tmp_path / name, disabilities(0, 5))
    assert sorted(one.state for one in load(tmp_path)) == ["loaded", "unchanged"]
    as_text(tmp_path / "three.csv", disabilities(0, 6))
    assert {one.rule for one in load(tmp_path)} == {"two_files"}


def test_only_the_feed_that_comes_twice_is_refused(tmp_path):
    """The other sheets of a workbook load."""
    with xlsxwriter.Workbook(tmp_path / "all.xlsx") as book:
        for feed, rows in (("ssd_disability", disabilities(0, 3)), (FEED, referrals(2))):
            sheet = book.add_worksheet(feed)
            for at, row in enumerate([names(feed), *([one.get(name, "") for name in names(feed)] for one in rows)]):
                sheet.write_row(at, 0, row)
    as_text(tmp_path / "South.csv", disabilities(3, 5))
    assert {(one.file_name, one.feed): one.rule for one in load(tmp_path)} == {
        ("all.xlsx", "ssd_disability"): "two_files",
        ("all.xlsx", FEED): None,
        ("South.csv", "ssd_disability"): "two_files",
    }


def test_two_censuses_of_one_year_are_refused_and_of_two_years_load(tmp_path):
    """By the header; a table of the same year as text is a twin of the element's rows alone."""
    census(tmp_path / "North.xml", [CHILD.format(id="1")], 2025)
    census(tmp_path / "South.xml", [CHILD.format(id="2")], 2026)
    assert {state for one in states(tmp_path).values() for state in one} == {("loaded", None)}
    census(tmp_path / "South.xml", [CHILD.format(id="2")], 2025)
    assert set(states(tmp_path).values().__iter__().__next__()) == {("refused", "two_files")}
    assert ask("select count(*) from raw.cin_child where closed_by is null") == [(2,)]


def test_two_returns_of_children_looked_after_are_told_by_their_days(tmp_path):
    """The XML names no year: that of its days counts, and that of the tables beside it."""
    (tmp_path / "a.xml").write_text(RETURN.format(year=2024))
    (tmp_path / "b.xml").write_text(RETURN.format(year=2023))
    assert {one.state for one in load(tmp_path)} == {"loaded"}
    (tmp_path / "b.xml").unlink()
    (tmp_path / "episodes.csv").write_text(f"{EPISODES_903}\n7,06/05/2024,S,C2,N1,U1,PR1,,,,,,\n")
    refused = {(one.file_name, one.feed) for one in load(tmp_path) if one.rule == "two_files"}
    assert refused == {("a.xml", "ssda903_episodes"), ("episodes.csv", "ssda903_episodes")}


def test_as_at_dates_make_two_snapshots_unambiguous(tmp_path):
    """Two folders with a manifest each, given in one command: the later one supersedes the earlier."""
    for folder, as_at, rows in (("1", MARCH, 3), ("2", APRIL, 4)):
        write(tmp_path / folder, FEED, referrals(rows))
        promise(tmp_path / folder, as_at)
    assert {one.state for one in load(tmp_path / "1", tmp_path / "2")} == {"loaded"}
    assert ask(f"select count(*) from raw.{FEED} where closed_by is null") == [(4,)]


@pytest.mark.skipif(not (SHARED / "data" / "cin_census").is_dir(), reason="the shared files are not here")
def test_the_shared_census_files(tmp_path):
    """Three of them say that they are of 2023: together they are refused, each alone is taken.

    After the first a list without a good row waits for a person: it would close that one's rows.
    """
    folder = SHARED / "data" / "cin_census"
    together = states(folder)
    alike = [name for name, found in together.items() if ("refused", "two_files") in found]
    assert len(alike) == 3
    for name in alike:
        assert {state for state, _ in states(folder / name)[name]} - {"held"} == {"loaded"}


def bytes_read() -> int:
    """Return how many bytes this process has read so far, from the disk or its cache."""
    return int(Path("/proc/self/io").read_text().split()[1])


def test_the_survey_of_a_large_file_reads_its_head_alone(tmp_path):
    """Two files of tens of megabytes of other feeds are told by less than a megabyte each."""
    row = text_of(FEED, referrals(1)).splitlines(keepends=True)
    for name, first in (("x.csv", row[0]), ("y.csv", text_of("ssd_disability", []).splitlines(keepends=True)[0])):
        with (tmp_path / name).open("w") as handle:
            handle.write(first)
            handle.writelines([row[1] * 1000] * 800)
    jobs, specs = [Job(tmp_path / "x.csv"), Job(tmp_path / "y.csv")], load_specs()
    before = bytes_read()
    survey = Survey(jobs, specs, Years(specs), MARCH)
    assert bytes_read() - before < 2 << 20 < sum(job.path.stat().st_size for job in jobs) // 20
    assert [survey.twins(job) for job in jobs] == [{}, {}]


def test_parents_load_first_whatever_their_files_are_called(tmp_path):
    """The returns' own names: no warning of a header that lies beside its episodes."""
    (tmp_path / "episodes.csv").write_text(f"{EPISODES_903}\n1,01/02/2026,S,C2,N1,U1,PR1,,,,,,\n")
    (tmp_path / "header.csv").write_text(f"{HEADER_903}\n1,F,05/06/2012,WBRI,UN1,,\n2,F,05/06/2012,WBRI,UN1,,\n")
    assert [one.feed for one in load(tmp_path)] == ["ssda903_header", "ssda903_episodes"]
    assert ask("select count(*) from ops.warning where rule = 'parent'") == [(0,)]

"""The CIN census as XML: real files, each collection year, hostile files, speed and memory. All people are made up."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from cin_sample import CHILD, FOOT, HEAD, ROWS_OF_A_CHILD, census, measure
from conftest import SHARED
from ingest_sample import load

from ingest.check import Checker
from ingest.read import Chunk
from ingest.recognise import Header
from ingest.spec import load_specs
from ingest.xml_layout import load_layout
from ingest.xml_reader import Return
from ingest.xml_return import open_return, rows, split

LAYOUT = load_layout("xml_cin")
FEEDS = tuple(LAYOUT.columns)
CENSUS = SHARED / "data" / "cin_census"
FILES = ("CIN_Census_2021.xml", "CIN_Census_2024.xml", "CIN_Census_2026.xml", "fake_CIN_data.xml")
ELEMENTS = {
    "Child": "cin_child",
    "Disability": "cin_disability",
    "CINdetails": "cin_details",
    "Assessments": "cin_assessment",
    "AssessmentFactors": "cin_assessment_factor",
    "CINPlanDates": "cin_plan",
    "Section47": "cin_section47",
    "ChildProtectionPlans": "cin_cp_plan",
    "CPPreviewDate": "cin_cp_review",
    "PreProceedingsandFGDM": "cin_pre_proceedings",
}


def read(path: Path) -> tuple[Return, dict[str, list[dict[str, str]]]]:
    """Return the reader of a file and its rows by feed."""
    reader, found = open_return(path), {feed: [] for feed in FEEDS}
    for row in reader.rows():
        found[row.feed].append(row.values)
    return reader, found


def problems(reader: Return) -> set[tuple[str, str]]:
    """What a reader reports, as rule and last element of the path."""
    return {(problem.rule, problem.path.rpartition("/")[2]) for problem in reader.problems}


def check(feed: str, values: list[dict[str, str]]):
    """Check rows of a feed against its specification."""
    spec = load_specs()[feed]
    names = [column.name for column in spec.columns]
    lines = [[row.get(name, "") for name in names] for row in values]
    return Checker(spec, Header(tuple(range(len(names))), ())).check(Chunk(range(1, len(lines) + 1), lines), len(names))


@pytest.mark.parametrize("name", FILES)
def test_real_files_are_read_whole(name):
    """Every element that is a row is a row; each row passes the specification or is set aside with its column."""
    path = CENSUS / name
    if not path.is_file():
        pytest.skip(f"{name} is not here")
    _, found = read(path)
    text = path.read_text(encoding="utf-8")
    for element, feed in ELEMENTS.items():
        assert len(found[feed]) == len(re.findall(f"<{element}>", text)), feed
        checked = check(feed, found[feed])
        assert len(checked.row_nos) + len(checked.bad) == len(found[feed])
        assert all(fault.column and fault.reason for bad in checked.bad for fault in bad.faults)


def test_what_is_wrong_in_a_real_file_is_named():
    """Pre-proceedings, stray text and an element of a later year are reported; a code of no year is set aside."""
    path = CENSUS / "CIN_Census_2026.xml"
    if not path.is_file():
        pytest.skip(f"{path.name} is not here")
    reader, found = read(path)
    assert reader.year == 2023
    assert problems(reader) >= {
        ("not_of_year", "PreProceedingsandFGDM"),
        ("stray_text", "ChildIdentifiers"),
        ("not_of_year", "Sex"),
        ("missing_element", "GenderCurrent"),
    }
    bad = {(fault.column, fault.rule) for row in check("cin_child", found["cin_child"]).bad for fault in row.faults}
    assert ("Sex", "code") in bad


def test_the_specifications_have_the_layouts_columns():
    """Reader and specifications agree: every feed, every column."""
    columns = LAYOUT.columns
    for feed, names in columns.items():
        assert {column.name for column in load_specs()[feed].columns} == set(names), feed
    assert set(columns) == set(ELEMENTS.values())


def test_the_layout_has_the_standards_elements():
    """Every element of the stored standard, and every change of a year, is in the layout."""
    path = SHARED / "specs" / "cin_census.json"
    if not path.is_file():
        pytest.skip(f"{path.name} is not here")
    standard = json.loads(path.read_text(encoding="utf-8"))
    prefix = "/Message/Children/"
    for place, body in standard["elements"].items():
        if not place.startswith(f"{prefix}Child/"):
            continue
        element = _element(place.removeprefix(f"{prefix}Child/"))
        assert element.many == (body["max"] == "unbounded"), place
        assert element.required >= (body["min"] == "1" and body["type"] != "group"), place
    for year, change in standard["year_changes"].items():
        for place in change["added"]:
            names = place.removeprefix(f"{prefix}Child/").split("/")
            assert int(year) in {_element("/".join(names[:end])).since for end in range(1, len(names) + 1)}, place
        for place in change["removed"]:
            assert _element(place.removeprefix(f"{prefix}Child/")).until == int(year) - 1


def _element(path: str):
    element = LAYOUT.records["Child"]
    for name in path.split("/"):
        element = element.within[name]
    return element


def test_rows_carry_their_parents_keys(tmp_path):
    """A review names its plan, its referral, its child and its year; twins of one date are numbered."""
    twice = CHILD.replace("</Child>", "") + CHILD[CHILD.index("<CINdetails>") :]
    _, found = read(census(tmp_path / "census.xml", [twice.format(id="00012")]))
    assert [row["ReferralNo"] for row in found["cin_details"]] == ["1", "2"]
    assert found["cin_cp_review"][-1] == {
        "CensusYear": "2026",
        "LAchildID": "00012",
        "CINreferralDate": "2025-05-01",
        "ReferralNo": "2",
        "CPPstartDate": "2025-05-20",
        "CPPNo": "1",
        "CPPreviewDate": "2026-01-15",
    }
    for feed, values in found.items():
        key = load_specs()[feed].key
        assert len({tuple(row[name] for name in key) for row in values}) == len(values), feed
        assert not check(feed, values).bad, feed


@pytest.mark.parametrize("year", range(2017, 2027))
def test_each_year(tmp_path, year):
    """What a year does not have yet, or no longer has, is reported in that year and in no other."""
    reader, _ = read(census(tmp_path / "census.xml", [CHILD.format(id="1")], year))
    expected = set()
    if year < 2025:
        expected |= {("not_of_year", "Sex"), ("missing_element", "GenderCurrent")}
    if year < 2022:
        expected.add(("not_of_year", "CINPlanDates"))
    assert (reader.year, problems(reader)) == (year, expected)


def test_namespaces_order_and_encoding_do_not_matter(tmp_path):
    """A default namespace, a prefix, UTF-16, comments and keys after their children read alike."""
    plain = HEAD.format(year=2026) + CHILD.format(id="1") + FOOT
    date, first = "<CINreferralDate>2025-05-01</CINreferralDate>\n", "<LAchildID>1</LAchildID>"
    variants = [
        plain.replace("<Message>", '<Message xmlns="urn:example:census">'),
        re.sub(r"<(/?)(\w)", r"<\1c:\2", plain).replace("<c:Message>", '<c:Message xmlns:c="urn:example:census">'),
        plain.replace(date, "").replace("</CINdetails>", f"{date}</CINdetails>"),
        plain.replace(first, "<LAchildID><!-- a --> 1<?p q?></LAchildID><!-- b -->"),
    ]
    (tmp_path / "plain.xml").write_text(plain)
    _, expected = read(tmp_path / "plain.xml")
    for variant in variants:
        for encoding in ("utf-8", "utf-8-sig", "utf-16"):
            path = tmp_path / "variant.xml"
            path.write_text(variant, encoding=encoding)
            reader, found = read(path)
            assert (found, reader.problems) == (expected, [])


def test_lines_hold_in_long_files(tmp_path):
    """Each row says the line of its element, also beyond the 65,535 lines that libxml2 counts in two bytes."""
    path = census(tmp_path / "census.xml", [CHILD.format(id=number) for number in range(3000)])
    lines = path.read_text().splitlines()
    assert len(lines) > 80_000
    tags = {feed: f"<{element}>" for element, feed in ELEMENTS.items()}
    assert all(tags[row.feed] in lines[row.line - 1] for row in open_return(path).rows())


def test_what_is_unknown_or_missing_is_named(tmp_path):
    """Unknown and repeated elements, stray text, and required ones that are absent: with path, line and number."""
    child = CHILD.format(id="1")
    child = child.replace("<Sex>F</Sex>", "<Shoe><Size>4</Size></Shoe>\n<PersonBirthDate>2001-01-01</PersonBirthDate>")
    child = child.replace("<ReferralNFA>0</ReferralNFA>", "words")
    path = census(tmp_path / "census.xml", [child, child, "<Adult/>"])
    path.write_text(path.read_text().replace("</Header>", "<Extra/></Header>"))
    reader, found = read(path)
    assert [(problem.rule, problem.path, problem.count) for problem in reader.problems] == [
        ("unknown_element", "Message/Header/Extra", 1),
        ("missing_element", "Child/ChildIdentifiers/Sex", 2),
        ("unknown_element", "Child/ChildIdentifiers/Shoe", 2),
        ("repeated_element", "Child/ChildIdentifiers/PersonBirthDate", 2),
        ("missing_element", "Child/CINdetails/ReferralNFA", 2),
        ("stray_text", "Child/CINdetails", 2),
        ("unknown_element", "Message/Children/Adult", 1),
    ]
    assert reader.problems[2].line == 7
    assert [row["PersonBirthDate"] for row in found["cin_child"]] == ["2012-05-17"] * 2
    assert {fault.rule for bad in check("cin_details", found["cin_details"]).bad for fault in bad.faults} == {
        "required"
    }


def test_splits_into_files_that_load(tmp_path):
    """One CSV file a feed, with a manifest that promises its rows."""
    reader = split(census(tmp_path / "census.xml", [CHILD.format(id=f"0{n}") for n in range(5)]), tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert (reader.year, manifest["as_at"]) == (2026, "2026-03-31")
    counts = Counter({f"{feed}.csv": len((tmp_path / f"{feed}.csv").read_text().splitlines()) - 1 for feed in FEEDS})
    assert counts == {name: promise["rows"] for name, promise in manifest["files"].items()}
    assert counts.total() == 5 * ROWS_OF_A_CHILD


@pytest.mark.parametrize("name", FILES)
def test_real_files_load(db, name):
    """Every row of a real file is inserted, a duplicate, or set aside; a delivery a feed, in the census's year."""
    path = CENSUS / name
    if not path.is_file():
        pytest.skip(f"{name} is not here")
    reader, found = read(path)
    results = {result.feed: result for result in load(path)}
    assert {feed: result.rows_read for feed, result in results.items()} == {
        feed: len(values) for feed, values in found.items() if values or feed in results
    }
    assert {(result.state, result.collection_year) for result in results.values()} == {("loaded", reader.year)}
    assert set(found) - set(results) <= {"cin_plan", "cin_pre_proceedings"}


def test_codes_hold_in_their_years():
    """The specifications have each year's codes of the stored standard, and no other year's."""
    path = SHARED / "specs" / "cin_census.json"
    if not path.is_file():
        pytest.skip(f"{path.name} is not here")
    standard = json.loads(path.read_text(encoding="utf-8"))
    changed = standard["year_changes"]
    for place, body in standard["elements"].items():
        name, codes = place.rpartition("/")[2], {code["code"] for code in body.get("allowed", ())}
        ours = [load_specs()[feed].column(name) for feed, names in LAYOUT.columns.items() if name in names]
        later: set[str] = set()
        for year in range(2026, 2016, -1) if codes and place.startswith("/Message/Children/") else ():
            assert all(codes - later <= set(column.codes_of(year)) for column in ours), (name, year)
            assert all(not later & set(column.codes_of(year)) for column in ours), (name, year)
            later |= set(changed.get(str(year), {}).get("code_changes", {}).get(place, {}).get("added", ()))


def test_memory_does_not_grow_with_the_file(tmp_path):
    """20 times the children take no more memory, and each of their rows passes its checks."""
    small = census(tmp_path / "small.xml", [CHILD.format(id=n) for n in range(1000)])
    large = census(tmp_path / "large.xml", [CHILD.format(id=n) for n in range(20_000)])
    _, peak_small, _ = measure(small)
    what, peak_large, _ = measure(large)
    assert int(what) == 20_000 * ROWS_OF_A_CHILD
    assert peak_large - peak_small <= 20
    held: dict[str, list[dict[str, str]]] = {feed: [] for feed in FEEDS}
    good = 0
    for feed, _, values in rows(large):
        held[feed].append(values)
        if len(held[feed]) == 4096:
            good += len(check(feed, held.pop(feed)).row_nos)
            held[feed] = []
    good += sum(len(check(feed, values).row_nos) for feed, values in held.items())
    assert good == 20_000 * ROWS_OF_A_CHILD

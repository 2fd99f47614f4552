"""Statutory returns in XML: which return a file is, hostile and large files. All people are made up."""

from __future__ import annotations

import json

import pytest
from cin_sample import CHILD, FOOT, HEAD, measure

from ingest.errors import RefusedFile
from ingest.spec import load_specs
from ingest.xml_layout import NAMES, load_layout
from ingest.xml_return import open_return, recognise, split

CIN = HEAD.format(year=2026) + CHILD.format(id="1") + FOOT
LOOKED_AFTER = (
    "<CHILD><HEADER><CHILDID>{id}</CHILDID><UPN>UN1</UPN><SEX>2</SEX><DOB>28/07/2010</DOB><ETHNIC>BAFR</ETHNIC>"
    "<UASC>0</UASC><AREVIEW><REVIEW>27/09/2025</REVIEW><REVIEW_CODE>PN1</REVIEW_CODE></AREVIEW></HEADER>\n"
    "<EPISODE><DECOM>06/01/2025</DECOM><RNE>S</RNE><LS>C2</LS><CIN>N1</CIN><PL>U6</PL><DEC/><REC/></EPISODE></CHILD>\n"
)
SSDA903 = f"<EXPSSDA903>{LOOKED_AFTER.format(id='1')}</EXPSSDA903>"
WORKER = "<CSWWWorker><AgencyWorker>1</AgencyWorker><SWENo>{id}</SWENo><FTE>0.5</FTE></CSWWWorker>\n"
CSWW_HEAD = (
    "<Message><Header><CollectionDetails><Collection>CSWW</Collection><Year>2022</Year>"
    "<ReferenceDate>2022-09-30</ReferenceDate></CollectionDetails></Header>\n<LALevelVacancies><NumberOfVacancies>1.50"
    "</NumberOfVacancies><NoAgencyFTE>0.50</NoAgencyFTE><NoAgencyHeadcount>1</NoAgencyHeadcount></LALevelVacancies>\n"
)
CSWW = f"{CSWW_HEAD}{WORKER.format(id='SW1')}</Message>"
FILES = {"xml_cin": CIN, "xml_903": SSDA903, "xml_csww": CSWW}
LARGE = {
    "xml_903": ("<EXPSSDA903>", LOOKED_AFTER, "</EXPSSDA903>", 3),
    "xml_csww": (CSWW_HEAD, WORKER, "</Message>", 1),
}
"""Head, record, foot, and rows of a record."""


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_each_return_is_recognised_by_its_content(name, encoding):
    """The elements decide, in each encoding; the ending and name of the file are not asked."""
    assert recognise(f'<?xml version="1.0"?>\n{FILES[name]}'.encode(encoding)[:65536]).name == name


def test_a_return_without_its_collection_is_told_by_its_elements():
    """Two returns have the root Message: where the header does not name the collection, what stands beside it does."""
    assert recognise(CIN.replace("<Collection>CIN</Collection>", "").encode()).name == "xml_cin"
    assert recognise(CSWW.replace("<Collection>CSWW</Collection>", "").encode()).name == "xml_csww"


@pytest.mark.parametrize(
    ("content", "rule", "said"),
    [
        ("<html><body>no return</body></html>", "unrecognised", "root element is html"),
        ("<Message><Header/><School/></Message>", "unrecognised", "CIN census (Message/Children/Child)"),
        (
            CIN.replace(">CIN<", ">SLT<"),
            "other_feed",
            "neither the CIN census nor the children's social work workforce",
        ),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><EXPSSDA903/>", "doctype", "document type"),
        ("  \n", "empty", "empty"),
        ("CHILD,SEX\n1,2\n", "format", ""),
        ("<EXPSSDA903></EXPSSDA903>", "empty", "without any CHILD"),
        (CSWW_HEAD.replace("<Year>2022</Year>", "") + "</Message>", "year", "which year"),
        (SSDA903[:-20], "cut_short", "ends before"),
        (SSDA903.replace("<LS>C2</LS>", "<LS>C2</SL>"), "format", "not well-formed"),
    ],
)
def test_what_is_no_return_is_refused(tmp_path, content, rule, said):
    """With the reason, and what it would have to be; never with a value."""
    path = tmp_path / "some.xml"
    path.write_text(content)
    with pytest.raises(RefusedFile) as refused:
        split(path, tmp_path)
    assert refused.value.rule == rule
    assert said in str(refused.value)
    assert str(refused.value).startswith("some.xml")


@pytest.mark.parametrize("name", NAMES)
def test_layouts_and_specifications_agree(name):
    """Each column of a layout is a column of its feed's files, and the other way round."""
    for feed, columns in load_layout(name).columns.items():
        assert {column.name for column in load_specs()[feed].file_columns} == set(columns), feed


@pytest.mark.parametrize("name", FILES)
def test_splits_into_files_with_a_manifest(tmp_path, name):
    """Every feed that the file speaks of has a file; the manifest has rows, year and as-at date."""
    path = tmp_path / "return.xml"
    path.write_text(FILES[name])
    folder = tmp_path / "parts"
    folder.mkdir()
    reader = split(path, folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    lines = {file.stem: len(file.read_text().splitlines()) - 1 for file in folder.glob("*.csv")}
    assert lines == {file.removesuffix(".csv"): promise["rows"] for file, promise in manifest["files"].items()}
    assert set(reader.feeds) == set(lines)
    year = {"xml_cin": 2026, "xml_903": 2025, "xml_csww": 2022}[name]
    assert (reader.year, manifest["year"]) == (year, year)
    assert manifest["as_at"] == {"xml_cin": "2026-03-31", "xml_903": None, "xml_csww": "2022-09-30"}[name]


def test_a_file_says_nothing_of_what_its_year_does_not_have(tmp_path):
    """A census of 2021 has no plans: it brings no empty file of them, which would close other rows."""
    path = tmp_path / "census.xml"
    path.write_text(HEAD.format(year=2021) + "<Child/>" + FOOT)
    assert set(load_layout("xml_cin").columns) - set(split(path, tmp_path).feeds) == {"cin_plan", "cin_pre_proceedings"}


@pytest.mark.parametrize("name", LARGE)
def test_memory_does_not_grow_and_lines_hold(tmp_path, name):
    """100 times the records need no more memory; row numbers and lines are those of the elements."""
    head, record, foot, rows = LARGE[name]
    path, peaks = tmp_path / "return.xml", []
    for count in (500, 50_000):
        path.write_text(head + "".join(record.format(id=number) for number in range(count)) + foot)
        what, peak, _ = measure(path)
        assert int(what) == count * rows + (name == "xml_csww")
        peaks.append(peak)
    assert peaks[1] - peaks[0] <= 20
    lines = path.read_text().splitlines()
    last = list(open_return(path).rows())[-1]
    assert {"ssda903_episodes": "<EPISODE>", "csww_worker": "<CSWWWorker>"}[last.feed] in lines[last.line - 1]


@pytest.mark.parametrize("name", LARGE)
def test_an_endless_record_is_refused(tmp_path, name):
    """Within 5 seconds and 256 MB, like any hostile file."""
    head, record, _, _ = LARGE[name]
    path = tmp_path / "return.xml"
    path.write_text(head + record[: record.index(">") + 1] + "<a/>" * 4_000_000)
    what, peak, seconds = measure(path)
    assert what == "too_large"
    assert peak <= 256 and seconds <= 5

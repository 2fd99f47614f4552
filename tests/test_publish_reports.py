"""Reports from hand-made marts: specifications, documents, and what each renderer makes of them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import publish_fixture
import pypdf
import pytest
from conftest import use_database
from openpyxl import load_workbook

from publish import assemble, html, pdf, spec, xlsx
from publish.document import Document, Table
from sightline import warehouse
from sightline.councils import load
from sightline.periods import Period
from sightline.settings import ROOT

AS_AT = publish_fixture.AS_AT
PERIODS = {"weekly": "2026-W39", "monthly": "2026-09", "quarterly": "2026-Q2", "yearly": "2025-26"}
VOID = {"meta", "br", "img", "link", "input", "hr"}


@pytest.fixture(scope="module")
def marts(home: Path) -> Iterator[str]:
    """A database with the hand-made marts, and every connection of the process goes there meanwhile."""
    before = use_database(None)
    url = warehouse.create_database("publish_reports")
    use_database(url)
    with warehouse.connect() as connection:
        publish_fixture.create(connection)
    yield url
    use_database(before)


@pytest.fixture(scope="module")
def documents(marts: str) -> dict[str, list[Document]]:
    """Every document of every report, by report."""
    found = {}
    with warehouse.connect() as connection:
        for name, report in spec.reports().items():
            period = Period.parse(PERIODS[report.cadence])
            material = assemble.read(connection, report, load("barnet"), period, AS_AT, True)
            found[name] = [assemble.document(connection, material, unit) for unit in assemble.units(material)]
        connection.commit()
    return found


def tables_of(document: Document) -> list[Table]:
    """Every table that is a block of its own."""
    return [block for section in document.sections for block in section.blocks if isinstance(block, Table)]


def text_of(document: Document) -> str:
    """The page without its mark-up."""
    page = re.sub(r"<(style|title)>.*?</\1>", " ", html.render(document).decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_each_report_has_its_documents(documents):
    assert {name: len(found) for name, found in documents.items()} == {
        "benchmark_tables": 1, "corporate": 1, "corporate_members": 1, "head_of_service_audit": 4,
        "performance_matters": 4, "team_manager": 6,
    }  # fmt: skip


@pytest.mark.parametrize("change", [
    "audience: everyone", "per: borough", "formats: [docx]", "colour: red", "sections: []",
])  # fmt: skip
def test_a_wrong_specification_is_refused_by_file_and_field(tmp_path, change):
    field = change.split(":")[0]
    lines = (spec.FOLDER / "team_manager.yml").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith(f"{field}:")]
    if field == "sections":
        kept = kept[: next(i for i, line in enumerate(kept) if line.startswith("  - id"))]
    path = tmp_path / "team_manager.yml"
    path.write_text("\n".join([*kept, change]), encoding="utf-8")
    with pytest.raises(spec.SpecError, match=rf"team_manager.yml: {field}"):
        spec.read(path)


@pytest.mark.parametrize(
    ("block", "reason"),
    [
        ("{kind: duty_list, state: due}", "children are listed"),
        ("{kind: unit_table, title: t, indicators: [REF-01]}", "whole council"),
        ("{kind: cards, indicators: [REF-01], period: rolling_year}", "overlapping periods"),
    ],
)
def test_a_protected_report_cannot_ask_for_what_would_give_children_away(tmp_path, block, reason):
    path = tmp_path / "corporate_members.yml"
    text = (spec.FOLDER / "corporate_members.yml").read_text(encoding="utf-8")
    path.write_text(f"{text}\n      - {block}\n", encoding="utf-8")
    with pytest.raises(spec.SpecError, match=reason):
        spec.read(path)


@pytest.fixture(scope="module")
def cadences() -> dict[str, str]:
    """The catalogue's cadence of each indicator."""
    seed = ROOT / "dbt_project" / "seeds" / "indicators.csv"
    with seed.open(newline="", encoding="utf-8") as handle:
        return {row["indicator_id"]: row["cadence"] for row in csv.DictReader(handle)}


def test_every_indicator_of_a_report_stands_in_the_catalogue(cadences):
    """A report may name what is not computed yet, never what the catalogue does not know."""
    for name, report in spec.reports().items():
        assert set(report.indicators) <= cadences.keys(), name


def test_weekly_reports_name_what_is_read_weekly(cadences):
    """There are figures of weeks only where the catalogue's cadence has weeks."""
    weekly = {indicator_id for indicator_id, cadence in cadences.items() if "W" in cadence}
    found = {name: report for name, report in spec.reports().items() if report.cadence == "weekly"}
    assert found
    for name, report in found.items():
        assert set(report.indicators) <= weekly, name


def test_every_page_names_council_period_date_made_up_people_and_late_feeds(documents):
    for name, found in documents.items():
        for document in found:
            text = text_of(document)
            assert "Barnet" in text and "Made-up people." in text and "30 September 2026" in text
            assert document.period_text[1:] in text
            assert "Feed referral_decision is late: the last delivery is as at 9 September 2026." in text, name
            assert "held for a decision" in text


def test_the_corporate_report_starts_with_sentences_then_cards(documents):
    first = documents["corporate"][0].sections[0]
    assert [block.kind for block in first.blocks[:3]] == ["sentences", "cards", "chart"]
    assert all(re.search(r"\d", s.text) for s in first.blocks[0].sentences)


def test_a_card_shows_its_cases_comparators_and_verdict(documents):
    cards = {c.indicator_id: c for c in documents["corporate"][0].sections[0].blocks[1].cards}
    card = cards["ASM-03"]
    assert re.fullmatch(r"\d+\.\d%", card.value) and re.fullmatch(r"[\d,]+ of [\d,]+", card.detail)
    assert [name for name, _ in card.compare] == ["National target", "Statistical neighbours", "England"]
    assert card.tag is not None and "<svg" in card.spark


def test_figures_shown_are_remembered_with_their_cases(documents):
    grain = ("council", "all", "quarter", AS_AT)
    shown = [
        r for r in documents["corporate"][0].released if (r.level, r.breakdown, r.period_kind, r.period_end) == grain
    ]
    released = {(r.section, r.indicator_id): r for r in shown}
    figure = released["headlines", "ASM-03"]
    assert figure.shown == f"{100 * figure.numerator / figure.denominator:.1f}%"


def test_an_example_target_says_so(documents):
    assert "Local target (example)" in text_of(documents["corporate"][0])


def test_the_team_report_lists_children_by_identifier_and_writes_it_down(documents, marts):
    document = next(d for d in documents["team_manager"] if d.unit_code == "T-DAT1")
    rows = [
        row
        for s in document.sections
        if s.id in ("overdue", "due")
        for b in s.blocks
        if b.kind == "table"
        for row in b.rows
    ]
    assert rows and all(re.fullmatch(r"\d{8}", row[0].text) for row in rows)
    with warehouse.connect() as connection:
        query = (
            "select count(distinct child_key) from ops.access where report = 'team_manager' and unit_code = 'T-DAT1'"
        )
        assert connection.execute(query).fetchone()[0] >= len({row[0].text for row in rows})


def test_overdue_duties_come_first_and_say_by_how_much(documents):
    document = next(d for d in documents["team_manager"] if d.unit_code == "T-IP1")
    overdue = next(b for s in document.sections if s.id == "overdue" for b in s.blocks if b.kind == "table")
    days = [int(row[4].text.split()[0]) for row in overdue.rows]
    assert days == sorted(days, reverse=True) and all("overdue" in row[4].text for row in overdue.rows)


def test_no_pseudonym_stands_in_any_document(documents):
    for found in documents.values():
        for document in found:
            assert not re.search(r"\b[0-9a-f]{32}\b", html.render(document).decode())


def test_protected_documents_show_no_small_count(documents):
    """Of the protected figures that are counts, none is 1 to 7 and all are multiples of 5."""
    for name in ("corporate_members", "benchmark_tables"):
        counts = [r.numerator for r in documents[name][0].released if r.numerator is not None]
        assert counts and all(c % 5 == 0 and c > 7 for c in counts)
        assert any(r.shown == "[c]" for r in documents[name][0].released)


class Outline(HTMLParser):
    """Checks nesting; gathers headings, landmarks, ids, images and addresses."""

    def __init__(self):
        super().__init__()
        self.stack, self.headings, self.landmarks, self.ids, self.pictures, self.titled, self.addresses = (
            [],
            [],
            [],
            [],
            0,
            0,
            [],
        )

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if "id" in values:
            self.ids.append(values["id"])
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag in ("main", "nav", "header", "footer"):
            self.landmarks.append(tag)
        if tag == "svg":
            self.pictures += 1
        if tag == "title" and "svg" in self.stack:
            self.titled += 1
        self.addresses += [v for k, v in attributes if k in ("href", "src", "xlink:href") and v]
        if tag not in VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag):
        assert self.stack and self.stack.pop() == tag, f"</{tag}> closes nothing"


def test_pages_are_well_formed_titled_and_need_nothing_from_outside(documents):
    for found in documents.values():
        for document in found:
            page = html.render(document).decode()
            outline = Outline()
            outline.feed(page)
            assert not outline.stack and outline.headings[0] == 1 and outline.headings.count(1) == 1
            assert all(b - a <= 1 for a, b in zip(outline.headings, outline.headings[1:], strict=False)), (
                "no heading level is skipped"
            )
            assert {"main", "header", "footer"} <= set(outline.landmarks)
            assert len(outline.ids) == len(set(outline.ids)) and outline.titled == outline.pictures
            assert all(a.startswith("#") and a[1:] in outline.ids for a in outline.addresses)
            assert "<script" not in page and not re.search(r"url\(|@import|https?://(?!www\.w3\.org)", page)


def test_markup_in_a_title_is_text(marts, documents):
    """A team called <script> is a team called <script>."""
    from dataclasses import replace

    document = replace(documents["team_manager"][0], unit_name="<script>alert(1)</script>")
    page = html.render(document).decode()
    assert "<script>" not in page and "&lt;script&gt;" in page
    assert pdf.render(document).startswith(b"%PDF")


def test_groups_beside_a_hidden_one_have_no_share(documents):
    """Of a whole that is not shown no share can be told: the sum of the groups left over is not that whole."""
    tables = [table for table in tables_of(documents["corporate_members"][0]) if table.columns[0].label == "Group"]
    assert tables
    hidden, whole = 0, 0
    for table in tables:
        for column in list(zip(*table.rows, strict=True))[1:]:
            texts = [cell.text for cell in column]
            if "[c]" in texts:
                hidden += 1
                assert not any("%" in text for text in texts), texts
            else:
                whole += any("%" in text for text in texts)
    assert hidden and whole


@pytest.mark.parametrize("name", ["corporate", "team_manager", "corporate_members"])
def test_pdf_is_tagged_titled_and_says_what_the_page_says(documents, name):
    document = documents[name][0]
    reader = pypdf.PdfReader(io.BytesIO(pdf.render(document)))
    root = reader.trailer["/Root"]
    assert reader.metadata.title.startswith(document.title) and root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"] and b"pdfuaid" in root["/Metadata"].get_data()
    text = " ".join(page.extract_text() for page in reader.pages)
    assert "Made-up people" in text and "30 September 2026" in text
    assert all(section.title in re.sub(r"\s+", " ", text) for section in document.sections)


def test_renderers_give_the_same_bytes_twice(documents):
    for name in ("corporate", "team_manager"):
        for renderer in (html, pdf, xlsx):
            assert renderer.render(documents[name][0]) == renderer.render(documents[name][0])


@pytest.mark.parametrize("name", ["corporate", "team_manager", "benchmark_tables", "head_of_service_audit"])
def test_workbooks_hold_one_marked_table_a_sheet_and_hide_nothing(documents, name):
    book = load_workbook(io.BytesIO(xlsx.render(documents[name][0])))
    assert book.properties.title.startswith(documents[name][0].title)
    assert book.sheetnames[:2] == ["Cover", "Contents"] and len(book.sheetnames) > 3
    assert book.properties.created.date() == AS_AT
    for sheet in book.worksheets:
        assert sheet.sheet_state == "visible" and not sheet.merged_cells.ranges
        assert not any(d.hidden for d in sheet.row_dimensions.values()) and not any(
            d.hidden for d in sheet.column_dimensions.values()
        )
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
        assert len(sheet.tables) == (0 if sheet.title == "Cover" else 1)


def test_a_formula_in_a_name_stays_text(documents):
    from dataclasses import replace

    document = replace(documents["team_manager"][0], unit_name="=1+1")
    sheet = load_workbook(io.BytesIO(xlsx.render(document)))["Cover"]
    assert sheet["A2"].value == "=1+1" and sheet["A2"].data_type == "s"


def test_numbers_in_workbooks_are_numbers(documents):
    book = load_workbook(io.BytesIO(xlsx.render(documents["corporate"][0])))
    sheet = next(s for s in book.worksheets if "Assessments" in str(s["A1"].value) and "by team" in str(s["A1"].value))
    row = [cell.value for cell in sheet[4]]
    assert isinstance(row[1], (int, float)) and isinstance(row[2], int)


def test_tidy_files_have_the_columns_and_symbols_of_open_data(documents):
    files = {f.name: f.content.decode().splitlines() for f in documents["benchmark_tables"][0].files}
    assert set(files) == {
        "benchmarks_published.csv",
        "benchmarks_published.meta.csv",
        "own_figures.csv",
        "own_figures.meta.csv",
    }
    for name in ("benchmarks_published", "own_figures"):
        header, *rows = [line.split(",") for line in files[f"{name}.csv"]]
        described = [line.split(",")[0] for line in files[f"{name}.meta.csv"][1:]]
        assert header[10:] == described, "filters and indicators are described, geography is not"
        assert all(re.fullmatch(r"[a-z][a-z0-9_]*", column) for column in header)
        assert len({tuple(row[:10]) + tuple(row[10:12] if name == "own_figures" else ()) for row in rows}) == len(rows)
        assert len({row[1] for row in rows}) == 1, "year types are not mixed"
        values = [value for row in rows for value in row[12 if name == "own_figures" else 10 :]]
        assert all(re.fullmatch(r"-?\d+(\.\d+)?|[cxz]", value) for value in values)
    assert any(",c" in line for line in files["benchmarks_published.csv"])


def test_published_files_name_the_place_fully(documents):
    lines = (
        next(f for f in documents["benchmark_tables"][0].files if f.name == "benchmarks_published.csv")
        .content.decode()
        .splitlines()
    )
    own = next(line for line in lines if ",Barnet," in line)
    assert ",Local authority,E92000001,England,E13000002,Outer London,302,E09000003,Barnet," in own


def test_an_indicator_without_figures_leaves_a_reason(marts):
    """A quarter before the data begin: cards say so, charts stay away, nothing breaks."""
    report = spec.reports()["corporate"]
    with warehouse.connect() as connection:
        material = assemble.read(connection, report, load("barnet"), Period.parse("2015-Q2"), date(2015, 9, 30), True)
        document = assemble.document(connection, material, assemble.units(material)[0])
    assert "no figure for this period" in text_of(document)
    assert pdf.render(document) and xlsx.render(document)

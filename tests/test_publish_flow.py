"""Findings, journeys, forecasts, funnels, revisions and triangulation as reports show them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import publish_fixture
import pytest
from conftest import use_database

from publish import assemble, charts_chance, html, pdf, spec, xlsx
from publish.document import Document
from sightline import warehouse
from sightline.councils import load
from sightline.periods import Period

AS_AT = publish_fixture.AS_AT
PERIODS = {"monthly": "2026-09", "quarterly": "2026-Q2"}


@pytest.fixture(scope="module")
def marts(home: Path) -> Iterator[str]:
    """A database with the hand-made marts, and every connection of the process goes there meanwhile."""
    before = use_database(None)
    url = warehouse.create_database("publish_flow")
    use_database(url)
    with warehouse.connect() as connection:
        publish_fixture.create(connection)
    yield url
    use_database(before)


def documents(name: str, period: str | None = None) -> dict[str, Document]:
    """The documents of a report by unit."""
    report = spec.reports()[name]
    with warehouse.connect() as connection:
        at = Period.parse(period or PERIODS[report.cadence])
        material = assemble.read(connection, report, load("barnet"), at, AS_AT, True)
        return {
            d.unit_code: d for d in (assemble.document(connection, material, unit) for unit in assemble.units(material))
        }


@pytest.fixture(scope="module")
def matters(marts: str) -> dict[str, Document]:
    return documents("performance_matters")


def blocks(document: Document, section: str) -> list:
    return next(list(s.blocks) for s in document.sections if s.id == section)


def texts(block) -> list[list[str]]:
    return [[cell.text for cell in row] for row in block.rows]


def test_findings_put_the_worse_first_and_name_the_team(matters):
    own, teams = blocks(matters["barnet"], "findings")
    assert [s.tone for s in own.sentences] == ["bad", "watch"]
    assert own.sentences[0].text == "Assessments: nine months running below the mean of 82.0%. Worse than usual."
    assert [(s.strong, s.tone) for s in teams.sentences] == [
        ("Duty and Assessment 2:", "bad"),
        ("Intervention and Planning 1:", "good"),
    ]


def test_a_service_sees_its_own_teams_alone(matters):
    _, teams = blocks(matters["S-FS"], "findings")
    assert [s.strong for s in teams.sentences] == ["Intervention and Planning 1:"]


def test_a_journey_rests_on_those_whose_time_has_passed(matters):
    """20 contacts of March, half of them referred; of ten in September four went on, and six are still open."""
    chart = blocks(matters["barnet"], "journey")[0]
    assert texts(chart.table) == [
        ["Contact to referral, 30 days", "20", "10", "50%", "30% to 70%", "–", "5", "0", "6"],
        ["Re-referral after the case closed, 12 months", "1", "1", "100%", "21% to 100%", "–", "90", "0", "1"],
    ]
    assert chart.sentence == "Contact to referral within 30 days: 50% (10 of 20)."
    assert "Re-referral after the case closed 100% (1 of 1)" in chart.alt


def test_journeys_are_kept_among_the_released_figures(matters):
    kept = [r for r in matters["barnet"].released if r.breakdown == "journey" and r.indicator_id == "contact_referral"]
    assert [(r.numerator, r.denominator, r.shown) for r in kept] == [(10, 20, "50% (10 of 20)")]


def test_cases_opened_and_closed_by_team(matters):
    table = blocks(matters["barnet"], "journey")[1]
    assert "September 2026" in table.caption
    assert texts(table)[-1] == ["Barnet", "50", "9", "2", "8", "1", "52"]
    assert table.note == "Barnet: 52 open at the end of the period, 2 more than at its start."


def test_changed_figures_show_before_now_and_why(matters):
    (table,) = blocks(matters["barnet"], "revisions")
    assert [row[1:] for row in texts(table)] == [
        ["Barnet", "Jun 2026", "80.0% (80 of 100)", "80.8% (84 of 104)", "20 Sep 2026", "2 later deliveries"],
    ]
    (table,) = blocks(matters["S-FD"], "revisions")
    assert [row[1:] for row in texts(table)] == [
        ["Duty and Assessment 1", "Apr–Jun 26", "–", "3", "20 Sep 2026", "cases have ripened since"],
    ]
    (note,) = blocks(matters["S-CC"], "revisions")
    assert note.text.startswith("No figure of an ended period")


def test_contradictions_stand_beside_the_measures(matters):
    table = blocks(matters["barnet"], "quality")[-1]
    assert texts(table) == [
        ["Whole council", "60% (60 of 100)", "50% (50 of 100)", "80% (80 of 100)", "15.0", ""],
        ["Intervention and Planning 1", "70% (7 of 10)", "0% (0 of 5) ○", "70% (7 of 10)", "12.0 ▼",
         "audits high, performance low"],
    ]  # fmt: skip
    assert [cell.tone for cell in table.rows[1]] == [None, "good", None, "bad", None, "watch"]


def test_a_forecast_says_how_far_past_ones_missed(marts):
    section = blocks(documents("corporate")["barnet"], "ahead")
    chart = next(b for b in section if b.kind == "chart")
    assert "about 300 expected in Mar 2027; four times in five between 274 and 326." in chart.sentence
    assert "missed by 9% on average; the same month of the year before, by 14%. 83% of those" in chart.sentence
    assert texts(chart.table)[0] == ["Oct 2026", "300", "279", "321", "269", "331"]
    assert section[-1].text.startswith("No forecast: too few cases or months for")


def test_an_earlier_report_makes_no_use_of_what_came_later(marts):
    section = blocks(documents("corporate", "2026-Q1")["barnet"], "ahead")
    assert [b.kind for b in section] == ["note", "note"]
    assert all("which this report does not reach" in b.text for b in section)


def test_a_funnel_needs_four_units(matters):
    note = blocks(matters["barnet"], "front_door")[-1]
    assert note.kind == "note" and "fewer than 4 teams" in note.text


def test_a_funnel_names_what_lies_outside():
    svg = charts_chance.funnel_plot("t", [(100, 0.5, "Team A", -2), (40, 0.8, "Team B", 0)], 0.8, "All\n80%", "Cases")
    assert "Team A" in svg and "Team B" not in svg and "99.8%" in svg
    assert svg == charts_chance.funnel_plot(
        "t", [(100, 0.5, "Team A", -2), (40, 0.8, "Team B", 0)], 0.8, "All\n80%", "Cases"
    )


@pytest.mark.parametrize(
    "block",
    [
        "{kind: findings}",
        "{kind: journey, title: t}",
        "{kind: forecast, indicators: [REF-01]}",
        "{kind: funnel, indicators: [ASM-03]}",
        "{kind: revisions}",
        "{kind: triangulation}",
        "{kind: flow, title: t}",
    ],
)
def test_protected_reports_have_none_of_it(tmp_path, block):
    path = tmp_path / "corporate_members.yml"
    text = (spec.FOLDER / "corporate_members.yml").read_text(encoding="utf-8")
    path.write_text(f"{text}\n      - {block}\n", encoding="utf-8")
    with pytest.raises(spec.SpecError, match="whole council"):
        spec.read(path)


def test_every_form_of_the_report_stands(matters, marts):
    for document in (matters["barnet"], documents("corporate")["barnet"]):
        assert html.render(document) and pdf.render(document) and xlsx.render(document)
    assert date(2026, 9, 30) == AS_AT

"""Reports on the marts of a made-up council that came the whole way: what stands in them stands in the warehouse."""

from __future__ import annotations

import re

import pytest

from publish import assemble, html, pdf, spec, xlsx
from publish.release import latest_periods
from sightline.councils import load
from sightline.periods import Period


@pytest.fixture(scope="module")
def documents(built):
    """Every document of every report; nothing is kept of the reading."""
    found = {}
    with built.connect() as connection:
        for name, report in spec.reports().items():
            period = Period.parse(latest_periods(built.as_at)[report.cadence])
            material = assemble.read(connection, report, load(built.council), period, built.as_at, True)
            found[name] = [assemble.document(connection, material, unit) for unit in assemble.units(material)]
        connection.rollback()
    return found


def test_every_report_stands_and_renders(documents):
    for name, found in documents.items():
        assert found, name
        for document in found[:3]:
            assert html.render(document) and pdf.render(document) and xlsx.render(document)


def test_corporate_figures_are_those_of_the_warehouse(documents, built):
    """Every figure that the corporate report shows, to the last one."""
    released = [r for r in documents["corporate"][0].released if r.breakdown != "age_sex"]
    with built.connect() as connection:
        rows = connection.execute(
            "select indicator_id, level, unit_code, breakdown, category, period_kind, period_end, value"
            " from marts.fct_indicator_value"
            " where council = %s and period_kind in ('month', 'quarter', 'rolling_year')",
            (built.council,),
        ).fetchall()
    marts = {row[:-1]: row[-1] for row in rows}
    shown = {
        (r.indicator_id, r.level, r.unit_code, r.breakdown, r.category, r.period_kind, r.period_end): r.value
        for r in released
    }
    assert len(shown) > 500 and all(marts[key] == value for key, value in shown.items())


def test_pyramids_count_the_same_children_as_the_indicator(documents):
    """Age and sex of children in need add up to the children in need."""
    released = documents["corporate"][0].released
    parts = sum(r.value for r in released if (r.indicator_id, r.breakdown) == ("CIN-01", "age_sex"))
    whole = {
        r.value
        for r in released
        if (r.indicator_id, r.breakdown, r.period_kind, r.level) == ("CIN-01", "all", "quarter", "council")
    }
    assert parts in whole


def test_bars_by_locality_say_how_many_have_no_known_home(documents, built):
    """The made-up council has children without a fixed home: they are in no locality, and are not lost."""
    query = (
        "select count(*) filter (where locality is null), count(*) from marts.fct_observation"
        " where indicator_id = 'CIN-01' and observed_on = %s"
    )
    with built.connect() as connection:
        homeless, cases = connection.execute(query, (built.as_at,)).fetchone()
    section = next(s for s in documents["corporate"][0].sections if s.id == "children_in_need")
    charts = {b.title: b for b in section.blocks if b.kind == "chart"}
    chart = charts["Children in need by locality of their home"]
    assert chart.sentence.endswith(f" {homeless} more are in none of these groups.")
    assert sum(row[1].number for row in chart.table.rows) == cases - homeless > homeless > 0


def test_team_reports_count_each_open_duty_once(documents, built):
    with built.connect() as connection:
        owed = connection.execute("select count(*) from marts.fct_duty where state = 'overdue'").fetchone()[0]
    sections = [s for d in documents["team_manager"] for s in d.sections if s.id == "overdue"]
    listed = sum(len(b.rows) for s in sections for b in s.blocks if b.kind == "table")
    assert listed == owed > 0


def test_team_reports_know_every_child_and_name_nobody(documents, built):
    with built.connect() as connection:
        people = connection.execute(
            "select pers_forename, pers_surname from identity.ssd_person where closed_by is null"
        ).fetchall()
    names = {name for row in people for name in row if name and len(name) > 4}
    for document in documents["team_manager"]:
        page = html.render(document).decode()
        assert "not known" not in page
        words = set(re.findall(r"[A-Z][a-z]{4,}", re.sub(r"<style>.*?</style>", "", page, flags=re.S)))
        assert not {w for w in words & names if f">{w}<" in page}


def test_services_of_the_monthly_report_add_up_to_the_council(documents):
    """Referrals of the month, by service, are the council's."""
    by_unit = {}
    for document in documents["performance_matters"]:
        for r in document.released:
            if (
                r.indicator_id == "REF-01"
                and r.breakdown == "all"
                and r.period_kind == "month"
                and r.unit_code == document.unit_code
            ):
                by_unit[document.unit_code, r.period_end] = r.value
    last = max(end for _, end in by_unit)
    council = by_unit.pop(("barnet", last))
    assert sum(value for (_, end), value in by_unit.items() if end == last) == council

"""Rules of the returns' validators that shipped feeds have: days that cannot be in another order are warned of."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.check import Checker
from ingest.recognise import Header
from ingest.spec import load_specs
from ingest.table import Chunk

SPECS = load_specs()


def warned(feed: str, **values: str) -> tuple[int, set[tuple[str, str]]]:
    """Check a row with these values and whatever must be there; return rows kept and (column, rule) warned of."""
    spec = SPECS[feed]
    default = {"date": "01/01/2020" if spec.dates == "DD/MM/YYYY" else "2020-01-01", "flag": "Y"}
    row = []
    for column in spec.columns:
        must = values.get(column.name) is None and spec.is_required(column)
        needed = column.codes[0] if column.codes else default.get(column.type, "1")
        row.append(needed if must else values.get(column.name, ""))
    header = Header(tuple(range(len(row))), ())
    checked = Checker(spec, header, 2026, date(2026, 3, 31)).check(Chunk(range(2, 3), [row]), len(row))
    return len(checked.row_nos), {(fault.column, fault.rule) for _, fault in checked.warnings}


@pytest.mark.parametrize(
    ("feed", "first", "second"),
    [
        ("cin_assessment", "CINreferralDate", "AssessmentActualStartDate"),
        ("cin_details", "CINreferralDate", "DateOfInitialCPC"),
        ("cin_cp_plan", "CINreferralDate", "CPPstartDate"),
        ("cin_section47", "CINreferralDate", "S47ActualStartDate"),
        ("cin_section47", "S47ActualStartDate", "DateOfInitialCPC"),
        ("cin_plan", "CINreferralDate", "CINPlanStartDate"),
        ("cin_cp_review", "CPPstartDate", "CPPreviewDate"),
        ("ssda903_ad1", "DATE_INT", "DATE_MATCH"),
        ("ssda903_placed_for_adoption", "DOB", "DATE_PLACED"),
        ("ssda903_missing", "DOB", "MIS_START"),
        ("ssda903_dolo", "DOB", "DOLO_START"),
        ("ssd_cla_episodes", "clae_entered_care_date", "clae_cla_episode_start_date"),
        ("ssd_permanence", "perm_adm_decision_date", "perm_matched_date"),
        ("ssd_permanence", "perm_matched_date", "perm_placed_for_adoption_date"),
        ("ssd_permanence", "perm_adm_decision_date", "perm_decision_reversed_date"),
        ("ssd_cohort", "first_activity_dttm", "last_activity_dttm"),
    ],
)
def test_days_in_order(feed, first, second):
    """CIN census rules 1103 to 1105, 2889, 4015, 8615, 8841; SSDA903 rules 184, 331, 333, 522, 586, 708."""
    days = ("02/02/2026", "01/02/2026") if SPECS[feed].dates == "DD/MM/YYYY" else ("2026-02-02", "2026-02-01")
    assert warned(feed, **{first: days[0], second: days[0]}) == (1, set())
    assert warned(feed, **{first: days[0], second: days[1]}) == (1, {(second, "order")})


def test_a_person_of_the_cohort_is_told_why():
    """The dataset's own table forbids a blank (NOT NULL): noted, and the person stays."""
    kept, found = warned("ssd_cohort", has_contact="", has_903="")
    assert (kept, found) == (1, {("has_contact", "required"), ("has_903", "required")})

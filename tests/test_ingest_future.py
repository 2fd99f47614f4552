"""Days that cannot have come yet, in the feeds as they are. With a real PostgreSQL. All people are made up."""

from __future__ import annotations

from datetime import date

import pytest
from cin_sample import CHILD, census
from ingest_sample import APRIL, COUNCIL, MARCH, PERSON, ask, faults, load, load_one, write

from ingest.faults import find_faults
from ingest.spec import load_specs
from sightline import warehouse

pytestmark = pytest.mark.usefixtures("db")

MAY_LIE_AHEAD = {
    "cin_assessment": {"AssessmentInternalReviewDate"},
    "cin_child": {"ExpectedPersonBirthDate"},
    "cin_section47": {"InitialCPCtarget"},
    "ssd_care_leavers": {"clea_pathway_plan_review_date"},
    "ssd_cla_care_plan": {"lacp_cla_care_plan_end_date"},
    "ssd_cla_reviews": {"clar_cla_review_due_date"},
    "ssd_cp_reviews": {"cppr_cp_review_due"},
    "ssd_ehcp_named_plan": {"ehcn_named_plan_start_date"},
    "ssd_immigration_status": {"immi_immigration_status_end_date"},
    "ssd_initial_cp_conference": {"icpc_icpc_target_date", "icpc_icpc_date"},
    "ssd_linked_identifiers": {"link_valid_to_date"},
    "ssd_person": {"pers_expected_dob"},
    "ssd_pre_proceedings": {"prep_initial_pre_pro_meeting_date"},
    "ssd_version_log": {"release_date", "created_at"},
    "ssda903_uasc": {"DUC"},
}
"""Due, expected and planned days, last days of validity, 18th birthdays (DUC). `ssd_dim_date` is a calendar."""


def warned() -> list[tuple]:
    """Return row, column and rule of every warning."""
    return ask("select row_no, column_name, rule from ops.warning order by 1, 2")


def put(path, *lines: str):
    """Write a table of a return."""
    path.write_text("\n".join(lines) + "\n")
    return path


def test_every_other_day_of_the_national_datasets_must_have_come():
    """A new column of days is either `past`, or stands above with the others that may lie ahead."""
    ahead = {
        spec.feed: {one.name for one in spec.columns if one.type in ("date", "timestamp") and not one.past}
        for spec in load_specs().values()
        if spec.feed.startswith(("ssd_", "ssda903_", "cin_", "csww_", "annex_a_")) and spec.feed != "ssd_dim_date"
    }
    assert {feed: names for feed, names in ahead.items() if names} == MAY_LIE_AHEAD


def test_a_person_born_in_the_future_loads_without_the_day(tmp_path):
    """The child stays in every figure, the fault is reported; an expected birth is none, nor one on the as-at day."""
    people = [
        PERSON | {"pers_dob": "2090-06-17"},
        PERSON | {"pers_person_id": "00013", "pers_dob": "", "pers_expected_dob": "2026-08-01"},
        PERSON | {"pers_person_id": "00014", "pers_dob": MARCH.isoformat()},
    ]
    result = load_one(write(tmp_path, "ssd_person", people))
    assert (result.rows_inserted, result.rows_rejected) == (3, 0)
    assert warned() == [(2, "pers_dob", "future")]
    assert ask("select row_no, pers_dob::text from identity.ssd_person order by 1") == [
        (2, None),
        (3, None),
        (4, "2026-03-31"),
    ]
    with warehouse.connect() as connection:
        (fault,) = find_faults(connection, COUNCIL, MARCH)
    assert (fault.column, fault.rule, fault.child_id) == ("pers_dob", "future", "00012")


def test_a_birth_that_has_come_by_the_next_delivery_is_no_fault_there(tmp_path):
    """The rule asks the as-at date of the delivery."""
    people = [PERSON | {"pers_dob": "2026-04-20"}]
    load(write(tmp_path / "1", "ssd_person", people))
    result = load_one(write(tmp_path / "2", "ssd_person", people), as_at=APRIL)
    assert (result.rows_inserted, result.rows_closed, result.rows_warned) == (1, 1, 0)


def test_the_return_of_children_looked_after(tmp_path):
    """An episode of 2125 is set aside, for its first day is its key; an end to come and a birth are blanked."""
    header = put(
        tmp_path / "header.csv",
        "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB",
        "1,F,05/06/2090,WBRI,UN1,,",
        "2,F,05/06/2009,WBRI,UN1,1,01/01/2027",
    )
    load(header)
    assert warned() == [(2, "DOB", "future"), (3, "MC_DOB", "future")]
    assert ask('select row_no, "DOB"::text from identity.ssda903_header order by 1') == [(2, None), (3, "2009-06-05")]
    episodes = put(
        tmp_path / "episodes.csv",
        "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN",
        "1,05/06/2125,S,C2,N1,U1,PR1,,,,,,",
        "1,05/06/2025,S,C2,N1,U1,PR1,05/06/2125,E4A,,,,",
        "2,05/06/2025,S,C2,N1,U1,PR1,31/03/2026,E4A,,,,",
    )
    result = load_one(episodes)
    assert faults(result.delivery_id) == [(2, "DECOM", "future")]
    assert ask('select row_no, "DEC" from raw.ssda903_episodes order by 1') == [(3, None), (4, date(2026, 3, 31))]


def test_the_census_of_children_in_need(tmp_path):
    """The day that counts is the reference date of its header."""
    text = census(tmp_path / "cin.xml", [CHILD.format(id="1")], 2026).read_text()
    assert text.count("<PersonBirthDate>") == 1
    begin = text.index("<PersonBirthDate>") + len("<PersonBirthDate>")
    (tmp_path / "cin.xml").write_text(text[:begin] + "2112-01-01" + text[begin + 10 :])
    results = {one.feed: one for one in load(tmp_path / "cin.xml")}
    assert (results["cin_child"].rows_inserted, results["cin_child"].rows_warned) == (1, 1)
    assert warned() == [(1, "PersonBirthDate", "future")]
    assert {one.rows_rejected for one in results.values()} == {0}

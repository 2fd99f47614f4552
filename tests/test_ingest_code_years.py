"""Codes of the dataset (ssd_*) over the years: whatever a return knew loads; out of its time it is warned of."""

from __future__ import annotations

import csv
import json
from datetime import date
from itertools import pairwise

import pytest
from ingest_sample import ask, in_force, load_one, referrals, write

from ingest.check import Checker
from ingest.column import Column
from ingest.recognise import Header
from ingest.spec import load_specs
from ingest.table import Chunk
from synthetic import generate

AS_AT = date(2026, 3, 31)
SPECS = load_specs()
SAME_CODES = {
    ("ssd_cla_placement", "clap_cla_placement_type"): ("ssda903_episodes", "PLACE"),
    ("ssd_cla_placement", "clap_cla_placement_provider"): ("ssda903_episodes", "PLACE_PROVIDER"),
    ("ssd_cla_placement", "clap_cla_placement_change_reason"): ("ssda903_episodes", "REASON_PLACE_CHANGE"),
    ("ssd_cla_episodes", "clae_cla_episode_start_reason"): ("ssda903_episodes", "RNE"),
    ("ssd_cla_episodes", "clae_cla_episode_ceased_reason"): ("ssda903_episodes", "REC"),
    ("ssd_cla_episodes", "clae_cla_primary_need_code"): ("ssda903_episodes", "CIN"),
    ("ssd_legal_status", "lega_legal_status"): ("ssda903_episodes", "LS"),
    ("ssd_cla_reviews", "clar_cla_review_participation"): ("ssda903_reviews", "REVIEW_CODE"),
    ("ssd_care_leavers", "clea_care_leaver_activity"): ("ssda903_oc3", "ACTIV"),
    ("ssd_care_leavers", "clea_care_leaver_accommodation"): ("ssda903_oc3", "ACCOM"),
    ("ssd_care_leavers", "clea_care_leaver_in_touch"): ("ssda903_oc3", "IN_TOUCH"),
    ("ssd_permanence", "perm_adopter_sex"): ("ssda903_ad1", "SEX_ADOPTR"),
    ("ssd_permanence", "perm_adopter_legal_status"): ("ssda903_ad1", "LS_ADOPTR"),
    ("ssd_permanence", "perm_decision_reversed_reason"): ("ssda903_placed_for_adoption", "REASON_PLACED_CEASED"),
    ("ssd_cla_previous_permanence", "lapp_previous_permanence_option"): ("ssda903_previous_permanence", "PREV_PERM"),
    ("ssd_sdq_scores", "csdq_sdq_reason"): ("ssda903_oc2", "SDQ_REASON"),
    ("ssd_missing", "miss_missing_episode_type"): ("ssda903_missing", "MISSING"),
    ("ssd_person", "pers_sex"): ("ssda903_header", "SEX"),
    ("ssd_person", "pers_ethnicity"): ("ssda903_header", "ETHNIC"),
    ("ssd_person", "pers_upn_unknown"): ("cin_child", "UPNunknown"),
    ("ssd_disability", "disa_disability_code"): ("cin_disability", "Disability"),
    ("ssd_cin_episodes", "cine_cin_primary_need_code"): ("cin_details", "PrimaryNeedCode"),
    ("ssd_cin_episodes", "cine_referral_source_code"): ("cin_details", "ReferralSource"),
    ("ssd_cin_episodes", "cine_close_reason"): ("cin_details", "ReasonForClosure"),
    ("ssd_contacts", "cont_contact_source_code"): ("cin_details", "ReferralSource"),
    ("ssd_cp_plans", "cppl_cp_plan_initial_category"): ("cin_cp_plan", "InitialCategoryOfAbuse"),
    ("ssd_cp_plans", "cppl_cp_plan_latest_category"): ("cin_cp_plan", "LatestCategoryOfAbuse"),
}
BY_LAW = {"K3": date(2023, 10, 28), "P2": date(2023, 10, 27)}
"""P2 is no placement type from 28 October 2023 (rule 217t of csc-validator-be-903), when K3 took its place."""

JUDGED = [pair for pair in SAME_CODES if SPECS[pair[0]].column(pair[1]).valid]


def column_of(place: tuple[str, str]) -> Column:
    """A column of a shipped feed."""
    return SPECS[place[0]].column(place[1])


def lists_of(column: Column) -> dict[int, tuple[str, ...]]:
    """Collection year -> the codes that hold from then."""
    return dict(column.codes_by_year) or {2017: column.codes or ()}


def spellings_of(column: Column) -> set[str]:
    """Whatever a column takes: its codes and what stands for one."""
    return {*(column.codes or ()), *(text for others in (column.spellings or {}).values() for text in others)}


@pytest.mark.parametrize("place", SAME_CODES, ids=lambda place: place[1])
def test_a_list_of_the_dataset_has_each_code_that_a_return_ever_had(place):
    """The union over the years."""
    known = {code for codes in lists_of(column_of(SAME_CODES[place])).values() for code in codes}
    assert known - spellings_of(column_of(place)) == set()


@pytest.mark.parametrize("place", JUDGED, ids=lambda place: place[1])
def test_a_span_is_that_of_the_returns_lists(place):
    """From 1 April before the first year that has the code, until 31 March before the first that has it no more."""
    lists = lists_of(column_of(SAME_CODES[place]))
    years, since, until = sorted(lists), {}, {}
    for before, year in pairwise(years):
        since |= {code: BY_LAW.get(code, date(year - 1, 4, 1)) for code in set(lists[year]) - set(lists[before])}
        until |= {code: BY_LAW.get(code, date(year - 1, 3, 31)) for code in set(lists[before]) - set(lists[year])}
    validity = column_of(place).valid
    if (
        place[0] == "ssd_care_leavers"
    ):  # the day is that of the latest contact: today's code may stand beside an old one
        since = {}
    assert (validity.since, validity.until) == (since, until)


def test_no_column_with_codes_by_year_is_left_unjudged():
    """Where a return's list changes, the dataset's column says when; a sex has no day, contacts are in no return."""
    changing = {place for place, of in SAME_CODES.items() if len(lists_of(column_of(of))) > 1}
    assert changing - set(JUDGED) == {("ssd_person", "pers_sex"), ("ssd_contacts", "cont_contact_source_code")}


def judge(feed: str, **values: str) -> tuple[list, list[tuple[str, str]]]:
    """Check one row of a shipped feed, filled in where it must be; return faults, and warnings as (column, rule)."""
    spec = SPECS[feed]
    row = [values.get(column.name, "1" if column.name in spec.key else "") for column in spec.columns]
    needed = [at for at, column in enumerate(spec.columns) if spec.is_required(column) and not row[at]]
    for at in needed:
        row[at] = "2020-01-01" if spec.columns[at].type == "date" else "1"
    checked = Checker(spec, Header(tuple(range(len(row))), ()), None, AS_AT).check(Chunk(range(2, 3), [row]), len(row))
    faults = [fault for bad in checked.bad for fault in bad.faults]
    assert len(checked.row_nos) + len(checked.bad) == 1
    kept = {column.name: checked.columns[at].to_list() for at, column in enumerate(spec.columns)}
    assert not checked.warnings or all(kept[name] == [text] for name, text in values.items())
    return faults, [(fault.column, fault.rule) for _, fault in checked.warnings]


PLACED = ("clap_cla_placement_type", "clap_cla_placement_start_date", "clap_cla_placement_end_date")
CEASED = ("clae_cla_episode_ceased_reason", "clae_cla_episode_start_date", "clae_cla_episode_ceased_date")
MOVED = ("clap_cla_placement_change_reason", "clap_cla_placement_start_date", "clap_cla_placement_end_date")
CLOSED = ("cine_close_reason", "cine_referral_date", "cine_close_date")
CALLED = ("cine_referral_source_code", "cine_referral_date")
ACTIVE = ("clea_care_leaver_activity", "clea_care_leaver_latest_contact")


@pytest.mark.parametrize(
    ("names", "feed", "values", "is_out"),
    [
        (PLACED, "ssd_cla_placement", ("H5", "2024-03-31", ""), False),
        (PLACED, "ssd_cla_placement", ("H5", "2024-04-01", ""), True),
        (PLACED, "ssd_cla_placement", ("P2", "2023-10-27", "2026-01-01"), False),
        (PLACED, "ssd_cla_placement", ("P2", "2023-10-28", "2026-01-01"), True),
        (PLACED, "ssd_cla_placement", ("K3", "2020-01-01", "2023-10-27"), True),
        (PLACED, "ssd_cla_placement", ("K3", "2020-01-01", "2023-10-28"), False),
        (PLACED, "ssd_cla_placement", ("K3", "2020-01-01", ""), False),
        (PLACED, "ssd_cla_placement", ("Z14", "2025-01-01", "2025-03-31"), True),
        (PLACED, "ssd_cla_placement", ("Z14", "2025-01-01", "2025-04-01"), False),
        (PLACED, "ssd_cla_placement", ("Z1", "2026-01-05", ""), False),
        (PLACED, "ssd_cla_placement", ("P3", "2026-01-05", ""), False),
        (MOVED, "ssd_cla_placement", ("CUSTOD", "2017-01-01", "2018-03-31"), True),
        (MOVED, "ssd_cla_placement", ("CUSTOD", "2017-01-01", "2018-04-01"), False),
        (CEASED, "ssd_cla_episodes", ("E43", "2017-01-01", "2018-03-31"), False),
        (CEASED, "ssd_cla_episodes", ("E43", "2017-01-01", "2018-04-01"), True),
        (CEASED, "ssd_cla_episodes", ("E45", "2017-01-01", "2018-03-31"), True),
        (CEASED, "ssd_cla_episodes", ("E45", "2017-01-01", "2018-04-01"), False),
        (CLOSED, "ssd_cin_episodes", ("RC9", "2021-01-01", "2022-03-31"), True),
        (CLOSED, "ssd_cin_episodes", ("RC9", "2021-01-01", "2022-04-01"), False),
        (CALLED, "ssd_cin_episodes", ("5D", "2022-03-31"), True),
        (CALLED, "ssd_cin_episodes", ("5D", "2022-04-01"), False),
        (ACTIVE, "ssd_care_leavers", ("F3", "2021-03-31"), False),
        (ACTIVE, "ssd_care_leavers", ("F3", "2021-04-01"), True),
        (ACTIVE, "ssd_care_leavers", ("F5", "2021-03-31"), False),
        (ACTIVE, "ssd_care_leavers", ("F3", ""), False),
    ],
)
def test_a_code_out_of_its_time_warns_and_stays(names, feed, values, is_out):
    """The last day of a list and the first of the next; the row is kept with its code, for it is a real child's."""
    faults, warnings = judge(feed, **dict(zip(names, values, strict=True)))
    assert (faults, warnings) == ([], [(names[0], "code_then")] if is_out else [])


@pytest.mark.usefixtures("db")
def test_placements_of_today_load_with_the_codes_of_today(tmp_path):
    """Z11, Z14 and P3 are of 2026; P2 and H5 are not: loaded, and warned of. What no year knew is set aside."""
    types = ["Z11", "Z14", "P3", "P2", "H5", "K2", "Q9"]
    rows = [
        {"clap_cla_placement_id": f"P{number}", "clap_person_id": "1", "clap_cla_placement_start_date": "2026-01-05"}
        | {"clap_cla_placement_type": kind}
        for number, kind in enumerate(types)
    ]
    result = load_one(write(tmp_path, "ssd_cla_placement", rows))
    assert (result.rows_inserted, result.rows_rejected, result.rows_warned) == (6, 1, 2)
    assert in_force("ssd_cla_placement", "clap_cla_placement_type") == [(kind,) for kind in types[:-1]]
    told = "select row_no, column_name, rule from ops.warning order by 1"
    assert ask(told) == [(5, "clap_cla_placement_type", "code_then"), (6, "clap_cla_placement_type", "code_then")]


@pytest.mark.usefixtures("db")
def test_care_that_ended_years_ago_is_not_lost(tmp_path):
    """E43, E44, E2 and E14 at the beginning of 2017: the episodes are in force, and nothing is to be mended."""
    reasons = ["E43", "E44", "E2", "E14"]
    rows = [
        {"clae_cla_episode_id": f"E{number}", "clae_person_id": "1", "clae_cla_episode_start_date": "2015-01-05"}
        | {"clae_cla_episode_ceased_date": "2017-01-05", "clae_cla_episode_ceased_reason": reason}
        for number, reason in enumerate(reasons)
    ]
    result = load_one(write(tmp_path, "ssd_cla_episodes", rows))
    assert (result.rows_inserted, result.rows_rejected, result.rows_warned) == (4, 0, 0)


@pytest.mark.usefixtures("db")
def test_a_closure_reason_before_its_time_is_warned_of(tmp_path):
    """RC9 in 2018; no value stands in what the ledger says."""
    rows = referrals(2, cine_referral_date="2018-01-05", cine_close_date="2018-05-01", cine_close_reason="RC9")
    rows[1]["cine_close_reason"] = "RC8"
    result = load_one(write(tmp_path, "ssd_cin_episodes", rows))
    assert (result.rows_inserted, result.rows_rejected, result.rows_warned) == (2, 0, 1)
    assert ask("select rule, reason from ops.warning") == [
        ("code_then", "a code that does not hold on the day in cine_close_date")
    ]


def test_the_made_up_council_has_the_codes_of_each_day(tmp_path):
    """But for planted faults nothing is out of its time."""
    generate(tmp_path, "barnet", 300, 5, 11, date(2026, 9, 30))
    planted = {(one["file"], one["row_no"]) for one in json.loads((tmp_path / "planted_faults.json").read_text())}
    judged = 0
    for feed, name in JUDGED:
        validity, file = column_of((feed, name)).valid, f"{feed}.csv"
        with (tmp_path / file).open(newline="") as handle:
            rows = [row for no, row in enumerate(csv.DictReader(handle), 2) if (file, no) not in planted]
        for row in rows:
            code, first, last = row[name], row[validity.day], row[validity.last or validity.day]
            judged += code in validity.since or code in validity.until
            assert not (last and code in validity.since and last < validity.since[code].isoformat()), name
            assert not (code in validity.until and first > validity.until[code].isoformat()), name
    assert judged > 20

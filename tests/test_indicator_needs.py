"""The feeds that each indicator needs: held to what its models read, so that none is forgotten and none invented."""

from __future__ import annotations

import csv
import re
from collections import defaultdict

import pytest

from sightline.settings import ROOT
from sightline.trace import SHARED, SOURCE, _rule_lines, _upstream

SEEDS = ROOT / "dbt_project" / "seeds"
MODELS = {path.stem: path for path in (ROOT / "dbt_project" / "models").rglob("*.sql")}
# Read by every indicator's way: what they add to a rule beside worker, team and breakdown is named in the list.
PEOPLE = {"ssd_person", "ssd_disability", "ssd_immigration_status", "ssd_involvements"}
# What a model carries for some of its indicators, which the others do not read; and what only says more of a case.
CARRIED = {
    "int_referral": {
        "referral_decision": "the day of the decision, for REF-07",
        "ssd_cin_assessments": "whether one followed, for REF-08",
    },
    "int_assessment": {"ssd_cin_episodes": "where the clock starts: of no matter for what is counted without it"},
    "int_s47": {
        "ssd_cin_episodes": "when the referral is closed, for S47-10",
        "ssd_initial_cp_conference": "the conference, for S47-03, S47-04 and S47-10",
    },
    "int_conference": {
        "ssd_cin_episodes": "where the clock of a child who moves in starts",
        "ssd_s47_enquiry": "where the clock starts, for what is timed",
    },
    "int_cin__snapshot": {"ssd_cin_assessments": "whether the child awaits one, for CIN-08"},
    "int_cin_plan__snapshot": {"ssd_cin_visits": "the visit due, for CIN-13; a plan without visits has its row"},
    "int_cp_plan__snapshot": {
        "ssd_cp_reviews": "the review due, for CP-10 and CP-15; a plan without reviews has its row",
        "ssd_cp_visits": "the visit due, for CP-12 and CP-13; a plan without visits has its row",
    },
    "int_cla_placement": {"ssd_cla_episodes": "the stay with one carer, for PLC-01 to PLC-03 and PLC-05"},
    "int_cla__cohort": {"ssd_cla_placement": "where the child is placed, for what is said of placements"},
    "int_cla__snapshot": {
        "ssd_cla_health": "HLT-02 to HLT-04",
        "ssd_cla_immunisations": "HLT-05",
        "ssd_cla_reviews": "CLA-15, and of which kind a visit is",
        "ssd_cla_visits": "CLA-14",
        "ssd_immigration_status": "CLA-07",
        "ssd_involvements": "workers of a year, for CLA-17",
        "ssd_professionals": "CLA-22",
        "ssd_sdq_scores": "HLT-07 and HLT-08",
    },
    "int_cla_year__observations": {
        "ssd_cla_convictions": "OFF-01",
        "ssd_cla_substance_misuse": "HLT-09 and HLT-10",
    },
    "int_cla_start__observations": {"ssd_immigration_status": "CLA-08"},
    "int_cla_plan__observations": {"ssd_cla_care_plan": "CLA-19"},
    "int_care_leaver": {
        "ssd_cla_episodes": "fostered until 18, for CL-08",
        "ssd_cla_placement": "fostered until 18, for CL-08",
        "ssd_legal_status": "short breaks, which the end of care does not ask for",
    },
    "int_adoption": {
        "ssd_cla_episodes": "coming into and leaving care; a match after an order needs neither",
        "ssd_legal_status": "short breaks, which no step to adoption asks for",
    },
    "int_missing": {"return_interview": "MIS-05"},
    "int_private_fostering": {"private_fostering_visit": "PF-02 and PF-03"},
    "int_ehc_plan__observations": {
        "ssd_cla_episodes": "EDU-08b", "ssd_cla_placement": "EDU-08b", "ssd_legal_status": "EDU-08b",
        "ssd_cin_episodes": "EDU-19",
    },
    "int_worker__snapshot": {"staff_post": "full-time equivalents, else those of the worker's own record"},
    "int_social_worker__snapshot": {"ssd_involvements": "cases held, for WF-12 and WF-14", "staff_absence": "WF-07"},
    "int_case_holder__snapshot": {"supervision": "SUP-02", "practice_observation": "OBS-04"},
    "int_expectation": {"team_link": "owed only where the council's file links people to teams"},
    "int_meeting_4r__observations": {"audit": "child and worker"},
    "int_moderation__observations": {"audit": "child, worker and team"},
}  # fmt: skip

CARRIED_BY_DUTIES = {
    "int_cla_visit__link": {"ssd_cla_reviews": "before the first one visits to parents are weekly, for T09_parents"},
    "int_cp_plan__duties": {"ssd_cp_reviews": "T05", "ssd_cp_visits": "T07"},
}


def _rows(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


CATALOGUE = {row["indicator_id"]: row for row in _rows("indicators") if row["status"] == "computed"}
CLOCKS = defaultdict(set)
for _row in _rows("clock_needs"):
    CLOCKS[_row["clock_id"]].add(_row["feed"])
LISTED = [(row["indicator_id"], row["feed"]) for row in _rows("indicator_needs")]


def needs() -> dict[str, set[str]]:
    """Every feed that an indicator needs, those of its counts included."""
    own = defaultdict(set)
    for indicator_id, row in CATALOGUE.items():
        own[indicator_id].add(row["feed"])
    for indicator_id, feed in LISTED:
        own[indicator_id].add(feed)
    return {one: own[one].union(*(own[part] for part in row["made_of"].split())) for one, row in CATALOGUE.items()}


def way(indicator_id: str) -> tuple[set[str], set[str]]:
    """The models on an indicator's way and the feeds that they read, those of its counts included."""
    observed = {indicator_id, *CATALOGUE[indicator_id]["made_of"].split()}
    models = _upstream([path for one in sorted(observed) for path, _line in _rule_lines(one)])
    feeds = {feed for path in models for feed in SOURCE.findall(path.read_text())}
    return {path.stem for path in models}, feeds


def test_the_list_names_computed_indicators_and_feeds_in_the_catalogues_order():
    order = list(CATALOGUE)
    assert sorted(set(LISTED), key=lambda row: (order.index(row[0]), row[1])) == LISTED
    assert [row for row in LISTED if not (ROOT / "ingest" / "feeds" / f"{row[1]}.yml").is_file()] == []
    assert [row for row in LISTED if row[1] == CATALOGUE[row[0]]["feed"]] == []


@pytest.mark.parametrize("indicator_id", CATALOGUE)
def test_what_an_indicator_needs_is_what_its_models_read(indicator_id):
    """A feed that is needed is read; one that is read is needed, or stands in the list of reasons why not."""
    models, read = way(indicator_id)
    needed = needs()[indicator_id]
    assert needed - read - PEOPLE == set()
    excused = {feed for model in models for feed in CARRIED.get(model, {})}
    assert read - needed - excused == set()


@pytest.mark.parametrize("clock_id", CLOCKS)
def test_what_a_clock_needs_is_what_its_duties_read(clock_id):
    word = re.compile(rf"\b{clock_id.split('_')[0]}(?![0-9a-z])")
    duties = [path for name, path in MODELS.items() if name.endswith("__duties")]
    starts = [path for path in duties if word.search(path.read_text().partition(".")[0])]
    models = _upstream(starts)
    read = {feed for path in models for feed in SOURCE.findall(path.read_text())}
    excused = {feed for path in models for feed in (CARRIED | CARRIED_BY_DUTIES).get(path.stem, {})}
    assert len(starts) == 1
    assert CLOCKS[clock_id] - read - PEOPLE == set()
    assert read - CLOCKS[clock_id] - excused == set()


def test_every_computed_clock_says_what_it_needs():
    computed = [row["clock_id"] for row in _rows("clocks") if row["status"] == "computed"]
    assert list(CLOCKS) == computed


def test_the_reasons_are_of_models_that_read_the_feed():
    for model, feeds in (CARRIED | CARRIED_BY_DUTIES).items():
        behind = {feed for path in _upstream([MODELS[model]]) for feed in SOURCE.findall(path.read_text())}
        assert feeds.keys() <= behind, model


def test_what_everyone_reads_of_people_is_read_by_the_shared_models():
    shared = {feed for name in SHARED & MODELS.keys() for feed in _sources(name)}
    assert shared >= PEOPLE


def _sources(model: str) -> set[str]:
    return {feed for path in _upstream([MODELS[model]]) for feed in SOURCE.findall(path.read_text())}

"""Numbers that cannot be: the bounds of a column, and those of the shipped feeds. People are made up."""

from __future__ import annotations

import math

import polars as pl
import pytest
from ingest_sample import ask, faults, in_force, load_one, write
from pydantic import ValidationError

from ingest.column import Column
from ingest.judge import explain, values_of
from ingest.spec import load_specs

SPECS = load_specs()
NUMBERS = [
    (spec.feed, column.name)
    for spec in SPECS.values()
    if spec.group != "national"
    for column in spec.columns
    if column.type in ("int", "numeric")
]
COUNTED_BY_US = {"COLLECTION_YEAR", "CensusYear", "ReferralNo", "AssessmentNo", "CPPNo"} | {
    "CINPlanNo",
    "PPNo",
    "Section47No",
}
OF_THE_CALENDAR = "ssd_dim_date"


def judged(column: Column, *texts: str) -> list[str | None]:
    """Canonical texts, None where a value is at fault."""
    return values_of(column, "YYYY-MM-DD").canonical(pl.Series(texts)).to_list()


@pytest.mark.parametrize(
    ("bounds", "good", "bad", "reason"),
    [
        ({"min": 0, "max": 40}, ["0", "40", "40.0", "+7", "-0", ""], ["-1", "41", "99"], "not from 0 to 40"),
        ({"min": 1}, ["1", "999999999999999999"], ["0", "-1"], "less than 1"),
        ({"max": 2}, ["2", "-5"], ["3", "500"], "more than 2"),
    ],
)
def test_both_bounds_are_inside(bounds, good, bad, reason):
    """What is outside has a fault of its own, and its reason does not say the value."""
    column = Column(name="score", type="int", level="warn", **bounds)
    assert None not in judged(column, *good)
    assert judged(column, *bad) == [None] * len(bad)
    for text in bad:
        fault = explain(column, text)
        assert (fault.rule, fault.level, fault.reason) == ("range", "warn", reason)


def test_a_fraction_is_bounded_like_a_whole_number():
    """And stays as it was written."""
    column = Column(name="fte", type="numeric", min=0, max=1.5)
    assert judged(column, "0", "0.6", "1.50", "1.51", "-0.1") == ["0", "0.6", "1.50", None, None]


def test_what_is_no_number_is_no_number_out_of_range():
    """The type comes first, for it is mended otherwise."""
    column = Column(name="score", type="int", min=0, max=40)
    assert [explain(column, text).rule for text in ("twelve", "1.5", "1e3")] == ["type"] * 3


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"min": 0}, "for numbers, not for text"),
        ({"type": "date", "max": 9}, "for numbers, not for date"),
        ({"type": "published_number", "min": 0}, "for numbers, not for published_number"),
        ({"type": "int", "min": 2, "max": 1}, "min is more than max"),
    ],
)
def test_bounds_that_cannot_hold_are_refused(attributes, message):
    with pytest.raises(ValidationError, match=message):
        Column(name="score", **attributes)


@pytest.mark.parametrize("place", NUMBERS, ids=".".join)
def test_no_number_of_a_council_may_be_negative(place):
    """Counts, scores, days, miles and shares of a post; an age may be that of the unborn. Our own counters are ours."""
    feed, name = place
    if name in COUNTED_BY_US or feed == OF_THE_CALENDAR:
        return
    column = SPECS[feed].column(name)
    lowest = "-2" if name == "age_of_child_years" else "-1"
    assert judged(column, lowest) == [None]
    assert None not in judged(column, str(math.ceil(column.min)))


SDQ = {"csdq_person_id": "1", "csdq_sdq_completed_date": "2026-01-05"}


@pytest.mark.usefixtures("db")
def test_a_score_beyond_the_questionnaire_is_set_aside(tmp_path):
    """0 to 40 (SSDA903, OC2)."""
    scores = ["0", "40", "41", "-7", "99", ""]
    rows = [SDQ | {"csdq_table_id": f"S{at}", "csdq_sdq_score": score} for at, score in enumerate(scores)]
    result = load_one(write(tmp_path, "ssd_sdq_scores", rows))
    assert faults(result.delivery_id) == [(row_no, "csdq_sdq_score", "range") for row_no in (4, 5, 6)]
    assert in_force("ssd_sdq_scores", "csdq_sdq_score") == [(0,), (40,), (None,)]
    assert ask("select distinct reason from ops.rejected_row") == [("not from 0 to 40",)]


@pytest.mark.usefixtures("db")
def test_a_placement_with_a_wrong_distance_is_not_lost(tmp_path):
    """Its distance is: less than nothing, or no number."""
    rows = [
        {"clap_cla_placement_id": f"P{at}", "clap_person_id": "1", "clap_cla_placement_start_date": "2026-01-05"}
        | {"clap_cla_placement_type": "U6", "clap_cla_placement_distance": miles}
        for at, miles in enumerate(["0", "-0.1", "far"])
    ]
    result = load_one(write(tmp_path, "ssd_cla_placement", rows))
    assert (result.rows_inserted, result.rows_rejected) == (3, 0)
    told = ask("select row_no, column_name, rule from ops.warning order by 1")
    assert told == [(3, "clap_cla_placement_distance", "range"), (4, "clap_cla_placement_distance", "type")]


@pytest.mark.usefixtures("db")
def test_an_adoption_has_one_or_two_adopters(tmp_path):
    """SSDA903, rule 175: another number is set aside like a code that there is not; OC2 loses its SDQ alone."""
    born = {"DOB": "01/01/2020", "DATE_INT": "01/01/2026", "DATE_MATCH": "01/02/2026", "FOSTER_CARE": "0"}
    rows = [
        {"CHILD": str(at), "NB_ADOPTR": number, "SEX_ADOPTR": "MM", "LS_ADOPTR": "L0"} | born
        for at, number in enumerate(["1", "2", "0", "500"])
    ]
    header = [column.name for column in SPECS["ssda903_ad1"].file_columns]
    result = load_one(write(tmp_path / "ad1", "ssda903_ad1", rows, header=header))
    assert faults(result.delivery_id) == [(4, "NB_ADOPTR", "range"), (5, "NB_ADOPTR", "range")]
    header = [column.name for column in SPECS["ssda903_oc2"].file_columns]
    rows = [{"CHILD": str(at), "DOB": "01/01/2018", "SDQ_SCORE": score} for at, score in enumerate(["40", "99"])]
    result = load_one(write(tmp_path / "oc2", "ssda903_oc2", rows, header=header))
    assert (result.rows_inserted, result.rows_rejected) == (2, 0)
    assert set(in_force("ssda903_oc2", "SDQ_SCORE")) == {(40,), (None,)}

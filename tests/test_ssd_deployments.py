"""The dataset as each case system delivers it: other columns, other names, other forms of a value. All made up."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from ingest_sample import ask, load, load_one

from ingest.spec import Column, load_specs
from ingest.templates import EXAMPLES

SSD = Path(__file__).resolve().parents[2] / "shared" / "specs" / "ssd.json"
SPECS = {feed: spec for feed, spec in load_specs().items() if feed.startswith("ssd_")}
NUMBERS = ("int", "numeric", "bigint", "decimal", "tinyint", "float", "double", "real")


def example(column: Column, sql_type: str) -> str:
    """A value as the database type of a deployment writes it."""
    if column.codes:
        return column.codes[0]
    if column.type == "id" and sql_type.startswith(NUMBERS):
        return "12"
    if column.type == "date" and sql_type.startswith(("datetime", "timestamp")):
        return f"{EXAMPLES['date']} 00:00:00.000"
    return EXAMPLES.get(column.type, "made-up example")


def table(feed: str, deployment: str, differences: dict[str, dict]) -> dict[str, str]:
    """One row of a table under the headers of a deployment."""
    fields = differences.get(feed, {})
    types = {name: kinds[deployment] for name, kinds in fields.items() if kinds.get(deployment)}
    row = {}
    for column in SPECS[feed].columns:
        if not any(deployment in kinds for kinds in fields.values()):
            name = column.name
        else:
            names = (column.name, *column.aliases)
            name = next((name for name in names if name in types or name not in fields), None)
        if name and not (column.optional and name not in types):
            row[name] = example(column, types.get(name, ""))
    return row


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("deployment", ["systemc", "mosaic", "eclipse"])
def test_every_table_of_a_deployment_loads(tmp_path, deployment):
    """One row of each table, under the deployment's own headers, is loaded and none rejected."""
    if not SSD.is_file():
        pytest.skip(f"{SSD.name} is not here")
    differences = json.loads(SSD.read_text())["cms_differences"]
    for feed in SPECS:
        row = table(feed, deployment, differences)
        with (tmp_path / f"{feed}.csv").open("w", newline="") as handle:
            csv.writer(handle).writerows([[name.upper() for name in row], list(row.values())])
    results = {result.feed: result for result in load(tmp_path)}
    assert {feed for feed in SPECS if (results[feed].state, results[feed].rows_inserted) != ("loaded", 1)} == set()


@pytest.mark.usefixtures("db")
def test_reviews_under_old_names(tmp_path):
    """Mosaic's older table of reviews has names of its own; its child is the same child."""
    path = tmp_path / "ssd_cp_reviews.csv"
    path.write_text(
        "workflow_step_id,person_id,registration_id,due_date,actual_date,review_outcome,quorate,review_participation\n"
        "801,12,7,2026-01-10,2026-01-09,Y,Y,PN1\n"
    )
    result = load_one(path)
    assert (result.state, result.rows_inserted, result.rows_rejected) == ("loaded", 1, 0)
    ask_for = "select cppr_cp_review_id, cppr_cp_plan_id, cppr_cp_review_date::text from raw.ssd_cp_reviews"
    assert ask(ask_for) == [("801", "7", "2026-01-09")]


@pytest.mark.usefixtures("db")
def test_a_child_missing_from_a_row_is_a_fault_where_the_table_has_the_column(tmp_path):
    """A column that the deployment lacks is blank; a blank in a column that is there is not."""
    without = tmp_path / "without" / "ssd_cin_visits.csv"
    header = (
        "cinv_cin_visit_id,cinv_cin_visit_date,cinv_cin_visit_seen,cinv_cin_visit_seen_alone,cinv_cin_visit_bedroom"
    )
    without.parent.mkdir()
    without.write_text(f"{header},cinv_cin_plan_id\nV1,2026-01-05,Y,N,N,P1\n")
    blank = tmp_path / "blank" / "ssd_cin_visits.csv"
    blank.parent.mkdir()
    blank.write_text(f"{header},cinv_person_id\nV2,2026-01-05,Y,N,N,\n")
    first, second = load_one(without), load_one(blank)
    assert (first.rows_inserted, first.rows_rejected) == (1, 0)
    assert (second.rows_inserted, second.rows_rejected) == (0, 1)


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    ("flag", "sex", "day"),
    [
        ("1", "2", "2026-01-05 13:40:11.123"),
        ("Yes", "Female", "2026-01-05T13:40:11"),
        ("TRUE", "f", "2026-01-05 00:00:00"),
    ],
)
def test_one_value_has_many_forms(tmp_path, flag, sex, day):
    """Bits, words and letters are the same flag and sex; of a day with a time the day counts."""
    visits = tmp_path / "ssd_cla_visits.csv"
    header = ",".join(column.name for column in SPECS["ssd_cla_visits"].columns)
    visits.write_text(f"{header}\nV1,C1,00012,{day},{flag},{flag}\n")
    people = tmp_path / "ssd_person.csv"
    names = [column.name for column in SPECS["ssd_person"].columns if not column.optional]
    row = dict.fromkeys(names, "") | {"pers_person_id": "00012", "pers_sex": sex, "pers_dob": day}
    people.write_text(",".join(names) + "\n" + ",".join(row.values()) + "\n")
    assert {result.state for result in load(tmp_path)} == {"loaded"}
    seen = "select clav_cla_visit_date::text, clav_cla_visit_seen, clav_cla_visit_seen_alone from raw.ssd_cla_visits"
    assert ask(seen) == [("2026-01-05", "Y", "Y")]
    assert ask("select pers_sex from raw.ssd_person") == [("F",)]


@pytest.mark.usefixtures("db")
def test_a_small_fault_does_not_lose_a_child(tmp_path):
    """An unknown ethnicity and a day of death to come are blanked and noted; the child is there."""
    path = tmp_path / "ssd_person.csv"
    names = [column.name for column in SPECS["ssd_person"].columns if not column.optional]
    row = dict.fromkeys(names, "") | {
        "pers_person_id": "00012",
        "pers_ethnicity": "??",
        "pers_death_date": "2027-01-05",
    }
    path.write_text(",".join(names) + "\n" + ",".join(row.values()) + "\n")
    result = load_one(path)
    assert (result.rows_inserted, result.rows_rejected) == (1, 0)
    assert ask("select pers_ethnicity, pers_death_date from raw.ssd_person") == [(None, None)]
    noted = f"select column_name, rule from ops.warning where delivery_id = {result.delivery_id} order by 1"
    assert ask(noted) == [("pers_death_date", "future"), ("pers_ethnicity", "code")]

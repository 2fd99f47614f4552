"""The made-up council's statutory returns: the same children as its extracts, whole, loading without a fault."""

from __future__ import annotations

import csv
import hashlib
from datetime import date
from pathlib import Path

import pytest
from ingest_sample import ask, faults, load

from ingest.xml_return import open_return
from synthetic.council import generate
from synthetic.extracts import Extracts
from synthetic.returns import Written, write_returns

AS_AT = date(2026, 9, 30)


@pytest.fixture(scope="module")
def extracts(tmp_path_factory) -> Path:
    """Extracts of a small made-up council."""
    folder = tmp_path_factory.mktemp("extracts")
    generate(folder, "barnet", children=400, years=2, seed=7, as_at=AS_AT)
    return folder


@pytest.fixture(scope="module")
def written(extracts, tmp_path_factory) -> Written:
    """Its returns."""
    return write_returns(extracts, tmp_path_factory.mktemp("returns"), "302", "Barnet", AS_AT)


def hashes(folder: Path) -> dict[str, str]:
    """Hash of each file below a folder."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_extracts_give_the_same_bytes(extracts, written, tmp_path):
    """Written once more, every file is the same, the workbook too."""
    write_returns(extracts, tmp_path, "302", "Barnet", AS_AT)
    assert hashes(tmp_path) == hashes(written.files["ssda903"].parent)


def test_children_are_those_of_the_extracts(extracts, written):
    """Each child of a return is a person of the extracts, and none is a planted fault."""
    people = {row["pers_person_id"] for row in Extracts(extracts).rows("ssd_person")}
    for kind, column in (("ssda903_xml", "CHILD"), ("cin_census", "LAchildID")):
        children = {row.values[column] for row in open_return(written.files[kind]).rows()}
        assert len(children) > 30
        assert children <= people


def test_looked_after_children_of_the_year_are_all_there(extracts, written):
    """Children with an episode between 1 April 2025 and 31 March 2026, counted by other means."""
    with (extracts / "ssd_cla_episodes.csv").open(newline="") as handle:
        rows = [row for row in csv.DictReader(handle) if row["clae_cla_episode_start_date"] <= "2026-03-31"]
    faulty = {"1999-01-01"}
    wanted = {
        row["clae_person_id"]
        for row in rows
        if (row["clae_cla_episode_ceased_date"] or "9") >= "2025-04-01"
        and row["clae_cla_episode_ceased_date"] not in faulty
        and row["clae_cla_episode_start_reason"] != "K"
    }
    with (written.files["ssda903"] / "ssda903_episodes.csv").open(newline="") as handle:
        assert {row["CHILD"] for row in csv.DictReader(handle)} == wanted


@pytest.mark.parametrize("kind", ["ssda903", "ssda903_xml", "cin_census", "csww", "annex_a"])
def test_each_return_loads_without_a_fault(db, written, kind):
    """Every row is inserted, in its collection year; no value is blanked."""
    results = load(written.files[kind], as_at=AS_AT)
    assert {result.state for result in results} == {"loaded"}
    for result in results:
        assert not faults(result.delivery_id), result.feed
        assert result.rows_inserted + result.rows_duplicate == result.rows_read
    assert ask("select column_name, rule, count(*) from ops.warning group by 1, 2") == []
    years = {result.collection_year for result in results} - {None}
    assert years == ({2026} if kind != "annex_a" else set())


def test_both_forms_of_the_ssda903_are_one_return(db, written):
    """After the CSV files, the XML changes nothing; it has no social workers, whose element has no known name."""
    load(written.files["ssda903"])
    results = load(written.files["ssda903_xml"])
    assert {result.feed for result in results} == {
        f"ssda903_{name}"
        for name in ("header", "episodes", "reviews", "uasc", "oc2", "oc3", "ad1", "placed_for_adoption",
                     "previous_permanence", "missing")
    }  # fmt: skip
    assert sum(result.rows_inserted for result in results) == 0
    assert sum(result.rows_unchanged for result in results) == sum(result.rows_read for result in results) > 0
    assert ask("select count(*) from raw.ssda903_sw_episodes where closed_by is null")[0][0] > 0

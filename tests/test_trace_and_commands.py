"""The command line: the trace of an indicator, help for every command, exit codes."""

import json
import subprocess
import sys

import pytest

from sightline.settings import ROOT

COMMANDS = ("synth", "ingest", "build", "publish", "deliveries", "rejects", "status", "doctor", "trace", "url", "run")


def sightline(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "sightline.cli", *arguments], capture_output=True, text=True, cwd=ROOT)


def test_the_trace_goes_from_report_to_feed():
    found = json.loads(sightline("trace", "ASM-03", "--json").stdout)
    assert any(path.startswith("publish/reports/corporate.yml:") for path in found["reports"])
    assert found["catalogue"].startswith("dbt_project/seeds/indicators.csv:")
    assert [path.split(":")[0] for path in found["rule"]] == [
        "dbt_project/models/intermediate/int_assessment__observations.sql"
    ]
    assert "dbt_project/models/staging/stg_ssd_cin_assessments.sql" in found["models"]
    assert "ingest/feeds/ssd_cin_assessments.yml" in found["feeds"]
    assert "indicator_id = 'ASM-03'" in found["drill"]
    for path in found["models"] + found["feeds"]:
        assert (ROOT / path).is_file()


def test_what_is_made_of_counts_is_traced_by_its_counts():
    found = json.loads(sightline("trace", "CIN-07", "--json").stdout)
    rules = {path.split(":")[0].rpartition("/")[2] for path in found["rule"]}
    assert rules == {"int_cin__observations.sql", "int_referral__observations.sql"}
    assert "indicator_id in ('CIN-07', 'CIN-01', 'CIN-04')" in found["drill"]
    rate, count = (json.loads(sightline("trace", one, "--json").stdout) for one in ("CLA-02", "CLA-01"))
    assert (rate["rule"], rate["models"], rate["feeds"]) == (count["rule"], count["models"], count["feeds"])


def test_every_computed_indicator_can_be_traced():
    import csv

    from sightline.trace import trace

    with (ROOT / "dbt_project" / "seeds" / "indicators.csv").open(newline="", encoding="utf-8") as handle:
        computed = [row["indicator_id"] for row in csv.DictReader(handle) if row["status"] == "computed"]
    lost = [one for one in computed if not (trace(one).rule and trace(one).feeds)]
    assert lost == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command):
    done = sightline(command, "--help")
    assert done.returncode == 0
    assert "Usage" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("trace", "NO-99"),
        ("publish", "no_such_report"),
        ("build", "--council", "atlantis"),
        ("build", "--as-at", "31 June"),
        ("no-such-command",),
    ],
)
def test_wrong_usage_ends_with_2_and_one_line_to_mend_it(arguments):
    done = sightline(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", [("ingest", "no_such_folder"), ("deliveries",), ("legal-hold", "list")])
def test_a_council_without_a_file_is_refused_before_anything_is_read(command):
    done = sightline(*command, "--council", "southwrk")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no such council: 'southwrk'; the nearest is southwark" in done.stderr
    assert str(ROOT / "councils") in done.stderr and "no_such_folder" not in done.stderr


def test_a_refused_file_ends_with_1(db, tmp_path):
    (tmp_path / "ssd_contacts.csv").write_text("cont_contact_id,colour\n1,blue\n")
    done = sightline("ingest", str(tmp_path), "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)[0]["state"] == "refused"


def test_folders_inside_a_folder_are_named_and_nothing_to_load_ends_with_1(db, tmp_path):
    (tmp_path / "2026").mkdir()
    (tmp_path / ".cache").mkdir()
    (tmp_path / "2026" / "extract.csv").write_text("cont_contact_id\n1\n")
    done = sightline("ingest", str(tmp_path), "--json")
    assert (done.returncode, json.loads(done.stdout)) == (1, [])
    assert "nothing to load was found" in done.stderr
    assert "(2026)" in done.stderr and "extract" not in done.stderr
    (tmp_path / "ssd_mother.csv").write_text("moth_table_id\nM1\n")
    done = sightline("ingest", str(tmp_path), "--json")
    assert "(2026)" in done.stderr and "nothing to load" not in done.stderr


def test_dag_files_are_wiring_only():
    for path in (ROOT / "dags").glob("*.py"):
        assert len(path.read_text().splitlines()) < 60, path.name

"""A return held against the case system: who differs and why, in the file for staff alone. All people are made up."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import psycopg
import pytest
from conftest import AS_AT, copy_database, use_database
from typer import Typer
from typer.testing import CliRunner

from ingest.load import ingest
from sightline import cli_returns
from sightline.reconcile import reconcile
from sightline.settings import settings
from synthetic.returns import write_returns

STRANGER = "9990001"
YEAR_END = "31/03/2026"
HEADER = {"CHILD": STRANGER, "SEX": "F", "DOB": "01/05/2015", "ETHNIC": "WBRI", "UPN": "UN3"}
EPISODE = {
    "CHILD": STRANGER, "DECOM": "02/06/2025", "RNE": "S", "LS": "C2", "CIN": "N1", "PLACE": "U6",
    "PLACE_PROVIDER": "PR1",
}  # fmt: skip


def read(path: Path) -> list[dict]:
    """The rows of a file of the return."""
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def rewrite(folder: Path, table: str, change) -> None:
    """Change a file of the return: `change` gives each row back, or None to leave it out."""
    path = folder / f"ssda903_{table}.csv"
    rows, names = read(path), path.read_text(encoding="utf-8").splitlines()[0].split(",")
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, names, lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows(row for row in map(change, rows) if row)


def append(folder: Path, table: str, row: dict) -> None:
    """Add a row to a file of the return."""
    path = folder / f"ssda903_{table}.csv"
    names = path.read_text(encoding="utf-8").splitlines()[0].split(",")
    with path.open("a", encoding="utf-8", newline="") as handle:
        csv.DictWriter(handle, names, lineterminator="\n", restval="").writerow(row)


class Case:
    """A return that differs from the case system in three children, and who they are."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        open_now = sorted({r["CHILD"] for r in read(folder / "ssda903_episodes.csv") if not r["DEC"]})
        short = {r["CHILD"] for r in read(folder / "ssda903_episodes.csv") if r["LS"] in ("V3", "V4")}
        self.left_out, self.changed, self.restricted = [child for child in open_now if child not in short][:3]
        for path in sorted(folder.glob("ssda903_*.csv")):
            table = path.stem.removeprefix("ssda903_")
            rewrite(folder, table, lambda row: None if row["CHILD"] == self.left_out else row)
        rewrite(folder, "episodes", self._other_status)
        append(folder, "header", HEADER)
        append(folder, "episodes", EPISODE)
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        manifest["files"] = {path.name: {"rows": len(read(path))} for path in sorted(folder.glob("*.csv"))}
        (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")

    def _other_status(self, row: dict) -> dict:
        is_one = row["CHILD"] in (self.changed, self.restricted) and not row["DEC"]
        return row | {"LS": "J3"} if is_one else row

    @property
    def listed(self) -> set[str]:
        """Identifiers that the file for staff shows, at least."""
        return {self.left_out, self.changed, STRANGER}


@pytest.fixture(scope="module")
def case(built, tmp_path_factory) -> Iterator[Case]:
    """The built council, the process on a copy of it, one child's records restricted, and a return that differs."""
    before = use_database(None)
    use_database(copy_database("built"))
    folder = tmp_path_factory.mktemp("returns")
    write_returns(built.folder, folder, "302", "Barnet", date(2026, 9, 30))
    found = Case(folder / "ssda903")
    restricted = tmp_path_factory.mktemp("restricted") / "restricted_record.csv"
    header = "child_id,restricted_from,restricted_until,roles,reason"
    restricted.write_text(f"{header}\n{found.restricted},2020-01-01,,,made up\n")
    (result,) = ingest([restricted], "barnet", AS_AT)
    assert result.state == "loaded"
    yield found
    use_database(before)


@pytest.fixture(scope="module")
def run():
    """Run the command as a person does."""
    app = Typer()
    cli_returns.register(app)
    return lambda *arguments: CliRunner().invoke(app, [*arguments, "--council", "barnet", "--as-at", str(AS_AT)])


@pytest.fixture(scope="module")
def answer(case, run) -> dict:
    """What the command says of it."""
    result = run("reconcile", str(case.folder), "--json")
    assert result.exit_code == 0, result.output
    assert not any(one in result.output for one in (*case.listed, case.restricted))
    return json.loads(result.stdout)


def test_a_dry_run_checks_the_files_and_loads_nothing(case, run):
    """Rows are counted; no return is in the warehouse afterwards, so nothing was compared."""
    result = run("reconcile", str(case.folder), "--dry-run", "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 0, [one["error"] for one in found["deliveries"] if one["error"]]
    assert found["figures"] == [] and found["files"] == []
    assert {one["feed"] for one in found["deliveries"] if one["is_dry_run"]} >= {"ssda903_header", "ssda903_episodes"}
    with psycopg.connect(settings_url()) as connection:
        assert connection.execute("select count(*) from raw.ssda903_episodes").fetchone() == (0,)


def settings_url() -> str:
    """The URL of the database that the process works on."""
    return settings().database_url.get_secret_value()


def test_counts_and_keys_say_who_differs(answer):
    """One child on either side alone, two with another legal status; the census was not delivered, so is not there."""
    by_id = {figure["indicator_id"]: figure for figure in answer["figures"]}
    looked_after = by_id["CLA-01"]
    assert looked_after["in_return"] == looked_after["in_case_system"] > 10
    assert len(looked_after["only_in_return"]) == len(looked_after["only_in_case_system"]) == 1
    assert len(looked_after["differing"]) == 2
    assert len(by_id["CLA-03"]["only_in_return"]) == 1
    assert "CIN-01" not in by_id and answer["year"] == 2026


def test_the_file_names_the_child_the_values_and_the_reason(answer, case):
    """By the identifier of the case system; of a child whom it does not know, the return's own."""
    workbook = next(path for path in answer["files"] if path.endswith(".xlsx"))
    rows = [
        [str(cell or "") for cell in row]
        for sheet in openpyxl.load_workbook(workbook)
        for row in sheet.iter_rows(values_only=True)
    ]
    of_child = {row[0]: row for row in rows if len(row) > 5 and row[1].startswith("CLA-01")}
    assert case.listed <= of_child.keys()
    assert of_child[STRANGER][2] == "only in the return"
    assert of_child[STRANGER][5] == "the child is not in the case system"
    assert of_child[STRANGER][3] == "2025-06-02, C2, U6"
    assert of_child[case.left_out][2:4] == ["only in the case system", ""]
    assert of_child[case.left_out][5] == "the child is not in the return"
    assert of_child[case.changed][2] == "in both, other values"
    assert of_child[case.changed][5] == "differs in legal status" and "J3" in of_child[case.changed][3]
    assert all(Path(path).stat().st_mode & 0o077 == 0 for path in answer["files"])


def test_a_restricted_record_is_counted_and_not_listed(answer, case):
    """Neither on the page nor in the workbook, and nobody is on record as having seen it."""
    page = next(Path(path) for path in answer["files"] if path.endswith(".html")).read_text(encoding="utf-8")
    assert case.restricted not in page and "Restricted records that are not listed: 1" in page
    assert case.left_out in page
    with psycopg.connect(settings_url()) as connection:
        seen = {
            key for (key,) in connection.execute("select child_key from ops.access where report = 'reconciliation'")
        }
        hidden = connection.execute("select child_id from raw.restricted_record where closed_by is null").fetchone()[0]
    listed = {key for figure in answer["figures"] for key in (*figure["only_in_return"], *figure["differing"])}
    assert hidden in listed and hidden not in seen
    assert listed - {hidden} <= seen


def test_without_a_file_the_return_in_force_is_compared(answer, run):
    """With the same result; the table of counts holds no key."""
    again = json.loads(run("reconcile", "--json").stdout)
    assert again["figures"] == answer["figures"]
    text = run("reconcile").stdout
    assert "CLA-01" in text
    assert not any(key in text for figure in answer["figures"] for key in figure["only_in_return"])


def test_a_file_that_is_refused_ends_without_a_comparison(answer, run, tmp_path):
    """The last good return stays in force."""
    path = tmp_path / "ssda903_episodes.csv"
    path.write_text("CHILD,DECOM\n1,01/04/2025\n")
    result = run("reconcile", str(path), "--json")
    assert result.exit_code == 1 and json.loads(result.stdout)["figures"] == []


def test_a_file_that_is_no_return_is_said_to_be_none(answer, run, built, tmp_path):
    """Exit code 2: it is loaded as what it is, but there is nothing to hold against the case system."""
    shutil.copy(built.folder / "ssd_sdq_scores.csv", tmp_path)
    result = run("reconcile", str(tmp_path / "ssd_sdq_scores.csv"))
    assert result.exit_code == 2 and "nothing to reconcile" in result.output


def test_a_folder_of_folders_is_not_taken_for_no_return(run, tmp_path):
    """Exit code 2 before anything is built: folders inside a folder are not read, and that is what is said."""
    (tmp_path / "2026").mkdir()
    (tmp_path / "2026" / "ssda903_episodes.csv").write_text("CHILD,DECOM\n1,01/04/2025\n")
    for arguments in ((), ("--dry-run",)):
        result = run("reconcile", str(tmp_path), *arguments)
        assert result.exit_code == 2
        assert "folders inside a folder are not read" in " ".join(result.output.split())


def test_a_year_that_the_case_system_does_not_reach_is_said(answer):
    """A return of a year without figures of the case system, or none at all."""
    with psycopg.connect(settings_url()) as connection, pytest.raises(ValueError, match="31 March 2024"):
        reconcile(connection, "barnet", 2024, ["903"])

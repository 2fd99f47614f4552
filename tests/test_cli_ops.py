"""The commands of backup, restore, retention, erasure, legal holds and earlier states, as a person runs them."""

from __future__ import annotations

import json
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from conftest import copy_database, use_database
from ingest_sample import COUNCIL, PERSON, ask, load_one, referrals, write
from typer.testing import CliRunner

from sightline import console
from sightline.cli import app
from sightline.settings import settings

FEED = "ssd_cin_episodes"


def run(*arguments: str, stdin: str | None = None):
    """Run a command line; standard output and standard error apart."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin)


@pytest.fixture
def loaded(db, tmp_path):
    """A few rows."""
    load_one(write(tmp_path / "in", FEED, referrals(3)))
    load_one(write(tmp_path / "in", "ssd_person", [PERSON]))
    return tmp_path


def test_backup_and_restore(loaded):
    """JSON on standard output, a reminder of the key beside it; a database that holds rows gives exit 1."""
    (loaded / "secret").write_text("a made-up secret of the tests")
    path, sealed = loaded / "x.backup", ("--secret-file", loaded / "secret")
    made = run("backup", path, *sealed, "--json")
    assert made.exit_code == 0 and json.loads(made.stdout)["is_encrypted"]
    assert "pseudonym key is not in the backup" in made.stderr
    refused = run("restore", path, *sealed)
    assert (refused.exit_code, refused.stdout) == (1, "") and "not empty" in refused.stderr
    use_database(copy_database("template1"))
    assert run("restore", path).exit_code == 1
    restored = run("restore", path, *sealed, "--json")
    assert json.loads(restored.stdout)["rows"] == json.loads(made.stdout)["rows"]
    assert run("backup", path).exit_code == 1


def test_known_and_retention(loaded):
    """Counts as JSON; a day or a feed that is none is wrong usage or an error."""
    found = json.loads(run("known", FEED, "--at", "2026-03-31", "--council", COUNCIL, "--json").stdout)
    assert (found["rows_then"], found["rows_now"], found["same"]) == (3, 3, 3)
    assert json.loads(run("known", FEED, "--at", "2026-03-30", "--json").stdout)["rows_then"] == 0
    assert (run("known", "nothing", "--at", "2026-03-31").exit_code, run("known", FEED, "--at", "x").exit_code) == (
        1,
        2,
    )
    planned = run("retention", "--dry-run", "--as-at", "2120-01-01", "--json")
    assert {line["feed"]: line["still_delivered"] for line in json.loads(planned.stdout)["feeds"]}[FEED] == 3
    assert ask("select count(*) from ops.removal") == [(0,)]


def test_a_hold_and_an_erasure(loaded):
    """The identifier is read from standard input and stands in no output."""
    child = PERSON["pers_person_id"]
    placed = run("legal-hold", "place", "--child", "-", "--why", "a court case", "--json", stdin=f"{child}\n")
    number = json.loads(placed.stdout)["hold_id"]
    held = run("erase", "-", "--why", "a decision", stdin=f"{child}\n")
    assert held.exit_code == 1 and f"legal hold {number} " in held.stderr
    (line,) = json.loads(run("legal-hold", "list", "--json").stdout)
    assert line["why"] == "a court case" and line["is_of_a_child"]
    assert run("legal-hold", "release", str(number)).exit_code == 0
    erased = run("erase", "-", "--why", "a decision", "--json", stdin=f"{child}\n")
    assert json.loads(erased.stdout)["rows"]["ssd_person"] == 1
    for result in (placed, held, erased):
        assert child not in result.output
    assert run("erase", "-", "--why", "a decision", stdin=f"{child}\n").exit_code == 1
    (settings().home / "erasures.jsonl").unlink()


@pytest.mark.parametrize("command", ["backup", "restore", "retention", "erase", "known", "legal-hold"])
def test_every_command_explains_itself(command):
    """Help, and exit 0."""
    found = run(command, "--help")
    assert found.exit_code == 0 and "--" in found.output


def test_the_as_at_date_is_today_only_under_a_councils_own_key(monkeypatch, tmp_path):
    """The demo keeps its day, and so does whoever sets one."""
    for name in ("SIGHTLINE_AS_AT", "SIGHTLINE_PSEUDONYM_KEY_FILE", "SIGHTLINE_PSEUDONYM_KEY_COMMAND"):
        monkeypatch.delenv(name, raising=False)
    key = tmp_path / "key"
    key.write_text("k" * 64)
    found = []
    for changes in ({}, {"PSEUDONYM_KEY_FILE": str(key)}, {"PSEUDONYM_KEY_FILE": str(key), "AS_AT": "2026-03-31"}):
        with monkeypatch.context() as patched:
            for name, value in changes.items():
                patched.setenv(f"SIGHTLINE_{name}", value)
            settings.cache_clear()
            found.append(console._as_at().date())
    settings.cache_clear()
    today = datetime.now(ZoneInfo("Europe/London")).date()
    assert found == [date(2026, 9, 30), today, date(2026, 3, 31)]

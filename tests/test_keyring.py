"""The key of the pseudonyms: from a file or a command, one for a warehouse, never in the database or a message."""

from __future__ import annotations

import os
import sys

import pytest
from ingest_sample import PERSON, ask, load_one, referrals, write

from ingest import keyring
from ingest.errors import IngestError
from sightline import settings, warehouse

KEY, OTHER = b"a made-up key of the tests, long enough", b"another made-up key of the tests, long enough"


@pytest.fixture
def setting():
    """Set settings of this process for one test."""

    def change(**values: str) -> settings.Settings:
        settings.export(values)
        return settings.settings()

    yield change
    for name in ("SIGHTLINE_PSEUDONYM_KEY_FILE", "SIGHTLINE_PSEUDONYM_KEY_COMMAND"):
        os.environ.pop(name, None)
    settings.export({})


def printing(tmp_path, code: str) -> str:
    """A command that runs some Python."""
    script = tmp_path / "print key.py"
    script.write_text(code)
    return f"{sys.executable} '{script}'"


def test_a_file_and_a_command_give_the_same_key(tmp_path, setting):
    """Blanks at the ends of either do not count; neither is the demo's key."""
    (tmp_path / "key").write_bytes(KEY + b"\n")
    from_file = setting(pseudonym_key_file=str(tmp_path / "key")).pseudonym_key()
    del os.environ["SIGHTLINE_PSEUDONYM_KEY_FILE"]
    command = printing(tmp_path, f"print({KEY.decode()!r})")
    found = setting(pseudonym_key_command=command)
    assert found.pseudonym_key() == from_file == KEY
    assert not found.is_demo_key


def test_a_command_runs_without_a_shell(tmp_path, setting):
    """What a shell would carry out is handed over as words."""
    made = tmp_path / "made"
    key = setting(pseudonym_key_command=f"echo {KEY.decode()} > {made}; touch {made}").pseudonym_key()
    assert key == KEY + f" > {made}; touch {made}".encode()
    assert not made.exists()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (f"print({KEY.decode()!r}); raise SystemExit(3)", "ended with 3"),
        ("import sys; sys.stderr.write('a secret'); raise SystemExit(1)", "ended with 1"),
        ("print('short')", "at least 32 bytes"),
    ],
)
def test_a_command_that_fails_is_an_error_that_shows_nothing(tmp_path, setting, code, words):
    """Neither what it printed nor its errors: they may hold the key."""
    with pytest.raises(ValueError, match=words) as caught:
        setting(pseudonym_key_command=printing(tmp_path, code)).pseudonym_key()
    assert "secret" not in str(caught.value) and KEY.decode() not in str(caught.value)


def test_a_command_that_is_not_there_and_two_ways_at_once_are_errors(tmp_path, setting):
    """Which of two keys counts is not guessed."""
    with pytest.raises(ValueError, match="did not run: FileNotFoundError"):
        setting(pseudonym_key_command="/no/such/command").pseudonym_key()
    (tmp_path / "key").write_bytes(KEY)
    with pytest.raises(ValueError, match="both a file and a command"):
        setting(pseudonym_key_file=str(tmp_path / "key")).pseudonym_key()


def test_a_load_under_another_key_is_refused_and_changes_nothing(db, tmp_path, setting):
    """Under another key each child would be split in two: a new file, the same file, and an acceptance are refused."""
    (tmp_path / "key").write_bytes(OTHER)
    path = write(tmp_path / "in", "ssd_person", [PERSON])
    load_one(path)
    before = ask("select * from raw.ssd_person"), ask("select * from ops.delivery")
    setting(pseudonym_key_file=str(tmp_path / "key"))
    for source in (path, write(tmp_path / "new", "ssd_cin_episodes", referrals(3))):
        with pytest.raises(IngestError, match="another pseudonym key") as caught:
            load_one(source)
        assert OTHER.decode() not in str(caught.value)
    assert (ask("select * from raw.ssd_person"), ask("select * from ops.delivery")) == before


def test_the_database_holds_a_fingerprint_and_not_the_key(db, tmp_path):
    """The fingerprint is the same for the same key, another for another, and no part of it."""
    load_one(write(tmp_path, "ssd_person", [PERSON]))
    ((kept,),) = ask("select fingerprint from ops.pseudonym_key")
    secret = settings.settings().pseudonym_key()
    assert kept == keyring.fingerprint(secret) != keyring.fingerprint(OTHER)
    tables = ask("select table_schema, table_name from information_schema.tables where table_schema = 'ops'")
    for schema, name in tables:
        (text,) = ask(f"select coalesce(string_agg(t::text, ' '), '') from {schema}.{name} as t")[0]
        assert secret.decode() not in text and secret.hex() not in text


def test_a_dry_run_notes_no_key(db, tmp_path):
    """It checks, and leaves nothing."""
    load_one(write(tmp_path, "ssd_person", [PERSON]), dry_run=True)
    assert ask("select count(*) from ops.pseudonym_key") == [(0,)]
    with warehouse.connect() as connection:
        assert keyring.noted(connection) is None

"""Backup and restore: into an empty server, row for row; a damaged, sealed or foreign file restores nothing."""

from __future__ import annotations

import os
import stat
import tarfile
from datetime import date
from pathlib import Path

import psycopg
import pytest
from conftest import copy_database, use_database
from ingest_sample import PERSON, ask, load_one, referrals, write

from ingest import erasure, keyring
from ingest.load import ingest
from sightline import archive, backup, settings, tables, warehouse
from sightline.backup import SCHEMAS, BackupError
from sightline.build import build

AS_AT = date(2026, 9, 30)
SECRET = b"a made-up secret of the tests"
FIGURES = "select md5(string_agg(v::text, chr(10) order by v::text)), count(*) from marts.fct_indicator_value as v"


def content(url: str) -> dict[str, tuple]:
    """Number and checksum of the rows of every table that a backup holds."""
    with psycopg.connect(url, options="-c timezone=Europe/London") as connection:
        return {
            tables.label(table): connection.execute(
                f"select count(*), md5(string_agg(t::text, chr(10) order by t::text)) from {tables.label(table)} as t"
            ).fetchone()
            for table in tables.describe(connection, SCHEMAS)
        }


def shape(url: str) -> list[dict]:
    """Columns, keys and indexes of every table that a backup holds."""
    with psycopg.connect(url) as connection:
        return sorted(tables.describe(connection, SCHEMAS), key=tables.label)


def is_empty(url: str) -> bool:
    with psycopg.connect(url) as connection:
        return not tables.with_rows(connection)


@pytest.fixture(scope="module")
def source(home, tmp_path_factory):
    """A made-up council of 150 children, ingested and built."""
    from synthetic import generate

    before = use_database(None)
    url = warehouse.create_database("backup_source")
    use_database(url)
    folder = tmp_path_factory.mktemp("council")
    generate(folder, "barnet", 150, 2, 5, AS_AT)
    ingest([folder], "barnet", AS_AT)
    build("barnet", AS_AT)
    use_database(before)
    return url


@pytest.fixture
def small(db, tmp_path):
    """A warehouse of a few rows, one rejected, and its backup."""
    bad = referrals(1, cine_referral_date="31/02/2026", cine_referral_id="R9")
    load_one(write(tmp_path / "in", "ssd_cin_episodes", [*referrals(8), *bad]))
    load_one(write(tmp_path / "in", "ssd_person", [PERSON]))
    path = tmp_path / "small.backup"
    backup.backup(path)
    return db, path


@pytest.fixture
def empty(home):
    """An empty database of the same server, to which the process points when the test says so."""
    return copy_database("template1")


@pytest.fixture
def other_home(home, tmp_path):
    """A SIGHTLINE_HOME of its own, with a server that has never been used."""
    before = use_database(None)
    folder = tmp_path / "other"
    folder.mkdir()
    folder.chmod(0o755)
    settings.export({"home": str(folder)})
    yield folder
    warehouse.stop("immediate")
    use_database(None)
    settings.export({"home": str(home)})
    use_database(before)


def test_a_restore_into_an_empty_server_gives_every_row_and_the_same_figures(source, home, tmp_path, other_home):
    """A new cluster, a sealed backup: all tables equal in rows and shape, and the build gives the same figures."""
    settings.export({"home": str(home)})
    use_database(source)
    figures, before, shaped = ask(FIGURES), content(source), shape(source)
    path = tmp_path / "whole.backup"
    made = backup.backup(path, SECRET)
    use_database(None)
    settings.export({"home": str(other_home)})
    restored = backup.restore(path, SECRET)
    assert content(warehouse.url()) == before
    assert shape(warehouse.url()) == shaped
    assert made.rows == restored.rows == sum(count for count, _ in before.values()) > 10_000
    assert (restored.migrated, restored.is_own_key) == ((), True)
    assert restored.landed_missing == made.landed_files > 0
    build("barnet", AS_AT)
    assert ask(FIGURES) == figures
    assert figures[0][1] > 1000


def test_a_restored_warehouse_goes_on(small, empty, tmp_path):
    """Redelivered bytes are known, a new delivery takes the next number, generated numbers go on."""
    url, path = small
    with psycopg.connect(url) as connection:
        connection.execute("insert into ops.access (who, report, purpose) values ('made up', 'team', 'test')")
    backup.backup(tmp_path / "second.backup")
    use_database(empty)
    backup.restore(tmp_path / "second.backup")
    again = load_one(tmp_path / "in" / "ssd_person.csv")
    assert (again.state, again.is_new) == ("unchanged", False)
    newer = load_one(write(tmp_path / "new", "ssd_cin_episodes", referrals(9)), as_at=date(2026, 4, 30))
    assert (newer.delivery_id, newer.rows_unchanged) == (3, 8)
    ask_one = "insert into ops.access (who, report, purpose) values ('made up', 'team', 'test') returning access_id"
    assert ask(ask_one) == [(2,)]
    assert path.exists()


def test_the_file_is_its_owners_alone_and_never_replaced(small):
    """Mode 0600; a second backup under the same name is refused and leaves the first; nothing is left half written."""
    _, path = small
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    with pytest.raises(BackupError, match="exists already"):
        backup.backup(path)
    assert path.read_bytes() == before
    assert [found.name for found in path.parent.iterdir() if found.suffix == ".partial"] == []


def test_the_key_of_the_pseudonyms_is_not_in_the_backup(small, tmp_path):
    """Neither the key nor, sealed, anything that can be read; the plain form is a tar that any tool opens."""
    _, path = small
    sealed = tmp_path / "sealed.backup"
    backup.backup(sealed, SECRET)
    with tarfile.open(path, "r:gz") as tar:
        plain = b"".join(tar.extractfile(member).read() for member in tar)
    key = settings.settings().pseudonym_key()
    assert key not in plain and key.hex().encode() not in plain
    assert b"Quillfeather" in plain
    assert b"Quillfeather" not in sealed.read_bytes() and b"raw.ssd_person" not in sealed.read_bytes()


@pytest.mark.parametrize("secret", [None, SECRET], ids=["plain", "sealed"])
def test_a_damaged_or_cut_file_restores_nothing(small, empty, tmp_path, secret):
    """Cut at eight places and with eight bytes changed, one at a time: refused, the database stays empty."""
    path = tmp_path / "whole.backup"
    backup.backup(path, secret)
    whole = path.read_bytes()
    use_database(empty)
    places = [len(whole) * part // 9 for part in range(1, 9)]
    for place in [*places, len(whole) - 9]:
        (tmp_path / "cut").write_bytes(whole[:place])
        _refused(tmp_path / "cut", secret, empty)
    for place in places:
        changed = bytearray(whole)
        changed[place] ^= 0x41
        (tmp_path / "changed").write_bytes(changed)
        _refused(tmp_path / "changed", secret, empty)
    assert backup.restore(path, secret).rows > 8


def _refused(path: Path, secret: bytes | None, url: str) -> None:
    with pytest.raises(BackupError, match=r"damaged|cut short|no backup") as caught:
        backup.restore(path, secret)
    assert "Quillfeather" not in str(caught.value)
    assert is_empty(url)


def test_a_sealed_file_needs_its_own_secret(small, empty, tmp_path):
    """None, another one, and a frame moved to another place are refused."""
    path = tmp_path / "sealed.backup"
    backup.backup(path, SECRET)
    use_database(empty)
    with pytest.raises(BackupError, match="is encrypted"):
        backup.restore(path)
    with pytest.raises(BackupError, match="not the one it was sealed with"):
        backup.restore(path, SECRET + b"!")
    assert is_empty(empty)


def test_frames_cannot_be_moved_dropped_or_added(tmp_path):
    """Three frames: each order other than the written one, each shorter row of them, is refused."""
    path = tmp_path / "frames"
    with archive.Writer(path, SECRET) as writer:
        writer.add("part", os.urandom(2 * archive.FRAME_BYTES + 1000))
    whole = path.read_bytes()
    start, size = (
        len(archive.MAGIC) + archive.SALT_BYTES + archive.PREFIX_BYTES,
        archive.FRAME_BYTES + archive.TAG_BYTES,
    )
    head, frames = whole[:start], [whole[at : at + size] for at in range(start, len(whole), size)]
    assert len(frames) == 3
    for order in ((1, 0, 2), (0, 2), (0, 1), (0, 1, 1, 2), (0, 1, 2, 2)):
        path.write_bytes(head + b"".join(frames[at] for at in order))
        with pytest.raises(BackupError, match="damaged"), archive.reading(path, SECRET) as members:
            list(members)


def test_other_files_are_no_backups(small, empty, tmp_path):
    """A text, a folder, nothing at all, and a tar without a manifest."""
    use_database(empty)
    (tmp_path / "text").write_text("pers_person_id,pers_sex\n")
    with archive.Writer(tmp_path / "headless") as writer:
        writer.add("raw.ssd_person/000001", b"x\n")
    (tmp_path / "folder").mkdir()
    for name, words in (
        ("text", "no backup"),
        ("headless", "cut short"),
        ("folder", "cannot be read"),
        ("x", "cannot"),
    ):
        with pytest.raises(BackupError, match=words):
            backup.restore(tmp_path / name)
    assert is_empty(empty)


def test_a_database_that_holds_anything_is_left_alone(small):
    """Even the very rows of the backup."""
    url, path = small
    before = content(url)
    with pytest.raises(BackupError, match="not empty"):
        backup.restore(path)
    assert content(url) == before


def test_an_installation_that_was_never_used_counts_as_empty(small, migrated):
    """Tables without rows give way."""
    url, path = small
    before = content(url)
    fresh = copy_database(migrated)
    use_database(fresh)
    backup.restore(path)
    assert content(fresh) == before


def test_a_backup_of_a_newer_version_is_refused(small, empty, tmp_path):
    """A migration that this code does not know cannot be made."""
    url, _ = small
    with psycopg.connect(url) as connection:
        connection.execute("insert into ops.migration (name, sha256) values ('9999_later.sql', 'abc')")
    backup.backup(tmp_path / "later.backup")
    use_database(empty)
    with pytest.raises(BackupError, match=r"newer version.*9999_later\.sql"):
        backup.restore(tmp_path / "later.backup")
    assert is_empty(empty)


def test_a_backup_is_of_one_moment(small, tmp_path, monkeypatch):
    """Rows that are committed while it is written are not in it, in no table."""
    url, _ = small
    before, written = content(url), tmp_path / "moment.backup"
    describe = tables.describe

    def describe_and_load(connection, schemas):
        found = describe(connection, schemas)
        load_one(write(tmp_path / "meanwhile", "ssd_cin_episodes", referrals(4)), as_at=date(2026, 5, 31))
        return found

    monkeypatch.setattr(backup.tables, "describe", describe_and_load)
    backup.backup(written)
    monkeypatch.undo()
    assert content(url) != before
    fresh = copy_database("template1")
    use_database(fresh)
    backup.restore(written)
    assert content(fresh) == before


def test_an_erasure_decided_after_the_backup_is_replayed(small, empty, home, tmp_path):
    """The child's rows, restored from before the decision, are gone before anybody sees them."""
    _, path = small
    erasure.erase("barnet", PERSON["pers_person_id"], "a decision of the tests")
    listed = home / erasure.LIST
    aside = listed.rename(tmp_path / "list")
    use_database(empty)
    try:
        restored = backup.restore(path, erasures=aside)
    finally:
        aside.unlink()
    assert restored.erasures_replayed == 1
    assert ask("select count(*) from raw.ssd_person") == ask("select count(*) from identity.ssd_person") == [(0,)]
    assert ask("select count(*) from ops.removal where kind = 'replay'") != [(0,)]


def test_another_key_is_told_and_refused_at_the_next_load(small, empty, tmp_path):
    """The restore itself needs no key; a load under another one would split each child in two."""
    _, path = small
    other = tmp_path / "key"
    other.write_bytes(b"another made-up key of the tests, long enough")
    use_database(empty)
    settings.export({"pseudonym_key_file": str(other)})
    try:
        assert not backup.restore(path).is_own_key
        with warehouse.connect() as connection, pytest.raises(keyring.OtherKey, match="another pseudonym key"):
            keyring.hold_to_key(connection)
    finally:
        del os.environ["SIGHTLINE_PSEUDONYM_KEY_FILE"]
        settings.export({})


def test_a_secret_has_sixteen_bytes_at_least(tmp_path):
    """And its file is there."""
    (tmp_path / "short").write_text("short\n")
    for name, words in (("short", "at least 16 bytes"), ("none", "there is no file")):
        with pytest.raises(BackupError, match=words):
            backup.read_secret(tmp_path / name)

"""One file's name, or one file's trouble, stops no other file. With a real PostgreSQL. All people are made up."""

from __future__ import annotations

import errno
import json
import os
import tempfile

import pytest
from cin_sample import CHILD, FOOT, HEAD
from ingest_sample import COUNCIL, MARCH, ask, load, load_one, referrals, text_of, write

from ingest import land as landing
from ingest.errors import LoadFailed
from ingest.load import accept, ingest
from sightline.settings import settings

FEED = "ssd_cin_episodes"
RETURN = HEAD.format(year=2026) + CHILD.format(id="1") + FOOT

pytestmark = pytest.mark.usefixtures("db")


def states(folder):
    """What became of each file of a folder."""
    return {result.file_name: result.state for result in load(folder)}


def test_a_name_that_is_no_utf8_is_written_out(tmp_path):
    """As it comes from a share of another age: it loads, and so does the file after it."""
    write(tmp_path, "ssd_person", [{"pers_person_id": "1", "pers_dob": "2015-06-17"}])
    (tmp_path / os.fsdecode(b"ssd_cin_episodes_Zo\xeb.csv")).write_text(text_of(FEED, referrals(3)))
    (tmp_path / os.fsdecode(b"zz_\xff.csv")).write_text("nonsense\n")
    results = load(tmp_path)
    assert {result.file_name: result.state for result in results} == {
        "ssd_person.csv": "loaded",
        r"ssd_cin_episodes_Zo\xeb.csv": "loaded",
        r"zz_\xff.csv": "refused",
    }
    assert all(result.model_dump_json() and result.line().isprintable() for result in results)
    assert (r"ssd_cin_episodes_Zo\xeb.csv",) in ask("select file_name from ops.delivery")


def test_a_held_file_with_such_a_name_is_accepted(tmp_path):
    """Its copy lies under the name that the ledger has."""
    load(write(tmp_path, FEED, referrals(1000)))
    path = tmp_path / os.fsdecode(b"ssd_cin_episodes_\xeb.csv")
    path.write_text(text_of(FEED, referrals(100)))
    held = load_one(path)
    assert held.state == "held"
    assert accept(held.delivery_id).rows_closed == 900


def test_a_return_with_the_name_of_a_folder_of_ours_loads(tmp_path):
    """Whatever we keep beside its copy; and the same bytes load under another name."""
    folder = tmp_path / "one"
    folder.mkdir()
    for name, child in (("parts", "1"), (".parts", "2"), ("manifest", "3")):
        (folder / name).write_text(RETURN.replace(CHILD.format(id="1"), CHILD.format(id=child)))
    results = [result for name in ("parts", ".parts", "manifest") for result in load(folder / name)]
    assert {result.state for result in results} == {"loaded"}
    assert {result.file_name for result in results} == {"parts", r"\x2eparts", "manifest"}
    (tmp_path / "census.xml").write_text((folder / "parts").read_text())
    assert {result.state for result in load(tmp_path / "census.xml")} <= {"loaded", "unchanged"}


def test_a_folder_that_an_earlier_version_left_blocks_nothing(tmp_path):
    """A file stood where the parts of a return were to lie."""
    path = tmp_path / "census.xml"
    path.write_text(RETURN)
    landed = landing.land(path, settings().home / "landing" / COUNCIL)
    (landed.path.parent / "parts").write_text(RETURN)
    assert {result.state for result in load(path)} == {"loaded"}


def test_a_file_that_cannot_be_taken_in_is_refused_alone(tmp_path):
    """Its name is too long once it is written out: an error of that file, not of the run."""
    (tmp_path / os.fsdecode(b"audit_" + b"\xeb" * 200)).write_text("nonsense\n")
    write(tmp_path, FEED, referrals(2))
    results = load(tmp_path)
    assert [(result.state, result.rule) for result in results] == [("refused", "not_a_file"), ("loaded", None)]
    assert "File name too long" in results[0].error
    assert not list((settings().home / "landing").rglob(".incoming-*"))


def test_a_share_that_is_lost_while_a_file_is_read_costs_that_file(tmp_path, monkeypatch):
    """Reading the file that came fails: the next one is read."""
    write(tmp_path, "ssd_person", [{"pers_person_id": "1", "pers_dob": "2015-06-17"}])
    path, read = write(tmp_path, FEED, referrals(2)), os.read
    inode = path.stat().st_ino

    def read_until_lost(handle, size):
        if os.fstat(handle).st_ino == inode:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return read(handle, size)

    monkeypatch.setattr(os, "read", read_until_lost)
    assert states(tmp_path) == {"ssd_person.csv": "loaded", f"{FEED}.csv": "refused"}


def test_a_full_disk_ends_the_run(tmp_path, monkeypatch):
    """No file could be taken in: nobody is told that the files are at fault."""
    write(tmp_path, FEED, referrals(2))

    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(tempfile, "mkstemp", full)
    with pytest.raises(LoadFailed, match="No space left"):
        ingest([tmp_path], COUNCIL, MARCH)


@pytest.mark.parametrize("name", ["x" * 300, "a\0b.csv", "\ud800.csv", "../../../../etc/passwd/x"])
def test_a_manifest_may_name_what_no_file_can_be_called(tmp_path, name):
    """It is absent; the others load."""
    write(tmp_path, FEED, referrals(2))
    (tmp_path / "manifest.json").write_text(json.dumps({"council": COUNCIL, "files": {name: {"rows": 1}}}))
    results = load(tmp_path)
    assert [(result.state, result.rule) for result in results] == [("loaded", None), ("refused", "absent")]

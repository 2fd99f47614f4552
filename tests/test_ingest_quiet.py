"""Files that are still being written: never loaded in part. With writers in other processes. All people are made up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from ingest_sample import APRIL, load, load_one, promise, referrals, text_of, write

from ingest import quiet
from ingest.errors import RefusedFile
from ingest.land import land
from ingest.load import ingest
from sightline import settings as settings_module

FEED = "ssd_cin_episodes"
WRITER = """
import sys, time
path, text, cut, how, pause = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4], float(sys.argv[5])
handle = open(path, "w")
handle.write(text[:cut])
handle.flush()
if how == "by opening again":
    handle.close()
print("paused", flush=True)
sys.stdin.readline() if not pause else time.sleep(pause)
if how == "by opening again":
    handle = open(path, "a")
handle.write(text[cut:])
handle.close()
"""


class Writer:
    """Another process that writes seven tenths of a file, pauses (until told, or for some seconds) and goes on."""

    def __init__(self, path: Path, text: str, how: str = "open", pause: float = 0) -> None:
        cut = text.index("\nR71,") + 1
        command = [sys.executable, "-c", WRITER, str(path), text, str(cut), how, str(pause)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout.readline() == "paused\n"

    def end(self) -> None:
        """Let it write the rest."""
        self._process.communicate("\n", timeout=10)
        assert self._process.returncode == 0


@pytest.fixture
def quiet_seconds():
    """Set how long a file must be quiet; as it was afterwards."""

    def change(seconds: float) -> None:
        settings_module.export({"quiet_seconds": str(seconds)})

    yield change
    settings_module.export({"quiet_seconds": "0"})


@pytest.mark.usefixtures("db")
def test_a_file_that_a_writer_holds_open_is_refused_however_long_it_pauses(tmp_path):
    """Seventy rows of a hundred would close thirty; whole, the file loads."""
    rows = referrals(100)
    load(write(tmp_path, FEED, rows))
    path = tmp_path / "next" / f"{FEED}.csv"
    path.parent.mkdir()
    writer = Writer(path, text_of(FEED, [row | {"cine_referral_nfa": "Y"} for row in rows]))
    long_ago = time.time() - 3600
    os.utime(path, (long_ago, long_ago))
    result = load_one(path.parent, as_at=APRIL)
    assert (result.state, result.rule, result.rows_closed) == ("refused", "unfinished", 0)
    assert "open for writing" in result.error
    writer.end()
    result = load_one(path.parent, as_at=APRIL)
    assert (result.state, result.rows_read, result.rows_inserted) == ("loaded", 100, 100)


@pytest.mark.usefixtures("db")
def test_a_file_that_is_written_by_opening_again_is_waited_for(tmp_path, quiet_seconds):
    """Nobody has it open meanwhile: it is found to have changed, and the file beside it loads."""
    quiet_seconds(1)
    write(tmp_path, "ssd_person", [{"pers_person_id": "1", "pers_dob": "2015-06-17"}])
    path, told = tmp_path / f"{FEED}.csv", []
    writer = Writer(path, text_of(FEED, referrals(100)), "by opening again", pause=0.5)
    results = ingest([tmp_path], "barnet", APRIL, progress=told.append)
    writer.end()
    assert [(one.feed or one.rule, one.state) for one in results] == [
        ("ssd_person", "loaded"),
        ("unfinished", "refused"),
    ]
    assert told[0].startswith("waiting 1 seconds: 2 files have just changed")
    assert load_one(path, as_at=APRIL).rows_read == 100


@pytest.mark.usefixtures("db")
def test_a_folder_is_waited_for_once_and_an_old_or_promised_file_not_at_all(tmp_path, quiet_seconds, monkeypatch):
    """Many fresh files, one wait; none where a manifest holds their hashes, and none the next time."""
    quiet_seconds(0.5)
    waits, sleep = [], time.sleep
    monkeypatch.setattr(time, "sleep", lambda seconds: (waits.append(seconds), sleep(seconds)))
    for feed in ("ssd_person", "ssd_mother", FEED):
        write(tmp_path, feed, [])
    load(tmp_path)
    load(tmp_path)
    assert len(waits) == 1
    assert 0 < waits[0] <= 0.5
    write(tmp_path, FEED, referrals(2))
    promise(tmp_path)
    load(tmp_path)
    assert len(waits) == 1


@pytest.mark.usefixtures("db")
def test_the_manifests_hash_is_enough(tmp_path):
    """Whoever still has the file open: its bytes are the promised ones."""
    path = write(tmp_path, FEED, referrals(2))
    promise(tmp_path, APRIL)
    with path.open("a"):
        assert load_one(tmp_path).state == "loaded"


def test_a_lease_kills_nobody_and_is_given_back(tmp_path):
    """Who opens the file to write right after need not wait; who had it open before is found, also one that maps it."""
    path = write(tmp_path, FEED, referrals(1))
    assert signal.getsignal(signal.SIGURG) is signal.SIG_DFL
    with path.open("rb") as reader:
        assert quiet.is_open_for_writing(reader.fileno()) is False
        with os.fdopen(os.open(path, os.O_RDWR | os.O_NONBLOCK), "r+b"):
            assert quiet.is_open_for_writing(reader.fileno()) is True
        assert quiet.is_open_for_writing(reader.fileno()) is False


def test_a_share_says_nothing_of_its_writers(tmp_path, monkeypatch, quiet_seconds):
    """There the whole time counts, and a lease that is denied is no proof."""
    path = write(tmp_path, FEED, referrals(1))
    device = path.stat().st_dev
    mounts = tmp_path / "mountinfo"
    place = f"{os.major(device)}:{os.minor(device)}"
    mounts.write_text(
        f"36 35 98:0 / / rw - ext4 /dev/sda rw\n40 36 {place} / {tmp_path} rw shared:1 - nfs4 srv:/x rw\n"
    )
    monkeypatch.setattr(quiet, "MOUNTS", mounts)
    quiet_seconds(30)
    with path.open("ab") as writer:
        assert quiet.is_open_for_writing(writer.fileno()) is None
        land(path, tmp_path / "landing")
    assert 29 < quiet._seconds_left(path) <= 30
    monkeypatch.undo()
    assert quiet._seconds_left(path) <= quiet.LOCAL_SECONDS


def test_a_link_or_a_file_that_goes_is_not_waited_for(tmp_path, quiet_seconds):
    """What is no file is refused later, by name."""
    quiet_seconds(30)
    (tmp_path / "link.csv").symlink_to(write(tmp_path, FEED, referrals(1)))
    os.mkfifo(tmp_path / "pipe.csv")
    for name in ("link.csv", "pipe.csv", "gone.csv"):
        assert quiet._seconds_left(tmp_path / name) == 0
    with pytest.raises(RefusedFile):
        land(tmp_path / "pipe.csv", tmp_path / "landing")

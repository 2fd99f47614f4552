"""A machine that fails: disk full, memory gone, a loader that sleeps while another does its work. Made-up people."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from ingest_sample import APRIL, MARCH, PERSON, ask, load_one, write
from test_ingest_kill import FEED, backend_in, start, wait_until_quiet

from ingest.errors import LoadFailed
from ingest.load import ingest
from sightline.settings import settings

ROOT = Path(__file__).resolve().parents[1]
ROWS = 20_000
pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def people(tmp_path):
    """Made-up people of two months."""
    march = [PERSON | {"pers_person_id": f"{number:05d}"} for number in range(ROWS)]
    april = [row | {"pers_surname": "Thistlewick"} for row in march]
    return write(tmp_path / "march", FEED, march), write(tmp_path / "april", FEED, april)


def names_in_force():
    """Each surname in force, and how often."""
    return ask("select pers_surname, count(*) from identity.ssd_person where closed_by is null group by 1")


def test_a_full_disk_ends_the_load_cleanly_and_the_next_goes_on(people):
    """No private copy half written, nothing loaded; with room again the same load ends as if nothing had been."""
    load_one(people[0])
    landing = settings().home / "landing"
    before = sorted(landing.rglob("*"))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 << 10, limits[1]))
    try:
        with pytest.raises(LoadFailed, match="the machine failed: File too large"):
            ingest([people[1]], "barnet", APRIL)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert sorted(landing.rglob("*")) == before
    assert names_in_force() == [("Quillfeather", ROWS)]
    assert load_one(people[1], as_at=APRIL).rows_inserted == ROWS
    assert names_in_force() == [("Thistlewick", ROWS)]


def test_a_full_file_system_ends_the_load_cleanly(people, tmp_path):
    """The same on a real file system of a megabyte, where one can be mounted."""
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(small)], stderr=subprocess.DEVNULL)
    if mounted.returncode:
        pytest.skip("no file system can be mounted here: the limit on a file's size stands for it")
    landing = settings().home / "landing"
    council = landing / "small"
    landing.mkdir(exist_ok=True)
    council.symlink_to(small)
    try:
        with pytest.raises(LoadFailed, match="No space left on device"):
            ingest([people[0]], "small", MARCH)
        assert list(small.iterdir()) == []
    finally:
        council.unlink()
        subprocess.run(["umount", str(small)], check=True)
    assert ask("select count(*) from raw.ssd_person") == [(0,)]


SHORT_OF_MEMORY = """
import resource, sys
from datetime import date
from pathlib import Path
from ingest.load import ingest
import ingest.stream
held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (held + (24 << 20), resource.RLIM_INFINITY))
ingest([sys.argv[1]], "barnet", date(2026, 4, 30))
"""


def test_memory_that_runs_out_ends_the_load_cleanly(people):
    """Python's error or the allocator's abort: the process ends, the transaction with it, and the rerun is whole."""
    load_one(people[0])
    command = [sys.executable, "-c", SHORT_OF_MEMORY, str(people[1])]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode != 0
    assert "Thistlewick" not in done.stderr + done.stdout
    wait_until_quiet()
    assert names_in_force() == [("Quillfeather", ROWS)]
    assert load_one(people[1], as_at=APRIL).rows_inserted == ROWS


def test_a_loader_that_wakes_after_its_work_was_done_changes_nothing(people):
    """Stopped in the middle, its connection lost, the load done by another: it wakes, fails, and writes nothing.

    Lock, transaction and connection are one: who has lost the lock has no way left to write.
    """
    load_one(people[0])
    asleep = start(people[1], APRIL)
    backend = backend_in("copy %incoming_raw", asleep)
    os.kill(asleep.pid, signal.SIGSTOP)
    ask("select pg_terminate_backend(%s)", backend)
    assert load_one(people[1], as_at=APRIL).rows_inserted == ROWS
    after = ask("select delivery_id, state, rows_inserted from ops.delivery order by 1"), names_in_force()
    os.kill(asleep.pid, signal.SIGCONT)
    assert asleep.wait(120) != 0
    wait_until_quiet()
    assert (ask("select delivery_id, state, rows_inserted from ops.delivery order by 1"), names_in_force()) == after

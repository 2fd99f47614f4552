"""A load that is killed half way leaves no trace, and its rerun ends where an undisturbed run ends."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

import psutil
import psycopg
import pytest
from conftest import use_database
from ingest_sample import APRIL, COUNCIL, MARCH, PERSON, ask, load, load_one, write

from ingest import ledger
from ingest.errors import LoadFailed
from sightline import warehouse
from sightline.settings import export

FEED = "ssd_person"
ROWS = 30_000
KILLS = int(os.environ.get("SIGHTLINE_KILLS", "9"))
"""How many loads are killed at random points; `make nightly` asks for 200."""

KILLED_ROWS = 6_000
ROOT = Path(__file__).resolve().parents[1]
LOADER = """
import sys
from datetime import date
from ingest.load import ingest
ingest([sys.argv[1]], "barnet", date.fromisoformat(sys.argv[2]))
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> tuple[Path, Path]:
    """March's people, and April's, of whom every second has another name."""
    folder = tmp_path_factory.mktemp("people")
    march = [PERSON | {"pers_person_id": f"{number:05d}"} for number in range(ROWS)]
    april = [row | ({"pers_surname": "Thistlewick"} if place % 2 else {}) for place, row in enumerate(march[:-100])]
    bad = [PERSON | {"pers_person_id": "X", "pers_sex": "?"}]
    return write(folder / "march", FEED, march), write(folder / "april", FEED, [*april, *bad])


@contextmanager
def database(name: str, template: str = "template1") -> Iterator[None]:
    """Work in a new database, a copy of another one."""
    before = os.environ.pop("SIGHTLINE_DATABASE_URL", None)
    export({})
    with warehouse.connect(autocommit=True) as connection:
        connection.execute(f"drop database if exists {name}")
        connection.execute(f"create database {name} template {template}")
    export({"database_url": warehouse.url(name)})
    yield
    os.environ.pop("SIGHTLINE_DATABASE_URL")
    export({"database_url": before} if before else {})


@pytest.fixture(scope="module")
def expected(home, files) -> list[list[tuple]]:
    """What two undisturbed loads leave behind. The database `with_march` stays as it is after the first."""
    with database("with_march"):
        load(files[0])
    with database("undisturbed", "with_march"):
        load(files[1], as_at=APRIL)
        return state()


@pytest.fixture
def march(expected) -> Iterator[None]:
    """A database of the test's own, in which March is loaded."""
    with database("disturbed", "with_march"):
        yield
        wait_until_quiet()


def state() -> list[list[tuple]]:
    """All that a load leaves behind, times apart."""
    tables = {
        "raw.ssd_person": "delivery_id, row_no",
        "identity.ssd_person": "delivery_id, row_no",
        "(select delivery_id, row_no, column_name, rule from ops.rejected_row) as r": "delivery_id, row_no",
        "(select delivery_id, state, rows_read, rows_inserted, rows_unchanged, rows_rejected, rows_closed,"
        " error from ops.delivery) as d": "delivery_id",
    }
    return [ask(f"select * from {table} order by {order}") for table, order in tables.items()]


def start(path: Path, as_at: date) -> subprocess.Popen:
    """Start a loader as a process of its own."""
    command = [sys.executable, "-c", LOADER, str(path), as_at.isoformat()]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)


def backend_in(statement: str, loader: subprocess.Popen) -> int:
    """Wait until a loader's backend runs the statement; return its process number."""
    query = "select pid from pg_stat_activity where query ilike %s and pid <> pg_backend_pid() and state = 'active'"
    with warehouse.connect(autocommit=True) as connection:
        while loader.poll() is None:
            found = connection.execute(query, (f"{statement}%",)).fetchone()
            if found:
                return found[0]
            time.sleep(0.002)
    raise AssertionError(f"the loader ended before it reached: {statement}")


def wait_until_quiet() -> None:
    """Wait until no backend but this one is at work in the database."""
    query = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
    for _ in range(200):
        if ask(query) == [(0,)]:
            return
        time.sleep(0.05)
    raise AssertionError("a backend of a killed loader is still at work")


@pytest.mark.parametrize("statement", ["copy %incoming_raw", "copy %incoming_identity", "update", "insert into %raw"])
@pytest.mark.parametrize("victim", ["loader", "backend"])
def test_a_killed_load_is_as_if_it_had_not_been(march, files, expected, victim, statement):
    """SIGKILL of the loader, or the end of its backend: the last good data stand, and the rerun ends alike."""
    before = state()[:3]
    process = start(files[1], APRIL)
    pid = backend_in(statement, process)
    if victim == "loader":
        process.send_signal(signal.SIGKILL)
    else:
        ask("select pg_terminate_backend(%s)", pid)
    assert process.wait(60) != 0
    wait_until_quiet()
    assert state()[:3] == before
    assert ask("select state, error from ops.delivery where delivery_id = 2") == [("failed", "interrupted")]
    assert load_one(files[1], as_at=APRIL).state == "loaded"
    assert state() == expected


def test_a_killed_first_load(db, files):
    """The first load goes straight into its tables; killed there, they are empty again."""
    process = start(files[0], MARCH)
    backend_in('copy "raw"', process)
    process.send_signal(signal.SIGKILL)
    process.wait(60)
    wait_until_quiet()
    assert ask("select count(*) from raw.ssd_person") == ask("select count(*) from identity.ssd_person") == [(0,)]
    assert load_one(files[0]).rows_inserted == ROWS


def test_a_lost_database_is_told_without_values(db, files):
    """The loader says what is lost; nobody's name is in it."""
    with ThreadPoolExecutor(1) as pool:
        loading = pool.submit(load, files[0])
        with warehouse.connect(autocommit=True) as connection:
            for _ in range(2000):
                if connection.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                    " where pid <> pg_backend_pid() and query like 'copy \"raw\"%%'"
                ).fetchone():
                    break
                time.sleep(0.002)
        with pytest.raises(LoadFailed, match="the database was lost") as raised:
            loading.result(60)
    assert raised.value.__cause__ is raised.value.__context__ is None


def test_two_loads_of_one_feed_wait_for_each_other(db, files):
    """The second finds the first one's work done."""
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda _: load_one(files[0]), range(2)))
    assert sorted(result.state for result in results) == ["loaded", "unchanged"]
    assert ask("select count(*) from raw.ssd_person where closed_by is null") == [(ROWS,)]


def test_a_load_does_not_wait_for_ever(march, files, monkeypatch):
    """Behind another load that does not end, it gives up and says so."""
    monkeypatch.setattr(ledger, "LOCK_WAIT", "100ms")
    with (
        warehouse.connect(autocommit=True) as other,
        ledger.feed_lock(other, COUNCIL, FEED),
        pytest.raises(LoadFailed, match="another load of ssd_person"),
    ):
        load(files[1], as_at=APRIL)
    assert load_one(files[1], as_at=APRIL).state == "loaded"


FORKING = """
import os, sys
from datetime import date
from ingest.load import ingest
from ingest.spec import load_specs
from sightline.settings import export
load_specs()
for line in sys.stdin:
    path, as_at, url = line.split()
    child = os.fork()
    if child == 0:
        export({"database_url": url})
        sys.stderr = open(os.devnull, "w")
        try:
            ingest([path], "barnet", date.fromisoformat(as_at))
        except BaseException:
            os._exit(1)
        os._exit(0)
    print(child, flush=True)
    print(os.waitpid(child, 0)[1], flush=True)
"""


class Loaders:
    """Starts loaders by forking a process that has everything imported: a kill costs a second, not ten."""

    def __init__(self) -> None:
        command = [sys.executable, "-c", FORKING]
        self._parent = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def start(self, path: Path, as_at: date, url: str) -> int:
        """Start a loader; return its process number."""
        print(path, as_at, url, file=self._parent.stdin, flush=True)
        return int(self._parent.stdout.readline())

    def wait(self) -> int:
        """Wait for the loader's end; return its status, 0 where it ended by itself and well."""
        return int(self._parent.stdout.readline())

    def close(self) -> None:
        """End the process that forks."""
        self._parent.stdin.close()
        self._parent.wait(60)


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> tuple[Path, Path]:
    """March's and April's people, fewer of them."""
    folder = tmp_path_factory.mktemp("few")
    march = [PERSON | {"pers_person_id": f"{number:05d}"} for number in range(KILLED_ROWS)]
    april = [row | ({"pers_surname": "Thistlewick"} if place % 2 else {}) for place, row in enumerate(march[:-100])]
    bad = [PERSON | {"pers_person_id": "X", "pers_sex": "?"}]
    return write(folder / "march", FEED, march), write(folder / "april", FEED, [*april, *bad, april[0]])


def kill_server() -> None:
    """SIGKILL of the server and everything it has started; then start it again, and go on in the same database."""
    name = warehouse.settings().database_url.get_secret_value().rpartition("/")[2]
    use_database(None)
    postmaster = psutil.Process(int((warehouse.server().data / "postmaster.pid").read_text().split()[0]))
    processes = [postmaster, *postmaster.children(recursive=True)]
    for process in processes:
        process.kill()
    psutil.wait_procs(processes, timeout=30)
    export({"database_url": warehouse.url(name)})


def kill(victim: str, loader: int) -> None:
    """SIGKILL of the loader, of its backend (the server then ends every other one and recovers), or of the server."""
    with suppress(ProcessLookupError):
        if victim == "server":
            kill_server()
        elif victim == "loader":
            os.kill(loader, signal.SIGKILL)
        else:
            others = "datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'"
            for (backend,) in ask(f"select pid from pg_stat_activity where {others}"):
                os.kill(backend, signal.SIGKILL)
    wait_for_server()


def wait_for_server() -> None:
    """Wait until the server takes connections again."""
    for _ in range(600):
        try:
            ask("select 1")
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise AssertionError("the server did not recover")


def test_kills_at_random_points_leave_the_state_of_an_undisturbed_run(home, small):
    """SIGKILL of the loader, of its backend and of the server, anywhere from the start to after the end.

    After each the last good data or the whole new data stand; after the rerun all is as if nothing had been.
    """
    dice, ends, loaders = random.Random(KILLS), [], Loaders()
    with database("small_march"):
        load(small[0])
    with database("small_calm", "small_march"):
        before = state()[:2]
        started = time.monotonic()
        loaders.start(small[1], APRIL, warehouse.url())
        assert loaders.wait() == 0
        seconds = time.monotonic() - started
        expected = state()
    for number in range(KILLS):
        victim = ("loader", "backend", "server")[number % 3]
        with database("small_disturbed", "small_march"):
            loader = loaders.start(small[1], APRIL, warehouse.url())
            time.sleep(dice.uniform(0, 1.1 * seconds))
            kill(victim, loader)
            ended = loaders.wait()
            wait_for_server()
            wait_until_quiet()
            after = state()[:2]
            assert after in (before, expected[:2]), (number, victim)
            assert load_one(small[1], as_at=APRIL).state in ("loaded", "unchanged")
            assert state() == expected, (number, victim)
            ends.append((victim, ended == 0, after == before))
            wait_until_quiet()
    loaders.close()
    print(f"{KILLS} kills, {sum(not ended for _, ended, _ in ends)} before the end of the load")
    assert KILLS < 9 or any(not ended for _, ended, _ in ends)

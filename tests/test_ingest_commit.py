"""A load that is lost at its very end: in the commit, and after it. With a real PostgreSQL. All people are made up."""

from __future__ import annotations

import re
import socket
import threading
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from conftest import copy_database, use_database
from ingest_sample import APRIL, ask, load, load_one, referrals, write

from ingest.errors import LoadFailed
from sightline import warehouse

FEED = "ssd_cin_episodes"
DIE_AT_COMMIT = f"""
create function die() returns trigger language plpgsql as
$$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$;
create constraint trigger die after insert on raw.{FEED} deferrable initially deferred
for each row execute function die();
"""
COMMIT, ROWS_COME = b"COMMIT", re.compile(rb"copy [^\0]*incoming_raw", re.IGNORECASE)
BLOCK = 1 << 16


def files(folder: Path) -> tuple[Path, Path]:
    """March's referrals, and April's: one is gone, one is new, one says something else, one is wrong."""
    march, april = referrals(8), referrals(9)[1:]
    april[2] |= {"cine_referral_nfa": "Y"}
    april[3] |= {"cine_cin_primary_need_code": "XX"}
    return write(folder / "march", FEED, march), write(folder / "april", FEED, april)


def state() -> list[list[tuple]]:
    """All that the loads leave behind, times apart."""
    return [
        ask(f"select * from raw.{FEED} order by delivery_id, row_no"),
        ask("select delivery_id, row_no, column_name, rule from ops.rejected_row order by 1, 2"),
        ask(
            "select delivery_id, state, rows_read, rows_inserted, rows_unchanged, rows_rejected, rows_closed, error"
            " from ops.delivery order by 1"
        ),
    ]


@pytest.fixture
def undisturbed(migrated, tmp_path) -> list[list[tuple]]:
    """What two loads leave behind that nothing disturbs."""
    before = use_database(None)
    use_database(copy_database(migrated))
    march, april = files(tmp_path)
    load(march)
    load(april, as_at=APRIL)
    found = state()
    use_database(before)
    return found


def test_a_backend_that_dies_in_its_commit_leaves_no_trace(undisturbed, db, tmp_path):
    """All was written and checked; the transaction falls at COMMIT itself, and the rerun ends where it would have."""
    march, april = files(tmp_path)
    load(march)
    before = state()[:2]
    with warehouse.connect() as connection:
        connection.execute(DIE_AT_COMMIT)
    with pytest.raises(LoadFailed, match="database was lost"):
        load(april, as_at=APRIL)
    assert state()[:2] == before
    assert ask("select state, error from ops.delivery where delivery_id = 2") == [("failed", "interrupted")]
    with warehouse.connect() as connection:
        connection.execute(f"drop trigger die on raw.{FEED}")
    assert load_one(april, as_at=APRIL).state == "loaded"
    assert state() == undisturbed


class DeafProxy:
    """Stands before the server, and breaks a connection off when the server has answered the COMMIT of a load.

    `is_deaf` says that it has: the commit was done, and the client never heard of it.
    """

    def __init__(self, url: str) -> None:
        self._target = urlsplit(url)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = urlunsplit(self._target._replace(netloc=self._netloc(self._listener.getsockname()[1])))
        self.is_deaf = False
        threading.Thread(target=self._serve, daemon=True).start()

    def _netloc(self, port: int) -> str:
        who, _, _ = self._target.netloc.rpartition("@")
        return f"{who}@127.0.0.1:{port}"

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection((self._target.hostname, self._target.port))
                broken = threading.Event()
                for serve in (self._ask, self._answer):
                    threading.Thread(target=serve, args=(client, server, broken), daemon=True).start()

    def _ask(self, client: socket.socket, server: socket.socket, broken: threading.Event) -> None:
        """Pass on what the client says; what answers the COMMIT after its rows is not to come back."""
        has_rows = False
        with suppress(OSError):
            while block := client.recv(BLOCK):
                has_rows = has_rows or bool(ROWS_COME.search(block))
                if has_rows and COMMIT in block and not self.is_deaf:
                    broken.set()
                server.sendall(block)
        with suppress(OSError):
            server.shutdown(socket.SHUT_WR)

    def _answer(self, client: socket.socket, server: socket.socket, broken: threading.Event) -> None:
        with suppress(OSError):
            while block := server.recv(BLOCK):
                if broken.is_set() and COMMIT in block:
                    self.is_deaf = True
                    break
                client.sendall(block)
        for one in (client, server):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()


def test_a_commit_whose_answer_is_lost_is_found_by_the_rerun(undisturbed, db, tmp_path):
    """The rows are in force though the client was told of a lost database; the same bytes again write nothing."""
    march, april = files(tmp_path)
    load(march)
    proxy = DeafProxy(db)
    use_database(proxy.url)
    with pytest.raises(LoadFailed, match="database was lost"):
        load(april, as_at=APRIL)
    proxy.close()
    use_database(db)
    assert proxy.is_deaf
    assert state() == undisturbed
    again = load_one(april, as_at=APRIL)
    assert (again.state, again.delivery_id, again.is_new) == ("unchanged", 2, False)
    assert state() == undisturbed

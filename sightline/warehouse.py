"""The warehouse's database: its address, connections, and the embedded server behind it."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg

from sightline.postgres import Server, cluster_folder, find_programs
from sightline.settings import settings


def server() -> Server:
    """Return the embedded server of SIGHTLINE_HOME, running or not."""
    settings().home.mkdir(parents=True, exist_ok=True)
    return Server(cluster_folder(settings().home).resolve(), find_programs(settings().pg_bin))


def is_embedded() -> bool:
    """Return whether Sightline runs its own server rather than a configured one."""
    return settings().database_url is None


def url(database: str | None = None) -> str:
    """Return the database's URL, starting the embedded server where it is needed. Never log it."""
    configured = settings().database_url
    if configured is None:
        with _start_lock():
            address = server().start()
    else:
        address = configured.get_secret_value()
    if database is None:
        return address
    return urlunsplit(urlsplit(address)._replace(path=f"/{database}"))


@contextmanager
def _start_lock() -> Iterator[None]:
    """Let one process at a time make or start the server."""
    folder = settings().home
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".start.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def connect(*, autocommit: bool = False) -> psycopg.Connection:
    """Open a connection to the warehouse. Sessions speak London time, as the councils' records do."""
    return psycopg.connect(url(), autocommit=autocommit, options="-c timezone=Europe/London")


def create_database(name: str) -> str:
    """Create the database `name` where it is missing and return its URL."""
    with connect(autocommit=True) as connection:
        found = connection.execute("select 1 from pg_database where datname = %s", (name,)).fetchone()
        if not found:
            connection.execute(psycopg.sql.SQL("create database {}").format(psycopg.sql.Identifier(name)))
    return url(name)


def stop(mode: str = "fast") -> None:
    """Stop the embedded server; a configured server is left alone."""
    if is_embedded():
        server().stop(mode)

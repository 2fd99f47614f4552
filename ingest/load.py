"""Take files in: the entry points. One table of a file is one delivery, one transaction, one ledger line."""

from __future__ import annotations

import logging
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import psycopg

from ingest import hold
from ingest.council import databases_of
from ingest.errors import LoadFailed, shown
from ingest.ledger import DeliveryResult
from ingest.loader import Loader
from ingest.schema import migrate
from ingest.spec import Group, load_specs
from sightline import warehouse
from sightline.settings import settings

log = logging.getLogger(__name__)

Progress = Callable[[str], None]


def ingest(
    paths: Iterable[Path | str],
    council: str,
    as_at: date | None = None,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> list[DeliveryResult]:
    """Load files and folders of one council; return one result a file.

    The as-at date of a file is its manifest's, else `as_at`, else the settings'. A file that is refused stops
    no other. With `dry_run` everything is checked and counted, and nothing is kept.

    Raises:
        LoadFailed: the database cannot be reached or was lost, or disk or memory are full; what was loaded
            before stays.
        IngestError: there is no pseudonym key, or a specification is wrong.
    """
    everything = frozenset(load_specs())
    return _ingest([Path(path) for path in paths], council, as_at, everything, dry_run=dry_run, progress=progress)


def ingest_group(
    folder: Path | str, council: str, group: Group, as_at: date | None = None, *, feeds: Iterable[str] | None = None
) -> list[DeliveryResult]:
    """Load a folder's files of one group of feeds, or of some `feeds` of it; return one result a file.

    A file that no feed knows belongs to the nearest feed, so that exactly one task reports it. The council's
    databases that bring any of these feeds are read too.
    """
    of_group = {spec.feed for spec in load_specs().values() if spec.group == group}
    chosen = of_group if feeds is None else of_group.intersection(feeds)
    results = _ingest([Path(folder)], council, as_at, frozenset(chosen))
    for name, source in databases_of(council).items():
        if not source.feeds or chosen.intersection(source.feeds):
            results += ingest_database(name, council, as_at, feeds=chosen)
    return results


def ingest_database(
    name: str,
    council: str,
    as_at: date | None = None,
    *,
    feeds: Iterable[str] | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> list[DeliveryResult]:
    """Load the feeds of one of the council's databases, as they stand at one moment; return one result a feed.

    Raises:
        DatabaseError: the council has no such database, or it cannot be reached.
        LoadFailed: as `ingest`.
    """
    from ingest import database

    at = as_at or settings().as_at
    wanted = None if feeds is None else sorted(feeds)
    with tempfile.TemporaryDirectory(prefix="sightline-") as folder:
        extracted = database.extract(council, name, Path(folder), at, feeds=wanted, progress=progress)
        failed = [
            DeliveryResult(
                file_name=one.feed, council=council, as_at=at, state="refused", feed=one.feed, rule="source",
                error=f"{name}, {one.feed}: {one.error}", is_dry_run=dry_run,
            )
            for one in extracted
            if one.error
        ]  # fmt: skip
        everything = frozenset(load_specs())
        return failed + _ingest([Path(folder)], council, at, everything, dry_run=dry_run, progress=progress)


def _ingest(
    paths: list[Path],
    council: str,
    as_at: date | None,
    feeds: frozenset[str],
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> list[DeliveryResult]:
    results: list[DeliveryResult] = []
    failure = None
    try:
        with _connect() as connection, ExitStack() as stack:
            at, landing = as_at or settings().as_at, _landing(council)
            tell = progress or log.info
            loader = Loader(connection, council, at, feeds, landing=landing, dry_run=dry_run, stack=stack, tell=tell)
            for result in loader.run(paths):
                results.append(result)
                if progress:
                    progress(result.line())
    except psycopg.OperationalError as error:
        failure = f"the database was lost or cannot be reached ({error.sqlstate or 'no connection'})"
    except OSError as error:
        failure = f"the machine failed: {error.strerror or type(error).__name__}"
    except MemoryError:
        failure = "the machine has no memory left for this load"
    if failure:
        raise LoadFailed(failure)
    log.info("ingest of %s: %s", council, dict(Counter(result.state for result in results)))
    return results


def accept(delivery_id: int) -> DeliveryResult:
    """Load a held delivery; return what became of it.

    Raises:
        HoldError: it is not held, or its private copy is gone or changed.
    """
    with _connect() as connection, ExitStack() as stack:
        migrate(connection)
        held = hold.find_held(connection, delivery_id)
        council, feeds = held["council"], frozenset(load_specs())
        landing = _landing(council)
        loader = Loader(connection, council, held["as_at"], feeds, landing=landing, dry_run=False, stack=stack)
        return loader.accept(delivery_id)


def refuse(delivery_id: int, why: str) -> DeliveryResult:
    """End a held delivery, for a reason; return its line.

    Raises:
        HoldError: it is not held, or no reason is given.
    """
    with _connect() as connection:
        migrate(connection)
        held = hold.refuse(connection, delivery_id, why)
        values = {name: held[name] for name in ("file_name", "council", "as_at", "feed", "delivery_id", "sha256")}
        return DeliveryResult(state="refused", rule="held", error=f"refused: {shown(why)}", **values)


def _landing(council: str) -> Path:
    return settings().home / "landing" / council


def _connect() -> psycopg.Connection:
    return warehouse.connect(autocommit=True)

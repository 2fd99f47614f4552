"""Take files in: land, recognise, check, load. One file is one delivery, one transaction, one ledger line."""

from __future__ import annotations

import hashlib
import logging
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import asdict
from datetime import date
from pathlib import Path

import psycopg

from ingest import hold, ledger
from ingest.errors import HoldError, LoadFailed, RefusedFile, shown
from ingest.gather import Job, Promise, gather, promised_but_absent
from ingest.land import Landed, land
from ingest.ledger import DeliveryResult
from ingest.privacy import load_keys
from ingest.recognise import Header, by_name, known_columns, match_header, nearest, recognise
from ingest.schema import migrate
from ingest.settle import Delivery
from ingest.sniff import open_table
from ingest.spec import FeedSpec, Group, load_specs, normalise
from ingest.stream import Counts, Stream
from ingest.table import Table
from sightline import warehouse
from sightline.settings import settings

log = logging.getLogger(__name__)

FEED_OF_UNKNOWN = "ssd_person"
"""Whose task reports a file that is like no feed at all."""

ANALYZE_FROM_ROWS = 1000
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
        LoadFailed: the database cannot be reached or was lost; what was loaded before stays.
        IngestError: there is no pseudonym key, or a specification is wrong.
    """
    everything = frozenset(load_specs())
    return _ingest([Path(path) for path in paths], council, as_at, everything, dry_run=dry_run, progress=progress)


def ingest_group(
    folder: Path | str, council: str, group: Group, as_at: date | None = None, *, feeds: Iterable[str] | None = None
) -> list[DeliveryResult]:
    """Load a folder's files of one group of feeds, or of some `feeds` of it; return one result a file.

    A file that no feed knows belongs to the nearest feed, so that exactly one task reports it.
    """
    of_group = {spec.feed for spec in load_specs().values() if spec.group == group}
    chosen = of_group if feeds is None else of_group.intersection(feeds)
    return _ingest([Path(folder)], council, as_at, frozenset(chosen))


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
            loader = Loader(connection, council, as_at or settings().as_at, feeds, dry_run=dry_run, stack=stack)
            for result in loader.run(paths):
                results.append(result)
                if progress:
                    progress(result.line())
    except psycopg.OperationalError as error:
        failure = f"the database was lost or cannot be reached ({error.sqlstate or 'no connection'})"
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
        loader = Loader(connection, held["council"], held["as_at"], frozenset(load_specs()), dry_run=False, stack=stack)
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


def _connect() -> psycopg.Connection:
    return warehouse.connect(autocommit=True)


class Loader:
    """Loads one council's files through one connection."""

    def __init__(
        self,
        connection: psycopg.Connection,
        council: str,
        as_at: date,
        feeds: frozenset[str],
        *,
        dry_run: bool,
        stack: ExitStack,
    ) -> None:
        self._connection, self._council, self._as_at, self._feeds = connection, council, as_at, feeds
        self._is_dry_run = dry_run
        self._specs, self._keys = load_specs(), load_keys()
        self._known = known_columns(self._specs)
        self._landing = settings().home / "landing" / council
        if dry_run:
            self._landing = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sightline-")))
        migrate(connection, self._specs)

    def run(self, paths: list[Path]) -> Iterable[DeliveryResult]:
        """Yield the result of each file of the loader's feeds."""
        try:
            jobs, absent = gather(paths), promised_but_absent(paths)
        except RefusedFile as error:
            yield self._result(error.file, self._as_at, state="refused", rule=error.rule, error=str(error))
            return
        twice = self._given_twice(jobs)
        for job in jobs:
            named = by_name(job.path.name, self._specs)
            if named and named.feed not in self._feeds:
                continue
            result = self.deliver(job, is_ambiguous=job in twice)
            if result:
                log.info("%s: %s, %s rows read", shown(result.file_name), result.state, result.rows_read)
                yield result
        for name, manifest in absent:
            named = by_name(name, self._specs)
            if (named.feed if named else FEED_OF_UNKNOWN) in self._feeds:
                error = RefusedFile(name, "absent", "the manifest lists this file, but it is not there")
                as_at = manifest.as_at or self._as_at
                yield self._result(error.file, as_at, state="refused", rule=error.rule, error=str(error))

    def deliver(self, job: Job, *, is_ambiguous: bool = False) -> DeliveryResult | None:
        """Load one file; None where it is of a feed that this loader leaves to others."""
        started, as_at = time.perf_counter(), job.as_at or self._as_at
        landed, spec, text = None, None, None
        try:
            landed = land(job.path, self._landing)
            self._check_promise(job, landed, is_ambiguous=is_ambiguous)
            text = self._open(job, landed)
            spec = recognise(text, self._specs)
            if spec.feed not in self._feeds:
                return None
            header = match_header(text, spec, self._specs)
            with ledger.feed_lock(self._connection, self._council, spec.feed), self._trial():
                result = self._load(job, text, header, spec, as_at)
        except RefusedFile as error:
            if not self._owns(job, text, spec):
                return None
            result = self._refuse(error, landed, spec, as_at)
        if self._is_dry_run:
            result = result.model_copy(update={"delivery_id": None})
        return result.model_copy(update={"seconds": round(time.perf_counter() - started, 3)})

    def _open(self, job: Job, landed: Landed) -> Table:
        named = by_name(job.path.name, self._specs)
        wanted = frozenset(normalise(column.name) for column in named.columns) if named else frozenset()
        return open_table(landed, self._known, wanted)

    def _load(self, job: Job, text: Table, header: Header, spec: FeedSpec, as_at: date) -> DeliveryResult:
        landed = text.landed
        same = ledger.find_same(self._connection, spec, self._council, landed, as_at)
        if same:
            return self._repeat(same, spec, landed, as_at)
        waiting = hold.find_same(self._connection, spec, self._council, landed.sha256, as_at)
        if waiting:
            return self._answer(waiting)
        newest = ledger.latest(self._connection, self._council, spec.feed)
        superseded_by = newest[0] if newest and newest[1] > as_at else None
        delivery = Delivery(spec, self._council, self._reserve(spec, landed, as_at), superseded_by)
        return self._settle(job, text, header, delivery, as_at)

    def _settle(
        self, job: Job, text: Table, header: Header, delivery: Delivery, as_at: date, *, is_accepted: bool = False
    ) -> DeliveryResult:
        """Load a delivery in one transaction, or roll it back and hold it where no person has accepted it."""
        spec, waits, failure = delivery.spec, None, None
        result = self._result(
            text.name,
            as_at,
            state="loaded",
            feed=spec.feed,
            sha256=text.landed.sha256,
            delivery_id=delivery.delivery_id,
            is_late=delivery.superseded_by is not None,
            encoding=text.encoding,
            notes=_notes(text, header),
        )
        try:
            with self._connection.transaction():
                if is_accepted:
                    hold.drop_rejected(self._connection, delivery.delivery_id)
                    hold.decide(self._connection, delivery.delivery_id, None)
                stream = Stream(self._connection, delivery, text, header, self._keys)
                counts = stream.run()
                _check_rows(counts, text, job)
                result = result.model_copy(update=asdict(counts))
                read = (counts.rows_read, counts.rows_rejected, stream.rows_before)
                waits = None if is_accepted else hold.reason(spec, *read, is_late=result.is_late)
                if waits:
                    rejected = hold.rejected(self._connection, delivery.delivery_id)
                    raise psycopg.Rollback
                ledger.write(self._connection, result, spec.fingerprint, None)
        except psycopg.OperationalError:
            raise
        except psycopg.Error as error:
            failure = f"{shown(text.name)}: the database refused the load ({error.sqlstate})"
        if waits:
            return self._hold(result, spec, waits, rejected)
        if failure and not is_accepted:
            result = result.model_copy(update={"state": "failed", "error": failure})
            ledger.write(self._connection, result, None, None)
        elif failure:
            raise HoldError(failure)
        elif counts.rows_inserted >= ANALYZE_FROM_ROWS:
            self._connection.execute(psycopg.sql.SQL("analyze raw.{}").format(psycopg.sql.Identifier(spec.feed)))
        return result

    def _hold(self, result: DeliveryResult, spec: FeedSpec, waits: str, rejected: list[tuple]) -> DeliveryResult:
        """Write a held delivery down, with the counts that its load would have."""
        accept = f"sightline accept {result.delivery_id}, or refuse {result.delivery_id} --why ..."
        error = f"{shown(result.file_name)}: {waits}; the last good rows stay in force ({accept})"
        result = result.model_copy(update={"state": "held", "rule": "held", "error": error})
        with self._connection.transaction():
            ledger.write(self._connection, result, spec.fingerprint, None)
            hold.keep_rejected(self._connection, rejected)
        return result

    def _answer(self, waiting: dict) -> DeliveryResult:
        """Answer for bytes that are held already, or that a person has refused."""
        names = ("feed", "delivery_id", "sha256", "encoding", "notes", "rule", "error", "is_late", "state")
        values = {name: waiting[name] for name in (*names, *ledger.COUNTS)}
        return self._result(waiting["file_name"], waiting["as_at"], is_new=False, **values)

    def accept(self, delivery_id: int) -> DeliveryResult:
        """Load a held delivery from the private copy that was made when it came.

        It counts from its own number, as if it had never been held: whatever of the same or a later as-at date
        came after it supersedes it.

        Raises:
            HoldError: it is not held, or its copy is gone or changed.
        """
        held = hold.find_held(self._connection, delivery_id)
        landed = self._landed(held)
        spec, as_at = self._specs[held["feed"]], held["as_at"]
        job = Job(landed.path, promise=Promise(rows=held["rows_read"]))
        text = self._open(job, landed)
        header = match_header(text, spec, self._specs)
        with ledger.feed_lock(self._connection, self._council, spec.feed):
            hold.find_held(self._connection, delivery_id)
            newest = ledger.latest(self._connection, self._council, spec.feed)
            is_late = newest is not None and (newest[1], newest[0]) > (as_at, delivery_id)
            delivery = Delivery(spec, self._council, delivery_id, newest[0] if is_late else None)
            return self._settle(job, text, header, delivery, as_at, is_accepted=True)

    def _landed(self, held: dict) -> Landed:
        path = self._landing / held["sha256"] / held["file_name"]
        try:
            content = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError:
            content = None
        if content != held["sha256"]:
            raise HoldError(f"the private copy of delivery {held['delivery_id']} is gone or changed: deliver it again")
        return Landed(path, held["file_name"], held["sha256"], path.stat().st_size)

    def _trial(self) -> AbstractContextManager:
        """A dry run's transaction, in which all is done and nothing kept; otherwise nothing."""
        return self._connection.transaction(force_rollback=True) if self._is_dry_run else nullcontext()

    def _reserve(self, spec: FeedSpec | None, landed: Landed, as_at: date) -> int:
        feed, fingerprint = (spec.feed, spec.fingerprint) if spec else (None, None)
        return ledger.reserve(self._connection, self._council, feed, landed, as_at, fingerprint)

    def _repeat(self, same: dict, spec: FeedSpec, landed: Landed, as_at: date) -> DeliveryResult:
        """Answer for bytes that were loaded before; a later as-at date is written down, nothing else."""
        result = self._result(
            landed.name,
            same["as_at"],
            state="unchanged",
            is_new=False,
            rows_unchanged=same["rows_inserted"] + same["rows_unchanged"],
            **{name: same[name] for name in ("rows_read", "rows_rejected", "rows_duplicate")},
            **{name: same[name] for name in ("feed", "delivery_id", "sha256", "encoding", "notes")},
        )
        if as_at <= same["as_at"]:
            return result
        delivery_id = self._reserve(spec, landed, as_at)
        result = result.model_copy(update={"delivery_id": delivery_id, "as_at": as_at, "is_new": True})
        ledger.write(self._connection, result, spec.fingerprint, same["same_as"] or same["delivery_id"])
        return result

    def _refuse(self, error: RefusedFile, landed: Landed | None, spec: FeedSpec | None, as_at: date) -> DeliveryResult:
        """Write a refusal down; a file that could not even be copied has no hash and leaves no line."""
        result = self._result(
            error.file,
            as_at,
            state="refused",
            feed=spec.feed if spec else None,
            sha256=landed.sha256 if landed else None,
            rule=error.rule,
            error=str(error),
        )
        if landed is None or self._is_dry_run:
            return result
        result = result.model_copy(update={"delivery_id": self._reserve(spec, landed, as_at)})
        ledger.write(self._connection, result, None, None)
        return result

    def _result(self, file_name: str, as_at: date, **values: object) -> DeliveryResult:
        return DeliveryResult(
            file_name=file_name, council=self._council, as_at=as_at, is_dry_run=self._is_dry_run, **values
        )

    def _owns(self, job: Job, text: Table | None, spec: FeedSpec | None) -> bool:
        """Whether a refused file is for this loader to report."""
        header = text.header if text else ()
        spec = spec or by_name(job.path.name, self._specs) or nearest(job.path.name, header, self._specs)
        return (spec.feed if spec else FEED_OF_UNKNOWN) in self._feeds

    def _given_twice(self, jobs: list[Job]) -> list[Job]:
        """Return the jobs whose snapshot feed has more than one file with the same as-at date."""
        named = [(job, by_name(job.path.name, self._specs)) for job in jobs]
        counted = Counter((spec.feed, job.as_at) for job, spec in named if spec and spec.scope == "snapshot")
        return [job for job, spec in named if spec and counted[spec.feed, job.as_at] > 1]

    def _check_promise(self, job: Job, landed: Landed, *, is_ambiguous: bool) -> None:
        if is_ambiguous:
            raise RefusedFile(landed.name, "two_files", "two files of this feed: which one counts is not guessed")
        if job.council is not None and job.council != self._council:
            message = f"the manifest says that this is {shown(job.council)}'s, not {self._council}'s"
            raise RefusedFile(landed.name, "council", message)
        if job.promise.sha256 not in (None, landed.sha256):
            row, column = self._open(job, landed).end() if landed.size else (1, None)
            promised = f"; the manifest promises {job.promise.rows} rows" if job.promise.rows is not None else ""
            message = f"cut short or changed: its SHA-256 is not the manifest's; it ends here{promised}"
            raise RefusedFile(landed.name, "cut_short", message, row=row, column=column)


def _notes(text: Table, header: Header) -> tuple[str, ...]:
    """Say what was taken in although it was not as specified."""
    extra = f"columns not in the specification, ignored: {', '.join(header.extra)}"
    return (extra, *text.notes) if header.extra else text.notes


def _check_rows(counts: Counts, text: Table, job: Job) -> None:
    """Refuse a file whose number of rows is not the promised one, or that holds none without saying so."""
    promised = job.promise.rows
    if promised is not None and promised != counts.rows_read:
        row, column = text.end()
        message = f"{counts.rows_read} rows where the manifest promises {promised}: the file was cut short"
        raise RefusedFile(text.name, "cut_short", message, row=row, column=column)
    if counts.rows_read == 0 and promised != 0:
        raise RefusedFile(text.name, "empty", "only a header; an empty feed needs a manifest that says 0 rows")

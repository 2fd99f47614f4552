"""Load one council's files through one connection: land, open, recognise, check, settle, write the ledger."""

from __future__ import annotations

import hashlib
import logging
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

import psycopg
from psycopg import sql

from ingest import hold, ledger
from ingest.council import specs_of
from ingest.ees_meta import land_meta
from ingest.errors import HoldError, RefusedFile, shown
from ingest.gather import NOT_INSIDE, Job, gather, left_unread, promised_but_absent
from ingest.keyring import hold_to_key
from ingest.land import Landed, land, name_of, refusal_of, remove_left_overs
from ingest.ledger import DeliveryResult
from ingest.part import Part
from ingest.parts import open_parts
from ingest.privacy import load_keys
from ingest.promise import check_council, check_rows, notes_of, refuse_changed, refuse_twin
from ingest.quiet import wait_until_quiet
from ingest.recognise import Header, by_name, match_header, named_like, nearest, recognise
from ingest.schema import migrate
from ingest.settle import Delivery
from ingest.spec import FeedSpec
from ingest.stream import Stream
from ingest.survey import Survey, depth_of
from ingest.years import Years

log = logging.getLogger(__name__)

FEED_OF_UNKNOWN = "ssd_person"
"""Whose task reports a file that is like no feed at all."""

NO_TWINS: Mapping[str, str] = {}

ANALYZE_FROM_ROWS, ANALYZE_FROM_SHARE = 1000, 0.05
"""New rows, and their share of those in force before, from which a table's statistics are made anew."""


@dataclass(frozen=True)
class Ready:
    """A part that is recognised: what is needed to load it."""

    job: Job
    part: Part
    spec: FeedSpec
    header: Header
    as_at: date
    year: int | None
    year_note: str | None = None

    @property
    def promised(self) -> int | None:
        """How many rows the container, or else the manifest, says that the part has."""
        if self.part.rows is not None or self.job.promise.rows is None:
            return self.part.rows
        return self.job.promise.rows * self.part.per_row


class Loader:
    """Loads one council's files through one connection."""

    def __init__(
        self,
        connection: psycopg.Connection,
        council: str,
        as_at: date,
        feeds: frozenset[str],
        *,
        landing: Path,
        dry_run: bool,
        stack: ExitStack,
        tell: Callable[[str], None] = log.info,
    ) -> None:
        self._connection, self._council, self._as_at, self._feeds = connection, council, as_at, feeds
        self._is_dry_run, self._tell = dry_run, tell
        self._unquiet: frozenset[Path] = frozenset()
        self._specs, self._keys = specs_of(council), load_keys()
        self._landing = landing
        if dry_run:
            self._landing = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sightline-")))
        else:
            remove_left_overs(landing)
        self._years = Years(self._specs)
        migrate(connection, self._specs)
        hold_to_key(connection, is_dry_run=dry_run)

    def run(self, paths: list[Path]) -> Iterable[DeliveryResult]:
        """Yield the result of each table of each file of the loader's feeds, parents before children."""
        try:
            jobs, absent = gather(paths), promised_but_absent(paths)
        except RefusedFile as error:
            yield self._result(error.file, self._as_at, state="refused", rule=error.rule, error=str(error))
            return
        unread = left_unread(paths)
        if unread:
            self._tell(f"{NOT_INSIDE} ({', '.join(unread)})")
        mine = list(filter(self._may_own, jobs))
        self._unquiet = wait_until_quiet(mine, self._tell)
        survey = Survey(mine, self._specs, self._years, self._as_at)
        for job in survey.ordered():
            for result in self.deliver(job, survey.twins(job)):
                log.info("%s: %s, %s rows read", shown(result.file_name), result.state, result.rows_read)
                yield result
        for name, manifest in absent:
            named = by_name(name, self._specs)
            if (named.feed if named else FEED_OF_UNKNOWN) in self._feeds:
                error = RefusedFile(name, "absent", "the manifest lists this file, but it is not there")
                as_at = manifest.as_at or self._as_at
                yield self._result(error.file, as_at, state="refused", rule=error.rule, error=str(error))

    def deliver(self, job: Job, twins: Mapping[str, str] = NO_TWINS) -> Iterator[DeliveryResult]:
        """Load one file; yield a result for each of its tables that is of the loader's feeds, parents first.

        `twins` are the feeds that another file brings as well (feed -> its name): they are refused.
        """
        started, as_at = time.perf_counter(), job.as_at or self._as_at
        landed, parts, failure = None, [], None
        try:
            if job.path in self._unquiet:
                message = "the file changed while it was waited for: run again when it is written"
                raise RefusedFile(job.path.name, "unfinished", message)
            landed = land(job.path, self._landing, is_promised=job.promise.sha256 is not None)
            land_meta(job.path, landed)
            check_council(job, landed, self._council)
            is_changed = job.promise.sha256 not in (None, landed.sha256)
            parts = [] if is_changed and not landed.size else open_parts(landed, self._specs)
            if is_changed:
                refuse_changed(job, landed, parts)
        except RefusedFile as error:
            failure = error
        except OSError as error:
            failure = refusal_of(error, landed.name if landed else name_of(job.path))
        if failure:
            if self._owns(job, parts[0].header if parts else (), None):
                yield self._timed(self._refuse(failure, landed, None, as_at), started)
            return
        for part in sorted(parts, key=self._depth):
            result = self._deliver_part(job, part, as_at, twins)
            if result:
                yield self._timed(result, started)
                started = time.perf_counter()

    def _depth(self, part: Part) -> int:
        return depth_of(self._specs[part.feed], self._specs) if part.feed else 0

    def _deliver_part(self, job: Job, part: Part, as_at: date, twins: Mapping[str, str]) -> DeliveryResult | None:
        """Load one table; None where it is of a feed that this loader leaves to others.

        A file that is named like a feed is its loader's, also where its columns are another's: so one takes it.
        """
        spec = None
        try:
            spec = self._specs[part.feed] if part.feed else None
            if part.failure:
                raise part.failure
            spec = spec or recognise(part, self._specs)
            if spec.feed not in self._feeds and by_name(job.path.name, self._specs) is None:
                return None
            if spec.feed in twins:
                refuse_twin(part, spec, twins[spec.feed])
            ready = self._ready(job, part, spec, part.as_at or as_at)
            with ledger.feed_lock(self._connection, self._council, spec.feed), self._trial():
                return self._load(ready)
        except RefusedFile as error:
            failure = error
        except OSError as error:
            failure = refusal_of(error, part.name)
        return self._refuse(failure, part.landed, spec, as_at) if self._owns(job, part.header, spec) else None

    def _ready(self, job: Job, part: Part, spec: FeedSpec, as_at: date) -> Ready:
        """Match the header and find the collection year, which becomes a column where the file has none."""
        header = match_header(part, spec, self._specs)
        year, note = self._years.find(job, part, spec, header, as_at)
        values = {spec.collection.column: str(year)} if spec.collection else {}
        part = part.with_columns([(name, values.get(name, "")) for name in header.added])
        named = named_like(part, self._specs)
        if named and named.feed != spec.feed:
            remark = f"named like {named.feed}, its columns are those of {spec.feed}"
            part = replace(part, remarks=(remark, *part.remarks))
        return Ready(job, part, spec, header, as_at, year, note)

    def _timed(self, result: DeliveryResult, started: float) -> DeliveryResult:
        if self._is_dry_run:
            result = result.model_copy(update={"delivery_id": None})
        return result.model_copy(update={"seconds": round(time.perf_counter() - started, 3)})

    def _load(self, ready: Ready) -> DeliveryResult:
        landed, spec, as_at = ready.part.landed, ready.spec, ready.as_at
        dataset = ready.part.label if ready.part.is_dataset else None
        same = ledger.find_same(self._connection, spec, self._council, landed, as_at, ready.year, dataset)
        if same and not self._may_have_come(same, ready):
            return self._repeat(same, ready)
        waiting = hold.find_same(self._connection, spec, self._council, landed.sha256, as_at)
        if waiting:
            return self._answer(waiting)
        newest = ledger.latest(self._connection, self._council, spec.feed, ready.year)
        superseded_by = newest[0] if newest and newest[1] > as_at else None
        return self._settle(ready, self._delivery(ready, self._reserve(spec, landed, as_at), superseded_by))

    def _may_have_come(self, same: dict, ready: Ready) -> bool:
        """Whether the same bytes say something else at a later day: a day that lay ahead may have come."""
        content_id = same["same_as"] or same["delivery_id"]
        is_later = ready.as_at > same["as_at"]
        return is_later and ledger.has_days_to_come(self._connection, ready.spec, self._council, content_id)

    def _delivery(self, ready: Ready, delivery_id: int, superseded_by: int | None) -> Delivery:
        within = (ready.spec.within[0], str(ready.year)) if ready.spec.within and ready.year is not None else None
        if ready.part.is_dataset:
            within = ("dataset", ready.part.label)
        return Delivery(ready.spec, self._council, delivery_id, superseded_by, ready.as_at, ready.year, within)

    def _settle(self, ready: Ready, delivery: Delivery, *, is_accepted: bool = False) -> DeliveryResult:
        """Load a delivery in one transaction, or roll it back and hold it where no person has accepted it."""
        spec, waits, failure = delivery.spec, None, None
        result = self._started(ready, delivery)
        try:
            with self._connection.transaction():
                if is_accepted:
                    hold.drop_rejected(self._connection, delivery.delivery_id)
                    hold.decide(self._connection, delivery.delivery_id, None)
                stream = Stream(self._connection, delivery, ready.part.plain, ready.header, self._keys)
                counts = stream.run()
                check_rows(counts.rows_read, ready.part, ready.promised)
                result = result.model_copy(update=asdict(counts))
                waits = None if is_accepted else hold.reason(spec, stream, is_late=result.is_late)
                if waits:
                    rejected = hold.rejected(self._connection, delivery.delivery_id)
                    raise psycopg.Rollback
                ledger.write(self._connection, result, spec.fingerprint, None)
        except psycopg.OperationalError:
            raise
        except psycopg.Error as error:
            failure = f"{shown(ready.part.name)}: the database refused the load ({error.sqlstate})"
        if waits:
            return self._hold(result, spec, waits, rejected)
        if failure and not is_accepted:
            result = result.model_copy(update={"state": "failed", "error": failure})
            ledger.write(self._connection, result, None, None)
        elif failure:
            raise HoldError(failure)
        elif counts.rows_inserted >= max(ANALYZE_FROM_ROWS, ANALYZE_FROM_SHARE * stream.rows_before):
            self._connection.execute(sql.SQL("analyze raw.{}").format(sql.Identifier(spec.feed)))
        return result

    def _started(self, ready: Ready, delivery: Delivery) -> DeliveryResult:
        """The delivery's result before any of its rows is read."""
        return self._result(
            ready.part.name,
            ready.as_at,
            state="loaded",
            feed=ready.spec.feed,
            sheet=ready.part.label,
            collection_year=ready.year,
            sha256=ready.part.landed.sha256,
            delivery_id=delivery.delivery_id,
            is_late=delivery.superseded_by is not None,
            encoding=ready.part.encoding,
            notes=notes_of(ready.part, ready.header, ready.year_note),
        )

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
        values = {name: waiting[name] for name in (*names, "collection_year", "rows_warned", *ledger.COUNTS)}
        return self._result(
            waiting["file_name"], waiting["as_at"], is_new=False, sheet=waiting["sheet"] or "", **values
        )

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
        parts = open_parts(landed, self._specs)
        part = next((part for part in parts if part.label == (held["sheet"] or "")), parts[0])
        ready = self._ready(Job(landed.path, year=held["collection_year"]), part, spec, as_at)
        ready = replace(ready, part=replace(ready.part, rows=held["rows_read"]), year=held["collection_year"])
        with ledger.feed_lock(self._connection, self._council, spec.feed):
            hold.find_held(self._connection, delivery_id)
            newest = ledger.latest(self._connection, self._council, spec.feed, ready.year)
            is_late = newest is not None and (newest[1], newest[0]) > (as_at, delivery_id)
            delivery = self._delivery(ready, delivery_id, newest[0] if is_late else None)
            return self._settle(ready, delivery, is_accepted=True)

    def _landed(self, held: dict) -> Landed:
        path = self._landing / held["sha256"] / held["file_name"]
        try:
            with path.open("rb") as handle:
                content = hashlib.file_digest(handle, "sha256").hexdigest()
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

    def _repeat(self, same: dict, ready: Ready) -> DeliveryResult:
        """Answer for bytes that were loaded before; a later as-at date is written down, nothing else."""
        result = self._result(
            ready.part.name,
            same["as_at"],
            state="unchanged",
            is_new=False,
            sheet=ready.part.label,
            rows_unchanged=same["rows_inserted"] + same["rows_unchanged"],
            **{name: same[name] for name in ("rows_read", "rows_rejected", "rows_duplicate", "rows_warned")},
            **{name: same[name] for name in ("feed", "delivery_id", "sha256", "encoding", "notes", "collection_year")},
        )
        if ready.as_at <= same["as_at"]:
            return result
        delivery_id = self._reserve(ready.spec, ready.part.landed, ready.as_at)
        result = result.model_copy(update={"delivery_id": delivery_id, "as_at": ready.as_at, "is_new": True})
        ledger.write(self._connection, result, ready.spec.fingerprint, same["same_as"] or same["delivery_id"])
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

    def _may_own(self, job: Job) -> bool:
        """Whether a file is for this loader to open: by its name, whatever its columns, or because it says nothing."""
        named = by_name(job.path.name, self._specs)
        return named is None or named.feed in self._feeds

    def _owns(self, job: Job, header: tuple[str, ...], spec: FeedSpec | None) -> bool:
        """Whether a refused file is for this loader to report."""
        spec = by_name(job.path.name, self._specs) or spec or nearest(job.path.name, header, self._specs)
        return (spec.feed if spec else FEED_OF_UNKNOWN) in self._feeds

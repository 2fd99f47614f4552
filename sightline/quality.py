"""The data-quality report of a council: what ingest finds, written by publish.

The one module here that stands on both sides, like the command line: it only joins them.
"""

from __future__ import annotations

import getpass
import logging
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import psycopg

from ingest.faults import FoundFault, find_faults, records_in_force
from ingest.privacy import load_keys
from publish import access, html, xlsx
from publish.faults import REPORT, Quality, document
from sightline import warehouse
from sightline.councils import load
from sightline.periods import Period
from sightline.settings import DEMO_KEY, settings

log = logging.getLogger(__name__)

MONTHS = 5
RECORD = (
    "insert into ops.access (who, report, unit_code, child_key, purpose)"
    " select %s, %s, %s, key, 'records to mend' from unnest(%s::text[]) as key"
)


@dataclass(frozen=True)
class Written:
    """One file of the report; `is_new` where it says anything else than the one before."""

    path: Path
    is_new: bool


def write_quality(council: str, as_at: date, since: date | None = None) -> list[Written]:
    """Write the report as HTML and XLSX; return the files, page first. Each child in it is recorded in `ops.access`.

    Faults are compared with those of the day `since` (default: last Sunday), and counted at the last month ends.
    Those of restricted records are left out, unless every role that gets the report may see them; so are those of
    which nobody can tell whose record it is, while any record is restricted.
    """
    since = since or Period.containing(as_at, "week").start - timedelta(days=1)
    with warehouse.connect() as connection:
        days = (*_month_ends(since), since, as_at)
        hidden = access.unlisted(load(council), REPORT, access.restricted(connection, load(council), as_at))
        every = {day: find_faults(connection, council, day) for day in days}
        found = tuple((day, _of_others(faults, hidden)) for day, faults in every.items())
        delivered = {(fault.feed, fault.record_key) for fault in every[as_at]}
        before = {(fault.feed, fault.record_key) for fault in every[since]} - delivered
        delivered |= records_in_force(connection, council, as_at, before)
        _record(connection, council, found[-1][1] + found[-2][1])
        connection.commit()
    unopened = sum(not fault.is_opened for fault in every[as_at])
    if unopened:
        log.warning("%s rows set aside were sealed under another key: whose they are cannot be told", unopened)
    is_made_up = settings().pseudonym_key() == DEMO_KEY.encode()
    quality = Quality(
        council,
        found,
        is_made_up,
        delivered=frozenset(delivered),
        not_shown=len(every[as_at]) - len(found[-1][1]),
        unopened=unopened,
    )
    folder = settings().home / "reports" / council / REPORT / as_at.isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        folder / f"{REPORT}_{as_at}.html": html.render(document(quality, is_whole=False)),
        folder / f"{REPORT}_{as_at}.xlsx": xlsx.render(document(quality, is_whole=True)),
    }
    return [_write(path, content) for path, content in files.items()]


def _write(path: Path, content: bytes) -> Written:
    is_new = not path.exists() or path.read_bytes() != content
    if is_new:
        path.write_bytes(content)
        path.chmod(0o600)
    return Written(path, is_new)


def _of_others(faults: list[FoundFault], hidden: frozenset[str]) -> list[FoundFault]:
    """Return the faults that are known to be of no hidden child."""
    return [fault for fault in faults if fault.whose is not None and not fault.whose & hidden] if hidden else faults


def _month_ends(before: date) -> list[date]:
    """Return the last month ends before a day, oldest first."""
    ends = [before.replace(day=1) - timedelta(days=1)]
    while len(ends) < MONTHS:
        ends.insert(0, ends[0].replace(day=1) - timedelta(days=1))
    return ends


def _record(connection: psycopg.Connection, council: str, faults: list[FoundFault]) -> None:
    """Record each child whose identifier the report shows."""
    keys = load_keys()
    children = sorted({keys.child_key(council, fault.child_id) for fault in faults if fault.child_id})
    connection.execute(RECORD, (getpass.getuser(), REPORT, council, children))

"""Reconcile a return and write the list of children who differ: ingest, build, compare, publish.

Stands on both sides, like the command line and the data-quality report: it only joins them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import psycopg

from ingest.gather import NOT_INSIDE
from ingest.ledger import DeliveryResult
from ingest.load import ingest
from publish import access, html, xlsx
from publish.differences import REPORT, Differences, document
from sightline import councils
from sightline.build import build, reading
from sightline.console import say
from sightline.reconcile import Reconciliation, reconcile
from sightline.returns import RETURNS, latest_year
from sightline.settings import DEMO_KEY, settings

BAD = ("refused", "held", "failed")
_FROM_RETURN = {
    "903": 'select known."CHILD", own."CHILD" from raw.ssda903_header as known'
    " inner join identity.ssda903_header as own using (council, delivery_id, row_no)"
    ' where known.council = %s and known.closed_by is null and known."CHILD" = any(%s)',
    "cin": 'select known."LAchildID", own."LAchildID" from raw.cin_child as known'
    " inner join identity.cin_child as own using (council, delivery_id, row_no)"
    ' where known.council = %s and known.closed_by is null and known."LAchildID" = any(%s)',
}


@dataclass(frozen=True)
class Outcome:
    """What came of it: the deliveries of the files, and where all of them were good the comparison and its files."""

    deliveries: tuple[DeliveryResult, ...] = ()
    result: Reconciliation | None = None
    files: tuple[Path, ...] = field(default=())

    @property
    def is_good(self) -> bool:
        """Whether no file was refused or held."""
        return not any(one.state in BAD for one in self.deliveries)

    def as_json(self) -> dict:
        """Return deliveries, counts and child keys as JSON-ready values; no identifier of the case system."""
        return {
            "deliveries": [one.as_json() for one in self.deliveries],
            "year": self.result and self.result.year,
            "figures": [one.as_json() for one in self.result.compared] if self.result else [],
            "files": [str(path) for path in self.files],
        }


def reconcile_files(
    paths: Sequence[Path], council: str, as_at: date, year: int | None = None, *, dry_run: bool = False
) -> Outcome:
    """Load the return, build, hold it against the case system, and write the list of children who differ.

    Without `paths` the return in force is compared. The year is that of the files, else the latest. With `dry_run` the
    files are checked and counted as by `sightline ingest --dry-run`: nothing is loaded, so nothing can be compared.

    Raises:
        ValueError: there is no file, none is an SSDA903 or a CIN census, or there is no such return.
        BuildError: the build failed.
    """
    deliveries = tuple(ingest(paths, council, as_at, dry_run=dry_run, progress=say)) if paths else ()
    outcome = Outcome(deliveries)
    if paths and not deliveries:
        raise ValueError(f"there is no file in what was named; {NOT_INSIDE}")
    if dry_run or not outcome.is_good:
        return outcome
    kinds = _kinds(deliveries) if deliveries else list(RETURNS)
    build(council, as_at)
    with reading() as connection:
        year = year or _year(deliveries) or latest_year(connection, kinds)
        built = {kind for (kind,) in connection.execute(
            "select return from intermediate.int_return__year where collection_year = %s", (year,)
        )}  # fmt: skip
        result = reconcile(connection, council, year, kinds if deliveries else sorted(built) or kinds)
        files = _write(connection, result, as_at)
        connection.commit()
    return Outcome(deliveries, result, files)


def _kinds(deliveries: Iterable[DeliveryResult]) -> list[str]:
    """Return which returns the files are."""
    feeds = {one.feed or "" for one in deliveries}
    found = [kind for kind, start in (("903", "ssda903_"), ("cin", "cin_")) if any(f.startswith(start) for f in feeds)]
    if not found:
        raise ValueError(f"no file is an SSDA903 or a children in need census; nothing to reconcile; {NOT_INSIDE}")
    return found


def _year(deliveries: Iterable[DeliveryResult]) -> int | None:
    return max((one.collection_year for one in deliveries if one.collection_year), default=None)


def _write(connection: psycopg.Connection, result: Reconciliation, as_at: date) -> tuple[Path, ...]:
    """Write the page and the workbook, for their owner alone; each child listed is recorded in `ops.access`."""
    council = councils.load(result.council)
    may_see = access.restricted(connection, council, as_at)
    unlisted = access.unlisted(council, REPORT, may_see)
    keys = [key for key in result.child_keys if key not in unlisted]
    found = Differences(
        council=result.council,
        year=result.year,
        as_at=as_at,
        compared=result.compared,
        identifiers=_identifiers(connection, result.council, keys, may_see),
        unlisted=unlisted,
        is_made_up=settings().pseudonym_key() == DEMO_KEY.encode(),
    )
    folder = settings().home / "reports" / result.council / REPORT / str(result.year)
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        folder / f"{REPORT}_{result.year}.html": html.render(document(found, is_whole=False)),
        folder / f"{REPORT}_{result.year}.xlsx": xlsx.render(document(found, is_whole=True)),
    }
    for path, content in files.items():
        path.touch(mode=0o600)
        path.chmod(0o600)
        path.write_bytes(content)
    return tuple(files)


def _identifiers(
    connection: psycopg.Connection, council: str, keys: list[str], may_see: dict[str, frozenset[str]]
) -> dict[str, str]:
    """Case-system identifiers by key, recorded by `publish.access`; of a child unknown there, the return's own."""
    found = access.identifiers(connection, council, keys, REPORT, council, may_see.keys() & set(keys))
    for query in _FROM_RETURN.values():
        missing = [key for key in keys if key not in found]
        found |= dict(connection.execute(query, (council, missing)).fetchall()) if missing else {}
    return found

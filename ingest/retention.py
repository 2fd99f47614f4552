"""Retention: what has been kept for as long as its feed's `retention_years` say, and is removed.

A record's years run from its last day: the latest date in any of its versions, but no later than the day on which the
delivery that closed it was as at; a record without dates counts from that day. Only records that are closed are
removed: one that the case system still delivers is listed as still held there, because the next delivery would bring it
back. Landed copies and the sealed copies of rejected rows go with the years of their delivery's as-at date. The years
are examples until the council's retention schedule says otherwise; legal holds come before them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from ingest import erasure, footprint, legal_hold, removal
from ingest.land import remove_landed
from ingest.legal_hold import Holds
from ingest.schema import migrate
from ingest.spec import FeedSpec, load_specs
from sightline import warehouse
from sightline.settings import settings

DATES = ("date", "timestamp")
_RECORDS = """
select
    r.row_key, bool_or(r.closed_by is null) as is_in_force,
    max(least(coalesce(greatest({dates}), d.as_at), coalesce(d.as_at, 'infinity'))) as last_on,
    bool_or({is_held}) as is_held
from {table} as r {identity} left join ops.delivery as d on d.delivery_id = r.closed_by
where r.council = {council} group by r.row_key
"""
_DUE = """
select
    count(*) filter (where not is_in_force and not is_held), count(*) filter (where is_in_force),
    count(*) filter (where not is_in_force and is_held),
    coalesce(array_agg(row_key) filter (where not is_in_force and not is_held), '{{}}'), min(last_on)
from ({records}) as record where last_on + make_interval(years => {years}) <= {day}
"""
_OLD_DELIVERIES = """
select delivery_id from ops.delivery
where council = %(council)s and state <> 'held' and as_at + make_interval(years => %(years)s) <= %(day)s
and feed is not distinct from %(feed)s
"""
_OLD_FILES = """
select sha256 from ops.delivery where council = %(council)s and sha256 is not null
group by sha256 having bool_and(delivery_id = any(%(old)s))
"""


@dataclass(frozen=True)
class Due:
    """What of one feed is past its years: records to remove, those that a hold keeps, those still delivered.

    `feed` is none for files that no feed knew.
    """

    feed: str | None
    retention_years: int
    records: int = 0
    rows: int = 0
    identity_rows: int = 0
    sealed_rows: int = 0
    on_hold: int = 0
    still_delivered: int = 0
    oldest: date | None = None

    @property
    def is_nothing(self) -> bool:
        """Whether nothing of the feed is past its years."""
        return not (self.records or self.sealed_rows or self.on_hold or self.still_delivered)


@dataclass(frozen=True)
class Retained:
    """What a run removed, or would remove: a line for each feed, and the number of landed files."""

    council: str
    day: date
    is_dry_run: bool
    feeds: tuple[Due, ...]
    landed_files: int
    returned_children: int

    def as_json(self) -> dict[str, Any]:
        """Return the result as JSON-ready values."""
        return asdict(self)


def retain(council: str, day: date, *, dry_run: bool = False) -> Retained:
    """Remove what is past its feed's years at the end of `day`, and write each removal down in `ops.removal`.

    With `dry_run` it is done in a transaction that is rolled back, so that the counts are those of the real run.
    """
    with warehouse.connect() as connection:
        migrate(connection)
        holds, specs = legal_hold.active(connection, council), load_specs()
        unknown = Due(None, min(spec.retention_years for spec in specs.values()))
        lines, old = [], []
        for line in [*(_of_feed(connection, spec, council, day, holds) for spec in specs.values()), unknown]:
            deliveries = _old_deliveries(connection, line, council, day, holds)
            lines.append(replace(line, sealed_rows=_empty_rejected(connection, deliveries)))
            old += deliveries
        found = [line for line in lines if not line.is_nothing]
        landed = _landed(connection, council, old)
        result = Retained(council, day, dry_run, tuple(found), len(landed), erasure.returned(connection, council))
        if dry_run:
            connection.rollback()
            return result
        _write_down(connection, result)
        connection.commit()
    for path in landed:
        remove_landed(path)
    return result


def _of_feed(connection: psycopg.Connection, spec: FeedSpec, council: str, day: date, holds: Holds) -> Due:
    due = sql.SQL(_DUE).format(records=_records(spec, council, holds), years=spec.retention_years, day=day)
    records, still_delivered, on_hold, keys, oldest = connection.execute(due).fetchone()
    rows, identity_rows = 0, 0
    if keys:
        condition = sql.SQL("r.row_key = any({})").format(keys)
        rows, identity_rows, _ = footprint.delete(connection, spec, council, condition)
    return Due(
        spec.feed,
        spec.retention_years,
        records,
        rows,
        identity_rows,
        on_hold=on_hold,
        still_delivered=still_delivered,
        oldest=oldest,
    )


def _records(spec: FeedSpec, council: str, holds: Holds) -> sql.Composed:
    """Return the query of a feed's records: key, whether in force, last day, whether a legal hold keeps it."""
    dates = [
        sql.SQL("{}.{}::date").format(sql.SQL("i" if column.is_in_identity else "r"), sql.Identifier(column.name))
        for column in spec.columns
        if column.type in DATES
    ]
    identity = sql.SQL("left join {} as i on i.delivery_id = r.delivery_id and i.row_no = r.row_no")
    return sql.SQL(_RECORDS).format(
        dates=sql.SQL(", ").join(dates or [sql.SQL("null::date")]),
        is_held=_is_held(spec, holds),
        table=sql.Identifier("raw", spec.feed),
        identity=identity.format(sql.Identifier("identity", spec.feed)) if spec.identity_columns else sql.SQL(""),
        council=council,
    )


def _is_held(spec: FeedSpec, holds: Holds) -> sql.Composable:
    """Return the condition that a legal hold is on a row `r`: on its feed, or on the child whose it is."""
    if spec.feed in holds.feeds:
        return sql.SQL("true")
    children = holds.children_of(spec.feed)
    return _is_of(load_specs(), spec, "r", children, ()) if children else sql.SQL("false")


def _is_of(
    specs: Mapping[str, FeedSpec], spec: FeedSpec, alias: str, children: list[str], above: tuple[str, ...]
) -> sql.Composable:
    """Return the condition that a row belongs to one of the children: by its own column, else through its parents."""
    columns = footprint.child_columns(spec)
    found = [sql.SQL("{}.{} = any({})").format(sql.Identifier(alias), sql.Identifier(c), children) for c in columns]
    for parent in () if columns else spec.parents:
        if parent.feed not in above:
            of, name = specs[parent.feed], f"{alias}_parent"
            held = _is_of(specs, of, name, children, (*above, spec.feed))
            named = [sql.SQL("{}.{}").format(sql.Identifier(alias), sql.Identifier(c)) for c in parent.columns]
            found.append(
                sql.SQL("exists (select 1 from {} as {p} where {p}.row_key = concat_ws({}, {}) and {})").format(
                    sql.Identifier("raw", of.feed),
                    footprint.KEY_SEPARATOR,
                    sql.SQL(", ").join(named),
                    held,
                    p=sql.Identifier(name),
                )
            )
    return sql.SQL("coalesce({}, false)").format(sql.SQL(" or ").join(found or [sql.SQL("false")]))


def _old_deliveries(connection: psycopg.Connection, line: Due, council: str, day: date, holds: Holds) -> list[int]:
    """Return a feed's deliveries that are past its years.

    A hold on any child keeps them all, because neither files nor sealed rows are opened to look for the child.
    """
    if holds.children or holds.pairs or line.feed in holds.feeds:
        return []
    values = {"council": council, "years": line.retention_years, "day": day, "feed": line.feed}
    return [number for (number,) in connection.execute(_OLD_DELIVERIES, values)]


def _empty_rejected(connection: psycopg.Connection, deliveries: list[int]) -> int:
    """Empty the sealed copies of rejected rows; the lines themselves hold no value and stay."""
    statement = "update ops.rejected_row set row_sealed = '' where delivery_id = any(%s) and length(row_sealed) > 0"
    return connection.execute(statement, (deliveries,)).rowcount


def _landed(connection: psycopg.Connection, council: str, old: list[int]) -> list[Path]:
    """Return the landed copies of files all of whose deliveries are past their years."""
    folder = settings().home / "landing" / council
    hashes = connection.execute(_OLD_FILES, {"council": council, "old": old}).fetchall()
    return [path for (sha,) in sorted(hashes) for path in footprint.landed_files(folder / sha)]


def _write_down(connection: psycopg.Connection, result: Retained) -> None:
    for line in result.feeds:
        rule = f"{line.retention_years} years after the last day of the record or the as-at date of the delivery"
        counted = {"rows": line.rows, "identity rows": line.identity_rows, "sealed rejected rows": line.sealed_rows}
        lines = [(what, line.feed, count) for what, count in counted.items()]
        removal.write(connection, result.council, "retention", rule, lines)
    landed = [("landed files", None, result.landed_files)]
    removal.write(connection, result.council, "retention", "the years of every feed that came in the file", landed)
    if any(line.rows for line in result.feeds):
        removal.outdate_marts(connection, result.council)

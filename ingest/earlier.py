"""Read of a snapshot only the rows that differ, as text, from those of the snapshot that is in force.

A row that stands in both texts, under the same header and the same rules, is in force as it is: nothing of it needs
to be read. That holds only if the earlier snapshot's good rows are the rows in force, which is verified; where
anything speaks against it the whole file is read.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import psycopg
from psycopg import sql

from ingest import ledger
from ingest.blocks import FRAME_ROWS, Doubtful, reader
from ingest.check import Checker
from ingest.diff import IN_FORCE_ROW
from ingest.errors import RefusedFile
from ingest.land import Landed
from ingest.lines import Comparison, Rows, compare
from ingest.pack import Packer
from ingest.read import Text, chunk_of, open_text
from ingest.recognise import Header
from ingest.settle import Delivery
from ingest.spec import normalise
from ingest.table import Chunk

FROM_BYTES = 1 << 20
"""Size of a file from which it is worth the while."""

FIRST_ROW = 2
"""Number of the row after the header."""

MAX_SHARE, MAX_ROWS = 0.3, 250_000
"""How many rows may differ: beyond it the whole file is read."""

FACTS = """
select o.delivery_id, d.file_name, d.sha256, d.rows_read, d.rows_inserted + d.rows_unchanged, d.rows_duplicate,
    o.rows_warned - (select count(*) from ops.warning as w where w.delivery_id = o.delivery_id and w.rule = 'parent')
from ops.delivery as d inner join ops.delivery as o on o.delivery_id = coalesce(d.same_as, d.delivery_id)
where d.council = %s and d.feed = %s and d.state = any(%s) and d.spec_sha256 = %s and d.delivery_id = %s
"""
REJECTED = "select row_no, rule = 'key' from ops.rejected_row where delivery_id = %s"
IN_FORCE = """
select row_key, encode(row_hash, 'hex'), delivery_id, row_no from raw.{}
where council = %s and closed_by is null and row_key = any(%s)
"""
WARNED = """
select
    count(distinct (w.delivery_id, w.row_no)) filter (where w.rule = 'order'),
    coalesce(bool_or(w.rule = 'future'), false)
from ops.warning as w inner join raw.{} as r on r.delivery_id = w.delivery_id and r.row_no = w.row_no
where r.council = %s and r.closed_by is null and r.row_key <> all(%s)
"""


@dataclass(frozen=True)
class Fact:
    """The accepted delivery whose snapshot is in force: where its copy lies, and what became of its rows."""

    delivery_id: int
    landed: Landed
    rows: int
    good: int
    duplicate: int
    warned: int


@dataclass
class Found:
    """Rows of the earlier text: row key -> row hash of the good ones, keys of the bad ones, how many are warned of."""

    hashes: dict[str, str]
    rejected: set[str]
    warned: int


@dataclass(frozen=True)
class Remainder:
    """What of a snapshot must still be read, and the rows in force that the rest says nothing of.

    `rows` are all of the snapshot's; `touched`, an array of `IN_FORCE_ROW`, may be superseded. Of the rows that need
    not be read some were `warned` of when they came, some of these for days out of order. A warning of a day to
    come may have ceased to hold since: then the whole file is read.
    """

    text: Text
    fresh: Rows
    rows: int
    touched: np.ndarray
    rows_in_force: int
    warned: int
    disordered: int

    @property
    def known(self) -> int:
        """How many rows need not be read: they are in force as they are."""
        return self.rows - len(self.fresh)

    def chunks(self) -> Iterator[Chunk]:
        """Yield the rows that must be read, with their row numbers.

        Raises:
            RefusedFile: the file breaks off within its last row.
        """
        yield from _chunks(self.text, self.fresh)
        if len(self.fresh) and self.fresh.places[-1] == self.rows - 1:
            (last,) = reader(iter([list(self.fresh.texts())[-1]]), self.text.delimiter)
            self.text.refuse_cut(self.rows + FIRST_ROW - 1, last)


def find_remainder(
    connection: psycopg.Connection, delivery: Delivery, text: object, header: Header, checker: Checker, packer: Packer
) -> Remainder | None:
    """Compare a snapshot with the one in force; None where the whole file is to be read.

    So it is where a column stands under another name: whether it was read so before is not known.
    """
    if header.renamed or header.added:
        return None
    if not isinstance(text, Text) or text.landed.size < FROM_BYTES or text.encoding != "utf-8-sig":
        return None
    if text.top != FIRST_ROW - 1:
        return None
    if delivery.spec.scope != "snapshot" or delivery.superseded_by is not None or delivery.within is not None:
        return None
    fact = _fact(connection, delivery, text)
    if fact is None:
        return None
    rejected = connection.execute(REJECTED, (fact.delivery_id,)).fetchall()
    if any(is_repeated_key for _, is_repeated_key in rejected):
        return None
    doubtful = np.array([row_no - FIRST_ROW for row_no, _ in rejected], dtype=np.int64)
    try:
        with tempfile.TemporaryDirectory(prefix=".lines-", dir=text.landed.path.parent) as folder:
            most = min(MAX_ROWS, int(MAX_SHARE * fact.rows))
            found = compare(fact.landed.path, text.landed.path, text.delimiter, doubtful, Path(folder), most)
        if found.first_rows != fact.rows or found.repeats != fact.duplicate:
            return None
        gone = _read(text, found.gone, frozenset(doubtful.tolist()), checker, packer)
        sample = _read(text, found.sample, frozenset(), checker, packer)
        return _verified(connection, delivery, text, fact, found, gone, sample)
    except (Doubtful, RefusedFile):
        return None


def _fact(connection: psycopg.Connection, delivery: Delivery, text: Text) -> Fact | None:
    """Find the delivery in force, if its copy is whole and has the same shape as the text."""
    spec = delivery.spec
    newest = ledger.latest(connection, delivery.council, spec.feed, delivery.year)
    values = (delivery.council, spec.feed, list(ledger.ACCEPTED), spec.fingerprint, newest[0] if newest else None)
    row = connection.execute(FACTS, values).fetchone()
    if row is None:
        return None
    delivery_id, name, sha256, *counts = row
    path = text.landed.path.parent.parent / sha256 / name
    if not path.is_file() or _sha256(path) != sha256:
        return None
    landed = Landed(path, name, sha256, path.stat().st_size)
    try:
        other = open_text(landed, frozenset(map(normalise, text.header)))
    except RefusedFile:
        return None
    shapes = [(one.encoding, one.delimiter, one.header) for one in (other, text)]
    return Fact(delivery_id, landed, *counts) if shapes[0] == shapes[1] else None


def _verified(
    connection: psycopg.Connection,
    delivery: Delivery,
    text: Text,
    fact: Fact,
    found: Comparison,
    gone: Found,
    sample: Found,
) -> Remainder | None:
    """Return the remainder if the rows in force are those of the earlier text, by number, keys and hashes.

    A rejected row's key may be in force by an older delivery, or by another row of the text. Which of the two holds
    for all of them is told by the number of rows in force; where neither does, nothing is returned.
    """
    rows = _in_force(connection, delivery, [*gone.hashes, *gone.rejected, *sample.hashes])
    if any(rows.get(key, ("",))[0] != digest for one in (gone, sample) for key, digest in one.hashes.items()):
        return None
    kept = [key for key in gone.rejected if key in rows and key not in gone.hashes]
    total = _rows_in_force(connection, delivery)
    if total not in (fact.good, fact.good + len(kept)):
        return None
    keys = [*gone.hashes, *(kept if total > fact.good else ())]
    query = sql.SQL(WARNED).format(sql.Identifier(delivery.spec.feed))
    disordered, is_future = connection.execute(query, (delivery.council, keys)).fetchone()
    if is_future:
        return None
    values = [(*_halves(digest), delivery_id, row_no) for digest, delivery_id, row_no in map(rows.__getitem__, keys)]
    touched = np.array(values, dtype=IN_FORCE_ROW)
    return Remainder(text, found.fresh, found.second_rows, touched, total, fact.warned - gone.warned, disordered)


def _read(text: Text, rows: Rows, rejected: frozenset[int], checker: Checker, packer: Packer) -> Found:
    """Check some rows; those at the places `rejected` count as bad whatever is found now."""
    found = Found({}, set(), 0)
    for chunk in _chunks(text, rows):
        checked = checker.check(chunk, len(text.header))
        found.rejected.update(packer.key_of(bad.key) for bad in checked.bad)
        found.warned += len({row_no for row_no, _ in checked.warnings if row_no - FIRST_ROW not in rejected})
        if len(checked.row_nos):
            packed = packer.pack(checked)
            parts = zip(checked.row_nos.tolist(), packed.keys.to_list(), packed.hash_hex, strict=True)
            for row_no, key, digest in parts:
                if row_no - FIRST_ROW in rejected:
                    found.rejected.add(key)
                else:
                    found.hashes[key] = digest
    return found


def _rows_in_force(connection: psycopg.Connection, delivery: Delivery) -> int:
    query = sql.SQL("select count(*) from raw.{} where council = %s and closed_by is null")
    return connection.execute(query.format(sql.Identifier(delivery.spec.feed)), (delivery.council,)).fetchone()[0]


def _in_force(connection: psycopg.Connection, delivery: Delivery, keys: list[str]) -> dict[str, tuple[str, int, int]]:
    query = sql.SQL(IN_FORCE).format(sql.Identifier(delivery.spec.feed))
    rows = connection.execute(query, (delivery.council, keys)).fetchall()
    return {key: (digest, delivery_id, row_no) for key, digest, delivery_id, row_no in rows}


def _chunks(text: Text, rows: Rows) -> Iterator[Chunk]:
    width, numbers = len(text.header), iter(rows.places)
    records = reader(rows.texts(), text.delimiter)
    while some := list(islice(records, FRAME_ROWS)):
        places = [place + FIRST_ROW for place in islice(numbers, len(some))]
        yield chunk_of(some, places, width)


def _halves(digest: str) -> tuple[int, int]:
    return int(digest[:16], 16), int(digest[16:], 16)


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()

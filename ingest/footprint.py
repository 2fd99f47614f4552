"""Where one child, or one record, is written down: rows, rows that hang on them, rejected rows, landed files.

A feed with a pseudonym column names its children itself. A feed without one (factors of an assessment, visits of an
arrangement) belongs to a child through the parent that its specification names.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO
from xml.sax.saxutils import escape

import psycopg
from psycopg import sql

from ingest.land import KEPT_ROWS
from ingest.pack import KEY_SEPARATOR
from ingest.privacy import ChildKeys, Keys
from ingest.spec import FeedSpec

BLOCK_BYTES = 1 << 20
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")
OPAQUE = (b"PAR1",)
"""First bytes of files that cannot be searched as text: they count as holding whatever is looked for."""

Gone = tuple[int, int, list[str]]
"""Rows deleted from raw and from identity, and the keys of the deleted records."""


def child_columns(spec: FeedSpec) -> list[str]:
    """Return the columns in which the feed names children."""
    return [column.name for column in spec.columns if column.pseudonym]


def dependents(specs: Mapping[str, FeedSpec], feed: str) -> Iterator[tuple[FeedSpec, tuple[str, ...]]]:
    """Yield the feeds that belong to a child only through `feed`, with their columns that name its record."""
    for spec in specs.values():
        if not child_columns(spec):
            yield from ((spec, parent.columns) for parent in spec.parents if parent.feed == feed)


def of_child(spec: FeedSpec, key: str) -> sql.Composed:
    """Return the condition on a row `r` of `raw.<feed>` that it is the child's."""
    columns = [sql.SQL("r.{} = {}").format(sql.Identifier(name), key) for name in child_columns(spec)]
    return sql.SQL("({})").format(sql.SQL(" or ").join(columns))


def of_records(columns: Iterable[str], keys: list[str]) -> sql.Composed:
    """Return the condition on a row `r` that its columns name one of the records with these keys."""
    named = sql.SQL(", ").join(sql.SQL("r.{}").format(sql.Identifier(name)) for name in columns)
    return sql.SQL("concat_ws({}, {}) = any({})").format(KEY_SEPARATOR, named, keys)


def delete(connection: psycopg.Connection, spec: FeedSpec, council: str, condition: sql.Composable) -> Gone:
    """Delete the rows `r` of `raw.<feed>` that meet a condition, and what `identity` holds of them."""
    private = sql.SQL("select 1 where false")
    if spec.identity_columns:
        private = sql.SQL(
            "delete from {} as i using gone where i.delivery_id = gone.delivery_id and i.row_no = gone.row_no"
            " returning 1"
        ).format(sql.Identifier("identity", spec.feed))
    statement = sql.SQL(
        "with gone as (delete from {} as r where r.council = {} and {} returning delivery_id, row_no, row_key),"
        " private as ({})"
        " select (select count(*) from gone), (select count(*) from private),"
        " (select coalesce(array_agg(distinct row_key), '{{}}') from gone)"
    ).format(sql.Identifier("raw", spec.feed), council, condition, private)
    return connection.execute(statement).fetchone()


def clear_rejected(
    connection: psycopg.Connection, keys: Keys, council: str, child_key: str, records: Mapping[str, set[str]]
) -> int:
    """Empty the sealed copies of rejected rows that name the child or one of its records; return their number.

    `records` are the keys of the child's records by the feed that hangs on them. The line itself stays: file, row,
    column and rule hold no value.
    """
    children = ChildKeys(keys, council)
    found = []
    with connection.cursor(name="rejected_rows") as cursor:
        cursor.execute(
            "select r.delivery_id, r.sheet, r.row_no, d.feed, r.row_sealed from ops.rejected_row as r"
            " inner join ops.delivery as d using (delivery_id) where d.council = %s and length(r.row_sealed) > 0",
            (council,),
        )
        for delivery_id, sheet, row_no, feed, sealed in cursor:
            cells = [cell.strip() for cell in keys.unseal(bytes(sealed))["row"] if cell]
            if records.get(feed, set()).intersection(cells) or any(children[cell] == child_key for cell in cells):
                found.append((delivery_id, sheet, row_no))
    with connection.cursor() as cursor:
        cursor.executemany(
            "update ops.rejected_row set row_sealed = '' where (delivery_id, sheet, row_no) = (%s, %s, %s)", found
        )
    return len(found)


def holds(path: Path, text: str) -> bool:
    """Return whether a file holds a text: as it is, inside a workbook, or so that it cannot be said that it does not.

    UTF-8, Windows-1252 and UTF-16 are searched, also as XML writes them. Memory does not grow with the file.
    """
    wanted = {form.encode(encoding) for form in (text, escape(text)) for encoding in ENCODINGS}
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as package:
                return any(_search(package.open(part), wanted) for part in package.infolist())
        with path.open("rb") as file:
            if file.read(4) in OPAQUE:
                return True
            file.seek(0)
            return _search(file, wanted)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError):
        return True


def _search(file: BinaryIO, wanted: set[bytes]) -> bool:
    """Search a stream block by block, each with the end of the one before it."""
    kept, longest = b"", max(map(len, wanted))
    with file:
        while block := file.read(BLOCK_BYTES):
            seen = kept + block
            if any(form in seen for form in wanted):
                return True
            kept = seen[-longest:]
    return False


def landed_files(folder: Path) -> list[Path]:
    """Return the landed files of a council's folder, whatever became of their deliveries.

    What is kept of a file's rows goes with the file (`ingest.land.remove_landed`).
    """
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(KEPT_ROWS))

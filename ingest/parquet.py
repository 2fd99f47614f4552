"""Read a Parquet file as rows of text, batch by batch; memory does not grow with the number of rows.

A row group is read page by page, so that memory is bounded by one batch of rows and the pages that hold it. What has
been read goes to polars as it is: only moments and numbers that are not whole are made texts by Python.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from ingest.errors import RefusedFile
from ingest.header_cells import named
from ingest.land import Landed
from ingest.spec import normalise
from ingest.table import CHUNK_ROWS, Chunk, FrameRows

LONDON = ZoneInfo("Europe/London")
MAX_COLUMNS = 2000
MAX_BATCH_BYTES = 32 << 20
MAX_RATIO = 200
RATIO_FROM_BYTES = 8 << 20
ROWS_FROM = 100_000
MAX_ROWS_A_BYTE = 16

if "jemalloc" in pa.supported_memory_backends():
    # It gives back what it no longer needs; Arrow's usual one keeps tens of MiB.
    pa.set_memory_pool(pa.jemalloc_memory_pool())


@dataclass(frozen=True)
class ParquetTable:
    """A landed Parquet file. Row numbers count as if a header stood in row 1.

    `known` are names of columns, normalised: a name that is none of them may be a value.
    """

    landed: Landed
    header: tuple[str, ...]
    rows: int
    encoding: str = "parquet"
    sheet: str = ""
    notes: tuple[str, ...] = ()
    reach: int = MAX_COLUMNS
    texts: tuple[str, ...] = ()
    known: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def name(self) -> str:
        """The name that the file came under."""
        return self.landed.name

    def chunks(self, kinds: Sequence[str | None] = ()) -> Iterator[Chunk]:
        """Yield every row as the text that a CSV file would hold; the file's own types decide, not `kinds`.

        Raises:
            RefusedFile: the file is damaged.
        """
        first = 2
        try:
            for frame in self._frames():
                yield Chunk(range(first, first + frame.height), FrameRows(frame))
                first += frame.height
        except (pa.ArrowException, OSError, ValueError):
            damaged = True
        else:
            damaged = False
        if damaged:
            raise RefusedFile(self.name, "cut_short", "the Parquet file is damaged here", row=first)

    def _frames(self) -> Iterator[pl.DataFrame]:
        """Yield the rows as frames of texts.

        Texts that rows share are read as shared where they are long; elsewhere that would only take memory.
        """
        first = 2
        with self._open() as plain, self._open(self.texts) as shared:
            for group in range(plain.num_row_groups):
                file = shared if self._has_long_texts(shared, group) else plain
                for batch in file.iter_batches(CHUNK_ROWS, row_groups=[group], use_threads=False):
                    self._check_size(batch, first)
                    yield pl.DataFrame([_texts(column).alias(f"field_{at}") for at, column in enumerate(batch.columns)])
                    first += batch.num_rows

    def _open(self, shared: Sequence[str] = ()) -> pq.ParquetFile:
        return pq.ParquetFile(self.landed.path, pre_buffer=False, buffer_size=1 << 16, read_dictionary=list(shared))

    def _has_long_texts(self, shared: pq.ParquetFile, group: int) -> bool:
        """Whether the texts that rows of a group may share are so long that a batch of them would take the memory."""
        for name in self.texts:
            batch = next(shared.iter_batches(1, row_groups=[group], columns=[name], use_threads=False), None)
            shares = [one.dictionary for one in batch.columns if pa.types.is_dictionary(one.type)] if batch else []
            if any((_lengths(texts).max() or 0) * CHUNK_ROWS > MAX_BATCH_BYTES for texts in shares):
                return True
        return False

    def _check_size(self, batch: pa.RecordBatch, first: int) -> None:
        """Refuse rows whose texts, few and long and often repeated, would take the memory."""
        for at, column in enumerate(batch.columns):
            if _text_bytes(column) > MAX_BATCH_BYTES:
                message = f"more than {MAX_BATCH_BYTES >> 20} MiB of text in {CHUNK_ROWS} rows"
                raise RefusedFile(self.name, "size", message, row=first, column=named(self.header, at, self.known))

    def end(self) -> tuple[int, str]:
        """Return the last row's number and the last column."""
        return self.rows + 1, named(self.header, len(self.header) - 1, self.known)


def open_parquet(landed: Landed, known: frozenset[str] = frozenset()) -> ParquetTable:
    """Open a landed Parquet file. `known` are column names, normalised: where most of its own are not, none is shown.

    Raises:
        RefusedFile: it is damaged or encrypted, or a column holds lists, records or bytes.
    """
    try:
        with pq.ParquetFile(landed.path, pre_buffer=False) as file:
            schema, about = file.schema_arrow, file.metadata
    except (pa.ArrowException, OSError, ValueError):
        schema = None
    if schema is None:
        raise RefusedFile(landed.name, "format", "the Parquet file is damaged, cut short or encrypted")
    _check_ratio(landed, about)
    if not 0 < len(schema) <= MAX_COLUMNS:
        raise RefusedFile(landed.name, "header", f"a Parquet file must have 1 to {MAX_COLUMNS} columns")
    is_header = 2 * sum(normalise(name) in known for name in schema.names) >= len(schema)
    for each in schema:
        if not _is_plain(each.type):
            message = "holds lists, records or bytes: only text, numbers, dates, times and yes or no are read"
            raise RefusedFile(landed.name, "format", message, row=1, column=each.name if is_header else None)
    texts = tuple(each.name for each in schema if _is_text(each.type))
    header = tuple(name.replace("\ufeff", "").strip() for name in schema.names)
    return ParquetTable(landed, header, about.num_rows, texts=texts, known=known)


def _check_ratio(landed: Landed, about: pq.FileMetaData) -> None:
    """Refuse a file that says that it unpacks to many times its size, or has far more rows than bytes.

    Rows of a feed differ in their key, so that they take a byte at least.
    """
    groups = [about.row_group(at) for at in range(about.num_row_groups)]
    unpacked = sum(group.total_byte_size for group in groups)
    is_bomb = unpacked > RATIO_FROM_BYTES and unpacked > MAX_RATIO * landed.size
    if is_bomb or (about.num_rows > ROWS_FROM and about.num_rows > MAX_ROWS_A_BYTE * landed.size):
        message = f"{about.num_rows} rows, {unpacked} bytes unpacked, from {landed.size}: no extract is like that"
        raise RefusedFile(landed.name, "zip_bomb", message)


def _is_plain(kind: pa.DataType) -> bool:
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    tests = (
        pa.types.is_string,
        pa.types.is_large_string,
        pa.types.is_string_view,
        pa.types.is_integer,
        pa.types.is_floating,
        pa.types.is_decimal,
        pa.types.is_boolean,
        pa.types.is_date,
        pa.types.is_timestamp,
        pa.types.is_null,
    )
    return any(test(kind) for test in tests)


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


@dataclass(frozen=True)
class Handed:
    """A column as it is handed to polars, which otherwise calls Arrow's compute functions: 10 MiB, and not needed."""

    column: pa.Array

    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]:
        """Return the column's schema and array by Arrow's C data interface."""
        return self.column.__arrow_c_array__(requested_schema)


def _lengths(texts: pa.Array) -> pl.Series:
    """Return the bytes of each text."""
    return pl.Series(Handed(texts)).cast(pl.String).str.len_bytes()


def _text_bytes(column: pa.Array) -> int:
    """Return how many bytes of text the rows of a column have, each with its own copy; 0 where it holds no text."""
    if pa.types.is_dictionary(column.type) and _is_text(column.type.value_type):
        return _lengths(column.dictionary).gather(pl.Series(Handed(column.indices)).cast(pl.UInt32)).sum()
    return column.nbytes if _is_text(column.type) else 0


def _texts(column: pa.Array) -> pl.Series:
    """Return a column as texts; days and times beyond the calendar as they stand, for the checks to find."""
    column.validate(full=True)
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if pa.types.is_timestamp(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return pl.Series(_odd_texts(column, kind), dtype=pl.String)
    if pa.types.is_date(kind):
        return _days(column)
    values = pl.Series(Handed(column))
    if pa.types.is_boolean(kind):
        values = values.replace_strict([False, True], ["N", "Y"], return_dtype=pl.String)
    return values.cast(pl.String).fill_null("")


def _days(column: pa.Array) -> pl.Series:
    """Return days as texts; by Arrow where some are beyond the years of four digits, which polars writes otherwise."""
    days = pl.Series(Handed(column))
    if days.dtype == pl.Date and (days.is_null() | days.is_between(date.min, date.max)).all():
        return days.cast(pl.String).fill_null("")
    return pl.Series(Handed(column.cast(pa.string()))).fill_null("")


def _odd_texts(column: pa.Array, kind: pa.DataType) -> list[str]:
    """Return moments and numbers that are not whole as texts."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_timestamp(kind):
        column = column.cast(pa.timestamp("us", kind.tz), safe=False)
    text = _moment if pa.types.is_timestamp(kind) else _number
    try:
        return ["" if value is None else text(value) for value in column.to_pylist()]
    except (OverflowError, ValueError):
        return ["" if value is None else value for value in column.cast(pa.string()).to_pylist()]


def _moment(moment: datetime) -> str:
    """Return local London time; a time that knows its zone is converted."""
    if moment.tzinfo is not None:
        moment = moment.astimezone(LONDON).replace(tzinfo=None)
    return moment.isoformat()


def _number(value: object) -> str:
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not number.is_finite():
        return "" if number.is_nan() else str(number)
    return format(number.to_integral_value() if number == number.to_integral_value() else number, "f")

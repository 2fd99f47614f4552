"""Read a Parquet file as rows of text, batch by batch; memory does not grow with the number of rows.

A row group is read page by page, so that memory is bounded by one batch of rows and the pages that hold it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.errors import RefusedFile
from ingest.land import Landed
from ingest.table import CHUNK_ROWS, Chunk

LONDON = ZoneInfo("Europe/London")
MAX_COLUMNS = 2000


@dataclass(frozen=True)
class ParquetTable:
    """A landed Parquet file. Row numbers count as if a header stood in row 1."""

    landed: Landed
    header: tuple[str, ...]
    rows: int
    encoding: str = "parquet"
    sheet: str = ""
    notes: tuple[str, ...] = ()
    reach: int = MAX_COLUMNS

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
            with pq.ParquetFile(self.landed.path, pre_buffer=False, buffer_size=1 << 16) as file:
                for batch in file.iter_batches(CHUNK_ROWS, use_threads=False):
                    columns = [_texts(column) for column in batch.columns]
                    yield Chunk(range(first, first + batch.num_rows), list(map(list, zip(*columns, strict=True))))
                    first += batch.num_rows
        except (pa.ArrowException, OSError, ValueError):
            damaged = True
        else:
            damaged = False
        if damaged:
            raise RefusedFile(self.name, "cut_short", "the Parquet file is damaged here", row=first)

    def end(self) -> tuple[int, str]:
        """Return the last row's number and the last column."""
        return self.rows + 1, self.header[-1]


def open_parquet(landed: Landed) -> ParquetTable:
    """Open a landed Parquet file.

    Raises:
        RefusedFile: it is damaged or encrypted, or a column holds lists, records or bytes.
    """
    try:
        with pq.ParquetFile(landed.path, pre_buffer=False) as file:
            schema, rows = file.schema_arrow, file.metadata.num_rows
    except (pa.ArrowException, OSError, ValueError):
        schema = None
    if schema is None:
        raise RefusedFile(landed.name, "format", "the Parquet file is damaged, cut short or encrypted")
    if not 0 < len(schema) <= MAX_COLUMNS:
        raise RefusedFile(landed.name, "header", f"a Parquet file must have 1 to {MAX_COLUMNS} columns")
    for field in schema:
        if not _is_plain(field.type):
            message = "holds lists, records or bytes: only text, numbers, dates, times and yes or no are read"
            raise RefusedFile(landed.name, "format", message, row=1, column=field.name)
    return ParquetTable(landed, tuple(name.replace("\ufeff", "").strip() for name in schema.names), rows)


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


def _texts(column: pa.Array) -> list[str]:
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if pa.types.is_timestamp(kind):
        column = column.cast(pa.timestamp("us", kind.tz), safe=False)
    text = _text_of(kind)
    return ["" if value is None else text(value) for value in column.to_pylist()]


def _text_of(kind: pa.DataType) -> Callable[[object], str]:
    if pa.types.is_timestamp(kind):
        return _moment
    if pa.types.is_boolean(kind):
        return lambda value: "Y" if value else "N"
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return _number
    return str


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

"""Loading: ingest with all its checks beside raw COPY and pandas, then a snapshot with one row in a hundred changed."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import psycopg

from bench import extracts
from bench.measure import measure
from ingest.schema import migrate
from sightline import warehouse

SIZES = (10_000, 100_000)
FIRST = date(2026, 9, 29)
COPY_SHARE_LIMIT = 0.4
"""What loading with all checks must reach of raw COPY's rate at 1,000,000 rows."""


def sizes(rows: int | None) -> list[int]:
    """Return the sizes to measure: the usual ones, or those below `rows` and `rows` itself."""
    return list(SIZES) if rows is None else [*(size for size in SIZES if size < rows), rows]


def run(rows: int | None, progress: Callable[[str], None]) -> list[dict]:
    """Measure every size; return one JSON-ready result a size."""
    return [_size(size, progress) for size in sizes(rows)]


def _size(rows: int, progress: Callable[[str], None]) -> dict:
    database = warehouse.create_database(f"bench_load_{rows}")
    with psycopg.connect(database) as connection:
        migrate(connection)
    with tempfile.TemporaryDirectory(prefix="sightline-bench-") as folder:
        first, second = (Path(folder) / f"{extracts.FEED}_{name}.csv" for name in ("first", "second"))
        changed = extracts.write(first, rows)
        extracts.write(second, rows, is_second=True)
        size_mb = first.stat().st_size / 2**20
        later = (FIRST + timedelta(days=1)).isoformat()
        progress(f"loading {rows:,} rows ({size_mb:.1f} MB): raw COPY")
        copy = measure("raw_copy", database, path=str(first))
        progress(f"loading {rows:,} rows: pandas to_sql")
        pandas = measure("pandas_to_sql", database, path=str(first))
        progress(f"loading {rows:,} rows: ingest, all checks")
        loaded = measure("load", database, path=str(first), as_at=FIRST.isoformat())
        progress(f"loading {rows:,} rows: a second snapshot, {changed:,} rows changed")
        again = measure("load", database, path=str(second), as_at=later)
        progress(f"loading {rows:,} rows: the same bytes again")
        same = measure("load", database, path=str(second), as_at=later)
        stored = measure("landed", database)
    return {
        "rows": rows,
        "file_mb": round(size_mb, 2),
        "changed": changed,
        "copy": _rate(copy, rows),
        "pandas": _rate(pandas, rows),
        "ingest": _rate(loaded, rows),
        "second_snapshot": _rate(again, rows),
        "same_bytes": _rate(same, rows),
        "in_force": stored["in_force"],
        "stored": stored["stored"],
        "ratios": {
            "rate_of_copy": round(copy["seconds"] / loaded["seconds"], 3),
            "rate_of_pandas": round(pandas["seconds"] / loaded["seconds"], 2),
            "memory_of_copy": round(loaded["peak_mb"] / copy["peak_mb"], 2),
            "memory_of_pandas": round(loaded["peak_mb"] / pandas["peak_mb"], 2),
            "second_seconds_of_first": round(again["seconds"] / loaded["seconds"], 3),
            "second_rows_written_of_first": round(again["rows_inserted"] / loaded["rows_inserted"], 4),
            "same_bytes_seconds_of_first": round(same["seconds"] / loaded["seconds"], 3),
        },
        "limits": {"rate_of_copy": COPY_SHARE_LIMIT} if rows >= 1_000_000 else {},
    }


def _rate(found: dict, rows: int) -> dict:
    return {**found, "seconds": round(found["seconds"], 4), "rows_per_second": round(rows / found["seconds"])}

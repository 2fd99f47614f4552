"""Loading: ingest with all its checks beside raw COPY and pandas, then a snapshot with one row in a hundred changed.

Raw COPY is given the very rows that ingest has written, ready as COPY text, for tables of the same columns and indexes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import psycopg

from bench import extracts
from bench.extracts import FORMATS, Format
from bench.measure import measure
from ingest.schema import migrate
from sightline import warehouse

FIRST = date(2026, 9, 29)
COPY_SHARE_LIMIT, MEMORY_LIMIT = 0.4, 300
"""What loading a CSV file with all checks must reach of raw COPY's rate from 1,000,000 rows on, and the MiB that
loading may take whatever the file's size; a workbook has a limit of its size instead."""

PANDAS_ROWS = 100_000
"""Up to this size the same file is also loaded by pandas, which takes too long and too much memory for more."""


def sizes(form: Format, rows: int | None) -> list[int]:
    """Return the sizes to measure: the usual ones, or those below `rows` and `rows` itself; up to the format's most."""
    if rows is None:
        return list(form.sizes)
    largest = min(rows, form.most or rows)
    return [*(size for size in form.sizes if size < largest), largest]


def run(rows: int | None, progress: Callable[[str], None]) -> list[dict]:
    """Measure every format and size; return one JSON-ready result each."""
    return [_size(form, size, progress) for form in FORMATS for size in sizes(form, rows)]


def fresh_database(name: str) -> str:
    """Make a database with the tables of ingest; return its address."""
    database = warehouse.create_database(name)
    with psycopg.connect(database) as connection:
        migrate(connection)
    return database


def _size(form: Format, rows: int, progress: Callable[[str], None]) -> dict:
    database = fresh_database(f"bench_load_{form.suffix}_{rows}")
    later = (FIRST + timedelta(days=1)).isoformat()
    with tempfile.TemporaryDirectory(prefix="sightline-bench-") as folder:
        first, second = (Path(folder) / f"{extracts.FEED}_{name}.{form.suffix}" for name in ("first", "second"))
        form.save(first, rows)
        form.save(second, rows, is_second=True)
        feeds = ",".join(form.feeds)
        size_mb = first.stat().st_size / 2**20
        label = f"loading {rows:,} rows, {form.suffix} ({size_mb:.1f} MB)"
        progress(f"{label}: ingest, all checks")
        loaded = measure("load", database, path=str(first), as_at=FIRST.isoformat())
        measure("dump", database, folder=folder, feeds=feeds)
        progress(f"{label}: raw COPY")
        found = {"copy": measure("raw_copy", database, folder=folder, feeds=feeds), "ingest": loaded}
        if form.suffix == "csv" and rows <= PANDAS_ROWS:
            progress(f"{label}: pandas to_sql")
            found["pandas"] = measure("pandas_to_sql", database, path=str(first))
        progress(f"{label}: a second snapshot, {extracts.changed(rows):,} rows changed")
        found["second_snapshot"] = measure("load", database, path=str(second), as_at=later)
        progress(f"{label}: the same bytes again")
        found["same_bytes"] = measure("load", database, path=str(second), as_at=later)
        stored = measure("landed", database, feeds=feeds)
    return {
        "format": form.suffix,
        "rows": rows,
        "file_mb": round(size_mb, 2),
        "changed": extracts.changed(rows),
        **{way: _rate(one, rows) for way, one in found.items()},
        **{name: stored[name] for name in ("in_force", "stored")},
        "ratios": _ratios(found),
        "limits": _limits(form, rows),
    }


def _ratios(found: dict[str, dict]) -> dict[str, float]:
    copy, loaded, again = found["copy"], found["ingest"], found["second_snapshot"]
    ratios = {
        "rate_of_copy": round(copy["seconds"] / loaded["seconds"], 3),
        "memory_of_copy": round(loaded["peak_mb"] / copy["peak_mb"], 2),
        "second_seconds_of_first": round(again["seconds"] / loaded["seconds"], 3),
        "second_cpu_of_first": round(again["cpu_seconds"] / loaded["cpu_seconds"], 3),
        "second_rows_written_of_first": round(again["rows_inserted"] / loaded["rows_inserted"], 4),
        "same_bytes_seconds_of_first": round(found["same_bytes"]["seconds"] / loaded["seconds"], 3),
    }
    if "pandas" in found:
        ratios["rate_of_pandas"] = round(found["pandas"]["seconds"] / loaded["seconds"], 2)
        ratios["memory_of_pandas"] = round(loaded["peak_mb"] / found["pandas"]["peak_mb"], 2)
    return ratios


def _limits(form: Format, rows: int) -> dict[str, float]:
    limits = {"seconds": form.seconds[rows]} if rows in form.seconds else {}
    if rows >= 1_000_000:
        limits |= {"peak_mb": MEMORY_LIMIT} | ({"rate_of_copy": COPY_SHARE_LIMIT} if form.suffix == "csv" else {})
    return limits


def _rate(found: dict, rows: int) -> dict:
    return {**found, "seconds": round(found["seconds"], 4), "rows_per_second": round(rows / found["seconds"])}

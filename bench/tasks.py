"""The measured tasks. `python -m bench.tasks NAME ARGUMENTS RESULT`: started by `bench.measure`, one a process.

What a task imports is imported before its clock starts.
"""

from __future__ import annotations

import itertools
import json
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from bench.extracts import COLUMNS, FEED
from bench.measure import peak_mb
from sightline import warehouse

BLOCK = 256 * 1024
PEER_RUNS = 3
PEER_TABLE = "create table {} ({}, primary key (cine_referral_id))"


def load(path: str, as_at: str) -> dict:
    """The extract through ingest: every check, pseudonyms, identity, ledger, closing of replaced rows."""
    from ingest.load import ingest

    began = time.perf_counter()
    (result,) = ingest([Path(path)], "barnet", date.fromisoformat(as_at))
    seconds = time.perf_counter() - began
    counts = ("state", "rows_read", "rows_inserted", "rows_unchanged", "rows_rejected", "rows_duplicate", "rows_closed")
    return {"seconds": seconds, **{name: getattr(result, name) for name in counts}}


def raw_copy(path: str) -> dict:
    """The same file by COPY into a typed table with a primary key; no check, nothing else. The best of three runs."""
    _make_peer("peer_copy")
    best = float("inf")
    for _ in range(PEER_RUNS):
        began = time.perf_counter()
        with warehouse.connect() as connection:
            connection.execute("truncate peer_copy")
            with (
                Path(path).open("rb") as file,
                connection.cursor().copy("copy peer_copy from stdin (format csv, header)") as copy,
            ):
                while block := file.read(BLOCK):
                    copy.write(block)
        best = min(best, time.perf_counter() - began)
    return {"seconds": best, "rows": _count("peer_copy")}


def pandas_to_sql(path: str) -> dict:
    """The same file by pandas, as most scripts do it: read_csv, then to_sql into the same typed table."""
    import pandas
    from sqlalchemy import create_engine

    _make_peer("peer_pandas")
    engine = create_engine(warehouse.url().replace("postgresql://", "postgresql+psycopg://", 1))
    dates = [name for name, kind in COLUMNS.items() if kind == "date"]
    began = time.perf_counter()
    frame = pandas.read_csv(path, dtype=str, parse_dates=dates)
    frame.to_sql("peer_pandas", engine, if_exists="append", index=False)
    return {"seconds": time.perf_counter() - began, "rows": _count("peer_pandas")}


def landed() -> dict:
    """How many rows of the extract are in force, and how many stand in all."""
    with warehouse.connect() as connection:
        found = connection.execute(
            f"select count(*) filter (where closed_by is null), count(*) from raw.{FEED}"  # noqa: S608 (a constant)
        ).fetchone()
    return {"in_force": found[0], "stored": found[1]}


def council(folder: str, children: int, years: int, seed: int, as_at: str) -> dict:
    """A made-up council's extracts: written, and loaded."""
    from ingest.load import ingest
    from synthetic import generate

    began = time.perf_counter()
    generate(Path(folder), "barnet", children, years, seed, date.fromisoformat(as_at))
    written = time.perf_counter()
    results = ingest([Path(folder)], "barnet", date.fromisoformat(as_at))
    return {
        "synth_seconds": written - began,
        "ingest_seconds": time.perf_counter() - written,
        "rows_read": sum(result.rows_read for result in results),
    }


def build(as_at: str) -> dict:
    """The warehouse from landed data to swapped marts, tests included; seconds of each of dbt's models."""
    from bench.server import watched
    from sightline.build import build as run_build

    began, own = time.perf_counter(), time.process_time()
    with watched() as server:
        result = run_build("barnet", date.fromisoformat(as_at), force=True)
        seconds, own = time.perf_counter() - began, time.process_time() - own
    return {
        "seconds": seconds,
        "state": result.state,
        "models": result.model_seconds,
        "cpu_seconds": round(own + server.cpu_seconds, 2),
        "server_cpu_seconds": server.cpu_seconds,
        "server_peak_mb": server.peak_mb,
    }


def render(report: str, as_at: str) -> dict:
    """A report of the latest period for every unit: read, assembled, rendered in all its formats, released."""
    from publish.release import latest_periods, publish, reports

    day = date.fromisoformat(as_at)
    period = latest_periods(day)[reports()[report].cadence]
    began = time.perf_counter()
    marks = [began]
    releases = publish(report, "barnet", period, day, progress=lambda _: marks.append(time.perf_counter()))
    each = [after - before for before, after in itertools.pairwise(marks)]
    return {
        "seconds": time.perf_counter() - began,
        "reports": len(releases),
        "files": sum(len(release.files) for release in releases),
        "first_seconds": each[0],
        "later_seconds": sorted(each[1:])[len(each[1:]) // 2] if each[1:] else each[0],
    }


TASKS: dict[str, Callable[..., dict]] = {
    task.__name__: task for task in (load, raw_copy, pandas_to_sql, landed, council, build, render)
}


def _make_peer(table: str) -> None:
    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    with warehouse.connect() as connection:
        connection.execute(PEER_TABLE.format(table, columns))


def _count(table: str) -> int:
    with warehouse.connect() as connection:
        return connection.execute(f"select count(*) from {table}").fetchone()[0]  # noqa: S608 (a constant)


def main(name: str, arguments: str, out: str) -> None:
    """Run a task and write its result with the process's peak of memory."""
    found = TASKS[name](**json.loads(arguments))
    Path(out).write_text(json.dumps({**found, "peak_mb": peak_mb()}))


if __name__ == "__main__":
    main(*sys.argv[1:])

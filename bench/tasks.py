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

from bench import load_tasks
from bench.measure import peak_mb


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


TASKS: dict[str, Callable[..., dict]] = {task.__name__: task for task in (council, build, render)} | load_tasks.TASKS


def main(name: str, arguments: str, out: str) -> None:
    """Run a task and write its result with the process's peak of memory."""
    found = TASKS[name](**json.loads(arguments))
    Path(out).write_text(json.dumps({**found, "peak_mb": peak_mb()}))


if __name__ == "__main__":
    main(*sys.argv[1:])

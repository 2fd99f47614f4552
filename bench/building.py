"""A made-up council from landed data to swapped marts, beside sums written by hand; then its teams' reports."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from datetime import date

import psycopg

from bench import by_hand
from bench.measure import measure
from ingest.schema import migrate
from sightline import warehouse

AS_AT = date(2026, 9, 30)
FIRST_MONTH = date(2021, 4, 1)
YEARS, SEED = 5, 1
SLOWEST, LARGEST = 10, 10
REPORT = "team_manager"
CHILDREN_LIMIT, SECONDS_LIMIT = 20_000, 60.0
"""The build of this many children may take this long on two cores; fewer children, the same."""
BY_HAND_LIMIT = 3.0
"""What a model's seconds may be of the same sums by hand."""


def run(children: int, progress: Callable[[str], None]) -> dict:
    """Measure a council of `children`; return {'build': ..., 'rendering': ...}, JSON-ready."""
    database = warehouse.create_database("bench_build")
    with psycopg.connect(database) as connection:
        migrate(connection)
    as_at = AS_AT.isoformat()
    with tempfile.TemporaryDirectory(prefix="sightline-bench-") as folder:
        progress(f"building: a made-up council of {children:,} children, {YEARS} years")
        made = measure("council", database, folder=folder, children=children, years=YEARS, seed=SEED, as_at=as_at)
    progress(f"building: {made['rows_read']:,} rows landed; dbt from nothing")
    built = measure("build", database, as_at=as_at)
    progress("building: the same again, as on any later day")
    again = measure("build", database, as_at=as_at)
    progress("building: sums by hand")
    sums = [_beside(found, again["models"]) for found in by_hand.run(database, AS_AT, FIRST_MONTH)]
    progress("building: the largest models as plain SQL, and their rows once more")
    largest = {name: _beside_plain(database, name, again["models"]) for name in _slowest(again["models"])[:LARGEST]}
    progress("rendering: a team's report for every team")
    rendered = measure("render", database, report=REPORT, as_at=as_at)
    return {"build": _build(children, made, built, again, sums, largest), "rendering": _rounded(rendered)}


def growth(sizes: list[int], progress: Callable[[str], None]) -> Iterator[dict]:
    """Build councils of each size; yield seconds and memory, and both beside the first size's, in proportion.

    A `..._of_proportion` of 1 is growth as that of the children; below 1, slower.
    """
    first: dict | None = None
    as_at = AS_AT.isoformat()
    for children in sizes:
        database = warehouse.create_database(f"bench_growth_{children}")
        with psycopg.connect(database) as connection:
            migrate(connection)
        with tempfile.TemporaryDirectory(prefix="sightline-bench-") as folder:
            progress(f"growth: a made-up council of {children:,} children, {YEARS} years")
            made = measure("council", database, folder=folder, children=children, years=YEARS, seed=SEED, as_at=as_at)
        progress(f"growth: {made['rows_read']:,} rows landed; dbt from nothing, then as on any later day")
        measure("build", database, as_at=as_at)
        found = _size(children, made, measure("build", database, as_at=as_at), first)
        first = first or found
        yield found
        with warehouse.connect(autocommit=True) as connection:
            connection.execute(f"drop database bench_growth_{children}")


def _size(children: int, made: dict, built: dict, first: dict | None) -> dict:
    size = {
        "children": children,
        "rows_read": made["rows_read"],
        "seconds": round(built["seconds"], 2),
        "cpu_seconds": built["cpu_seconds"],
        "peak_mb": built["peak_mb"],
        "server_peak_mb": built["server_peak_mb"],
    }
    first = first or size
    for name in ("seconds", "cpu_seconds", "peak_mb", "server_peak_mb"):
        size[f"{name}_of_proportion"] = round(size[name] / first[name] * first["children"] / children, 3)
    return size


def _build(children: int, made: dict, built: dict, again: dict, sums: list[dict], largest: dict) -> dict:
    models = again["models"]
    return {
        "children": children,
        "years": YEARS,
        "rows_read": made["rows_read"],
        "synth_seconds": round(made["synth_seconds"], 2),
        "ingest_seconds": round(made["ingest_seconds"], 2),
        "first_build_seconds": round(built["seconds"], 2),
        "first_build_cpu_seconds": built["cpu_seconds"],
        "build_seconds": round(again["seconds"], 2),
        "build_peak_mb": built["peak_mb"],
        "build_cpu_seconds": again["cpu_seconds"],
        "server_peak_mb": again["server_peak_mb"],
        "models": len(models),
        "model_seconds": round(sum(models.values()), 2),
        "slowest": {name: round(models[name], 3) for name in _slowest(models)[:SLOWEST]},
        "largest": largest,
        "by_hand": sums,
        "limits": {"seconds": SECONDS_LIMIT, "at_children": CHILDREN_LIMIT, "models_of_hand": BY_HAND_LIMIT},
        "ratios": {"seconds_of_limit": round(again["seconds"] / SECONDS_LIMIT, 3)},
    }


def _slowest(models: dict[str, float]) -> list[str]:
    return sorted(models, key=models.__getitem__, reverse=True)


def _beside_plain(database: str, name: str, models: dict[str, float]) -> dict:
    found = {**by_hand.plain(database, name), **by_hand.rewrite(database, name)}
    return {**found, "seconds": round(models[name], 3), "ratio": round(models[name] / found["plain_seconds"], 2)}


def _beside(found: dict, models: dict[str, float]) -> dict:
    """Add the seconds of dbt's models for the same event: as they are, and as a share of each indicator."""
    seconds = sum(models[name] for name in found["models"])
    ratio = seconds / found["seconds"]
    return {
        **found,
        "model_seconds": round(seconds, 3),
        "ratio": round(ratio, 2),
        "ratio_an_indicator": round(ratio / found["indicators_of_models"], 2),
    }


def _rounded(found: dict) -> dict:
    return {
        "report": REPORT,
        **{name: round(value, 3) if isinstance(value, float) else value for name, value in found.items()},
        "seconds_a_report": round(found["seconds"] / found["reports"], 3),
    }

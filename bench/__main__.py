"""`python -m bench`: measure, write the results as JSON, print them as a table. Progress goes to stderr."""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import building, loading, peers, table
from bench.measure import load_average
from sightline import settings as settings_module
from sightline import warehouse

PARTS = ("loading", "build")
CHILDREN = 2000
KEPT = ("SIGHTLINE_PG_BIN",)


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmarks; return 0. Nothing is asserted of time: the ratios are for people to read."""
    chosen = _parse(arguments)
    out = chosen.json or settings_module.settings().home / "bench" / f"{time.strftime('%Y%m%dT%H%M%S')}.json"
    results: dict = {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load_before": load_average(),
    }
    with home():
        for found in _parts(chosen):
            results |= found
            _keep(out, results)
    _keep(out, results | {"load_after": load_average()})
    print(table.text(results))
    say(f"results: {out}")
    return 0


def _parts(chosen: argparse.Namespace) -> Iterator[dict]:
    """Measure one part after another: each is kept before the next begins, which may take an hour."""
    if "loading" in chosen.parts:
        yield {"loading": loading.run(chosen.rows, say)}
    if "loading" in chosen.parts and chosen.peers:
        chosen.peers.mkdir(parents=True, exist_ok=True)
        yield {"peers": peers.run(chosen.peers, loading.fresh_database, say)}
    if "build" in chosen.parts:
        yield building.run(chosen.children, say)
    if chosen.growth:
        found = []
        for size in building.growth(sorted(chosen.growth), say):
            found.append(size)
            yield {"growth": found}


def _keep(out: Path, results: dict) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(results, indent=2) + "\n")


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Sightline's costs beside limits and peers.")
    parser.add_argument(
        "--rows",
        type=_positive,
        help="largest extract to load (default: 10,000,000 rows as CSV, 1,000,000 as Parquet and XML)",
    )
    parser.add_argument("--children", type=_positive, default=CHILDREN, help="children of the council that is built")
    parser.add_argument(
        "--growth", type=_positive, nargs="+", help="also build councils of these sizes, e.g. 5000 20000 200000"
    )
    parser.add_argument("--peers", type=Path, help="folder for the environments of peers, which then are measured too")
    parser.add_argument("--json", type=Path, help="file for the results (default: under var/bench)")
    parser.add_argument(
        "--only", dest="parts", action="append", choices=PARTS, help="one part alone; build includes rendering"
    )
    chosen = parser.parse_args(arguments)
    chosen.parts = chosen.parts or PARTS
    return chosen


def _positive(text: str) -> int:
    number = int(text.replace("_", "").replace(",", ""))
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


@contextmanager
def home() -> Iterator[None]:
    """A private SIGHTLINE_HOME with a server of its own, removed at the end; no other setting of the caller holds."""
    for name in [name for name in os.environ if name.startswith("SIGHTLINE_") and name not in KEPT]:
        del os.environ[name]
    folder = Path(tempfile.mkdtemp(prefix="sightline-bench-"))
    folder.chmod(0o755)
    settings_module.export({"home": str(folder), "quiet_seconds": "0"})
    try:
        say("starting a PostgreSQL of the benchmark's own")
        warehouse.url()
        yield
    finally:
        warehouse.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)


def say(sentence: str) -> None:
    """Tell of progress on standard error."""
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())

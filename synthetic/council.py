"""A made-up council's extracts, from published volumes and chance.

    generate: write every feed, `manifest.json` and `planted_faults.json` into a folder

`children` is the number of distinct children known to services in the window: those with a contact or an open case
between the first of April on or before `years` years before the as-at date, and the as-at date. Volumes follow from
it in the proportions of the council's published figures.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sightline.councils import available, load
from sightline.framework import Council
from synthetic import calibration
from synthetic.days import Days
from synthetic.faults import plant_faults
from synthetic.further import write_further
from synthetic.history import Progress, write_children
from synthetic.staffing import write_staff
from synthetic.workforce import Workforce
from synthetic.world import COLUMNS, World, window_start
from synthetic.writer import write_faults, write_manifest, write_tables

# The organisation of a council that has no file of its own yet.
USUAL_COUNCIL = "barnet"
VISIT_DAYS = {"cp": 14, "cin": 42}


@dataclass(frozen=True)
class Summary:
    """What was written: rows by file name (faulty rows included) and the number of planted faults."""

    council: str
    as_at: date
    children: int
    years: int
    files: dict[str, int]
    faults: int


def generate(
    out: Path, council: str, children: int, years: int, seed: int, as_at: date, progress: Progress | None = None
) -> Summary:
    """Write a made-up council's extracts to `out`; the same arguments give the same bytes.

    `progress` is called with a sentence for every thousand children. Raises KeyError for a council without
    published figures, ValueError for fewer than one child or year.
    """
    if children < 1 or years < 1:
        raise ValueError("children and years must be at least 1")
    framework = load(council if council in available() else USUAL_COUNCIL)
    world = _world(council, framework, years, seed, as_at)
    workforce = Workforce(world, framework, children)
    write_children(world, workforce, children, progress)
    write_staff(world, workforce)
    columns = {name: list(names) for name, names in COLUMNS.items()}
    _add_quality(world, columns, framework, as_at, years)
    write_further(world, framework)
    faults = plant_faults(world, columns, world.rng(5))
    counts = write_tables(out, world.tables, columns) | _national(out)
    write_manifest(out, council, as_at, counts)
    write_faults(out, faults)
    return Summary(council, as_at, children, years, counts, len(faults))


def _world(council: str, framework: Council, years: int, seed: int, as_at: date) -> World:
    limits = {name: framework.clocks.get(f"{name}_visit_days") for name in VISIT_DAYS}
    visit_days = {name: limit.value if limit else VISIT_DAYS[name] for name, limit in limits.items()}
    first = window_start(as_at, years).toordinal()
    return World(calibration.load(council), Days(), first, as_at.toordinal(), seed, visit_days)


def _add_quality(world: World, columns: dict[str, list[str]], framework: Council, as_at: date, years: int) -> None:
    if importlib.util.find_spec("synthetic.quality"):
        from synthetic.quality import add_quality

        add_quality(world.tables, columns, framework, world.rng(6), as_at, years)


def _national(out: Path) -> dict[str, int]:
    if importlib.util.find_spec("synthetic.national"):
        from synthetic.national import write_national

        return {f"{feed}.csv": rows for feed, rows in write_national(out).items()}
    return {}

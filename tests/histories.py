"""Random histories of made-up children, held against the independent computation, and made small where they differ."""

from __future__ import annotations

import calendar
import csv
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import psycopg
from conftest import copy_database, use_database
from oracle import Oracle, Period, parse, rolling_year
from test_independent import COUNCILS, SELECT, compare

from ingest.load import ingest
from ingest.spec import load_specs
from sightline.build import build
from synthetic import generate

FIRST, LAST = date(2024, 6, 1), date(2026, 9, 30)
"""Days between which the as-at date of a history lies."""

MOST_BUILDS = 24
"""What making one history small may cost."""

Mismatch = tuple[tuple, tuple, tuple]


@dataclass(frozen=True)
class History:
    """What a made-up council is made from. The same history gives the same files."""

    council: str
    children: int
    years: int
    seed: int
    as_at: date

    def write(self, folder: Path) -> Path:
        """Write the extracts into a new folder."""
        folder.mkdir(parents=True)
        generate(folder, self.council, self.children, self.years, self.seed, self.as_at)
        return folder

    @property
    def periods(self) -> list[Period]:
        """Periods of every kind: those that the as-at date cuts, and whole ones before."""
        on, month_ago = self.as_at, self.as_at.replace(day=1) - timedelta(days=1)
        year = on.year - (on.month < 4)
        return [
            parse(f"{on:%Y-%m}"),
            parse(f"{month_ago:%Y-%m}"),
            parse(f"{year}-Q{(on.month - 4) % 12 // 3 + 1}"),
            parse(f"{year}-{(year + 1) % 100:02d}"),
            parse(f"{year - 1}-{year % 100:02d}"),
            parse(f"{on:%G-W%V}"),
            rolling_year(on if _is_month_end(on) else month_ago),
        ]


def draw(number: int, children: int) -> History:
    """Return the history of a number: council, seed, years and as-at date at random, the same each time."""
    chance = random.Random(f"history {number}")
    as_at = FIRST + timedelta(days=chance.randrange((LAST - FIRST).days + 1))
    council = chance.choice(sorted(path.stem for path in COUNCILS.glob("*.yml")))
    return History(council, children, chance.randint(2, 5), chance.randrange(1, 10_000), as_at)


def differences(history: History, folder: Path) -> list[Mismatch]:
    """Build the extracts of a folder in a database of their own; return the figures that differ from the oracle's."""
    before = use_database(None)
    try:
        url = copy_database("migrated")
        use_database(url)
        ingest([folder], history.council, history.as_at)
        build(history.council, history.as_at)
    finally:
        use_database(before)
    oracle = Oracle(folder, COUNCILS / f"{history.council}.yml", history.as_at, history.periods)
    return compare(list(oracle.compute().iter_rows()), _in_warehouse(url, history))


def _in_warehouse(url: str, history: History) -> dict[tuple, tuple]:
    periods = ", ".join(["(%s, %s)"] * len(history.periods))
    starts = [part for period in history.periods for part in (period.kind, period.start)]
    with psycopg.connect(url) as connection:
        rows = connection.execute(SELECT.format(periods=periods), [history.council, *starts]).fetchall()
    return {row[:8]: row[8:] for row in rows}


def children_of(folder: Path) -> list[str]:
    """Return the made-up ids of the children of an extract folder."""
    with (folder / "ssd_person.csv").open(encoding="utf-8", newline="") as file:
        return sorted({row["pers_person_id"] for row in csv.DictReader(file) if row["pers_person_id"]})


def keep(folder: Path, kept: Sequence[str], target: Path) -> Path:
    """Copy an extract folder without the rows of other children; planted faults are written down anew.

    The manifest stays behind: it promises other bytes.
    """
    target.mkdir(parents=True)
    others, faults = set(children_of(folder)) - set(kept), _faults(folder)
    still = []
    for path in sorted(folder.glob("*.csv")):
        numbers = _copy(path, others, target / path.name)
        of_file = [fault for fault in faults if fault["file"] == path.name and fault["row_no"] in numbers]
        still += [fault | {"row_no": numbers[fault["row_no"]]} for fault in of_file]
    (target / "planted_faults.json").write_text(json.dumps(still), encoding="utf-8")
    return target


def _copy(path: Path, others: set[str], target: Path) -> dict[int, int]:
    """Copy a file without some children's rows; return the new number of each row that stays."""
    spec = load_specs().get(path.stem)
    keys = {column.name for column in spec.columns if column.pseudonym} if spec else set()
    numbers: dict[int, int] = {}
    with path.open(encoding="utf-8", newline="") as read, target.open("w", encoding="utf-8", newline="") as written:
        reader, writer = csv.reader(read), csv.writer(written)
        header = next(reader)
        writer.writerow(header)
        places = [place for place, name in enumerate(header) if name in keys]
        for row_no, row in enumerate(reader, start=2):
            if not any(place < len(row) and row[place] in others for place in places):
                numbers[row_no] = len(numbers) + 2
                writer.writerow(row)
    return numbers


def _faults(folder: Path) -> list[dict]:
    path = folder / "planted_faults.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


def alike(whole: list[Mismatch], part: list[Mismatch]) -> list[Mismatch]:
    """The mismatches of a part of a history that are of the whole's kinds: which indicator, and which side has none."""
    kinds = set(map(_kind, whole))
    return [mismatch for mismatch in part if _kind(mismatch) in kinds]


def _kind(mismatch: Mismatch) -> tuple[str, bool, bool]:
    key, expected, found = mismatch
    return key[0], expected[0] is None, found[0] is None


def shrink(children: Sequence[str], differs: Callable[[Sequence[str]], bool], most: int = MOST_BUILDS) -> list[str]:
    """Return a small set of children that still differs: parts are left out by halves, then quarters, and so on.

    `differs` is asked at most `most` times; with enough of them no single child can be left out.
    """
    left, parts = list(children), 2
    while len(left) > 1 and most > 0:
        size = -(-len(left) // parts)
        for start in range(0, len(left), size):
            without = left[:start] + left[start + size :]
            most -= 1
            if without and differs(without):
                left, parts = without, max(parts - 1, 2)
                break
            if most <= 0:
                return left
        else:
            if size == 1:
                return left
            parts = min(parts * 2, len(left))
    return left


def _is_month_end(day: date) -> bool:
    return day.day == calendar.monthrange(day.year, day.month)[1]

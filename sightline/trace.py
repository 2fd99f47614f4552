"""The way of an indicator, from the reports that show it to the feeds that it comes from.

Everything is read from the files that do the work (report specs, dbt models, feed specs), so it cannot
disagree with them.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from pathlib import Path

from sightline.settings import ROOT

MODELS = ROOT / "dbt_project" / "models"
REFERENCE = re.compile(r"ref\('(\w+)'\)")
SOURCE = re.compile(r"source\('(?:raw|identity)', '(\w+)'\)")
# Shared by every indicator: they are no part of one indicator's way.
SHARED = {"calendar", "int_period", "int_snapshot", "int_person", "int_team", "int_allocation"}
DRILL = """\
select case_id, child_key, team_code, worker_code, observed_on, numerator, denominator, feed, delivery_id, row_no
from marts.fct_observation
where indicator_id {0} and observed_on between :period_start and :period_end  -- a snapshot: its last day"""


@dataclass(frozen=True)
class Trace:
    """Where an indicator stands: each entry is a path below the project, with a line where one is meant."""

    indicator_id: str
    title: str
    definition: str
    reports: list[str]
    catalogue: str
    rule: list[str]
    models: list[str]
    feeds: list[str]
    drill: str = field(repr=False)


def trace(indicator_id: str) -> Trace:
    """Follow an indicator from report to feed.

    Raises:
        KeyError: the catalogue has no such indicator; the message names the nearest ones.
    """
    row, line = _catalogue_row(indicator_id)
    # What is made of counts (a share, a split, a sum) is traced by these counts too.
    observed = list(dict.fromkeys([indicator_id, *row["made_of"].split()]))
    rules = [line for one in observed for line in _rule_lines(one)]
    models = _upstream([path for path, _line in rules])
    feeds = sorted({feed for path in models for feed in SOURCE.findall(path.read_text())})
    return Trace(
        indicator_id=indicator_id,
        title=row["title"],
        definition=row["definition"],
        reports=_reports(indicator_id),
        catalogue=f"dbt_project/seeds/indicators.csv:{line}",
        rule=[f"{_short(path)}:{number}" for path, number in rules],
        models=[_short(path) for path in models],
        feeds=[_short(path) for feed in feeds for path in [ROOT / "ingest" / "feeds" / f"{feed}.yml"]],
        drill=DRILL.format(_condition(observed)),
    )


def _condition(observed: list[str]) -> str:
    if len(observed) == 1:
        return f"= '{observed[0]}'"
    quoted = ", ".join(f"'{one}'" for one in observed)
    return f"in ({quoted})"


def _short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _catalogue_row(indicator_id: str) -> tuple[dict[str, str], int]:
    with (ROOT / "dbt_project" / "seeds" / "indicators.csv").open(newline="", encoding="utf-8") as handle:
        reader = csv.DictReader(handle)
        known = []
        for row in reader:
            if row["indicator_id"] == indicator_id:
                return row, reader.line_num
            known.append(row["indicator_id"])
    near = [one for one in known if one.split("-")[0] == indicator_id.split("-")[0].upper()]
    raise KeyError(f"no indicator {indicator_id!r} in the catalogue; near: {', '.join(near or known[:10])}")


def _rule_lines(indicator_id: str) -> list[tuple[Path, int]]:
    """Return the models and lines that hold the indicator's rule."""
    return [
        (path, number)
        for path in sorted((MODELS / "intermediate").glob("*__observations.sql"))
        for number, text in enumerate(path.read_text().splitlines(), start=1)
        if f"'{indicator_id}'" in text
    ]


def _upstream(starts: list[Path]) -> list[Path]:
    """Return the models that the given ones read, nearest first, the given ones included."""
    paths = {path.stem: path for path in MODELS.rglob("*.sql")}
    found: list[Path] = []
    waiting = list(starts)
    while waiting:
        path = waiting.pop(0)
        if path in found:
            continue
        found.append(path)
        waiting += [paths[n] for n in REFERENCE.findall(path.read_text()) if n in paths and n not in SHARED]
    return found


def _reports(indicator_id: str) -> list[str]:
    word = re.compile(rf"(?<![\w-]){re.escape(indicator_id)}(?![\w-])")
    return [
        f"{_short(path)}:{number}"
        for path in sorted((ROOT / "publish" / "reports").glob("*.yml"))
        for number, text in enumerate(path.read_text().splitlines(), start=1)
        if word.search(text)
    ][:20]

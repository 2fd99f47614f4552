"""What the DAG files share: assets, timetables, parameters, and the as-at date of a run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from airflow.sdk import Asset, CronTriggerTimetable, Param

from sightline.settings import ROOT, settings

LONDON = ZoneInfo("Europe/London")

# Feeds land before the working day; a weekly or monthly feed before the daily feeds of its night.
FEED_CRON = {"monthly": "0 3 1 * *", "weekly": "30 3 * * MON", "daily": "0 4 * * *"}
# Reports follow the night's build: Mondays, the 3rd of the month, the 5th of the quarter, 1 May.
REPORT_CRON = {"weekly": "0 7 * * MON", "monthly": "0 7 3 * *", "quarterly": "0 7 5 1,4,7,10 *", "yearly": "0 7 1 5 *"}

DAG_DEFAULTS = {
    "catchup": False,
    "max_active_runs": 1,
    "default_args": {"owner": "performance team", "retries": 2, "retry_delay": timedelta(seconds=30)},
}


def timetable(cron: str) -> CronTriggerTimetable:
    """Return a timetable in London time: 07:00 stays 07:00 when the clocks change. A DAG that is let run for the
    first time waits for its next hour."""
    return CronTriggerTimetable(cron, timezone="Europe/London", run_immediately=False)


def feed_asset(feed: str) -> Asset:
    """The asset of a feed's rows, named like its table."""
    return Asset(name=f"raw.{feed}", uri=f"sightline://warehouse/raw/{feed}", group="feed")


def mart_assets() -> dict[str, Asset]:
    """The assets of the marts by model name, in alphabetical order."""
    models: list[Path] = sorted((ROOT / "dbt_project" / "models" / "marts").glob("*.sql"))
    return {
        path.stem: Asset(name=f"marts.{path.stem}", uri=f"sightline://warehouse/marts/{path.stem}", group="mart")
        for path in models
    }


def run_params() -> dict[str, Param]:
    """The parameters of every DAG: the council and the as-at date."""
    return {
        "council": Param(
            settings().council,
            type="string",
            title="Council",
            description_md="The council's file in `councils/`, without its ending.",
        ),
        "as_at": Param(
            None,
            type=["null", "string"],
            format="date",
            title="As-at date",
            description_md="Figures are as known at the end of this day. Empty: the day before the run.",
        ),
    }


def as_at_of(context: Mapping[str, Any]) -> date:
    """Return the as-at date of a run: its parameter, that of the feeds that set it off, that of a made-up council,
    else the day before the run."""
    wanted = context["params"].get("as_at") or _as_at_of_events(context) or _as_at_of_made_up(context)
    if wanted:
        return date.fromisoformat(wanted)
    moment = context["dag_run"].logical_date or context["dag_run"].run_after
    return moment.astimezone(LONDON).date() - timedelta(days=1)


def _as_at_of_events(context: Mapping[str, Any]) -> str | None:
    events = context.get("triggering_asset_events") or {}
    found = [event.extra.get("as_at") for asset_events in events.values() for event in asset_events]
    return max((as_at for as_at in found if as_at), default=None)


def _as_at_of_made_up(context: Mapping[str, Any]) -> str | None:
    """A made-up council stays at its own date: time does not pass for it."""
    try:
        manifest = json.loads((settings().inbox(context["params"]["council"]) / "manifest.json").read_text())
    except (FileNotFoundError, ValueError):
        return None
    return manifest.get("as_at") if manifest.get("made_up") else None

"""What every command shares: options, progress on standard error, results as JSON or a table, errors in a line."""

from __future__ import annotations

import dataclasses
import functools
import json
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table

from sightline.settings import settings

LONDON = ZoneInfo("Europe/London")
screen = Console(stderr=True, highlight=False)


def _council() -> str:
    return settings().council


def _known_council(context: typer.Context, name: str) -> str:
    """Refuse a council without a file before a command begins: its rows would lie where no report looks."""
    from sightline.councils import CouncilError, hold_to_file

    if not context.resilient_parsing:
        try:
            hold_to_file(name)
        except CouncilError as error:
            say(f"error: {error}")
            raise typer.Exit(2) from None
    return name


def _as_at() -> datetime:
    """Return the day of the settings; where they name none, today in London under a council's own key, else the demo's.

    The demo's day would call what came later a day that lies ahead.
    """
    is_demo = settings().is_demo_key or "as_at" in settings().model_fields_set
    day = settings().as_at if is_demo else datetime.now(LONDON).date()
    return datetime.combine(day, datetime.min.time())


CouncilOption = Annotated[
    str,
    typer.Option(
        "--council",
        default_factory=_council,
        callback=_known_council,
        help="The council's file in councils/, without its ending.",
    ),
]
AsAtOption = Annotated[
    datetime,
    typer.Option(
        "--as-at", default_factory=_as_at, formats=["%Y-%m-%d"], help="Figures as known at the end of this day."
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]


def say(text: str) -> None:
    """Tell of progress on standard error, so that standard output stays a result."""
    screen.print(text, markup=False, soft_wrap=True)


def answer(value: Any, as_json: bool, show: Callable[[Any], None] | None = None) -> None:
    """Print a result: as JSON, or by `show`."""
    if as_json:
        typer.echo(json.dumps(value, default=_plain, indent=1))
    elif show:
        show(value)


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return dataclasses.asdict(value)
    return value.as_json() if hasattr(value, "as_json") else str(value)


def table(rows: list[dict]) -> None:
    """Print rows as a table on standard output."""
    shown = Table(box=None, header_style="bold")
    for name in rows[0] if rows else ["nothing to show"]:
        shown.add_column(name.replace("_", " "))
    for row in rows:
        shown.add_row(*("" if value is None else str(value) for value in row.values()))
    Console(highlight=False, width=None if sys.stdout.isatty() else 200).print(shown)


def failing(command: Callable) -> Callable:
    """Turn the errors that a user can mend into one line and exit code 1; settings that are wrong into 2."""

    @functools.wraps(command)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        from ingest.errors import IngestError
        from sightline.airflow_services import AirflowError
        from sightline.build import BuildError
        from sightline.councils import CouncilError
        from sightline.postgres import PostgresError

        try:
            return command(*args, **kwargs)
        except (IngestError, BuildError, AirflowError, PostgresError) as error:
            say(f"error: {error}")
            raise typer.Exit(1) from None
        except (CouncilError, FileNotFoundError, KeyError, ValueError) as error:
            say(f"error: {error.args[0] if error.args else error}")
            raise typer.Exit(2) from None

    return guarded

"""Commands for those who prepare the statutory returns: their figures before submission, and what differs.

`register` hangs them onto the command line.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sightline.console import AsAtOption, CouncilOption, JsonOption, answer, failing, say, table

YearOption = Annotated[
    int | None, typer.Option("--year", help="The collection year, by its 31 March: 2026; none: the latest.")
]


@failing
def returns(*, council: CouncilOption, year: YearOption = None, as_json: JsonOption = False) -> None:
    """Print the figures of the SSDA903 and the CIN census from the returns themselves, beside what was published."""
    from sightline.build import reading
    from sightline.returns import figures, latest_year

    with reading() as connection:
        found = figures(connection, council, year or latest_year(connection))
    answer([one.as_json() for one in found], as_json, lambda _: table([_line(one) for one in found]))


def _line(figure: Any) -> dict[str, str]:
    from publish.numbers import number

    shown = (figure.value, figure.published_value, figure.england_value)
    value, published, england = (number(one, figure.decimals) for one in shown)
    return {
        "return": figure.return_,
        "indicator": figure.indicator_id,
        "title": figure.title,
        "value": value,
        "unit": figure.unit,
        "of": f"{number(figure.numerator)}/{number(figure.denominator)}" if figure.denominator is not None else "",
        "status": f"{figure.status} ({figure.unjudged:,})" if figure.unjudged else figure.status,
        "published": _symbol(published, figure.published_status),
        "year_to": figure.published_on and figure.published_on.isoformat(),
        "England": england,
    }


def _symbol(text: str, status: str | None) -> str:
    return f"[{status}]" if status and status != "ok" else text


@failing
def reconcile(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="The return: files or folders; none: the return in force.")
    ] = None,
    *,
    council: CouncilOption,
    as_at: AsAtOption,
    year: YearOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check the files only: no loading, no comparison.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Load a return, hold it against the case system, and list for staff the children who differ. Counts on screen."""
    from sightline.reconcile_report import reconcile_files

    outcome = reconcile_files(paths or [], council, as_at.date(), year, dry_run=dry_run)
    answer(outcome.as_json(), as_json, lambda _: table(_counts(outcome)))
    for delivery in outcome.deliveries:
        if delivery.error:
            say(f"{delivery.file_name}: {delivery.error}")
    for path in outcome.files:
        say(f"the children, for staff alone: {path}")
    if not outcome.is_good:
        raise typer.Exit(1)


def _counts(outcome: Any) -> list[dict]:
    if not outcome.result:
        named = ("file_name", "sheet", "feed", "state", "rows_read", "rows_rejected", "rows_warned")
        return [{name: getattr(one, name) for name in named} for one in outcome.deliveries]
    return [
        {
            "figure": one.indicator_id,
            "title": one.title,
            "return": one.in_return,
            "case system": one.in_system,
            "only in return": len(one.of("return")),
            "only in case system": len(one.of("case_system")),
            "other values": len(one.of("both")),
        }
        for one in outcome.result.compared
    ]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    for command in (returns, reconcile):
        app.command()(command)

"""The command line: every command with `--help` and `--json`; exit 0 good, 1 failed check, 2 wrong usage."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from sightline import cli_dictionary, cli_ops, cli_returns
from sightline.console import AsAtOption, CouncilOption, JsonOption, answer, failing, say, table
from sightline.settings import export, settings

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    help="Sightline: extracts in, indicators once, reports out.",
)
for commands in (cli_ops, cli_returns, cli_dictionary):
    commands.register(app)


@app.command()
@failing
def synth(
    folder: Path,
    *,
    council: CouncilOption,
    children: Annotated[int, typer.Option(min=1)] = settings().children,
    years: Annotated[int, typer.Option(min=1, max=20)] = settings().years,
    seed: int = settings().seed,
    as_at: AsAtOption,
    returns: Annotated[
        bool, typer.Option("--returns", help="Also SSDA903, CIN census, workforce census and Annex A, in returns/.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Write a made-up council's extracts: the same arguments give the same bytes."""
    from sightline.councils import load
    from synthetic import generate
    from synthetic.returns import write_returns

    folder.mkdir(parents=True, exist_ok=True)
    summary = generate(folder, council, children, years, seed, as_at.date(), progress=say)
    if returns:
        known = load(council)
        write_returns(folder, folder / "returns", known.code, known.name, as_at.date())
    answer(summary, as_json, lambda _: say(f"written to {folder}"))


@app.command()
@failing
def ingest(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files or folders of extracts.")] = None,
    *,
    council: CouncilOption,
    as_at: AsAtOption,
    database: Annotated[str | None, typer.Option(help="A database that the council's YAML names.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check only; load nothing.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Load files, folders or a database: checked, counted. Exit code 1: a file was refused or held, or none found."""
    from ingest import load
    from ingest.gather import NOT_INSIDE

    if not paths and not database:
        raise typer.BadParameter("name files or folders, or a --database")
    results = load.ingest(paths, council, as_at.date(), dry_run=dry_run, progress=say) if paths else []
    is_nothing_found = bool(paths) and not results
    if database:
        results += load.ingest_database(database, council, as_at.date(), dry_run=dry_run, progress=say)
    answer([result.model_dump(mode="json") for result in results], as_json)
    for result in results:
        if result.error:
            say(f"{result.file_name}: {result.error}")
    if is_nothing_found:
        say(f"nothing to load was found in what was named; {NOT_INSIDE}")
    if is_nothing_found or any(result.state in ("refused", "held", "failed") for result in results):
        raise typer.Exit(1)


@app.command()
@failing
def accept(delivery_id: int, as_json: JsonOption = False) -> None:
    """Load a delivery that was held, as if it had never been held."""
    from ingest.load import accept as load

    result = load(delivery_id)
    answer(result.as_json(), as_json, lambda _: say(result.line()))


@app.command()
@failing
def refuse(
    delivery_id: int,
    *,
    why: Annotated[str, typer.Option(help="The reason; no personal data.")],
    as_json: JsonOption = False,
) -> None:
    """End a delivery that was held: nothing of it is loaded."""
    from ingest.load import refuse as end

    result = end(delivery_id, why)
    answer(result.as_json(), as_json, lambda _: say(result.line()))


@app.command()
@failing
def quality(
    *,
    council: CouncilOption,
    as_at: AsAtOption,
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Compare with this day; default: the end of last week."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Write the data-quality report: each fault, whose record it is, since when, how to mend it."""
    from sightline.quality import write_quality

    files = write_quality(council, as_at.date(), since and since.date())
    answer([str(file.path) for file in files], as_json, lambda paths: [say(path) for path in paths])


@app.command()
@failing
def templates(folder: Path, as_json: JsonOption = False) -> None:
    """Write a workbook to fill in for each feed without a national file."""
    from ingest.templates import write_templates

    answer([str(path) for path in write_templates(folder)], as_json, lambda paths: typer.echo("\n".join(paths)))


@app.command()
@failing
def build(
    *,
    council: CouncilOption,
    as_at: AsAtOption,
    force: Annotated[bool, typer.Option("--force", help="Build even where nothing has changed.")] = False,
    known_at: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Beside the marts, in known_marts: as known at the end of this day."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Compute the indicators with dbt and swap the tested result in."""
    from sightline.build import build as run
    from sightline.build import build_as_known

    if known_at:
        result = build_as_known(council, as_at.date(), known_at.date(), "known")
    else:
        result = run(council, as_at.date(), force=force)
    answer(result.as_json(), as_json, lambda found: table(found["marts"]) if found["marts"] else say(found["state"]))


@app.command()
@failing
def publish(
    report: Annotated[str | None, typer.Argument(help="The report's name; none: every report.")] = None,
    *,
    council: CouncilOption,
    period: Annotated[str | None, typer.Option(help="2026-W37, 2026-09, 2026-Q2 or 2025-26; none: the latest.")] = None,
    as_at: AsAtOption,
    as_json: JsonOption = False,
) -> None:
    """Render a report and release it: HTML, PDF, XLSX."""
    from publish.release import publish as release
    from publish.release import reports
    from sightline.periods import CADENCES, Period

    known = reports()
    if report and report not in known:
        raise KeyError(f"no report {report!r}; there are: {', '.join(sorted(known))}")
    if period and not report:
        raise ValueError("--period needs a report: periods differ by cadence")
    releases = []
    for name in [report] if report else sorted(known):
        latest = Period.latest_complete(as_at.date(), CADENCES[known[name].cadence]).label
        releases += release(name, council, period or latest, as_at.date(), progress=say)
    found = [
        {"report": one.report, "period": one.period, "unit": one.unit, "is_new": one.is_new, "path": str(one.page)}
        for one in releases
    ]
    answer(found, as_json, table)


@app.command()
@failing
def deliveries(*, council: CouncilOption, as_json: JsonOption = False) -> None:
    """List what came: each delivery with its rows read, inserted, unchanged, set aside and double."""
    from ingest.ledger import COUNTS
    from ingest.ledger import deliveries as listed
    from sightline import warehouse

    with warehouse.connect() as connection:
        found = listed(connection, council)
    shown = ("delivery_id", "feed", "file_name", "as_at", "state", *COUNTS, "error")
    answer(found, as_json, lambda rows: table([{name: row[name] for name in shown} for row in rows]))


@app.command()
@failing
def rejects(delivery_id: int, as_json: JsonOption = False) -> None:
    """List the rows set aside: file, row, column, rule and reason; never a value."""
    from ingest.ledger import rejects as listed
    from ingest.ledger import rows_warned
    from sightline import warehouse

    with warehouse.connect() as connection:
        warned = rows_warned(connection, delivery_id)
        found = listed(connection, delivery_id)
    answer(found, as_json, table)
    if warned and not found:
        say(f"no row was rejected, rows with warnings: {warned}; `sightline quality` lists them")


@app.command()
@failing
def status(*, council: CouncilOption, as_at: AsAtOption, as_json: JsonOption = False) -> None:
    """Show how fresh each feed and the warehouse are. Exit code 1 where a feed is stale, held or missing."""
    from ingest.spec import load_specs
    from sightline import warehouse
    from sightline.build import PROJECT
    from sightline.status import feed_status, warehouse_status

    cadences = {name: spec.cadence for name, spec in load_specs().items()}
    used = {path.stem.removeprefix("stg_") for path in (PROJECT / "models" / "staging").glob("stg_*.sql")}
    with warehouse.connect() as connection:
        standing = warehouse_status(connection)
        feeds = feed_status(connection, council, cadences, as_at.date(), used) if standing else []
    answer({"warehouse": standing, "feeds": feeds}, as_json, lambda found: table(found["feeds"]))
    if not standing or any(feed["state"] in ("stale", "held", "missing") for feed in feeds):
        raise typer.Exit(1)


@app.command()
@failing
def doctor(as_json: JsonOption = False) -> None:
    """Look at everything that a run needs and say what to do about it."""
    from sightline.doctor import examine

    checks = examine(settings().as_at)
    answer(checks, as_json, lambda found: table([dataclasses.asdict(check) for check in found]))
    if not all(check.is_well for check in checks):
        raise typer.Exit(1)


@app.command()
@failing
def trace(indicator_id: str, as_json: JsonOption = False) -> None:
    """Print an indicator's way from report to feed, and the query that lists its children."""
    from sightline.trace import trace as follow

    answer(follow(indicator_id), as_json, _show_trace)


def _show_trace(found: Any) -> None:
    typer.echo(f"{found.indicator_id}  {found.title}\n{found.definition}\n")
    for name in ("reports", "catalogue", "rule", "models", "feeds"):
        value = getattr(found, name)
        lines = value if isinstance(value, list) else [value]
        typer.echo(f"{name:<10}" + "\n          ".join(lines or ["none"]))
    typer.echo(f"\nthe rows behind it:\n{found.drill}")


@app.command()
@failing
def url() -> None:
    """Print the database's URL, password included, starting the embedded server where it is needed."""
    from sightline import warehouse

    typer.echo(warehouse.url())


@app.command()
@failing
def run(*, council: CouncilOption, as_json: JsonOption = False) -> None:
    """Everything from nothing: made-up extracts, Airflow, feeds, build, reports. Leaves no process behind."""
    from sightline.run import run as everything

    export({"council": council})
    answer(everything(say), as_json, lambda paths: typer.echo("\n".join(paths)))


@app.command()
@failing
def up(*, council: CouncilOption) -> None:
    """The same as `run`, but Airflow stays up with its page on localhost."""
    from sightline.airflow_services import USER
    from sightline.run import up as start

    export({"council": council})
    airflow = start(say)
    typer.echo(f"Airflow   {airflow.url}\nuser      {USER}\npassword  {airflow.password}\nstop with: make down")


@app.command()
@failing
def down() -> None:
    """Stop what `up` left running."""
    from sightline.run import down as stop

    typer.echo("stopped" if stop() else "nothing was running")


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()

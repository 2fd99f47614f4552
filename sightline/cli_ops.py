"""Commands for those who run Sightline: backup, restore, retention, erasure, legal holds, earlier states.

`register` hangs them onto the command line.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from sightline.console import AsAtOption, CouncilOption, JsonOption, answer, failing, say, table

SecretOption = Annotated[
    Path | None,
    typer.Option("--secret-file", help="File with the secret that seals the backup (AES-256); not the pseudonym key."),
]
CHILD_HELP = "The child's identifier in the case system; - reads it from standard input, past the shell's history."
ChildArgument = Annotated[str, typer.Argument(help=CHILD_HELP)]
WhyOption = Annotated[str, typer.Option(help="The reason; no personal data.")]
NO_KEY = "The pseudonym key is not in the backup: keep it apart, without it nothing can be loaded after a restore."
holds = typer.Typer(no_args_is_help=True, help="Records that neither retention nor erasure removes.")


def _guarded(command: Callable) -> Callable:
    """Turn a backup's errors into one line and exit code 1, the others as everywhere."""

    @functools.wraps(command)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        from sightline.archive import BackupError

        try:
            return command(*args, **kwargs)
        except BackupError as error:
            say(f"error: {error}")
            raise typer.Exit(1) from None

    return failing(guarded)


@_guarded
def backup(file: Path, *, secret_file: SecretOption = None, as_json: JsonOption = False) -> None:
    """Write raw, identity, ops and published of one moment into a new file that its owner alone may read."""
    from sightline.backup import backup as write
    from sightline.backup import read_secret

    result = write(file, read_secret(secret_file))
    answer(result.as_json(), as_json, lambda found: table([found]))
    say(NO_KEY)


@_guarded
def restore(
    file: Path,
    *,
    secret_file: SecretOption = None,
    erasures: Annotated[
        Path | None, typer.Option(help="A further list of erasures to replay, e.g. the copy kept with the backups.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Put a backup into an empty database: checked whole first, all of it or nothing. Then: sightline build."""
    from sightline.backup import read_secret
    from sightline.backup import restore as read

    result = read(file, read_secret(secret_file), erasures)
    answer(result.as_json(), as_json, lambda found: table([found]))
    if not result.is_own_key:
        say("the configured pseudonym key is not the one of this backup: nothing can be loaded until it is")


@_guarded
def retention(
    *,
    council: CouncilOption,
    as_at: AsAtOption,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List only; remove nothing.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Remove closed records, landed files and sealed rows that are past their feed's years; legal holds are kept."""
    from ingest.retention import retain

    result = retain(council, as_at.date(), dry_run=dry_run)
    answer(result.as_json(), as_json, lambda found: table([dict(line) for line in found["feeds"]]))
    say(f"landed files: {result.landed_files}; erased children delivered again: {result.returned_children}")


@_guarded
def erase(child_id: ChildArgument, *, why: WhyOption, council: CouncilOption, as_json: JsonOption = False) -> None:
    """Erase a child by a decision. The case system must have erased the child first."""
    from ingest.erasure import erase as remove

    result = remove(council, _given(child_id), why)
    answer(result.as_json(), as_json, lambda found: table([{"feed": k, "rows": v} for k, v in found["rows"].items()]))
    for release in result.releases:
        say(f"this release lists the child, see to its copies: {release}")
    for name in result.drop_folder:
        say(f"still in the drop folder, take it away or the child comes back: {name}")


@_guarded
def known(
    feed: str,
    *,
    at: Annotated[datetime, typer.Option("--at", formats=["%Y-%m-%d"], help="The day, at its end.")],
    council: CouncilOption,
    as_json: JsonOption = False,
) -> None:
    """Show what of a feed was in force at the end of an earlier day, beside what is now."""
    from ingest.known import known as compare
    from sightline import warehouse

    with warehouse.connect() as connection:
        answer(compare(connection, council, feed, at.date()), as_json, lambda found: table([found]))


@holds.command("place")
@_guarded
def place_hold(
    *,
    why: WhyOption,
    child_id: Annotated[str | None, typer.Option("--child", help=CHILD_HELP)] = None,
    feed: Annotated[str | None, typer.Option(help="A feed; with --child: the child's records of it.")] = None,
    council: CouncilOption,
    as_json: JsonOption = False,
) -> None:
    """Keep a child's or a feed's records whatever their years."""
    from ingest import legal_hold

    with _migrated() as connection:
        number = legal_hold.place(connection, council, why, child_id and _given(child_id), feed)
        connection.commit()
    answer({"hold_id": number}, as_json, lambda found: say(f"legal hold {found['hold_id']} is placed"))


@holds.command("release")
@_guarded
def release_hold(hold_id: int) -> None:
    """End a legal hold."""
    from ingest import legal_hold

    with _migrated() as connection:
        legal_hold.release(connection, hold_id)
        connection.commit()
    say(f"legal hold {hold_id} is released")


@holds.command("list")
@_guarded
def list_holds(*, council: CouncilOption, as_json: JsonOption = False) -> None:
    """List the legal holds, without saying which child each is on."""
    from ingest import legal_hold

    with _migrated() as connection:
        answer(legal_hold.listing(connection, council), as_json, table)


def _given(child_id: str) -> str:
    return sys.stdin.readline().strip() if child_id == "-" else child_id


def _migrated() -> Any:
    from ingest.schema import migrate
    from sightline import warehouse

    connection = warehouse.connect()
    migrate(connection)
    return connection


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    for command in (backup, restore, retention, erase, known):
        app.command()(command)
    app.add_typer(holds, name="legal-hold")

"""The command that writes the data dictionary. `register` hangs it onto the command line."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer

from sightline.console import JsonOption, answer, failing, say


def _guarded(command: Callable) -> Callable:
    """Turn the error of a project that dbt cannot read into one line and exit code 1, the others as everywhere."""

    @functools.wraps(command)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        from sightline.dictionary import DictionaryError

        try:
            return command(*args, **kwargs)
        except DictionaryError as error:
            say(f"error: {error}")
            raise typer.Exit(1) from None

    return failing(guarded)


@_guarded
def dictionary(folder: Path, as_json: JsonOption = False) -> None:
    """Write the data dictionary: one HTML page and one workbook, from dbt's descriptions and the catalogue."""
    from publish import dictionary as written
    from sightline.dictionary import gather

    found = gather()
    files = {folder / "dictionary.html": written.page(found), folder / "dictionary.xlsx": written.book(found)}
    folder.mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        path.write_bytes(content)
    result = {"files": [str(path) for path in files], "holds": dict(written.counts(found)), "faults": [*found.faults()]}
    answer(result, as_json, lambda _: typer.echo("\n".join(result["files"])))
    for fault in result["faults"]:
        say(f"the dictionary has a gap: {fault}")


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(dictionary)

"""Councils: `councils/<name>.yml` read against the model in `sightline.framework`.

CouncilError: the file is missing, is not YAML, or breaks the model; names file and field
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import yaml
from pydantic import ValidationError

from sightline.framework import Council
from sightline.framework_checks import problems
from sightline.framework_tables import FRAMEWORK_TABLES, framework_rows

__all__ = ["FRAMEWORK_TABLES", "Council", "CouncilError", "available", "framework_rows", "hold_to_file", "load", "read"]

FOLDER = Path(__file__).resolve().parent.parent / "councils"


class CouncilError(ValueError):
    """A council's file is missing or breaks the model; the message names file and field."""


def available() -> list[str]:
    """The councils that have a file, by name."""
    return sorted(path.stem for path in FOLDER.glob("*.yml"))


def hold_to_file(name: str) -> None:
    """Raises CouncilError where no file is of this name."""
    if name not in available():
        raise CouncilError(_no_file(name))


def _no_file(name: str) -> str:
    """Say that there is no such council, which is the nearest, and where the files lie."""
    known = available()
    nearest = difflib.get_close_matches(name, known, n=1)
    hint = f"; the nearest is {nearest[0]}" if nearest else ""
    return f"there is no such council: {name!r}{hint}. Council files lie in {FOLDER}: {', '.join(known)}"


def read(path: Path) -> Council:
    """Read a council from a file. Raises CouncilError, naming the file and each field that is wrong."""
    try:
        council = Council.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise CouncilError(_no_file(path.stem)) from None
    except yaml.YAMLError as error:
        raise CouncilError(f"{path.name}: is not valid YAML: {error}") from error
    except ValidationError as error:
        raise CouncilError("\n".join(_explain(path.name, error))) from None
    found = problems(council)
    if council.id != path.stem:
        found.append(f"id: is {council.id}, must be the file's name {path.stem}")
    if found:
        raise CouncilError("\n".join(f"{path.name}: {problem}" for problem in found))
    return council


def _explain(name: str, error: ValidationError) -> Iterable[str]:
    for item in error.errors(include_url=False, include_input=False):
        field = re.sub(r"\.(\d+)", r"[\1]", ".".join(map(str, item["loc"]))) or "council"
        yield f"{name}: {field}: {item['msg'].removeprefix('Value error, ')}"


@cache
def load(name: str) -> Council:
    """Read the council `councils/<name>.yml`. Raises CouncilError."""
    return read(FOLDER / f"{name}.yml")

"""`sightline doctor`: what a run needs, each line with what to do about it."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sightline import warehouse
from sightline.calendar import LAST_YEAR
from sightline.councils import available
from sightline.settings import settings


@dataclass(frozen=True)
class Check:
    """One thing looked at: whether it is well, what was found, and what to do if it is not."""

    name: str
    is_well: bool
    found: str
    advice: str = ""


def examine(as_at: date) -> list[Check]:
    """Look at everything that a run needs. A look that itself fails is a finding, not a crash."""
    looks: list[Callable[[], Check]] = [_python, _packages, _home, _council, _key, _database, lambda: _calendar(as_at)]
    return [_guarded(look) for look in looks]


def _guarded(look: Callable[[], Check]) -> Check:
    try:
        return look()
    except Exception as error:
        return Check(look.__name__.strip("_"), False, type(error).__name__, str(error))


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    return Check("python", (3, 11) <= sys.version_info[:2] <= (3, 13), version, "use Python 3.11, 3.12 or 3.13")


def _packages() -> Check:
    wanted = ("airflow", "dbt", "psycopg", "typst", "xlsxwriter", "matplotlib")
    missing = [name for name in wanted if importlib.util.find_spec(name) is None]
    return Check("packages", not missing, "all found" if not missing else f"missing: {', '.join(missing)}", "make env")


def _home() -> Check:
    home = settings().home
    home.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(home).free / 1e9
    return Check("home", free > 5, f"{home}, {free:.0f} GB free", "free at least 5 GB or set SIGHTLINE_HOME")


def _council() -> Check:
    known = available()
    found = settings().council in known
    return Check("council", found, settings().council, f"set SIGHTLINE_COUNCIL to one of {', '.join(known)}")


def _key() -> Check:
    settings().pseudonym_key()
    if settings().is_demo_key:
        return Check("pseudonym key", True, "the demo's key: for made-up people only")
    return Check("pseudonym key", True, "from its file")


def _database() -> Check:
    with warehouse.connect() as connection:
        version = connection.info.server_version // 10000
    kind = "embedded" if warehouse.is_embedded() else "server"
    return Check("database", version >= 15, f"PostgreSQL {version}, {kind}", "use PostgreSQL 15 or newer")


def _calendar(as_at: date) -> Check:
    reach = f"bank holidays known to {LAST_YEAR}"
    return Check("calendar", as_at.year + 2 <= LAST_YEAR, reach, "update the package 'holidays' and the seed")

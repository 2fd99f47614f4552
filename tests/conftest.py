"""What the tests stand on: a private SIGHTLINE_HOME with a real PostgreSQL, and one built warehouse."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path

import psycopg
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from sightline import settings as settings_module
from sightline import warehouse
from sightline.build import BuildResult
from sightline.build import build as run_build

AS_AT = date(2026, 9, 30)
CHILDREN, YEARS, SEED = 600, 5, 7
SHARED = Path(__file__).resolve().parents[2] / "shared"
_numbers = count(1)


@pytest.fixture(scope="session", autouse=True)
def home() -> Iterator[Path]:
    """A SIGHTLINE_HOME of this test session; its server is stopped at the end."""
    folder = Path(tempfile.mkdtemp(prefix="sightline-test-"))
    folder.chmod(0o755)
    for name in [name for name in os.environ if name.startswith("SIGHTLINE_")]:
        if name != "SIGHTLINE_CHROMIUM":
            del os.environ[name]
    settings_module.export({"home": str(folder), "quiet_seconds": "0"})
    warehouse.url()
    _forget_the_disk()
    yield folder
    os.environ.pop("SIGHTLINE_DATABASE_URL", None)
    settings_module.export({"home": str(folder)})
    warehouse.stop("immediate")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def no_erasures(home: Path) -> Iterator[None]:
    """The list of erasures stands in the home that all tests share: a restore of the next test replays none of it."""
    yield
    (home / "erasures.jsonl").unlink(missing_ok=True)


def _forget_the_disk() -> None:
    """Let the tests' server not wait for the disk: nothing here outlives the machine, a killed server loses nothing."""
    with warehouse.connect(autocommit=True) as connection:
        for name in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(f"alter system set {name} = off")
        connection.execute("select pg_reload_conf()")


def use_database(url: str | None) -> str | None:
    """Point this process at a database (none: the embedded server's own) and return what it was before."""
    before = os.environ.pop("SIGHTLINE_DATABASE_URL", None)
    settings_module.export({"database_url": url} if url else {})
    return before


def copy_database(template: str, name: str | None = None) -> str:
    """Copy a database of the embedded server and return the copy's URL."""
    name = name or f"test_{next(_numbers)}"
    with warehouse.connect(autocommit=True) as connection:
        connection.execute(f'create database "{name}" template "{template}"')
    return warehouse.url(name)


@pytest.fixture(scope="session")
def migrated(home: Path) -> str:
    """The name of a database with every table of ingest and no row, to be copied."""
    from ingest.schema import migrate

    before = use_database(None)
    with psycopg.connect(warehouse.create_database("migrated")) as connection:
        migrate(connection)
    use_database(before)
    return "migrated"


@pytest.fixture
def db(migrated: str) -> Iterator[str]:
    """A database of the test's own, without rows; every connection of the process goes there meanwhile."""
    before = use_database(None)
    url = copy_database(migrated)
    use_database(url)
    yield url
    use_database(before)


@pytest.fixture
def empty_db(home: Path) -> Iterator[str]:
    """A database without any table."""
    before = use_database(None)
    url = copy_database("template1")
    use_database(url)
    yield url
    use_database(before)


@dataclass(frozen=True)
class Built:
    """A made-up council on the whole way to tested marts."""

    folder: Path
    council: str
    as_at: date
    url: str
    deliveries: list
    result: BuildResult

    def connect(self) -> psycopg.Connection:
        """Open a connection to the built warehouse."""
        return psycopg.connect(self.url, options="-c timezone=Europe/London")


@pytest.fixture(scope="session")
def built(home: Path) -> Iterator[Built]:
    """A council of 600 made-up children, five years, ingested and built once, unit tests of dbt included."""
    from ingest.load import ingest
    from synthetic import generate

    before = use_database(None)
    url = warehouse.create_database("built")
    use_database(url)
    folder = home / "extracts"
    folder.mkdir()
    generate(folder, "barnet", CHILDREN, YEARS, SEED, AS_AT)
    deliveries = ingest([folder], "barnet", AS_AT)
    result = run_build("barnet", AS_AT, unit_tests=True)
    use_database(before)
    yield Built(folder, "barnet", AS_AT, url, deliveries, result)


@pytest.fixture
def on_built(built: Built) -> Iterator[Built]:
    """The built warehouse, and every connection of the process goes there meanwhile. Read it; do not change it."""
    before = use_database(built.url)
    yield built
    use_database(before)

"""Build the warehouse: dbt into schemas of the run's own, tests there, then one swap.

A reader sees the last tested version until the swap and the new one after it. A failed test, a kill or a
crash leaves the last version standing; what a killed run left behind is cleared by the next.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import sql

from sightline import __version__, findings, revisions, seeds, signals, warehouse
from sightline.councils import framework_rows, load
from sightline.dbt_connections import kept_open
from sightline.framework_tables import load_framework
from sightline.settings import ROOT, settings

log = logging.getLogger(__name__)

PROJECT = ROOT / "dbt_project"
LAYERS = ("staging", "reference", "intermediate", "marts")
READABLE = ("reference", "intermediate", "marts")
# One build runs at a time, so its schemas may have one name: dbt then parses again only what has changed.
NEXT = "build_next"
BUILD_LOCK = 7_405_001
SWAP_LOCK = 7_405_002
APPLICATION = "sightline_build"
SESSION = (
    "-c work_mem=192MB -c maintenance_work_mem=256MB -c synchronous_commit=off -c jit=off"
    " -c default_statistics_target=25 -c max_parallel_workers_per_gather=0"
)
"""Settings of dbt's connections: two at a time, so that the sums of a large council fit into memory, a process each.

Statistics of a new table are made from 7,500 rows rather than 30,000, in a third of the time.
"""

HELD_BY_INDEX = [f"path:models/staging,test_name:{name}" for name in ("key", "unique_combination")]
"""Keys of staging models, which are the feeds': of rows in force a unique index of `raw` holds them."""


class BuildError(RuntimeError):
    """The build failed; the last good version stands. `failures` names models and tests, never rows."""

    def __init__(self, failures: list[str]) -> None:
        self.failures = failures
        super().__init__("the build failed and the last good version stands: " + ", ".join(failures[:10]))


@dataclass(frozen=True)
class MartResult:
    """What the build did to one mart: rows written for it, seconds, tests passed and failed."""

    name: str
    rows: int
    seconds: float
    tests_passed: int
    tests_failed: int


@dataclass(frozen=True)
class BuildResult:
    """A build: its number, whether it was needed, and its marts."""

    run_id: str
    state: str
    council: str
    as_at: date
    seconds: float = 0.0
    marts: list[MartResult] = field(default_factory=list)
    model_seconds: dict[str, float] = field(default_factory=dict)

    def as_json(self) -> dict:
        """Return the result as JSON-ready values."""
        return {**asdict(self), "as_at": self.as_at.isoformat()}


def build(council: str, as_at: date, *, force: bool = False, unit_tests: bool = False) -> BuildResult:
    """Bring the warehouse up to date with the deliveries in force.

    Nothing is done where deliveries, council file, rules and as-at date are those of the version that
    stands (unless `force`).

    Raises:
        CouncilError: there is no such council, or its file is wrong.
        BuildError: a model or a test failed, or nothing has been ingested.
    """
    framework = framework_rows(load(council))
    with _build_lock() as connection:
        _clear_left_overs(connection)
        fingerprint = _fingerprint(connection, council, as_at)
        standing = _standing(connection)
        if standing and standing[1] == fingerprint and not force:
            log.info("the warehouse is up to date (run %s)", standing[0])
            return BuildResult(standing[0], "unchanged", council, as_at)
        load_framework(connection, council, framework)
        return _make(connection, _Asked(council, as_at, unit_tests=unit_tests), fingerprint)


def build_as_known(council: str, as_at: date, known_at: date, layers: str) -> BuildResult:
    """Build what the deliveries known at the end of `known_at` said, by today's rules, beside the standing marts.

    The result lies in schemas `<layers>_marts`, `<layers>_intermediate`, ..., in place of what they held; the
    standing version is not touched. The council file is the one that the standing version was built with.

    Raises:
        BuildError: a model or a test failed, or nothing has been ingested.
    """
    with _build_lock() as connection:
        _clear_left_overs(connection)
        fingerprint = _fingerprint(connection, council, as_at)
        return _make(connection, _Asked(council, as_at, known_at=known_at, layers=f"{layers}_"), fingerprint)


@dataclass(frozen=True)
class _Asked:
    """What is to be built, and the prefix of the schemas whose place it takes."""

    council: str
    as_at: date
    known_at: date | None = None
    layers: str = ""
    unit_tests: bool = False

    @property
    def state(self) -> str:
        """The state of a run that went well: only `built` runs are the version that stands."""
        return "built beside" if self.layers else "built"


def _make(connection: psycopg.Connection, asked: _Asked, fingerprint: str) -> BuildResult:
    """Run dbt in schemas of its own and swap them in. The caller holds the build lock."""
    details = {"fingerprint": fingerprint, "seeds": seeds.fingerprint(PROJECT)}
    run_id = _begin(connection, asked, details)
    try:
        with findings.forecasting(APPLICATION) as forecasts:
            results, seconds = _run_dbt(NEXT, asked, has_tested_seeds=_provide_seeds(connection))
            _finish_marts(connection, asked, run_id, forecasts)
    except BuildError as error:
        _finish(connection, run_id, "failed", {"failures": error.failures})
        _clear_left_overs(connection)
        raise
    models = {r.node.name: round(r.execution_time, 3) for r in results if r.node.resource_type == "model"}
    result = BuildResult(run_id, asked.state, asked.council, asked.as_at, seconds, _marts(results), models)
    _finish(connection, run_id, asked.state, result.as_json())
    _clear_left_overs(connection)
    return result


def _provide_seeds(connection: psycopg.Connection) -> bool:
    """Make the reference tables of the run; return whether they were tested before."""
    try:
        return seeds.provide(connection, PROJECT, f"{NEXT}_{seeds.SCHEMA}")
    except seeds.SeedError as error:
        raise BuildError([f"seed {error}: error"]) from error


def _finish_marts(connection: psycopg.Connection, asked: _Asked, run_id: str, forecasts: findings.Forecasts) -> None:
    """Fill the marts that no SQL computes, control charts and forecasts; keep what changed; swap."""
    marts = f"{NEXT}_marts"
    forecasts.begin(asked.council, asked.as_at, marts)
    with connection.transaction():
        signals.write_signals(connection, asked.council, asked.as_at, marts)
    with connection.transaction():
        if not asked.layers:
            revisions.record(connection, run_id, asked.council, asked.as_at, marts)
        if not forecasts.are_written():
            raise BuildError(["forecasts: error"])
        _swap(connection, run_id, asked.layers)


@contextmanager
def _build_lock() -> Iterator[psycopg.Connection]:
    """Hold the right to build: one build at a time in a warehouse. The lock falls with the process."""
    with warehouse.connect(autocommit=True) as connection:
        if not connection.execute("select to_regclass('ops.run')").fetchone()[0]:
            raise BuildError(["nothing has been ingested into this warehouse yet"])
        connection.execute("select pg_advisory_lock(%s)", (BUILD_LOCK,))
        yield connection


@contextmanager
def reading() -> Iterator[psycopg.Connection]:
    """A connection that sees one version of the marts throughout: no swap happens while it is open."""
    with warehouse.connect() as connection:
        connection.execute("select pg_advisory_xact_lock_shared(%s)", (SWAP_LOCK,))
        yield connection


def _standing(connection: psycopg.Connection) -> tuple[str, str] | None:
    """Return (run, fingerprint) of the version that stands."""
    if not connection.execute("select to_regclass('marts.fct_indicator_value')").fetchone()[0]:
        return None
    return connection.execute(
        "select run_id, details ->> 'fingerprint' from ops.run where kind = 'build' and state = 'built'"
        " order by run_id desc limit 1"
    ).fetchone()


def _fingerprint(connection: psycopg.Connection, council: str, as_at: date) -> str:
    """Hash all that a build's figures depend on."""
    digest = hashlib.sha256(f"{council} {as_at}".encode())
    for path in [*_rule_files(), ROOT / "councils" / f"{council}.yml"]:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    for row in connection.execute(
        "select delivery_id, state from ops.delivery where council = %s and state = 'loaded' order by 1", (council,)
    ):
        digest.update(repr(row).encode())
    return digest.hexdigest()


def _rule_files() -> list[Path]:
    kinds = {".sql", ".yml", ".csv"}
    found = (path for path in PROJECT.rglob("*") if path.suffix in kinds and "target" not in path.parts)
    return sorted(found)


def _begin(connection: psycopg.Connection, asked: _Asked, details: dict) -> str:
    """Record the run under the next number; the caller holds the build lock, so the number is free."""
    return connection.execute(
        "insert into ops.run (run_id, kind, council, as_at, state, code_version, details)"
        " select 'build-' || to_char(count(*) + 1, 'FM000000'), 'build', %s, %s, 'running', %s, %s"
        " from ops.run where kind = 'build' returning run_id",
        (asked.council, asked.as_at, __version__, json.dumps(details)),
    ).fetchone()[0]


def _finish(connection: psycopg.Connection, run_id: str, state: str, results: dict) -> None:
    connection.execute(
        "update ops.run set state = %s, details = details || %s, finished_at = clock_timestamp() where run_id = %s",
        (state, json.dumps(results), run_id),
    )


def set_dbt_environment(schema: str, as_at: date, known_at: date | None = None) -> None:
    """Set the environment from which dbt's profile and macros read the database, the run's schema and its days.

    Days are no variables of dbt: for another variable it reads every file of the project anew, which takes seconds.
    """
    from dbt_common.events.functions import reset_metadata_vars

    address = urlsplit(warehouse.url())
    days = {"AS_AT": as_at.isoformat(), "KNOWN_AT": known_at.isoformat() if known_at else ""}
    os.environ.update({f"DBT_ENV_CUSTOM_ENV_SIGHTLINE_{name}": day for name, day in days.items()})
    reset_metadata_vars()
    os.environ.update(
        SIGHTLINE_DB_HOST=address.hostname or "127.0.0.1",
        SIGHTLINE_DB_PORT=str(address.port or 5432),
        SIGHTLINE_DB_USER=unquote(address.username or ""),
        SIGHTLINE_DB_PASSWORD=unquote(address.password or ""),
        SIGHTLINE_DB_NAME=address.path.lstrip("/"),
        SIGHTLINE_BUILD_SCHEMA=schema,
        PGOPTIONS=SESSION,
    )


def dbt_arguments(command: str, council: str) -> list[str]:
    """Return dbt's arguments, with every file that it writes under SIGHTLINE_HOME.

    dbt's own logs are off: it puts each line together before it asks whether anyone wants it. So are its manifest and
    results as JSON: whoever asks gets the results themselves.
    """
    return [
        command,
        "--project-dir", str(PROJECT),
        "--profiles-dir", str(PROJECT),
        "--target-path", str(settings().home / "dbt" / "target"),
        "--log-path", str(settings().home / "dbt" / "logs"),
        "--log-level", "none",
        "--log-level-file", "none",
        "--no-write-json",
        "--vars", json.dumps({"council": council}),
    ]  # fmt: skip


def _run_dbt(schema: str, asked: _Asked, *, has_tested_seeds: bool) -> tuple[list, float]:
    """Return dbt's results and its seconds. The reference tables stand; dbt tests those that were not tested before."""
    from dbt.cli.main import dbtRunner

    set_dbt_environment(schema, asked.as_at, asked.known_at)
    _clear_written_sql()
    arguments = [*dbt_arguments("build", asked.council), "--fail-fast", "--exclude-resource-type", "seed"]
    if not asked.unit_tests:
        arguments += ["--exclude-resource-type", "unit_test"]
    unasked = [] if asked.unit_tests or asked.known_at else [*HELD_BY_INDEX]
    if has_tested_seeds:
        # Of the copy of what was tested none is tested again; tests with a model beside it stay.
        unasked.append("path:seeds")
        arguments += ["--indirect-selection", "cautious"]
    if unasked:
        arguments += ["--exclude", *unasked]
    try:
        with kept_open():
            outcome = dbtRunner().invoke(arguments)
    finally:
        del os.environ["PGOPTIONS"]
    if outcome.result is None:
        raise BuildError([f"dbt could not start ({type(outcome.exception).__name__})"])
    failures = [_failure(r) for r in outcome.result.results if r.status in ("error", "fail", "runtime error")]
    if failures or not outcome.success:
        raise BuildError(failures or ["dbt reported a failure"])
    return outcome.result.results, outcome.result.elapsed_time


def _clear_written_sql() -> None:
    """Drop the statements that dbt wrote down last time: a file that is written over waits for the disk."""
    for folder in ("compiled", "run"):
        shutil.rmtree(settings().home / "dbt" / "target" / folder, ignore_errors=True)


def _failure(result: object) -> str:
    """Name what failed. A test's message counts rows; a database's message may quote values, so it is left out."""
    message = f" ({result.message})" if result.node.resource_type == "test" and result.status == "fail" else ""
    return f"{result.node.resource_type} {result.node.name}: {result.status}{message}"


def _marts(results: list) -> list[MartResult]:
    """Return each mart's result. The rows of a view are those of the tables that its `stored_in` names."""
    tests: dict[str, list[bool]] = {}
    for result in results:
        if result.node.resource_type == "test":
            for parent in result.node.depends_on.nodes:
                tests.setdefault(parent, []).append(result.status in ("pass", "warn"))
    models = [result for result in results if result.node.resource_type == "model"]
    written = {result.node.name: int(result.adapter_response.get("rows_affected", 0)) for result in models}
    return [
        MartResult(
            name=result.node.name,
            rows=sum(written[name] for name in result.node.config.meta.get("stored_in", [result.node.name])),
            seconds=round(result.execution_time, 3),
            tests_passed=sum(tests.get(result.node.unique_id, [])),
            tests_failed=tests.get(result.node.unique_id, []).count(False),
        )
        for result in models
        if result.node.fqn[1] == "marts"
    ]


def _swap(connection: psycopg.Connection, run_id: str, prefix: str) -> None:
    """Put the run's schemas in the place of `<prefix><layer>`, in the caller's transaction: no row is moved."""
    connection.execute("select pg_advisory_xact_lock(%s)", (SWAP_LOCK,))
    for layer in LAYERS:
        if connection.execute("select to_regnamespace(%s)", (prefix + layer,)).fetchone()[0]:
            _rename(connection, prefix + layer, f"build_old_{run_id[-6:]}_{layer}")
        if connection.execute("select to_regnamespace(%s)", (f"{NEXT}_{layer}",)).fetchone()[0]:
            _rename(connection, f"{NEXT}_{layer}", prefix + layer)
    _grant(connection, prefix)


def _rename(connection: psycopg.Connection, old: str, new: str) -> None:
    connection.execute(sql.SQL("alter schema {} rename to {}").format(sql.Identifier(old), sql.Identifier(new)))


def _grant(connection: psycopg.Connection, prefix: str) -> None:
    """Let analysts read the tested layers; a rebuilt table keeps no grant of the one before."""
    if not connection.execute("select 1 from pg_roles where rolname = 'sightline_analyst'").fetchone():
        return
    for layer in READABLE:
        schema = sql.Identifier(prefix + layer)
        connection.execute(sql.SQL("grant usage on schema {} to sightline_analyst").format(schema))
        connection.execute(sql.SQL("grant select on all tables in schema {} to sightline_analyst").format(schema))


def _clear_left_overs(connection: psycopg.Connection) -> None:
    """Drop schemas of replaced, failed or killed runs. The caller holds the build lock, so none is in use."""
    connection.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where application_name = %s and datname = current_database() and pid <> pg_backend_pid()",
        (APPLICATION,),
    )
    left = connection.execute("select nspname from pg_namespace where nspname ~ '^build_'").fetchall()
    for (schema,) in left:
        try:
            with connection.transaction():
                connection.execute("set local lock_timeout = '5s'")
                connection.execute(sql.SQL("drop schema {} cascade").format(sql.Identifier(schema)))
        except psycopg.errors.LockNotAvailable:
            log.info("schema %s is still being read; the next build drops it", schema)

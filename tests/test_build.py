"""The build: one tested version or the one before, whatever happens in between."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from types import SimpleNamespace

import psycopg
import pytest
from conftest import AS_AT, copy_database, use_database

from ingest.load import ingest
from sightline import findings
from sightline.build import BuildError, build
from synthetic import generate

CHILDREN = 60
VALUES = """
    select md5(string_agg(v::text, '|' order by v::text)) from marts.fct_indicator_value v
    where level = 'council' and breakdown = 'all'
"""


@pytest.fixture(scope="module")
def tiny(migrated: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database with a tiny council, ingested and built, to be copied."""
    folder = tmp_path_factory.mktemp("tiny")
    generate(folder, "barnet", CHILDREN, 2, 3, AS_AT)
    before = use_database(None)
    use_database(copy_database(migrated, "tiny"))
    ingest([folder], "barnet", AS_AT)
    assert build("barnet", AS_AT).state == "built"
    use_database(before)
    return "tiny"


@pytest.fixture
def council(tiny: str) -> Iterator[str]:
    """The URL of a copy of the tiny council's warehouse; this process works on it."""
    before = use_database(None)
    url = copy_database(tiny)
    use_database(url)
    yield url
    use_database(before)


def figures(url: str) -> str:
    with psycopg.connect(url) as connection:
        return connection.execute(VALUES).fetchone()[0]


def schemas(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        return {name for (name,) in connection.execute("select nspname from pg_namespace where nspname ~ '^build_'")}


def test_a_second_build_of_the_same_does_nothing(council):
    assert build("barnet", AS_AT).state == "unchanged"


def test_a_failed_test_leaves_the_last_good_version(council):
    before = figures(council)
    with psycopg.connect(council) as connection:
        # Two rows in force with one referral id: no file can bring that, the checks would stop it.
        connection.execute(
            "insert into raw.ssd_cin_episodes select (jsonb_populate_record(e, jsonb_build_object("
            "'row_no', 900001, 'row_key', gen_random_uuid()))).* from raw.ssd_cin_episodes e limit 1"
        )
    with pytest.raises(BuildError) as failure:
        build("barnet", AS_AT, force=True)
    assert any("cin_episodes" in name or "referral" in name for name in failure.value.failures)
    assert figures(council) == before
    assert not schemas(council)
    with psycopg.connect(council) as connection:
        states = [row[0] for row in connection.execute("select state from ops.run order by run_id")]
    assert states == ["built", "failed"]


def test_forecasts_that_fail_leave_the_last_good_version(council, monkeypatch):
    """Their process is another one: its end is the build's."""
    before = figures(council)
    monkeypatch.setattr(findings, "sys", SimpleNamespace(executable="/bin/false"))
    with pytest.raises(BuildError) as failure:
        build("barnet", AS_AT, force=True)
    assert failure.value.failures == ["forecasts: error"]
    assert figures(council) == before
    assert not schemas(council)


def test_the_process_of_the_forecasts_ends_with_a_build_that_fails(db):
    with pytest.raises(BuildError), findings.forecasting("sightline_build") as forecasts:
        raise BuildError(["any"])
    assert forecasts.process.returncode is not None


def test_a_killed_build_changes_nothing_and_the_next_ends_as_if_undisturbed(council):
    before = figures(council)
    process = subprocess.Popen(
        [sys.executable, "-m", "sightline.cli", "build", "--force"],
        env={**os.environ, "SIGHTLINE_DATABASE_URL": council},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + 120
    while not any(name.endswith("_intermediate") for name in schemas(council)):
        assert time.monotonic() < deadline and process.poll() is None, "the build never began"
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert figures(council) == before

    assert build("barnet", AS_AT, force=True).state == "built"
    assert figures(council) == before
    assert not schemas(council)


def test_every_figure_opens_into_its_rows(on_built):
    """Counts, percentages and means: the rows behind a figure count to it exactly, at every level.

    A share has rows for its numerator; what stands below its line are those of its count.
    """
    with on_built.connect() as connection:
        wrong = connection.execute(
            """
            with behind as (
                select o.indicator_id, unit.level, unit.unit_code, p.period_kind, p.period_start,
                       sum(o.numerator) n, sum(o.denominator) d
                from marts.fct_observation o
                join marts.dim_indicator i using (indicator_id)
                join marts.dim_period p
                  on case i.timing when 'event' then o.observed_on between p.period_start and p.period_end
                     else o.observed_on = p.snapshot_on end
                cross join lateral (values ('council', o.council), ('service', o.service_code),
                                           ('team', o.team_code), ('worker', o.worker_code)) unit (level, unit_code)
                where p.period_start >= date '2026-01-01'
                  and i.aggregation in ('sum', 'mean', 'share') and i.kind in ('count', 'percentage', 'mean')
                group by 1, 2, 3, 4, 5
            )
            select v.indicator_id, v.level, v.period_kind, count(*)
            from marts.fct_indicator_value v
            join marts.dim_indicator i using (indicator_id)
            left join behind using (indicator_id, level, unit_code, period_kind, period_start)
            where v.breakdown = 'all' and v.period_start >= date '2026-01-01'
              and i.aggregation in ('sum', 'mean', 'share') and i.kind in ('count', 'percentage', 'mean')
              and (v.numerator <> coalesce(behind.n, 0)
                   or (i.kind <> 'count' and i.aggregation <> 'share' and v.denominator <> coalesce(behind.d, 0)))
            group by 1, 2, 3
            """
        ).fetchall()
    assert wrong == []


def test_what_is_made_of_one_count_has_the_figures_of_the_count(on_built):
    """A share has a figure in each cell that its count has, with it below the line; a rate has it above the line."""
    with on_built.connect() as connection:
        cells, wrong = connection.execute(
            """
            with of_count as (
                select i.indicator_id made_id, i.kind, v.*
                from marts.dim_indicator i
                join marts.fct_indicator_value v on v.indicator_id = i.made_of
                where i.status = 'computed' and v.breakdown <> 'detail' and v.period_start >= date '2026-01-01'
                  and (v.period_kind <> 'week' or i.cadence like '%W%')
                  and (i.aggregation = 'share'
                       or (i.kind = 'rate' and v.level = 'council' and v.breakdown = 'all'))
            ),
            made as (
                select v.*
                from marts.fct_indicator_value v
                where v.indicator_id in (select made_id from of_count) and v.period_start >= date '2026-01-01'
            )
            select count(*), count(*) filter (where of_count.numerator is distinct from
                case of_count.kind when 'rate' then made.numerator else made.denominator end)
            from of_count
            full join made
              on made.indicator_id = of_count.made_id
              and (made.level, made.unit_code, made.breakdown, made.category, made.period_kind, made.period_start)
                = (of_count.level, of_count.unit_code, of_count.breakdown, of_count.category, of_count.period_kind,
                   of_count.period_start)
            """
        ).fetchone()
    assert cells > 10_000
    assert wrong == 0


def test_levels_add_up(on_built):
    """Teams and services of every summed figure add up to the council."""
    with on_built.connect() as connection:
        wrong = connection.execute(
            """
            with sums as (
                select indicator_id, period_kind, period_start, breakdown, category, level, sum(numerator) n
                from marts.fct_indicator_value join marts.dim_indicator using (indicator_id)
                where aggregation in ('sum', 'mean', 'share', 'total') and level <> 'worker' and kind <> 'rate'
                group by 1, 2, 3, 4, 5, 6
            )
            select indicator_id, count(*) from (
                select indicator_id from sums group by indicator_id, period_kind, period_start, breakdown, category
                having count(distinct n) > 1
            ) uneven group by 1
            """
        ).fetchall()
    assert wrong == []


def test_analysts_read_marts_and_never_identity(on_built):
    with on_built.connect() as connection:
        rights = dict(
            connection.execute(
                """
                select n.nspname || '.' || c.relname, has_table_privilege('sightline_analyst', c.oid, 'select')
                  and has_schema_privilege('sightline_analyst', n.oid, 'usage')
                from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where n.nspname in ('marts', 'identity') and c.relkind in ('r', 'v')
                """
            ).fetchall()
        )
    assert rights["marts.fct_indicator_value"]
    assert not any(allowed for name, allowed in rights.items() if name.startswith("identity."))

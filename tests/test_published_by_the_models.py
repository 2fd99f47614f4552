"""Published counts and populations put through the models that make figures come out as the published rates.

The models' own SQL runs on PostgreSQL, one on what the one before it made: the population of the year, the periods, the
rates made of counts, the figures. What is given is England (or a council) as the publications count it.
"""

from __future__ import annotations

import csv
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import psycopg
import pytest
from test_published_recomputed import RATES_OF_2025

from bench.examples import Renderer

ROOT = Path(__file__).resolve().parents[1]
MODELS = ROOT / "dbt_project" / "models"
ENGLAND, LONDON, BARNET, SOUTHWARK = "E92000001", "E12000007", "E09000003", "E09000028"
VARIABLES = {"council": "published", "as_at": "2025-03-31", "years_back": "5"}
CHAIN = ("int_population", "int_grid__bucket", "int_grid__indicator", "int_value__made", "fct_indicator_value")
STEP = "int_value__{} (indicator_no int, unit_no int, category_no int, steps int2[], numerators float8[]"
TABLES = (
    "framework_council (council text, gss_code text)",
    STEP.format("stock") + ", denominators float8[])",
    STEP.format("flow") + ", denominators float8[])",
    STEP.format("distinct") + ", denominators float8[], medians float8[])",
    "int_value__unit (unit_no int, level text, unit_code text, has_zeros boolean)",
    "int_value__category (category_no int, breakdown text, category text)",
)
GIVEN = """
    insert into framework_council values ('published', %(area)s);
    insert into int_value__unit values (1, 'council', 'published', true);
    insert into int_value__category values (0, 'all', 'all');
"""
COUNTED = """
    insert into int_value__{table}
    select indicator.indicator_no, 1, 0, array[0, coalesce(bucket.last_step, 0)]::int2[], array[0, %(count)s]::float8[]
    from int_grid__indicator as indicator
    inner join int_grid__bucket as bucket on bucket.is_flow = indicator.is_flow
        and (bucket.period_kind, bucket.period_end) = ('year', date '2025-03-31')
    where indicator.indicator_id = %(counted)s
"""
FIGURE = """
    select numerator, denominator, value from fct_indicator_value
    where (indicator_id, level, breakdown, period_kind, period_end) = (%s, 'council', 'all', 'year', date '2025-03-31')
"""
COUNTS = {
    "REF-02": "REF-01", "CIN-02": "CIN-01", "CP-02": "CP-01", "CP-04": "CP-03", "CLA-02": "CLA-01", "CLA-04": "CLA-03",
    "CLA-06": "CLA-05",
}  # fmt: skip
TABLE_OF = {"CIN-01": "stock", "CP-01": "stock", "CLA-01": "stock", "CLA-03": "distinct", "CLA-05": "distinct"}


@pytest.fixture
def connection(built):
    """A connection whose temporary tables stand before the built ones; nothing of it stays."""
    with built.connect() as connection:
        connection.execute("set search_path = pg_temp, intermediate, reference, staging, marts")
        yield connection
        connection.rollback()


def through_the_models(connection: psycopg.Connection, rate: str, area: str, count: int) -> tuple:
    """Numerator, denominator and value of a rate of the year to 31 March 2025 for an area's published count."""
    render = Renderer(VARIABLES, _Relations())
    render.environment.globals["config"] = lambda **_settings: ""
    for table in TABLES:
        connection.execute(f"create temporary table {table} on commit drop")
    connection.execute(GIVEN.replace("%(area)s", f"'{area}'"))
    counted = COUNTS[rate]
    for model in CHAIN:
        if model == "int_value__made":
            table = TABLE_OF.get(counted, "flow")
            connection.execute(_counted(table), {"count": count, "counted": counted})
        code = next(MODELS.rglob(f"{model}.sql")).read_text(encoding="utf-8")
        connection.execute(f"create temporary table {model} on commit drop as {render(code)}")
    return connection.execute(FIGURE, (rate,)).fetchone()


def _counted(table: str) -> str:
    """A count's series: nought before, and the published count at the step that the year shows."""
    names = "(indicator_no, unit_no, category_no, steps, numerators)"
    step = "bucket.bucket_no" if table == "distinct" else "bucket.last_step"
    return COUNTED.format(table=f"{table} {names}").replace("coalesce(bucket.last_step, 0)", step)


class _Relations(dict):
    """Each model, seed or source stands for itself; where a table of the test has its name, that one is found first."""

    def __missing__(self, name: str) -> str:
        return name


def published(name: str, indicator: str, area: str) -> Decimal:
    """A figure of the seeds for 31 March 2025."""
    with (ROOT / "dbt_project" / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        found = [
            row["value"] for row in csv.DictReader(file)
            if (row["indicator_id"], row["area_code"], row["period_end"]) == (indicator, area, "2025-03-31")
        ]  # fmt: skip
    (value,) = found
    return Decimal(value)


@RATES_OF_2025
def test_a_published_count_gives_the_published_rate(connection, rate, area, count, population, expected):
    """The year to 31 March takes the mid-year before, and count over population is the figure that was printed."""
    numerator, denominator, value = through_the_models(connection, rate, area, count)
    assert (numerator, denominator) == (count, population)
    rounded = value.quantize(Decimal(expected), ROUND_HALF_UP)
    assert rounded == Decimal(expected) == published("published_figures", rate, area)


@pytest.mark.parametrize("rate", ["CP-04", "CLA-04", "CLA-06"])
def test_flows_of_a_year_give_the_published_rate(connection, rate):
    """England's plans that began, and children who came into and left care, in the year to 31 March 2025."""
    count = int(published("published_figures", COUNTS[rate], ENGLAND))
    expected = published("published_figures", rate, ENGLAND)
    _, denominator, value = through_the_models(connection, rate, ENGLAND, count)
    assert denominator == 12183016
    assert value.quantize(Decimal("0.1") if rate == "CP-04" else Decimal(1), ROUND_HALF_UP) == expected


def test_the_built_council_has_the_population_of_the_mid_year_before(on_built):
    """The real model of the built council: Barnet's rates of the year to March 2025 are over 93,851 children."""
    with on_built.connect() as connection:
        rows = connection.execute(
            "select distinct denominator from marts.fct_indicator_value"
            " where indicator_id in ('CP-02', 'CP-04', 'REF-02') and period_kind = 'year' and period_end = %s",
            (date(2025, 3, 31),),
        ).fetchall()
    assert rows == [(93851,)]

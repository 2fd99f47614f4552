"""A restated record changes past figures; what they were, what they are, and which delivery did it stays on record."""

from __future__ import annotations

import csv
from datetime import date, timedelta

import psycopg
import pytest
from conftest import AS_AT, copy_database, use_database

from ingest.load import ingest
from sightline.build import build
from sightline.revisions import Recorded, feeds_of, record
from synthetic import generate

REVISED = """
    select indicator_id, level, unit_code, period_kind, period_start, value_before, value, cause, deliveries
    from marts.fct_revision where is_latest order by 1, 2, 3, 4, 5
"""


@pytest.fixture(scope="module")
def restated(migrated, tmp_path_factory):
    """A small council, built twice: in between, one contact of an earlier month is taken out of its file."""
    folder, again = tmp_path_factory.mktemp("first"), tmp_path_factory.mktemp("again")
    generate(folder, "barnet", 120, 2, 3, AS_AT)
    before = use_database(None)
    url = copy_database(migrated)
    use_database(url)
    ingest([folder], "barnet", AS_AT)
    first = build("barnet", AS_AT)
    source = next(folder.glob("ssd_contacts*.csv"))
    with source.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    column = rows[0].index("cont_contact_date")
    removed = next(row for row in rows[1:] if "2026-04" <= row[column][:7] <= "2026-06")
    target = again / "ssd_contacts_corrected.csv"
    with target.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(row for row in rows if row is not removed)
    delivery = ingest([target], "barnet", AS_AT + timedelta(days=1))
    second = build("barnet", AS_AT, force=True)
    baseline, revised = (recorded(url, made.run_id) for made in (first, second))
    yield url, baseline, revised, removed[column][:7], delivery[0].delivery_id
    use_database(before)


def recorded(url, run_id):
    """What a build wrote when it was swapped in."""
    with psycopg.connect(url) as connection:
        return Recorded(
            *connection.execute(
                "select count(*) filter (where is_first), count(*) filter (where not is_first)"
                " from ops.figure_history where run_id = %s",
                (run_id,),
            ).fetchone()
        )


def rows_of(url, sql=REVISED):
    with psycopg.connect(url) as connection:
        return connection.execute(sql).fetchall()


def test_the_first_build_revises_nothing(restated):
    _, baseline, *_ = restated
    assert baseline.revised == 0 and baseline.added > 1000


def test_one_contact_less_revises_its_month_and_its_quarter(restated):
    """The council's count of contacts, once each, from a delivery of contacts; the year has not ended."""
    url, _, revised, month, delivery = restated
    rows = [row for row in rows_of(url) if row[:2] == ("CON-01", "council")]
    assert [(row[3], row[5] - row[6]) for row in rows] == [("month", 1), ("quarter", 1)]
    assert rows[0][4].isoformat()[:7] == month
    assert all(row[7] == "deliveries" and delivery in row[8] for row in rows)
    assert revised.added == 0 and 3 <= revised.revised < 60


def test_the_contacts_service_is_revised_with_it(restated):
    url, *_ = restated
    rows = [row for row in rows_of(url) if row[:2] == ("CON-01", "service")]
    assert [(row[3], row[5] - row[6]) for row in rows] == [("month", 1), ("quarter", 1)]


def test_a_level_that_was_not_followed_before_is_new_not_revised(restated):
    """As in a history that was kept of council and teams alone."""
    url, *_ = restated
    with psycopg.connect(url) as connection:
        connection.execute("delete from ops.figure_history where level = 'service'")
        found = record(connection, "build-900004", "barnet", AS_AT)
        connection.rollback()
    assert found.added > 300 and found.revised == 0


def test_only_indicators_that_rest_on_the_delivery_are_revised(restated):
    url, *_ = restated
    for indicator, *_ in rows_of(url):
        assert "ssd_contacts" in feeds_of(indicator), indicator


def test_a_build_without_change_writes_nothing(restated):
    url, *_ = restated
    with psycopg.connect(url) as connection:
        found = record(connection, "build-900001", "barnet", AS_AT)
        kept = connection.execute("select count(*) from ops.figure_history where run_id = 'build-900001'").fetchone()
        connection.rollback()
    assert (found.added, found.revised, kept[0]) == (0, 0, 0)


def test_a_build_for_an_earlier_day_is_not_kept(restated):
    url, *_ = restated
    with psycopg.connect(url) as connection:
        record(connection, "build-900002", "barnet", date(2026, 6, 30))
        builds = [run for (run,) in connection.execute("select run_id from ops.figure_build")]
        connection.rollback()
    assert "build-900002" not in builds


def test_a_new_rule_is_told_from_a_delivery_and_a_nought_is_revised_too(restated):
    """Figures altered without a delivery are the rules' doing; a nought of a known period counts as revised."""
    url, *_ = restated
    with psycopg.connect(url) as connection:
        (month,) = connection.execute(
            "select bucket_no from intermediate.int_grid__bucket where is_flow and period_kind = 'month'"
            " and period_end < '2026-06-30' and period_start = '2026-05-01'"
        ).fetchone()
        changed = connection.execute(
            "update intermediate.int_value__flow set steps = steps || (%s)::int2, numerators = numerators || 7::float8"
            " where (indicator_no, unit_no, category_no) = ("
            "select indicator_no, unit_no, category_no from intermediate.int_value__flow as series"
            " join intermediate.int_grid__indicator as i using (indicator_no)"
            " join intermediate.int_value__unit as u using (unit_no)"
            " where i.indicator_id = 'CON-01' and u.level = 'team' and series.category_no = 0"
            " and series.numerators = '{0}' limit 1)",
            (month,),
        ).rowcount
        found = record(connection, "build-900003", "barnet", AS_AT)
        row = connection.execute(
            "select numerator_before, value_before, value, cause, deliveries from marts.fct_revision"
            " where run_id = 'build-900003'"
        ).fetchall()
        connection.rollback()
    assert changed == 1 and (found.added, found.revised) == (0, 2), "the month and its quarter"
    assert row == [(0, None, 7, "rules", [])] * 2


def test_what_was_known_can_be_put_together_again(restated):
    """The history in force equals the marts; with the replaced rows in their place, it equals the first build."""
    url, *_ = restated
    wrong = rows_of(
        url,
        """
        select count(*) from marts.fct_indicator_value as figure
        full join (select * from ops.figure_history where replaced_by is null) as known
          using (indicator_id, level, unit_code, period_kind, period_start)
        where figure.breakdown = 'all' and figure.level in ('council', 'service', 'team')
          and figure.period_end <= date '2026-09-30' and figure.period_kind in ('month', 'quarter', 'year')
          and (coalesce(figure.numerator, 0), coalesce(figure.denominator, 0))
              is distinct from (coalesce(known.numerator, 0), coalesce(known.denominator, 0))
        """,
    )
    assert wrong == [(0,)]

"""A council without some of its feeds: what rests on them is unknown, and everything else is as it was with them."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from conftest import Built, use_database
from test_indicator_needs import CATALOGUE, needs

from ingest.load import ingest
from sightline import warehouse
from sightline.build import build

MISSING = {
    "ssd_disability", "ssd_initial_cp_conference", "ssd_legal_status", "ssd_cin_assessments", "ssd_cla_visits",
    "ssd_cla_reviews", "ssd_cla_health", "return_interview", "private_fostering_visit",
}  # fmt: skip
FIGURES = """
    select indicator_id, level, unit_code, breakdown, category, period_kind, period_end, numerator, denominator, value,
           status
    from marts.fct_indicator_value
    where level in ('council', 'team') and period_kind in ('month', 'year') and period_end > date '2026-01-01'
"""
KEY = 7


@pytest.fixture(scope="module")
def without(built: Built) -> Iterator[str]:
    """The built council's own extracts but those feeds, ingested and built in a database of their own."""
    before = use_database(None)
    url = warehouse.create_database("without")
    use_database(url)
    ingest([path for path in built.folder.glob("*.csv") if path.stem not in MISSING], built.council, built.as_at)
    build(built.council, built.as_at)
    use_database(before)
    yield url


def _rows(url: str, query: str) -> list[tuple]:
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def figures(without: str, built: Built) -> tuple[dict, dict]:
    """Figures and status by what they are of: without the feeds, and with them."""
    return tuple({row[:KEY]: row[KEY:] for row in _rows(url, FIGURES)} for url in (without, built.url))


def test_no_figure_that_is_shown_differs_from_the_whole_councils(figures):
    """Not one of some ten thousand: what a missing feed would change is `no_data`, whatever its breakdown."""
    found, whole = figures
    shown = {key: row for key, row in found.items() if row[-1] in ("ok", "partial", "empty")}
    assert len(shown) > 5000
    assert sorted({key[0] for key, row in shown.items() if whole.get(key) != row}) == []


def test_unknown_are_the_indicators_that_need_a_missing_feed_and_no_others(figures):
    found, whole = figures
    unknown, before = ({key[0] for key, row in each.items() if row[-1] == "no_data"} for each in (found, whole))
    needing = {one for one in CATALOGUE if needs()[one] & MISSING}
    # A split has the categories that there are: of an unknown one none.
    splits = {one for one, row in CATALOGUE.items() if row["aggregation"] == "split"}
    assert (unknown - before) - splits == needing - before - splits
    assert {key[0] for key in found} & needing & splits == set()
    assert {"CIN-11", "REF-08", "S47-03", "CIN-08", "CLA-03", "CP-19", "S47-10", "CLA-01", "PF-02"} <= unknown
    assert {"REF-01", "CIN-01", "CP-01", "S47-01", "PF-01", "MIS-01"} & unknown == set()
    assert {row[:3] for key, row in found.items() if key[0] in unknown} == {(None, None, None)}


def test_a_breakdown_without_its_feed_has_no_rows(figures):
    found, whole = figures
    assert "disability" in {key[3] for key in whole}
    assert {key[3] for key in whole} - {key[3] for key in found} == {"disability"}


def test_no_case_of_an_unknown_figure_is_listed(without):
    rows = _rows(without, "select distinct indicator_id from marts.fct_observation")
    assert {one for (one,) in rows} & {one for one in CATALOGUE if needs()[one] & MISSING} == set()


def test_duties_whose_feed_is_missing_are_not_listed_and_the_rest_are_as_they_were(without, built):
    query = "select clock_id, duty_id, state, due_on, done_on, reason from marts.fct_duty"
    found, whole = (set(_rows(url, query)) for url in (without, built.url))
    asked = "select clock_id from intermediate.int_clock__need group by 1 having bool_or(not is_delivered)"
    unknown = {one for (one,) in _rows(without, asked)}
    assert {"T02", "T03", "T08_first", "T09_first", "T10_initial", "T11_first", "T15_first", "T16"} <= unknown
    assert found == {row for row in whole if row[0] not in unknown}
    assert len({row[0] for row in whole} & unknown) > 10

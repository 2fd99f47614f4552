"""The leagues of the seeds: every authority's figures of two years, plausible beside other published ones."""

import csv
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import median

import pytest

from publish.blocks_tables import rank_text
from publish.query import Comparison

SEEDS = Path(__file__).resolve().parents[1] / "dbt_project" / "seeds"
ENGLAND = "E92000001"
BANDS = {
    "open": ("CIN-05a", "CIN-05b", "CIN-05c", "CIN-05d", "CIN-05e"),
    "closed": ("CIN-06a", "CIN-06b", "CIN-06c", "CIN-06d", "CIN-06e"),
    "plans": ("CP-07a", "CP-07b", "CP-07c", "CP-07d", "CP-08"),
    "difficulties": ("HLT-07a", "HLT-07b", "HLT-07c"),
}


def seed(name):
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def leagues():
    """{(indicator, period end): {area: figure}}, and each row's source."""
    rows = seed("published_leagues")
    pairs = {(r["indicator_id"], r["period_end"]): [pair.split("=") for pair in r["figures"].split(" ")] for r in rows}
    assert len(pairs) == len(rows)
    found = {key: {area: Decimal(figure) for area, figure in figures} for key, figures in pairs.items()}
    assert all(len(found[key]) == len(pairs[key]) for key in pairs)
    return found


@pytest.fixture(scope="module")
def named():
    """{(indicator, area, period end): figure} of the seed that has a row for each figure."""
    return {(r["indicator_id"], r["area_code"], r["period_end"]): r["value"] for r in seed("published_figures")}


def test_every_row_has_a_known_source_and_an_indicator_that_is_compared():
    compared = {r["benchmark_id"] for r in seed("indicators") if r["kind"] != "count"}
    sources = {r["source_id"] for r in seed("published_sources")}
    for row in seed("published_leagues"):
        assert row["source_id"] in sources
        assert row["indicator_id"] in compared


def test_areas_are_todays_authorities_and_no_figure_stands_in_both_seeds(leagues, named):
    authorities = {r["area_code"] for r in seed("statistical_neighbours")}
    for (indicator, end), figures in leagues.items():
        assert set(figures) <= authorities
        assert not [area for area in figures if (indicator, area, end) in named]


def test_two_years_and_no_more(leagues):
    ends = Counter(indicator for indicator, _ in leagues)
    assert set(ends.values()) <= {1, 2}
    assert {end for _, end in leagues} == {"2024-03-31", "2025-03-31", "2024-09-30", "2025-09-30"}


def test_bands_of_one_whole_add_up_to_a_hundred(leagues):
    """Rounded shares of each authority, where none of them is suppressed."""
    known = 0
    for bands in BANDS.values():
        for end in ("2024-03-31", "2025-03-31"):
            parts = [leagues[band, end] for band in bands]
            for area in set.intersection(*map(set, parts)):
                known += 1
                assert abs(sum(part[area] for part in parts) - 100) <= Decimal("0.5") * len(bands), (bands, area)
    assert known > 800


def test_in_education_and_not_in_it_leave_those_of_whom_nothing_is_known(leagues):
    for end in ("2024-03-31", "2025-03-31"):
        for area in leagues["CL-05", end].keys() & leagues["CL-06", end].keys():
            assert leagues["CL-05", end][area] + leagues["CL-06", end][area] <= 101


def test_englands_figure_lies_well_within_each_league(leagues, named):
    """England is the authorities' mean by size, so that another measure in the league would be seen."""
    for (indicator, end), figures in leagues.items():
        england = named.get((indicator, ENGLAND, end))
        if england and len(figures) > 100:
            order = sorted(figures.values())
            low, high = order[len(order) // 10], order[-len(order) // 10]
            assert low <= Decimal(england) <= high, (indicator, end, england, median(order))


def test_the_addition_stays_small():
    assert (SEEDS / "published_leagues.csv").stat().st_size < 400_000


def test_a_rank_of_another_year_than_the_rows_names_it():
    best = Comparison(
        indicator_id="CLA-17", period_kind="quarter", period_end=date(2026, 9, 30), comparator="best_quarter",
        method="published", comparator_value=Decimal(20), n_areas=151, rank=9, n_ranked=151, quartile=1,
        published_on=date(2024, 3, 31), source=None,
    )  # fmt: skip
    assert rank_text(best, "2023-24") == "9 of 151"
    assert rank_text(best, "2024-25") == "9 of 151 (2023-24)"

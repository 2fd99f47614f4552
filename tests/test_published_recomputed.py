"""Published rates come out exactly from published counts and populations, rounded as the department rounds.

A rate of the year to 31 March is per 10,000 children aged 0 to 17 of the mid-year before. Rates of children in need
have one decimal, rates of children looked after none; a half is rounded upwards (methodology of both publications).
Everything stands in the seeds, with its source.
"""

from __future__ import annotations

import csv
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SEEDS = ROOT / "dbt_project" / "seeds"
NATIONAL = ROOT / "synthetic" / "national_data"
ENGLAND, LONDON, BARNET, SOUTHWARK = "E92000001", "E12000007", "E09000003", "E09000028"
RATES = {
    "REF-02": ("REF-01", "0.1"),
    "CIN-02": ("CIN-01", "0.1"),
    "CP-02": ("CP-01", "0.1"),
    "CP-04": ("CP-03", "0.1"),
    "CLA-02": ("CLA-01", "1"),
    "CLA-04": ("CLA-03", "1"),
    "CLA-06": ("CLA-05", "1"),
}
FROM_ROUNDED_COUNTS = {
    ("CLA-02", "E13000001", "2023-03-31"),
    ("CLA-06", "E12000007", "2023-03-31"),
    ("CLA-06", "E13000001", "2024-03-31"),
}
"""Regions' counts are published to the nearest 10: these three rates lie too near a half."""
BEFORE_REBASING = {("REF-02", "2023-03-31"), ("REF-02", "2024-03-31")}
"""Rates of the 2024 release, on populations that were estimated anew since."""
TREND = {
    "REF-03": "22.7 21.5 22.4 22.4 22.6",
    "ASM-03": "87.6 84.5 82.5 84.5 85.7",
    "S47-07": "83.0 79.2 78.4 79.7 81.4",
    "CP-06": "22.1 22.7 23.6 24.7 24.5",
    "CP-10": "93.2 89.3 88.1 89.8 90.6",
    "CLA-02": "69 70 70 69 67",
    "PLC-01": "9 10 11 11 10",
    "PLC-02": "70 71 68 68 69",
    "CL-05": "52 55 56 54 54",
    "CL-04": "88 88 88 88 89",
    "WF-08": "16.3 16.6 16.0 15.4 15.2",
    "WF-04": "15.5 17.6 17.9 16.2 13.0",
}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def half_up(value: Decimal, unit: str) -> Decimal:
    return value.quantize(Decimal(unit), ROUND_HALF_UP)


RATES_OF_2025 = pytest.mark.parametrize(
    ("rate", "area", "count", "population", "expected"),
    [
        ("CP-02", ENGLAND, 49420, 12183016, "40.6"),
        ("REF-02", BARNET, 2751, 93851, "293.1"),
        ("CIN-02", BARNET, 1978, 93851, "210.8"),
        ("REF-02", ENGLAND, 632830, 12183016, "519.4"),
        ("CIN-02", ENGLAND, 402400, 12183016, "330.3"),
        ("REF-02", SOUTHWARK, 3414, 55626, "613.7"),
        ("CLA-02", ENGLAND, 81770, 12183016, "67"),
        ("CLA-02", LONDON, 9290, 1916086, "48"),
    ],
)
"""What was published of the year to 31 March 2025: count, population of mid-2024, rate per 10,000."""


@pytest.fixture(scope="module")
def figures() -> dict[tuple[str, str, str], Decimal]:
    """{(indicator, area, period end): figure}, symbols left out."""
    seed = rows(SEEDS / "published_figures.csv")
    return {(r["indicator_id"], r["area_code"], r["period_end"]): Decimal(r["value"]) for r in seed if r["value"]}


@pytest.fixture(scope="module")
def people() -> dict[tuple[int, str], int]:
    """{(mid-year, area): children aged 0 to 17}."""
    seed = rows(SEEDS / "population_0_17.csv")
    return {(int(r["mid_year"]), r["area_code"]): int(r["population"]) for r in seed}


@RATES_OF_2025
def test_a_published_rate_of_2025(figures, people, rate, area, count, population, expected):
    """Count, population and rate all stand in the seeds, and the first two make the third."""
    of, unit = RATES[rate]
    assert figures[of, area, "2025-03-31"] == count
    assert people[2024, area] == population
    assert figures[rate, area, "2025-03-31"] == half_up(Decimal(10000 * count) / population, unit) == Decimal(expected)


@pytest.mark.parametrize("rate", RATES)
def test_every_rate_of_every_area_and_year(figures, people, rate):
    """No rate but the named ones differs by a digit from the one that count and population make."""
    of, unit = RATES[rate]
    known = 0
    for (indicator, area, end), published in figures.items():
        population = people.get((int(end[:4]) - 1, area))
        count = figures.get((of, area, end))
        if indicator != rate or population is None or count is None or (rate, end) in BEFORE_REBASING:
            continue
        known += 1
        is_exact = half_up(10000 * count / population, unit) == published
        assert is_exact is ((rate, area, end) not in FROM_ROUNDED_COUNTS), (area, end)
    assert known >= 90


@pytest.mark.parametrize(
    ("indicator", "feed", "parts", "whole"),
    [
        ("REF-03", "ees_referrals", ["Re_referrals"], "Referrals"),
        ("REF-04", "ees_referrals", ["No_Further_Action"], "Referrals"),
        ("REF-05", "ees_referrals", ["Not_in_Need"], "Referrals"),
        ("CP-10", "ees_cp_reviews", ["Reviewed_within_timescales"], "CPP_At31_3Months"),
        (
            "ASM-03",
            "ees_assessments",
            ["Same_day", "1-10_days", "11-20_days", "21-30_days", "31-40_days", "41-45_days"],
            "Assessments_completed",
        ),
        ("S47-07", "ees_section47_conferences", ["Duration_0-10_days", "Duration_11-15_days"], "ICPC"),
    ],
)
def test_a_share_of_england_comes_from_its_counts(figures, indicator, feed, parts, whole):
    """England's shares of 2022 to 2024, from counts that are published to the nearest 10."""
    england = [row for row in rows(NATIONAL / f"{feed}.csv") if row["geographic_level"] == "National"]
    assert len(england) == 3
    for row in england:
        share = Decimal(100 * sum(int(row[part]) for part in parts)) / int(row[whole])
        assert figures[indicator, ENGLAND, f"{row['time_period']}-03-31"] == half_up(share, "0.1")


@pytest.mark.parametrize("indicator", TREND)
def test_englands_figures_of_2021_to_2025(figures, indicator):
    """Five years of England's figures, as the publications print them."""
    day = "09-30" if indicator.startswith("WF") else "03-31"
    assert [figures[indicator, ENGLAND, f"{year}-{day}"] for year in range(2021, 2026)] == [
        Decimal(value) for value in TREND[indicator].split()
    ]


def test_the_population_of_the_council_areas(people):
    """Mid-year population aged 0 to 17, 2019 to 2024 (Office for National Statistics; 2022 and 2023 estimated anew)."""
    expected = {
        ENGLAND: [11790492, 11787794, 11762878, 11901267, 12059476, 12183016],
        LONDON: [1937275, 1926950, 1894099, 1902276, 1911649, 1916086],
        BARNET: [89587, 89674, 89160, 91011, 92958, 93851],
        SOUTHWARK: [60199, 59588, 57270, 56620, 56309, 55626],
        "E06000037": [35061, 34824, 34595, 34910, 35612, 35495],
        "E08000011": [33101, 33630, 33841, 34820, 35319, 36039],
        "E06000056": [61824, 62923, 64122, 66012, 68259, 70074],
        "E06000058": [72905, 73053, 73300, 73925, 74472, 74810],
    }
    assert {area: [people[year, area] for year in range(2019, 2025)] for area in expected} == expected

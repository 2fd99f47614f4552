"""The published figures in the seeds are the publication's own: checked against known facts and, where it is
at hand, against the reference data that they were taken from."""

import csv
import gzip
import re
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from sightline.councils import available, load
from synthetic.national import FEEDS, write_national

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "dbt_project" / "seeds"
SHARED = ROOT.parent / "shared" / "data"
SYMBOLS = {"c", "x", "z", "k", "u", "low"}
EES = {
    "ees_referrals": "c1_children_in_need_referrals_and_rereferrals_2013_to_2024",
    "ees_assessments": "c2_children_in_need_assessments_duration_2014_to_2024",
    "ees_section47_conferences": "c4_children_in_need_section_47s_and_icpcs_2013_to_2024",
    "ees_cp_reviews": "d6_cpps_reviewed_within_timescales_2013_to_2024",
}
COLUMNS = {
    "REF-01": ("ees_referrals", "Referrals"),
    "REF-02": ("ees_referrals", "Referrals_rate"),
    "REF-03": ("ees_referrals", "Re_referrals_percent"),
    "REF-04": ("ees_referrals", "No_Further_Action_percent"),
    "REF-05": ("ees_referrals", "Not_in_Need_percent"),
    "S47-02": ("ees_section47_conferences", "Section47_rate"),
    "S47-06": ("ees_section47_conferences", "ICPC_rate"),
    "CP-10": ("ees_cp_reviews", "Reviewed_within_timescales_percent"),
}
BANDS = {
    "ASM-03": (
        "ees_assessments",
        ("Same_day", "1-10_days", "11-20_days", "21-30_days", "31-40_days", "41-45_days"),
        "Assessments_completed",
    ),
    "S47-07": ("ees_section47_conferences", ("Duration_0-10_days", "Duration_11-15_days"), "ICPC"),
}
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the reference data (../shared/data) is not at hand")


def seed(name):
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def figures():
    """{(indicator, area, period end): row}."""
    rows = seed("published_figures")
    found = {(r["indicator_id"], r["area_code"], r["period_end"]): r for r in rows}
    assert len(found) == len(rows)
    return found


@pytest.fixture(scope="module")
def national(tmp_path_factory):
    """The demo's national files, {feed: rows}."""
    out = tmp_path_factory.mktemp("national")
    counts = write_national(out)
    rows = {feed: list(csv.DictReader((out / f"{feed}.csv").open(encoding="utf-8"))) for feed in FEEDS}
    assert counts == {feed: len(found) for feed, found in rows.items()}
    return rows


def area(row):
    return {"National": row["country_code"], "Regional": row["region_code"]}.get(
        row["geographic_level"], row["new_la_code"]
    )


def number(text):
    return None if text in SYMBOLS or text == "" else Decimal(text)


def half_up(value):
    """One decimal, a half upwards, as the department rounds."""
    return value.quantize(Decimal("0.1"), ROUND_HALF_UP)


@pytest.mark.parametrize(
    ("indicator", "code", "period_end", "value"),
    [
        ("CP-01", "E92000001", "2025-03-31", 49420),
        ("CP-02", "E92000001", "2025-03-31", 40.6),
        ("CLA-01", "E92000001", "2025-03-31", 81770),
        ("REF-01", "E92000001", "2024-03-31", 621880),
        ("REF-01", "E09000003", "2025-03-31", 2751),
        ("ASM-03", "E92000001", "2024-03-31", 84.5),
        ("S47-07", "E92000001", "2024-03-31", 79.7),
        ("CP-10", "E92000001", "2024-03-31", 89.8),
        ("WF-08", "E92000001", "2025-09-30", 15.2),
        ("CL-05", "E09000028", "2025-03-31", 75),
    ],
)
def test_figures_are_the_published_ones(figures, indicator, code, period_end, value):
    row = figures[indicator, code, period_end]
    assert (float(row["value"]), row["status"]) == (value, "ok")


def test_a_rate_of_the_year_to_march_uses_the_mid_year_before(figures):
    people = {(r["mid_year"], r["area_code"]): int(r["population"]) for r in seed("population_0_17")}
    assert people["2024", "E92000001"] == 12183016
    plans = Decimal(figures["CP-01", "E92000001", "2025-03-31"]["value"])
    assert half_up(10000 * plans / people["2024", "E92000001"]) == Decimal("40.6")
    for indicator, count, code in [("CIN-02", "CIN-01", "E09000003"), ("REF-02", "REF-01", "E09000028")]:
        cases = Decimal(figures[count, code, "2025-03-31"]["value"])
        rate = Decimal(figures[indicator, code, "2025-03-31"]["value"])
        assert half_up(10000 * cases / people["2024", code]) == rate


def test_a_symbol_is_kept_and_never_becomes_a_number(figures):
    statuses = Counter(row["status"] for row in figures.values())
    assert statuses["c"] > 50 and set(statuses) <= SYMBOLS | {"ok"}
    assert all((row["value"] == "") == (row["status"] != "ok") for row in figures.values())


def test_every_figure_has_a_known_area_source_and_indicator(figures):
    areas = {row["area_code"] for row in seed("local_authorities")}
    sources = {row["source_id"] for row in seed("published_sources")}
    catalogue = {row["indicator_id"] for row in seed("indicators")}
    rows = figures.values()
    assert {row["area_code"] for row in rows} <= areas
    assert {row["source_id"] for row in rows} == sources
    assert {row["indicator_id"] for row in rows} <= catalogue


def test_every_authority_can_be_ranked_where_the_files_cover_all(figures):
    for indicator in [*COLUMNS, *BANDS]:
        areas = {code for (i, code, end) in figures if i == indicator and end == "2024-03-31"}
        assert len([code for code in areas if code.startswith(("E06", "E08", "E09", "E10"))]) == 153
        assert len([code for code in areas if code.startswith(("E12", "E13"))]) == 11


def test_each_authority_has_ten_neighbours_and_barnets_and_southwarks_are_as_published():
    names = {row["area_code"]: row["area_name"] for row in seed("local_authorities")}
    rows = seed("statistical_neighbours")
    found = {}
    for row in rows:
        found.setdefault(names[row["area_code"]], {})[int(row["rank"])] = names[row["neighbour_code"]]
    assert len(found) == 153
    assert all(sorted(ranks) == list(range(1, 11)) for ranks in found.values())
    assert [found["Barnet"][n] for n in (1, 2, 10)] == ["Waltham Forest", "Reading", "Ealing"]
    assert [found["Southwark"][n] for n in (1, 10)] == ["Lambeth", "Waltham Forest"]


def test_population_reaches_from_2018_to_2024_for_england_regions_and_our_councils():
    people = {(r["mid_year"], r["area_code"]) for r in seed("population_0_17")}
    codes = ["E92000001", "E13000001", "E13000002", *(load(name).gss for name in available())]
    assert {(str(year), code) for year in range(2018, 2025) for code in codes} <= people


def test_seeds_stay_small():
    names = ("published_figures", "published_sources", "local_authorities", "population_0_17", "statistical_neighbours")
    assert all((SEEDS / f"{name}.csv").stat().st_size < 800_000 for name in names)


def test_shares_of_the_seeds_are_what_the_demos_national_files_give(figures, national):
    """Bands within the limit over all; hidden where a band is, unless the share itself is published elsewhere."""
    for indicator, (feed, bands, total) in BANDS.items():
        for row in national[feed]:
            parts = [number(row[column]) for column in (*bands, total)]
            kept = figures[indicator, area(row), f"{row['time_period']}-03-31"]
            if None in parts:
                assert kept["status"] != "ok" or kept["source_id"].startswith("lait_")
            elif parts[-1]:
                assert Decimal(kept["value"]) == half_up(100 * sum(parts[:-1]) / parts[-1])


def test_columns_of_the_seeds_are_those_of_the_demos_national_files(figures, national):
    for indicator, (feed, column) in COLUMNS.items():
        for row in national[feed]:
            kept = figures[indicator, area(row), f"{row['time_period']}-03-31"]
            value = number(row[column])
            if value is not None:
                assert (Decimal(kept["value"]), kept["status"]) == (value, "ok")
            else:
                assert kept["status"] in (row[column], "ok")


def test_the_national_files_are_the_same_every_time(tmp_path):
    first, again = tmp_path / "first", tmp_path / "again"
    first.mkdir()
    again.mkdir()
    write_national(first)
    write_national(again)
    for feed in FEEDS:
        assert (first / f"{feed}.csv").read_bytes() == (again / f"{feed}.csv").read_bytes()


def test_national_files_hold_three_years_of_every_level(national):
    for rows in national.values():
        assert Counter(row["time_period"] for row in rows).keys() == {"2022", "2023", "2024"}
        assert {row["geographic_level"] for row in rows} == {"National", "Regional", "Local authority"}
        keys = {(row["time_period"], row["region_code"], row["new_la_code"]) for row in rows}
        assert len(keys) == len(rows)


@needs_shared
@pytest.mark.parametrize("feed", FEEDS)
def test_national_files_hold_the_publications_own_rows(national, feed):
    with (SHARED / "ees" / f"{EES[feed]}.csv").open(encoding="utf-8-sig", newline="") as file:
        original = [row for row in csv.DictReader(file) if row["time_period"] in ("2022", "2023", "2024")]
    assert national[feed] == original


@needs_shared
def test_seeds_hold_every_benchmark_of_their_indicators_from_2021(figures):
    """Each value of the reference data stands in the seed, unless the files of all areas give that year."""
    seeded = {key[0] for key in figures}
    known = 0
    with gzip.open(SHARED / "reference" / "benchmarks_core.csv.gz", "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            period = re.fullmatch(r"(?:FY ending )?(31 Mar|30 Sep) (\d{4})", row["period"])
            if row["indicator_id"] not in seeded or not period or int(period[2]) < 2021:
                continue
            end = f"{period[2]}-{'03-31' if period[1] == '31 Mar' else '09-30'}"
            kept = figures[row["indicator_id"], row["area_code"], end]
            if not kept["source_id"].startswith("ees_"):
                known += 1
                assert float(kept["value"]) == pytest.approx(float(row["value"]), abs=1e-6)
    assert known > 4000


@needs_shared
def test_areas_population_and_neighbours_are_those_of_the_reference_data():
    def rows(name):
        with (SHARED / "reference" / name).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    codes = {row["dfe_la_code"]: row["gss_code"] for row in rows("la_codes.csv")}
    areas = {row["area_code"]: row["dfe_code"] for row in seed("local_authorities")}
    assert all(areas[gss] == dfe for dfe, gss in codes.items())
    people = {(r["mid_year"], r["area_code"]): r["population"] for r in seed("population_0_17")}
    for row in rows("population_0_17.csv"):
        if row["mid_year"] >= "2018" and row["population_estimate"].isdigit():
            assert people[row["mid_year"], row["area_code"]] == row["population_estimate"]
    neighbours = {(r["area_code"], r["rank"]): r["neighbour_code"] for r in seed("statistical_neighbours")}
    published = rows("statistical_neighbours_2025.csv")
    assert len(published) == len(neighbours)
    assert all(neighbours[codes[r["la_code"]], r["rank"]] == codes[r["sn_code"]] for r in published)

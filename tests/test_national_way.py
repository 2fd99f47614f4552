"""The real national statistics on the whole way: from the published files to the comparators of the marts.

Every expected figure is read or recomputed here from the published files with the csv module alone.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from statistics import mean, median

import psycopg
import pytest
from conftest import AS_AT, SHARED, copy_database, use_database

from ingest.load import ingest
from sightline.build import build
from synthetic import generate

EES = SHARED / "data" / "ees"
NEIGHBOURS = Path(__file__).resolve().parents[1] / "dbt_project" / "seeds" / "statistical_neighbours.csv"
FILES = {
    "referrals": "c1_children_in_need_referrals_and_rereferrals_2013_to_2024.csv",
    "assessments": "c2_children_in_need_assessments_duration_2014_to_2024.csv",
    "conferences": "c4_children_in_need_section_47s_and_icpcs_2013_to_2024.csv",
    "reviews": "d6_cpps_reviewed_within_timescales_2013_to_2024.csv",
}
IN_45_DAYS = ("Same_day", "1-10_days", "11-20_days", "21-30_days", "31-40_days", "41-45_days")
IN_15_DAYS = ("Duration_0-10_days", "Duration_11-15_days")
BARNET, ENGLAND = "E09000003", "E92000001"
YEAR_END = date(2024, 3, 31)

pytestmark = pytest.mark.skipif(
    not all((EES / name).is_file() for name in FILES.values()),
    reason="the published national statistics (../shared/data/ees) are not here",
)


@pytest.fixture(scope="module")
def national(migrated: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a database with a tiny made-up council and the real national files, ingested and built once."""
    folder = tmp_path_factory.mktemp("national_way")
    generate(folder, "barnet", 40, 3, 5, AS_AT)
    _without_national_files(folder)
    before = use_database(None)
    use_database(copy_database(migrated, "national_way"))
    try:
        results = ingest([folder, *(EES / name for name in FILES.values())], "barnet", AS_AT)
        real = {result.file_name: result for result in results if result.file_name in FILES.values()}
        assert {(result.state, result.rows_rejected) for result in real.values()} == {("loaded", 0)}
        assert len(real) == len(FILES)
        assert build("barnet", AS_AT).state == "built"
    finally:
        use_database(before)
    yield "national_way"


@pytest.fixture
def marts(national: str) -> Iterator[psycopg.Connection]:
    """A connection to a copy of the built warehouse."""
    with psycopg.connect(copy_database(national)) as connection:
        yield connection


@pytest.fixture(scope="module")
def printed() -> dict[str, dict[tuple[str, int], dict[str, str]]]:
    """{file: {(area, year): the row as printed}}; 2024 is the year to 31 March 2024."""
    return {file: _rows(EES / name) for file, name in FILES.items()}


def _without_national_files(folder: Path) -> None:
    """Take the council's own copies of the national files, which hold a part of the real ones, out of its folder."""
    for path in folder.glob("ees_*.csv"):
        path.unlink()
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["files"] = {name: promise for name, promise in manifest["files"].items() if not name.startswith("ees_")}
    path.write_text(json.dumps(manifest))


def _rows(path: Path) -> dict[tuple[str, int], dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as handle:
        return {
            (row["new_la_code"] or row["region_code"] or row["country_code"], int(row["time_period"][:4])): row
            for row in csv.DictReader(handle)
        }


def _percent_of(row: dict[str, str], parts: tuple[str, ...], whole: str) -> Decimal:
    """A percentage with one decimal, as the publication rounds."""
    share = 100 * sum(Decimal(row[part]) for part in parts) / Decimal(row[whole])
    return share.quantize(Decimal("0.1"), ROUND_HALF_UP)


def _benchmark(connection: psycopg.Connection, indicator: str, area: str) -> dict:
    found = connection.execute(
        "select value, status, numerator, denominator, source, delivery_id, area_name from marts.fct_benchmark"
        " where indicator_id = %s and area_code = %s and period_end = %s",
        (indicator, area, YEAR_END),
    )
    names = [column.name for column in found.description]
    (row,) = found.fetchall()
    return dict(zip(names, row, strict=True))


def _compared(connection: psycopg.Connection, indicator: str, comparator: str) -> set[tuple]:
    """(method, value, number of areas, status) of the comparator in all periods compared with the year 2023-24."""
    return set(
        connection.execute(
            "select method, comparator_value, n_areas, status from marts.fct_indicator_comparison"
            " where indicator_id = %s and comparator = %s and published_period = %s",
            (indicator, comparator, YEAR_END),
        ).fetchall()
    )


@pytest.mark.parametrize("area", [BARNET, ENGLAND])
@pytest.mark.parametrize(
    ("indicator", "file", "value", "numerator", "denominator"),
    [
        ("REF-02", "referrals", "Referrals_rate", "Referrals", None),
        ("REF-03", "referrals", "Re_referrals_percent", "Re_referrals", "Referrals"),
        ("CP-10", "reviews", "Reviewed_within_timescales_percent", "Reviewed_within_timescales", "CPP_At31_3Months"),
    ],
)
def test_a_published_figure_arrives_as_printed(marts, printed, area, indicator, file, value, numerator, denominator):
    row = printed[file][area, 2024]
    found = _benchmark(marts, indicator, area)
    assert found["value"] == Decimal(row[value])
    assert found["numerator"] == Decimal(row[numerator])
    assert found["denominator"] == (Decimal(row[denominator]) if denominator else None)
    assert (found["status"], found["source"]) == ("ok", FILES[file])
    assert found["delivery_id"] is not None
    assert found["area_name"] == (row["la_name"] or row["country_name"])


@pytest.mark.parametrize("area", [BARNET, ENGLAND])
@pytest.mark.parametrize(
    ("indicator", "file", "bands", "whole"),
    [
        ("ASM-03", "assessments", IN_45_DAYS, "Assessments_completed"),
        ("S47-07", "conferences", IN_15_DAYS, "ICPC"),
    ],
)
def test_a_percentage_that_is_not_printed_comes_from_its_bands(marts, printed, area, indicator, file, bands, whole):
    row = printed[file][area, 2024]
    found = _benchmark(marts, indicator, area)
    assert found["value"] == _percent_of(row, bands, whole)
    assert (found["numerator"], found["denominator"]) == (sum(Decimal(row[b]) for b in bands), Decimal(row[whole]))


def test_every_printed_number_of_a_column_is_a_benchmark(marts, printed):
    """The re-referral percentages of all known areas and all years: none is lost or altered."""
    stored = {
        (area, end.year): value
        for area, end, value in marts.execute(
            "select area_code, period_end, value from marts.fct_benchmark"
            " where indicator_id = 'REF-03' and source = %s and status = 'ok'",
            (FILES["referrals"],),
        )
    }
    expected = {key: _number(row["Re_referrals_percent"]) for key, row in printed["referrals"].items()}
    known = {area for (area,) in marts.execute("select area_code from reference.local_authorities")}
    assert stored == {key: value for key, value in expected.items() if value is not None and key[0] in known}
    assert len(stored) > 1500


def test_a_suppressed_cell_keeps_its_symbol_and_has_no_value(marts, printed):
    suppressed = {
        key: row["Re_referrals_percent"]
        for key, row in printed["referrals"].items()
        if row["Re_referrals_percent"] and _number(row["Re_referrals_percent"]) is None
    }
    assert suppressed
    stored = {
        (area, end.year): (value, status)
        for area, end, value, status in marts.execute(
            "select area_code, period_end, value, status from marts.fct_benchmark where indicator_id = 'REF-03'"
        )
    }
    kept = {key: stored[key] for key in suppressed if key in stored and stored[key][1] != "ok"}
    assert kept
    assert kept == {key: (None, suppressed[key]) for key in kept}


@pytest.mark.parametrize(("comparator", "area"), [("england", ENGLAND), ("own_published", BARNET)])
def test_single_areas_are_compared_as_published(marts, printed, comparator, area):
    expected = Decimal(printed["referrals"][area, 2024]["Re_referrals_percent"])
    assert _compared(marts, "REF-03", comparator) == {("published", expected, 1, "ok")}


def test_statistical_neighbours_have_the_mean_and_the_median_of_their_published_figures(marts, printed):
    """The latest published model's neighbours; the tool of the sector shows the mean, its dashboard the median."""
    with NEIGHBOURS.open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    latest = max(row["model_year"] for row in rows)
    codes = [row["neighbour_code"] for row in rows if (row["model_year"], row["area_code"]) == (latest, BARNET)]
    assert len(codes) == 10
    figures = [_number(printed["referrals"][code, 2024]["Re_referrals_percent"]) for code in codes]
    values = [figure for figure in figures if figure is not None]
    six = Decimal("0.000001")
    assert _compared(marts, "REF-03", "statistical_neighbours") == {
        ("mean", mean(values).quantize(six, ROUND_HALF_UP), len(values), "ok"),
        ("median", Decimal(median(values)).quantize(six), len(values), "ok"),
    }


def test_a_rank_counts_the_other_authorities_that_published_a_better_figure(marts, printed):
    """Fewer re-referrals are better; equal figures, as printed, share a place. The own published figure is left out."""
    league = {
        row["new_la_code"]: _number(row["Re_referrals_percent"])
        for (_, year), row in printed["referrals"].items()
        if year == 2024 and row["geographic_level"] == "Local authority"
    }
    assert league[BARNET] is not None
    others = [figure for code, figure in league.items() if figure is not None and code != BARNET]
    ranked = marts.execute(
        "select own_value, rank, n_ranked, n_areas, quartile from marts.fct_indicator_comparison"
        " where indicator_id = 'REF-03' and comparator = 'best_quarter' and published_period = %s",
        (YEAR_END,),
    ).fetchall()
    assert ranked
    for own, rank, n_ranked, n_areas, quartile in ranked:
        as_printed = own.quantize(Decimal("0.1"), ROUND_HALF_UP)
        assert rank == 1 + sum(figure < as_printed for figure in others)
        assert (n_ranked, n_areas) == (len(others) + 1, len(others) + 1)
        assert quartile == min(4, 1 + 4 * (rank - 1) // n_ranked)


def test_every_indicator_with_a_published_league_has_a_rank_today(marts):
    """The newest full league ranks the current period, and its year stands beside the rank."""
    ranked = dict(
        marts.execute(
            "select distinct indicator_id, published_period from marts.fct_indicator_comparison"
            " where rank is not null and period_end >= %s",
            (date(2026, 3, 31),),
        ).fetchall()
    )
    assert len(ranked) > 25
    assert ranked["REF-03"] == ranked["CP-06"] == ranked["PLC-01"] == date(2025, 3, 31)
    assert ranked["WF-03"] == date(2025, 9, 30)
    neighbours = marts.execute(
        "select count(distinct indicator_id) from marts.fct_indicator_comparison"
        " where comparator = 'statistical_neighbours' and status = 'ok' and published_period >= %s",
        (date(2025, 3, 31),),
    ).fetchone()[0]
    assert neighbours > 50


def _number(text: str) -> Decimal | None:
    """The printed number; none for a symbol (c, x, z, low ...) or an empty cell."""
    return Decimal(text) if text.replace(".", "", 1).isdigit() else None

"""A publication of a later year is dropped: its figures, neighbours and populations are compared with, without code.

The figures of the years 2026 and later are made up.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from conftest import AS_AT, copy_database, use_database

from ingest.load import ingest
from sightline.build import build
from synthetic import generate

SEEDS = Path(__file__).resolve().parents[1] / "dbt_project" / "seeds"
WHERE = "time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name"
WHERE += ",old_la_code,new_la_code,la_name"
FILE = "c1_children_in_need_referrals_and_rereferrals_2013_to_2026.csv"
COLUMNS = ("referral_count", "rereferral_count", "rereferral_percent")
META = "col_name,col_type,label,indicator_grouping,indicator_unit\ncategory,Filter,Category,,\n"
META += "".join(f"{name},Indicator,{name.replace('_', ' ')},,{'%' if 'percent' in name else ''}\n" for name in COLUMNS)
BARNET, ENGLAND, CAMDEN, ENFIELD = "E09000003", "E92000001", "E09000007", "E09000010"
YEAR_END = date(2026, 3, 31)


@pytest.fixture(scope="module")
def marts(migrated: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[psycopg.Connection]:
    """A tiny made-up council with next year's publication, neighbours and population dropped beside its files."""
    folder = tmp_path_factory.mktemp("publication")
    generate(folder, "barnet", 30, 3, 5, AS_AT)
    _write_publication(folder)
    before = use_database(None)
    url = copy_database(migrated, "publication")
    use_database(url)
    try:
        results = ingest([folder], "barnet", AS_AT)
        assert {one.state for one in results} == {"loaded"}
        assert build("barnet", AS_AT).state == "built"
    finally:
        use_database(before)
    with psycopg.connect(url) as connection:
        yield connection


def _write_publication(folder: Path) -> None:
    """England, Outer London and every authority: re-referrals 20.0% and up, Camden's suppressed."""
    lines = [
        "National,E92000001,England,,,,,,R,640000,140800,22",
        "Regional,E92000001,England,E13000002,Outer London,,,,R,c,c,c",
    ]
    for at, row in enumerate(_authorities()):
        figures = "z,c,c" if row["area_code"] == CAMDEN else f"1000,{200 + at},{Decimal(200 + at) / 10}"
        lines.append(f"Local authority,E92000001,England,,,{row['dfe_code']},{row['area_code']},Made up,R,{figures}")
    text = "\n".join([f"{WHERE},category,{','.join(COLUMNS)}", *(f"2026,Reporting year,{line}" for line in lines)])
    (folder / FILE).write_text(f"{text}\n")
    (folder / FILE.replace(".csv", ".meta.csv")).write_text(META)
    (folder / "population_0_17.csv").write_text(f"mid_year,area_code,population_estimate\n2025,{BARNET},94321\n")
    codes = [row["dfe_code"] for row in _authorities() if row["area_code"] != BARNET][:10]
    neighbours = "".join(f"302,{rank},{code},2027\n" for rank, code in enumerate(codes, start=1))
    (folder / "statistical_neighbours_2027.csv").write_text(f"la_code,rank,sn_code,model_year\n{neighbours}")
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"][FILE] = {"rows": len(lines)}
    (folder / "manifest.json").write_text(json.dumps(manifest))


def _authorities() -> list[dict[str, str]]:
    """The authorities of today, in the order of their codes."""
    with (SEEDS / "local_authorities.csv").open(newline="") as file:
        rows = [
            row for row in csv.DictReader(file) if row["area_type"] == "local_authority" and row["last_year"] == "2025"
        ]
    return sorted(rows, key=lambda row: row["area_code"])


def _figure(code: str) -> Decimal | None:
    """The re-referral percentage that was made up for an authority."""
    at = [row["area_code"] for row in _authorities()].index(code)
    return None if code == CAMDEN else Decimal(200 + at) / 10


def _compared(marts: psycopg.Connection, comparator: str) -> dict[str, tuple]:
    """{method: (value, areas, status)} for the re-referrals of the year that the as-at date lies in."""
    rows = marts.execute(
        "select method, comparator_value, n_areas, status from marts.fct_indicator_comparison"
        " where indicator_id = 'REF-03' and comparator = %s and period_kind = 'rolling_year' and published_period = %s"
        " and period_end = ("
        "  select max(period_end) from marts.fct_indicator_comparison where indicator_id = 'REF-03'"
        "  and period_kind = 'rolling_year')",
        (comparator, YEAR_END),
    ).fetchall()
    return {method: tuple(rest) for method, *rest in rows}


def test_the_dropped_file_is_the_latest_published_year(marts):
    """With its delivery; counts above and below the line; the demo's own files stay beside it for earlier years."""
    rows = marts.execute(
        "select area_code, value, numerator, denominator, status, source, period_label from marts.fct_benchmark"
        " where indicator_id = 'REF-03' and period_end = %s and area_code in (%s, %s)",
        (YEAR_END, BARNET, ENGLAND),
    ).fetchall()
    assert {row[0]: row[1:] for row in rows} == {
        ENGLAND: (22, 140800, 640000, "ok", FILE, "2025-26"),
        BARNET: (_figure(BARNET), _figure(BARNET) * 10, 1000, "ok", FILE, "2025-26"),
    }
    (latest, years) = marts.execute(
        "select max(period_end), count(distinct period_end) from marts.fct_benchmark where indicator_id = 'REF-03'"
    ).fetchone()
    assert (latest, years >= 5) == (YEAR_END, True)


def test_its_symbols_stand_in_the_status(marts):
    """And the value is empty: of the benchmark and of the one area that is compared with."""
    rows = marts.execute(
        "select indicator_id, area_code, value, status from marts.fct_benchmark"
        " where period_end = %s and status <> 'ok' and indicator_id in ('REF-01', 'REF-03') order by 1, 2",
        (YEAR_END,),
    ).fetchall()
    assert rows == [
        ("REF-01", CAMDEN, None, "z"),
        ("REF-01", "E13000002", None, "c"),
        ("REF-03", CAMDEN, None, "c"),
        ("REF-03", "E13000002", None, "c"),
    ]
    assert _compared(marts, "region") == {"published": (None, 0, "c")}


def test_every_comparator_is_of_the_dropped_year(marts):
    """England, the council's own figure, the alliance with one of five suppressed, the best quarter."""
    alliance = [_figure(code) for code in (ENFIELD, "E09000012", "E09000014", "E09000019")]
    six = Decimal("0.000001")
    assert _compared(marts, "england") == {"published": (22, 1, "ok")}
    assert _compared(marts, "own_published") == {"published": (_figure(BARNET), 1, "ok")}
    assert _compared(marts, "alliance") == {
        "mean": ((sum(alliance) / 4).quantize(six), 4, "ok"),
        "median": (((sorted(alliance)[1] + sorted(alliance)[2]) / 2).quantize(six), 4, "ok"),
    }
    ((_, areas, status),) = _compared(marts, "best_quarter").values()
    assert (areas, status) == (len(_authorities()) - 1, "ok")


def test_delivered_neighbours_replace_the_seeds(marts):
    """The ten that were delivered, by the department's codes."""
    codes = [row["area_code"] for row in _authorities() if row["area_code"] != BARNET][:10]
    mean = sum(map(_figure, codes)) / 10
    assert _compared(marts, "statistical_neighbours")["mean"] == (mean.quantize(Decimal("0.000001")), 10, "ok")


def test_rates_use_the_delivered_population_of_the_year_before(marts):
    """The year from April 2026 would use mid-2026, which is not out: the newest one, mid-2025 as delivered."""
    rows = marts.execute(
        "select financial_year, mid_year, population from intermediate.int_population order by 1"
    ).fetchall()
    assert rows[-2:] == [(2025, 2025, 94321), (2026, 2025, 94321)]
    assert (2024, 2024, 93851) in rows
    (denominator,) = marts.execute(
        "select max(denominator) from marts.fct_indicator_value where indicator_id = 'CP-02'"
        " and period_start = '2026-04-01' and level = 'council' and period_kind = 'year'"
    ).fetchone()
    assert denominator == 94321

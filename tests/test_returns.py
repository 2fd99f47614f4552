"""Figures of the statutory returns from the returns alone: against an independent computation, and the case system."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest
from conftest import AS_AT, SHARED, copy_database, use_database
from oracle import return_903, return_cin
from typer import Typer
from typer.testing import CliRunner

from ingest.load import ingest
from sightline import cli_returns
from sightline.build import build
from synthetic.returns import write_returns

ROOT = Path(__file__).resolve().parent.parent
YEARS = (2025, 2026)
FLOORS = {"REF-03", "REF-03c", "S47-05"}
SPLITS = {"PLC-12", "PLC-13"}
FIGURES = """
    select figure.indicator_id, catalogue.kind, figure.numerator, figure.denominator, figure.value, figure.unjudged,
           figure.status
    from marts.fct_return_figure as figure
    inner join marts.dim_indicator as catalogue using (indicator_id)
    where figure.collection_year = %s and figure.breakdown = 'all'
"""
OTHER_PUBLICATIONS = ("WF-", "EDU-", "LEG-", "OFF-02", "OFF-03", "OFF-04", "PLC-04", "PLC-14", "NEET-", "POP-")
"""Published by others, or from what the department adds to the return (distances, the school census)."""


@pytest.fixture(scope="module")
def returns(built, tmp_path_factory) -> dict[int, Path]:
    """The folders of a made-up council's returns by collection year."""
    folders = {}
    for year in YEARS:
        folders[year] = tmp_path_factory.mktemp(f"returns_{year}")
        write_returns(built.folder, folders[year], "302", "Barnet", date(year, 9, 30))
    return folders


def load_returns(folders: dict[int, Path]) -> None:
    """Load both returns of each year, oldest first."""
    for year, folder in sorted(folders.items()):
        for kind in ("ssda903", "cin_census"):
            results = ingest([folder / kind], "barnet", date(year, 9, 30))
            assert {one.state for one in results} == {"loaded"}


@pytest.fixture(scope="module")
def with_returns(built, returns) -> Iterator[str]:
    """The URL of the built council's warehouse with two years of its returns; the process works on it."""
    before = use_database(None)
    url = copy_database("built")
    use_database(url)
    load_returns(returns)
    build("barnet", AS_AT)
    yield url
    use_database(before)


def figures_of(url: str, year: int) -> dict[str, tuple]:
    """Kind, numerator, denominator, value, unjudged and status by indicator."""
    with psycopg.connect(url) as connection:
        return {row[0]: row[1:] for row in connection.execute(FIGURES, (year,))}


def computed(folders: dict[int, Path], year: int) -> dict[str, return_903.Sum]:
    """The same from the files, without a warehouse."""
    episodes = {one: folder / "ssda903" for one, folder in folders.items()}
    census = {one: folder / "cin_census" / f"CIN_Census_{one}.xml" for one, folder in folders.items()}
    return return_903.figures(episodes, year) | return_cin.figures(census, year)


@pytest.mark.parametrize("year", YEARS)
def test_each_figure_equals_the_independent_computation(with_returns, returns, year):
    """Numerator, denominator and what cannot be judged; with an earlier year (2026) and without (2025)."""
    expected, unlike = computed(returns, year), []
    found = figures_of(with_returns, year)
    assert expected.keys() - found.keys() == SPLITS
    for indicator_id, (kind, numerator, denominator, _, unjudged, _) in found.items():
        theirs = expected.get(indicator_id, return_903.Sum(0, 0, 0))
        if kind == "rate":
            continue
        below = theirs.denominator + (theirs.unjudged if indicator_id in FLOORS else 0)
        own_below = below if kind == "count" else denominator
        if (numerator, own_below, unjudged) != (theirs.numerator, below, theirs.unjudged):
            unlike.append(f"{indicator_id}: {numerator}/{denominator} ({unjudged}), independently {theirs}")
    assert not unlike, "; ".join(unlike)


def test_rates_are_counts_by_the_population_of_the_mid_year_before(with_returns):
    """The year to 31 March 2025 has Barnet's 93,851 children of mid-2024."""
    found = figures_of(with_returns, 2025)
    counts = {"CLA-02": "CLA-01", "CLA-04": "CLA-03", "CLA-06": "CLA-05", "CIN-02": "CIN-01", "CP-02": "CP-01"}
    for rate, count in (counts | {"CP-04": "CP-03", "REF-02": "REF-01", "S47-02": "S47-01"}).items():
        assert found[rate][2] == 93851
        assert float(found[rate][3]) == pytest.approx(10000 * float(found[count][1]) / 93851, abs=1e-6)


def test_the_earlier_return_settles_what_one_year_cannot(with_returns):
    """Without the census of 2024 re-referrals of 2025 are a floor; with that of 2025 those of 2026 are whole."""
    first, second = (figures_of(with_returns, year) for year in YEARS)
    assert first["REF-03"][5] == "floor" and first["REF-03"][4] > 0
    assert second["REF-03"][5] == "ok" and second["REF-03"][4] == 0


def test_every_published_figure_of_the_two_returns_has_its_own(with_returns):
    """And stands beside what was published; more than the forty that were asked for."""
    with (ROOT / "dbt_project/seeds/published_figures.csv").open(newline="", encoding="utf-8") as handle:
        published = {row["indicator_id"] for row in csv.DictReader(handle)}
    wanted = {one for one in published if not one.startswith(OTHER_PUBLICATIONS)}
    found = figures_of(with_returns, 2026)
    with psycopg.connect(with_returns) as connection:
        catalogue = {row[0] for row in connection.execute("select indicator_id from marts.dim_indicator")}
        beside = connection.execute(
            "select count(*) from marts.fct_return_figure where collection_year = 2026 and england_value is not null"
        ).fetchone()[0]
    assert not (wanted & catalogue) - found.keys()
    assert len(found) > 100 and beside > 80


def test_breakdowns_and_details_add_up_to_the_whole(with_returns):
    """By age band, sex and ethnicity each case stands once; the shares of a split make a hundred."""
    with psycopg.connect(with_returns) as connection:
        unlike = connection.execute(
            "select part.indicator_id, part.breakdown from marts.fct_return_figure as part"
            " inner join marts.fct_return_figure as whole using (collection_year, indicator_id)"
            " where part.breakdown in ('age_band', 'sex', 'ethnicity') and whole.breakdown = 'all'"
            " group by part.collection_year, part.indicator_id, part.breakdown, whole.numerator"
            " having sum(part.numerator) <> whole.numerator"
        ).fetchall()
        shares = connection.execute(
            "select sum(value) from marts.fct_return_figure where indicator_id in"
            " ('CLA-18', 'CLA-09', 'REF-06', 'CIN-09', 'CIN-10', 'CP-11', 'PLC-13', 'ASM-04')"
            " group by collection_year, indicator_id"
        ).fetchall()
    assert unlike == []
    assert len(shares) == 16 and all(float(total) == pytest.approx(100, abs=0.001) for (total,) in shares)


def explained() -> set[str]:
    """The indicators that docs/returns.md says may differ from the case system's figures."""
    text = (ROOT / "docs" / "returns.md").read_text(encoding="utf-8")
    table = text.split("## Where they differ from the case system's figures")[1]
    cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| ") and "-" in line.split("|")[1]]
    return {one for cell in cells for one in re.findall(r"[A-Z0-9]+-\d+\w*(?:-18)?", cell)}


def test_where_definitions_agree_the_return_equals_the_case_system(with_returns):
    """For the year to 31 March 2026; each of the others is explained in docs/returns.md."""
    with psycopg.connect(with_returns) as connection:
        own = {
            row[0]: row[1:]
            for row in connection.execute(
                "select indicator_id, numerator, denominator from marts.fct_indicator_value"
                " where level = 'council' and breakdown = 'all' and period_kind = 'year'"
                " and period_end = '2026-03-31' and status in ('ok', 'partial')"
            )
        }
    found, unlike, alike = figures_of(with_returns, 2026), set(), set()
    for indicator_id in found.keys() & own.keys():
        kind, numerator, denominator, *_ = found[indicator_id]
        pair = (numerator, None if kind == "count" else denominator)
        theirs = (own[indicator_id][0], None if kind == "count" else own[indicator_id][1])
        if kind == "rate":
            pair, theirs = pair[:1], theirs[:1]
        (alike if pair == theirs else unlike).add(indicator_id)
    assert not unlike - explained(), f"unlike and not explained: {sorted(unlike - explained())}"
    assert len(alike) > 60, sorted(unlike)


def test_without_a_return_there_is_no_figure(built):
    """The made-up council before its returns."""
    with built.connect() as connection:
        assert connection.execute("select count(*) from marts.fct_return_figure").fetchone() == (0,)


def test_the_returns_alone_give_the_same_figures(with_returns, returns, migrated):
    """Without any extract of the case system: what a region has of its members."""
    before = use_database(None)
    url = copy_database(migrated)
    use_database(url)
    load_returns(returns)
    build("barnet", AS_AT)
    use_database(before)
    for year in YEARS:
        assert figures_of(url, year) == figures_of(with_returns, year)


def test_the_public_samples_give_figures(migrated):
    """The files that others publish for their own tests: nothing breaks, and each return has its figures."""
    if not (SHARED / "data" / "ssda903").is_dir():
        pytest.skip("../shared is not there")
    before = use_database(None)
    url = copy_database(migrated)
    use_database(url)
    ingest([SHARED / "data" / "ssda903"], "barnet", AS_AT)
    for name in ("fake_CIN_data.xml", "CIN_Census_2024.xml"):
        ingest([SHARED / "data" / "cin_census" / name], "barnet", AS_AT)
    build("barnet", AS_AT)
    use_database(before)
    with psycopg.connect(url) as connection:
        found = dict(
            connection.execute(
                "select return, count(*) from marts.fct_return_figure where breakdown = 'all' and value is not null"
                " group by 1"
            ).fetchall()
        )
    assert found.get("903", 0) > 20 and found.get("cin", 0) > 20


@pytest.fixture
def command(with_returns):
    """Run the commands of returns as a person does."""
    app = Typer()
    cli_returns.register(app)
    return lambda *arguments: CliRunner().invoke(app, list(arguments))


def test_the_command_prints_each_figure_beside_the_published_one(command):
    """As JSON and as a table; the latest year by default."""
    shown = json.loads(command("returns", "--council", "barnet", "--json").stdout)
    by_id = {row["indicator_id"]: row for row in shown}
    assert {row["collection_year"] for row in shown} == {2026}
    assert by_id["CLA-02"]["published_value"] == 37 and by_id["CLA-02"]["england_value"] == 67
    assert by_id["CLA-02"]["return"] == "903"
    text = command("returns", "--council", "barnet", "--year", "2025").stdout
    assert "REF-03" in text and "floor" in text


def test_the_command_says_which_year_is_missing(command):
    """Exit code 2 and one line."""
    result = command("returns", "--council", "barnet", "--year", "2019")
    assert result.exit_code == 2 and "31 March 2019" in result.output

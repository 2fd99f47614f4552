"""Each feed taken away in turn: which figures are unknown then, by the models' own SQL and the built ledger."""

from __future__ import annotations

import psycopg
from test_indicator_needs import CATALOGUE, CLOCKS, needs

from bench.examples import Renderer
from sightline.settings import ROOT

MODELS = ROOT / "dbt_project" / "models" / "intermediate"
FEEDS = sorted(set().union(*needs().values(), *CLOCKS.values()))


class _Relations(dict):
    """Each model, seed or source stands for itself, on the search path."""

    def __missing__(self, name: str) -> str:
        return name


def unknown(connection: psycopg.Connection, council: str, without: str) -> tuple[set[str], set[str]]:
    """The indicators and the clocks that are unknown where a feed was never delivered."""
    render = Renderer({"council": council}, _Relations())
    code = {name: render((MODELS / f"{name}.sql").read_text(encoding="utf-8")) for name in (
        "int_indicator__need", "int_grid__indicator", "int_clock__need",
    )}  # fmt: skip
    with connection.transaction(force_rollback=True):
        connection.execute("create temporary table delivery as select * from ops.delivery where feed <> %s", [without])
        connection.execute(f"create temporary table int_indicator__need as {code['int_indicator__need']}")
        figures = "select indicator_id from ({}) as one where is_computed and not is_delivered"
        clocks = "select clock_id from ({}) as one where not is_delivered"
        asked = figures.format(code["int_grid__indicator"]), clocks.format(code["int_clock__need"])
        return tuple({row[0] for row in connection.execute(query)} for query in asked)


def test_each_needed_feed_in_turn_takes_the_figures_and_duties_that_need_it(on_built):
    with on_built.connect() as connection:
        connection.execute("set search_path = pg_temp, intermediate, reference")
        lost, idle = unknown(connection, on_built.council, "")
        for feed in FEEDS:
            indicators, clocks = unknown(connection, on_built.council, feed)
            assert indicators == lost | {one for one in CATALOGUE if feed in needs()[one]}, feed
            assert clocks == idle | {one for one, needed in CLOCKS.items() if feed in needed}, feed
    assert len(FEEDS) > 50

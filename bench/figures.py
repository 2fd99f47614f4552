"""The figures that a model of observations or duties adds to, as one short text that changes with any of them."""

from __future__ import annotations

from datetime import date

import psycopg
from psycopg import sql

from bench.examples import VARIABLES, Renderer

PERIODS = [
    (date(2026, 7, 1), date(2026, 9, 30)),
    (date(2026, 9, 1), date(2026, 9, 30)),
    (date(2025, 4, 1), date(2026, 3, 31)),
    (date(2025, 2, 1), date(2025, 2, 28)),
    (date(2023, 10, 1), date(2023, 12, 31)),
    (date(2025, 10, 1), date(2026, 9, 30)),
]
"""Periods of tests/test_independent.py: first and last day."""

RELATIONS = """
select table_name, format('%I.%I', table_schema, table_name) from information_schema.tables
where table_schema in ('raw', 'reference', 'staging', 'intermediate', 'marts')
order by table_schema = 'raw' desc
"""
SUMS = """
with observed as ({rows}),
period (start_on, end_on) as (values {periods})
select md5(coalesce(string_agg(line::text, '|' order by line::text), ''))
from (
    select indicator_id, observed.team_code, period.start_on, period.end_on, sum(numerator), sum(denominator),
        count(*), count(distinct child_key), count(distinct child_key) filter (where numerator = 1),
        percentile_cont(0.5) within group (order by numerator::float8)
    from observed
    inner join reference.indicators as catalogue using (indicator_id)
    inner join period on case catalogue.timing
        when 'event' then observed_on between period.start_on and period.end_on else observed_on = period.end_on end
    group by 1, 2, 3, 4
) as line
"""


class Figures:
    """Sums of every indicator, team and period. Duties are no part of the independent computation and have none."""

    def __init__(self, connection: psycopg.Connection, as_at: date) -> None:
        """`connection` is on a built council as at `as_at`; it commits by itself."""
        self.connection = connection
        days = [(start, min(end, as_at)) for start, end in PERIODS]
        relation = dict(connection.execute(RELATIONS).fetchall())
        self.render = Renderer(VARIABLES | {"as_at": as_at.isoformat()}, relation)
        self.periods = sql.SQL(", ").join(sql.SQL("({}, {})").format(*map(sql.Literal, pair)) for pair in days)

    def of(self, code: str) -> str:
        """Return the figures of a model's code.

        Raises:
            psycopg.Error: it cannot run.
        """
        if "clock_id" in code and "indicator_id" not in code:
            return ""
        query = sql.SQL(SUMS).format(rows=sql.SQL(self.render(code)), periods=self.periods)
        return self.connection.execute(query).fetchone()[0]

"""What publishing reads beside figures: signals, journeys, forecasts, revisions, triangulation, flow of cases.

`read` gives the rows of each kind of block that a report has, as dictionaries, for every unit at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import psycopg

from publish.query import rows
from publish.spec import ReportSpec
from sightline.periods import Period

_SIGNALS = """
    select indicator_id, level, unit_code, period_end, rule, side, lasting, verdict, sentence
    from marts.fct_signal
    where council = %(council)s and rule is not null and verdict in ('better', 'worse', 'higher', 'lower')
    order by indicator_id, level, unit_code, period_end
"""
# Cohorts by the day on which their time to go on ran out: in the twelve months to the period's end, and in the twelve
# before. Those whose time had not run out by then are open.
_JOURNEYS = """
    select step.step_id, step.position, step.title, step.kind, step.window_days, place.level, place.unit_code,
           count(*) filter (where cohort.name = 'now') as matured,
           count(*) filter (where cohort.name = 'now' and journey.outcome = 'converted') as converted,
           count(*) filter (where cohort.name = 'now' and journey.outcome = 'late') as late,
           percentile_cont(0.5) within group (order by journey.days_between)
               filter (where cohort.name = 'now' and journey.outcome = 'converted') as median_days,
           count(*) filter (where cohort.name = 'before') as matured_before,
           count(*) filter (where cohort.name = 'before' and journey.outcome = 'converted') as converted_before,
           count(*) filter (where cohort.name = 'open' and (journey.to_on <= %(end)s) is not true) as pending
    from marts.fct_journey as journey
    inner join reference.journey_steps as step using (step_id)
    cross join lateral (select journey.from_on + journey.window_days as closes_on) as cohort_day
    cross join lateral (
        select case
            when closes_on > %(end)s then 'open'
            when closes_on > %(year_ago)s then 'now'
            when closes_on > %(two_years_ago)s then 'before'
        end as name
    ) as cohort
    cross join lateral (
        values ('council', journey.council), ('service', journey.service_code), ('team', journey.team_code)
    ) as place (level, unit_code)
    where journey.council = %(council)s and journey.from_on <= %(end)s and cohort.name is not null
    group by 1, 2, 3, 4, 5, 6, 7
    order by step.position, step.step_id, place.level, place.unit_code
"""
_FORECASTS = """
    select indicator_id, period_start, period_end, months_ahead, value, lower_80, upper_80, lower_95, upper_95, method,
           months, mape, benchmark_mape, mase, coverage_80
    from marts.fct_forecast where council = %(council)s order by indicator_id, months_ahead
"""
_REVISIONS = """
    select indicator_id, level, unit_code, period_kind, period_start, period_end, known_before_on, known_on,
           numerator_before, denominator_before, value_before, numerator, denominator, value, cause, deliveries
    from marts.fct_revision
    where council = %(council)s and is_latest and period_end > %(two_years_ago)s and period_end <= %(end)s
    order by indicator_id, level, unit_code, period_kind, period_start
"""
_TRIANGULATION = """
    select * from marts.fct_triangulation
    where council = %(council)s and period_end = (
        select max(period_end) from marts.fct_triangulation
        where council = %(council)s and is_complete and period_end <= %(end)s
    )
    order by level, unit_code, period_start
"""
_FLOW = """
    select level, unit_code, period_kind, period_start, period_end, open_at_start, opened, transferred_in, closed,
           transferred_out, open_at_end
    from marts.fct_flow
    where council = %(council)s and level <> 'worker' and period_end <= %(end)s and period_end > %(year_ago)s
    order by level, unit_code, period_kind, period_start
"""
_QUERIES = {
    "findings": _SIGNALS,
    "journey": _JOURNEYS,
    "forecast": _FORECASTS,
    "revisions": _REVISIONS,
    "triangulation": _TRIANGULATION,
    "flow": _FLOW,
}


def read(
    connection: psycopg.Connection, council: str, report: ReportSpec, period: Period
) -> Mapping[str, Sequence[Mapping]]:
    """The rows of each kind of block that the report has."""
    end = period.end
    asked = {"council": council, "end": end, "year_ago": _years_before(end, 1), "two_years_ago": _years_before(end, 2)}
    used = {block.kind for block in report.blocks}
    return {kind: rows(connection, sql, asked) for kind, sql in _QUERIES.items() if kind in used}


def _years_before(day: date, years: int) -> date:
    """The same day of an earlier year; 28 February for the 29th."""
    return day.replace(year=day.year - years, day=28 if (day.month, day.day) == (2, 29) else day.day)

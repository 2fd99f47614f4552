"""Three figures by month and team as an analyst would write them: plain SQL, straight from the landed tables.

Each query returns (month's first day, team, numerator, denominator) of one indicator: no other level, period or
breakdown, and no row kept for tracing. The running count of working days is the one thing taken from the warehouse.
Parameters: `as_at`, and `first`, the first month's first day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from statistics import median
from time import perf_counter

import psycopg

from sightline.build import NEXT, SESSION
from sightline.settings import settings

RUNS = 3
PROJECT_NAME = "sightline"


@dataclass(frozen=True)
class Sum:
    """An indicator's query, and dbt's models that lie between the landed tables and the same indicator's rows."""

    indicator: str
    models: tuple[str, ...]
    query: str


REFERRALS = """
with referral as (
    select
        cine_person_id as child, cine_referral_date as day, cine_referral_team as team,
        max(cine_referral_date) over (
            partition by cine_person_id order by cine_referral_date groups between 1 preceding and 1 preceding
        ) as before
    from raw.ssd_cin_episodes
    where closed_by is null and cine_referral_date <= %(as_at)s
)
select
    date_trunc('month', day)::date, coalesce(d.dept_team_id, 'unallocated'),
    count(*) filter (where before >= day - interval '12 months'), count(*)
from referral r left join raw.ssd_department d on r.team = d.dept_team_id and d.closed_by is null
where day >= %(first)s
group by 1, 2
"""

ASSESSMENTS = """
with assessment as (
    select
        cina_referral_id as referral, cina_assessment_start_date as started, cina_assessment_auth_date as done,
        cina_assessment_team as team,
        row_number() over (
            partition by cina_referral_id order by cina_assessment_start_date, cina_assessment_id
        ) as place
    from raw.ssd_cin_assessments
    where closed_by is null and cina_assessment_start_date <= %(as_at)s
),
timed as (
    select
        a.done, a.team,
        case when a.place = 1 then coalesce(r.cine_referral_date, a.started) else a.started end as began
    from assessment a
    left join raw.ssd_cin_episodes r
        on r.cine_referral_id = a.referral and r.closed_by is null and r.cine_referral_date <= %(as_at)s
    where a.done between %(first)s and %(as_at)s
)
select
    date_trunc('month', t.done)::date, coalesce(d.dept_team_id, 'unallocated'),
    count(*) filter (where e.cum_wd - b.cum_wd <= 45), count(*)
from timed t
join intermediate.calendar b on b.calendar_on = t.began
join intermediate.calendar e on e.calendar_on = t.done
left join raw.ssd_department d on t.team = d.dept_team_id and d.closed_by is null
group by 1, 2
"""

PLANS = """
with month as (
    select m::date as first_day, least((m + interval '1 month - 1 day')::date, %(as_at)s) as day
    from generate_series(%(first)s::timestamp, %(as_at)s::timestamp, interval '1 month') m
),
open as (
    select month.first_day, month.day, p.cppl_person_id as child
    from month
    join raw.ssd_cp_plans p
        on p.closed_by is null and coalesce(p.cppl_cp_plan_ola, 'N') <> 'Y' and p.cppl_cp_plan_start_date <= month.day
        and (p.cppl_cp_plan_end_date is null or p.cppl_cp_plan_end_date > month.day)
),
held as (
    select distinct on (open.first_day, open.child) open.first_day, open.child, i.invo_professional_team as team
    from open
    join raw.ssd_involvements i
        on i.closed_by is null and i.invo_person_id = open.child
        and i.invo_professional_role_id = 'Allocated Case Worker' and i.invo_involvement_start_date <= open.day
        and (i.invo_involvement_end_date is null or i.invo_involvement_end_date > open.day)
    order by open.first_day, open.child, i.invo_involvement_start_date desc, i.invo_involvements_id desc
)
select open.first_day, coalesce(d.dept_team_id, 'unallocated'), count(*), null::bigint
from open
left join held on held.first_day = open.first_day and held.child = open.child
left join raw.ssd_department d on held.team = d.dept_team_id and d.closed_by is null
group by 1, 2
"""

SUMS = (
    Sum("REF-03", ("int_referral", "int_referral__observations"), REFERRALS),
    Sum("ASM-03", ("int_assessment", "int_assessment__observations"), ASSESSMENTS),
    Sum(
        "CP-01",
        (
            "int_allocation", "int_cp_plan", "int_cp_review__link", "int_cp_visit", "int_cp_visit__link",
            "int_cp_plan__snapshot", "int_cp_plan_open__observations",
        ),
        PLANS,
    ),
)  # fmt: skip

IN_WAREHOUSE = """
select period_start, unit_code, numerator::bigint, denominator::bigint from marts.fct_indicator_value
where indicator_id = %(indicator)s and level = 'team' and period_kind = 'month' and breakdown = 'all'
    and numerator + coalesce(denominator, 0) > 0
"""


def run(database: str, as_at: date, first: date) -> list[dict]:
    """Time each query (the middle of three runs, seconds) and compare its figures with the warehouse's."""
    with psycopg.connect(database) as connection:
        # An analyst's server has had the night to look at what landed; without that a large council's join never ends.
        connection.execute("analyze")
        return [_time(connection, one, {"as_at": as_at, "first": first}) for one in SUMS]


def _time(connection: psycopg.Connection, one: Sum, parameters: dict) -> dict:
    seconds, rows = [], []
    for _ in range(RUNS):
        began = perf_counter()
        rows = connection.execute(one.query, parameters).fetchall()
        seconds.append(perf_counter() - began)
    stored = connection.execute(IN_WAREHOUSE, {"indicator": one.indicator}).fetchall()
    computed = connection.execute(
        psycopg.sql.SQL("select count(distinct indicator_id) from intermediate.{}").format(
            psycopg.sql.Identifier(one.models[-1])
        )
    ).fetchone()[0]
    return {
        "indicator": one.indicator,
        "seconds": round(median(seconds), 4),
        "figures": len(rows),
        "agrees": set(rows) == set(stored),
        "models": list(one.models),
        "indicators_of_models": computed,
    }


def rewrite(database: str, model: str) -> dict:
    """Rows of a model's table, and the seconds of writing them once more: the least that any way of making it takes."""
    with psycopg.connect(database) as connection:
        schema = "marts" if model.startswith(("fct_", "dim_")) else "intermediate"
        began = perf_counter()
        made = connection.execute(
            psycopg.sql.SQL("create table peer_rewrite as table {}").format(psycopg.sql.Identifier(schema, model))
        )
        seconds, rows = perf_counter() - began, made.rowcount
        connection.rollback()
    return {"rows": rows, "rewrite_seconds": round(seconds, 4)}


def plain(database: str, model: str) -> dict:
    """Rows and seconds of a model's own select as one plain `create table as`: no dbt, contract, index or statistics.

    dbt wrote the select with the names of the schemas that it builds in; here it reads those that were swapped in.
    """
    (found,) = (settings().home / "dbt" / "target" / "compiled" / PROJECT_NAME / "models").rglob(f"{model}.sql")
    query = found.read_text().replace(f'"{NEXT}_', '"')
    with psycopg.connect(database, options=SESSION) as connection:
        began = perf_counter()
        made = connection.execute(f"create table peer_plain as {query}")
        seconds, rows = perf_counter() - began, made.rowcount
        connection.rollback()
    return {"rows": rows, "plain_seconds": round(seconds, 4)}

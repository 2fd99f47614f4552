"""What restatements changed: the figures of each build beside those of the build before.

`record` is called when a build takes the place of the one before it. It keeps complete months, quarters and years
of council, services and teams in `ops.figure_history`, and writes only what changed; `marts.fct_revision` reads it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psycopg
from psycopg import sql

from sightline.trace import trace

_CHANGED = """
    create temporary table figure_changed on commit drop as
    with figure as (
        select indicator_id, level, unit_code, period_kind, period_start, period_end, numerator, denominator, value
        from {}.fct_indicator_value
        where council = %(council)s and breakdown = 'all' and level in ('council', 'service', 'team')
          and period_kind in ('month', 'quarter', 'year') and period_end <= %(as_at)s
    ),
    known as (
        select * from ops.figure_history where council = %(council)s and replaced_by is null
    )
    select indicator_id, level, unit_code, period_kind, period_start,
           coalesce(figure.period_end, known.period_end) as period_end,
           figure.numerator, figure.denominator, figure.value, known.run_id as known_run_id
    from figure
    full join known using (indicator_id, level, unit_code, period_kind, period_start)
    where case when known.run_id is null then figure.numerator <> 0 or figure.denominator <> 0
          else (known.numerator, known.denominator, known.value)
               is distinct from (figure.numerator, figure.denominator, figure.value) end
"""
_REPLACE = """
    update ops.figure_history as known set replaced_by = %(run_id)s
    from figure_changed as changed
    where known.council = %(council)s and known.replaced_by is null and changed.known_run_id is not null
      and (known.indicator_id, known.level, known.unit_code, known.period_kind, known.period_start)
          = (changed.indicator_id, changed.level, changed.unit_code, changed.period_kind, changed.period_start)
"""
# A figure is new, not revised, where nothing was recorded before: the first build, a period that has ended since, an
# indicator that the catalogue has gained, a level that was not followed. What was nought was not written, so a first
# row may revise a nought.
_ADD = """
    insert into ops.figure_history (council, indicator_id, level, unit_code, period_kind, period_start, period_end,
                                    run_id, is_first, numerator, denominator, value)
    select %(council)s, indicator_id, level, unit_code, period_kind, period_start, period_end, %(run_id)s,
           known_run_id is null and (
               %(before)s::date is null or period_end > %(before)s
               or not exists (select 1 from ops.figure_history as past
                              where past.council = %(council)s and past.indicator_id = changed.indicator_id
                                and past.level = changed.level)),
           numerator, denominator, value
    from figure_changed as changed
    order by indicator_id, level, unit_code, period_kind, period_start
"""


@dataclass(frozen=True, slots=True)
class Recorded:
    """How many figures a build added and how many it revised."""

    added: int
    revised: int


def record(connection: psycopg.Connection, run_id: str, council: str, as_at: date, schema: str = "marts") -> Recorded:
    """Keep what a build changed, with the deliveries since the recorded build before. Commits nothing.

    A build for an earlier day than the last recorded one knows less, not more: nothing is kept of it.
    """
    before = connection.execute(
        "select run_id, as_at from ops.figure_build where council = %s order by recorded_at desc, run_id desc limit 1",
        (council,),
    ).fetchone()
    if before and as_at < before[1]:
        return Recorded(0, 0)
    asked = {"council": council, "run_id": run_id, "as_at": as_at, "before": before and before[1]}
    deliveries = _new_deliveries(connection, council)
    with connection.transaction():
        connection.execute(
            "insert into ops.figure_build (run_id, council, as_at, previous_run_id, deliveries)"
            " values (%s, %s, %s, %s, %s)",
            (run_id, council, as_at, before and before[0], [number for number, _ in deliveries]),
        )
        connection.execute(sql.SQL(_CHANGED).format(sql.Identifier(schema)), asked)
        connection.execute(_REPLACE, asked)
        connection.execute(_ADD, asked)
        found = _record_causes(connection, run_id, deliveries, is_later=bool(before and as_at > before[1]))
        connection.execute("drop table figure_changed")
    return found


def _new_deliveries(connection: psycopg.Connection, council: str) -> list[tuple[int, str]]:
    """Deliveries in force that no recorded build has seen yet, with their feed."""
    return connection.execute(
        "select delivery_id, feed from ops.delivery where council = %s and state = 'loaded' and delivery_id not in"
        " (select unnest(deliveries) from ops.figure_build where council = %s) order by 1",
        (council, council),
    ).fetchall()


def _record_causes(
    connection: psycopg.Connection, run_id: str, deliveries: list[tuple[int, str]], *, is_later: bool
) -> Recorded:
    """Name, for each indicator that was revised, the deliveries of the feeds it rests on; count what was written."""
    rows = connection.execute(
        "select indicator_id, count(*) filter (where is_first), count(*) filter (where not is_first)"
        " from ops.figure_history where run_id = %s group by 1 order by 1",
        (run_id,),
    ).fetchall()
    for indicator_id, _, revised in rows:
        if revised:
            feeds = feeds_of(indicator_id)
            causing = [number for number, feed in deliveries if feed in feeds]
            cause = "deliveries" if causing else "later_day" if is_later else "rules"
            connection.execute(
                "insert into ops.figure_cause (run_id, indicator_id, cause, deliveries) values (%s, %s, %s, %s)",
                (run_id, indicator_id, cause, causing),
            )
    return Recorded(sum(row[1] for row in rows), sum(row[2] for row in rows))


def feeds_of(indicator_id: str) -> set[str]:
    """The feeds that an indicator rests on, by the models it comes from; none where the catalogue has lost it."""
    try:
        return {Path(feed).stem for feed in trace(indicator_id).feeds}
    except KeyError:
        return set()

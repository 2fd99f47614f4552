"""`sightline status`: how fresh each feed, the warehouse and the reports are."""

from __future__ import annotations

from datetime import date, timedelta

import psycopg

# The one rule of lateness, for the command and for the notes of every report.
ALLOWED_AGE = {"daily": timedelta(days=2), "weekly": timedelta(days=9), "monthly": timedelta(days=40)}


def feed_status(
    connection: psycopg.Connection, council: str, cadences: dict[str, str], as_at: date, used: set[str]
) -> list[dict]:
    """Return one entry a feed: its latest delivery in force and whether it is stale at `as_at`.

    A feed is stale when its latest delivery is older than its cadence allows: daily 2 days, weekly 9,
    monthly 40. A feed never delivered is `missing`, or `optional` where no figure comes from it (not in `used`).
    """
    latest = {
        feed: (delivered, state)
        for feed, delivered, state in connection.execute(
            "select distinct on (feed) feed, as_at, state from ops.delivery"
            " where council = %s and state in ('loaded', 'unchanged', 'held') and as_at <= %s"
            " order by feed, as_at desc, delivery_id desc",
            (council, as_at),
        )
    }
    found = [_one(feed, cadence, latest.get(feed), as_at) for feed, cadence in sorted(cadences.items())]
    for entry in found:
        if entry["state"] == "missing" and entry["feed"] not in used:
            entry["state"] = "optional"
    return found


def _one(feed: str, cadence: str, found: tuple[date, str] | None, as_at: date) -> dict:
    if found is None:
        return {"feed": feed, "cadence": cadence, "as_at": None, "state": "missing"}
    delivered, state = found
    is_stale = as_at - delivered > ALLOWED_AGE[cadence]
    return {
        "feed": feed,
        "cadence": cadence,
        "as_at": delivered.isoformat(),
        "state": "held" if state == "held" else "stale" if is_stale else "fresh",
    }


def warehouse_status(connection: psycopg.Connection) -> dict | None:
    """Return run, as-at date and time of the version that stands, or nothing where there is none."""
    if not connection.execute("select to_regclass('ops.run')").fetchone()[0]:
        return None
    row = connection.execute(
        "select run_id, council, as_at, finished_at from ops.run where kind = 'build' and state = 'built'"
        " order by run_id desc limit 1"
    ).fetchone()
    if row is None:
        return None
    run_id, council, as_at, finished_at = row
    return {"run_id": run_id, "council": council, "as_at": as_at.isoformat(), "built_at": finished_at.isoformat()}

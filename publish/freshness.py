"""How fresh a report's feeds are: which are held, late or never came, and what that affects."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import psycopg

from publish import query
from publish.numbers import day
from publish.query import Indicator
from sightline.status import ALLOWED_AGE

# The feeds that do not come daily, by the beginning of their names.
MONTHLY = ("ees_", "population_", "statistical_neighbour")
WEEKLY = (
    "advocacy", "audit", "chair_report", "csww_", "dip_sample", "escalation", "feedback", "focus_group", "meeting_4r",
    "moderation", "practice_", "staff", "supervision", "team", "thematic_",
)  # fmt: skip

_LATEST = """
    select feed,
           max(as_at) filter (where state in ('loaded', 'unchanged')) as good_as_at,
           (array_agg(state order by received_at desc, delivery_id desc))[1] as last_state,
           (array_agg(as_at order by received_at desc, delivery_id desc))[1] as last_as_at
    from ops.delivery where council = %(council)s group by feed order by feed
"""
_COUNTS = """
    select count(*) filter (where state = 'loaded') as deliveries, max(received_at)::date as last_on,
           max(delivery_id) filter (where state = 'loaded') as last_id,
           coalesce(jsonb_agg(delivery_id order by delivery_id) filter (where state = 'loaded'), '[]') as ids
    from ops.delivery where council = %(council)s
"""


@dataclass(frozen=True, slots=True)
class Deliveries:
    """The ledger's state: accepted deliveries, and one sentence for each feed that is not as it should be."""

    count: int
    last_on: date | None
    ids: list[int]
    warnings: tuple[str, ...]


def deliveries(connection: psycopg.Connection, council: str, as_at: date, used: Iterable[Indicator]) -> Deliveries:
    """Read the ledger and name each feed of the indicators `used` that is held, late or missing."""
    counts = query.rows(connection, _COUNTS, {"council": council})[0]
    latest = {row["feed"]: row for row in query.rows(connection, _LATEST, {"council": council})}
    affected: dict[str, list[str]] = {}
    for indicator in used:
        for feed in (indicator.needs or "").split():
            affected.setdefault(feed, []).append(indicator.title)
    found = [_sentence(feed, latest.get(feed), as_at, titles) for feed, titles in sorted(affected.items())]
    return Deliveries(counts["deliveries"], counts["last_on"], counts["ids"], tuple(filter(None, found)))


def _sentence(feed: str, row: dict | None, as_at: date, titles: list[str]) -> str:
    """What is wrong with a feed and whom it touches; empty where all is well."""
    if row is None or row["good_as_at"] is None:
        state = "has never been delivered"
    elif row["last_state"] == "held":
        state = (
            f"was delivered as at {day(row['last_as_at'])} but is held for a decision; "
            f"the figures use the delivery as at {day(row['good_as_at'])}"
        )
    elif row["last_state"] in ("refused", "failed"):
        state = (
            f"was {row['last_state']} when last delivered; the figures use the delivery as at {day(row['good_as_at'])}"
        )
    elif as_at - row["good_as_at"] > ALLOWED_AGE[_cadence(feed)]:
        state = f"is late: the last delivery is as at {day(row['good_as_at'])}"
    else:
        return ""
    named = ", ".join(titles[:4]) + (f" and {len(titles) - 4} more" if len(titles) > 4 else "")
    return f"Feed {feed} {state}. Affects: {named}."


def _cadence(feed: str) -> str:
    if feed.startswith(MONTHLY):
        return "monthly"
    return "weekly" if feed.startswith(WEEKLY) else "daily"

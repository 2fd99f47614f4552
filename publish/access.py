"""The one way from a child's key to the case system's identifier. Each look-up is recorded in `ops.access`.

Restricted records (the feed `restricted_record`) count in every sum. They are listed only where every role that gets
the report may see them: the record's own roles, else those of `restricted` in the council's file, else none.
"""

from __future__ import annotations

import getpass
from collections.abc import Collection, Sequence
from datetime import date

import psycopg

from sightline.councils import Council

_FIND = """
    select known.pers_person_id as child_key, own.pers_person_id as identifier
    from raw.ssd_person as known
    inner join identity.ssd_person as own using (council, delivery_id, row_no)
    where known.council = %s and known.closed_by is null and known.pers_person_id = any(%s)
"""
_RECORD = """
    insert into ops.access (who, report, unit_code, child_key, purpose)
    select %s, %s, %s, key, case when key = any(%s) then 'list of duties: restricted record' else 'list of duties' end
    from unnest(%s::text[]) as key
"""
_RESTRICTED = """
    select child_id, roles from raw.restricted_record
    where council = %(council)s and closed_by is null and restricted_from <= %(as_at)s
      and (restricted_until is null or restricted_until >= %(as_at)s)
"""


def identifiers(
    connection: psycopg.Connection,
    council: str,
    keys: Sequence[str],
    report: str,
    unit: str,
    restricted: Collection[str] = (),
) -> dict[str, str]:
    """Case-system identifiers of children by key, for a report of their own team or service; never names.

    Writes one row to `ops.access` for each child, in the connection's transaction: without the record there is no list.
    `restricted` are the children whose reading is recorded as that of a restricted record.
    """
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    connection.execute(_RECORD, (getpass.getuser(), report, unit, sorted(restricted), wanted))
    return dict(connection.execute(_FIND, (council, wanted)).fetchall())


def restricted(connection: psycopg.Connection, council: Council, as_at: date) -> dict[str, frozenset[str]]:
    """The children whose records are restricted at the end of a day, and the roles that may see each.

    Of several restrictions of a child, a role must be named by each.
    """
    of_council = frozenset(council.restricted.roles if council.restricted else ())
    found: dict[str, frozenset[str]] = {}
    for key, roles in connection.execute(_RESTRICTED, {"council": council.id, "as_at": as_at}):
        named = frozenset(role.strip() for role in (roles or "").split(";") if role.strip()) or of_council
        found[key] = found.get(key, named) & named
    return found


def unlisted(council: Council, report: str, may_see: dict[str, frozenset[str]]) -> frozenset[str]:
    """The restricted children whom a report must not list: some role that gets it may not see them, or nobody knows
    who gets it.
    """
    readers = {recipient.role for recipient in council.recipients if recipient.report == report}
    return frozenset(key for key, roles in may_see.items() if not readers or readers - roles)

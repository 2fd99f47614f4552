"""The one way from a child's key to the case system's identifier. Each look-up is recorded in `ops.access`."""

from __future__ import annotations

import getpass
from collections.abc import Sequence

import psycopg

_FIND = """
    select known.pers_person_id as child_key, own.pers_person_id as identifier
    from raw.ssd_person as known
    inner join identity.ssd_person as own using (council, delivery_id, row_no)
    where known.council = %s and known.closed_by is null and known.pers_person_id = any(%s)
"""
_RECORD = """
    insert into ops.access (who, report, unit_code, child_key, purpose)
    select %s, %s, %s, key, 'list of duties' from unnest(%s::text[]) as key
"""


def identifiers(
    connection: psycopg.Connection, council: str, keys: Sequence[str], report: str, unit: str
) -> dict[str, str]:
    """Case-system identifiers of children by key, for a report of their own team or service; never names.

    Writes one row to `ops.access` for each child, in the connection's transaction: without the record there is no list.
    """
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    connection.execute(_RECORD, (getpass.getuser(), report, unit, wanted))
    return dict(connection.execute(_FIND, (council, wanted)).fetchall())

"""One pseudonym key for one warehouse: under another key each child would be split in two.

The database keeps a fingerprint of the key, from which the key cannot be found; the key itself never reaches it.
"""

from __future__ import annotations

import psycopg
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ingest.errors import IngestError
from ingest.privacy import Keys
from sightline.settings import settings

PURPOSE = b"sightline key fingerprint"


class OtherKey(IngestError):
    """The warehouse was loaded under another pseudonym key."""


def fingerprint(secret: bytes) -> str:
    """Return the key's fingerprint: 32 hex characters (HKDF-SHA-256), which reveal nothing of the key."""
    return HKDF(algorithm=SHA256(), length=16, salt=None, info=PURPOSE).derive(secret).hex()


def hold_to_key(connection: psycopg.Connection, *, is_dry_run: bool = False) -> str:
    """Note the key of the settings as this warehouse's, or check that it is; return its fingerprint.

    A warehouse that was loaded before fingerprints were kept is checked by a child's pseudonym in it.

    Raises:
        OtherKey: the warehouse was loaded under another key. Nothing is changed.
        OSError, ValueError: there is no usable key.
    """
    secret = settings().pseudonym_key()
    own = fingerprint(secret)
    if noted(connection) is None:
        if not _is_key_of_rows(connection, Keys(secret)):
            raise OtherKey(_refusal(None, own))
        if not is_dry_run:
            connection.execute(
                "insert into ops.pseudonym_key (fingerprint) values (%s) on conflict (only_one) do nothing", (own,)
            )
    found = noted(connection)
    if found not in (None, own):
        raise OtherKey(_refusal(found, own))
    return own


def noted(connection: psycopg.Connection) -> str | None:
    """Return the fingerprint of the warehouse's key; None before its first load."""
    row = connection.execute("select fingerprint from ops.pseudonym_key").fetchone()
    return row[0] if row else None


def is_own(connection: psycopg.Connection) -> bool:
    """Return whether the key of the settings is the one under which the warehouse was loaded."""
    secret, found = settings().pseudonym_key(), noted(connection)
    return found == fingerprint(secret) if found else _is_key_of_rows(connection, Keys(secret))


def _is_key_of_rows(connection: psycopg.Connection, keys: Keys) -> bool:
    """Whether a child's pseudonym in the warehouse, where there is one, is the one that these keys give."""
    row = connection.execute(
        "select council, i.pers_person_id, r.pers_person_id from identity.ssd_person as i"
        " inner join raw.ssd_person as r using (council, delivery_id, row_no)"
        " where i.pers_person_id is not null limit 1"
    ).fetchone()
    return row is None or keys.child_key(row[0], row[1]) == row[2]


def _refusal(found: str | None, own: str) -> str:
    known = f"with the fingerprint {found[:8]}" if found else "whose fingerprint was not kept"
    return (
        f"this warehouse was loaded under another pseudonym key ({known}; the configured one has {own[:8]}): nothing is"
        " loaded, because each child would be split in two; configure the former key, or start an empty warehouse"
    )

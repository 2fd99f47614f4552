"""Keyed pseudonyms, keyed row hashes, the seal of rejected rows, and what of an exact value may be shown.

One secret, read from a file, gives every key: nothing that is written down can be recomputed without it,
and none of them reveals another. The secret itself never reaches the database.
"""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Iterable

import polars as pl
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ingest.errors import IngestError
from sightline.settings import settings

KEY_HEX = 32
BLOCK_BYTES = 64
INNER_PAD = bytes(byte ^ 0x36 for byte in range(256))
OUTER_PAD = bytes(byte ^ 0x5C for byte in range(256))
CACHED = 20_000
POSTCODE = r"^([A-Z]{1,2}[0-9][A-Z0-9]?)[0-9][A-Z]{2}$"
"""A postcode without blanks: district (outward code) and inward code. Source: BS 7666, GOV.UK bulk data transfer."""
NO_PLACE = "ZZ99"
"""District of pseudo postcodes: no fixed abode, abroad, not known. Source: ONS pseudo postcodes."""


class Keys:
    """The keys of one installation. Equal secrets give equal pseudonyms, hashes and seals.

    Attributes:
        row_seeds: three seeds (63 bits) of the quick hashes by which rows and keys are compared, never shown.
        row_seal: the key that seals what is kept of a file's rows (`ingest.recall`).
    """

    def __init__(self, secret: bytes) -> None:
        block = (hashlib.sha256(secret).digest() if len(secret) > BLOCK_BYTES else secret).ljust(BLOCK_BYTES, b"\0")
        self._inner = hashlib.sha256(block.translate(INNER_PAD))
        self._outer = hashlib.sha256(block.translate(OUTER_PAD))
        self._hash = hashlib.blake2b(key=_derive(secret, b"sightline row hash"), digest_size=16)
        self._fernet = Fernet(urlsafe_b64encode(_derive(secret, b"sightline rejected row")))
        seeds = _derive(secret, b"sightline row marks")
        self.row_seeds = tuple(int.from_bytes(seeds[at : at + 8]) >> 1 for at in range(0, 24, 8))
        self.row_seal = _derive(secret, b"sightline kept rows")

    def child_key(self, council: str, child_id: str) -> str:
        """Return the child's key: HMAC-SHA-256 of council and identifier (to the letter), 32 hex characters.

        HMAC's two states (RFC 2104) are made once; `hmac.digest` takes more than twice the time a key.
        """
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(f"{council}|{child_id}".encode())
        outer.update(inner.digest())
        return outer.hexdigest()[:KEY_HEX]

    def digests(self, texts: Iterable[str]) -> list[str]:
        """Return a keyed 16-byte BLAKE2b digest of each text, in hex."""
        copy, digests = self._hash.copy, []
        for text in texts:
            digest = copy()
            digest.update(text.encode())
            digests.append(digest.hexdigest())
        return digests

    def seal(self, row: list[str], header: Iterable[str]) -> bytes:
        """Encrypt a row with its header."""
        return self._fernet.encrypt(json.dumps({"header": list(header), "row": row}).encode())

    def unseal(self, sealed: bytes) -> dict[str, list[str]]:
        """Return ``{"header": [...], "row": [...]}`` of a sealed row."""
        return json.loads(self._fernet.decrypt(sealed))


class ChildKeys(dict[str, str]):
    """Child identifier -> key of one council; blank stays blank. Forgets all beyond 20,000, to stay small."""

    def __init__(self, keys: Keys, council: str) -> None:
        super().__init__({"": ""})
        self._keys, self._council = keys, council

    def __missing__(self, child_id: str) -> str:
        if len(self) > CACHED:
            self.clear()
            self[""] = ""
        key = self[child_id] = self._keys.child_key(self._council, child_id)
        return key


def months(days: pl.Series) -> pl.Series:
    """Return the first of the month of each day (ISO text); blank stays blank."""
    return days.str.replace(r"^(.{8}).*$", "${1}01")


def districts(postcodes: pl.Series) -> pl.Series:
    """Return the postcode district of each postcode, in capitals: ``EN5`` of ``en5 4ab``.

    Blank where the text is no whole postcode, or one that stands for no place: nothing else of it is ever shown.
    """
    bare = postcodes.str.to_uppercase().str.replace_all(r"\s", "")
    found = bare.str.extract(POSTCODE).fill_null("")
    return found.zip_with(found != NO_PLACE, pl.Series([""]))


COARSENED = {"month": months, "district": districts}
"""What each way of coarsening a private column leaves of its values."""


def load_keys() -> Keys:
    """Read the secret that the settings name.

    Raises:
        IngestError: the key file is missing or too short.
    """
    try:
        return Keys(settings().pseudonym_key())
    except (OSError, ValueError) as error:
        raise IngestError(f"no pseudonym key, nothing is loaded: {error}") from None


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret)

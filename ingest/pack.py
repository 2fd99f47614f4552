"""Turn checked rows into what COPY takes: one text for `raw.<feed>`, one for `identity.<feed>`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import compress, repeat

from ingest.check import Checked
from ingest.diff import Digests, Mask, digest_array
from ingest.privacy import ChildKeys, Keys
from ingest.spec import SYMBOLS, Column, FeedSpec

SEPARATOR = "\0"
"""Stands between the values of a row when it is hashed; no value holds it, since a NUL refuses a file."""

ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
RAW_OWN = ("council", "delivery_id", "row_no", "row_key", "row_hash")
IDENTITY_OWN = ("council", "delivery_id", "row_no")


@dataclass
class Packed:
    """Checked rows with the digests of their keys and contents."""

    checked: Checked
    keys: Digests
    hashes: Digests
    key_hex: list[str]
    hash_hex: list[str]


def raw_names(spec: FeedSpec) -> list[str]:
    """Return the columns of `raw.<feed>` in the order in which they are written."""
    names = list(RAW_OWN)
    for column in spec.raw_columns:
        names.append(column.name)
        if column.type == "published_number":
            names.append(status_name(column))
    return names


def identity_names(spec: FeedSpec) -> list[str]:
    """Return the columns of `identity.<feed>` in the order in which they are written."""
    return [*IDENTITY_OWN, *(column.name for column in spec.identity_columns)]


def status_name(column: Column) -> str:
    """Return the name of the column that keeps a published number's symbol, or ``ok``."""
    return f"{column.name}_status"


class Packer:
    """Packs the rows of one delivery of one feed."""

    def __init__(self, spec: FeedSpec, keys: Keys, council: str, delivery_id: int) -> None:
        self._spec, self._keys = spec, keys
        self._children = ChildKeys(keys, council)
        self._prefix = f"{council.translate(ESCAPES)}\t{delivery_id}"
        self._key = [[column.name for column in spec.columns].index(name) for name in spec.key]

    def digest(self, checked: Checked) -> Packed:
        """Hash keys and rows. Blank columns at the end do not count, so that a new column changes no old row."""
        contents = [text.rstrip(SEPARATOR) for text in map(SEPARATOR.join, zip(*checked.columns, strict=True))]
        keys = self.key_digests(zip(*(checked.columns[at] for at in self._key), strict=True))
        hashes = self._keys.digests(contents)
        return Packed(
            checked,
            digest_array(keys),
            digest_array(hashes),
            [digest.hex() for digest in keys],
            [digest.hex() for digest in hashes],
        )

    def key_digests(self, keys: Iterable[tuple[str, ...]]) -> list[bytes]:
        """Return the digests of some keys, each as the values of the key's columns."""
        return self._keys.digests(map(SEPARATOR.join, keys))

    def copy_texts(self, packed: Packed, is_chosen: Mask) -> tuple[bytes, bytes]:
        """Return the chosen rows as COPY text for raw and for identity (empty where the feed has none)."""
        columns, row_nos = packed.checked.columns, list(map(str, packed.checked.row_nos))
        own = [row_nos, packed.key_hex, packed.hash_hex]
        if not is_chosen.all():
            own, columns = ([list(compress(values, is_chosen)) for values in side] for side in (own, columns))
        columns = [_escape(values, column) for values, column in zip(columns, self._spec.columns, strict=True)]
        hashes = [f"\\\\x{value}" for value in own[2]]
        raw = _lines(self._prefix, [own[0], own[1], hashes, *self._raw(columns)])
        identity = self._identity(columns)
        return raw, _lines(self._prefix, [own[0], *identity]) if identity else b""

    def _raw(self, columns: list[list[str]]) -> Iterable[list[str]]:
        for column, values in zip(self._spec.columns, columns, strict=True):
            if column.pseudonym:
                yield list(map(self._children.__getitem__, values))
            elif column.coarsen:
                yield [value and f"{value[:8]}01" for value in values]
            elif column.type == "published_number":
                yield ["" if value in SYMBOLS else value for value in values]
                yield [value if value in SYMBOLS else value and "ok" for value in values]
            elif column.is_in_raw:
                yield values

    def _identity(self, columns: list[list[str]]) -> list[list[str]]:
        return [values for column, values in zip(self._spec.columns, columns, strict=True) if column.is_in_identity]


def _escape(values: list[str], column: Column) -> list[str]:
    """Escape what COPY would misread; only text and ids can hold it."""
    if column.type not in ("text", "id") or column.codes is not None:
        return values
    whole = "".join(values)
    if not any(char in whole for char in "\\\t\n\r"):
        return values
    return [value.translate(ESCAPES) for value in values]


def _lines(prefix: str, columns: list[list[str]]) -> bytes:
    rows = map("\t".join, zip(repeat(prefix), *columns, strict=False))
    return "".join(f"{row}\n" for row in rows).encode()

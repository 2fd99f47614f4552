"""Turn checked rows into what COPY takes: one text for `raw.<feed>`, one for `identity.<feed>`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import compress, repeat

import numpy as np

from ingest.check import Checked
from ingest.diff import Digests, Mask, digest_array
from ingest.privacy import ChildKeys, Keys
from ingest.spec import SYMBOLS, Column, FeedSpec

KEY_SEPARATOR = "\x1f"
CONTENT_SEPARATOR, BLANKS = "\0", "\t"
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
RAW_OWN = ("council", "delivery_id", "row_no", "row_key", "row_hash")
IDENTITY_OWN = ("council", "delivery_id", "row_no")


@dataclass
class Packed:
    """Checked rows as COPY lines, each without its first columns, with the hashes of keys and contents.

    `keys` are as they are compared. `key_hashes`, shape (n,), hold only
    within this process; `hashes`, shape (n, 2), last.
    """

    checked: Checked
    keys: list[str]
    key_hashes: np.ndarray
    hashes: Digests
    hash_hex: list[str]
    raw: list[str]
    identity: list[str]


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

    def pack(self, checked: Checked) -> Packed:
        """Make the lines of some rows and hash them.

        Blanks at the end of a line do not count in its hash, so that a new column changes no old row.
        """
        pairs = list(zip(self._spec.columns, checked.columns, strict=True))
        public = [self._public(column, values) for column, values in pairs]
        raw = list(map("\t".join, zip(*self._raw(public), strict=True)))
        private = [_escape(values) for column, values in pairs if column.is_in_identity]
        identity = private[0] if len(private) == 1 else list(map("\t".join, zip(*private, strict=True)))
        digests = self._keys.digests(_contents(raw, identity))
        keys = self._join_key([public[at] for at in self._key])
        return Packed(
            checked,
            keys,
            np.array(list(map(hash, keys)), dtype=np.int64),
            digest_array(digests),
            [digest.hex() for digest in digests],
            raw,
            identity,
        )

    def key_of(self, values: Sequence[str]) -> str:
        """Return the row key that some canonical values of the key's columns make."""
        columns = [self._spec.columns[at] for at in self._key]
        return self._join_key(
            [self._public(*pair) for pair in zip(columns, ([value] for value in values), strict=True)]
        )[0]

    def content(self, checked: Checked, at: int) -> dict[str, str | None]:
        """Return one row as the warehouse may show it, by column, to be compared with another."""
        return {
            column.name: self._public(column, [values[at]])[0] or None
            for column, values in zip(self._spec.columns, checked.columns, strict=True)
            if column.is_in_raw
        }

    def copy_texts(self, packed: Packed, is_chosen: Mask) -> tuple[bytes, bytes]:
        """Return the chosen rows as COPY text for raw and for identity (empty where the feed has none)."""
        row_nos = list(map(str, packed.checked.row_nos))
        parts = [row_nos, packed.keys, packed.hash_hex, packed.raw, packed.identity]
        if not is_chosen.all():
            parts = [list(compress(part, is_chosen)) for part in parts]
        row_nos, keys, hash_hex, raw, identity = parts
        hashes = [f"\\\\x{digest}" for digest in hash_hex]
        return self._lines(row_nos, _escape(keys), hashes, raw), self._lines(row_nos, identity) if identity else b""

    def _public(self, column: Column, values: list[str]) -> list[str]:
        """What the warehouse may show in the place of a column's values."""
        if column.pseudonym:
            return list(map(self._children.__getitem__, values))
        if column.coarsen:
            return [value and f"{value[:8]}01" for value in values]
        return values

    def _raw(self, public: list[list[str]]) -> Iterable[list[str]]:
        for column, values in zip(self._spec.columns, public, strict=True):
            if column.type == "published_number":
                yield ["" if value in SYMBOLS else value for value in values]
                yield [value if value in SYMBOLS else value and "ok" for value in values]
            elif column.is_in_raw:
                yield _escape(values) if column.is_free else values

    def _join_key(self, columns: list[list[str]]) -> list[str]:
        return columns[0] if len(columns) == 1 else list(map(KEY_SEPARATOR.join, zip(*columns, strict=True)))

    def _lines(self, *parts: list[str]) -> bytes:
        lines = map("\t".join, zip(repeat(self._prefix), *parts, strict=False))
        return ("\n".join(lines) + "\n").encode()


def _contents(raw: list[str], identity: list[str]) -> Iterable[str]:
    if not identity:
        return (line.rstrip(BLANKS) for line in raw)
    return (
        f"{line.rstrip(BLANKS)}{CONTENT_SEPARATOR}{private.rstrip(BLANKS)}"
        for line, private in zip(raw, identity, strict=True)
    )


def _escape(values: list[str]) -> list[str]:
    """Escape what COPY would misread."""
    whole = "".join(values)
    if not any(char in whole for char in "\\\t\n\r"):
        return values
    return [value.translate(ESCAPES) for value in values]

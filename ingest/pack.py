"""Turn checked rows into what COPY takes: one text for `raw.<feed>`, one for `identity.<feed>`."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from ingest.check import Checked
from ingest.diff import Digests, Mask, digest_array
from ingest.fault import UNREADABLE, BadRow, broken
from ingest.listed import Listed
from ingest.privacy import COARSENED, ChildKeys, Keys
from ingest.spec import SYMBOLS, Column, FeedSpec

KEY_SEPARATOR = "\x1f"
CONTENT_SEPARATOR, BLANKS = "\0", "\t"
ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
ESCAPED = r"[\\\t\n\r]"
RAW_OWN = ("council", "delivery_id", "row_no", "row_key", "row_hash")
IDENTITY_OWN = ("council", "delivery_id", "row_no")


@dataclass
class Packed:
    """Checked rows as COPY lines, each without its first columns, with the hashes of keys and contents.

    `keys` are as they are compared. `key_hashes`, shape (n,), hold for one version of polars; `hashes`, shape (n, 2),
    last; `hash_hex` are the latter as text.
    """

    checked: Checked
    keys: pl.Series
    key_hashes: np.ndarray
    hashes: Digests
    hash_hex: list[str]
    raw: pl.Series
    identity: pl.Series | None


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
        self._council, self._delivery_id = _escape(pl.Series([council]))[0], delivery_id
        self._key = [[column.name for column in spec.columns].index(name) for name in spec.key]
        self._listed = {
            column.name: Listed(column.shows, column.shows_key) for column in spec.columns if column.coarsen == "listed"
        }
        self._has_moved = any(column.was_public for column in spec.columns)

    def pack(self, checked: Checked) -> Packed:
        """Make the lines of some rows and hash them.

        Blanks at the end of a line do not count in its hash, so that a new column changes no old row.
        """
        pairs = list(zip(self._spec.columns, checked.columns, strict=True))
        public = [self._public(column, values) for column, values in pairs]
        raw = _join(self._raw(public), BLANKS)
        private = [_escape(values) for column, values in pairs if column.is_in_identity]
        identity = _join(private, BLANKS) if private else None
        contents = self._contents_as_before(pairs, public) if self._has_moved else _contents(raw, identity)
        hash_hex = self._keys.digests(contents.to_list())
        keys = _join([public[at] for at in self._key], KEY_SEPARATOR)
        return Packed(
            checked,
            keys,
            keys.hash(self._keys.row_seeds[2]).to_numpy(),
            digest_array(hash_hex),
            hash_hex,
            raw,
            identity,
        )

    def key_of(self, values: Sequence[str]) -> str:
        """Return the row key that some canonical values of the key's columns make."""
        columns = [self._spec.columns[at] for at in self._key]
        pairs = zip(columns, values, strict=True)
        return KEY_SEPARATOR.join(self._public(column, pl.Series([value]))[0] for column, value in pairs)

    def told_key(self, bad: BadRow) -> str:
        """Return the row key of a bad row as the ledger may keep it: a keyed digest in the place of a value that is
        no value of its column, so that the next delivery's fault is known to be the same.
        """
        unreadable = broken(bad.broken_rules, UNREADABLE, self._spec.key)
        values = [
            f"?{self._keys.digests([value])[0]}" if name in unreadable and value else value
            for name, value in zip(self._spec.key, bad.key, strict=True)
        ]
        return self.key_of(values)

    def content(self, checked: Checked, at: int) -> dict[str, str | None]:
        """Return one row as the warehouse may show it, by column, to be compared with another."""
        return {
            column.name: self._public(column, values[at : at + 1])[0] or None
            for column, values in zip(self._spec.columns, checked.columns, strict=True)
            if column.is_in_raw
        }

    def copy_texts(self, packed: Packed, is_chosen: Mask) -> tuple[bytes, bytes]:
        """Return the chosen rows as COPY text for raw and for identity (empty where the feed has none)."""
        lines = pl.DataFrame(
            {
                "council": pl.repeat(self._council, len(packed.keys), eager=True),
                "delivery_id": pl.repeat(self._delivery_id, len(packed.keys), eager=True),
                "row_no": packed.checked.row_nos,
                "row_key": _escape(packed.keys),
                "row_hash": "\\\\x" + pl.Series(packed.hash_hex),
                "raw": packed.raw,
                "identity": packed.identity,
            }
        )
        if not is_chosen.all():
            lines = lines.filter(is_chosen)
        identity = lines[[*IDENTITY_OWN, "identity"]]
        return _text(lines[[*RAW_OWN, "raw"]]), b"" if packed.identity is None else _text(identity)

    def _public(self, column: Column, values: pl.Series) -> pl.Series:
        """What the warehouse may show in the place of a column's values."""
        if column.pseudonym:
            return pl.Series(list(map(self._children.__getitem__, values.to_list())), dtype=pl.String)
        if column.coarsen == "listed":
            return self._listed[column.name](values)
        if column.coarsen:
            return COARSENED[column.coarsen](values)
        return values

    def _contents_as_before(self, pairs: list[tuple[Column, pl.Series]], public: list[pl.Series]) -> pl.Series:
        """Return what rows are hashed by, with columns that an earlier version had in raw in their place there."""
        as_before = [
            values if column.was_public else shown for (column, values), shown in zip(pairs, public, strict=True)
        ]
        raw = _join(self._raw(as_before, is_before=True), BLANKS)
        private = [_escape(values) for column, values in pairs if column.is_in_identity and not column.was_public]
        return _contents(raw, _join(private, BLANKS) if private else None)

    def _raw(self, public: list[pl.Series], *, is_before: bool = False) -> list[pl.Series]:
        texts = []
        for column, values in zip(self._spec.columns, public, strict=True):
            if column.type == "published_number":
                is_symbol = values.is_in(SYMBOLS)
                texts.append(values.zip_with(~is_symbol, pl.Series([""])))
                texts.append(values.zip_with(is_symbol | (values == ""), pl.Series(["ok"])))
            elif column.is_in_raw or (is_before and column.was_public):
                texts.append(_escape(values) if column.is_free else values)
        return texts


def _contents(raw: pl.Series, identity: pl.Series | None) -> pl.Series:
    public = raw.str.strip_chars_end(BLANKS)
    return public if identity is None else public + CONTENT_SEPARATOR + identity.str.strip_chars_end(BLANKS)


def _join(columns: list[pl.Series], separator: str) -> pl.Series:
    return columns[0] if len(columns) == 1 else pl.select(pl.concat_str(columns, separator=separator)).to_series()


def _text(lines: pl.DataFrame) -> bytes:
    text = io.BytesIO()
    lines.write_csv(text, include_header=False, separator="\t", quote_style="never")
    return text.getvalue()


def _escape(values: pl.Series) -> pl.Series:
    """Escape what COPY would misread."""
    if not values.str.contains(ESCAPED).any():
        return values
    for char, escape in ESCAPES.items():
        values = values.str.replace_all(char, escape, literal=True)
    return values

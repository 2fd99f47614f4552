"""Free text as the warehouse may show it: what of some known texts it is or holds, and otherwise only that it is there.

The standard data set holds outcomes, plans and factors as JSON in which a worker may have written anything. Models need
the coded part of it; the text itself lies in `identity`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import polars as pl

from ingest.spec import squeeze

GIVEN = "given"
"""Stands for a text that is not shown."""


class Listed:
    """Coarsens texts to those of `shows`, compared without case.

    Of a JSON list the shown ones remain. With a `key`, of a JSON object that key alone remains. Other texts are
    `given`; blank stays blank.
    """

    def __init__(self, shows: Iterable[str], key: str | None) -> None:
        self._shows, self._key = {squeeze(text): text for text in shows}, key

    def __call__(self, values: pl.Series) -> pl.Series:
        distinct = values.unique()
        shown = [self.shown(text) for text in distinct.to_list()]
        return values.replace_strict(distinct, pl.Series(shown, dtype=pl.String), return_dtype=pl.String)

    def shown(self, text: str) -> str:
        """Return what is shown of one text."""
        text = text.strip()
        if text[:1] not in ("[", "{"):
            return self._one(text)
        try:
            held = json.loads(text)
        except (ValueError, RecursionError):
            return GIVEN
        if isinstance(held, list) and self._key is None:
            known = (self._shows.get(squeeze(item)) for item in held if isinstance(item, str))
            return json.dumps([item for item in known if item])
        if isinstance(held, dict) and self._key is not None:
            value = held.get(self._key)
            return json.dumps({} if value is None else {self._key: self._one(value)})
        return GIVEN

    def _one(self, value: Any) -> str:
        if not isinstance(value, str):
            return GIVEN
        return self._shows.get(squeeze(value), GIVEN) if value.strip() else ""

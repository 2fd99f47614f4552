"""What a council's own file says of the feeds: the names that its exports give to columns, and its databases."""

from __future__ import annotations

from collections.abc import Mapping

from ingest.errors import BadSpec
from ingest.spec import FeedSpec, load_specs
from sightline import councils
from sightline.framework import Database


def specs_of(council: str) -> dict[str, FeedSpec]:
    """Return every specification, with the aliases of the council's YAML (`feeds: {audit: {columns: ...}}`).

    Raises:
        BadSpec: the YAML names a feed or a column that there is not.
    """
    specs = load_specs()
    own = councils.load(council).feeds if council in councils.available() else {}
    return specs | {feed: _with_aliases(specs, feed, names.columns) for feed, names in own.items()}


def databases_of(council: str) -> dict[str, Database]:
    """Return the databases that the council's YAML names."""
    return councils.load(council).databases if council in councils.available() else {}


def _with_aliases(specs: Mapping[str, FeedSpec], feed: str, aliases: Mapping[str, list[str]]) -> FeedSpec:
    if feed not in specs:
        raise BadSpec(f"the council's feeds: there is no feed {feed}")
    spec = specs[feed]
    unknown = sorted(set(aliases) - {column.name for column in spec.file_columns})
    if unknown:
        raise BadSpec(f"the council's feeds: {feed} has no column {unknown[0]}")
    columns = tuple(
        column.model_copy(update={"aliases": (*column.aliases, *aliases.get(column.name, ()))})
        for column in spec.columns
    )
    return spec.model_copy(update={"columns": columns})

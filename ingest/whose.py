"""To which children a record belongs: by its own columns, else through the records that its feed's parents name.

So a review without a child's identifier belongs to the child of the plan that it reviews. What cannot be told is
told apart from what belongs to no child, because a restricted child may be behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass

import psycopg
from psycopg import sql

from ingest.footprint import child_columns
from ingest.pack import KEY_SEPARATOR
from ingest.spec import FeedSpec, Parent

Record = tuple[str, str]
"""A feed and a row key of `raw.<feed>`."""

Children = frozenset[str] | None
"""Keys of the children to whom a record belongs; none at all where it belongs to no child, None where nobody knows."""


@dataclass(frozen=True)
class Link:
    """What one record itself says: children, or the records that it hangs on. `is_lost`: it should, and does not."""

    children: frozenset[str] = frozenset()
    above: frozenset[Record] = frozenset()
    is_lost: bool = False

    def __or__(self, other: Link) -> Link:
        return Link(self.children | other.children, self.above | other.above, self.is_lost or other.is_lost)


LOST = Link(is_lost=True)


class Whose:
    """Tells whose the records are of the feeds of some specifications."""

    def __init__(self, specs: Mapping[str, FeedSpec]) -> None:
        self._specs = specs
        self._children = {feed: child_columns(spec) for feed, spec in specs.items()}
        self._ways = {feed: self._ways_of(spec) for feed, spec in specs.items()}
        self._is_of_a_child = {feed: self._must_have_one(spec) for feed, spec in specs.items()}

    def link(self, feed: str, children: Iterable[str | None], values: Mapping[str, str | None]) -> Link:
        """Return what a record says of whose it is, from its children's keys and its other values by column name."""
        named = frozenset(child for child in children if child)
        if named:
            return Link(named)
        above = frozenset(
            (parent.feed, KEY_SEPARATOR.join(values[name] or "" for name in parent.columns))
            for parent in self._ways[feed]
            if all(values.get(name) for name in parent.columns)
        )
        return Link(above=above, is_lost=not above and self._is_of_a_child[feed])

    def children(self, connection: psycopg.Connection, council: str, links: Set[Link]) -> dict[Link, Children]:
        """Return whose each record is, by all versions of the records that it hangs on."""
        known: dict[Record, Link] = {}
        waiting = {record for one in links for record in one.above}
        while waiting:
            for feed in sorted({feed for feed, _ in waiting}):
                keys = sorted(key for of, key in waiting if of == feed)
                known |= {(feed, key): LOST for key in keys}
                for key, found in self._read(connection, council, feed, keys):
                    so_far = known[feed, key]
                    known[feed, key] = found if so_far is LOST else so_far | found
            waiting = {record for one in known.values() for record in one.above} - known.keys()
        return {one: _resolved(one, known) for one in links}

    def _read(
        self, connection: psycopg.Connection, council: str, feed: str, keys: list[str]
    ) -> Iterator[tuple[str, Link]]:
        """Yield the row key and the link of each version of some records."""
        children = self._children[feed]
        names = [*children, *dict.fromkeys(name for parent in self._ways[feed] for name in parent.columns)]
        chosen = [sql.SQL("row_key"), *(sql.SQL("{}::text").format(sql.Identifier(name)) for name in names)]
        rows = connection.execute(
            sql.SQL("select distinct {} from {} where council = {} and row_key = any({})").format(
                sql.SQL(", ").join(chosen), sql.Identifier("raw", feed), council, keys
            )
        )
        for key, *values in rows:
            by_name = dict(zip(names, values, strict=True))
            yield key, self.link(feed, [by_name[name] for name in children], by_name)

    def _ways_of(self, spec: FeedSpec, below: tuple[str, ...] = ()) -> list[Parent]:
        """Return the parents through which a feed's record belongs to a child."""
        own = set(self._children[spec.feed])
        return [
            parent
            for parent in spec.parents
            if not own.intersection(parent.columns)
            and parent.feed not in below
            and (self._children[parent.feed] or self._ways_of(self._specs[parent.feed], (*below, spec.feed)))
        ]

    def _must_have_one(self, spec: FeedSpec) -> bool:
        """Whether each record of a feed belongs to a child: unlike an audit, whose child may be left blank."""
        own = [column for column in spec.columns if column.pseudonym]
        if own:
            return any(spec.is_required(column) or column.may_be_absent for column in own)
        return bool(self._ways[spec.feed])


def _resolved(one: Link, known: Mapping[Record, Link]) -> Children:
    reached: set[Record] = set()
    waiting = set(one.above)
    while waiting:
        record = waiting.pop()
        reached.add(record)
        one |= known[record]
        waiting |= known[record].above - reached
    return None if one.is_lost else one.children

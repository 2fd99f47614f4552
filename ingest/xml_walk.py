"""From one record of a return (a child, a worker) to its rows, by the layout; what the layout does not say is noted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from ingest.errors import shown
from ingest.xml_layout import Element

PROBLEM_KINDS = 500
"""Kinds of problems and names of elements that are kept apart: both lists stay short whatever a file invents."""
PRECISE_LINES = 65_535
JOINED = "; "


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its feed, its number among the feed's rows (from 1), the line of its element, its values by column."""

    feed: str
    row_no: int
    line: int
    values: dict[str, str]


@dataclass(slots=True)
class Problem:
    """What the layout does not say: a rule, the element's path, the first line where it happened, how often."""

    rule: str
    path: str
    line: int
    count: int = 1


class Problems:
    """The problems of one file, each kind once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Problem] = {}

    def note(self, rule: str, path: str, element: etree._Element) -> None:
        """Count a problem; beyond `PROBLEM_KINDS` kinds those of one rule are counted together."""
        place = (rule, shown(path))
        if place not in self._known and len(self._known) >= PROBLEM_KINDS:
            place = (rule, "and further elements")
        known = self._known.get(place)
        if known:
            known.count += 1
        else:
            self._known[place] = Problem(*place, line_of(element))

    def in_order(self) -> list[Problem]:
        """Return the problems in order of their first line."""
        return sorted(self._known.values(), key=lambda problem: problem.line)


class LocalNames(dict[str, str]):
    """Tag -> the name without its namespace. Remembers only so many."""

    def __missing__(self, tag: str) -> str:
        name = tag.rpartition("}")[2]
        if len(self) < PROBLEM_KINDS:
            self[tag] = name
        return name


@dataclass(slots=True)
class Node:
    """An element of the layout as it is in one year."""

    path: str
    column: str
    feed: str | None
    key: str | None
    number: str | None
    many: bool
    is_of_year: bool
    is_named: bool
    takes: tuple[str, ...]
    part: str | None
    marks: frozenset[str]
    required: frozenset[str]
    parts: dict[str, Node]
    within: dict[str, Node]
    by_content: dict[str, Node]


@dataclass(slots=True)
class _Found:
    """A row while its record is walked: values first, keys when all of them are known."""

    node: Node
    line: int
    parent: _Found | None
    values: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    parts: dict[str, _Found] = field(default_factory=dict)


def node_of(path: str, element: Element, year: int) -> Node:
    """Make an element of the layout ready for one year."""
    name = path.rpartition("/")[2]
    within = {below: node_of(f"{path}/{below}", child, year) for below, child in element.within.items()}
    node = Node(
        path=path,
        column=element.column or name,
        feed=element.feed,
        key=element.key,
        number=element.number,
        many=element.many,
        is_of_year=element.exists_in(year),
        is_named=element.known_by is None,
        takes=element.takes,
        part=element.part,
        marks=frozenset(element.marks),
        required=frozenset(n for n, below in element.within.items() if below.required and below.exists_in(year)),
        parts={},
        within=within,
        by_content={child.known_by: within[n] for n, child in element.within.items() if child.known_by},
    )
    for feed, takes in element.parts.items():
        node.parts[feed] = replace(node, feed=feed, key=None, number=None, takes=takes, parts={}, within={})
    return node


class Walker:
    """Walks records one after the other; `names` are shared with the reader, `seen` counts rows by feed."""

    def __init__(self, nodes: Mapping[str, Node], above: Mapping[str, str], names: LocalNames, noted: Problems) -> None:
        self._nodes, self._above, self._names, self._problems = nodes, dict(above), names, noted
        self._counts: Counter[str | None] = Counter()

    def rows(self, record: etree._Element) -> Iterator[Row]:
        """Yield the rows of a record, a parent before its children."""
        found: list[_Found] = []
        node = self._nodes[self._names[record.tag]]
        self._walk(record, node, self._begin(line_of(record), node, None, found), found)
        yield from self._number(found)

    def _begin(self, line: int, node: Node, parent: _Found | None, found: list[_Found]) -> _Found:
        row = _Found(node, line, parent)
        found.append(row)
        return row

    def _walk(self, element: etree._Element, node: Node, row: _Found, found: list[_Found]) -> None:
        """Put the values below an element into its row, and begin the rows that begin there."""
        note, seen = self._problems.note, set()
        if element.text and element.text.strip():
            note("stray_text", node.path, element)
        for child in element:
            name = self._names[child.tag]
            below = node.within.get(name)
            if child.tail and child.tail.strip():
                note("stray_text", node.path, child)
            if below is None:
                below = self._by_content(child, node)
            if below is None:
                note("unknown_element", f"{node.path}/{name}", child)
                continue
            if not below.is_named:
                note("assumed_element", f"{node.path}/{name}", child)
            if name in seen and not below.many:
                note("repeated_element", below.path, child)
            if not below.is_of_year:
                note("not_of_year", below.path, child)
            self._visit(child, below, row, found, is_first=name not in seen)
            seen.add(name)
        for name in node.required - seen:
            note("missing_element", f"{node.path}/{name}", element)

    def _by_content(self, element: etree._Element, node: Node) -> Node | None:
        """Return the element of the layout whose name no source gives, if this is it."""
        held: Iterable[str] = (self._names[child.tag] for child in element) if node.by_content else ()
        return next((node.by_content[name] for name in held if name in node.by_content), None)

    def _visit(self, child: etree._Element, below: Node, row: _Found, found: list[_Found], *, is_first: bool) -> None:
        if below.within:
            inner = self._begin(line_of(child), below, row, found) if below.feed else row
            self._walk(child, below, inner, found)
            return
        value = (child.text or "").strip()
        if len(child):
            name = self._names[child[0].tag]
            self._problems.note("unknown_element", f"{below.path}/{name}", child[0])
        if below.part:
            if value and (value in below.marks or not below.marks):
                part = self._part(below.part, child, row, found)
                if not below.marks:
                    part.values.setdefault(below.column, value)
        elif below.feed:
            self._begin(line_of(child), below, row, found).values[below.column] = value
        elif is_first:
            row.values.setdefault(below.column, value)
        elif below.many:
            row.values[below.column] += JOINED + value

    def _part(self, feed: str, child: etree._Element, row: _Found, found: list[_Found]) -> _Found:
        if feed not in row.parts:
            row.parts[feed] = self._begin(line_of(child), row.node.parts[feed], row, found)
        return row.parts[feed]

    def _number(self, found: list[_Found]) -> Iterator[Row]:
        """Give each row its parents' keys, and a number among those of the same parent and key."""
        seen: Counter[tuple[int, str, str]] = Counter()
        for row in found:
            node, parent = row.node, row.parent
            row.keys = dict(parent.keys) if parent else dict(self._above)
            if node.key:
                value = row.keys[node.key] = row.values.get(node.key, "")
                if node.number:
                    place = (id(parent), node.path, value)
                    seen[place] += 1
                    row.keys[node.number] = str(seen[place])
            if node.feed is None:
                continue
            self._counts[node.feed] += 1
            values = row.keys | row.values
            if parent and node.takes:
                values |= {name: parent.values.get(name, "") for name in node.takes}
            yield Row(node.feed, self._counts[node.feed], row.line, values)


def line_of(element: etree._Element) -> int:
    """Return the line of an element. Beyond 65,535 libxml2 gives that of its text's end: count back from there."""
    line = element.sourceline or 0
    if line >= PRECISE_LINES and element.text:
        line -= element.text.count("\n")
    return line

"""Mutants of rule lines: one small change of a model's SQL each, as a slip of the hand would make it.

A rule line is a row of a `values` list that begins with an indicator's id, in `int_*__observations.sql`, or, where a
model has no such list, what the model says of its one indicator or clock. What stands around the rows (joins,
conditions, columns) belongs to all of a model's lines and is changed under the model's own name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

ID = r"[A-Z0-9]{2,4}-\d{2}[A-Za-z0-9_-]*|[TL]\d{2}[a-z]?(?:_[a-z0-9_]+)?"
IDS = re.compile(rf"'({ID})'")
ROW_START = re.compile(rf"\(\s*'({ID})'\s*[,)]")
JINJA = re.compile(r"\{\{.*?\}\}", re.DOTALL)
REFERENCE = re.compile(r"(?:ref|source)\([^)]*\)")
ALIAS = re.compile(r"\{\{ ref\('(\w+)'\) \}\}(?:\s+as)?\s+(\w+)")

COMPARISONS = {"<=": "<", "<": "<=", ">=": ">", ">": ">=", "<>": "=", "=": "<>"}
COMPARISON = re.compile(r"(?<=\s)(<=|>=|<>|<|>|=)(?=\s)")
NUMBER = re.compile(r"(?<![\w.'])(?<!select )\d+(?![\w.'])")
"""Numbers but that of `exists(select 1 ...)`, which says nothing."""

CONNECTIVE = re.compile(r"\b(and|or)\b")
NULLNESS = re.compile(r"\bis (not )?null\b")
BARE_NOT = re.compile(r"(?<!is )\bnot (?!null)")
EXISTS = re.compile(r"(?<!not )\bexists\s*\(")
WHEN = re.compile(r"\bwhen\b(.+?)\bthen\b", re.DOTALL)
CAST = re.compile(r"(?<![\w.])(\w+\.\w+)::int\b")
DAY = re.compile(r"\b(\w+)\.(\w+_on)\b")
LIST_ITEM = re.compile(r"\bin \((?:'[^']*'|\d+)(,\s*)")
WORKING = re.compile(r"\{\{ (add_)?working_days\('([^']+)', '?([^')]+)'?\) \}\}")


@dataclass(frozen=True)
class Mutant:
    """One changed model. `rule` is the indicator of a changed row, else the model's name; `line` counts from 1."""

    model: str
    rule: str
    line: int
    change: str
    code: str

    @property
    def label(self) -> str:
        """The mutant in a line, the same from run to run while the model stands."""
        return f"{self.model}:{self.line} {self.rule}: {self.change}"


@dataclass(frozen=True)
class Row:
    """A row of a `values` list: its indicator and where it stands in the model's text."""

    rule: str
    start: int
    end: int


def mutants(model: str, code: str, days: Mapping[str, list[str]] | None = None) -> list[Mutant]:
    """Return every mutant of a model's SQL, Jinja included; the same code gives the same ones.

    `days` names the columns of type date of each relation that the model reads: a date is swapped for its neighbour.
    """
    masked = _masked(code)
    rows = find_rows(code)
    found = [_removal(model, code, row, rows) for row in rows]
    found += [
        _renamed(model, code, match)
        for match in IDS.finditer(_without_comments(code))
        if not _inside(match.start(), rows)
    ]
    found += [
        _made(model, code, rows, start, end, new)
        for start, end, new in _changes(code, masked, _swaps(code, days or {}))
    ]
    return list({mutant.code: mutant for mutant in found}.values())


def find_rows(code: str) -> list[Row]:
    """Return the rows of a model's `values` lists that begin with an indicator or a clock."""
    masked = _without_comments(code)
    return [Row(match[1], match.start(), closing(masked, match.start())) for match in ROW_START.finditer(masked)]


def closing(text: str, start: int) -> int:
    """Return the place after the bracket that closes the one at `start`; brackets inside texts do not count."""
    depth, is_text = 0, False
    for place in range(start, len(text)):
        if text[place] == "'":
            is_text = not is_text
        if not is_text:
            depth += {"(": 1, ")": -1}.get(text[place], 0)
            if depth == 0:
                return place + 1
    raise ValueError(f"a bracket is not closed: {text[start : start + 40]!r}")


def _without_comments(code: str) -> str:
    """Return the code with comments blanked, every place as it was."""
    blank = lambda match: re.sub(r"[^\n]", " ", match[0])  # noqa: E731
    return re.sub(r"\{#.*?#\}", blank, re.sub(r"--[^\n]*", blank, code), flags=re.DOTALL)


def _masked(code: str) -> str:
    """Return the code with comments, SQL's texts and names of relations blanked; texts inside Jinja are code."""
    text = _without_comments(code)
    jinja = [match.span() for match in JINJA.finditer(text)]
    kept = list(text)
    for match in re.finditer(r"'[^'\n]*'", text):
        if not any(start <= match.start() < end for start, end in jinja):
            kept[match.start() + 1 : match.end() - 1] = " " * (len(match[0]) - 2)
    for match in REFERENCE.finditer(text):
        kept[match.start() : match.end()] = " " * len(match[0])
    return "".join(kept)


def _inside(place: int, rows: list[Row]) -> Row | None:
    return next((row for row in rows if row.start <= place < row.end), None)


def _line(code: str, place: int) -> int:
    return code.count("\n", 0, place) + 1


def _removal(model: str, code: str, row: Row, rows: list[Row]) -> Mutant:
    """Remove a row with its comma; the only row of a list counts for no indicator instead."""
    before, after = code[: row.start].rstrip(), code[row.end :]
    if after.lstrip().startswith(","):
        changed = before + "\n" + after.lstrip()[1:]
    elif before.endswith(","):
        changed = before[:-1] + after
    else:
        changed = code[: row.start] + code[row.start : row.end].replace(row.rule, "none") + after
    return Mutant(model, row.rule, _line(code, row.start), "the line removed", changed)


def _renamed(model: str, code: str, match: re.Match) -> Mutant:
    """An indicator or clock named outside a list: without its name it has no rows."""
    changed = code[: match.start(1)] + "none" + code[match.end(1) :]
    return Mutant(model, match[1], _line(code, match.start()), "the line removed", changed)


def _made(model: str, code: str, rows: list[Row], start: int, end: int, new: str) -> Mutant:
    row = _inside(start, rows)
    # What comes before a changed place tells two equal changes of a line apart.
    before = code[max(code.rfind("\n", 0, start) + 1, start - 24) : start].strip()
    change = " ".join(f"{before} [{code[start:end].strip()} → {new.strip()}]".split())
    return Mutant(model, row.rule if row else model, _line(code, start), change, code[:start] + new + code[end:])


def _changes(code: str, masked: str, swaps: Mapping[tuple[str, str], str]) -> Iterator[tuple[int, int, str]]:
    """Yield every change as (start, end, new text)."""
    for match in COMPARISON.finditer(masked):
        yield *match.span(), COMPARISONS[match[0]]
    for match in NUMBER.finditer(masked):
        yield *match.span(), str(int(match[0]) + 1)
    for match in CONNECTIVE.finditer(masked):
        if not _is_between(masked, match):
            yield *match.span(), "or" if match[0] == "and" else "and"
    for match in NULLNESS.finditer(masked):
        yield *match.span(), "is null" if match[1] else "is not null"
    for match in BARE_NOT.finditer(masked):
        yield *match.span(), ""
    for match in EXISTS.finditer(masked):
        yield *match.span(), f"not {match[0]}"
    for match in WHEN.finditer(masked):
        yield *match.span(1), f" not coalesce(({code[match.start(1) : match.end(1)].strip()}), false) "
    for match in CAST.finditer(masked):
        yield *match.span(), f"(not {match[1]})::int"
    for match in LIST_ITEM.finditer(_without_comments(code)):
        yield match.start() + len("in ("), match.end(1), ""
    for match in WORKING.finditer(code):
        yield *match.span(), f"({match[2]} + {match[3]})" if match[1] else f"({match[3]} - {match[2]})"
    for match in DAY.finditer(masked):
        if new := swaps.get((match[1], match[2])):
            yield *match.span(2), new


def _is_between(masked: str, match: re.Match) -> bool:
    """Whether an `and` belongs to `between`."""
    before = masked[: match.start()]
    start = before.rfind(" between ")
    return start >= 0 and not CONNECTIVE.search(before[start:])


def _swaps(code: str, days: Mapping[str, list[str]]) -> dict[tuple[str, str], str]:
    """Return (alias, date column) -> the next date of the same relation, in order of name."""
    of_alias = {alias: set(days.get(relation, ())) for relation, alias in ALIAS.findall(code)}
    for alias, column in DAY.findall(_masked(code)):
        of_alias.setdefault(alias, set()).add(column)
    swaps = {}
    for alias, columns in of_alias.items():
        ordered = sorted(columns)
        if len(ordered) > 1:
            swaps |= {(alias, name): ordered[(n + 1) % len(ordered)] for n, name in enumerate(ordered)}
    return swaps

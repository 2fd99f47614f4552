"""Feed specifications: one YAML file a feed, read into a strict model.

A specification says which files hold the feed, which columns it has and of what type, which codes are
known, what identifies a row, and what is private. Everything else in the ingest follows from it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import Field, StrictStr, ValidationError, model_validator

from ingest.column import Column, ColumnType, Level, Strict
from ingest.errors import BadSpec

__all__ = ["Column", "ColumnType", "Strict"]

FEEDS = Path(__file__).parent / "feeds"
CODE_LISTS = Path(__file__).parent / "code_lists.yml"
SPELLINGS = Path(__file__).parent / "spellings"
SYMBOLS = ("c", "k", "low", "u", "x", "z", ":")
"""Symbols that published statistics put in the place of a number (explore education statistics)."""

OWN_COLUMNS = frozenset({"council", "delivery_id", "row_no", "row_key", "row_hash", "closed_by", "is_repeat"})

DateForm = Literal["YYYY-MM-DD", "DD/MM/YYYY"]
Group = Literal["case_management", "quality", "feedback", "workforce", "national"]


class Hold(Strict):
    """From which share of rejected rows, or fall against the rows in force, a delivery waits for a person.

    `disordered_share` is the share of rows with days to come or out of order, rejected or warned of: day and month
    may be swapped. None is looked at below `from_rows` rows, where a few rows make a large share; of a fall from at
    least `few_from_rows` rows the larger share `fall_in_few` is.
    """

    rejected_share: float = Field(default=0.2, ge=0, le=1)
    disordered_share: float = Field(default=0.05, ge=0, le=1)
    fall_in_rows: float = Field(default=0.4, ge=0, le=1)
    from_rows: int = Field(default=50, ge=1)
    fall_in_few: float = Field(default=0.5, ge=0, le=1)
    few_from_rows: int = Field(default=10, ge=1)


class Parent(Strict):
    """Columns that name a row of another feed, in the order of that feed's key. Blank names none."""

    columns: tuple[StrictStr, ...] = Field(min_length=1)
    feed: StrictStr
    level: Level = "warn"


class Collection(Strict):
    """The column that holds the collection year (it ends on 31 March) of a return whose files do not say it.

    `dates` are the columns whose newest days show the year; without any, the other files of the folder do. With
    `yields` they do as well where one of them shows it without: the days may all be of earlier years.
    """

    column: StrictStr
    dates: tuple[StrictStr, ...] = ()
    yields: bool = False


class FeedSpec(Strict):
    """One feed. `scope: snapshot` means that a row no longer delivered is no longer in force.

    `since` and `until` are the first and the last collection year whose return is known to have this table.

    `within` names the column (the collection year) beyond whose value a snapshot says nothing. `order` pairs may
    have a level as third part, which goes to `order_levels`.
    """

    feed: StrictStr = Field(pattern=r"^[a-z][a-z0-9_]{2,40}$")
    title: StrictStr = Field(min_length=5)
    group: Group
    cadence: Literal["daily", "weekly", "monthly"]
    owner: StrictStr = Field(min_length=3)
    retention_years: int = Field(ge=1, le=120)
    source: StrictStr = Field(min_length=5)
    files: tuple[StrictStr, ...] = Field(min_length=1)
    scope: Literal["snapshot", "increment"] = "snapshot"
    dates: DateForm = "YYYY-MM-DD"
    key: tuple[StrictStr, ...] = Field(min_length=1)
    order: tuple[tuple[StrictStr, StrictStr], ...] = ()
    order_levels: tuple[Level, ...] = ()
    parents: tuple[Parent, ...] = ()
    collection: Collection | None = None
    within: tuple[StrictStr, ...] = Field(default=(), max_length=1)
    since: int | None = None
    until: int | None = None
    sheets: tuple[StrictStr, ...] = ()
    hold: Hold = Hold()
    columns: tuple[Column, ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def take_order_levels(cls, data: object) -> object:
        """Split ``[earlier, later, level]`` into the pair and its level."""
        if not isinstance(data, dict) or not isinstance(data.get("order"), list):
            return data
        pairs = [list(pair) for pair in data["order"] if isinstance(pair, list)]
        levels = [pair.pop() if len(pair) == 3 else "row" for pair in pairs]
        return data | {"order": pairs, "order_levels": levels}

    @model_validator(mode="after")
    def refers_to_its_columns(self) -> Self:
        """Refuse unknown, repeated, reserved or unusable column names."""
        names = [normalise(column.name) for column in self.columns]
        repeated = sorted({name for name in names if names.count(name) > 1})
        if repeated:
            raise ValueError(f"columns named twice: {', '.join(repeated)}")
        taken = sorted(OWN_COLUMNS & set(names))
        if taken:
            raise ValueError(f"columns that the warehouse itself has: {', '.join(taken)}")
        self._check_references()
        return self

    def _check_references(self) -> None:
        known = {column.name: column for column in self.columns}
        for name in self._names_referred_to():
            if name not in known:
                raise ValueError(f"no column {name!r}")
        for name in self.key:
            if known[name].private:
                raise ValueError(f"{name}: a private column cannot be in the key")
        for pair in self.order:
            if any(known[name].type not in ("date", "timestamp") for name in pair):
                raise ValueError(f"order {list(pair)}: dates only")
        if len(self.order) != len(self.order_levels):
            raise ValueError("order: each entry is [earlier, later] or [earlier, later, level]")
        if self.collection and self.collection.column not in self.key:
            raise ValueError("collection: its column must be in the key")

    def _names_referred_to(self) -> Iterator[str]:
        yield from self.key
        yield from self.within
        for pair in self.order:
            yield from pair
        for parent in self.parents:
            yield from parent.columns
        if self.collection:
            yield from (self.collection.column, *self.collection.dates)
        for column in self.columns:
            if column.valid:
                yield column.valid.day
                if column.valid.last:
                    yield column.valid.last

    def column(self, name: str) -> Column:
        """Return the column called `name`."""
        return next(column for column in self.columns if column.name == name)

    def is_required(self, column: Column) -> bool:
        """Return whether the column must not be blank: as it says, else when it is in the key."""
        return column.name in self.key if column.required is None else column.required

    @property
    def file_columns(self) -> tuple[Column, ...]:
        """Columns that stand in the file: all but the collection year that is found out."""
        derived = self.collection.column if self.collection else None
        return tuple(column for column in self.columns if column.name != derived)

    @property
    def raw_columns(self) -> tuple[Column, ...]:
        """Columns of `raw.<feed>`."""
        return tuple(column for column in self.columns if column.is_in_raw)

    @property
    def identity_columns(self) -> tuple[Column, ...]:
        """Columns of `identity.<feed>`; none means that the feed has no such table."""
        return tuple(column for column in self.columns if column.is_in_identity)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of what decides how a file is read: the same bytes under another one are read anew."""
        later = {"dates", "parents", "collection", "within"} & self.model_fields_set
        rules = self.model_dump(include={"key", "order", "scope"} | later, mode="json")
        rules["columns"] = [column.rules for column in self.columns]
        if set(self.order_levels) - {"row"}:
            rules["order_levels"] = self.order_levels
        return hashlib.sha256(json.dumps(rules, sort_keys=True).encode()).hexdigest()


def normalise(name: str) -> str:
    """Return a column name as it is compared: no case, no BOM, blanks at the ends off, inner ones as ``_``."""
    return re.sub(r"[\s_]+", "_", name.replace("\ufeff", "").strip()).casefold()


def read_spec(
    path: Path, code_lists: dict[str, list[str]], spellings: dict[str, dict[str, list[str]]] | None = None
) -> FeedSpec:
    """Read one specification; `spellings` are the maps that it may name.

    Raises:
        BadSpec: the YAML is broken, says too little, too much, or contradicts itself.
    """
    try:
        data = _yaml(path)
        spec = FeedSpec.model_validate(data, context={"code_lists": code_lists, "spellings": spellings or {}})
    except (yaml.YAMLError, ValidationError) as error:
        raise BadSpec(f"{path.name}: {error}") from None
    if spec.feed != path.stem:
        raise BadSpec(f"{path.name}: the feed calls itself {spec.feed!r}, its file {path.stem!r}")
    return spec


def read_code_lists(path: Path = CODE_LISTS) -> dict[str, list[str]]:
    """Read the code lists that feeds share: name -> codes, each code a text.

    Raises:
        BadSpec: a list is empty, repeats a code, or holds something that YAML did not read as text.
    """
    lists = yaml.safe_load(path.read_text(encoding="utf-8"))
    for name, codes in lists.items():
        if not codes or len(set(codes)) < len(codes) or any(not isinstance(code, str) for code in codes):
            raise BadSpec(f"{path.name}: {name} must be a list of distinct texts (quote numbers, NO and Y)")
    return lists


def read_spellings(folder: Path = SPELLINGS) -> dict[str, dict[str, list[str]]]:
    """Read the maps of accepted spellings: name -> code -> spellings.

    Raises:
        BadSpec: one spelling stands for two codes (compared without case), or a map is none.
    """
    maps = {}
    for path in sorted(folder.glob("*.yml")):
        maps[path.stem] = _yaml(path)
        meant: dict[str, str] = {}
        for code, others in maps[path.stem].items():
            for spelling in (code, *others):
                if meant.setdefault(squeeze(spelling), code) != code:
                    raise BadSpec(f"spellings/{path.name}: {spelling!r} stands for two codes")
    return maps


def _yaml(path: Path) -> Any:
    """Read a file with libyaml's parser, five times as quick as Python's own, where PyYAML was built with it."""
    return yaml.load(path.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def squeeze(text: str) -> str:
    """Return a value as spellings are compared: no case, one blank for many, none at the ends."""
    return " ".join(text.split()).casefold()


@lru_cache(maxsize=4)
def load_specs(folder: Path = FEEDS) -> dict[str, FeedSpec]:
    """Read every specification of `folder`, by feed name, in order of name.

    Raises:
        BadSpec: one of them is wrong, or two of them claim the same file pattern.
    """
    code_lists, spellings = read_code_lists(), read_spellings()
    specs = {path.stem: read_spec(path, code_lists, spellings) for path in sorted(folder.glob("*.yml"))}
    claimed: dict[str, str] = {}
    for spec in specs.values():
        for pattern in spec.files:
            other = claimed.setdefault(pattern.casefold(), spec.feed)
            if other != spec.feed:
                raise BadSpec(f"{spec.feed} and {other} both claim files called {pattern}")
        _check_parents(spec, specs)
    return specs


def _check_parents(spec: FeedSpec, specs: dict[str, FeedSpec]) -> None:
    for parent in spec.parents:
        of = specs.get(parent.feed)
        if of is None:
            raise BadSpec(f"{spec.feed}: parents: there is no feed {parent.feed}")
        if len(parent.columns) != len(of.key):
            raise BadSpec(f"{spec.feed}: parents: {parent.feed} has {len(of.key)} key columns: {', '.join(of.key)}")

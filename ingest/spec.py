"""Feed specifications: one YAML file a feed, read into a strict model.

A specification says which files hold the feed, which columns it has and of what type, which codes are
known, what identifies a row, and what is private. Everything else in the ingest follows from it.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, StrictStr, ValidationError, ValidationInfo, model_validator

from ingest.errors import BadSpec

FEEDS = Path(__file__).parent / "feeds"
CODE_LISTS = Path(__file__).parent / "code_lists.yml"
SYMBOLS = ("c", "k", "low", "u", "x", "z", ":")
"""Symbols that published statistics put in the place of a number (explore education statistics)."""

NAME = r"^[A-Za-z0-9][A-Za-z0-9_+-]{0,54}$"
OWN_COLUMNS = frozenset({"council", "delivery_id", "row_no", "row_key", "row_hash", "closed_by", "is_repeat"})

DateForm = Literal["YYYY-MM-DD", "DD/MM/YYYY"]
ColumnType = Literal["text", "id", "date", "timestamp", "int", "numeric", "flag", "published_number"]
Group = Literal["case_management", "quality", "feedback", "workforce", "national"]


class Strict(BaseModel):
    """A model that knows every field it is given."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(Strict):
    """One column of a feed, under the name that its file and its table give it.

    `private` values land in `identity.<feed>` alone. `pseudonym: child` puts the child's key in their place;
    `coarsen: month` puts the first of the month there. `codes` is a list, or the name of one in code_lists.yml.
    """

    name: StrictStr = Field(pattern=NAME)
    type: ColumnType = "text"
    required: bool | None = None
    codes: tuple[StrictStr, ...] | None = None
    private: bool = False
    pseudonym: Literal["child"] | None = None
    coarsen: Literal["month"] | None = None

    @model_validator(mode="before")
    @classmethod
    def name_code_list(cls, data: object, info: ValidationInfo) -> object:
        """Put the codes of a named list in the place of its name."""
        if isinstance(data, dict) and isinstance(data.get("codes"), str):
            lists = (info.context or {}).get("code_lists", {})
            if data["codes"] not in lists:
                raise ValueError(f"code list {data['codes']!r} is not in code_lists.yml")
            return data | {"codes": lists[data["codes"]]}
        return data

    @model_validator(mode="after")
    def fits_together(self) -> Self:
        """Refuse attributes that contradict each other."""
        if self.codes is not None and self.type not in ("text", "id"):
            raise ValueError(f"{self.name}: codes are for text, not for {self.type}")
        if self.codes is not None and not self.codes:
            raise ValueError(f"{self.name}: an empty code list admits nothing")
        if self.pseudonym and (self.type != "id" or self.private):
            raise ValueError(f"{self.name}: a pseudonym stands for an id, which is private by itself")
        if self.coarsen and not (self.private and self.type == "date"):
            raise ValueError(f"{self.name}: only a private date is coarsened")
        return self

    @property
    def is_free(self) -> bool:
        """Whether a value may be any text at all."""
        return self.type in ("text", "id") and self.codes is None and self.pseudonym is None

    @property
    def is_in_raw(self) -> bool:
        """Whether `raw.<feed>` has the column (a private one only where it is coarsened)."""
        return not self.private or self.coarsen is not None

    @property
    def is_in_identity(self) -> bool:
        """Whether `identity.<feed>` has the column's exact value."""
        return self.private or self.pseudonym is not None


class Hold(Strict):
    """From which share of rejected rows, or fall against the rows in force, a delivery waits for a person.

    Neither is looked at below `from_rows` rows, where a few rows make a large share.
    """

    rejected_share: float = Field(default=0.2, ge=0, le=1)
    fall_in_rows: float = Field(default=0.4, ge=0, le=1)
    from_rows: int = Field(default=50, ge=1)


class FeedSpec(Strict):
    """One feed. `scope: snapshot` means that a row no longer delivered is no longer in force."""

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
    hold: Hold = Hold()
    columns: tuple[Column, ...] = Field(min_length=1)

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
        for name in (*self.key, *(name for pair in self.order for name in pair)):
            if name not in known:
                raise ValueError(f"no column {name!r}")
        for name in self.key:
            if known[name].private:
                raise ValueError(f"{name}: a private column cannot be in the key")
        for pair in self.order:
            if any(known[name].type not in ("date", "timestamp") for name in pair):
                raise ValueError(f"order {list(pair)}: dates only")

    def column(self, name: str) -> Column:
        """Return the column called `name`."""
        return next(column for column in self.columns if column.name == name)

    def is_required(self, column: Column) -> bool:
        """Return whether the column must not be blank: as it says, else when it is in the key."""
        return column.name in self.key if column.required is None else column.required

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
        fields = {"columns", "key", "order", "scope"} | ({"dates"} if "dates" in self.model_fields_set else set())
        rules = self.model_dump(include=fields, mode="json")
        return hashlib.sha256(json.dumps(rules, sort_keys=True).encode()).hexdigest()


def normalise(name: str) -> str:
    """Return a column name as it is compared: no case, no BOM, blanks at the ends off, inner ones as ``_``."""
    return re.sub(r"[\s_]+", "_", name.replace("\ufeff", "").strip()).casefold()


def read_spec(path: Path, code_lists: dict[str, list[str]]) -> FeedSpec:
    """Read one specification.

    Raises:
        BadSpec: the YAML is broken, says too little, too much, or contradicts itself.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        spec = FeedSpec.model_validate(data, context={"code_lists": code_lists})
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


@lru_cache(maxsize=4)
def load_specs(folder: Path = FEEDS) -> dict[str, FeedSpec]:
    """Read every specification of `folder`, by feed name, in order of name.

    Raises:
        BadSpec: one of them is wrong, or two of them claim the same file pattern.
    """
    code_lists = read_code_lists()
    specs = {path.stem: read_spec(path, code_lists) for path in sorted(folder.glob("*.yml"))}
    claimed: dict[str, str] = {}
    for spec in specs.values():
        for pattern in spec.files:
            other = claimed.setdefault(pattern.casefold(), spec.feed)
            if other != spec.feed:
                raise BadSpec(f"{spec.feed} and {other} both claim files called {pattern}")
    return specs

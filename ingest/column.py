"""One column of a feed: its name in file and table, its type, its codes, what is private, how strict it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StrictStr, ValidationInfo, model_validator

NAME = r"^[A-Za-z0-9][A-Za-z0-9_+-]{0,54}$"
ColumnType = Literal["text", "id", "date", "timestamp", "int", "numeric", "flag", "published_number"]
Level = Literal["warn", "row", "file"]
"""What a fault does: the value is blanked and noted; the row is set aside; the file is refused."""

FIRST_YEAR, LAST_YEAR = 2000, 2100


class Strict(BaseModel):
    """A model that knows every field it is given."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Validity(Strict):
    """Codes that hold on some days only, by the date in the column `day` (both days included; blank: always).

    A row that lasts names its last day too (`last`; blank: to this day): then a code is out of its time only where the
    whole row is, for systems write the codes of today into records that go on. `level` is the column's unless told.
    """

    day: StrictStr
    last: StrictStr | None = None
    level: Level | None = None
    since: Mapping[str, date] = Field({}, alias="from")
    until: Mapping[str, date] = {}


class Column(Strict):
    """One column of a feed, under the name that its file and its table give it.

    `private` values land in `identity.<feed>` alone. `pseudonym: child` puts the child's key in their place;
    `coarsen: month` puts the first of the month there, `coarsen: district` the postcode district, `coarsen: listed`
    what of `shows` the text is or holds (`shows_key`: under this key of a JSON object). `was_public`: an earlier
    version had the column in raw; the upgrade moves it, and rows keep their hash. `codes` is a list,
    the name of one in code_lists.yml, or one of these for each collection year from which it holds; `codes` then is
    the newest and `codes_by_year` all. `spellings` names a map of accepted spellings to codes. `aliases` and
    `pattern` are other headers.
    `since` and `until` are the collection years in which the column exists. `min` and `max` bound a number, both
    included. `past` days cannot lie after the as-at date; with `warn` one that does is blanked and warned of, whatever
    the column's level for other faults.
    """

    name: StrictStr = Field(pattern=NAME)
    type: ColumnType = "text"
    required: bool | None = None
    codes: tuple[StrictStr, ...] | None = None
    codes_by_year: Mapping[int, tuple[StrictStr, ...]] = {}
    spellings: Mapping[str, tuple[StrictStr, ...]] | None = None
    valid: Validity | None = None
    min: int | float | None = None
    max: int | float | None = None
    private: bool = False
    pseudonym: Literal["child"] | None = None
    coarsen: Literal["month", "district", "listed"] | None = None
    shows: tuple[StrictStr, ...] = ()
    shows_key: StrictStr | None = None
    was_public: bool = False
    aliases: tuple[StrictStr, ...] = ()
    pattern: StrictStr | None = None
    optional: bool = False
    since: int | None = Field(default=None, ge=FIRST_YEAR, le=LAST_YEAR)
    until: int | None = Field(default=None, ge=FIRST_YEAR, le=LAST_YEAR)
    past: bool | Literal["warn"] = False
    level: Level = "row"
    note: StrictStr = ""

    @model_validator(mode="before")
    @classmethod
    def resolve_names(cls, data: object, info: ValidationInfo) -> object:
        """Put the codes of a named list, and a named map of spellings, in the place of their names."""
        if not isinstance(data, dict):
            return data
        context = info.context or {}
        data = dict(data)
        codes = data.get("codes")
        if isinstance(codes, dict):
            by_year = {year: _named(each, context) for year, each in codes.items()}
            data |= {"codes_by_year": by_year, "codes": by_year[max(by_year)] if by_year else ()}
        elif codes is not None:
            data["codes"] = _named(codes, context)
        if "shows" in data:
            data["shows"] = _named(data["shows"], context)
        if isinstance(data.get("spellings"), str):
            data["spellings"] = _spellings(data["spellings"], context)
            data.setdefault("codes", tuple(data["spellings"]))
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
        if self.coarsen == "month" and not (self.private and self.type == "date"):
            raise ValueError(f"{self.name}: only a private date is coarsened to its month")
        if self.coarsen == "district" and not (self.private and self.type == "text"):
            raise ValueError(f"{self.name}: only a private text is coarsened to its postcode district")
        if self.coarsen == "listed" and not (self.private and self.type == "text"):
            raise ValueError(f"{self.name}: only a private text is coarsened to what is listed")
        if (self.shows or self.shows_key) and self.coarsen != "listed":
            raise ValueError(f"{self.name}: shows is for a text that is coarsened to what is listed")
        if self.was_public and not (self.private and self.type == "text"):
            raise ValueError(f"{self.name}: only a private text is moved from raw")
        if self.past and self.type not in ("date", "timestamp"):
            raise ValueError(f"{self.name}: only a date can be past")
        known = {*(self.codes or ()), *(code for codes in self.codes_by_year.values() for code in codes)}
        if self.valid and not set(self.valid.since) | set(self.valid.until) <= known:
            raise ValueError(f"{self.name}: valid names a code that the column does not have")
        self._check_range()
        return self._check_pattern()

    def _check_range(self) -> None:
        if self.is_bounded and self.type not in ("int", "numeric"):
            raise ValueError(f"{self.name}: min and max are for numbers, not for {self.type}")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"{self.name}: min is more than max")

    def _check_pattern(self) -> Self:
        try:
            re.compile(self.pattern or "")
        except re.error as error:
            raise ValueError(f"{self.name}: pattern: {error}") from None
        return self

    @property
    def is_bounded(self) -> bool:
        """Whether a number may be too small or too large."""
        return self.min is not None or self.max is not None

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

    @property
    def may_be_absent(self) -> bool:
        """Whether a file without the column is a whole one; the column then is blank."""
        return self.optional or self.since is not None or self.until is not None

    def codes_of(self, year: int | None) -> tuple[str, ...] | None:
        """Return the codes of a collection year: the newest set that had begun; the first for years before."""
        if year is None or not self.codes_by_year:
            return self.codes
        begun = [since for since in self.codes_by_year if since <= year]
        return self.codes_by_year[max(begun) if begun else min(self.codes_by_year)]

    @property
    def rules(self) -> dict[str, Any]:
        """What decides how a value is read, without what is at its default: attributes added later change nothing."""
        always = {"name", "type", "required", "codes", "private", "pseudonym", "coarsen"}
        told = self.model_dump(mode="json", exclude={"aliases", "pattern", "note"})
        defaults = {name: field.default for name, field in type(self).model_fields.items()}
        return {name: value for name, value in told.items() if name in always or value != defaults[name]}


def _named(codes: object, context: Mapping[str, Any]) -> object:
    if not isinstance(codes, str):
        return codes
    lists = context.get("code_lists", {})
    if codes not in lists:
        raise ValueError(f"code list {codes!r} is not in code_lists.yml")
    return lists[codes]


def _spellings(name: str, context: Mapping[str, Any]) -> Mapping[str, list[str]]:
    maps = context.get("spellings", {})
    if name not in maps:
        raise ValueError(f"there is no spellings/{name}.yml")
    return maps[name]

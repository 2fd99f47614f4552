"""The document model: what every renderer is given, and nothing else. Frozen, plain, JSON-able.

A `Document` holds `Section`s, a section holds blocks (`Sentences`, `Cards`, `Chart`, `Table`, `Note`).
Text is final: rounded, with thousands separators, hidden where it must be. Renderers only lay out.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

Tone = Literal["good", "bad", "watch", "neutral", "none"]
ColumnKind = Literal["text", "number", "percent", "decimal", "date"]
MARKS: dict[Tone, str] = {"good": "▲", "bad": "▼", "watch": "◆", "neutral": "●", "none": "○"}


@dataclass(frozen=True, slots=True)
class Tag:
    """A short verdict: words first, with a mark, so that colour is never alone."""

    text: str
    tone: Tone = "neutral"

    @property
    def mark(self) -> str:
        """The mark that stands before the words."""
        return MARKS[self.tone]


@dataclass(frozen=True, slots=True)
class Cell:
    """One table cell: the text as shown, the number for workbooks (None: text alone), a tone, and an optional bar.

    `bar` is a share of 0 to 100 drawn behind the figure on the page; it repeats the figure, nothing more.
    """

    text: str
    number: float | None = None
    tone: Tone | None = None
    bar: float | None = None


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    kind: ColumnKind = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one header row; the first cell of each row is that row's header."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    is_folded: bool = False
    kind: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture with its sentence, its alternative text (every figure drawn) and the table of those figures."""

    title: str
    sentence: str
    alt: str
    svg: str
    table: Table
    is_wide: bool = False
    tag: Tag | None = None
    kind: Literal["chart"] = "chart"


@dataclass(frozen=True, slots=True)
class Card:
    """One headline figure. `detail` is numerator and denominator; `compare` is (label, text) pairs."""

    indicator_id: str
    title: str
    value: str
    unit: str
    detail: str
    period: str
    compare: tuple[tuple[str, str], ...] = ()
    change: str = ""
    tag: Tag | None = None
    spark: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Cards:
    cards: tuple[Card, ...]
    kind: Literal["cards"] = "cards"


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    tone: Tone = "neutral"
    strong: str = ""

    @property
    def mark(self) -> str:
        """The mark that stands before the sentence."""
        return MARKS[self.tone]


@dataclass(frozen=True, slots=True)
class Sentences:
    title: str
    sentences: tuple[Sentence, ...]
    kind: Literal["sentences"] = "sentences"


@dataclass(frozen=True, slots=True)
class Note:
    """A paragraph or a list; `tone` watch draws a border beside it."""

    text: str
    items: tuple[str, ...] = ()
    tone: Tone = "none"
    kind: Literal["note"] = "note"


Block = Table | Chart | Cards | Sentences | Note


@dataclass(frozen=True, slots=True)
class Section:
    id: str
    title: str
    intro: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Released:
    """A figure as a report showed it: what `ops.released_figure` keeps. `shown` is the text in the report."""

    section: str
    indicator_id: str
    level: str
    unit_code: str
    breakdown: str
    category: str
    period_kind: str
    period_start: date | None
    period_end: date | None
    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    status: str
    shown: str


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file that goes out beside the report as it is, e.g. a tidy CSV."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a release came from; not part of its identity."""

    release_id: str
    code_version: str
    deliveries: int
    last_delivery: str


@dataclass(frozen=True, slots=True)
class Document:
    report: str
    title: str
    purpose: str
    council: str
    council_name: str
    unit_code: str
    unit_name: str
    period: str
    period_text: str
    as_at: date
    audience: str
    cadence: str
    is_made_up: bool
    protection: str
    freshness: tuple[str, ...]
    sections: tuple[Section, ...]
    released: tuple[Released, ...] = field(default=(), repr=False)
    files: tuple[DataFile, ...] = field(default=(), repr=False)
    provenance: Provenance | None = None

    def content(self) -> dict:
        """Everything that gives the document its identity, as plain data: all but its provenance."""
        plain = asdict(self)
        del plain["provenance"]
        plain["files"] = [(f.name, f.content.decode("utf-8")) for f in self.files]
        return plain

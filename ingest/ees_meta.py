"""What the columns of a published data file are: by the `.meta.csv` beside it, else by what they hold.

The metadata file of explore education statistics has one line a column: `col_name`, `col_type` (Filter or Indicator),
`label`, `indicator_grouping`, `indicator_unit`, `indicator_dp`, `filter_hint`, `filter_grouping_column`.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import polars as pl

from ingest.errors import RefusedFile, shown
from ingest.land import Landed, land
from ingest.read import Text, open_text
from ingest.spec import SYMBOLS, normalise
from ingest.table import Chunk

META = ".meta.csv"
MAX_META_BYTES = 1 << 20
META_COLUMNS = ("col_name", "col_type", "label")
TYPES = ("filter", "indicator")
NUMBER = r"^-?[0-9]+(\.[0-9]+)?$"

TIME = ("time_period", "time_identifier")
LEVEL = "geographic_level"
AREAS = {
    "National": (("country_code",), "country_name"),
    "Regional": (("region_code",), "region_name"),
    "Local authority": (("new_la_code", "old_la_code"), "la_name"),
    "Local authority district": (("lad_code",), "lad_name"),
    "Local enterprise partnership": (("local_enterprise_partnership_code",), "local_enterprise_partnership_name"),
    "Local skills improvement plan area": (("lsip_code",), "lsip_name"),
    "English devolved area": (("english_devolved_area_code",), "english_devolved_area_name"),
    "Mayoral combined authority": (("mayoral_combined_authority_code",), "mayoral_combined_authority_name"),
    "Opportunity area": (("opportunity_area_code",), "opportunity_area_name"),
    "Parliamentary constituency": (("pcon_code",), "pcon_name"),
    "Planning area": (("planning_area_code",), "planning_area_name"),
    "RSC region": (("rsc_region_lead_name",), "rsc_region_lead_name"),
    "Institution": (("institution_id",), "institution_name"),
    "MAT": (("trust_id",), "trust_name"),
    "Provider": (("provider_ukprn",), "provider_name"),
    "School": (("school_urn", "school_laestab"), "school_name"),
    "Sponsor": (("sponsor_id",), "sponsor_name"),
    "Ward": (("ward_code",), "ward_name"),
}
"""Geographic levels: the columns of an area's code, the first that is filled counts, and of its name."""

GEOGRAPHY = frozenset(name for codes, title in AREAS.values() for name in (*codes, title)) | {
    "school_estab", "school_postcode", "provider_urn", "provider_upin",
}  # fmt: skip
"""Columns that say where, and are neither filters nor indicators."""


@dataclass(frozen=True)
class Indicator:
    """A column of figures: its place in the file from 0, its name there, its label and unit (blank where unknown)."""

    at: int
    name: str
    label: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Meaning:
    """What a data file's columns are: figures, and filters by name; `notes` say how that was found out."""

    indicators: tuple[Indicator, ...]
    filters: tuple[tuple[str, int], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """A line of a metadata file, with its row number there."""

    row_no: int
    name: str
    kind: str
    label: str
    unit: str
    grouping: str


def land_meta(source: Path, landed: Landed) -> None:
    """Copy the metadata of a data file, if its folder has any, beside the file's own private copy.

    It is the file of the same name with `.meta.csv`, else the one metadata file of the folder that names no column
    that the data file has not.

    Raises:
        RefusedFile: it is a link or a device, larger than 1 MiB, or changed while it was copied.
    """
    found = _meta_of(source, landed)
    if found is None:
        return
    status = found.lstat()
    if stat.S_ISREG(status.st_mode) and status.st_size > MAX_META_BYTES:
        raise RefusedFile(found.name, "meta", "a metadata file of more than 1 MiB: this is none")
    copy = land(found, landed.path.parent.parent)
    target = meta_path(landed)
    copy.path.replace(target)
    copy.path.parent.rmdir()


def meta_path(landed: Landed) -> Path:
    """Return where the metadata of a landed file lies, if it has any."""
    return landed.path.with_name(Path(landed.name).stem + META)


def read_meaning(text: Text) -> Meaning:
    """Return what a data file's columns are.

    Raises:
        RefusedFile: the metadata is not what it must be, it names a column that the file has not, or there is no
            column of figures.
    """
    path = meta_path(text.landed)
    meaning = _by_meta(text, _read_lines(path, path.name)) if path.is_file() else _by_content(text)
    if not meaning.indicators:
        raise RefusedFile(text.name, "missing_column", "no column of this file holds figures (an indicator)", row=1)
    return meaning


def _meta_of(source: Path, landed: Landed) -> Path | None:
    others = [path for path in source.parent.iterdir() if path.name.casefold().endswith(META)]
    wanted = f"{source.stem}{META}".casefold()
    for path in others:
        if path.name.casefold() == wanted:
            return path
    if not others or not source.name.casefold().endswith(".csv"):
        return None
    fits = [path for path in others if _fits(path, landed)]
    return fits[0] if len(fits) == 1 else None


def _fits(path: Path, landed: Landed) -> bool:
    """Whether a metadata file of another name describes this file: none of its columns is missing there."""
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_META_BYTES:
        return False
    try:
        header = set(map(normalise, open_text(landed).header))
        names = {normalise(line.name) for line in _read_lines(path, path.name)}
    except RefusedFile:
        return False
    return {*TIME, LEVEL} <= header and bool(names) and names <= header


def _read_lines(path: Path, name: str) -> list[Line]:
    """Read a metadata file, each line with its row number."""
    landed = Landed(path, name, "", path.stat().st_size)
    text = open_text(landed, frozenset(META_COLUMNS))
    places = {normalise(cell): at for at, cell in reversed(list(enumerate(text.header)))}
    for column in META_COLUMNS:
        if column not in places:
            raise RefusedFile(name, "meta", "a metadata file needs this column", row=1, column=column)
    lines, seen = [], set()
    for row_no, row in _rows(text):
        line = _line(row_no, row, places)
        if line.kind not in TYPES:
            message = "must be Filter or Indicator"
            raise RefusedFile(name, "meta", message, row=row_no, column="col_type")
        if not line.name or normalise(line.name) in seen:
            message = "must name a column, each once"
            raise RefusedFile(name, "meta", message, row=row_no, column="col_name")
        seen.add(normalise(line.name))
        lines.append(line)
    return lines


def _rows(text: Text) -> Iterator[tuple[int, list[str]]]:
    for chunk in text.chunks():
        if chunk.wrong:
            row_no, row = chunk.wrong[0]
            message = f"{len(row)} fields where the header has {len(text.header)}"
            raise RefusedFile(text.name, "meta", message, row=row_no, column=text.header[0])
        yield from zip(chunk.row_nos, chunk.rows, strict=True)


def _line(row_no: int, row: Sequence[str], places: dict[str, int]) -> Line:
    def cell(name: str) -> str:
        return row[places[name]].strip() if name in places else ""

    kind = cell("col_type").casefold()
    return Line(row_no, cell("col_name"), kind, cell("label"), cell("indicator_unit"), cell("filter_grouping_column"))


def _by_meta(text: Text, lines: list[Line]) -> Meaning:
    cells = [normalise(cell) for cell in text.header]
    places = {cell: at for at, cell in reversed(list(enumerate(cells)))}
    for line in lines:
        for name in filter(None, (line.name, line.grouping)):
            if normalise(name) not in places:
                _refuse_missing(text, line.row_no, name, cells)
    figures = tuple(
        Indicator(places[normalise(line.name)], text.header[places[normalise(line.name)]], line.label, line.unit)
        for line in lines
        if line.kind == "indicator"
    )
    filters = {normalise(name) for line in lines if line.kind == "filter" for name in (line.name, line.grouping)} - {""}
    known = {figure.at for figure in figures} | {places[name] for name in filters}
    unlisted = [text.header[at] for at, cell in enumerate(cells) if at not in known and not _says_where(cell)]
    notes = [f"columns described by {meta_path(text.landed).name}"]
    if unlisted:
        notes.append(f"columns that the metadata does not name, ignored: {', '.join(map(shown, unlisted))}")
    return Meaning(figures, tuple(sorted((name, places[name]) for name in filters)), tuple(notes))


def _refuse_missing(text: Text, row_no: int, name: str, cells: list[str]) -> None:
    meta = meta_path(text.landed).name
    message = f"{shown(meta)} names this column in its row {row_no}, and the data file has it not"
    near = get_close_matches(normalise(name), [cell for cell in cells if cell], n=1, cutoff=0.0)
    raise RefusedFile(text.name, "missing_column", f"{message}; nearest present: {shown(near[0])}", row=1, column=name)


def _by_content(text: Text) -> Meaning:
    """Take columns whose first rows hold numbers and symbols alone as figures, the others as filters."""
    columns = _sample(text)
    figures, filters = [], []
    for at, cell in enumerate(text.header):
        if _says_where(normalise(cell)):
            continue
        if _holds_figures(columns[at]):
            figures.append(Indicator(at, cell))
        else:
            filters.append((normalise(cell), at))
    note = f"no {META} beside it: columns of numbers are taken as figures, others as filters"
    if filters:
        note += f" ({', '.join(shown(name) for name, _ in filters)})"
    return Meaning(tuple(figures), tuple(sorted(filters)), (note,))


def _sample(text: Text) -> list[pl.Series]:
    """Return the columns of the file's first rows."""
    chunk = next(text.chunks(), Chunk([], []))
    return chunk.columns(len(text.header))


def _holds_figures(values: pl.Series) -> bool:
    filled = values.str.strip_chars().replace("", None).drop_nulls()
    return bool(len(filled)) and bool((filled.str.contains(NUMBER) | filled.is_in(SYMBOLS)).all())


def _says_where(cell: str) -> bool:
    return cell in GEOGRAPHY or cell in (*TIME, LEVEL) or not cell

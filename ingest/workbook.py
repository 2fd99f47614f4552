"""Read a sheet of an .xlsx workbook as rows of text.

The sheet is the one whose first row has most of the feed's columns. A cell becomes the text that a CSV
file would hold: dates ISO, whole numbers without a fraction, by the declared type of its column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from ingest.errors import RefusedFile
from ingest.header_cells import named
from ingest.land import Landed
from ingest.package import MAX_ERROR_ROWS, Package, SheetFacts, inspect
from ingest.preface import NEVER_LOADED, NOTE, header_row
from ingest.spec import normalise
from ingest.table import CHUNK_ROWS, Chunk

EPOCH_1904 = datetime(1904, 1, 1)
EPOCH_1900 = datetime(1899, 12, 30)
LEAP_BUG = 60
"""Serial 60 is 29 February 1900, which never was; the days before it count from one day later."""

FIRST_ROWS = 20
EXACT_NUMBERS = 10**15
"""A workbook keeps 15 digits of a number."""

SECONDS_A_DAY = 86_400
PANIC = "PanicException"
"""What a failed assertion of the reader's Rust becomes: no Exception, and no name to import it by."""

Cell = str | float | int | bool | date | datetime | time | timedelta


@dataclass(frozen=True)
class Sheet:
    """One sheet of a landed workbook. `top` is the header's row number, `facts` what its XML says.

    `has_title` says that rows with text stand above the header; `known` are names of columns, normalised: a cell of
    the header that is none of them may be a value.
    """

    landed: Landed
    sheet: str
    header: tuple[str, ...]
    top: int
    rows: CalamineSheet
    facts: SheetFacts
    is_1904: bool
    is_hidden: bool
    has_title: bool = False
    known: frozenset[str] = field(default=frozenset(), repr=False)
    encoding: str = "xlsx"

    @property
    def name(self) -> str:
        """The name that the file came under."""
        return self.landed.name

    @property
    def _left(self) -> int:
        """How many blank columns stand left of the table: the reader of the cells leaves them out."""
        return (self.rows.start or (0, 0))[1]

    @property
    def reach(self) -> int:
        """How many cells of the header the first rows below it fill; all of them where there is no row."""
        below = islice(self.rows.iter_rows(), self.top, self.top + FIRST_ROWS)
        filled = [at for row in below for at, cell in enumerate(row, 1) if cell != ""]
        return max(filled, default=len(self.header))

    @property
    def notes(self) -> tuple[str, ...]:
        """Say what a reader of the workbook on the screen might not expect."""
        facts = self.facts
        notes = {
            f"read from the sheet {self.sheet!r}": True,
            NOTE.format(self.top): self.has_title,
            "the sheet is hidden": self.is_hidden,
            f"{facts.hidden_rows} hidden rows were read like the others": facts.hidden_rows,
            "merged cells: the value counts for the first cell alone": facts.has_merged_cells,
            f"{facts.formulas} formulas: the values saved with them were read": facts.formulas,
            "days counted from 1904": self.is_1904,
        }
        return tuple(note for note, holds in notes.items() if holds)

    def chunks(self, kinds: Sequence[str | None] = ()) -> Iterator[Chunk]:
        """Yield every row below the header as text, by the declared type of its column."""
        width = len(self.header)
        judges = [
            _text_of(kind, is_1904=self.is_1904, shows_time=kind == "timestamp" and self._shows_time(at))
            for at, kind in enumerate([*kinds, *[None] * width][:width])
        ]
        rows, first = islice(self.rows.iter_rows(), self.top, None), self.top + 1
        errors = {
            row_no: [at - self._left for at in places if at >= self._left]
            for row_no, places in self.facts.errors.items()
        }
        while block := list(islice(rows, CHUNK_ROWS)):
            yield _chunk(block, first, judges, errors)
            first += len(block)

    def _shows_time(self, at: int) -> bool:
        """Whether the cells of a column are moments by their format: some show a time of day, none a day alone."""
        place = at + self._left
        return place in self.facts.clock_columns and place not in self.facts.day_columns

    def end(self) -> tuple[int, str]:
        """Return the last row's number and the last column."""
        return max(self.facts.last_row, self.top), named(self.header, len(self.header) - 1, self.known)


def open_sheets(landed: Landed, known: frozenset[str] = frozenset()) -> list[Sheet]:
    """Open every sheet of a workbook that has a row. `known` are column names, normalised, to find headers by.

    Raises:
        RefusedFile: the workbook is hostile, damaged or empty.
    """
    package = inspect(landed)
    try:
        book = CalamineWorkbook.from_path(landed.path)
        sheets = list(_candidates(landed, book, package, known))
    except BaseException as error:
        if not isinstance(error, CalamineError | OSError | ValueError) and type(error).__name__ != PANIC:
            raise
        sheets = None
    if sheets is None:
        raise RefusedFile(landed.name, "format", "the workbook cannot be read: it is damaged or of another kind")
    if not sheets:
        raise RefusedFile(landed.name, "empty", "no sheet of the workbook has a row")
    return sheets


def best_sheet(sheets: list[Sheet], wanted: frozenset[str]) -> Sheet:
    """Return the sheet that has most `wanted` columns (normalised) in its first row.

    Raises:
        RefusedFile: two sheets fit alike, or a cell has no value.
    """
    sheet = _best(sheets[0].landed, sheets, wanted)
    _check_cells(sheet)
    return sheet


def _candidates(landed: Landed, book: CalamineWorkbook, package: Package, known: frozenset[str]) -> Iterator[Sheet]:
    for about in book.sheets_metadata:
        if about.typ is not SheetTypeEnum.WorkSheet:
            continue
        facts = package.sheets.get(about.name)
        if facts is None:
            raise RefusedFile(landed.name, "format", "which part this sheet is cannot be told", sheet=about.name)
        rows = book.get_sheet_by_name(about.name)
        first = next((no for no, row in enumerate(rows.iter_rows(), 1) if any(_trimmed(row))), None)
        if first is None or _names(rows, first) == [NEVER_LOADED]:
            continue
        below = (list(map(_free_text, row)) for row in islice(rows.iter_rows(), first - 1, None))
        top = first - 1 + header_row(below, known)
        is_hidden = about.visible is not SheetVisibleEnum.Visible
        names = tuple(_names(rows, top))
        yield Sheet(landed, about.name, names, top, rows, facts, package.is_1904, is_hidden, top > first, known)


def _names(rows: CalamineSheet, row_no: int) -> list[str]:
    """Return the cells of a row, up to its last one with text."""
    names = _trimmed(next(islice(rows.iter_rows(), row_no - 1, None)))
    while names and not names[-1]:
        names.pop()
    return names


def _trimmed(row: list[Cell]) -> list[str]:
    return [_free_text(cell).replace("\ufeff", "").strip() for cell in row]


def _best(landed: Landed, sheets: list[Sheet], wanted: frozenset[str]) -> Sheet:
    """Return the sheet that fits best; of a visible and a hidden one that fit alike the visible one."""
    ranks = [(len(wanted & {normalise(cell) for cell in sheet.header}), not sheet.is_hidden) for sheet in sheets]
    best = max(ranks)
    if best[0] and ranks.count(best) > 1:
        names = " and ".join(repr(sheet.sheet) for sheet, rank in zip(sheets, ranks, strict=True) if rank == best)
        raise RefusedFile(landed.name, "two_sheets", f"the sheets {names} fit alike: which one counts is not guessed")
    return sheets[ranks.index(best)]


def _check_cells(sheet: Sheet) -> None:
    name, facts = sheet.name, sheet.facts
    if facts.bare_formula:
        message = f"cell {facts.bare_formula} holds a formula without a value: calculate, save, deliver again"
        raise RefusedFile(name, "formula", message, sheet=sheet.sheet)
    if sheet.top in facts.errors or len(facts.errors) > MAX_ERROR_ROWS:
        where = "the header" if sheet.top in facts.errors else f"more than {MAX_ERROR_ROWS} rows"
        message = f"cell {facts.first_error} and {where} hold errors instead of values"
        raise RefusedFile(name, "error_cell", message, sheet=sheet.sheet)


def _chunk(
    block: list[list[Cell]], first: int, judges: list[Callable[[Cell], str]], errors: Mapping[int, list[int]]
) -> Chunk:
    """Turn rows into text; drop blank ones (they keep their number), put apart those wider than the header.

    `errors` are the cells of each row that hold an error, which come as blanks.
    """
    width, chunk = len(judges), Chunk([], [])
    for row_no, row in enumerate(block, first):
        if row_no not in errors and not any(cell != "" for cell in row):
            chunk.blank += 1
            continue
        fields = [cell if type(cell) is str else judge(cell) for judge, cell in zip(judges, row[:width], strict=True)]
        beyond = [_free_text(cell) for cell in row[width:]]
        if any(cell.strip() for cell in beyond):
            while not beyond[-1].strip():
                beyond.pop()
            chunk.wrong.append((row_no, fields + beyond))
        elif row_no in errors or any(field.strip() for field in fields):
            chunk.row_nos.append(row_no)
            chunk.rows.append(fields)
            if row_no in errors:
                chunk.errors[row_no] = errors[row_no]
    return chunk


def _text_of(kind: str | None, *, is_1904: bool, shows_time: bool = False) -> Callable[[Cell], str]:
    """Return what turns a cell that is no text into text, in a column of the declared type `kind`."""
    if shows_time:
        return lambda cell: _midnight(cell, is_1904=is_1904)
    if kind in ("date", "timestamp"):
        return lambda cell: _day(cell, is_1904=is_1904)
    if kind == "flag":
        return lambda cell: ("N", "Y")[cell] if isinstance(cell, bool) else _free_text(cell)
    if kind == "id":
        return _identifier
    return _free_text


def _identifier(cell: Cell) -> str:
    """A number of more digits than a workbook keeps has lost some: it stays in scientific notation, as damaged."""
    if isinstance(cell, float | int) and not isinstance(cell, bool) and abs(cell) >= EXACT_NUMBERS:
        return f"{cell:.14E}"
    return _free_text(cell)


def _free_text(cell: Cell) -> str:
    """Return a cell as text: dates ISO, whole numbers whole, others to the 15 digits that a workbook keeps."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float | int):
        return str(int(cell)) if cell == int(cell) else format(Decimal(f"{cell:.15g}"), "f")
    if isinstance(cell, datetime):
        return (cell + timedelta(microseconds=500_000)).isoformat(timespec="seconds")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def _midnight(cell: Cell, *, is_1904: bool) -> str:
    """Return a moment as ISO text; what comes as a day, because it has no fraction, is the midnight it begins with."""
    is_day = isinstance(cell, date) and not isinstance(cell, datetime)
    return f"{cell.isoformat()}T00:00:00" if is_day else _day(cell, is_1904=is_1904)


def _day(cell: Cell, *, is_1904: bool) -> str:
    """Return a date or a time as ISO text; a bare number counts days (and parts of one) of the workbook's epoch."""
    if type(cell) is date:
        return cell.isoformat()
    if isinstance(cell, bool) or not isinstance(cell, float | int):
        return _free_text(cell)
    days = int(cell)
    if cell < 0 or (not is_1904 and (days == LEAP_BUG or days == 0)):
        return _free_text(cell)
    epoch = EPOCH_1904 if is_1904 else EPOCH_1900 + timedelta(days=days < LEAP_BUG)
    try:
        moment = epoch + timedelta(days=days, seconds=round((cell - days) * SECONDS_A_DAY))
    except OverflowError:
        return _free_text(cell)
    return moment.isoformat() if cell != days else moment.date().isoformat()

"""Hold a file against what was promised of it: by the manifest beside it, or by the file that it is part of."""

from __future__ import annotations

from typing import NoReturn

from ingest.errors import RefusedFile, shown
from ingest.gather import Job
from ingest.land import Landed
from ingest.part import Part
from ingest.recognise import Header
from ingest.spec import FeedSpec
from sightline.settings import settings


def check_council(job: Job, landed: Landed, council: str) -> None:
    """Refuse a file whose manifest says that it is another council's, or of made-up people where real ones are."""
    if job.council is not None and job.council != council:
        message = f"the manifest says that this is {shown(job.council)}'s, not {council}'s"
        raise RefusedFile(landed.name, "council", message)
    if job.is_made_up and not settings().is_demo_key:
        message = "the manifest says that its people are made up: they are never loaded under a council's own key"
        raise RefusedFile(landed.name, "made_up", message)


def refuse_changed(job: Job, landed: Landed, parts: list[Part]) -> None:
    """Refuse a file whose bytes are not the promised ones, and say where it ends."""
    row, column = parts[0].end() if len(parts) == 1 else (None, None)
    promised = f"; the manifest promises {job.promise.rows} rows" if job.promise.rows is not None else ""
    message = f"cut short or changed: its SHA-256 is not the manifest's; it ends here{promised}"
    raise RefusedFile(landed.name, "cut_short", message, row=row, column=column)


def refuse_twin(part: Part, spec: FeedSpec, other: str) -> NoReturn:
    """Refuse one of two files of a snapshot that are as at one day, of a return also of one collection year."""
    of = f"{spec.feed} and its collection year" if spec.within else spec.feed
    message = (
        f"{shown(other)} is of {of} as well, with other content: each would close the other's rows, and which one"
        " counts is not guessed; give one of them, or both as one file"
    )
    raise RefusedFile(part.name, "two_files", message, sheet=part.sheet)


def check_rows(rows_read: int, part: Part, promised: int | None) -> None:
    """Refuse a table whose number of rows is not the promised one, or that holds none without saying so."""
    if promised is not None and promised != rows_read:
        row, column = part.end()
        message = f"{rows_read} rows where the manifest promises {promised}: the file was cut short"
        raise RefusedFile(part.name, "cut_short", message, row=row, column=column, sheet=part.sheet)
    if rows_read == 0 and promised != 0:
        message = "only a header; an empty feed needs a manifest that says 0 rows"
        raise RefusedFile(part.name, "empty", message, sheet=part.sheet)


def notes_of(part: Part, header: Header, year_note: str | None) -> tuple[str, ...]:
    """Say what was taken in although it was not as specified, and how the collection year was found."""
    notes = []
    if header.extra:
        notes.append(f"columns not in the specification, ignored: {', '.join(header.extra)}")
    if header.renamed:
        notes.append(f"columns under another name: {', '.join(header.renamed)}")
    absent = [name for name in header.added if name not in {added for added, value in part.added if value}]
    if absent:
        notes.append(f"columns that the file need not have and has not, left blank: {', '.join(absent)}")
    return (*notes, *([year_note] if year_note else []), *part.notes)

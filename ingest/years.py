"""The collection year of each file of a return."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from ingest.collection import year_handed_in, year_of, year_of_codes, year_of_days, year_within
from ingest.errors import RefusedFile
from ingest.gather import Job
from ingest.land import Landed
from ingest.part import Part
from ingest.parts import open_parts
from ingest.recognise import Header, by_name, match_header, recognise
from ingest.spec import FeedSpec

ENDINGS = (".csv", ".txt", ".tsv", ".xlsx", ".parquet")
SURVEY_BYTES = 256 << 20
"""A file beyond this is not read a second time to find out the year of the files beside it."""


class Years:
    """Finds the collection year of returns; remembers that of each folder."""

    def __init__(self, specs: Mapping[str, FeedSpec]) -> None:
        self._specs = specs
        self._folders: dict[tuple[Path, date], tuple[set[int], set[int]]] = {}

    def find(self, job: Job, part: Part, spec: FeedSpec, header: Header, as_at: date) -> tuple[int | None, str | None]:
        """Return the collection year of a part and a note on how it was found; (None, None) where it has none."""
        if spec.collection is None and not spec.within:
            return None, None
        if part.year or job.year:
            year, note = part.year or job.year, None
        elif spec.collection is None:
            year, note = year_within(part, spec, header), None
        else:
            year, note = self._guess(job, part, spec, header, as_at)
        return year, "; ".join(filter(None, (note, _beyond(spec, year)))) or None

    def _guess(self, job: Job, part: Part, spec: FeedSpec, header: Header, as_at: date) -> tuple[int, str]:
        """Return the year of a file that does not state it, and how it was found."""
        own = year_of_days(part, spec, header, as_at)
        by_own = f"collection year {own}, by the newest days in the file"
        if own and not spec.collection.yields:
            return own, by_own
        beside, decisive = self._of_folder(job.path.parent, as_at)
        if own and (not decisive or own in decisive):
            return own, by_own
        if own:
            guess = max(decisive)
            return guess, f"collection year {guess}, by the files beside it; its own newest days are of {own}"
        guess, how = (max(beside), "the files beside it") if beside else (year_handed_in(as_at), _by_as_at(as_at))
        year = year_of_codes(part, spec, header, guess)
        if year != guess:
            return year, f"collection year {year}, the nearest whose codes are those of the file"
        return year, f"collection year {year}, by {how}"

    def _of_folder(self, folder: Path, as_at: date) -> tuple[set[int], set[int]]:
        """Return the years that the files of a folder show, and those of them that give way to no other file.

        The first are the second, where there are any.
        """
        if (folder, as_at) not in self._folders:
            shown = [one for path in sorted(folder.iterdir()) for one in self._of_file(path, as_at)]
            decisive = {year for year, yields in shown if not yields}
            self._folders[folder, as_at] = decisive or {year for year, _ in shown}, decisive
        return self._folders[folder, as_at]

    def _of_file(self, path: Path, as_at: date) -> Iterator[tuple[int, bool]]:
        """Yield the years that the days of a file's tables show, and whether each gives way to other files."""
        for part, spec in self._open(path):
            try:
                year = year_of_days(part, spec, match_header(part, spec, self._specs), as_at)
            except (RefusedFile, OSError, ValueError):
                continue
            if year:
                yield year, spec.collection.yields

    def _open(self, path: Path) -> Iterator[tuple[Part, FeedSpec]]:
        """Open a file where it lies, only to find out its year: its tables that have days which show one."""
        try:
            if path.suffix.casefold() not in ENDINGS or not stat.S_ISREG(path.lstat().st_mode):
                return
            size, named = path.stat().st_size, by_name(path.name, self._specs)
            if size > SURVEY_BYTES or (named and not (named.collection and named.collection.dates)):
                return
            for part in open_parts(Landed(path, path.name, "", size), self._specs):
                spec = self._specs[part.feed] if part.feed else recognise(part, self._specs)
                if spec.collection and spec.collection.dates:
                    yield part, spec
        except (RefusedFile, OSError, ValueError):
            return


def _by_as_at(as_at: date) -> str:
    """Say that the as-at date alone shows the year, and where it stands for the year before its own."""
    is_before = year_handed_in(as_at) < year_of(as_at)
    why = "; from 1 April to 30 June it is the year that has ended" if is_before else ""
    return f"the as-at date: nothing in the file or beside it says so{why}"


def _beyond(spec: FeedSpec, year: int | None) -> str | None:
    """Say so where the return of a year is not known to have the table, and as which year's it is read."""
    if year is None or (spec.since or year) <= year <= (spec.until or year):
        return None
    nearest = spec.since if year < (spec.since or year) else spec.until
    years = f"{spec.since} to {spec.until}" if spec.since != spec.until else f"{spec.since}"
    return f"the return of {year} is not known to have this table, that of {years} is: read as in {nearest}"

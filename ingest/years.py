"""The order in which files are taken in, and the collection year of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from ingest.collection import year_of, year_of_codes, year_of_days, year_within
from ingest.errors import RefusedFile
from ingest.gather import Job
from ingest.land import Landed
from ingest.part import Part
from ingest.parts import open_parts
from ingest.peek import likely_feed
from ingest.recognise import Header, known_columns, match_header, recognise
from ingest.spec import FeedSpec

SURVEY_BYTES = 256 << 20
"""A file beyond this is not read a second time to find out the year of the files beside it."""


class Years:
    """Finds the collection year of returns; remembers that of each folder."""

    def __init__(self, specs: Mapping[str, FeedSpec]) -> None:
        self._specs, self._known = specs, known_columns(specs)
        self._folders: dict[Path, int | None] = {}
        self._feeds: dict[Path, FeedSpec | None] = {}

    def ordered(self, jobs: list[Job]) -> list[Job]:
        """Return the jobs in their order, but those of a parent feed before those of its children."""
        return sorted(jobs, key=lambda job: self._depth(self._feed(job.path), frozenset()))

    def _feed(self, path: Path) -> FeedSpec | None:
        if path not in self._feeds:
            self._feeds[path] = likely_feed(path, self._specs, self._known)
        return self._feeds[path]

    def _depth(self, spec: FeedSpec | None, above: frozenset[str]) -> int:
        if spec is None or spec.feed in above:
            return 0
        parents = [self._specs[parent.feed] for parent in spec.parents if parent.feed != spec.feed]
        return max((1 + self._depth(parent, above | {spec.feed}) for parent in parents), default=0)

    def find(self, job: Job, part: Part, spec: FeedSpec, header: Header, as_at: date) -> tuple[int | None, str | None]:
        """Return the collection year of a part and a note on how it was found; (None, None) where it has none."""
        if spec.collection is None and not spec.within:
            return None, None
        if part.year or job.year:
            return part.year or job.year, None
        if spec.collection is None:
            return year_within(part, spec, header), None
        year = year_of_days(part, spec, header)
        if year:
            return year, f"collection year {year}, by the newest days in the file"
        beside = self._of_folder(job.path.parent)
        guess = beside or year_of(as_at)
        year = year_of_codes(part, spec, header, guess)
        if year != guess:
            return year, f"collection year {year}, the nearest whose codes are those of the file"
        how = "the files beside it" if beside else "the as-at date: nothing in the file or beside it says so"
        return year, f"collection year {year}, by {how}"

    def given_twice(self, jobs: list[Job]) -> list[Job]:
        """Return the jobs of which two are of one snapshot feed and one as-at date, or one collection year."""
        counted: dict[tuple, list[Job]] = defaultdict(list)
        for job in jobs:
            spec = self._feed(job.path)
            if spec and spec.scope == "snapshot" and not spec.within:
                counted[spec.feed, job.as_at].append(job)
            elif spec is None or spec.within:
                place = self._place(job)
                if place:
                    counted[place].append(job)
        return [job for alike in counted.values() if len(alike) > 1 for job in alike]

    def _place(self, job: Job) -> tuple[str, int | None] | None:
        """Return feed and collection year of a file of a return; None where it is none or cannot be read."""
        opened = self._open(job.path)
        if opened is None or not opened[1].within:
            return None
        part, spec, header = opened
        try:
            return spec.feed, self.find(job, part, spec, header, job.as_at or date.max)[0]
        except RefusedFile:
            return None

    def _of_folder(self, folder: Path) -> int | None:
        if folder not in self._folders:
            years = [self._of_file(path) for path in sorted(folder.iterdir()) if path.is_file()]
            self._folders[folder] = max((year for year in years if year), default=None)
        return self._folders[folder]

    def _of_file(self, path: Path) -> int | None:
        """Return the year that the days of a file show; None where it is no return or cannot be read."""
        opened = self._open(path)
        return year_of_days(*opened) if opened and opened[1].collection else None

    def _open(self, path: Path) -> tuple[Part, FeedSpec, Header] | None:
        """Open a file of delimited text where it lies, only to find out its year; None where that cannot be."""
        try:
            if path.is_symlink() or path.suffix.casefold() not in (".csv", ".txt"):
                return None
            if path.stat().st_size > SURVEY_BYTES:
                return None
            (part,) = open_parts(Landed(path, path.name, "", path.stat().st_size), self._specs)
            spec = recognise(part, self._specs)
            return part, spec, match_header(part, spec, self._specs)
        except (RefusedFile, OSError, ValueError):
            return None

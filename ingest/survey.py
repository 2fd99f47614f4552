"""What the files of a run are, found out by their first bytes before any of them is loaded.

Two files of one snapshot would close each other's rows, whatever they are called and in whatever form they come; and a
parent's file must be taken in before those of its children. Both need to know what each file holds. Only the head of a
text or a return is read, of Parquet its footer, of a workbook the sheets; a file is read for its collection year only
where another one is of the same feed.
"""

from __future__ import annotations

import filecmp
import stat
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ingest import xml_return
from ingest.ees import FEED, is_ees
from ingest.errors import RefusedFile
from ingest.gather import Job
from ingest.land import Landed
from ingest.part import Part
from ingest.parts import open_parts
from ingest.read import open_text
from ingest.recognise import by_name, known_columns, match_header, recognise
from ingest.sniff import Kind, kind_of
from ingest.spec import FeedSpec
from ingest.years import Years

HEAD_BYTES = 256 << 10
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Found:
    """What a file is: its feeds, and, where a return's head says it, its collection year.

    `silent` are feeds of which a return says nothing where it has no row of them (`Layout.silent_in`).
    The reference date in a census's head is the day that the year is counted at, not that of the extract: two of one
    year and two such days are ambiguous all the same.
    """

    kind: Kind
    feeds: tuple[str, ...]
    year: int | None = None
    silent: tuple[str, ...] = ()


class Survey:
    """What the jobs of one run are. A file that cannot be told is none of several: its own load says what is wrong."""

    def __init__(self, jobs: list[Job], specs: Mapping[str, FeedSpec], years: Years, as_at: date) -> None:
        self._specs, self._years, self._as_at = specs, years, as_at
        self._known = known_columns(specs)
        self._found = {job.path: self._look(job.path) for job in jobs} if len(jobs) > 1 else {}
        self._jobs = jobs
        self._twins = self._find_twins()

    def ordered(self) -> list[Job]:
        """Return the jobs in their order, but those of a parent feed before those of its children."""
        return sorted(self._jobs, key=self._depth)

    def twins(self, job: Job) -> Mapping[str, str]:
        """Return the feeds of a job that another file brings as well, with other content: feed -> that file's name."""
        return self._twins.get(job.path, {})

    def _depth(self, job: Job) -> int:
        found = self._found.get(job.path)
        return min((depth_of(self._specs[feed], self._specs) for feed in found.feeds), default=0) if found else 0

    def _look(self, path: Path) -> Found | None:
        try:
            return look(path, self._specs, self._known)
        except (RefusedFile, OSError, ValueError):
            named = by_name(path.name, self._specs)
            return Found("text", (named.feed,)) if named else None

    def _find_twins(self) -> dict[Path, dict[str, str]]:
        alike: dict[tuple[str, date], list[Job]] = defaultdict(list)
        for job in self._jobs:
            found = self._found.get(job.path)
            for feed in found.feeds if found else ():
                if self._specs[feed].scope == "snapshot":
                    alike[feed, job.as_at or self._as_at].append(job)
        twins: dict[Path, dict[str, str]] = defaultdict(dict)
        for (feed, as_at), jobs in alike.items():
            for others in self._of_one_year(feed, as_at, jobs):
                if any(not _is_same(others[0].path, job.path) for job in others[1:]):
                    for job in others:
                        other = next(one for one in others if one.path != job.path)
                        twins[job.path] |= dict.fromkeys((feed, *self._silent_in_both(job, other)), other.path.name)
        return twins

    def _silent_in_both(self, job: Job, other: Job) -> set[str]:
        """Return the feeds of which two returns of one year may say nothing: where both say something, it is twice."""
        return {*self._found[job.path].silent} & {*self._found[other.path].silent}

    def _of_one_year(self, feed: str, as_at: date, jobs: list[Job]) -> list[list[Job]]:
        """Part several files of a feed by collection year, where the feed has any; return those of several files."""
        spec = self._specs[feed]
        by_year: dict[int | None, list[Job]] = defaultdict(list)
        for job in jobs:
            year = self._year(job, spec, as_at) if spec.within and len(jobs) > 1 else None
            by_year[year].append(job)
        return [alike for alike in by_year.values() if len(alike) > 1]

    def _year(self, job: Job, spec: FeedSpec, as_at: date) -> int | None:
        """Return the collection year of a file's part; None where it cannot be found, as its own load will say."""
        found = self._found[job.path]
        if found.year or job.year:
            return found.year or job.year
        try:
            if found.kind == "markup":
                return _year_of_return(job.path)
            for part in open_parts(_in_place(job.path), self._specs):
                if (part.feed or recognise(part, self._specs).feed) == spec.feed:
                    return self._years.find(job, part, spec, match_header(part, spec, self._specs), as_at)[0]
        except (RefusedFile, OSError, ValueError):
            return None
        return None


def depth_of(spec: FeedSpec, specs: Mapping[str, FeedSpec], above: frozenset[str] = frozenset()) -> int:
    """Return how many feeds stand above one, by their parents: 0 for one without."""
    if spec.feed in above:
        return 0
    parents = [specs[parent.feed] for parent in spec.parents if parent.feed != spec.feed]
    return max((1 + depth_of(parent, specs, above | {spec.feed}) for parent in parents), default=0)


def look(path: Path, specs: Mapping[str, FeedSpec], known: frozenset[str]) -> Found | None:
    """Find out what a file is, where it lies; None for what is no regular file. `known` are all feeds' column names.

    Raises:
        RefusedFile: it is of no format, return or feed that is known.
        OSError: it cannot be read.
    """
    if not stat.S_ISREG(path.lstat().st_mode):
        return None
    head, landed = _head(path), _in_place(path)
    kind = kind_of(landed)
    if kind == "markup":
        layout, year = xml_return.look(head[: xml_return.BLOCK_BYTES], path.name)
        silent = layout.silent_in(year)
        return Found(kind, tuple(feed for feed in layout.columns if feed not in silent), year, tuple(silent))
    if kind == "text":
        return Found(kind, _feeds_of_text(head, path.name, specs, known))
    return Found(kind, tuple(_feeds_of(open_parts(landed, specs), specs)))


def _feeds_of(parts: list[Part], specs: Mapping[str, FeedSpec]) -> Iterator[str]:
    for part in parts:
        yield part.feed or recognise(part, specs).feed


def _feeds_of_text(head: bytes, name: str, specs: Mapping[str, FeedSpec], known: frozenset[str]) -> tuple[str, ...]:
    """Return the feed of a text by its head, which is opened as a file of its own."""
    with tempfile.NamedTemporaryFile(prefix="sightline-head-") as handle:
        handle.write(head)
        handle.flush()
        text = open_text(Landed(Path(handle.name), name, "", len(head)), known)
        return (FEED,) if is_ees(text, specs) else (recognise(text, specs).feed,)


def _head(path: Path) -> bytes:
    """Return a file's first bytes, of a longer text up to the end of a line: no character is cut."""
    with path.open("rb") as handle:
        head = handle.read(HEAD_BYTES)
    if len(head) < HEAD_BYTES or head.startswith(UTF_16_MARKS):
        return head
    return head[: head.rfind(b"\n") + 1] or head


def _in_place(path: Path) -> Landed:
    return Landed(path, path.name, "", path.stat().st_size)


def _year_of_return(path: Path) -> int | None:
    """Return the collection year of a return in XML whose header does not say it: by its days, at its end."""
    reader = xml_return.open_return(path)
    for _ in reader.rows():
        pass
    return reader.year


def _is_same(one: Path, other: Path) -> bool:
    """Whether two files hold the same bytes."""
    return one.samefile(other) or filecmp.cmp(one, other, shallow=False)

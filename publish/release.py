"""Releases: render, write whole, record, and never change after.

    reports/<council>/<report>/<period>/releases/<release id>/     the files of one release
    reports/<council>/<report>/<period>/latest/<unit>              points to the release in force

The release id is a hash of all that the document says and of the templates: the same figures give the same id and
the same bytes, and nothing is written again. A changed figure makes a release beside the old one. A release is
rendered into a folder of its own, flushed, renamed into place, recorded in one transaction, and only then pointed to:
a kill at any moment leaves the old report or the new one.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psycopg

from publish import assemble, query
from publish.context import value_text
from publish.document import Document, Provenance, Released
from publish.numbers import day
from publish.query import Figure
from publish.render import file_names, render, unit_name
from publish.spec import ReportSpec, SpecError, reports
from sightline import councils, warehouse
from sightline.periods import CADENCES, Period
from sightline.settings import settings

__all__ = ["Release", "ReportSpec", "latest_periods", "publish", "reports"]
_FIGURE = tuple(Figure.__slots__)
DDL = (Path(__file__).parent / "published.sql").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Release:
    """A release that stands. `folder` holds its files; `page` is the first of them by way of the pointer."""

    release_id: str
    report: str
    council: str
    period: str
    unit: str
    audience: str
    as_at: date
    folder: Path
    page: Path
    files: tuple[str, ...]
    is_new: bool


def latest_periods(as_at: date) -> dict[str, str]:
    """The last complete period of each cadence: {'weekly': '2026-W39', ...}."""
    return {cadence: Period.latest_complete(as_at, kind).label for cadence, kind in CADENCES.items()}


def publish(
    report: str, council: str, period: str, as_at: date, progress: Callable[[str], None] | None = None
) -> list[Release]:
    """Render and release a report for a period: one release for each unit, new or standing already.

    Raises SpecError (no such report, or a period of another cadence), councils.CouncilError, ValueError (no period).
    """
    chosen = _spec(report)
    span = Period.parse(period)
    if span.kind != chosen.period_kind:
        raise SpecError(f"{report}: is a {chosen.cadence} report; {period} is a {span.kind}")
    facts = councils.load(council)
    with warehouse.connect() as connection:
        connection.execute(DDL)
        _lock(connection, chosen, council, period)
        _sweep(settings().reports / council / report / span.label)
        shown = _published(connection, council) if chosen.is_protected else {}
        material = assemble.read(connection, chosen, facts, span, as_at, settings().is_demo_key, shown)
        found = []
        for unit in assemble.units(material):
            document = assemble.document(connection, material, unit)
            found.append(_release(connection, document, material))
            connection.commit()
            if progress:
                progress(f"{report} {period} {unit[2]}: {'released' if found[-1].is_new else 'unchanged'}")
    return found


def _spec(report: str) -> ReportSpec:
    if report not in reports():
        raise SpecError(f"{report}: there is no such report; known: {', '.join(reports())}")
    return reports()[report]


def _lock(connection: psycopg.Connection, chosen: ReportSpec, council: str, period: str) -> None:
    """One run at a time for a report and period; for all protected reports of a council, which know of each other."""
    name = f"publish {council} protected" if chosen.is_protected else f"publish {council} {chosen.report} {period}"
    connection.execute("select pg_advisory_lock(hashtextextended(%s, 0))", (name,))


def _sweep(place: Path) -> None:
    """Remove what a killed run left half written. The lock is held: nobody writes here."""
    for left in [*place.glob("releases/.*"), *place.glob("latest/.*")]:
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left)
        else:
            left.unlink()


def _release(connection: psycopg.Connection, document: Document, material: assemble.Material) -> Release:
    """Write, record and point to a document's release; where it stands already, only make sure of the pointer."""
    unit = unit_name(document)
    digest = hashlib.sha256(json.dumps(document.content(), default=str, sort_keys=True).encode() + _looks()).hexdigest()
    release_id = f"{document.report}-{unit}-{document.period}-{digest[:12]}".lower()
    place = settings().reports / document.council / document.report / document.period
    folder = place / "releases" / release_id
    recorded = connection.execute("select state from ops.release where release_id = %s", (release_id,)).fetchone()
    is_new = recorded is None or not folder.is_dir()
    if is_new:
        made = Provenance(
            release_id,
            code_version(),
            material.deliveries.count,
            day(material.deliveries.last_on) if material.deliveries.last_on else "",
        )
        _write(folder, render(replace(document, provenance=made), material.spec.formats))
    if recorded is None:
        _record(connection, document, material, release_id, unit, folder.relative_to(settings().reports))
    _put_in_force(connection, document, release_id, unit)
    connection.commit()
    pointer = _point(place / "latest" / unit, folder)
    names = tuple(sorted(path.name for path in folder.iterdir()))
    first = file_names(document)[material.spec.formats[0]]
    return Release(
        release_id,
        document.report,
        document.council,
        document.period,
        unit,
        document.audience,
        document.as_at,
        folder,
        pointer / first,
        names,
        is_new,
    )


@cache
def _looks() -> bytes:
    """A hash of what decides how a document looks: templates and renderers."""
    here = Path(__file__).parent
    files = [
        *sorted((here / "templates").iterdir()),
        here / "html.py",
        here / "pdf.py",
        here / "xlsx.py",
        here / "render.py",
    ]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).digest()


@cache
def code_version() -> str:
    """The package's version and a hash of the code that publishes, e.g. 0.1.0+3f9a01c2."""
    here = Path(__file__).parent
    files = sorted(path for path in here.rglob("*") if path.suffix in (".py", ".yml", ".j2", ".css", ".typ"))
    mark = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:8]
    try:
        return f"{version('sightline')}+{mark}"
    except PackageNotFoundError:
        return mark


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder whole: beside its place, flushed, then renamed. A folder that no record knows gives way."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = folder.parent / f".{folder.name}.{os.getpid()}"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    for name, content in files.items():
        with (temporary / name).open("wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
    _flush(temporary)
    if folder.exists():
        shutil.rmtree(folder)
    temporary.rename(folder)
    _flush(folder.parent)


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _point(pointer: Path, folder: Path) -> Path:
    """Make the pointer lead to the folder, in one step."""
    target = os.path.relpath(folder, pointer.parent)
    if not (pointer.is_symlink() and os.readlink(pointer) == target):  # noqa: PTH115 (the text of the link)
        pointer.parent.mkdir(parents=True, exist_ok=True)
        temporary = pointer.parent / f".{pointer.name}.{os.getpid()}"
        temporary.unlink(missing_ok=True)
        temporary.symlink_to(target)
        temporary.replace(pointer)
        _flush(pointer.parent)
    return pointer


def _record(
    connection: psycopg.Connection,
    document: Document,
    material: assemble.Material,
    release_id: str,
    unit: str,
    path: Path,
) -> None:
    rows = sorted(document.released, key=lambda r: tuple(str(getattr(r, name)) for name in Released.__slots__))
    figures = hashlib.sha256(
        json.dumps([[str(getattr(r, name)) for name in Released.__slots__] for r in rows]).encode()
    ).hexdigest()
    connection.execute(
        """insert into ops.release (release_id, report, council, period, audience, unit, as_at, figures_sha256,
           deliveries, code_version, path, state) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'released')""",
        (
            release_id,
            document.report,
            document.council,
            document.period,
            document.audience,
            unit,
            document.as_at,
            figures,
            json.dumps(material.deliveries.ids),
            code_version(),
            str(path),
        ),
    )
    columns = ", ".join(Released.__slots__)
    with connection.cursor().copy(f"copy ops.released_figure (release_id, {columns}) from stdin") as copy:
        for row in rows:
            copy.write_row((release_id, *(getattr(row, name) for name in Released.__slots__)))
    if material.spec.is_protected:
        _record_published(connection, document, material.store, release_id)


def _record_published(connection: psycopg.Connection, document: Document, store: query.Store, release_id: str) -> None:
    """Keep every figure that this report could show, as protected: later reports count them as known.

    Analysts and partners' tools may read the table; a hidden figure has no numbers.
    """
    columns = "release_id, council, audience, report, as_at, shown, " + ", ".join(_FIGURE)
    with connection.cursor().copy(f"copy published.figure ({columns}) from stdin") as copy:
        for key in sorted(store.figures, key=repr):
            figure = store.figures[key]
            shown = value_text(store.indicators[figure.indicator_id], figure)
            copy.write_row(
                (
                    release_id,
                    document.council,
                    document.audience,
                    document.report,
                    document.as_at,
                    shown,
                    *(getattr(figure, name) for name in _FIGURE),
                )
            )


def _put_in_force(connection: psycopg.Connection, document: Document, release_id: str, unit: str) -> None:
    connection.execute(
        """update ops.release set state = case when release_id = %s then 'released' else 'superseded' end
           where report = %s and council = %s and period = %s and unit = %s""",
        (release_id, document.report, document.council, document.period, unit),
    )


def _published(connection: psycopg.Connection, council: str) -> dict[tuple, list[Figure]]:
    """What protected reports have shown so far, by figure; every release counts, superseded or not."""
    columns = ", ".join(_FIGURE)
    sql = f"select {columns} from published.figure where council = %(council)s order by {columns}"  # noqa: S608 (own)
    found = defaultdict(list)
    for row in query.rows(connection, sql, {"council": council}):
        figure = Figure(**row)
        found[figure.key].append(figure)
    return found

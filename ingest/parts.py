"""Open a landed file as the tables that it holds: one of delimited text, some of a workbook, many of an XML return."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from ingest import xml_return
from ingest.ees import FEED, dataset_of, is_ees, open_ees
from ingest.errors import RefusedFile
from ingest.gather import MANIFEST, read_manifest
from ingest.land import Landed
from ingest.part import Part
from ingest.read import Text, open_text
from ingest.recognise import by_name, by_sheet, feed_of, holds_header, known_columns, names_of
from ingest.sniff import kind_of
from ingest.spec import FeedSpec
from ingest.workbook import Sheet, best_sheet, open_sheets

PARTS = ".parts"
"""Where the tables of a return lie, beside its copy: no landed file has a name with a dot at its start."""
AUTHORITY = re.compile(r"\d{3}|[ENSW]\d{8}", re.ASCII)


def open_parts(landed: Landed, specs: Mapping[str, FeedSpec]) -> list[Part]:
    """Open every table of a landed file; its first bytes say what it is, the ending of its name decides nothing.

    Raises:
        RefusedFile: it is empty, of a format that is not read, hostile, or cannot be opened.
    """
    kind = kind_of(landed)
    if kind == "markup":
        return _of_return(landed)
    if kind == "workbook":
        return _of_workbook(landed, specs)
    if kind == "parquet":
        # Its library takes 40 MiB, which a load of text does not need.
        from ingest.parquet import open_parquet

        return [Part(open_parquet(landed, known_columns(specs)))]
    text = open_text(landed, known_columns(specs))
    return [_of_statistics(text)] if is_ees(text, specs) else [Part(text)]


def _of_workbook(landed: Landed, specs: Mapping[str, FeedSpec]) -> list[Part]:
    """Return the sheet that the file's name asks for; else each sheet that is a feed's; else the likeliest."""
    sheets = open_sheets(landed, known_columns(specs))
    named = by_name(landed.name, specs)
    if named and any(holds_header(sheet.header, named) for sheet in sheets):
        return [Part(best_sheet(sheets, names_of(named)))]
    found: dict[str, list[Sheet]] = {}
    for sheet in sheets:
        spec = feed_of(by_sheet(sheet.sheet, specs), sheet.header, specs)
        if spec:
            found.setdefault(spec.feed, []).append(sheet)
    if len(found) > 1:
        return [_of_sheets(alike, specs[feed]) for feed, alike in found.items()]
    return [Part(best_sheet(sheets, known_columns(specs)))]


def _of_sheets(alike: list[Sheet], spec: FeedSpec) -> Part:
    """Return the sheet of a feed; what is wrong with it is held against it alone, not against the other sheets."""
    try:
        sheet = best_sheet(alike, names_of(spec))
    except RefusedFile as error:
        return Part(alike[0], spec.feed, alike[0].sheet, failure=error)
    return Part(sheet, spec.feed, sheet.sheet)


def _of_statistics(text: Text) -> Part:
    """Return a published data file as the figures that it holds."""
    table = open_ees(text)
    return Part(table, FEED, dataset_of(text.name), per_row=table.figures, is_dataset=True)


def _of_return(landed: Landed) -> list[Part]:
    """Return the feeds of a statutory return in XML, parents before children; row numbers count its elements."""
    folder = landed.path.parent / PARTS
    if not (folder / MANIFEST).is_file():
        _split(landed, folder)
    manifest, parts = read_manifest(folder), []
    for name, promise in manifest.files.items():
        path = folder / name
        table = open_text(Landed(path, landed.name, landed.sha256, path.stat().st_size))
        label = path.stem
        remarks = () if parts else manifest.remarks
        parts.append(Part(table, path.stem, label, promise.rows, manifest.as_at, manifest.year, remarks, shift=-1))
    return parts


def _split(landed: Landed, folder: Path) -> None:
    """Write a return's feeds into `folder`, whole or not at all."""
    partial = Path(tempfile.mkdtemp(prefix=".parts-", dir=landed.path.parent))
    try:
        reader = xml_return.split(landed.path, partial, landed.name)
        remarks = [f"{one.rule}: {one.path}, line {one.line}, {one.count} times" for one in reader.problems]
        authority = reader.header.get("LEA", "")
        if AUTHORITY.fullmatch(authority):
            remarks.insert(0, f"a return of the authority {authority}, by its header")
        manifest = json.loads((partial / MANIFEST).read_text(encoding="utf-8"))
        manifest |= {"year": reader.year, "remarks": remarks}
        (partial / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)

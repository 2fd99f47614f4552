"""From a document to files: which renderer makes which format, and how the files are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from publish import html, pdf, xlsx
from publish.document import Document

RENDERERS: Mapping[str, Callable[[Document], bytes]] = {"html": html.render, "pdf": pdf.render, "xlsx": xlsx.render}


def file_names(document: Document) -> dict[str, str]:
    """The name of each format's file, e.g. `team_manager_T-DAT1_2026-W39.pdf`."""
    unit = "council" if document.unit_code == document.council else document.unit_code
    return {kind: f"{document.report}_{unit}_{document.period}.{kind}" for kind in RENDERERS}


def render(document: Document, formats: Sequence[str]) -> dict[str, bytes]:
    """Every file of a document by name: the formats asked, and for `csv` the files that it carries."""
    names = file_names(document)
    files = {names[kind]: RENDERERS[kind](document) for kind in formats if kind in RENDERERS}
    if "csv" in formats:
        files |= {item.name: item.content for item in document.files}
    return files

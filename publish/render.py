"""From a document to files: which renderer makes which format, and how the files are called."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence

from publish import html, pdf, xlsx
from publish.document import Document

RENDERERS: Mapping[str, Callable[[Document], bytes]] = {"html": html.render, "pdf": pdf.render, "xlsx": xlsx.render}


def unit_name(document: Document) -> str:
    """The document's unit as part of a path: its code, or `council`. Codes come from deliveries, so that anything but
    letters, digits, hyphen and underscore is replaced, and such a name made unique by a hash.
    """
    if document.unit_code == document.council:
        return "council"
    plain = re.sub(r"[^A-Za-z0-9_-]", "-", document.unit_code)[:40]
    if plain == document.unit_code and plain != "council":
        return plain
    return f"{plain}-{hashlib.sha256(document.unit_code.encode()).hexdigest()[:6]}"


def file_names(document: Document) -> dict[str, str]:
    """The name of each format's file, e.g. `team_manager_T-DAT1_2026-W39.pdf`."""
    return {kind: f"{document.report}_{unit_name(document)}_{document.period}.{kind}" for kind in RENDERERS}


def render(document: Document, formats: Sequence[str]) -> dict[str, bytes]:
    """Every file of a document by name: the formats asked, and for `csv` the files that it carries."""
    names = file_names(document)
    files = {names[kind]: RENDERERS[kind](document) for kind in formats if kind in RENDERERS}
    if "csv" in formats:
        files |= {item.name: item.content for item in document.files}
    return files

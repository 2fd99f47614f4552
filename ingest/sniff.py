"""Choose a file's reader by its first bytes. The ending of its name decides nothing."""

from __future__ import annotations

import codecs

from ingest.errors import RefusedFile
from ingest.land import Landed
from ingest.read import open_text
from ingest.table import Table
from ingest.workbook import open_workbook

ZIP = (b"PK\3\4", b"PK\5\6", b"PK\7\b")
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
OTHERS = {b"%PDF": "a PDF", b"\x1f\x8b": "a gzip archive", b"7z\xbc\xaf": "a 7z archive", b"PAR1": "a Parquet file"}
HEAD_BYTES = 4096


def open_table(landed: Landed, known: frozenset[str] = frozenset(), wanted: frozenset[str] = frozenset()) -> Table:
    """Open a landed file. `known` are all column names, `wanted` those of the feed that its name says; normalised.

    Raises:
        RefusedFile: it is empty, of a format that is not read, or cannot be opened.
    """
    with landed.path.open("rb") as handle:
        head = handle.read(HEAD_BYTES)
    if head.startswith(ZIP) or head == ZIP[0][:2]:
        return open_workbook(landed, wanted or known)
    if head.startswith(OLE):
        _refuse_ole(landed)
    for magic, what in OTHERS.items():
        if head.startswith(magic):
            raise RefusedFile(landed.name, "format", f"{what}: only delimited text and .xlsx workbooks are read")
    if _is_markup(head):
        message = "an HTML or XML file, whatever its name says: only delimited text and .xlsx workbooks are read"
        raise RefusedFile(landed.name, "format", message)
    return open_text(landed, known)


def _is_markup(head: bytes) -> bool:
    for mark in MARKS:
        head = head.removeprefix(mark)
    return head.replace(b"\0", b"").lstrip().startswith(b"<")


def _refuse_ole(landed: Landed) -> None:
    """Tell an encrypted workbook from an old one: both are OLE containers."""
    with landed.path.open("rb") as handle:
        is_encrypted = ENCRYPTED in handle.read(1 << 20)
        handle.seek(max(0, landed.size - (1 << 20)))
        is_encrypted = is_encrypted or ENCRYPTED in handle.read()
    if is_encrypted:
        raise RefusedFile(landed.name, "password", "the workbook has a password: save it as .xlsx without one")
    raise RefusedFile(landed.name, "format", "an old workbook (.xls), whatever its name says: save it as .xlsx")

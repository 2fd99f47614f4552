"""Find out by its first bytes what a file is. The ending of its name decides nothing."""

from __future__ import annotations

import codecs
import re
from typing import Literal

from ingest.errors import RefusedFile
from ingest.land import Landed

ZIP = (b"PK\3\4", b"PK\5\6", b"PK\7\b")
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
OTHERS = {b"%PDF": "a PDF", b"\x1f\x8b": "a gzip archive", b"7z\xbc\xaf": "a 7z archive"}
PARQUET = b"PAR1"
READ = "only delimited text, .xlsx workbooks, Parquet files and statutory returns in XML"
HEAD_BYTES = 4096
HTML = re.compile(rb"<(!doctype\s+html|html|table|body)\b")


Kind = Literal["workbook", "parquet", "markup", "text"]


def kind_of(landed: Landed) -> Kind:
    """Return what a landed file is.

    Raises:
        RefusedFile: it is of a format that is not read.
    """
    with landed.path.open("rb") as handle:
        head = handle.read(HEAD_BYTES)
    if head.startswith(ZIP) or head == ZIP[0][:2]:
        return "workbook"
    if head.startswith(PARQUET):
        return "parquet"
    if head.startswith(OLE):
        _refuse_ole(landed)
    for magic, what in OTHERS.items():
        if head.startswith(magic):
            raise RefusedFile(landed.name, "format", f"{what}: {READ} are read")
    if _is_html(head):
        raise RefusedFile(landed.name, "format", f"an HTML page, whatever its name says: {READ} are read")
    return "markup" if _is_markup(head) else "text"


def _is_html(head: bytes) -> bool:
    return _is_markup(head) and bool(
        re.search(rb"<(!doctype\s+html|html|table|body)\b", head.replace(b"\0", b"").lower())
    )


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

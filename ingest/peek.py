"""Look at the header of a text file where it lies, and at nothing else: to find out beforehand which feed it is."""

from __future__ import annotations

import codecs
import csv
import io
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from ingest.read import DELIMITERS
from ingest.recognise import by_name, feed_of
from ingest.sniff import PARQUET, ZIP
from ingest.spec import FeedSpec, normalise

HEAD_BYTES = 64 << 10


def likely_feed(path: Path, specs: Mapping[str, FeedSpec], known: frozenset[str]) -> FeedSpec | None:
    """Return the feed of a file as far as it can be told beforehand: by name and header of a text, else by its name.

    `known` are the names of all columns, normalised.
    """
    named = by_name(path.name, specs)
    header = _header(path, known)
    return feed_of(named, header, specs) if header else named


def _header(path: Path, known: frozenset[str]) -> tuple[str, ...]:
    """Return a text file's header as its likeliest delimiter splits it; empty where it is no text or cannot be read."""
    head = _head(path)
    if head.startswith((*ZIP, PARQUET, b"<")):
        return ()
    is_utf16 = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = head.decode("utf-16" if is_utf16 else "utf-8-sig", "replace")
    headers = [_split(text, delimiter) for delimiter in DELIMITERS]
    return max(headers, key=lambda header: sum(normalise(cell) in known for cell in header))


def _split(text: str, delimiter: str) -> tuple[str, ...]:
    try:
        return tuple(cell.strip() for cell in next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), ()))
    except csv.Error:
        return ()


def _head(path: Path) -> bytes:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return b""
    with os.fdopen(handle, "rb") as file:
        try:
            return file.read(HEAD_BYTES) if stat.S_ISREG(os.fstat(handle).st_mode) else b""
        except OSError:
            return b""

"""Find the files of a delivery and what its manifest promises of them."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from ingest.errors import RefusedFile, shown

MANIFEST = "manifest.json"
MAX_MANIFEST_BYTES = 16 << 20
BESIDE_DATA = (".json", ".md", ".meta.csv")
"""Endings of files that may lie beside the extracts and are no feed."""

NOT_INSIDE = "folders inside a folder are not read: name each of them"


class Promise(BaseModel):
    """What the manifest says of one file."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    rows: int | None = None
    sha256: str | None = None


NOTHING_PROMISED = Promise()


class Manifest(BaseModel):
    """``manifest.json`` of a folder: whose extracts, as at which day, and a promise for each file.

    `year` is the collection year of statutory returns; `made_up` says that its people are; `remarks` are what a
    reader of a return found.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    council: str | None = None
    as_at: date | None = None
    year: int | None = None
    made_up: bool = False
    remarks: tuple[str, ...] = ()
    files: dict[str, Promise] = {}


@dataclass(frozen=True)
class Job:
    """One file to take in, with the manifest's council, as-at date and promise where there is one."""

    path: Path
    council: str | None = None
    as_at: date | None = None
    promise: Promise = NOTHING_PROMISED
    year: int | None = None
    is_made_up: bool = False


def gather(paths: Iterable[Path]) -> list[Job]:
    """List the files of some files and folders (not of folders inside them), in order of name.

    Raises:
        RefusedFile: a path does not exist, or a manifest cannot be read.
    """
    manifests: dict[Path, Manifest] = {}
    jobs = []
    for path in _files(paths):
        folder = path.parent
        if folder not in manifests:
            manifests[folder] = read_manifest(folder)
        manifest = manifests[folder]
        if path.name in manifest.files:
            promise = manifest.files[path.name]
            jobs.append(Job(path, manifest.council, manifest.as_at, promise, manifest.year, manifest.made_up))
        else:
            jobs.append(Job(path, is_made_up=manifest.made_up))
    return jobs


def left_unread(paths: Iterable[Path]) -> list[str]:
    """Return the names of the folders inside some folders, which are not read; hidden ones are no one's extracts."""
    inside = (child for path in paths if path.is_dir() for child in sorted(path.iterdir()))
    return [shown(child.name) for child in inside if _is_folder(child) and not child.name.startswith(".")]


def promised_but_absent(paths: Iterable[Path]) -> list[tuple[str, Manifest]]:
    """Return the names that the manifests of some folders list and that are not there."""
    absent = []
    for folder in filter(Path.is_dir, paths):
        manifest = read_manifest(folder)
        absent += [(name, manifest) for name in sorted(manifest.files) if not _exists(folder / name)]
    return absent


def read_manifest(folder: Path) -> Manifest:
    """Read a folder's manifest; an empty one where there is none.

    Raises:
        RefusedFile: it is no regular file, too large, or not what a manifest must be.
    """
    path = folder / MANIFEST
    if not _exists(path):
        return Manifest()
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_MANIFEST_BYTES:
        raise RefusedFile(MANIFEST, "manifest", "the manifest must be a regular file of at most 16 MiB")
    try:
        return Manifest.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, ValidationError):
        message = 'cannot be read: it must hold {"council", "as_at", "files": {name: {"rows", "sha256"}}}'
    raise RefusedFile(MANIFEST, "manifest", message)


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from (child for child in sorted(path.iterdir()) if _is_data(child))
        elif _exists(path):
            yield path
        else:
            raise RefusedFile(path.name, "not_a_file", "there is no such file or folder")


def _is_data(path: Path) -> bool:
    """Whether a folder's member is to be taken in; links and devices are, to be refused by name."""
    name = path.name.casefold()
    return not (_is_folder(path) or name.startswith((".", "~$")) or name.endswith(BESIDE_DATA))


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _exists(path: Path) -> bool:
    """Whether there is anything of this name; a name that no file can have is of none."""
    return os.path.lexists(path)

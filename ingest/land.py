"""Take a file in: a private copy first, its hash, and only then is anything read.

Every later step reads the copy, so that nobody can change a file between the hash and the load.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import RefusedFile
from ingest.quiet import is_open_for_writing

BLOCK_BYTES = 1 << 20
KEPT_ROWS = ".rows-"
"""Begins the name of what is kept of a file's rows beside its copy (`ingest.recall`)."""

INCOMING, LEFT_OVER_SECONDS = ".incoming-", 86_400
"""Begins the name of a file that is being written; one as old as this was left by a load that was killed."""

DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO, errno.EACCES, errno.EPERM})
OF_THE_MACHINE = DISK | {errno.EMFILE, errno.ENFILE, errno.ENOMEM}
"""Errors that are no file's own: the disk is full or fails, or the folder of the copies cannot be written."""


@dataclass(frozen=True)
class Landed:
    """A private copy: where it lies, the name it came under, its SHA-256 (hex) and its size in bytes."""

    path: Path
    name: str
    sha256: str
    size: int


def land(source: Path, folder: Path, *, is_promised: bool = False) -> Landed:
    """Copy `source` to ``folder/<sha256>/<its name>`` (see `name_of`), readable by this user alone.

    Where the hash of the whole file `is_promised`, it does not matter who has it open.

    Raises:
        RefusedFile: it is a link, a device or a folder, cannot be read, is open for writing, or changed while it was
            copied.
        OSError: the copy cannot be written, the disk being full for one; no part of it is left.
    """
    handle = _open_regular(source)
    try:
        if not is_promised and is_open_for_writing(handle):
            message = "a program has the file open for writing: run again when it has ended, or deliver a manifest"
            raise RefusedFile(source.name, "unfinished", message)
        before = os.fstat(handle)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial, digest = _copy(handle, folder, source.name)
        after = os.fstat(handle)
    finally:
        os.close(handle)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        partial.unlink()
        raise RefusedFile(source.name, "unfinished", "the file changed while it was read: is it still being written?")
    name = name_of(source)
    return Landed(_settle(partial, folder / digest / name), name, digest, after.st_size)


def remove_landed(path: Path) -> None:
    """Remove a landed copy, and what was kept of its rows."""
    path.unlink(missing_ok=True)
    for kept in path.parent.glob(f"{KEPT_ROWS}*"):
        kept.unlink(missing_ok=True)


def remove_left_overs(folder: Path) -> None:
    """Remove what loads that were killed a day ago or earlier had begun to write: it may hold half an extract."""
    for path in folder.rglob(f"{INCOMING}*"):
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > LEFT_OVER_SECONDS:
                path.unlink()


def name_of(source: Path) -> str:
    """Return the name under which a file is kept and told of: bytes that are no UTF-8 are written out, as ``\\xeb``.

    A dot at its start is written out as well: names that begin with one are kept for what is made of the file.
    """
    name = os.fsencode(source.name).decode("utf-8", "backslashreplace")
    return f"\\x2e{name[1:]}" if name.startswith(".") else name


def refusal_of(error: OSError, file: str) -> RefusedFile:
    """Return an error of the operating system as the refusal of the file that has it.

    Raises:
        OSError: it is the machine's: no file could be taken in.
    """
    if error.errno is None or error.errno in OF_THE_MACHINE:
        raise error
    return RefusedFile(file, "not_a_file", f"cannot be taken in: {error.strerror}")


def _open_regular(source: Path) -> int:
    """Open a file; a device is not even opened, for that alone may do something. What was opened is looked at again."""
    try:
        _check_kind(source, os.lstat(source).st_mode)
        handle = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise RefusedFile(source.name, "not_a_file", error.strerror or "cannot be read") from None
    try:
        _check_kind(source, os.fstat(handle).st_mode)
    except RefusedFile:
        os.close(handle)
        raise
    return handle


def _check_kind(source: Path, mode: int) -> None:
    if stat.S_ISLNK(mode):
        raise RefusedFile(source.name, "not_a_file", "symbolic links are not followed")
    if not stat.S_ISREG(mode):
        raise RefusedFile(source.name, "not_a_file", "only a regular file is read, not a folder, pipe or device")


def _copy(handle: int, folder: Path, source: str) -> tuple[Path, str]:
    """Copy the open file `source` into a new file of `folder`; return it and the SHA-256 of its bytes."""
    digest = hashlib.sha256()
    descriptor, name = tempfile.mkstemp(prefix=INCOMING, dir=folder)
    try:
        with os.fdopen(descriptor, "wb") as target:
            while block := _read(handle, source):
                digest.update(block)
                target.write(block)
            target.flush()
            os.fsync(target.fileno())
    except (OSError, RefusedFile):
        Path(name).unlink()
        raise
    return Path(name), digest.hexdigest()


def _read(handle: int, source: str) -> bytes:
    """Read a block of the file that came: what fails here is that file, on a share that is lost for one."""
    try:
        return os.read(handle, BLOCK_BYTES)
    except OSError as error:
        reason = error.strerror
    raise RefusedFile(source, "not_a_file", f"cannot be read: {reason}")


def _settle(partial: Path, target: Path) -> Path:
    target.parent.mkdir(mode=0o700, exist_ok=True)
    try:
        partial.replace(target)
    except OSError:
        partial.unlink()
        raise
    return target

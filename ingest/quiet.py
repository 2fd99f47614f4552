"""Know whether a file is still being written: whether somebody has it open for that, and how long it has been quiet.

Linux grants a read lease on a file only while nobody has it open for writing (fcntl(2)), which is exact and instant on
a local file system. A network share says nothing of the writers on other machines: there a file must have been quiet
for a while. A manifest with a file's hash says more than either.
"""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import stat
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from ingest.gather import Job
from sightline.settings import settings

LOCAL_SECONDS = 2.0
"""How long a file that nobody has open must have been quiet: some programs write by opening again and again."""

REMOTE = ("nfs", "cifs", "smb", "fuse", "9p", "ceph", "gfs", "lustre", "afs", "virtiofs", "vboxsf")
"""File systems whose writers may be on another machine; of most the name has a number behind."""

MOUNTS = Path("/proc/self/mountinfo")


def is_open_for_writing(handle: int) -> bool | None:
    """Return whether anybody has an open file open for writing; None where the system does not say.

    It does not say so of another user's file, unless to root, and not of a file on a network share. The lease is given
    back at once; whoever opens the file in between makes the kernel send a signal that is ignored by default.
    """
    try:
        fcntl.fcntl(handle, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return True if error.errno == errno.EAGAIN and not _is_remote(handle) else None
    return None if _is_remote(handle) else False


def wait_until_quiet(jobs: Iterable[Job], tell: Callable[[str], None]) -> frozenset[Path]:
    """Wait once, for all files together, until each that is fresh has been quiet; return those that changed meanwhile.

    A file whose hash the manifest holds is not waited for, nor one that somebody has open for writing: it is refused.
    """
    fresh = {job.path: _seconds_left(job.path) for job in jobs if job.promise.sha256 is None}
    seconds = max(fresh.values(), default=0.0)
    if seconds <= 0:
        return frozenset()
    before = {path: _state(path) for path, left in fresh.items() if left > 0}
    tell(f"waiting {seconds:.0f} seconds: {len(before)} files have just changed and may still be being written")
    time.sleep(seconds)
    return frozenset(path for path, state in before.items() if _state(path) != state)


def _seconds_left(path: Path) -> float:
    """Return how many seconds a file must still be left alone; 0 where it needs no wait or is no file to be read."""
    enough = settings().quiet_seconds
    try:
        status = path.lstat()
        age = time.time() - max(status.st_mtime, status.st_ctime)
        if age >= enough or not stat.S_ISREG(status.st_mode):
            return 0.0
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return 0.0
    try:
        is_open = is_open_for_writing(handle)
    finally:
        os.close(handle)
    if is_open:
        return 0.0
    enough = enough if is_open is None else min(LOCAL_SECONDS, enough)
    return min(enough, max(0.0, enough - age))


def _state(path: Path) -> tuple[int, ...] | None:
    try:
        status = path.lstat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns


def _is_remote(handle: int) -> bool:
    """Whether a file lies on a network share, by the mount of its device."""
    device = os.fstat(handle).st_dev
    place = f"{os.major(device)}:{os.minor(device)}"
    try:
        mounts = [line.split() for line in MOUNTS.read_text(errors="replace").splitlines()]
    except OSError:
        return False
    kinds = {fields[fields.index("-") + 1] for fields in mounts if len(fields) > 2 and fields[2] == place}
    return any(kind.startswith(REMOTE) for kind in kinds)

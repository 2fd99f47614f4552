"""Delivery: a copy of a release for each recipient that the council's file names.

    SIGHTLINE_HOME/outbox/<council>/<role>/<report>/<period>/<unit>/

A protected report goes to those whose audience is protected, whatever the recipient calls the report; no recipient
gets a report made for an audience that may see more.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from publish.release import Release
from publish.spec import PROTECTED, reports
from sightline import councils
from sightline.framework import Recipient
from sightline.settings import settings


def deliver(releases: Iterable[Release], council: str) -> list[Path]:
    """Copy releases to the outbox of each recipient; returns the folders that stand there now."""
    recipients = councils.load(council).recipients
    return [_copy(release, who.role) for release in releases for who in recipients if _is_for(who, release)]


def _is_for(who: Recipient, release: Release) -> bool:
    """Whether a release is what a recipient asked for: report, level, and never more than the audience may see."""
    chosen = reports()[release.report]
    if not (who.report == release.report or release.report.startswith(f"{who.report}_")):
        return False
    if (who.audience in PROTECTED) != chosen.is_protected:
        return False
    return who.level == ("council" if release.unit == "council" else chosen.per)


def _copy(release: Release, role: str) -> Path:
    """Copy a release's files whole: beside their place, then renamed."""
    folder = settings().home / "outbox" / release.council / role / release.report / release.period / release.unit
    if folder.is_dir() and _same(folder, release.folder):
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = folder.parent / f".{folder.name}.{os.getpid()}"
    shutil.rmtree(temporary, ignore_errors=True)
    shutil.copytree(release.folder, temporary)
    shutil.rmtree(folder, ignore_errors=True)
    temporary.rename(folder)
    return folder


def _same(one: Path, other: Path) -> bool:
    names = sorted(path.name for path in one.iterdir())
    return names == sorted(path.name for path in other.iterdir()) and all(
        (one / name).read_bytes() == (other / name).read_bytes() for name in names
    )

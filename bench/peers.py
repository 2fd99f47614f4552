"""Validators of the same returns that install from the package index, on the same files: each in its own environment.

Their pins (pandas before 2, numpy before 1.25) do not go with this project's packages.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.measure import measure

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"
COPIES = 50
CHILD = re.compile(r"<Child>.*?</Child>", re.DOTALL)
IDENTIFIER = re.compile(r"(<LAchildID>)(.*?)(</LAchildID>)")
PUPIL = re.compile(r"(<UPN>[A-Z])(\d{12})(</UPN>)")
CIN_RATE_LIMIT = 50
"""How many times as fast as the peer a CIN census file must be read and checked."""


@dataclass(frozen=True)
class Peer:
    """A peer: its package, the script that runs it, how its sample is made, our own task on the same file."""

    name: str
    packages: tuple[str, ...]
    script: str
    sample: Path
    prepare: Callable[[Path, Path], Path]
    own: str
    limit: float | None


def many_children(sample: Path, folder: Path) -> Path:
    """Write a CIN census file with each child of the sample many times, under new identifiers."""
    text = sample.read_text(encoding="utf-8")
    children = CHILD.findall(text)
    start, end = text.index(children[0]), text.rindex(children[-1]) + len(children[-1])
    path = folder / sample.name
    with path.open("w", encoding="utf-8") as file:
        file.write(text[:start])
        for copy in range(COPIES):
            for child in children:
                file.write(
                    PUPIL.sub(lambda m, by=copy: _later(m, by), IDENTIFIER.sub(rf"\g<1>\g<2>{copy:02}\3", child))
                )
        file.write(text[end:])
    return path


def _later(match: re.Match[str], by: int) -> str:
    return f"{match[1]}{(int(match[2]) + by) % 10**12:012}{match[3]}"


PEERS = (
    Peer(
        "csc-validator-be-cin",
        ("csc-validator-be-cin==0.1.13", "numpy<1.25"),
        "peer_cin.py",
        SHARED / "cin_census" / "fake_CIN_data.xml",
        many_children,
        "cin_census",
        CIN_RATE_LIMIT,
    ),
    Peer(
        "csc-validator-be-903",
        ("csc-validator-be-903==0.1.17",),
        "peer_903.py",
        SHARED / "ssda903",
        lambda sample, _: sample,
        "ssda903",
        None,
    ),
)


def run(folder: Path, database: Callable[[str], str], progress: Callable[[str], None]) -> list[dict]:
    """Measure each peer that can be had beside our own reading of the same file; say why another is left out."""
    return [_peer(peer, folder, database, progress) for peer in PEERS]


def _peer(peer: Peer, folder: Path, database: Callable[[str], str], progress: Callable[[str], None]) -> dict:
    if not peer.sample.exists():
        return {"peer": peer.name, "left_out": "its sample is not here"}
    python = _environment(peer, folder)
    if python is None:
        return {"peer": peer.name, "left_out": "it cannot be installed"}
    path = peer.prepare(peer.sample, folder)
    progress(f"{peer.name} on {path.name}")
    theirs = measure("peer", "", python=str(python), script=str(Path(__file__).with_name(peer.script)), path=str(path))
    progress(f"the same by ingest: {path.name}")
    ours = measure(peer.own, database(f"bench_{peer.own}"), path=str(path))
    ratio = round(theirs["seconds"] / ours["seconds"], 1)
    return {"peer": peer.name, "file": path.name, "theirs": theirs, "ours": ours, "ratio": ratio, "limit": peer.limit}


def _environment(peer: Peer, folder: Path) -> Path | None:
    """Return the interpreter of the peer's environment, which is made at its first use; None where that fails."""
    home = folder / peer.name
    python = home / "bin" / "python"
    if python.exists():
        return python
    uv = [sys.executable, "-m", "uv"]
    steps = (
        [*uv, "venv", "--quiet", "--python", sys.executable, str(home)],
        [*uv, "pip", "install", "--quiet", "--python", str(python), *peer.packages],
    )
    if all(subprocess.run(step, stderr=subprocess.DEVNULL).returncode == 0 for step in steps):
        return python
    shutil.rmtree(home, ignore_errors=True)
    return None

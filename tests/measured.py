"""Refusals of hostile files, measured in a process of their own: what earlier tests took is not in the way."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

SECONDS, MEBIBYTES = 5, 256
CHILD = """
import json, re, sys, time
from pathlib import Path
from ingest.errors import RefusedFile
from ingest.land import land
from ingest.parts import open_parts
from ingest.spec import load_specs

specs, started, told = load_specs(), time.process_time(), None
try:
    for part in open_parts(land(Path(sys.argv[1]), Path(sys.argv[2])), specs):
        for _ in part.chunks():
            pass
except RefusedFile as error:
    told = {"rule": error.rule, "row": error.row, "column": error.column, "text": str(error)}
peak = int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) >> 10
print(json.dumps([told, time.process_time() - started, peak]))
"""


@dataclass(frozen=True)
class Refusal:
    """Why a file is refused, as `RefusedFile` says it."""

    rule: str
    row: int | None
    column: str | None
    text: str

    def __str__(self) -> str:
        return self.text


def refusal(path: Path, tmp_path: Path) -> Refusal:
    """Return why a file is refused: within 5 seconds of processor and 256 MiB, Python and its libraries included.

    The peak is the process's own (VmHWM); `ru_maxrss` has its parent's as well.
    """
    command = [sys.executable, "-c", CHILD, str(path), str(tmp_path / "landing")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    told, seconds, peak = json.loads(done.stdout)
    assert told, "the file is not refused"
    assert seconds < SECONDS
    assert peak < MEBIBYTES
    return Refusal(**told)

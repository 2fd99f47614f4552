"""One task in a process of its own: its result, its seconds and its peak of memory."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path


class TaskFailed(RuntimeError):
    """A measured task ended with an error; the text is the end of its standard error."""


def measure(task: str, database: str, **arguments: str | int) -> dict:
    """Run a task of `bench.tasks` in a new process against a database and return what it reports.

    The result is the task's own, with `peak_mb`: the most memory (resident set, MiB) the process ever held, with the
    largest of its children. A new process has no memory of the one before, so that the peaks of two tasks compare.

    Raises:
        TaskFailed: the process ended with another code than 0.
    """
    with tempfile.TemporaryDirectory(prefix="sightline-bench-") as folder:
        out = Path(folder) / "result.json"
        done = subprocess.run(
            [sys.executable, "-m", "bench.tasks", task, json.dumps(arguments), str(out)],
            env={**os.environ, "SIGHTLINE_DATABASE_URL": database},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        if done.returncode:
            raise TaskFailed(f"{task}: {done.stderr[-800:]}")
        return json.loads(out.read_text())


def peak_mb() -> float:
    """Return this process's peak of resident memory in MiB, with the largest of its children that have ended.

    Its own is the kernel's count since the program began; `getrusage` also counts what the parent held at the fork.
    """
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return round((int(line.split()[1]) + children) / 1024, 1)
    raise OSError("the kernel does not say how much memory the process held")


def load_average() -> list[float]:
    """Return the machine's load over 1, 5 and 15 minutes: other work on it makes every figure worse."""
    return [round(load, 2) for load in os.getloadavg()]

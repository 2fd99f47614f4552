"""What the embedded server costs while something runs: seconds of its processors, and its most memory."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from sightline import warehouse

INTERVAL = 0.2


@dataclass
class Cost:
    """Processor seconds of the server's processes, and the most memory (MiB) that they held of their own at once.

    Shared buffers are left out: their size is a setting.
    """

    cpu_seconds: float = 0.0
    peak_mb: float = 0.0


@contextmanager
def watched() -> Iterator[Cost]:
    """Watch the server of SIGHTLINE_HOME; the cost is complete when the block ends.

    A backend that begins and ends between two looks (every 0.2 s) counts towards seconds, not towards memory.
    """
    postmaster = psutil.Process(int((warehouse.server().data / "postmaster.pid").read_text().split()[0]))
    cost, ended = Cost(), threading.Event()
    before = _cpu(postmaster)
    watcher = threading.Thread(target=_watch, args=(postmaster, cost, ended), daemon=True)
    watcher.start()
    try:
        yield cost
    finally:
        ended.set()
        watcher.join()
        cost.cpu_seconds = round(_cpu(postmaster) - before, 2)


def _watch(postmaster: psutil.Process, cost: Cost, ended: threading.Event) -> None:
    while not ended.wait(INTERVAL):
        cost.peak_mb = max(cost.peak_mb, round(sum(map(_own_mb, postmaster.children())), 1))


def _own_mb(process: psutil.Process) -> float:
    try:
        memory = process.memory_info()
        return (memory.rss - memory.shared) / 2**20
    except psutil.NoSuchProcess:
        return 0.0


def _cpu(postmaster: psutil.Process) -> float:
    """Seconds of the backends that have ended, and of those that run."""
    times = postmaster.cpu_times()
    total = times.children_user + times.children_system
    for process in postmaster.children():
        try:
            own = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += own.user + own.system
    return total

"""Tables to files: one CSV a feed, the manifest, and the list of planted faults."""

from __future__ import annotations

import csv
import hashlib
import json
from datetime import date
from pathlib import Path


def write_tables(out: Path, tables: dict[str, list[tuple]], columns: dict[str, list[str]]) -> dict[str, int]:
    """Write `<feed>.csv` (UTF-8, comma, header, line feed) for each table. Returns file name -> rows."""
    out.mkdir(parents=True, exist_ok=True)
    counts = {}
    for name, rows in sorted(tables.items()):
        with (out / f"{name}.csv").open("w", encoding="utf-8", newline="") as handle:
            writer = csv.writer(handle, lineterminator="\n")
            writer.writerow(columns[name])
            writer.writerows(rows)
        counts[f"{name}.csv"] = len(rows)
    return counts


def write_manifest(out: Path, council: str, as_at: date, counts: dict[str, int]) -> None:
    """Write `manifest.json`: whose it is, that it is made up, and each file's rows and SHA-256."""
    files = {
        name: {"rows": rows, "sha256": hashlib.sha256((out / name).read_bytes()).hexdigest()}
        for name, rows in sorted(counts.items())
    }
    manifest = {
        "council": council,
        "as_at": as_at.isoformat(),
        "made_up": True,
        "notice": "Every child, adult, worker, address and text in these files is invented.",
        "files": files,
    }
    (out / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def write_faults(out: Path, faults: list[dict]) -> None:
    """Write `planted_faults.json`."""
    (out / "planted_faults.json").write_text(json.dumps(faults, indent=1) + "\n", encoding="utf-8")

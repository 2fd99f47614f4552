"""The statutory returns of a made-up council, written from its case-management extracts.

    write_returns: SSDA903 (CSV and XML), CIN census, workforce census and Annex A, each in a folder of its own

The same extracts give the same bytes. Identifiers are those of the extracts; planted faults are left out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from synthetic.extracts import Extracts
from synthetic.return_903 import Ssda903, write_csv, write_xml
from synthetic.return_annex_a import AnnexA
from synthetic.return_cin import CinCensus
from synthetic.return_csww import Workforce


@dataclass(frozen=True)
class Written:
    """What was written: files by return, and rows, children or workers by file (sheets of a workbook by name)."""

    year: int
    files: dict[str, Path] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


def write_returns(extracts: Path, out: Path, la_code: str, la_name: str, as_at: date) -> Written:
    """Write the returns of the last whole collection years before `as_at` from a folder of extracts.

    `la_code` is the three digits that the Department for Education gives the council. Each return lies in a folder
    of its own below `out` (`ssda903`, `ssda903_xml`, `cin_census`, `csww`, `annex_a`), since two forms of one return
    in one folder are refused.
    """
    source = Extracts(extracts)
    year = as_at.year if (as_at.month, as_at.day) >= (3, 31) else as_at.year - 1
    autumn = as_at.year if (as_at.month, as_at.day) >= (9, 30) else as_at.year - 1
    folders = {name: out / name for name in ("ssda903", "ssda903_xml", "cin_census", "csww", "annex_a")}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    written = Written(year)
    tables = Ssda903(source, year).tables
    written.counts.update(write_csv(folders["ssda903"], tables))
    _write_manifest(folders["ssda903"], year, {f"ssda903_{name}.csv": len(rows) for name, rows in tables.items()})
    files = {
        "ssda903_xml": folders["ssda903_xml"] / f"SSDA903_{year}.xml",
        "cin_census": folders["cin_census"] / f"CIN_Census_{year}.xml",
        "csww": folders["csww"] / f"CSWW_{autumn}.xml",
        "annex_a": folders["annex_a"] / f"Annex_A_{as_at:%Y-%m-%d}.xlsx",
    }
    write_xml(files["ssda903_xml"], tables)
    written.counts[files["ssda903_xml"].name] = len(tables["header"])
    written.counts[files["cin_census"].name] = CinCensus(source, year, la_code).write(files["cin_census"])
    written.counts[files["csww"].name] = Workforce(source, autumn, la_code).write(files["csww"])
    written.counts.update(AnnexA(source, as_at, la_name).write(files["annex_a"]))
    written.files.update({"ssda903": folders["ssda903"], **files})
    return written


def _write_manifest(folder: Path, year: int, counts: dict[str, int]) -> None:
    """Write a manifest that promises the rows of each file and says the collection year."""
    manifest = {
        "as_at": f"{year}-03-31",
        "year": year,
        "made_up": True,
        "files": {name: {"rows": rows} for name, rows in counts.items()},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")

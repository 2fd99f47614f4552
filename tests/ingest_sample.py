"""Small extracts of invented people for the ingestion tests, and a loader that checks the conservation of rows."""

from __future__ import annotations

import csv
import hashlib
import json
from datetime import date
from pathlib import Path

from ingest.load import ingest
from ingest.spec import load_specs
from sightline import warehouse

COUNCIL = "barnet"
MARCH, APRIL, MAY = date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31)
REFERRAL = {
    "cine_referral_id": "R1",
    "cine_person_id": "00012",
    "cine_referral_date": "2026-01-05",
    "cine_cin_primary_need_code": "N1",
    "cine_referral_source_code": "1A",
    "cine_referral_nfa": "N",
}
PERSON = {
    "pers_person_id": "00012",
    "pers_forename": "Zebedee",
    "pers_surname": "Quillfeather",
    "pers_sex": "F",
    "pers_ethnicity": "WBRI",
    "pers_dob": "2015-06-17",
}


def names(feed: str) -> list[str]:
    """Column names of a feed, in order."""
    return [column.name for column in load_specs()[feed].columns]


def referrals(count: int, **changes: str) -> list[dict[str, str]]:
    """Return `count` good referrals R1, R2, ... of children 00001, 00002, ..."""
    return [
        REFERRAL | {"cine_referral_id": f"R{number}", "cine_person_id": f"{number:05d}"} | changes
        for number in range(1, count + 1)
    ]


def text_of(feed: str, rows: list[dict[str, str]], *, header: list[str] | None = None) -> str:
    """Return rows as the text of a CSV file of the feed."""
    header = header or names(feed)
    lines = [",".join(header)]
    lines += [",".join(_quoted(row.get(name, "")) for name in header) for row in rows]
    return "\n".join(lines) + "\n"


def _quoted(value: str) -> str:
    return '"' + value.replace('"', '""') + '"' if set(value) & set(',"\n') else value


def write(
    folder: Path, feed: str, rows: list[dict[str, str]], *, name: str | None = None, header: list[str] | None = None
) -> Path:
    """Write rows as a CSV file of the feed, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (name or f"{feed}.csv")
    path.write_text(text_of(feed, rows, header=header), encoding="utf-8")
    return path


def promise(folder: Path, as_at: date = MARCH, council: str = COUNCIL) -> None:
    """Write the manifest of a folder's CSV files as they stand."""
    files = {
        path.name: {
            "rows": sum(1 for _ in csv.reader(path.open(newline=""))) - 1,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in sorted(folder.glob("*.csv"))
    }
    manifest = {"council": council, "as_at": as_at.isoformat(), "made_up": True, "files": files}
    (folder / "manifest.json").write_text(json.dumps(manifest))


def load(*paths: Path, as_at: date = MARCH, council: str = COUNCIL, dry_run: bool = False) -> list:
    """Ingest, and check that no row was lost in silence; return the results."""
    results = ingest(paths, council, as_at, dry_run=dry_run)
    for result in results:
        kept = result.rows_inserted + result.rows_unchanged + result.rows_rejected + result.rows_duplicate
        assert result.rows_read == kept, result.file_name
        if result.state == "loaded" and not dry_run:
            inserted = f"select count(*) from raw.{result.feed} where delivery_id = {result.delivery_id}"
            rejected = f"select count(*) from ops.rejected_row where delivery_id = {result.delivery_id}"
            assert ask(inserted) == [(result.rows_inserted,)]
            assert ask(rejected) == [(result.rows_rejected,)]
    return results


def load_one(*paths: Path, **options) -> object:
    """Ingest what makes one delivery and return its result."""
    results = load(*paths, **options)
    assert len(results) == 1, [result.file_name for result in results]
    return results[0]


def ask(query: str, *values: object) -> list[tuple]:
    """Return the rows of a query."""
    with warehouse.connect() as connection:
        return connection.execute(query, values or None).fetchall()


def faults(delivery_id: int) -> list[tuple[int, str, str]]:
    """Return (row_no, column, rule) of the rejected rows of a delivery."""
    return ask("select row_no, column_name, rule from ops.rejected_row where delivery_id = %s order by 1", delivery_id)


def in_force(feed: str, *columns: str) -> list[tuple]:
    """Return columns of the rows in force, in order of row key; those that raw does not have are of identity."""
    private = {column.name for column in load_specs()[feed].columns if not column.is_in_raw}
    shown = ", ".join(f'{"i" if name in private else "r"}."{name}"' for name in columns)
    join = f"inner join identity.{feed} as i using (delivery_id, row_no)" if private & set(columns) else ""
    return ask(f"select {shown} from raw.{feed} as r {join} where r.closed_by is null order by r.row_key")

"""Snapshots of made-up referrals in several formats, what a council has of them, and what was kept of their rows."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl
import xlsxwriter
from ingest_sample import MARCH, REFERRAL, ask, load_one, names, text_of

from ingest import recall
from ingest.privacy import load_keys
from sightline.settings import settings

FEED = "ssd_cin_episodes"


def save(path: Path, rows: list[dict]) -> Path:
    """Write rows in the format of the path's suffix."""
    path.parent.mkdir(parents=True, exist_ok=True)
    cells = [[row.get(name, "") for name in names(FEED)] for row in rows]
    if path.suffix == ".parquet":
        pl.DataFrame(cells, schema=names(FEED), orient="row").write_parquet(path)
    elif path.suffix == ".xlsx":
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            for at, row in enumerate([names(FEED), *cells]):
                sheet.write_row(at, 0, row)
    else:
        path.write_text(text_of(FEED, rows), encoding="utf-8")
    return path


def marks_of(rows: list[dict]) -> np.ndarray:
    """Return the marks of rows."""
    cells = [[row.get(name, "") for name in names(FEED)] for row in rows]
    return recall.marks_of(pl.DataFrame(cells, schema=names(FEED), orient="row"), load_keys().row_seeds)


def snapshot(tmp_path, day: int, rows: list[dict], suffix: str = "csv", **options):
    """Load rows as the snapshot of a day."""
    path = save(tmp_path / f"{day}-{options.get('council', '')}" / f"{FEED}.{suffix}", rows)
    return load_one(path, as_at=MARCH + timedelta(days=day), **options)


def kept(result) -> list[Path]:
    """The files of rows that were kept of a delivery."""
    return sorted((settings().home / "landing").glob(f"{result.council}/{result.sha256}/.rows-*"))


def state(council: str) -> list[list[tuple]]:
    """What stands of a council, with deliveries by their order."""
    order = "(select count(*) from ops.delivery as d where d.council = r.council and d.delivery_id <= r.{})"
    delivery, closed = order.format("delivery_id"), order.format("closed_by")
    values = "row_key, cine_referral_date, cine_close_date, cine_referral_nfa"
    columns = {f"raw.{FEED}": values, f"identity.{FEED}": "cine_person_id, cine_referral_source_desc"}
    kept = [
        ask(f"select {delivery}, row_no, {closed}, {shown} from {table} as r where council = %s order by 1, 2", council)
        for table, shown in columns.items()
    ]
    rejected = (
        "select (select count(*) from ops.delivery as d where d.council = %s and d.delivery_id <= o.delivery_id),"
        " r.row_no, r.column_name, r.rule from ops.rejected_row as r inner join ops.delivery as o using (delivery_id)"
        " where o.council = %s order by 1, 2"
    )
    return [*kept, ask(rejected, council, council)]


def change(rows: list[dict], chance: random.Random) -> list[dict]:
    """Return rows as the next snapshot may have them: changed, gone, new, moved, twice, faulty and mended."""
    rows = [dict(row) for row in rows]
    if chance.random() < 0.6:
        rows = list({row["cine_referral_id"]: row for row in reversed(rows)}.values())[::-1]
    for _ in range(chance.randrange(1, 5)):
        at = chance.randrange(len(rows))
        match chance.randrange(9):
            case 0:
                rows[at]["cine_referral_nfa"] = chance.choice("YNyn")
            case 1:
                rows.pop(at)
            case 2:
                rows.insert(at, REFERRAL | {"cine_referral_id": f"N{chance.randrange(40)}"})
            case 3:
                rows.insert(chance.randrange(len(rows)), rows.pop(at))
            case 4:
                rows.insert(chance.randrange(len(rows)), dict(rows[at]))
            case 5:
                rows[at]["cine_referral_date"] = chance.choice(["2026-02-30", "2026-01-05", "2026-01-06"])
            case 6:
                rows[at]["cine_referral_source_desc"] = chance.choice(["", " ", "one", "one ", 'a "b"', "two\nlines"])
            case 7:
                rows[at]["cine_close_date"] = chance.choice(["", "2025-01-01", "2026-03-01"])
            case 8:
                rows.insert(at, rows[at] | {"cine_referral_source_desc": chance.choice(["other", ""])})
    return rows

"""Blocks that are read at once give what `csv` gives row by row; indexes that were taken off come back."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path

import polars as pl
import pytest
from ingest_sample import APRIL, ask, load_one, referrals, text_of, write

from ingest import blocks, indexes

FEED = "ssd_cin_episodes"
PLAIN = ["", "a", "x y", " b ", "é", "’", "#c", 'q"q', "l\nm", "l\r\nm", ",", ";", "null", "0012", "1.50"]
ODD = [*PLAIN, "\r", "\x1c", "x\x01", '"', "\u00a0z", "\ufeff"]


def made_up(chance: random.Random, delimiter: str, width: int) -> str:
    """A text that is well formed in three of five cases, else ragged, with blank lines, or with a character astray."""
    is_clean, end = chance.random() < 0.6, chance.choice(["\n", "\r\n", "\n", "\r"])
    out = io.StringIO(newline="")
    quoting = chance.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerow([f"h{at}" for at in range(width)])
    for _ in range(chance.randrange(60)):
        fields = width if is_clean or chance.random() < 0.9 else chance.randrange(width + 2)
        writer.writerow([chance.choice(PLAIN if is_clean else ODD) for _ in range(fields)])
    text = out.getvalue()
    if not is_clean:
        at = chance.randrange(len(text))
        text = text[:at] + chance.choice(['"', "\n", "\r", delimiter, '""', "x"]) + text[at + chance.randrange(2) :]
    return text.rstrip("\r\n") if chance.random() < 0.4 else text


def by_csv(path: Path, encoding: str, delimiter: str) -> list[list[str]] | str:
    """All rows after the header, or the error."""
    try:
        with path.open(encoding=encoding, newline="") as handle:
            rows = csv.reader(handle, delimiter=delimiter, strict=True)
            next(rows, None)
            return list(rows)
    except csv.Error as error:
        return str(error)


def by_blocks(path: Path, encoding: str, delimiter: str, width: int) -> tuple[list[list[str]] | str, int]:
    """The same by blocks, and how many rows were read at once."""
    rows: list[list[str]] = []
    at_once = 0
    try:
        text = blocks.Blocks(path, encoding, delimiter)
        text.skip_row()
        for some in text.read(width):
            is_frame = isinstance(some, pl.DataFrame)
            rows += map(list, some.rows()) if is_frame else some
            at_once += len(some) if is_frame else 0
    except csv.Error as error:
        return str(error), at_once
    return rows, at_once


@pytest.mark.parametrize("part", range(4))
def test_blocks_are_read_as_csv_reads_rows(tmp_path, monkeypatch, part):
    """Any text, encoding, delimiter and size of block: the same rows, or the same error."""
    path, at_once = tmp_path / "text.csv", 0
    for seed in range(part * 250, part * 250 + 250):
        chance = random.Random(seed)
        monkeypatch.setattr(blocks, "PIECE_BYTES", chance.choice([30, 200, 2000, 1 << 20]))
        monkeypatch.setattr(blocks, "BLOCK_BYTES", chance.choice([7, 50, 1 << 20]))
        monkeypatch.setattr(blocks, "FRAME_ROWS", chance.choice([3, 16_384]))
        delimiter, width = chance.choice(",;\t|"), chance.choice([1, 2, 3, 5])
        encoding = chance.choice(["utf-8-sig", "utf-16", "cp1252"])
        text = made_up(chance, delimiter, width)
        path.write_bytes(text.encode(encoding, errors="ignore"))
        found, some = by_blocks(path, encoding, delimiter, width)
        assert found == by_csv(path, encoding, delimiter), seed
        at_once += some
    assert at_once > 500


def test_a_well_formed_text_is_read_at_once(tmp_path):
    """Quotes, doubled quotes and line breaks within quotes need no slower way."""
    rows = referrals(50)
    rows[7]["cine_referral_source_desc"] = 'says "come",\nand goes'
    path = tmp_path / "text.csv"
    path.write_text(text_of(FEED, rows))
    width = len(text_of(FEED, []).split(","))
    assert by_blocks(path, "utf-8-sig", ",", width) == (by_csv(path, "utf-8-sig", ","), 50)


INDEXES = f"""
select tablename, indexname, indexdef from pg_indexes where tablename = '{FEED}' and schemaname in ('raw', 'identity')
union all select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint
where conrelid::regclass::text in ('raw.{FEED}', 'identity.{FEED}') order by 1, 2, 3
"""


def test_indexes_taken_off_come_back(db, tmp_path, monkeypatch):
    """After a first load, after one that is refused half way, and a second load meets the table with its rows."""
    taken = []
    take_off = indexes.take_off
    monkeypatch.setattr(indexes, "FROM_BYTES", 0)
    monkeypatch.setattr(indexes, "take_off", lambda *of: taken.append(take_off(*of)) or taken[-1])
    load_one(write(tmp_path / "other", "ssd_s47_enquiry", []))
    before = ask(INDEXES)
    cut = write(tmp_path / "cut", FEED, referrals(3))
    cut.write_text(cut.read_text().rstrip()[:-9])
    assert load_one(cut).state == "refused"
    assert (len(taken[-1]), ask(INDEXES)) == (3, before)
    assert load_one(write(tmp_path, FEED, referrals(3))).state == "loaded"
    assert (len(taken[-1]), ask(INDEXES)) == (3, before)
    assert load_one(write(tmp_path / "next", FEED, referrals(2)), as_at=APRIL).rows_closed == 1
    assert load_one(write(tmp_path / "southwark", FEED, referrals(2)), council="southwark").state == "loaded"
    assert taken[-1] == []
    assert ask(INDEXES) == before

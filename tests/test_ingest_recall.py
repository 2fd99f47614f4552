"""A snapshot of which much stood in the one before: what is checked again, and that nothing else changes by that."""

from __future__ import annotations

import os
import random
from datetime import timedelta

import numpy as np
import polars as pl
import pytest
import xlsxwriter
from cin_sample import CHILD, ROWS_OF_A_CHILD, census
from ingest_sample import (
    MARCH,
    PERSON,
    REFERRAL,
    ask,
    faults,
    in_force,
    load,
    load_one,
    names,
    referrals,
    text_of,
    write,
)
from recall_sample import FEED, change, kept, marks_of, snapshot, state

from ingest import loader, recall
from ingest.erasure import erase
from ingest.land import LEFT_OVER_SECONDS
from ingest.load import accept
from ingest.privacy import load_keys
from sightline.settings import settings

ROWS = 60
OTHER = "southwark"
NUMBERS = ("rows_inserted", "rows_unchanged", "rows_rejected", "rows_duplicate", "rows_closed")

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def known(monkeypatch) -> list[int]:
    """How many rows of each file were known, of files of any size."""
    found = []
    look_up = recall.Memory.look_up

    def note(memory, chunks):
        found.append(0)
        for looked in look_up(memory, chunks):
            found[-1] += int(looked.is_known.sum())
            yield looked

    monkeypatch.setattr(recall, "FROM_BYTES", 0)
    monkeypatch.setattr(recall, "FROM_ROWS", 1)
    monkeypatch.setattr(recall.Memory, "look_up", note)
    return found


@pytest.mark.parametrize("suffix", ["csv", "parquet", "xlsx"])
def test_only_the_rows_that_differ_are_checked(tmp_path, known, suffix):
    """One row changed, one gone, one new: two rows in question, and the rest in force as they are."""
    rows = referrals(ROWS)
    snapshot(tmp_path, 0, rows, suffix)
    rows[4] = rows[4] | {"cine_referral_nfa": "Y"}
    result = snapshot(tmp_path, 1, [*rows[1:], REFERRAL | {"cine_referral_id": "R999"}], suffix)
    assert known == [0, ROWS - 2]
    assert (result.rows_inserted, result.rows_unchanged, result.rows_closed) == (2, ROWS - 2, 2)
    assert ask(f"select row_no, delivery_id from raw.{FEED} where row_key = 'R5' and closed_by is null") == [(5, 2)]


def test_what_is_known_goes_from_snapshot_to_snapshot(tmp_path, known):
    """Also rows that were known themselves are known the next time, in another format as well."""
    rows = referrals(ROWS)
    for day in range(3):
        snapshot(tmp_path, day, rows[day:])
    snapshot(tmp_path, 3, rows[3:], "parquet")
    assert known == [0, ROWS - 1, ROWS - 2, ROWS - 3]


@pytest.mark.parametrize(("seed", "suffix"), [(0, "csv"), (1, "csv"), (2, "parquet"), (3, "xlsx")])
def test_what_stands_is_what_checking_everything_leaves(tmp_path, known, monkeypatch, seed, suffix):
    """Ten snapshots, of which one council's are recalled and another's are not: the same rows, faults and counts."""
    chance, rows = random.Random(seed), referrals(ROWS)
    for day in range(10):
        results = []
        for council, size in (("barnet", 0), (OTHER, 1 << 40)):
            monkeypatch.setattr(recall, "FROM_BYTES", size)
            result = snapshot(tmp_path, day, rows, suffix, council=council)
            results.append([getattr(result, name) for name in type(result).model_fields if name.startswith("rows_")])
        assert results[0] == results[1], day
        assert state("barnet") == state(OTHER), day
        rows = change(rows, chance)
    assert len(known) == 10
    assert sum(known) > 3 * ROWS


def test_every_table_of_a_return_is_recalled(tmp_path, known):
    """A census of five children, and the same with another: what is kept lies beside the file, and goes with it."""
    children = [CHILD.format(id=f"{number:05d}") for number in range(6)]
    first = load(census(tmp_path / "first.xml", children[:5]))
    second = load(census(tmp_path / "second.xml", children), as_at=MARCH + timedelta(days=1))
    tables, rows = len(first), sum(result.rows_read for result in first)
    assert tables > 3
    assert known == [0] * tables + [result.rows_read for result in first]
    assert sum(result.rows_unchanged for result in second) == rows
    assert sum(result.rows_inserted for result in second) == ROWS_OF_A_CHILD
    filled = sum(result.rows_read > 0 for result in first)
    assert [len(kept(result)) for result in (first[0], second[0])] == [filled, filled]
    erase("barnet", "00005", "the family's wish, upheld")
    assert [len(kept(result)) for result in (first[0], second[0])] == [filled, 0]


@pytest.mark.parametrize("is_known_first", [True, False])
def test_a_key_that_a_known_row_has_is_met(tmp_path, known, is_known_first):
    """A new row with the key of a known one: the first of them counts, whichever it is."""
    rows = referrals(ROWS)
    snapshot(tmp_path, 0, rows)
    new = rows[8] | {"cine_referral_nfa": "Y"}
    result = snapshot(tmp_path, 1, [*rows, new] if is_known_first else [new, *rows])
    assert known == [0, ROWS]
    counts = (0, ROWS, 1, 0, 0) if is_known_first else (1, ROWS - 1, 1, 0, 1)
    assert tuple(getattr(result, name) for name in NUMBERS) == counts
    assert in_force(FEED, "row_key", "cine_referral_nfa")[-1] == ("R9", "N" if is_known_first else "Y")


def test_known_rows_twice_are_duplicates(tmp_path, known):
    """A file that holds all of the one before twice."""
    rows = referrals(ROWS)
    snapshot(tmp_path, 0, rows)
    result = snapshot(tmp_path, 1, [*rows, *rows])
    assert known == [0, 2 * ROWS]
    assert tuple(getattr(result, name) for name in NUMBERS) == (0, ROWS, 0, ROWS, 0)


def test_rows_that_left_the_table_are_brought_back(tmp_path, known):
    """Whoever took a row out of the table: the snapshot brings it back, as if it had never been there."""
    rows = referrals(ROWS)
    snapshot(tmp_path, 0, rows)
    ask_one = f"with gone as (delete from raw.{FEED} where row_key = 'R7' returning 1) select count(*) from gone"
    assert ask(ask_one) == [(1,)]
    result = snapshot(tmp_path, 1, rows[:-1])
    assert known[1] == ROWS - 1
    assert (result.rows_inserted, result.rows_closed) == (1, 1)
    assert "R7" in dict(in_force(FEED, "row_key", "cine_referral_nfa"))


def test_rows_of_the_snapshot_before_the_last_come_back(tmp_path, known):
    """A value that was superseded and stands again is written again, known or not."""
    rows = referrals(ROWS)
    other = [rows[0] | {"cine_referral_nfa": "Y"}, *rows[1:]]
    for day, each in enumerate((rows, other)):
        snapshot(tmp_path, day, each)
    result = snapshot(tmp_path, 2, rows[:-1])
    assert known == [0, ROWS - 1, ROWS - 2]
    assert (result.rows_inserted, result.rows_closed) == (1, 2)


def test_another_secret_supersedes_every_row(tmp_path, known, monkeypatch):
    """Hashes and pseudonyms of another key: nothing that stands is known."""
    rows = referrals(ROWS)
    snapshot(tmp_path, 0, rows)
    secret = tmp_path / "other-key"
    secret.write_bytes(b"k" * 64)
    monkeypatch.setattr(type(settings()), "pseudonym_key", lambda _: secret.read_bytes())
    monkeypatch.setattr("ingest.loader.hold_to_key", lambda *_, **__: None)
    result = snapshot(tmp_path, 1, rows[:-1])
    assert known == [0, 0]
    assert (result.rows_inserted, result.rows_closed) == (ROWS - 1, ROWS)


@pytest.mark.parametrize("what", ["code", "specification"])
def test_another_version_checks_everything(tmp_path, known, monkeypatch, what):
    """What other code, or a specification with any other word, would make of a row is not known."""
    rows = referrals(ROWS)
    snapshot(tmp_path, 0, rows)
    specs = loader.specs_of("barnet")
    if what == "code":
        monkeypatch.setattr(recall, "_code", lambda: "another version")
    else:
        changed = specs[FEED].model_copy(update={"retention_years": specs[FEED].retention_years + 1})
        monkeypatch.setattr(loader, "specs_of", lambda _: specs | {FEED: changed})
    assert snapshot(tmp_path, 1, rows[1:]).rows_unchanged == ROWS - 1
    assert known == [0, 0]


@pytest.mark.parametrize("how", ["order", "delimiter", "encoding", "mark"])
def test_what_is_known_does_not_hang_on_the_shape_of_a_text(tmp_path, known, how):
    """Another delimiter, encoding or mark, the same fields: known. The columns in another order: not."""
    rows = referrals(ROWS)
    snapshot(tmp_path, 0, rows)
    rows[0] |= {"cine_referral_nfa": "Y"}
    content = text_of(FEED, rows, header=list(reversed(names(FEED))) if how == "order" else None)
    content = content.replace(",", ";") if how == "delimiter" else content
    path = tmp_path / "second" / f"{FEED}.csv"
    path.parent.mkdir()
    path.write_bytes(content.encode({"encoding": "utf-16", "mark": "utf-8-sig"}.get(how, "utf-8")))
    result = load_one(path, as_at=MARCH + timedelta(days=1))
    assert known == [0, 0 if how == "order" else ROWS - 1]
    assert (result.rows_inserted, result.rows_closed) == (1, 1)


@pytest.mark.parametrize("how", ["changed", "cut", "added to", "emptied", "gone"])
def test_kept_rows_that_are_damaged_are_not_used(tmp_path, known, how):
    """One bit is enough: all is checked."""
    rows = referrals(ROWS)
    (path,) = kept(snapshot(tmp_path, 0, rows))
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    changed = {"changed": content, "cut": content[:-1], "added to": content + b"x", "emptied": b""}
    path.unlink() if how == "gone" else path.write_bytes(changed[how])
    result = snapshot(tmp_path, 1, rows[1:])
    assert known == [0, 0]
    assert (result.rows_inserted, result.rows_unchanged, result.rows_closed) == (0, ROWS - 1, 1)


def test_a_day_that_lay_ahead_is_judged_anew(tmp_path, known):
    """A row with a day to come is not kept; and a file as at an earlier day does not use what a later one kept."""
    rows = referrals(ROWS)
    ahead = (MARCH + timedelta(days=3)).isoformat()
    rows[9] |= {"cine_referral_date": ahead}
    early, later, late = (snapshot(tmp_path, day, rows[day:]) for day in (0, 3, 1))
    assert known == [0, ROWS - 4, 0]
    assert (early.rows_rejected, later.rows_rejected, later.rows_inserted) == (1, 0, 1)
    assert late.is_late and late.rows_rejected == 1
    assert faults(1) == [(11, "cine_referral_date", "future")]


def test_warnings_of_known_rows_are_counted(tmp_path, known):
    """A warning is counted in every snapshot, and written down once."""
    rows = referrals(ROWS)
    rows[3] |= {"cine_referral_id": "R\u200b4"}
    results = [snapshot(tmp_path, day, rows[day:]) for day in range(3)]
    assert known == [0, ROWS - 1, ROWS - 2]
    assert [result.rows_warned for result in results] == [1, 1, 1]
    assert ask("select row_no, rule from ops.warning") == [(5, "invisible")]


def test_known_rows_out_of_order_hold_a_delivery_again(tmp_path, known):
    """Days out of order count towards the limit, known or not: a person must look again."""
    days = {"perm_person_id": "00012", "perm_adm_decision_date": "2026-01-02", "perm_matched_date": "2026-01-01"}
    rows = [days | {"perm_table_id": f"{number}"} for number in range(ROWS)]
    first = load_one(write(tmp_path / "1", "ssd_permanence", rows))
    assert accept(first.delivery_id).rows_warned == ROWS
    second = load_one(write(tmp_path / "2", "ssd_permanence", rows[1:]), as_at=MARCH + timedelta(days=1))
    assert known == [0, 0, ROWS - 1]
    assert (first.state, second.state, second.rows_unchanged, second.rows_warned) == (
        "held",
        "held",
        ROWS - 1,
        ROWS - 1,
    )
    assert f"{ROWS - 1} of {ROWS - 1} rows have days to come or out of order" in second.error


def test_a_cell_in_error_is_no_blank(tmp_path, known):
    """It comes as a blank, as the cell did in the snapshot before: the row is not known by that."""
    rows = referrals(ROWS, cine_close_date="")
    snapshot(tmp_path, 0, rows, "xlsx")
    path = tmp_path / "second" / f"{FEED}.xlsx"
    path.parent.mkdir()
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate([names(FEED), *([row.get(name, "") for name in names(FEED)] for row in rows)]):
            sheet.write_row(at, 0, row)
        sheet.write_formula(5, names(FEED).index("cine_close_date"), "=1/0", None, "#DIV/0!")
    result = load_one(path, as_at=MARCH + timedelta(days=1))
    assert known == [0, 0]
    assert (result.rows_unchanged, result.rows_warned) == (ROWS, 1)


def test_a_cut_row_is_seen(tmp_path, known):
    """A snapshot that ends within its last row is refused, however much of it is known."""
    rows = referrals(ROWS)
    snapshot(tmp_path, 0, rows)
    path = write(tmp_path / "cut", FEED, rows)
    path.write_text(path.read_text().rstrip()[:-12])
    result = load_one(path, as_at=MARCH + timedelta(days=1))
    assert (result.state, result.rule) == ("refused", "cut_short")
    assert not kept(result)


def test_a_feed_with_names_in_other_alphabets(tmp_path, known):
    """Names beyond ASCII are compared to the last letter."""
    rows = [PERSON | {"pers_person_id": f"{number:05d}", "pers_forename": "Zoë"} for number in range(ROWS)]
    load_one(write(tmp_path / "1", "ssd_person", rows))
    rows[7] |= {"pers_forename": "Zoe"}
    result = load_one(write(tmp_path / "2", "ssd_person", rows), as_at=MARCH + timedelta(days=1))
    assert known == [0, ROWS - 1]
    assert (result.rows_inserted, result.rows_closed, result.rows_unchanged) == (1, 1, ROWS - 1)


def test_rows_are_found_in_any_piece(tmp_path, known, monkeypatch):
    """Pieces of seven rows, of which the next snapshot has them in another order."""
    monkeypatch.setattr(recall, "PIECE_ROWS", 7)
    rows = referrals(ROWS)
    snapshot(tmp_path, 0, rows)
    random.Random(1).shuffle(rows)
    result = snapshot(tmp_path, 1, rows[1:])
    assert known == [0, ROWS - 1]
    assert (result.rows_unchanged, result.rows_closed) == (ROWS - 1, 1)


def test_rows_far_from_the_last_ones_are_looked_for_a_few_times(tmp_path, known, monkeypatch):
    """In pieces of seven: near ones always, far ones where much of a chunk is left, until it takes too long."""
    monkeypatch.setattr(recall, "PIECE_ROWS", 7)
    monkeypatch.setattr(recall, "FAR_TIMES", 1)
    rows = referrals(ROWS)
    (path,) = kept(snapshot(tmp_path, 0, rows))
    found, marks = recall.Recall.open(path, load_keys(), MARCH), marks_of(rows)
    far, near, back = marks[30:40], marks[40:48], marks[:10]
    assert [int(found.find(some)[0].sum()) for some in (far, near, back)] == [10, 8, 0]


def test_what_is_asked_in_vain_is_asked_no_more(tmp_path, known, monkeypatch):
    """A file of which hardly a row is known is checked as if none were."""
    monkeypatch.setattr(recall, "GIVE_UP_FROM", 20)
    rows = referrals(ROWS)
    (path,) = kept(snapshot(tmp_path, 0, rows))
    found, marks = recall.Recall.open(path, load_keys(), MARCH), marks_of(rows)
    other = np.zeros((20, 2), dtype=np.uint64)
    assert [int(found.find(some)[0].sum()) for some in (marks[:10], other, marks[:10])] == [10, 0, 0]


def test_marks_tell_where_a_field_ends():
    """The same letters in other fields, and two fields that are exchanged, make other marks."""
    rows = [("ab", "c"), ("a", "bc"), ("c", "ab"), ("", "abc"), ("abc", ""), ("a\x1fb", "c"), ("a", "b\x1fc")]
    marks = recall.marks_of(pl.DataFrame(rows, schema=["first", "second"], orient="row"), (1, 2, 3))
    assert len({high for high, _ in marks.tolist()}) == len(rows)
    assert len({low for _, low in marks.tolist()}) >= len(rows) - 1


def test_kept_rows_go_with_the_copy(tmp_path, known):
    """Whoever erases a child removes the copies that name it, and what was kept of their rows."""
    result = snapshot(tmp_path, 0, referrals(ROWS, cine_referral_team="T-ERASE"))
    assert len(kept(result)) == 1
    erase("barnet", "00007", "the family's wish, upheld")
    assert not kept(result)


def test_what_a_killed_load_left_is_removed_after_a_day(tmp_path, known):
    """A copy or kept rows that were never finished may hold half an extract."""
    landing = settings().home / "landing" / "barnet"
    landing.mkdir(parents=True, exist_ok=True)
    old, young = landing / ".incoming-old", landing / ".incoming-young"
    for path in (old, young):
        path.write_text("R1,00012")
    os.utime(old, (0, path.stat().st_mtime - LEFT_OVER_SECONDS - 60))
    snapshot(tmp_path, 0, referrals(2))
    assert (old.exists(), young.exists()) == (False, True)
    young.unlink()

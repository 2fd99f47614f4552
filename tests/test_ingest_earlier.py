"""A snapshot that differs little from the one in force: what is read of it, and that nothing else changes by that."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from ingest_sample import MARCH, PERSON, REFERRAL, ask, in_force, load_one, names, referrals, text_of, write

from ingest import earlier, stream
from sightline.settings import settings

FEED = "ssd_cin_episodes"
ROWS = 60
OTHER = "southwark"

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def remainders(monkeypatch) -> list:
    """What is left to be read of each snapshot that is loaded from now on, whatever its size; None for all."""
    found = []
    find = stream.find_remainder

    def note(*arguments):
        found.append(find(*arguments))
        return found[-1]

    monkeypatch.setattr(earlier, "FROM_BYTES", 0)
    monkeypatch.setattr(stream, "find_remainder", note)
    return found


def snapshot(tmp_path, day: int, rows: list[dict], **options):
    """Load rows as the snapshot of a day."""
    folder = tmp_path / f"{day}-{options.get('council', '')}"
    return load_one(write(folder, FEED, rows), as_at=MARCH + timedelta(days=day), **options)


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


def test_only_the_rows_that_differ_are_read(tmp_path, remainders):
    """One row changed, one gone, one new: three rows in question, and the rest in force as they are."""
    rows = referrals(ROWS)
    snapshot(tmp_path, 0, rows)
    rows[4] = rows[4] | {"cine_referral_nfa": "Y"}
    result = snapshot(tmp_path, 1, [*rows[1:], REFERRAL | {"cine_referral_id": "R999"}])
    (first, second) = remainders
    assert first is None
    assert (second.known, len(second.fresh), len(second.touched)) == (ROWS - 2, 2, 2)
    assert (result.rows_inserted, result.rows_unchanged, result.rows_closed) == (2, ROWS - 2, 2)
    assert ask(f"select row_no, delivery_id from raw.{FEED} where row_key = 'R5' and closed_by is null") == [(5, 2)]


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


@pytest.mark.parametrize("seed", range(4))
def test_what_stands_is_what_reading_everything_leaves(tmp_path, remainders, monkeypatch, seed):
    """Twelve snapshots, each read in part by one council and in whole by another: the same rows, faults and counts."""
    chance, rows = random.Random(seed), referrals(ROWS)
    for day in range(12):
        results = []
        for council, size in (("barnet", 0), (OTHER, 1 << 40)):
            monkeypatch.setattr(earlier, "FROM_BYTES", size)
            result = snapshot(tmp_path, day, rows, council=council)
            results.append([getattr(result, name) for name in type(result).model_fields if name.startswith("rows_")])
        assert results[0] == results[1], day
        assert state("barnet") == state(OTHER), day
        rows = change(rows, chance)
    assert sum(one is not None for one in remainders) >= 3


def test_a_key_that_a_known_row_has_is_met(tmp_path, remainders):
    """A new row with the key of a row that nobody reads: the first one counts, so that all must be read."""
    rows = referrals(ROWS)
    snapshot(tmp_path, 0, rows)
    result = snapshot(tmp_path, 1, [rows[8] | {"cine_referral_nfa": "Y"}, *rows])
    assert remainders[1] is not None
    assert (result.rows_inserted, result.rows_rejected, result.rows_closed) == (1, 1, 1)
    assert in_force(FEED, "row_key", "cine_referral_nfa")[-1] == ("R9", "Y")


def test_rows_that_left_the_table_are_read_again(tmp_path, remainders):
    """Whoever took a row out of the table: the snapshot brings it back, as if it had never been there."""
    rows = referrals(ROWS)
    snapshot(tmp_path, 0, rows)
    ask_one = f"with gone as (delete from raw.{FEED} where row_key = 'R7' returning 1) select count(*) from gone"
    assert ask(ask_one) == [(1,)]
    result = snapshot(tmp_path, 1, rows[:-1])
    assert remainders[1] is None
    assert (result.rows_inserted, result.rows_closed) == (1, 1)


def test_another_secret_supersedes_every_row(tmp_path, remainders, monkeypatch):
    """Hashes and pseudonyms of another key: nothing that stands is known."""
    rows = referrals(ROWS)
    snapshot(tmp_path, 0, rows)
    secret = tmp_path / "other-key"
    secret.write_bytes(b"k" * 64)
    monkeypatch.setattr(type(settings()), "pseudonym_key", lambda _: secret.read_bytes())
    monkeypatch.setattr("ingest.loader.hold_to_key", lambda *_, **__: None)
    result = snapshot(tmp_path, 1, rows[:-1])
    assert remainders[1] is None
    assert (result.rows_inserted, result.rows_closed) == (ROWS - 1, ROWS)


@pytest.mark.parametrize("how", ["order", "delimiter", "encoding", "copy", "quotes"])
def test_another_shape_is_read_whole(tmp_path, remainders, how):
    """Other columns first, another delimiter or encoding, a changed copy, quotes astray: the rows do not compare."""
    rows = referrals(ROWS)
    first = snapshot(tmp_path, 0, rows)
    rows[0] |= {"cine_referral_nfa": "Y"}
    content = text_of(FEED, rows, header=list(reversed(names(FEED))) if how == "order" else None)
    content = content.replace(",", ";") if how == "delimiter" else content
    content = content.replace("R3,", 'R"3,') if how == "quotes" else content
    if how == "copy":
        (copy,) = (settings().home / "landing").glob(f"barnet/{first.sha256}/*.csv")
        copy.write_text(copy.read_text().replace("R60", "R61"))
    path = tmp_path / "second" / f"{FEED}.csv"
    path.parent.mkdir()
    path.write_bytes(content.encode("utf-16" if how == "encoding" else "utf-8"))
    result = load_one(path, as_at=MARCH + timedelta(days=1))
    assert remainders[1] is None
    assert (result.rows_inserted, result.rows_closed) == ((2, 2) if how == "quotes" else (1, 1))


def test_a_cut_row_is_seen(tmp_path, remainders):
    """A snapshot that ends within its last row is refused, however little of it is read."""
    rows = referrals(ROWS)
    snapshot(tmp_path, 0, rows)
    path = write(tmp_path / "cut", FEED, rows)
    path.write_text(path.read_text().rstrip()[:-12])
    result = load_one(path, as_at=MARCH + timedelta(days=1))
    assert remainders[1] is not None
    assert (result.state, result.rule) == ("refused", "cut_short")


def test_a_feed_without_pseudonyms_and_with_marks(tmp_path, remainders):
    """A UTF-8 mark before the header shifts where rows lie, and nothing else."""
    rows = [PERSON | {"pers_person_id": f"{number:05d}", "pers_forename": "Zoë"} for number in range(ROWS)]
    path = write(tmp_path, "ssd_person", rows)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    load_one(path)
    again = tmp_path / "again" / path.name
    again.parent.mkdir()
    again.write_bytes(path.read_bytes().replace(b"00007", b"90007"))
    result = load_one(again, as_at=MARCH + timedelta(days=1))
    assert len(remainders[1].fresh) == 1
    assert (result.rows_inserted, result.rows_closed, result.rows_unchanged) == (1, 1, ROWS - 1)


def test_a_column_under_another_name_is_read_whole(tmp_path, remainders, monkeypatch):
    """Which column a name meant when the earlier snapshot was read is not known: nothing is taken as read."""
    find = stream.find_remainder
    monkeypatch.setattr(
        stream,
        "find_remainder",
        lambda c, d, t, header, *more: find(c, d, t, replace(header, renamed=("X as Y",)), *more),
    )
    rows = referrals(ROWS)
    snapshot(tmp_path, 0, rows)
    snapshot(tmp_path, 1, rows[1:])
    assert remainders == [None, None]

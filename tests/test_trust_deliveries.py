"""Deliveries gone wrong, and files that are replaced on their way in. All people are made up."""

from __future__ import annotations

import hashlib
import json
import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from cin_sample import CHILD, FOOT, HEAD
from ingest_sample import (
    APRIL,
    MARCH,
    MAY,
    PERSON,
    REFERRAL,
    ask,
    faults,
    in_force,
    load,
    load_one,
    promise,
    referrals,
    write,
)

from ingest.land import land
from sightline import settings as settings_module

pytestmark = pytest.mark.usefixtures("db")
FEED = "ssd_cin_episodes"


def test_a_file_replaced_while_it_is_read_lands_as_it_was_opened(tmp_path, monkeypatch):
    """Another file under the same name: what was opened is what is copied, and its hash with it."""
    path, other = write(tmp_path, FEED, referrals(3)), write(tmp_path / "other", FEED, referrals(9))
    content, read = path.read_bytes(), os.read

    def replace_first(handle, size):
        monkeypatch.undo()
        other.replace(path)
        return read(handle, size)

    monkeypatch.setattr(os, "read", replace_first)
    landed = land(path, tmp_path / "landing")
    assert landed.path.read_bytes() == content != path.read_bytes()
    assert landed.sha256 == hashlib.sha256(content).hexdigest()


def test_the_same_rows_in_another_order_change_nothing(tmp_path):
    """Another hash, and not one row written."""
    rows = referrals(40)
    load(write(tmp_path, FEED, rows))
    before = ask(f"select * from raw.{FEED} order by row_no")
    result = load_one(write(tmp_path / "shuffled", FEED, rows[::-1]), as_at=APRIL)
    assert (result.rows_unchanged, result.rows_inserted, result.rows_closed) == (40, 0, 0)
    assert ask(f"select * from raw.{FEED} order by row_no") == before


def test_overlapping_extracts_count_nothing_twice(tmp_path):
    """Two periods that share rows: each key is in force once."""
    rows = referrals(30)
    load(write(tmp_path, FEED, rows[:20]))
    load(write(tmp_path / "next", FEED, rows[5:]), as_at=APRIL)
    keys = [key for (key,) in in_force(FEED, "cine_referral_id")]
    assert sorted(keys) == sorted(row["cine_referral_id"] for row in rows[5:])


@pytest.mark.parametrize("name", ["manifest", "LEA"])
def test_another_councils_file_is_refused(tmp_path, name):
    """By the manifest beside it; the authority that a return names in its own header is told in its notes."""
    if name == "manifest":
        write(tmp_path, FEED, referrals(1))
        promise(tmp_path, council="southwark")
        assert load_one(tmp_path).rule == "council"
        return
    whole = HEAD.format(year=2026) + CHILD.format(id="1") + FOOT
    path = tmp_path / "CIN.xml"
    path.write_text(whole.replace("</CollectionDetails>", "</CollectionDetails><Source><LEA>210</LEA></Source>"))
    assert "a return of the authority 210, by its header" in load(path)[0].notes


def test_made_up_people_never_come_among_real_ones(tmp_path, monkeypatch):
    """A manifest that says `made_up`, in a warehouse whose key is a council's own."""
    write(tmp_path / "in", FEED, referrals(2))
    promise(tmp_path / "in")
    key = tmp_path / "key"
    key.write_text("a key of a council's own, of forty bytes or so")
    monkeypatch.setenv("SIGHTLINE_PSEUDONYM_KEY_FILE", str(key))
    settings_module.settings.cache_clear()
    result = load_one(tmp_path / "in")
    manifest = json.loads((tmp_path / "in" / "manifest.json").read_text()) | {"made_up": False}
    (tmp_path / "in" / "manifest.json").write_text(json.dumps(manifest))
    real = load_one(tmp_path / "in")
    monkeypatch.undo()
    settings_module.settings.cache_clear()
    assert (result.state, result.rule, real.state) == ("refused", "made_up", "loaded")


def test_two_birth_dates_of_one_child_are_both_visible(tmp_path):
    """The later row is set aside, the first one warned of; neither is lost, and which column differs is told."""
    people = [PERSON, PERSON | {"pers_person_id": "00013"}, PERSON | {"pers_dob": "2014-01-01"}]
    result = load_one(write(tmp_path, "ssd_person", people))
    assert (result.rows_inserted, result.rows_rejected, result.rows_warned) == (2, 1, 1)
    assert faults(result.delivery_id) == [(4, "pers_dob", "key")]
    assert ask("select row_no, column_name, rule from ops.warning") == [(2, "pers_dob", "key")]


def test_merged_identifiers_keep_their_history(tmp_path):
    """Two records become one: the given-up identifier is no longer in force, and was on the days before."""
    people = [PERSON, PERSON | {"pers_person_id": "00013"}]
    load(write(tmp_path, "ssd_person", people))
    load(write(tmp_path, FEED, [REFERRAL, REFERRAL | {"cine_referral_id": "R2", "cine_person_id": "00013"}]))
    load(write(tmp_path / "april", "ssd_person", people[:1]), as_at=APRIL)
    load(write(tmp_path / "april", FEED, [REFERRAL, REFERRAL | {"cine_referral_id": "R2"}]), as_at=APRIL)
    assert len(in_force("ssd_person", "pers_person_id")) == 1
    assert len(set(in_force(FEED, "cine_person_id"))) == 1
    then = f"select count(distinct cine_person_id) from raw.{FEED} where delivery_id <= 2"
    assert ask(then) == [(2,)]


def test_a_backfill_beside_the_daily_load_ends_as_one_after_the_other(tmp_path):
    """March is loaded again while May is: each waits for the other, and the newest stands."""
    files = {
        as_at: write(tmp_path / str(as_at), FEED, referrals(2000, **{"cine_referral_nfa": flag} | source))
        for as_at, flag, source in (
            (MARCH, "N", {}),
            (APRIL, "Y", {}),
            (MAY, "N", {"cine_referral_source_code": "1B"}),
        )
    }
    load(files[APRIL], as_at=APRIL)
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(load_one, files[as_at], as_at=as_at) for as_at in (MARCH, MAY)]
        results = [future.result(120) for future in both]
    assert [result.state for result in results] == ["loaded", "loaded"]
    for as_at in (MARCH, APRIL, MAY):
        load(files[as_at], as_at=as_at, council="southwark")
    shown = f"select cine_referral_id, cine_referral_nfa from raw.{FEED} where council = %s and closed_by is null"
    assert sorted(ask(shown, "barnet")) == sorted(ask(shown, "southwark"))

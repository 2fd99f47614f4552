"""Held deliveries: nothing changes until a person decides. With a real PostgreSQL."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from ingest_sample import APRIL, COUNCIL, MARCH, MAY, ask, faults, in_force, load_one, promise, referrals, write
from typer.testing import CliRunner

from ingest.errors import HoldError
from ingest.load import accept, refuse
from sightline import warehouse
from sightline.cli import app
from sightline.settings import settings

FEED = "ssd_cin_episodes"
STATE = f"select row_key, delivery_id, closed_by from raw.{FEED} order by 1, 2"

pytestmark = pytest.mark.usefixtures("db")


def bad(count, total, **changes):
    """Referrals of which the first `count` have an unknown code."""
    rows = referrals(total, **changes)
    return [row | {"cine_cin_primary_need_code": "XX"} for row in rows[:count]] + rows[count:]


def test_too_many_rejected_rows_hold_a_delivery(tmp_path):
    """At the limit it loads, above it waits; the rejected rows can be read; the last good rows stay."""
    first = load_one(write(tmp_path / "1", FEED, bad(20, 100)))
    assert (first.state, first.rows_rejected) == ("loaded", 20)
    before = ask(STATE)
    held = load_one(write(tmp_path / "2", FEED, bad(21, 100, cine_referral_nfa="Y")), as_at=APRIL)
    assert (held.state, held.rule, held.rows_read, held.rows_rejected) == ("held", "held", 100, 21)
    assert "21 of 100 rows are rejected, more than 20%" in held.error
    assert ask(STATE) == before
    assert len(faults(held.delivery_id)) == 21
    assert ask("select state from ops.delivery order by delivery_id") == [("loaded",), ("held",)]


def test_a_fall_in_rows_holds_a_delivery(tmp_path):
    """60 of 100 rows load, 59 wait."""
    load_one(write(tmp_path / "1", FEED, referrals(100)))
    held = load_one(write(tmp_path / "2", FEED, referrals(59)), as_at=APRIL)
    assert (held.state, held.rows_unchanged) == ("held", 59)
    assert "59 good rows where 100 are in force, a fall of more than 40%" in held.error
    assert ask(f"select count(*) from raw.{FEED} where closed_by is null") == [(100,)]
    assert load_one(write(tmp_path / "3", FEED, referrals(60)), as_at=APRIL).state == "loaded"


def test_a_small_feed_is_held_where_most_of_it_is_gone(tmp_path):
    """Of 49 rows 25 load; 24 and none wait. Below ten nothing is held, nor are rejected rows below fifty."""
    assert load_one(write(tmp_path / "1", FEED, bad(30, 49))).state == "loaded"
    assert load_one(write(tmp_path / "2", FEED, referrals(49)), as_at=APRIL).state == "loaded"
    held = load_one(write(tmp_path / "3", FEED, referrals(24)), as_at=MAY)
    assert (held.state, "24 good rows where 49 are in force, a fall of more than 50%" in held.error) == ("held", True)
    assert load_one(write(tmp_path / "4", FEED, referrals(25)), as_at=MAY).state == "loaded"
    write(tmp_path / "5", FEED, [])
    promise(tmp_path / "5", MAY)
    assert load_one(tmp_path / "5").state == "held"
    mothers = [
        {"moth_table_id": f"M{at}", "moth_person_id": f"{at:05d}", "moth_childs_person_id": f"1{at:04d}"}
        for at in range(9)
    ]
    assert load_one(write(tmp_path / "6", "ssd_mother", mothers)).state == "loaded"
    assert load_one(write(tmp_path / "7", "ssd_mother", mothers[:1]), as_at=APRIL).state == "loaded"


def damaged(count, total):
    """Referrals of which a spreadsheet has made the first `count` identifiers numbers."""
    rows = referrals(total)
    return [row | {"cine_referral_id": f"1.{at}E+00"} for at, row in enumerate(rows[:count], 1)] + rows[count:]


def test_damaged_keys_leave_the_rows_in_force(tmp_path):
    """Of 20 rows 10 may be damaged; 11 and all wait, though as many were read as are in force."""
    load_one(write(tmp_path / "1", FEED, referrals(20)))
    before = ask(STATE)
    held = load_one(write(tmp_path / "2", FEED, damaged(11, 20)), as_at=APRIL)
    assert (held.state, held.rows_rejected) == ("held", 11)
    assert "9 good rows where 20 are in force, a fall of more than 50%" in held.error
    held = load_one(write(tmp_path / "3", FEED, damaged(20, 20)), as_at=APRIL)
    assert (held.state, held.rows_rejected, "every row is rejected, of 20" in held.error) == ("held", 20, True)
    assert ask(STATE) == before
    assert load_one(write(tmp_path / "4", FEED, damaged(10, 20)), as_at=APRIL).state == "loaded"


def test_exact_duplicates_make_no_volume(tmp_path):
    """Of 100 rows 59 wait, however often they are repeated; 60 load."""
    load_one(write(tmp_path / "1", FEED, referrals(100)))
    held = load_one(write(tmp_path / "2", FEED, referrals(59) * 2), as_at=APRIL)
    assert (held.state, held.rows_read, held.rows_duplicate) == ("held", 118, 59)
    assert load_one(write(tmp_path / "3", FEED, referrals(60) * 2), as_at=APRIL).state == "loaded"


def test_a_snapshot_without_a_good_row_closes_nothing_whatever_its_size(tmp_path):
    """Where nothing is in force it loads; one good row among them lets a delivery of so few load as well."""
    assert load_one(write(tmp_path / "1", FEED, damaged(2, 2))).state == "loaded"
    load_one(write(tmp_path / "2", FEED, referrals(2)))
    held = load_one(write(tmp_path / "3", FEED, damaged(2, 2)), as_at=APRIL)
    assert (held.state, held.rows_rejected, len(faults(held.delivery_id))) == ("held", 2, 2)
    assert ask(f"select count(*) from raw.{FEED} where closed_by is null") == [(2,)]
    assert load_one(write(tmp_path / "4", FEED, damaged(1, 2)), as_at=APRIL).state == "loaded"


def test_accept_loads_the_copy_that_landed(tmp_path):
    """Whatever has become of the file since; who decided is written down; a second time is an error."""
    load_one(write(tmp_path / "1", FEED, referrals(100)))
    path = write(tmp_path / "2", FEED, bad(30, 90))
    held = load_one(path, as_at=APRIL)
    path.write_text("gone")
    result = accept(held.delivery_id)
    assert (result.state, result.delivery_id, result.rows_unchanged) == ("loaded", held.delivery_id, 60)
    assert (result.rows_closed, result.rows_rejected) == (10, 30)
    assert len(faults(held.delivery_id)) == 30
    assert ask("select state, decided_by is not null from ops.delivery where delivery_id = 2") == [("loaded", True)]
    with pytest.raises(HoldError, match="is loaded, not held"):
        accept(held.delivery_id)


@pytest.mark.parametrize("as_at", [APRIL, MAY])
def test_accept_after_a_newer_delivery_gives_the_state_of_no_hold(tmp_path, as_at):
    """The newer delivery stands; the accepted one is history, as if it had loaded when it came."""
    load_one(write(tmp_path / "1", FEED, referrals(100)))
    held = load_one(write(tmp_path / "2", FEED, referrals(50, cine_referral_nfa="Y")), as_at=APRIL)
    newer = load_one(write(tmp_path / "3", FEED, referrals(100, cine_referral_source_code="2A")), as_at=as_at)
    assert (held.state, newer.state) == ("held", "loaded")
    result = accept(held.delivery_id)
    assert (result.state, result.is_late, result.rows_inserted) == ("loaded", True, 50)
    assert set(in_force(FEED, "delivery_id", "cine_referral_source_code")) == {(newer.delivery_id, "2A")}
    kept = f"select distinct closed_by from raw.{FEED} where delivery_id = %s"
    assert ask(kept, held.delivery_id) == [(newer.delivery_id,)]


def test_accept_after_an_older_delivery_takes_force(tmp_path):
    """What came later but is as at an earlier day does not stand before it."""
    load_one(write(tmp_path / "1", FEED, referrals(100)))
    held = load_one(write(tmp_path / "2", FEED, referrals(50, cine_referral_nfa="Y")), as_at=MAY)
    load_one(write(tmp_path / "3", FEED, referrals(100, cine_referral_source_code="2A")), as_at=APRIL)
    assert not accept(held.delivery_id).is_late
    assert set(in_force(FEED, "delivery_id")) == {(held.delivery_id,)}


def test_the_same_bytes_again_wait_under_the_same_number(tmp_path):
    """A daily run of an unchanged folder makes no second line; a refusal stands for the same bytes."""
    load_one(write(tmp_path / "1", FEED, referrals(100)))
    path = write(tmp_path / "2", FEED, referrals(10))
    held, again = load_one(path, as_at=APRIL), load_one(path, as_at=APRIL)
    assert (again.state, again.delivery_id, again.is_new) == ("held", held.delivery_id, False)
    refused = refuse(held.delivery_id, "an extract of one team alone")
    assert (refused.state, refused.delivery_id) == ("refused", held.delivery_id)
    again = load_one(path, as_at=APRIL)
    assert (again.state, again.is_new) == ("refused", False)
    assert "an extract of one team alone" in again.error
    assert ask("select count(*) from ops.delivery") == [(2,)]
    assert ask(f"select count(*) from raw.{FEED} where closed_by is null") == [(100,)]


def test_a_copy_that_is_gone_or_changed_is_not_loaded(tmp_path):
    """The hash is looked at again."""
    load_one(write(tmp_path / "1", FEED, referrals(100)))
    held = load_one(write(tmp_path / "2", FEED, referrals(10)), as_at=APRIL)
    (copy,) = (settings().home / "landing" / COUNCIL / held.sha256).iterdir()
    content = copy.read_bytes()
    copy.write_bytes(content + b"R99\n")
    with pytest.raises(HoldError, match="gone or changed"):
        accept(held.delivery_id)
    copy.write_bytes(content)
    assert accept(held.delivery_id).state == "loaded"


def test_a_dry_run_says_that_it_would_be_held(tmp_path):
    """And keeps nothing."""
    load_one(write(tmp_path / "1", FEED, referrals(100)))
    held = load_one(write(tmp_path / "2", FEED, referrals(10)), as_at=APRIL, dry_run=True)
    assert (held.state, held.delivery_id) == ("held", None)
    assert ask("select count(*) from ops.delivery") == [(1,)]


def test_the_commands(tmp_path):
    """Exit code 0 for a decision, 1 where there is nothing to decide, 2 without a reason."""
    load_one(write(tmp_path / "1", FEED, referrals(100)), as_at=MARCH)
    one = load_one(write(tmp_path / "2", FEED, referrals(10)), as_at=APRIL)
    two = load_one(write(tmp_path / "3", FEED, referrals(11)), as_at=APRIL)
    call = CliRunner().invoke
    assert call(app, ["refuse", str(one.delivery_id)]).exit_code == 2
    assert call(app, ["refuse", str(one.delivery_id), "--why", "half an extract"]).exit_code == 0
    assert call(app, ["accept", str(two.delivery_id)]).exit_code == 0
    assert call(app, ["accept", "99"]).exit_code == 1
    held = write(tmp_path / "4", "ssd_mother", [{"moth_table_id": f"M{at}"} for at in range(60)])
    assert call(app, ["ingest", str(held)]).exit_code == 1
    assert ask("select state from ops.delivery order by delivery_id desc limit 1") == [("held",)]
    assert ask(f"select count(*) from raw.{FEED} where closed_by is null") == [(11,)]


def test_rejects_of_no_delivery_and_of_one_with_warnings_alone(tmp_path):
    """Exit code 1 where there is no such delivery; where no row was rejected, the warnings are counted."""
    result = load_one(write(tmp_path, FEED, referrals(2)))
    call = CliRunner().invoke
    missing = call(app, ["rejects", "999"])
    assert (missing.exit_code, missing.stdout) == (1, "") and "there is no delivery 999" in missing.stderr
    assert "warnings" not in call(app, ["rejects", str(result.delivery_id)]).stderr
    with warehouse.connect(autocommit=True) as connection:
        connection.execute("update ops.delivery set rows_warned = 7")
    warned = call(app, ["rejects", str(result.delivery_id)])
    assert warned.exit_code == 0 and "rows with warnings: 7; `sightline quality`" in warned.stderr


def test_days_and_months_that_were_swapped_are_held(tmp_path):
    """Every day up to the twelfth, as a spreadsheet of another country swaps them; the same file unswapped loads."""
    days = [date(2025, 4, 1) + timedelta(days=number) for number in range(360)]
    rows = referrals(len(days))
    for row, day in zip(rows, days, strict=True):
        row["cine_referral_date"] = day.isoformat()
    assert load_one(write(tmp_path / "good", FEED, rows)).state == "loaded"
    for row, day in zip(rows, days, strict=True):
        if day.day <= 12:
            row["cine_referral_date"] = date(day.year, day.day, day.month).isoformat()
    result = load_one(write(tmp_path / "swapped", FEED, rows), as_at=APRIL)
    assert (result.state, "are day and month swapped?" in result.error) == ("held", True)
    assert ask("select count(*) from raw.ssd_cin_episodes where closed_by is null") == [(360,)]

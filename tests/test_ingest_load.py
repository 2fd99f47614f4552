"""Deliveries: what is written, what is superseded, what is refused. With a real PostgreSQL."""

from __future__ import annotations

import json

import pytest
from ingest_sample import (
    APRIL,
    COUNCIL,
    MARCH,
    MAY,
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

from ingest import ledger
from ingest.errors import IngestError
from ingest.load import ingest
from ingest.schema import migrate
from ingest.spec import Column, load_specs
from sightline import warehouse
from sightline.settings import export

FEED = "ssd_cin_episodes"

pytestmark = pytest.mark.usefixtures("db")


def test_a_first_delivery(tmp_path):
    """Every row is inserted, typed, under the names of the file, with the place that it came from."""
    rows = referrals(3)
    rows[1] |= {"cine_close_date": "2026-02-01", "cine_close_reason": "rc1"}
    result = load_one(write(tmp_path, FEED, rows))
    assert (result.state, result.feed, result.rows_read, result.rows_inserted) == ("loaded", FEED, 3, 3)
    assert result.as_at == MARCH
    assert ask(
        f"select row_no, delivery_id, closed_by, pg_typeof(cine_close_date)::text, cine_close_reason"
        f" from raw.{FEED} order by row_no"
    ) == [(2, 1, None, "date", None), (3, 1, None, "date", "RC1"), (4, 1, None, "date", None)]


def test_the_same_bytes_twice_change_nothing(tmp_path):
    """Whatever the file is called: the earlier delivery is the answer, and nothing is written."""
    first = load_one(write(tmp_path, FEED, referrals(3)))
    before = ask(f"select * from raw.{FEED} order by row_no"), ask("select * from ops.delivery")
    again = load_one(write(tmp_path / "again", FEED, referrals(3), name="ssd_cin_episodes_copy.csv"))
    assert (again.state, again.is_new, again.delivery_id) == ("unchanged", False, first.delivery_id)
    assert (again.rows_read, again.rows_unchanged) == (3, 3)
    assert (ask(f"select * from raw.{FEED} order by row_no"), ask("select * from ops.delivery")) == before


def test_the_same_bytes_at_a_later_date_are_fresh(tmp_path):
    """A snapshot that did not change is one line of the ledger: the feed is not stale."""
    rows = [*referrals(2), REFERRAL | {"cine_referral_id": "R9", "cine_close_reason": "?"}]
    path = write(tmp_path, FEED, rows)
    first, second = load_one(path), load_one(path, as_at=APRIL)
    assert (second.state, second.is_new, second.delivery_id) == ("unchanged", True, first.delivery_id + 1)
    assert (second.rows_read, second.rows_unchanged, second.rows_rejected) == (3, 2, 1)
    assert ask("select delivery_id, as_at, same_as from ops.delivery order by 1") == [(1, MARCH, None), (2, APRIL, 1)]
    with warehouse.connect() as connection:
        assert [row["row_no"] for row in ledger.rejects(connection, 2)] == [4]
    assert load_one(path, as_at=APRIL).is_new is False


def test_only_what_changed_is_written(tmp_path):
    """Changed rows are superseded, absent ones closed, new ones inserted, the others not touched."""
    rows = referrals(5)
    load(write(tmp_path, FEED, rows))
    untouched = ask(f"select ctid, * from raw.{FEED} where cine_referral_id in ('R1', 'R5') order by row_no")
    rows[1] |= {"cine_referral_nfa": "Y"}
    del rows[2:4]
    rows.append(REFERRAL | {"cine_referral_id": "R6"})
    result = load_one(write(tmp_path / "april", FEED, rows), as_at=APRIL)
    assert (result.rows_read, result.rows_unchanged, result.rows_inserted, result.rows_closed) == (4, 2, 2, 3)
    assert in_force(FEED, "cine_referral_id", "cine_referral_nfa", "delivery_id") == [
        ("R1", "N", 1),
        ("R2", "Y", 2),
        ("R5", "N", 1),
        ("R6", "N", 2),
    ]
    assert ask(f"select cine_referral_id from raw.{FEED} where closed_by = 2 order by 1") == [("R2",), ("R3",), ("R4",)]
    assert untouched == ask(f"select ctid, * from raw.{FEED} where cine_referral_id in ('R1', 'R5') order by row_no")


def test_the_state_of_an_earlier_delivery_is_one_filter(tmp_path):
    """What was in force then can be read now, private columns included."""
    load(write(tmp_path, "ssd_person", [PERSON]))
    load(write(tmp_path / "april", "ssd_person", [PERSON | {"pers_surname": "Thistlewick"}]), as_at=APRIL)
    then = (
        "select i.pers_surname from raw.ssd_person as r inner join identity.ssd_person as i"
        " using (delivery_id, row_no) where r.delivery_id <= %s and (r.closed_by is null or r.closed_by > %s)"
    )
    assert ask(then, 1, 1) == [("Quillfeather",)]
    assert ask(then, 2, 2) == [("Thistlewick",)]
    assert ask("select pers_surname from identity.ssd_person where closed_by is null") == [("Thistlewick",)]


def test_a_row_that_comes_back_is_in_force_again(tmp_path):
    """Closed rows stay closed; the same content opens anew."""
    two, one = write(tmp_path, FEED, referrals(2)), write(tmp_path / "one", FEED, referrals(1))
    results = [load_one(two), load_one(one, as_at=APRIL), load_one(two, as_at=MAY)]
    assert [result.state for result in results] == ["loaded"] * 3
    assert (results[2].rows_inserted, results[2].rows_unchanged) == (1, 1)
    assert in_force(FEED, "cine_referral_id", "delivery_id") == [("R1", 1), ("R2", 3)]


def test_an_exact_duplicate_is_counted_and_a_conflict_rejected(tmp_path):
    """Of a key that comes twice the first row counts, in whatever order of content."""
    rows = referrals(3)
    rows += [rows[0], rows[1] | {"cine_close_date": "2026-02-02"}, rows[1]]
    result = load_one(write(tmp_path, FEED, rows))
    assert (result.rows_inserted, result.rows_duplicate, result.rows_rejected) == (3, 2, 1)
    assert faults(result.delivery_id) == [(6, "cine_close_date", "key")]
    assert in_force(FEED, "cine_referral_id", "row_no") == [("R1", 2), ("R2", 3), ("R3", 4)]


@pytest.mark.parametrize("changed", [False, True])
def test_repeated_keys_of_a_later_delivery(tmp_path, changed):
    """The same holds where the first row of the key is in force already, and where it supersedes."""
    rows = referrals(2)
    load(write(tmp_path, FEED, rows))
    if changed:
        rows[0] |= {"cine_referral_nfa": "Y"}
    rows += [rows[0], rows[0] | {"cine_referral_source_code": "1B"}]
    result = load_one(write(tmp_path / "april", FEED, rows), as_at=APRIL)
    assert (result.rows_inserted, result.rows_unchanged) == ((1, 1) if changed else (0, 2))
    assert (result.rows_duplicate, result.rows_rejected) == (1, 1)
    assert faults(result.delivery_id) == [(5, "cine_referral_source_code", "key")]
    assert in_force(FEED, "cine_referral_nfa") == ([("Y",), ("N",)] if changed else [("N",), ("N",)])


def test_repeated_keys_across_chunks(tmp_path):
    """A file is read in chunks; keys are remembered over all of them."""
    rows = referrals(9000)
    rows += [rows[0], rows[8999] | {"cine_referral_nfa": "Y"}]
    result = load_one(write(tmp_path, FEED, rows))
    assert (result.rows_inserted, result.rows_duplicate, result.rows_rejected) == (9000, 1, 1)


def test_a_bad_row_is_kept_and_the_good_ones_go_on(tmp_path):
    """Each fault with row, column, rule and reason; what is good is loaded."""
    rows = referrals(7)
    rows[0] |= {"cine_referral_date": "2026-02-31"}
    rows[1] |= {"cine_cin_primary_need_code": "N77"}
    rows[2] |= {"cine_person_id": ""}
    rows[3] |= {"cine_close_date": "2020-01-01"}
    path = write(tmp_path, FEED, rows)
    lines = path.read_text().splitlines()
    lines[5] += ",surplus"
    path.write_text("\n".join(lines) + "\n")
    result = load_one(path)
    assert (result.rows_inserted, result.rows_rejected) == (2, 5)
    assert faults(result.delivery_id) == [
        (2, "cine_referral_date", "type"),
        (3, "cine_cin_primary_need_code", "code"),
        (4, "cine_person_id", "required"),
        (5, "cine_close_date", "order"),
        (6, "cine_referral_worker_id", "width"),
    ]


def test_a_rejected_row_closes_nothing(tmp_path):
    """The last good row of its key stands; the key's rejection is on record."""
    rows = referrals(3)
    load(write(tmp_path, FEED, rows))
    rows[1] |= {"cine_referral_date": "not a date"}
    del rows[2]
    result = load_one(write(tmp_path / "april", FEED, rows), as_at=APRIL)
    assert (result.rows_unchanged, result.rows_rejected, result.rows_closed) == (1, 1, 1)
    assert in_force(FEED, "cine_referral_id", "delivery_id") == [("R1", 1), ("R2", 1)]


def test_a_rejected_row_beside_a_good_one_of_the_same_key(tmp_path):
    """The good one supersedes, as if the bad one had not come."""
    rows = referrals(2)
    load(write(tmp_path, FEED, rows))
    bad, good = rows[0] | {"cine_referral_date": "?"}, rows[0] | {"cine_referral_nfa": "Y"}
    result = load_one(write(tmp_path / "april", FEED, [bad, good, rows[1]]), as_at=APRIL)
    assert (result.rows_inserted, result.rows_rejected, result.rows_closed) == (1, 1, 1)
    assert in_force(FEED, "cine_referral_id", "cine_referral_nfa") == [("R1", "Y"), ("R2", "N")]


def test_a_late_delivery_supersedes_nothing(tmp_path):
    """March after April: kept as history, closed by what is newer, and April stays in force."""
    april = referrals(3)
    march = [april[0], april[1] | {"cine_referral_nfa": "Y"}, REFERRAL | {"cine_referral_id": "R9"}]
    load(write(tmp_path / "april", FEED, april), as_at=APRIL)
    before = in_force(FEED, "cine_referral_id", "delivery_id", "cine_referral_nfa")
    late = load_one(write(tmp_path / "march", FEED, march), as_at=MARCH)
    assert late.is_late
    assert (late.rows_unchanged, late.rows_inserted, late.rows_closed) == (1, 2, 0)
    assert in_force(FEED, "cine_referral_id", "delivery_id", "cine_referral_nfa") == before
    assert ask(f"select closed_by from raw.{FEED} where delivery_id = %s", late.delivery_id) == [(1,), (1,)]
    assert load_one(write(tmp_path / "march", FEED, march), as_at=MARCH).is_new is False


def test_deliveries_out_of_order_end_like_those_in_order(tmp_path):
    """March, May, April ends with what March, April, May ends with."""
    deliveries = {
        MARCH: referrals(4),
        APRIL: referrals(3, cine_referral_nfa="Y"),
        MAY: [*referrals(2), REFERRAL | {"cine_referral_id": "R7"}],
    }
    for council, order in (("barnet", (MARCH, APRIL, MAY)), ("southwark", (MARCH, MAY, APRIL))):
        for as_at in order:
            load(write(tmp_path / council / str(as_at), FEED, deliveries[as_at]), as_at=as_at, council=council)
    shown = f"select cine_referral_id, cine_referral_nfa from raw.{FEED} where council = %s and closed_by is null"
    assert sorted(ask(shown, "barnet")) == sorted(ask(shown, "southwark"))


def test_an_increment_closes_nothing_that_it_does_not_name(tmp_path):
    """Published statistics come year by year; a revised figure supersedes, the other years stay."""
    feed = "ees_cp_reviews"
    row = {"time_period": "2023", "geographic_level": "National", "category": "Reviews", "CPP_At31_3Months": "10"}
    later = row | {"time_period": "2024", "CPP_At31_3Months": "c"}
    load(write(tmp_path, feed, [row, later]))
    result = load_one(write(tmp_path / "april", feed, [later | {"CPP_At31_3Months": "12"}]), as_at=APRIL)
    assert (result.rows_inserted, result.rows_closed) == (1, 1)
    assert in_force(feed, "time_period", "CPP_At31_3Months", "CPP_At31_3Months_status") == [
        ("2023", 10, "ok"),
        ("2024", 12, "ok"),
    ]
    late = load_one(
        write(tmp_path / "late", feed, [row | {"CPP_At31_3Months": "9"}, row | {"time_period": "2022"}]), as_at=MARCH
    )
    assert late.is_late
    assert in_force(feed, "time_period", "CPP_At31_3Months") == [("2022", 10), ("2023", 10), ("2024", 12)]


def test_councils_do_not_touch_each_other(tmp_path):
    """The same identifiers and bytes of two councils are two deliveries, and two children."""
    path = write(tmp_path, FEED, referrals(1))
    load(path)
    assert load_one(path, council="southwark").rows_inserted == 1
    keys = ask(f"select cine_person_id from raw.{FEED} where closed_by is null")
    assert len(set(keys)) == 2


@pytest.mark.parametrize(
    ("change", "rule", "row", "column"),
    [
        (lambda text: text.replace("cine_close_date", "closed_on", 1), "missing_column", 1, "cine_close_date"),
        (lambda text: text[: text.rindex("2026-01-05") + 3], "cut_short", 4, "cine_referral_date"),
        (lambda text: text.replace("R2,", 'R2,"', 1), "cut_short", 3, "cine_person_id"),
        (lambda text: text.replace("00002", "000\x0002", 1), "nul", 3, "cine_person_id"),
        (lambda text: text.splitlines()[0] + "\n", "empty", None, None),
        (lambda _: text_of("ssd_cp_plans", [], header=names("ssd_cp_plans")[1:]), "other_feed", 1, "cine_referral_id"),
    ],
    ids=["missing column", "cut in a row", "cut in quotes", "NUL", "header only", "another feed"],
)
def test_a_broken_file_is_refused_whole(tmp_path, change, rule, row, column):
    """The error names file, row and column; the ledger has it; nothing else is there; the good file loads after."""
    path = write(tmp_path, FEED, referrals(3))
    good = path.read_text()
    path.write_text(change(good))
    for _ in range(2):
        result = load_one(path)
        assert (result.state, result.rule, result.rows_read) == ("refused", rule, 0)
        assert path.name in result.error
        assert row is None or f"row {row}" in result.error
        assert column is None or f"column {column}" in result.error
    assert ask(f"select count(*) from raw.{FEED}") == [(0,)]
    assert ask("select state, rule, error from ops.delivery") == [("refused", rule, result.error)]
    path.write_text(good)
    assert load_one(path).state == "loaded"


def test_an_extra_column_is_ignored_and_reported(tmp_path):
    """Never added of its own accord."""
    result = load_one(write(tmp_path, FEED, referrals(1), header=[*names(FEED), "local_note"]))
    assert result.state == "loaded"
    assert result.notes == ("columns not in the specification, ignored: local_note",)


def test_values_are_stored_as_text_to_the_letter(tmp_path):
    """Backslashes, tabs, line breaks, quotes, formulas, SQL and words for nothing."""
    odd = [
        "a\\b\\n",
        "tab\there",
        "two\nlines",
        'say "hi"',
        "=1+1",
        "'); drop table raw.audit; --",
        "None",
        "NULL",
        "\\N",
    ]
    rows = [
        REFERRAL | {"cine_referral_id": f"R{place}", "cine_referral_source_desc": value}
        for place, value in enumerate(odd)
    ]
    load(write(tmp_path, FEED, rows))
    assert [value for (value,) in in_force(FEED, "cine_referral_source_desc")] == odd
    assert load_one(write(tmp_path / "again", FEED, rows[::-1]), as_at=APRIL).rows_unchanged == len(odd)


def test_a_key_with_odd_characters_is_one_key(tmp_path):
    """A repeated key is found whatever it is made of."""
    row = REFERRAL | {"cine_referral_id": "R\\1\tx"}
    load(write(tmp_path, FEED, [row]))
    changed = row | {"cine_referral_nfa": "Y"}
    result = load_one(write(tmp_path / "april", FEED, [changed, changed, row]), as_at=APRIL)
    assert (result.rows_inserted, result.rows_closed, result.rows_duplicate, result.rows_rejected) == (1, 1, 1, 1)
    assert in_force(FEED, "row_key", "cine_referral_nfa") == [("R\\1\tx", "Y")]


def test_a_dry_run_counts_and_keeps_nothing(tmp_path):
    """Not even the copy of the file."""
    rows = [*referrals(2), REFERRAL | {"cine_referral_id": "R9", "cine_close_reason": "?"}]
    result = load_one(write(tmp_path, FEED, rows), dry_run=True)
    assert (result.state, result.rows_inserted, result.rows_rejected) == ("loaded", 2, 1)
    assert result.is_dry_run and result.delivery_id is None
    (tmp_path / "unknown.csv").write_text("nonsense\n")
    assert load_one(tmp_path / "unknown.csv", dry_run=True).state == "refused"
    assert ask(f"select count(*) from raw.{FEED}") == ask("select count(*) from ops.delivery") == [(0,)]


def test_the_database_itself_refuses_a_lost_row(tmp_path):
    """read = inserted + unchanged + rejected + duplicate is a constraint, not a hope."""
    load(write(tmp_path, FEED, referrals(2)))
    with warehouse.connect() as connection, pytest.raises(Exception, match="rows_are_conserved"):
        connection.execute("update ops.delivery set rows_read = rows_read + 1")


def test_a_spec_that_grows_adds_a_column_and_supersedes_nothing(tmp_path, monkeypatch):
    """Old rows, blank in the new column, stay as they are; the same bytes are read anew under the new spec."""
    rows = referrals(2)
    load(write(tmp_path, FEED, rows))
    spec = load_specs()[FEED]
    grown = spec.model_copy(update={"columns": (*spec.columns, Column(name="cine_local_note"))})
    specs = {**load_specs(), FEED: grown}
    monkeypatch.setattr("ingest.council.load_specs", lambda: specs)
    header = [*names(FEED), "cine_local_note"]
    rows[1] |= {"cine_local_note": "new"}
    result = load_one(write(tmp_path / "april", FEED, rows, header=header), as_at=APRIL)
    assert (result.rows_unchanged, result.rows_inserted, result.rows_closed) == (1, 1, 1)
    assert in_force(FEED, "cine_local_note") == [(None,), ("new",)]


def test_migrations_are_applied_once_and_never_edited(empty_db):
    """A second run does nothing; a migration that was changed afterwards is refused."""
    with warehouse.connect() as connection:
        assert migrate(connection)[:2] == ["0001_ops.sql", "0002_roles.sql"]
        assert migrate(connection) == []
        connection.execute("update ops.migration set sha256 = 'other' where name = '0001_ops.sql'")
        with pytest.raises(IngestError, match="edited after it was applied"):
            migrate(connection)


def test_a_missing_key_file_is_a_clear_error(tmp_path, monkeypatch):
    """Nothing is loaded without the key of the pseudonyms."""
    monkeypatch.setenv("SIGHTLINE_PSEUDONYM_KEY_FILE", str(tmp_path / "absent.key"))
    export({})
    with pytest.raises(IngestError, match="pseudonym key file not found"):
        ingest([write(tmp_path, FEED, referrals(1))], COUNCIL, MARCH)
    monkeypatch.undo()
    export({})


def test_results_are_json_and_the_ledger_lists_them(tmp_path):
    """What Airflow and the command line show."""
    results = load(write(tmp_path, FEED, referrals(1)))
    assert json.loads(json.dumps([result.as_json() for result in results]))[0]["as_at"] == "2026-03-31"
    with warehouse.connect() as connection:
        (line,) = ledger.deliveries(connection, COUNCIL)
    assert json.loads(json.dumps(line))["rows_inserted"] == 1

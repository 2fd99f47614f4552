"""Text files gone wrong: cuts, delimiters, encodings, invisible characters, names that attack. Made-up people."""

from __future__ import annotations

import random
from datetime import date

import pytest
from ingest_sample import (
    APRIL,
    PERSON,
    REFERRAL,
    ask,
    faults,
    in_force,
    load,
    load_one,
    names,
    promise,
    referrals,
    text_of,
    write,
)

pytestmark = pytest.mark.usefixtures("db")
FEED = "ssd_cin_episodes"


def test_a_header_alone_loads_only_where_the_manifest_says_so(tmp_path):
    """Nought rows are a promise that somebody made, or a file that lost its rows."""
    write(tmp_path / "in", FEED, [])
    assert (load_one(tmp_path / "in").rule, ask(f"select count(*) from raw.{FEED}")) == ("empty", [(0,)])
    promise(tmp_path / "in")
    result = load_one(tmp_path / "in")
    assert (result.state, result.rows_read) == ("loaded", 0)


def test_a_file_cut_at_any_byte_is_refused(tmp_path):
    """Within a row, a quote or a name, and exactly at the end of a row: its hash is the manifest's control total."""
    path, dice = write(tmp_path, FEED, referrals(30, cine_referral_source_desc='a, "b"\nc')), random.Random(3)
    promise(tmp_path)
    whole = path.read_bytes()
    ends_of_rows = [at + 1 for at, byte in enumerate(whole) if byte == 10]
    for cut in [*dice.sample(range(1, len(whole)), 12), *dice.sample(ends_of_rows[:-1], 6)]:
        path.write_bytes(whole[:cut])
        result = load_one(tmp_path)
        assert (result.state, path.name in result.error) == ("refused", True), cut
    assert ask(f"select count(*) from raw.{FEED}") == [(0,)]
    path.write_bytes(whole)
    assert load_one(tmp_path).rows_inserted == 30


def test_a_file_cut_at_any_byte_without_a_manifest(tmp_path):
    """Within the last row: refused, unless in its last field or right behind it, which is noted."""
    path = write(tmp_path, FEED, referrals(3))
    whole = path.read_bytes()
    row = whole[:-1].rindex(b"\n") + 1
    outcomes = {}
    for cut in range(row + 1, len(whole)):
        path.write_bytes(whole[:cut])
        result = load_one(path, dry_run=True)
        outcomes[cut] = result.rule or any("no line end" in note for note in result.notes)
    last_field = whole.rindex(b",")
    assert {outcome for cut, outcome in outcomes.items() if cut <= last_field} == {"cut_short"}
    assert {outcome for cut, outcome in outcomes.items() if cut > last_field} == {True}


def test_a_delimiter_that_changes_midway_loses_no_row(tmp_path):
    """The rows after the change are set aside one by one; none is taken for a preamble."""
    lines = text_of(FEED, referrals(20)).splitlines()
    lines[11:] = [line.replace(",", ";") for line in lines[11:]]
    path = tmp_path / f"{FEED}.csv"
    path.write_text("\n".join(lines) + "\n")
    result = load_one(path)
    assert (result.rows_read, result.rows_inserted, result.rows_rejected) == (20, 10, 10)
    assert [(row_no, rule) for row_no, _, rule in faults(result.delivery_id)] == [(no, "width") for no in range(12, 22)]


@pytest.mark.parametrize("order", [("utf-8", "cp1252"), ("cp1252", "utf-8")])
def test_mixed_encodings_are_refused_with_both_places(tmp_path, order):
    """Half of a file UTF-8 and half Windows-1252: read as either, names would be wrong."""
    texts = [text_of(FEED, referrals(8, cine_referral_source_desc="Zoë’s café")).encode(one) for one in order]
    lines = [text.splitlines() for text in texts]
    path = tmp_path / f"{FEED}.csv"
    path.write_bytes(b"\n".join([*lines[0][:5], *lines[1][5:]]) + b"\n")
    result = load_one(path)
    assert (result.state, result.rule) == ("refused", "encoding")
    assert "row 6: mixed encodings" in result.error and "at byte" in result.error
    assert "Zo" not in result.error


@pytest.mark.parametrize("text", ["ANDRÉ’S", "É—Ö…", "Å“quoted”"])
def test_capitals_before_quotation_marks_are_windows_1252(tmp_path, text):
    """Bytes that might be UTF-8 but are a capital letter and a mark."""
    path = tmp_path / f"{FEED}.csv"
    path.write_bytes(text_of(FEED, referrals(2, cine_referral_source_desc=text)).encode("cp1252") + b"R9,Zo\xeb\n")
    assert load_one(path).encoding == "cp1252"
    assert in_force(FEED, "cine_referral_source_desc") == [(text,)] * 2


def test_identifiers_match_whatever_cannot_be_seen_in_them(tmp_path):
    """Zero width, direction of writing, a letter in two parts: one child, one record; each noted in the ledger."""
    load(write(tmp_path, FEED, [REFERRAL | {"cine_referral_id": "Ré1"}]))
    key = in_force(FEED, "cine_person_id")
    odd = {"cine_referral_id": "Re\u03011\u200b", "cine_person_id": "\u202e000\ufeff12"}
    result = load_one(write(tmp_path / "april", FEED, [REFERRAL | odd]), as_at=APRIL)
    assert (result.rows_unchanged, result.rows_inserted, result.rows_warned) == (1, 0, 1)
    new = write(tmp_path / "may", FEED, [REFERRAL | odd | {"cine_referral_nfa": "Y"}])
    result = load_one(new, as_at=APRIL)
    assert in_force(FEED, "cine_referral_id", "cine_referral_nfa") == [("Ré1", "Y")]
    assert in_force(FEED, "cine_person_id") == key
    noted = ask("select row_no, column_name, rule from ops.warning where delivery_id = %s", result.delivery_id)
    assert sorted(noted) == [(2, "cine_person_id", "invisible"), (2, "cine_referral_id", "invisible")]


def test_a_code_with_an_invisible_character_is_a_fault(tmp_path):
    """Never another code, never none."""
    result = load_one(write(tmp_path, FEED, [REFERRAL | {"cine_referral_source_code": "1A\u200b"}]))
    assert faults(result.delivery_id) == []
    assert ask("select row_no, column_name, rule from ops.warning") == [(2, "cine_referral_source_code", "code")]
    assert ask(f"select cine_referral_source_code from raw.{FEED}") == [(None,)]


def test_a_code_that_must_be_there_sets_its_row_aside_for_an_invisible_character(tmp_path):
    """Where the column's level is the row's."""
    result = load_one(write(tmp_path, FEED, [REFERRAL | {"cine_cin_primary_need_code": "N1\u200b"}]))
    assert faults(result.delivery_id) == [(2, "cine_cin_primary_need_code", "code")]
    assert ask(f"select count(*) from raw.{FEED}") == [(0,)]


def test_leading_zeros_words_for_nothing_and_damaged_numbers(tmp_path):
    """00012 stays itself, a person may be called None, 1.23E+11 is set aside."""
    people = [
        PERSON | {"pers_person_id": "00012", "pers_surname": "None"},
        PERSON | {"pers_person_id": "12", "pers_surname": "NA", "pers_upn": "007"},
        PERSON | {"pers_person_id": "1.23E+11"},
    ]
    result = load_one(write(tmp_path, "ssd_person", people))
    stored = "select pers_person_id, pers_surname, pers_upn from identity.ssd_person order by row_no"
    assert ask(stored) == [("00012", "None", None), ("12", "NA", "007")]
    assert len(set(in_force("ssd_person", "pers_person_id"))) == 2
    assert faults(result.delivery_id) == [(4, "pers_person_id", "type")]


def test_a_column_of_another_type_sets_its_rows_aside(tmp_path):
    """A number became words: those rows wait, the others load."""
    row = {"csdq_person_id": "00012", "csdq_sdq_completed_date": "2026-01-05", "csdq_sdq_reason": "SDQ1"}
    rows = [row | {"csdq_table_id": f"S{at}", "csdq_sdq_score": score} for at, score in enumerate(["12", "high", "9"])]
    result = load_one(write(tmp_path, "ssd_sdq_scores", rows))
    assert faults(result.delivery_id) == [(3, "csdq_sdq_score", "type")]
    assert ask("select count(*) from ops.warning") == [(0,)]
    assert ask("select row_no, csdq_sdq_score from raw.ssd_sdq_scores order by 1") == [(2, 12), (4, 9)]


def test_an_unborn_child_is_no_fault(tmp_path):
    """A day of birth may be expected, and a referral may come before the birth; a birth itself cannot lie ahead."""
    unborn = PERSON | {"pers_dob": "", "pers_expected_dob": "2026-08-01"}
    born = PERSON | {"pers_person_id": "00013", "pers_dob": "2026-03-01"}
    write(tmp_path, "ssd_person", [unborn, born])
    write(tmp_path, FEED, [REFERRAL, REFERRAL | {"cine_referral_id": "R2", "cine_person_id": "00013"}])
    results = load(tmp_path)
    assert [(one.rows_inserted, one.rows_rejected, one.rows_warned) for one in results] == [(2, 0, 0), (2, 0, 0)]
    assert ask("select pers_expected_dob::text from identity.ssd_person order by row_no") == [("2026-08-01",), (None,)]
    assert in_force(FEED, "cine_referral_date") == [(date(2026, 1, 5),)] * 2
    ahead = load_one(write(tmp_path / "ahead", "ssd_person", [unborn | {"pers_dob": "2026-08-01"}, born]))
    assert (ahead.rows_unchanged, ahead.rows_warned) == (2, 1)


def test_a_header_never_becomes_sql(tmp_path):
    """Names of columns come from the specification; what the file says is looked up, never run."""
    header = [*names(FEED), 'x"; drop table raw.audit; --', "'); delete from ops.delivery; --"]
    result = load_one(write(tmp_path, FEED, referrals(2), header=header))
    assert (result.state, result.rows_inserted) == ("loaded", 2)
    assert ask("select count(*) from raw.audit") == [(0,)]
    columns = "select count(*) from information_schema.columns where table_name = %s and column_name like '%%drop%%'"
    assert ask(columns, FEED) == [(0,)]


def test_a_key_too_long_for_an_identifier_is_set_aside(tmp_path):
    """A text in the wrong column would not fit into an index: its row waits, the others load."""
    rows = [*referrals(2), REFERRAL | {"cine_referral_id": "".join(map(chr, range(0x100, 0x900)))}]
    result = load_one(write(tmp_path, FEED, rows))
    assert (result.state, result.rows_inserted) == ("loaded", 2)
    assert faults(result.delivery_id) == [(4, "cine_referral_id", "length")]


def test_a_header_that_swallowed_a_row_is_not_shown(tmp_path):
    """A lost line break puts a person's row into the header: no message or note repeats it."""
    people = [PERSON | {"pers_person_id": f"{at}", "pers_surname": "Quillfeather"} for at in range(3)]
    path = write(tmp_path, "ssd_person", people)
    path.write_text(path.read_text().replace("\n", ",", 1))
    result = load_one(path)
    assert "quillfeather" not in result.model_dump_json().casefold()
    assert result.rows_inserted == 0


@pytest.mark.parametrize("middle", ["a\rb", "x" * (1 << 20)])
def test_broken_quoting_beside_odd_line_ends_and_long_texts_is_refused(tmp_path, middle):
    """The row is named, whatever else is in it."""
    path = write(tmp_path, FEED, referrals(3))
    path.write_text(path.read_text().replace("R2,", f'R2,"{middle}"x,', 1), newline="")
    result = load_one(path)
    assert (result.state, result.rule) == ("refused", "quote")
    assert "row 3" in result.error

"""Codes by year and by day, spellings, days to come, levels, parents: rules of one line. People are made up."""

from __future__ import annotations

from datetime import date

import pytest
from ingest_sample import APRIL, ask, load, load_one, referrals, write

from ingest.check import Checker
from ingest.column import Column, Validity
from ingest.errors import BadSpec
from ingest.recognise import Header
from ingest.spec import FEEDS, FeedSpec, load_specs, read_spec
from ingest.table import Chunk

FEED = "ssd_cin_episodes"
AS_AT = date(2026, 3, 31)
BY_YEAR = {2017: ("1", "2"), 2025: ("M", "F", "U")}


def spec_of(*columns: Column, **changes) -> FeedSpec:
    """A made-up feed with a key and some columns."""
    return FeedSpec(
        feed="made_up",
        title="A made-up feed",
        group="quality",
        cadence="weekly",
        owner="nobody",
        retention_years=1,
        source="this test",
        files=("made_up.csv",),
        key=("made_up_id",),
        columns=(Column(name="made_up_id", type="id"), *columns),
        **changes,
    )


def check(spec: FeedSpec, *rows: tuple[str, ...], year: int | None = None, errors=None):
    """Check rows of a feed of `spec_of`; return the result, its faults and its warnings as (row, column, rule)."""
    fields = [[str(number), *row] for number, row in enumerate(rows)]
    chunk = Chunk(range(2, 2 + len(rows)), fields, errors=errors or {})
    result = Checker(spec, Header(tuple(range(len(spec.columns))), ()), year, AS_AT).check(chunk, len(spec.columns))
    faults = [(row.row_no, fault.column, fault.rule) for row in result.bad for fault in row.faults]
    return result, faults, [(row_no, fault.column, fault.rule) for row_no, fault in result.warnings]


@pytest.mark.parametrize(
    ("year", "good"), [(2016, "12"), (2017, "12"), (2024, "12"), (2025, "MFU"), (2027, "MFU"), (None, "MFU")]
)
def test_codes_hold_from_their_year_to_the_next_ones(year, good):
    """The last year of a list, the first of the next; before the first list that one; no year means the newest."""
    sex = Column(name="SEX", codes=BY_YEAR[2025], codes_by_year=BY_YEAR)
    result, faults, _ = check(spec_of(sex), *zip("12MFU", strict=True), year=year)
    assert "".join(result.columns[1]) == good
    assert len(faults) == 5 - len(good)


def test_a_code_holds_on_the_days_that_the_spec_says():
    """The first and the last day are inside; a row without the day is not judged."""
    validity = Validity(day="DECOM", since={"H5": date(2014, 4, 1)}, until={"S1": date(2019, 3, 31)})
    columns = Column(name="PLACE", codes=("H5", "S1", "U1"), valid=validity), Column(name="DECOM", type="date")
    rows = [("H5", "2014-04-01"), ("S1", "2019-03-31"), ("U1", "1990-01-01"), ("S1", "")]
    wrong = [("H5", "2014-03-31"), ("S1", "2019-04-01")]
    _, faults, _ = check(spec_of(*columns), *rows, *wrong)
    assert faults == [(6, "PLACE", "code_then"), (7, "PLACE", "code_then")]


def test_spellings_become_their_code():
    """Whatever the case and however many blanks; another is a fault."""
    column = Column(
        name="sex", codes=("a) Male", "b) Female"), spellings={"a) Male": ("M", "1 - Male"), "b) Female": ()}
    )
    result, faults, _ = check(spec_of(column), ("m",), ("1 -  MALE",), ("B) female ",), ("x",))
    assert result.columns[1].to_list() == ["a) Male", "a) Male", "b) Female"]
    assert faults == [(5, "sex", "code")]


def test_a_day_after_the_as_at_date_has_not_come():
    """The day itself has; a time counts by its day; due dates may lie ahead."""
    columns = (
        Column(name="seen_on", type="date", past=True),
        Column(name="seen_at", type="timestamp", past=True),
        Column(name="due_on", type="date"),
    )
    last, next_day = ("2026-03-31", "2026-03-31T23:59:00", "2027-01-01"), ("2026-04-01", "2026-04-01T00:00:00", "")
    _, faults, _ = check(spec_of(*columns), last, next_day, ("", "", ""))
    assert faults == [(3, "seen_on", "future"), (3, "seen_at", "future")]


def test_a_warning_blanks_the_value_and_keeps_the_row():
    """A code, a type, a day to come and a missing value; of days out of order both stay."""
    columns = (
        Column(name="outcome", codes=("A",), level="warn", required=True),
        Column(name="started_on", type="date"),
        Column(name="ended_on", type="date", level="warn", past=True),
    )
    spec = FeedSpec.model_validate(spec_of(*columns).model_dump() | {"order": [["started_on", "ended_on", "warn"]]})
    rows = [("B", "2026-01-02", "2026-01-01"), ("", "2026-01-02", "2026-12-31"), ("A", "2026-01-02", "no day")]
    result, faults, warnings = check(spec, *rows)
    assert faults == []
    assert result.columns[1].to_list() == ["", "", "A"]
    assert result.columns[3].to_list() == ["2026-01-01", "", ""]
    assert sorted(warnings) == [
        (2, "ended_on", "order"),
        (2, "outcome", "code"),
        (3, "ended_on", "future"),
        (3, "outcome", "required"),
        (4, "ended_on", "type"),
    ]


def test_a_row_with_a_warning_and_a_fault_is_set_aside_with_both():
    """Who mends it sees all."""
    columns = Column(name="outcome", codes=("A",), level="warn"), Column(name="seen_on", type="date")
    _, faults, warnings = check(spec_of(*columns), ("B", "x"))
    assert (faults, warnings) == ([(2, "seen_on", "type"), (2, "outcome", "code")], [])


def test_a_cell_with_an_error_is_a_fault_of_its_column():
    """At level warn it is blanked; in a column that the feed does not have it does not matter."""
    columns = Column(name="team", level="warn"), Column(name="seen_on", type="date")
    _, faults, warnings = check(spec_of(*columns), ("", "2026-01-01"), ("T", ""), errors={2: [1, 9], 3: [2]})
    assert (faults, warnings) == ([(3, "seen_on", "error_cell")], [(2, "team", "error_cell")])


@pytest.mark.parametrize(("year", "is_needed"), [(2024, False), (2025, True), (2026, True), (2027, False)])
def test_a_column_is_required_in_the_years_in_which_it_exists(year, is_needed):
    """Both years included."""
    column = Column(name="Sex", codes=("M", "F"), required=True, since=2025, until=2026)
    _, faults, _ = check(spec_of(column), ("",), year=year)
    assert bool(faults) == is_needed


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("order: [[a_on, b_on, loudly]]", "loudly"),
        ("parents: [{columns: [nothing], feed: ssd_person}]", "no column 'nothing'"),
        ("within: [nothing]", "no column 'nothing'"),
        ("collection: {column: a_on}", "must be in the key"),
        ("columns: [{name: made_up_id, type: id}, {name: x, past: true}]", "only a date can be past"),
        ("columns: [{name: made_up_id, type: id}, {name: x, pattern: '('}]", "pattern"),
        ("columns: [{name: made_up_id, type: id}, {name: x, spellings: nowhere}]", "no spellings/nowhere.yml"),
        (
            "columns: [{name: made_up_id}, {name: x, codes: [A], valid: {day: y, from: {A: 2020-01-01}}}]",
            "'y'",
        ),
        (
            "columns: [{name: made_up_id}, {name: x, codes: [A], valid: {day: x, from: {B: 2020-01-01}}}]",
            "names a",
        ),
    ],
)
def test_a_rule_that_cannot_hold_is_a_bad_spec(tmp_path, line, message):
    """The file and what is wrong are named."""
    lines = ["feed: made_up", "title: A made-up feed", "group: quality", "cadence: weekly", "owner: nobody"]
    lines += ["retention_years: 1", "source: this test", "files: [made_up.csv]", "key: [made_up_id]"]
    if not line.startswith("columns"):
        columns = "{name: made_up_id, type: id}, {name: a_on, type: date}, {name: b_on, type: date}"
        lines.append(f"columns: [{columns}]")
    path = tmp_path / "made_up.yml"
    path.write_text("\n".join([*lines, line]))
    with pytest.raises(BadSpec, match=r"made_up\.yml") as raised:
        read_spec(path, {})
    assert message in str(raised.value)


def test_parents_are_feeds_with_keys_of_that_length():
    """Of every specification that there is."""
    specs = load_specs()
    found = [(spec, parent) for spec in specs.values() for parent in spec.parents]
    assert len(found) > 50
    for spec, parent in found:
        assert len(parent.columns) == len(specs[parent.feed].key), (spec.feed, parent)
    assert FEEDS.is_dir()


@pytest.mark.usefixtures("db")
def test_a_row_without_its_parent_is_loaded_and_warned_of(tmp_path):
    """Only once the parents' feed has come at all; an unchanged row is not written down again."""
    first = load_one(write(tmp_path / "a", FEED, referrals(2)))
    assert first.rows_warned == 0
    person = {"pers_person_id": "00001", "pers_sex": "F", "pers_dob": "2015-01-01"}
    write(tmp_path / "b", "ssd_person", [person])
    write(tmp_path / "b", FEED, referrals(3))
    results = {result.feed: result for result in load(tmp_path / "b", as_at=APRIL)}
    assert (results[FEED].rows_inserted, results[FEED].rows_warned) == (1, 1)
    assert ask("select row_no, column_name, rule from ops.warning") == [(4, "cine_person_id", "parent")]


@pytest.mark.usefixtures("db")
def test_a_warning_stands_beside_its_row(tmp_path):
    """The row is in force with the value blank; the ledger counts it; nothing says the value."""
    result = load_one(write(tmp_path, FEED, referrals(3, cine_referral_source_code="QUILL")))
    assert (result.rows_inserted, result.rows_rejected, result.rows_warned) == (3, 0, 3)
    assert ask("select cine_referral_source_code from raw.ssd_cin_episodes") == [(None,)] * 3
    assert ask("select count(*) from ops.warning where reason like '%QUILL%'") == [(0,)]
    assert ask("select rows_warned from ops.delivery") == [(3,)]


@pytest.mark.usefixtures("db")
def test_a_fault_of_level_file_refuses_the_file(tmp_path, monkeypatch):
    """With its first row and column; nothing is loaded."""
    specs = dict(load_specs())
    columns = tuple(
        column.model_copy(update={"level": "file"}) if column.name == "cine_referral_nfa" else column
        for column in specs[FEED].columns
    )
    specs[FEED] = specs[FEED].model_copy(update={"columns": columns})
    monkeypatch.setattr("ingest.council.load_specs", lambda: specs)
    rows = referrals(5)
    rows[3]["cine_referral_nfa"] = "perhaps"
    result = load_one(write(tmp_path, FEED, rows))
    assert (result.state, result.rule) == ("refused", "code")
    assert "row 5, column cine_referral_nfa" in result.error
    assert ask("select count(*) from raw.ssd_cin_episodes") == [(0,)]

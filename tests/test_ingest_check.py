"""Values and rows against a specification. No database."""

from __future__ import annotations

import pytest
from ingest_sample import REFERRAL, names, referrals

from ingest.check import Checker
from ingest.fault import Fault
from ingest.judge import explain
from ingest.read import Chunk
from ingest.recognise import Header
from ingest.spec import Column, FeedSpec, load_specs

TYPES = [
    ("date", "2024-02-29", "2024-02-29"),
    ("date", " 2024-02-29 ", "2024-02-29"),
    ("date", "2024-02-29 00:00:00.000", "2024-02-29"),
    ("date", "2024-02-29T00:00:00", "2024-02-29"),
    ("date", "2024-02-29 10:30:00", "2024-02-29"),
    ("date", "2023-02-29", None),
    ("date", "2024-02-31", None),
    ("date", "29/02/2024", None),
    ("date", "04/25/2024", None),
    ("date", "45351", None),
    ("date", "0202-01-05", None),
    ("date", "9999-12-31", None),
    ("date", "２０２４-01-01", None),
    ("timestamp", "2024-02-29T10:30:00", "2024-02-29T10:30:00"),
    ("timestamp", "2024-02-29 10:30", "2024-02-29T10:30:00"),
    ("timestamp", "2024-02-29 10:30:59.120", "2024-02-29T10:30:59"),
    ("timestamp", "2024-02-29", None),
    ("timestamp", "2024-02-29T25:00:00", None),
    ("timestamp", "2024-06-31T10:00:00", None),
    ("int", "12", "12"),
    ("int", "007", "7"),
    ("int", "12.0", "12"),
    ("int", "12.5", None),
    ("int", "twelve", None),
    ("int", "1e5", None),
    ("numeric", "0.60", "0.60"),
    ("numeric", "-1.5", "-1.5"),
    ("numeric", "1,234", None),
    ("numeric", "NaN", None),
    ("numeric", "1e309", None),
    ("flag", "y", "Y"),
    ("flag", "N", "N"),
    ("flag", "Yes", "Y"),
    ("flag", "0", "N"),
    ("flag", "TRUE", "Y"),
    ("flag", "perhaps", None),
    ("id", "00012", "00012"),
    ("id", " 00012 ", "00012"),
    ("id", "1.23E+11", None),
    ("id", "C+12", "C+12"),
    ("text", "None", "None"),
    ("text", "NA", "NA"),
    ("text", "=1+1", "=1+1"),
    ("published_number", "518.3", "518.3"),
    ("published_number", "c", "c"),
    ("published_number", "low", "low"),
    ("published_number", ":", ":"),
    ("published_number", "C", None),
    ("published_number", "n/a", None),
]


def checked(column: Column, *values: str):
    """Check one column of a made-up feed."""
    spec = FeedSpec(
        feed="made_up",
        title="A made-up feed",
        group="quality",
        cadence="weekly",
        owner="nobody",
        retention_years=1,
        source="this test",
        files=("made_up.csv",),
        key=("made_up_id",),
        columns=(Column(name="made_up_id", type="id"), column),
    )
    rows = [[str(number), value] for number, value in enumerate(values)]
    return Checker(spec, Header((0, 1), ())).check(Chunk(range(2, 2 + len(rows)), rows), 2)


@pytest.mark.parametrize(("kind", "text", "canonical"), TYPES)
def test_types(kind, text, canonical):
    """Dates have one form and are never guessed; identifiers stay text; what is doubtful is rejected."""
    result = checked(Column(name="thing", type=kind), text)
    assert result.columns[1].to_list() == ([canonical] if canonical is not None else [])
    assert len(result.bad) == (canonical is None)


@pytest.mark.parametrize("kind", ["text", "id", "date", "timestamp", "int", "numeric", "flag", "published_number"])
def test_blanks_are_null_unless_required(kind):
    """Blank-only is blank."""
    assert checked(Column(name="thing", type=kind), "", "  ").columns[1].to_list() == ["", ""]
    required = checked(Column(name="thing", type=kind, required=True), "", "  ")
    assert [row.faults[0].rule for row in required.bad] == ["required", "required"]


def test_codes_take_the_spelling_of_the_list():
    """Case does not make a code unknown; another code does."""
    result = checked(Column(name="thing", codes=("RC1", "No further action")), "rc1", "NO FURTHER ACTION", "RC99")
    assert result.columns[1].to_list() == ["RC1", "No further action"]
    assert [(row.row_no, row.faults) for row in result.bad] == [
        (4, [Fault("thing", "code", "not one of the codes of this column")])
    ]


def test_a_fault_found_once_is_found_again():
    """Values are judged once for each spelling, and the judgement holds for every row."""
    result = checked(Column(name="thing", type="date"), "2024-01-01", "x", "2024-01-01", "x")
    assert [row.row_no for row in result.bad] == [3, 5]
    assert result.row_nos.tolist() == [2, 4]


@pytest.mark.parametrize("kind", ["date", "timestamp", "int", "numeric", "flag", "id", "published_number"])
def test_no_reason_holds_the_value(kind):
    """A reason speaks of the form that is wanted, never of what stood there."""
    assert "Quill" not in str(explain(Column(name="thing", type=kind), "Quill"))
    assert "Quill" not in str(explain(Column(name="thing", codes=("A",)), "Quill"))


def check_referrals(rows: list[dict[str, str]]):
    """Check referrals against their specification."""
    spec = load_specs()["ssd_cin_episodes"]
    header = names(spec.feed)
    chunk = Chunk(range(2, 2 + len(rows)), [[row.get(name, "") for name in header] for row in rows])
    return Checker(spec, Header(tuple(range(len(header))), ())).check(chunk, len(header))


def test_dates_in_order():
    """An end before its start is the end's fault; the same day is in order; an open end is."""
    rows = referrals(3)
    rows[0] |= {"cine_close_date": "2026-01-04"}
    rows[1] |= {"cine_close_date": "2026-01-05"}
    result = check_referrals(rows)
    assert [(row.row_no, row.faults[0].column, row.faults[0].rule) for row in result.bad] == [
        (2, "cine_close_date", "order")
    ]


def test_every_fault_of_a_row_is_told():
    """Who mends the record sees all of it at once; the row is rejected once."""
    row = REFERRAL | {"cine_person_id": "", "cine_referral_date": "2026-02-31", "cine_close_reason": "RC99"}
    result = check_referrals([row, *referrals(1)])
    assert len(result.bad) == 1
    assert [(fault.column, fault.rule) for fault in result.bad[0].faults] == [
        ("cine_person_id", "required"),
        ("cine_referral_date", "type"),
        ("cine_close_reason", "code"),
    ]
    assert result.bad[0].key == ("R1",)
    assert result.row_nos.tolist() == [3]

"""What stands above a header: a title, blank lines, Excel's `sep=;`. With a real PostgreSQL. All people are made up."""

from __future__ import annotations

import pytest
from ingest_sample import APRIL, faults, load, load_one, names, referrals, text_of, write

from ingest.land import land
from ingest.preface import header_row
from ingest.read import open_text
from ingest.recognise import known_columns
from ingest.spec import load_specs

FEED = "ssd_cin_episodes"
ABOVE = {
    "sep=;\n": ";",
    '"sep=;"\r\n': ";",
    "SEP=,\n\n": ",",
    "sep=\t\n": "\t",
    "\n\n": ",",
    "Referrals of Quillfeather's team\n": ",",
    "Referrals, all teams, by day\n\n": ",",
    "sep=|\nReferrals\n\n": "|",
}


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("above", ABOVE)
def test_lines_above_a_certain_header_are_passed_over_and_noted(tmp_path, above):
    """Row numbers stay the file's, and no note repeats what stood there."""
    rows = referrals(3)
    rows[1]["cine_referral_date"] = "5 Jan"
    path = write(tmp_path, FEED, [], name="export.csv")
    path.write_bytes((above + text_of(FEED, rows).replace(",", ABOVE[above])).encode())
    result = load_one(path)
    count = above.count("\n")
    assert (result.state, result.feed, result.rows_inserted) == ("loaded", FEED, 2)
    assert f"the header is row {count + 1}: what stands above it was passed over" in result.notes
    assert "Quillfeather" not in result.model_dump_json()
    assert faults(result.delivery_id) == [(count + 3, "cine_referral_date", "type")]


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_in_any_encoding_and_again(tmp_path, encoding):
    """The second delivery, large enough to be compared by its lines, is read as the first was."""
    rows = referrals(20_000)
    path = write(tmp_path, FEED, [])
    path.write_text("Zoë's list\n" + text_of(FEED, rows), encoding=encoding)
    assert load_one(path).rows_inserted == 20_000
    rows[7]["cine_referral_nfa"] = "Y"
    path.write_text("sep=,\nZoë's list\n" + text_of(FEED, rows), encoding=encoding)
    result = load_one(path, as_at=APRIL)
    assert (result.rows_inserted, result.rows_unchanged, result.rows_closed) == (1, 19_999, 1)


@pytest.mark.usefixtures("db")
def test_what_is_not_certain_is_refused_as_before(tmp_path):
    """Two titles, a blank file, a header that is no feed's; a missing column is told with the row of its header."""
    path = write(tmp_path, FEED, [])
    for above, rule, row in (("Zz\nYy\n", "header", 1), ("Title\n", "missing_column", 2)):
        header = names(FEED) if row == 1 else names(FEED)[:-1]
        path.write_text(above + text_of(FEED, referrals(1), header=header))
        (result,) = load(path)
        assert (result.state, result.rule) == ("refused", rule)
        assert f"row {row}" in result.error
    path.write_text("\n\n\n")
    assert load_one(path).rule == "header"


def test_a_header_is_the_first_row_unless_another_certainly_is():
    """A few names of columns among the values of a row make no header of it."""
    known = frozenset({"a", "b", "c", "d"})
    assert header_row([["a", "b"], ["a", "b"]], known) == 1
    assert header_row([["a"], ["a", "b"]], known) == 2
    assert header_row([["t"], ["a", "b"]], known) == 2
    assert header_row([["t"], ["a", "1", "2", "3"], ["a", "b"]], known) == 1
    assert header_row([["t"], ["a"]], known) == 1
    assert header_row([["1", "2"], ["3", "4"]] * 9, known) == 1
    assert header_row([], known) == 1
    assert header_row([[]] * 6 + [["a", "b"]], known) == 1


def test_every_reader_sees_the_same_end(tmp_path):
    """The last row's number counts the lines above as well."""
    path = write(tmp_path, FEED, [])
    path.write_text("sep=,\nTitle\n" + text_of(FEED, referrals(2)))
    text = open_text(land(path, tmp_path / "landing"), known_columns(load_specs()))
    assert (text.top, text.end()[0]) == (3, 5)
    assert [no for chunk in text.chunks() for no in chunk.row_nos] == [4, 5]


@pytest.mark.usefixtures("db")
def test_a_record_above_the_header_is_not_passed_over(tmp_path):
    """Rows that were sorted with their header: the file is refused whole, for the record above would be lost."""
    header, first, *rest = text_of(FEED, referrals(3)).splitlines()
    path = write(tmp_path, FEED, [])
    path.write_text("\n".join([first, header, *rest, ""]))
    result = load_one(path)
    assert (result.state, result.rule) == ("refused", "header")
    assert ", row 1: the header is row 2, but what stands above it may be a record" in result.error


def test_a_title_fills_few_cells():
    """One cell is a title whatever the header, two are one of a wide header; more are a record where its row is as
    long as the header's."""
    known = frozenset("abcdefgh")
    assert header_row([["t", "u"], [*"abcde"]], known) == 2
    assert header_row([["t", "u"], [*"abcd"]], known) == 1
    assert header_row([["t"], ["a", "b"]], known) == 2
    assert header_row([["t", "", ""], [], ["a", "b"]], known) == 3
    assert header_row([["t", "u", "v"], [*"abcdefg"]], known) == 2
    assert header_row([["t", "u", "v", "", "", "", ""], [*"abcdefg"]], known) == 1
    assert header_row([["t", "u", "", "", "", "", ""], [*"abcdefg"]], known) == 2

"""Readers are chosen by first bytes; what is not UTF-8 and commas is told in the notes. People are made up."""

from __future__ import annotations

import pytest
from ingest_sample import load_one, names, referrals, text_of, write

from ingest.land import land
from ingest.parts import open_parts
from ingest.recognise import by_name
from ingest.spec import load_specs

FEED = "ssd_cin_episodes"


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    ("encoding", "delimiter", "ending", "notes"),
    [
        ("utf-8", ",", "csv", []),
        ("utf-8-sig", ";", "txt", ["fields separated by semicolons"]),
        ("cp1252", "\t", "tsv", ["read as cp1252, not UTF-8", "fields separated by tabs"]),
        ("utf-16", "\t", "csv", ["read as utf-16, not UTF-8", "fields separated by tabs"]),
        ("utf-16", ",", "xlsx", ["read as utf-16, not UTF-8"]),
    ],
)
def test_encodings_and_delimiters_are_told_in_the_notes(tmp_path, encoding, delimiter, ending, notes):
    """The same rows in every spelling: after the first delivery nothing is new."""
    rows = referrals(3, cine_referral_source_desc="Zoë’s school")
    first = load_one(write(tmp_path / "first", FEED, rows))
    path = tmp_path / f"{FEED}.{ending}"
    path.write_bytes(text_of(FEED, rows).replace(",", delimiter).encode(encoding))
    result = load_one(path)
    assert list(result.notes) == notes
    assert (first.rows_inserted, result.rows_unchanged) == (3, 3)


def test_a_text_that_begins_like_a_zip_is_text(tmp_path):
    """A first column may be called PK."""
    path = tmp_path / "a.csv"
    path.write_text("PK,name\n1,a\n")
    (table,) = open_parts(land(path, tmp_path / "landing"), load_specs())
    assert (table.header, table.sheet) == (("PK", "name"), "")


@pytest.mark.parametrize("ending", ["csv", "CSV", "xlsx", "tsv", "txt", "xls"])
def test_a_feed_is_known_by_name_under_every_ending(ending):
    """The longest pattern wins, as before."""
    assert by_name(f"audit_action_2026.{ending}", load_specs()).feed == "audit_action"
    assert names("audit_action")[0] == "action_id"

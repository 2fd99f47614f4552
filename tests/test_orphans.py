"""Rows that name a parent which no extract brings: a warning of the load, a fault of a day. People are made up."""

from __future__ import annotations

from datetime import date

import pytest
from ingest_sample import APRIL, COUNCIL, MARCH, MAY, PERSON, ask, load, referrals, write

from ingest.faults import find_faults
from sightline import warehouse

pytestmark = pytest.mark.usefixtures("db")
FEED = "ssd_cin_episodes"
JUNE = date(2026, 6, 30)


def people(*numbers: int) -> list[dict[str, str]]:
    """Return persons of these numbers."""
    return [PERSON | {"pers_person_id": f"{number:05d}"} for number in numbers]


def orphans(day: date) -> list[tuple]:
    """Return record, child, reason and first day of each fault of a parent that is not there."""
    with warehouse.connect() as connection:
        found = find_faults(connection, COUNCIL, day)
    return [(one.record, one.child_id, one.reason, one.since) for one in found if one.rule == "parent"]


def test_a_parent_that_comes_later_mends_the_fault(tmp_path):
    """The warning of the load stays; the report of the day knows better, that of the day before does not."""
    write(tmp_path / "1", "ssd_person", people(1))
    write(tmp_path / "1", FEED, referrals(2))
    load(tmp_path / "1", as_at=MARCH)
    write(tmp_path / "2", "ssd_person", people(1, 2))
    load(tmp_path / "2", as_at=APRIL)
    load(tmp_path / "1" / f"{FEED}.csv", as_at=APRIL)
    fault = ("cine_referral_id R2", "00002", "names no row of ssd_person", MARCH)
    assert (orphans(MARCH), orphans(APRIL)) == ([fault], [])
    assert ask("select count(*) from ops.warning where rule = 'parent'") == [(1,)]


def test_a_parent_that_goes_makes_a_fault_since_that_day(tmp_path):
    """The child's row is unchanged, so that no load warns of it; it is no fault once the parent is back."""
    write(tmp_path / "1", "ssd_person", people(1, 2))
    write(tmp_path / "1", FEED, referrals(2))
    load(tmp_path / "1", as_at=MARCH)
    load(write(tmp_path / "2", "ssd_person", people(1)), as_at=APRIL)
    load(tmp_path / "1" / f"{FEED}.csv", as_at=MAY)
    fault = ("cine_referral_id R2", "00002", "names no row of ssd_person", APRIL)
    assert [orphans(day) for day in (MARCH, APRIL, MAY)] == [[], [fault], [fault]]
    load(write(tmp_path / "3", "ssd_person", people(1, 2)), as_at=JUNE)
    assert (orphans(JUNE), orphans(MAY)) == ([], [fault])


def test_a_parents_feed_that_never_came_is_not_asked(tmp_path):
    """Nor is one that had not come by the day."""
    load(write(tmp_path / "1", FEED, referrals(1)), as_at=MARCH)
    load(write(tmp_path / "2", "ssd_person", people(7)), as_at=APRIL)
    assert orphans(MARCH) == []
    assert orphans(APRIL) == [("cine_referral_id R1", "00001", "names no row of ssd_person", MARCH)]


def test_a_parent_of_several_columns(tmp_path):
    """The episode of a child whom the header of the same year does not have."""
    header = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n1,F,05/06/2012,WBRI,UN1,,\n"
    episodes = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n"
    (tmp_path / "header.csv").write_text(header)
    rows = [f"{child},01/02/2026,S,C2,N1,U1,PR1,,,,,,\n" for child in (1, 2)]
    (tmp_path / "episodes.csv").write_text(episodes + "".join(rows))
    load(tmp_path, as_at=MARCH)
    found = orphans(MARCH)
    assert found == [
        ("COLLECTION_YEAR 2026, DECOM 2026-02-01", "2", "names no row of ssda903_header", MARCH),
    ]

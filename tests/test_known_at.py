"""The state as known on an earlier day: row for row what was in force then, whatever came since."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from ingest_sample import APRIL, COUNCIL, MARCH, MAY, ask, load_one, referrals, write

from ingest import known
from ingest.errors import IngestError
from ingest.load import accept
from sightline import warehouse
from sightline.build import dbt_arguments, set_dbt_environment

FEED = "ssd_cin_episodes"
FEBRUARY = date(2026, 2, 28)


def in_force() -> list[tuple]:
    """All columns of the rows in force but `closed_by`, by key."""
    return ask(f"select to_jsonb(r) - 'closed_by' from raw.{FEED} as r where closed_by is null order by row_key")


def as_known(day: date) -> list[tuple]:
    """The rows that were in force at the end of a day, in the shape of `in_force`."""
    with warehouse.connect() as connection:
        keys = [(r["delivery_id"], r["row_no"]) for r in known.state(connection, COUNCIL, FEED, day)]
        return [
            connection.execute(
                f"select to_jsonb(r) - 'closed_by' from raw.{FEED} as r where (delivery_id, row_no) = (%s, %s)", key
            ).fetchone()
            for key in keys
        ]


def summary(day: date) -> dict:
    with warehouse.connect() as connection:
        return known.known(connection, COUNCIL, FEED, day)


@pytest.fixture
def history(db, tmp_path):
    """Snapshots of February to May, with changes, additions and absences; the state after each."""
    states = {}
    rows = referrals(60)
    for number, day in enumerate((FEBRUARY, MARCH, APRIL, MAY)):
        rows = [
            *rows[2:],
            rows[0] | {"cine_referral_id": f"N{number}"},
            rows[1] | {"cine_cin_primary_need_code": "N2"},
        ]
        load_one(write(tmp_path / day.isoformat(), FEED, rows), as_at=day)
        states[day] = in_force()
    return states


def test_every_earlier_state_comes_back_row_for_row(history):
    """On the day itself, between two deliveries, and before the first."""
    for day, state in history.items():
        assert as_known(day) == state
        assert as_known(day + timedelta(days=3)) == state
    assert as_known(FEBRUARY - timedelta(days=1)) == []
    assert len({repr(state) for state in history.values()}) == 4


def test_what_came_late_was_not_known_then(history, tmp_path):
    """A restated February that arrives after May changes no earlier state, and none of today."""
    late = [row | {"cine_cin_primary_need_code": "N3"} for row in referrals(60)]
    result = load_one(write(tmp_path / "late", FEED, late), as_at=FEBRUARY + timedelta(days=1))
    assert result.is_late and result.rows_inserted
    for day, state in history.items():
        assert as_known(day) == state
    assert in_force() == history[MAY]


def test_a_delivery_that_was_held_counts_from_the_day_it_was_accepted(history, tmp_path):
    """Accepted after a newer one came, it was known on none of the days before."""
    held = load_one(write(tmp_path / "held", FEED, referrals(5)), as_at=MAY + timedelta(days=1))
    assert held.state == "held"
    newer = load_one(write(tmp_path / "newer", FEED, referrals(58)), as_at=MAY + timedelta(days=2))
    assert newer.state == "loaded"
    after_newer = in_force()
    accept(held.delivery_id)
    assert as_known(MAY) == history[MAY]
    assert as_known(MAY + timedelta(days=1)) == history[MAY]
    assert as_known(MAY + timedelta(days=2)) == after_newer == in_force()


def test_the_comparison_counts_what_changed_since(history):
    """Two rows a delivery were changed or renamed: counted by key and content."""
    found = summary(APRIL)
    then = {row[0]["row_key"]: row[0]["row_hash"] for row in history[APRIL]}
    now = {row[0]["row_key"]: row[0]["row_hash"] for row in history[MAY]}
    assert (found["deliveries"], found["latest_as_at"]) == (3, APRIL)
    assert (found["rows_then"], found["rows_now"]) == (len(then), len(now))
    assert found["same"] == sum(now.get(key) == value for key, value in then.items())
    assert found["gone"] == len(then.keys() - now.keys()) > 0
    assert found["added"] == len(now.keys() - then.keys()) > 0
    assert found["changed"] == sum(key in now and now[key] != value for key, value in then.items()) > 0


def test_an_unknown_feed_is_an_error(db):
    """Not an empty answer."""
    with pytest.raises(IngestError, match="no feed 'nothing'"), warehouse.connect() as connection:
        known.known(connection, COUNCIL, "nothing", MARCH)


def test_staging_as_known_on_a_day_is_staging_as_it_stood_then(db, tmp_path, monkeypatch):
    """dbt itself: today's staging models with `known_at` give the rows that they gave on that day."""
    from ingest_sample import PERSON

    people = [PERSON | {"pers_person_id": f"{n:05d}", "pers_dob": f"2015-06-{n:02d}"} for n in range(1, 21)]
    stood = {}
    for day, shift in ((MARCH, 0), (APRIL, 3)):
        moved = [row | {"pers_sex": "M"} for row in people[: shift * 2]] + people[shift * 2 :]
        load_one(write(tmp_path / day.isoformat(), "ssd_person", moved[shift:]), as_at=day)
        load_one(write(tmp_path / day.isoformat(), FEED, referrals(30 - shift)), as_at=day)
        stood[day] = _staging(f"stood_{day:%m}", day)
    assert _staging("known_03", APRIL, known_at=MARCH) == stood[MARCH] != stood[APRIL]
    assert _staging("known_04", APRIL, known_at=APRIL) == stood[APRIL]


def _staging(schema: str, as_at: date, known_at: date | None = None) -> dict[str, list[tuple]]:
    """Make the staging views of two feeds in a schema of their own and return their rows."""
    from dbt.cli.main import dbtRunner

    models = ("stg_ssd_person", f"stg_{FEED}")
    set_dbt_environment(schema, as_at, known_at)
    outcome = dbtRunner().invoke([*dbt_arguments("run", COUNCIL), "--quiet", "--select", *models])
    assert outcome.success, outcome.exception or [r.message for r in outcome.result]
    return {model: ask(f"select * from {schema}_staging.{model} order by 1") for model in models}

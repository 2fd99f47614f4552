"""Retention, legal holds and erasure: what goes, what stays, and that a canary is found nowhere afterwards."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from ingest_sample import APRIL, COUNCIL, MARCH, PERSON, ask, load, load_one, promise, referrals, write

from ingest import erasure, footprint, legal_hold
from ingest.errors import HoldError, IngestError
from ingest.retention import retain
from ingest.spec import load_specs
from sightline import settings, warehouse

FEED = "ssd_cin_episodes"
CANARY, CANARY_NAME = "CANARY-77-child", "Canaryqueen"
YEARS = load_specs()[FEED].retention_years


@pytest.fixture
def landing(tmp_path):
    """A SIGHTLINE_HOME of the test's own for landed files, lists and the drop folder."""
    before = str(settings.settings().home)
    url = warehouse.url()
    settings.export({"home": str(tmp_path / "home"), "database_url": url})
    (tmp_path / "home").mkdir()
    yield tmp_path / "home" / "landing" / COUNCIL
    settings.export({"home": before})


@pytest.fixture
def db(db, landing):
    """A database without rows and a home without files."""
    return db


def years_on(day: date, years: int) -> date:
    return day.replace(year=day.year + years, day=28)


def history(tmp_path: Path) -> None:
    """Three referrals as at March; in April one is changed, one is gone."""
    load_one(write(tmp_path / "march", FEED, referrals(3)), as_at=MARCH)
    changed = referrals(2, cine_cin_primary_need_code="N2")[1:]
    load_one(write(tmp_path / "april", FEED, [*referrals(1), *changed]), as_at=APRIL)


def keys(closed: bool) -> list[str]:
    condition = "is not null" if closed else "is null"
    return [key for (key,) in ask(f"select row_key from raw.{FEED} where closed_by {condition} order by 1")]


def hold(why: str = "a court case", **what: str) -> int:
    with warehouse.connect() as connection:
        return legal_hold.place(connection, COUNCIL, why, **what)


def test_a_closed_record_goes_when_its_years_have_passed_and_not_a_day_before(db, tmp_path):
    """Its last day is its latest date, 5 January 2026; a record that is in force stays with all its versions."""
    history(tmp_path)
    assert (keys(closed=True), keys(closed=False)) == (["R2", "R3"], ["R1", "R2"])
    last_day = date(2026 + YEARS, 1, 5)
    assert retain(COUNCIL, date(2026 + YEARS, 1, 4)).feeds == ()
    (line,) = retain(COUNCIL, last_day).feeds
    assert (line.feed, line.records, line.rows, line.identity_rows, line.still_delivered) == (FEED, 1, 1, 1, 2)
    assert line.oldest == date(2026, 1, 5)
    assert (keys(closed=True), keys(closed=False)) == (["R2"], ["R1", "R2"])
    assert ask(f"select count(*) from identity.{FEED} where cine_person_id = '00003'") == [(0,)]


def test_a_dry_run_counts_the_same_and_removes_nothing(db, tmp_path, landing):
    """Counts of the dry run are those of the run after it; a second run finds nothing left to remove."""
    history(tmp_path)
    bad = referrals(1, cine_referral_date="31/02/2026")
    load_one(write(tmp_path / "bad", FEED, [*referrals(2), *bad]), as_at=date(2026, 5, 31))
    day = years_on(date(2026, 6, 1), YEARS)
    before = ask(f"select * from raw.{FEED}"), ask("select * from ops.rejected_row"), sorted(landing.rglob("*"))
    planned = retain(COUNCIL, day, dry_run=True)
    after = ask(f"select * from raw.{FEED}"), ask("select * from ops.rejected_row"), sorted(landing.rglob("*"))
    assert after == before and ask("select count(*) from ops.removal") == [(0,)]
    done = retain(COUNCIL, day)
    assert (done.feeds, done.landed_files) == (planned.feeds, planned.landed_files)
    assert done.landed_files == 3 and done.feeds[0].sealed_rows == 1
    again = retain(COUNCIL, day)
    assert [(line.rows, line.sealed_rows) for line in again.feeds] == [(0, 0)] and again.landed_files == 0


def test_each_removal_is_a_line(db, tmp_path):
    """What, of which feed, how many, by which rule, who; as many as are gone."""
    history(tmp_path)
    stood = ask(f"select count(*) from raw.{FEED}")[0][0]
    retain(COUNCIL, years_on(date(2026, 6, 1), YEARS))
    lines = ask("select what, feed, removed, rule, removed_by from ops.removal where kind = 'retention' order by 1, 2")
    assert [line[:3] for line in lines] == [("identity rows", FEED, 1), ("landed files", None, 2), ("rows", FEED, 1)]
    assert all(f"{YEARS} years" in rule for what, _, _, rule, _ in lines if what == "rows")
    assert all(who for *_, who in lines)
    assert ask(f"select count(*) from raw.{FEED}") == [(stood - 1,)]


def test_sealed_rows_are_emptied_and_their_lines_stay(db, tmp_path):
    """Row, column and rule hold no value and go on explaining the delivery's numbers."""
    load_one(write(tmp_path, FEED, referrals(1, cine_referral_date="31/02/2026")), as_at=MARCH)
    retain(COUNCIL, years_on(MARCH, YEARS + 1))
    assert ask("select row_no, rule, length(row_sealed) from ops.rejected_row") == [(2, "type", 0)]


@pytest.mark.parametrize("what", [{"child_id": "00003"}, {"feed": FEED}, {"child_id": "00003", "feed": FEED}])
def test_a_legal_hold_keeps_records_until_it_is_released(db, tmp_path, landing, what):
    """Of the child, of the feed, of the child's records of the feed: rows and landed files stay, and are counted."""
    history(tmp_path)
    number, day = hold(**what), years_on(date(2026, 6, 1), YEARS)
    held = retain(COUNCIL, day)
    assert (held.feeds[0].rows, held.feeds[0].on_hold, held.landed_files) == (0, 1, 0)
    assert keys(closed=True) == ["R2", "R3"]
    with warehouse.connect() as connection:
        legal_hold.release(connection, number)
    assert (retain(COUNCIL, day).feeds[0].rows, list(landing.rglob("*.csv"))) == (1, [])


def test_a_hold_on_another_child_or_feed_keeps_no_record(db, tmp_path):
    """Rows of this child go; landed files wait, because nobody looks into them for the held child."""
    history(tmp_path)
    hold(child_id="00099", feed=FEED)
    hold(feed="ssd_person")
    done = retain(COUNCIL, years_on(date(2026, 6, 1), YEARS))
    assert (done.feeds[0].rows, done.landed_files) == (1, 0)


def test_a_hold_on_a_child_keeps_what_hangs_on_its_records(db, tmp_path):
    """A visit names no child but its arrangement, which names one."""
    arrangements = [{"arrangement_id": f"A{n}", "child_id": f"0000{n}"} for n in (1, 2)]
    visits = [{"visit_id": f"V{n}", "arrangement_id": f"A{n}", "visited_on": "2026-01-05"} for n in (1, 2)]
    _deliver(tmp_path / "march", "private_fostering", arrangements, MARCH)
    _deliver(tmp_path / "march", "private_fostering_visit", visits, MARCH)
    _deliver(tmp_path / "april", "private_fostering_visit", [], APRIL)
    hold(child_id="00001")
    years = load_specs()["private_fostering_visit"].retention_years
    done = retain(COUNCIL, years_on(date(2026, 6, 1), years))
    (line,) = [line for line in done.feeds if line.feed == "private_fostering_visit"]
    assert (line.rows, line.on_hold) == (1, 1)
    assert ask("select row_key from raw.private_fostering_visit") == [("V1",)]


def _deliver(folder: Path, feed: str, rows: list[dict], day: date) -> None:
    """Load rows of a feed, its other columns filled with the first value that each accepts; a manifest allows none."""
    spec = load_specs()[feed]
    needed = {c.name: _any(c) for c in spec.columns if spec.is_required(c)}
    folder = folder / feed
    write(folder, feed, [needed | row for row in rows])
    promise(folder, day)
    result = load_one(folder, as_at=day)
    assert (result.state, result.rows_rejected) == ("loaded", 0), result.error


def _any(column) -> str:
    if column.codes:
        return next(iter(column.codes))
    return {"date": "2026-01-05", "flag": "Y", "int": "1", "numeric": "1"}.get(column.type, "X1")


def test_a_landed_file_that_a_younger_delivery_shares_stays(db, tmp_path, landing):
    """The same bytes as at a later day are one file of two deliveries."""
    path = write(tmp_path, FEED, referrals(2))
    load_one(path, as_at=date(2020, 3, 31))
    load_one(path, as_at=MARCH)
    day = years_on(date(2020, 4, 1), YEARS)
    assert retain(COUNCIL, day).landed_files == 0 and len(list(landing.rglob("*.csv"))) == 1


def canary_files(folder: Path) -> Path:
    """A canary child in five feeds, in a rejected row, a duplicate, a restated row, and beside other children."""
    person = PERSON | {"pers_person_id": CANARY, "pers_forename": CANARY_NAME}
    write(folder, "ssd_person", [person, PERSON])
    good, bad = referrals(1, cine_person_id=CANARY)[0], referrals(1, cine_person_id=CANARY)[0]
    bad |= {"cine_referral_id": "R8", "cine_referral_date": "31/02/2026"}
    write(folder, FEED, [good, good, bad, *referrals(3)[1:]])
    assessment = {"cina_assessment_id": "A1", "cina_person_id": CANARY, "cina_referral_id": "R1"}
    others = {"cina_assessment_id": "A2", "cina_person_id": "00002", "cina_referral_id": "R2"}
    dates = {"cina_assessment_start_date": "2026-01-05"}
    write(folder, "ssd_cin_assessments", [assessment | dates, others | dates])
    factors = [{"cinf_table_id": f"F{n}", "cinf_assessment_id": f"A{n}"} for n in (1, 2)]
    factors = [row | {"cinf_assessment_factors_json": '["2A"]'} for row in factors]
    write(folder, "ssd_assessment_factors", factors)
    return folder


def everywhere(home: Path) -> dict[str, int]:
    """Where the canary is found: every row of the database as text, and every file of the home, unpacked."""
    found = {}
    tables = ask(
        "select format('%I.%I', table_schema, table_name) from information_schema.tables"
        " where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')"
    )
    for (table,) in tables:
        (hits,) = ask(f"select count(*) from {table} as t where t::text ~ %s", f"{CANARY}|{CANARY_NAME}")[0]
        found |= {table: hits} if hits else {}
    keys = erasure.Keys(settings.settings().pseudonym_key())
    for delivery, sealed in ask("select delivery_id, row_sealed from ops.rejected_row where length(row_sealed) > 0"):
        if CANARY in keys.unseal(bytes(sealed))["row"]:
            found[f"sealed row of delivery {delivery}"] = 1
    for path in home.rglob("*"):
        content = path.read_bytes() if path.is_file() and "postgres" not in path.parts else b""
        content = gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
        if CANARY.encode() in content or CANARY_NAME.encode() in content:
            found[str(path.relative_to(home))] = 1
    return found


def test_an_erased_child_is_found_nowhere(db, tmp_path, landing):
    """0 hits in every table, sealed row and file under the home; other children's rows stand; the way is on record."""
    folder = canary_files(tmp_path / "in")
    load(folder, as_at=MARCH)
    others = ask("select count(*) from raw.ssd_person")[0][0] - 1
    assert {"raw.ssd_person", "identity.ssd_person"} - set(everywhere(landing.parents[1])) == {"raw.ssd_person"}
    assert any("sealed" in place for place in everywhere(landing.parents[1]))
    erased = erasure.erase(COUNCIL, CANARY, "decision 12 of the data protection officer")
    assert everywhere(landing.parents[1]) == {}
    assert erased.rows["ssd_person"] == erased.rows[FEED] == erased.rows["ssd_cin_assessments"] == 1
    assert erased.rejected_rows >= 1 and erased.landed_files == 3
    assert ask("select count(*) from raw.ssd_person") == [(others,)]
    assert CANARY not in json.dumps(erased.as_json())
    lines = ask("select sum(removed) from ops.removal where what = 'rows' and erasure_id = %s", erased.erasure_id)
    assert lines == [(sum(erased.rows.values()),)]


def test_what_hangs_on_an_erased_childs_records_goes_with_them(db, tmp_path):
    """The visits of the child's arrangement go, another child's stay."""
    arrangements = [{"arrangement_id": f"A{n}", "child_id": child} for n, child in ((1, CANARY), (2, "00002"))]
    _deliver(tmp_path, "private_fostering", arrangements, MARCH)
    visits = [{"visit_id": f"V{n}", "arrangement_id": f"A{n}"} for n in (1, 2)]
    _deliver(tmp_path, "private_fostering_visit", visits, MARCH)
    erased = erasure.erase(COUNCIL, CANARY, "a decision")
    assert erased.rows == {"private_fostering": 1, "private_fostering_visit": 1}
    assert ask("select row_key from raw.private_fostering_visit") == [("V2",)]


def test_landed_copies_are_searched_in_every_form(tmp_path):
    """UTF-8, UTF-16, inside a workbook, across the border of two blocks; what cannot be searched counts as a hit."""
    border = b"x" * (footprint.BLOCK_BYTES - 4) + CANARY.encode()
    forms = {"utf8": f"a,{CANARY}\n".encode(), "utf16": CANARY.encode("utf-16"), "border": border, "parquet": b"PAR1xx"}
    for name, content in forms.items():
        (tmp_path / name).write_bytes(content)
        assert footprint.holds(tmp_path / name, CANARY), name
    (tmp_path / "xml").write_text("<id>A&amp;B</id>")
    (tmp_path / "other").write_bytes(b"a,somebody else\n")
    assert footprint.holds(tmp_path / "xml", "A&B") and not footprint.holds(tmp_path / "other", CANARY)
    book = openpyxl.Workbook()
    book.active.append(["child", CANARY])
    book.save(tmp_path / "book.xlsx")
    assert footprint.holds(tmp_path / "book.xlsx", CANARY) and not footprint.holds(tmp_path / "book.xlsx", "nobody")


def test_the_list_of_erasures_names_no_child(db, tmp_path, landing):
    """It holds the key alone, is the owner's, and gives back what the database holds."""
    load(canary_files(tmp_path / "in"), as_at=MARCH)
    erasure.erase(COUNCIL, CANARY, "a decision")
    path = settings.settings().home / erasure.LIST
    assert path.stat().st_mode & 0o777 == 0o600 and CANARY not in path.read_text()
    (line,) = erasure.listed()
    assert ask("select child_key, why from ops.erasure") == [(line["child_key"], "a decision")]
    with warehouse.connect() as connection:
        assert erasure.replay(connection, [line]) == 0


def test_a_child_that_comes_back_is_counted(db, tmp_path):
    """The case system still held it: the next delivery brings it back, and retention says so."""
    load_one(write(tmp_path / "a", "ssd_person", [PERSON, PERSON | {"pers_person_id": CANARY}]), as_at=MARCH)
    erasure.erase(COUNCIL, CANARY, "a decision")
    assert retain(COUNCIL, APRIL).returned_children == 0
    load_one(write(tmp_path / "b", "ssd_person", [PERSON, PERSON | {"pers_person_id": CANARY}]), as_at=APRIL)
    load_one(write(tmp_path / "c", "ssd_person", [PERSON | {"pers_person_id": CANARY}]), as_at=date(2026, 5, 31))
    assert retain(COUNCIL, date(2026, 5, 31)).returned_children == 1


def test_an_erasure_is_refused_where_it_must_not_or_cannot_be(db, tmp_path):
    """A hold on the child or a feed, a waiting delivery, no reason, a child that is not there: nothing is changed."""
    load(canary_files(tmp_path / "in"), as_at=MARCH)
    before = ask("select * from raw.ssd_person")
    for what in ({"child_id": CANARY}, {"feed": FEED}):
        number = hold(**what)
        with pytest.raises(HoldError, match=f"legal hold {number} "):
            erasure.erase(COUNCIL, CANARY, "a decision")
        with warehouse.connect() as connection:
            legal_hold.release(connection, number)
    for child, why in ((CANARY, " "), ("", "a decision"), ("nobody", "a decision")):
        with pytest.raises(IngestError) as caught:
            erasure.erase(COUNCIL, child, why)
        assert CANARY not in str(caught.value)
    assert ask("select * from raw.ssd_person") == before and ask("select count(*) from ops.erasure") == [(0,)]


def test_a_delivery_that_waits_is_decided_on_first(db, tmp_path):
    """Its landed copy is the only one from which it can be accepted."""
    load_one(write(tmp_path / "first", FEED, referrals(60)), as_at=MARCH)
    held = load_one(write(tmp_path / "few", FEED, referrals(3, cine_person_id=CANARY)), as_at=APRIL)
    assert held.state == "held"
    with pytest.raises(HoldError, match=f"accept or refuse {held.delivery_id} first"):
        erasure.erase(COUNCIL, CANARY, "a decision")


def test_a_build_follows_an_erasure_and_a_retention(db, tmp_path):
    """The marts that stand rest on rows that are gone: their fingerprint no longer holds."""
    load(canary_files(tmp_path / "in"), as_at=MARCH)
    with warehouse.connect() as connection:
        connection.execute(
            "insert into ops.run (run_id, kind, council, state, details)"
            """ values ('build-000001', 'build', %s, 'built', '{"fingerprint": "x", "marts": []}')""",
            (COUNCIL,),
        )
    erasure.erase(COUNCIL, CANARY, "a decision")
    assert ask("select details from ops.run") == [({"marts": []},)]


def test_reports_that_list_the_child_are_named(db, tmp_path):
    """The release of the team for which the identifier was read, and no other."""
    load(canary_files(tmp_path / "in"), as_at=MARCH)
    ((key,),) = ask(
        "select r.pers_person_id from raw.ssd_person as r inner join identity.ssd_person as i"
        " using (delivery_id, row_no) where i.pers_person_id = %s",
        CANARY,
    )
    with warehouse.connect() as connection:
        connection.execute(
            "insert into ops.access (who, report, unit_code, child_key, purpose)"
            " values ('made up', 'team_manager', 'T-1', %s, 'list of duties')",
            (key,),
        )
        for release_id, unit in (("own", "T-1"), ("other", "T-2")):
            connection.execute(
                "insert into ops.release (release_id, report, council, period, audience, unit, as_at, figures_sha256,"
                " deliveries, state) values (%s, 'team_manager', %s, '2026-W13', 'team', %s, %s, '', '[]', 'released')",
                (release_id, COUNCIL, unit, MARCH),
            )
    assert erasure.erase(COUNCIL, CANARY, "a decision").releases == ("own",)


def test_a_hold_says_why_and_of_what(db):
    """No reason, nothing named, an unknown feed, a second release are errors; the list names no child."""
    for values in ({"why": " ", "feed": FEED}, {"why": "x"}, {"why": "x", "feed": "nothing"}):
        with pytest.raises(HoldError):
            hold(**values)
    number = hold(child_id=CANARY)
    with warehouse.connect() as connection:
        (line,) = legal_hold.listing(connection, COUNCIL)
        assert line["is_of_a_child"] and CANARY not in repr(line)
        legal_hold.release(connection, number)
        with pytest.raises(HoldError, match="released before"):
            legal_hold.release(connection, number)


NOBODYS = {
    "audit_programme", "csww_vacancy", "csww_worker", "dip_sample", "focus_group", "practice_day", "ssd_department",
    "ssd_dim_date", "ssd_professionals", "ssd_version_log", "staff", "staff_absence", "staff_post", "staff_survey",
    "supervision_audit", "team", "team_link", "thematic_commission",
}  # fmt: skip
"""Feeds whose rows are of no child: of staff, teams, programmes, groups."""


@pytest.mark.parametrize("feed", sorted(feed for feed, spec in load_specs().items() if spec.group != "national"))
def test_every_feed_leads_to_its_children_or_holds_none(feed):
    """By a column of its own or through the parents that its specification names, so that an erasure finds all."""
    specs, reached = load_specs(), set()

    def leads(name: str) -> bool:
        reached.add(name)
        parents = (parent.feed for parent in specs[name].parents)
        return bool(footprint.child_columns(specs[name])) or any(leads(p) for p in parents if p not in reached)

    assert leads(feed) is (feed not in NOBODYS)


def test_a_hold_reaches_through_two_parents(db, tmp_path):
    """A named plan hangs on an assessment, that on a request, that on a record that names the child."""
    chain = ("ssd_send", "ssd_ehcp_requests", "ssd_ehcp_assessment", "ssd_ehcp_named_plan")
    specs = load_specs()
    for above, feed in zip((None, *chain), chain, strict=False):
        row = {specs[feed].key[0]: "K1"}
        row |= {footprint.child_columns(specs[feed])[0]: CANARY} if above is None else {}
        row |= {p.columns[0]: "K1" for p in specs[feed].parents if p.feed == above}
        _deliver(tmp_path / "march", feed, [row], MARCH)
    _deliver(tmp_path / "april", chain[-1], [], APRIL)
    hold(child_id=CANARY)
    day = years_on(date(2026, 6, 1), specs[chain[-1]].retention_years)
    (line,) = [line for line in retain(COUNCIL, day).feeds if line.feed == chain[-1]]
    assert (line.rows, line.on_hold) == (0, 1)
    (number,) = ask("select hold_id from ops.legal_hold")[0]
    with warehouse.connect() as connection:
        legal_hold.release(connection, number)
    erased = erasure.erase(COUNCIL, CANARY, "a decision")
    assert erased.rows == dict.fromkeys(sorted(chain), 1)

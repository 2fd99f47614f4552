"""Nothing of a person leaves `identity`: not to raw, to a log, an error, a result or the ledger."""

from __future__ import annotations

import hmac
import json
import logging

import psycopg
import pytest
from ingest_sample import APRIL, COUNCIL, PERSON, REFERRAL, ask, load, load_one, names, text_of, write

from ingest import ledger
from ingest.privacy import load_keys
from ingest.spec import load_specs
from sightline import warehouse
from sightline.settings import settings

CANARIES = ("Quillfeather", "Zebedee", "QX1 7ZZ", "7 Canary Mews", "she told Pippa", "00012345", "2015-06-17")
CHILD = "00012345"

pytestmark = pytest.mark.usefixtures("db")


def plant(folder) -> None:
    """Write files full of canaries: good rows, bad rows, repeated keys, broken files."""
    person = PERSON | {"pers_person_id": CHILD}
    bad = [
        person | {"pers_person_id": "", "pers_surname": "Quillfeather"},
        person | {"pers_person_id": "P2", "pers_sex": "Quillfeather"},
        person | {"pers_person_id": "P3", "pers_dob": "Quillfeather"},
        person | {"pers_forename": "Zebedee Zebedee"},
        person | {"pers_ethnicity": "ABAN"},
    ]
    write(folder, "ssd_person", [person, *bad])
    address = {"addr_table_id": "A1", "addr_person_id": CHILD, "addr_address_postcode": "QX1 7ZZ"}
    write(folder, "ssd_address", [address | {"addr_address_json": '{"LINE1": "7 Canary Mews"}'}])
    write(
        folder,
        "feedback",
        [
            {
                "feedback_id": "F1",
                "child_id": CHILD,
                "source": "survey",
                "received_on": "2026-01-01",
                "comment": "she told Pippa",
            }
        ],
    )
    broken = text_of("ssd_cin_plans", [{"cinp_cin_plan_id": "Quillfeather", "cinp_person_id": CHILD}])
    (folder / "ssd_cin_plans.csv").write_text(broken.rstrip() + '"Quillfeather')
    (folder / "ssd_cp_plans.csv").write_text("Zebedee,Quillfeather,00012345\n1,2,3\n")
    (folder / "other.csv").write_text("Zebedee,Quillfeather,00012345\n1,2,3\n")
    renamed = [name.replace("cine_close_date", "Quillfeather") for name in names("ssd_cin_episodes")]
    write(folder, "ssd_cin_episodes", [REFERRAL | {"cine_person_id": CHILD}], header=names("ssd_cin_episodes"))
    (folder / "headless.csv").write_text(",".join(renamed[:3]) + "\n")


def everything_outside_identity() -> str:
    """All text of raw and ops, sealed rows too."""
    tables = ask(
        "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname in ('raw', 'ops', 'published')"
    )
    return "\n".join(text for (table,) in tables for (text,) in ask(f"select t::text from {table} as t"))


def test_no_canary_outside_identity(tmp_path, caplog, capfd):
    """Names, addresses, free text, exact birth dates and identifiers: only where they belong."""
    plant(tmp_path)
    with caplog.at_level(logging.DEBUG):
        said: list[str] = []
        results = load(tmp_path)
    for result in results:
        said += [json.dumps(result.as_json()), result.line()]
    with warehouse.connect() as connection:
        said += [json.dumps(row) for row in ledger.rejects(connection)]
        said += [json.dumps(row) for row in ledger.deliveries(connection, COUNCIL)]
    captured = capfd.readouterr()
    outside = "\n".join([*said, caplog.text, captured.out, captured.err, everything_outside_identity()])
    assert {result.state for result in results} == {"loaded", "refused"}
    assert ask("select count(*) from ops.rejected_row") == [(5,)]
    assert [canary for canary in CANARIES if canary.casefold() in outside.casefold()] == []
    assert ask("select pers_surname, pers_dob::text from identity.ssd_person") == [("Quillfeather", "2015-06-17")]
    assert ask("select addr_address_postcode from identity.ssd_address") == [("QX1 7ZZ",)]


def test_a_canary_is_nowhere_in_the_servers_log(tmp_path):
    """The server is told to be terse."""
    plant(tmp_path)
    load(tmp_path)
    written = "".join(path.read_text(errors="replace") for path in settings().home.rglob("*log*") if path.is_file())
    assert [canary for canary in CANARIES if canary in written] == []


def test_child_keys_are_hmacs_of_council_and_identifier(tmp_path):
    """To the letter: 00012345 and 12345 are two children; one child is the same in every feed."""
    people = [PERSON | {"pers_person_id": identifier} for identifier in (CHILD, "12345")]
    write(tmp_path, "ssd_person", people)
    write(tmp_path, "ssd_cin_episodes", [REFERRAL | {"cine_person_id": CHILD}])
    load(tmp_path)
    expected = hmac.digest(settings().pseudonym_key(), f"{COUNCIL}|{CHILD}".encode(), "sha256").hex()[:32]
    keys = ask("select pers_person_id from raw.ssd_person")
    assert len(set(keys)) == 2
    assert ask("select cine_person_id from raw.ssd_cin_episodes") == [(expected,)]
    assert (expected,) in keys
    assert ask("select pers_person_id from identity.ssd_person where pers_person_id = %s", CHILD) == [(CHILD,)]


def test_birth_dates_are_coarsened_and_blanks_stay_blank(tmp_path):
    """The first of the month in raw, the day in identity; an unborn child has neither."""
    unborn = PERSON | {"pers_person_id": "U1", "pers_dob": "", "pers_expected_dob": "2026-11-23"}
    load(write(tmp_path, "ssd_person", [PERSON, unborn]))
    shown = "select pers_dob::text, pers_expected_dob::text from {}.ssd_person order by row_no"
    assert ask(shown.format("raw")) == [("2015-06-01", None), (None, "2026-11-01")]
    assert ask(shown.format("identity")) == [("2015-06-17", None), (None, "2026-11-23")]


POSTCODES = {
    "QX1 7ZZ": "QX1",
    " qx1  7zz ": "QX1",
    "W1T7QZ": "W1T",
    "B331HQ": "B33",
    "ZZ99 3VZ": None,
    "zz993vz": None,
    "": None,
    "QX1": None,
    "QX1 7Z": None,
    "7 Canary Mews, QX1 7ZZ": None,
    "QX1 7ZZ1": None,
    "not known": None,
}


def test_of_a_postcode_the_district_alone_leaves_identity(tmp_path, caplog):
    """Blank for what is no whole postcode, or of no place (ZZ99); never a fault, so that no message can show one."""
    rows = [
        {"addr_table_id": f"A{n:02d}", "addr_person_id": CHILD, "addr_address_postcode": postcode}
        for n, postcode in enumerate(POSTCODES)
    ]
    with caplog.at_level(logging.DEBUG):
        result = load_one(write(tmp_path, "ssd_address", rows))
    assert (result.state, result.rows_inserted, result.rows_rejected) == ("loaded", len(POSTCODES), 0)
    shown = ask("select addr_address_postcode from raw.ssd_address order by addr_table_id")
    assert [district for (district,) in shown] == list(POSTCODES.values())
    kept = ask("select coalesce(addr_address_postcode, '') from identity.ssd_address order by row_no")
    assert [postcode for (postcode,) in kept] == [postcode.strip() for postcode in POSTCODES]
    outside = (everything_outside_identity() + caplog.text).casefold()
    assert not [part for part in ("7zz", "7qz", "1hq", "3vz", "canary", "not known") if part in outside]
    assert ask("select count(*) from ops.warning") == [(0,)]


def test_a_changed_postcode_of_one_district_is_a_new_version(tmp_path):
    """Raw shows the same, and yet the address is another one."""
    address = {"addr_table_id": "A1", "addr_person_id": CHILD, "addr_address_postcode": "QX1 7ZZ"}
    load(write(tmp_path, "ssd_address", [address]))
    moved = write(tmp_path / "april", "ssd_address", [address | {"addr_address_postcode": "QX1 7ZY"}])
    assert (load_one(moved, as_at=APRIL).rows_inserted, ask("select count(*) from raw.ssd_address")) == (1, [(2,)])


def test_a_changed_name_is_a_new_version_of_the_person(tmp_path):
    """The hash covers what raw does not show."""
    load(write(tmp_path, "ssd_person", [PERSON]))
    result = load_one(write(tmp_path / "april", "ssd_person", [PERSON | {"pers_surname": "Other"}]), as_at=APRIL)
    assert (result.rows_inserted, result.rows_closed) == (1, 1)


def test_a_rejected_row_can_be_opened_with_the_key(tmp_path):
    """Whoever holds the key, and nobody else, sees the row as it stood in the file."""
    result = load_one(write(tmp_path, "ssd_person", [PERSON | {"pers_sex": "?"}]))
    ((sealed,),) = ask("select row_sealed from ops.rejected_row where delivery_id = %s", result.delivery_id)
    opened = load_keys().unseal(bytes(sealed))
    row = dict(zip(opened["header"], opened["row"], strict=True))
    assert (row["pers_surname"], row["pers_sex"]) == ("Quillfeather", "?")


def test_the_database_says_nothing_when_it_refuses(tmp_path, monkeypatch, caplog):
    """An error of the database carries rows in its detail; what is passed on is its code alone."""
    spec = load_specs()["ssd_person"]
    with warehouse.connect(autocommit=True) as connection:
        load(write(tmp_path, "ssd_person", [PERSON]))
        connection.execute(
            "alter table identity.ssd_person add constraint no_names check (pers_surname is null) not valid"
        )
    result = load_one(write(tmp_path / "april", spec.feed, [PERSON | {"pers_forename": "New"}]), as_at=APRIL)
    assert (result.state, result.error) == ("failed", "ssd_person.csv: the database refused the load (23514)")
    assert ask("select state, rows_read from ops.delivery order by delivery_id") == [("loaded", 1), ("failed", 0)]
    assert "Quillfeather" not in caplog.text


@pytest.mark.parametrize(
    ("role", "allowed", "denied"),
    [
        ("sightline_analyst", ["raw.ssd_person"], ["identity.ssd_person", "ops.rejected_row", "ops.delivery"]),
        ("sightline_builder", ["raw.ssd_person", "identity.ssd_person", "ops.delivery"], ["ops.rejected_row"]),
        ("sightline_loader", ["raw.ssd_person", "identity.ssd_person", "ops.rejected_row"], []),
    ],
)
def test_roles(tmp_path, role, allowed, denied):
    """Who may read what."""
    load(write(tmp_path, "ssd_person", [PERSON]))
    with warehouse.connect(autocommit=True) as connection:
        connection.execute(f"set role {role}")
        for table in allowed:
            connection.execute(f"select 1 from {table}")
        for table in denied:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"select 1 from {table}")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("delete from raw.ssd_person")

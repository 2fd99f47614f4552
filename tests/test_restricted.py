"""Restricted records count and are not listed; a child's records before and after an adoption are never linked."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
import yaml
from conftest import copy_database, use_database
from ingest_sample import PERSON, ask, load, names, write
from publish_fixture import AS_AT, COUNCIL, create

from ingest.spec import load_specs
from publish import assemble, html
from publish.access import restricted, unlisted
from publish.spec import reports
from sightline import councils, warehouse
from sightline.framework import Restricted
from sightline.framework_checks import problems
from sightline.periods import Period

ROOT = Path(__file__).resolve().parent.parent
MODELS = sorted((ROOT / "dbt_project" / "models").rglob("*.sql"))
CODE = sorted(path for part in ("publish", "sightline", "dags") for path in (ROOT / part).rglob("*.py"))
LINKS = re.compile(r"legacy|former_?upn|(^|_)upn$|(^|_)uln$|unique_learner|nhs|single_unique|identifier_value", re.I)
"""Columns that could tell that two records are of one child."""

OLD, NEW, UPN = "OLD-1", "NEW-1", "A123456789012"


@pytest.fixture
def marts(home):
    """The hand-made marts of publishing, and every connection of the process goes there."""
    before = use_database(None)
    use_database(copy_database("template1"))
    with warehouse.connect() as connection:
        create(connection)
    yield
    use_database(before)


def council(*roles: str) -> councils.Council:
    found = councils.load(COUNCIL)
    return found.model_copy(update={"restricted": Restricted(roles=list(roles), example=True) if roles else None})


def team_report(of: councils.Council, team: str = "T-DAT1"):
    """The team manager's report of one team."""
    with warehouse.connect() as connection:
        spec, period = reports()["team_manager"], Period.parse("2026-W39")
        material = assemble.read(connection, spec, of, period, AS_AT, True)
        unit = next(unit for unit in assemble.units(material) if unit[1] == team)
        document = assemble.document(connection, material, unit)
        connection.commit()
    return document


def listed(document) -> list[str]:
    """Identifiers in the lists of a report."""
    sections = [s for s in document.sections if s.id in ("overdue", "due")]
    return [row[0].text for s in sections for b in sections and s.blocks if b.kind == "table" for row in b.rows]


def counted(document) -> list[tuple]:
    """Every figure that the report shows."""
    return [(r.section, r.indicator_id, r.category, r.numerator, r.shown) for r in document.released]


def a_listed_child(document) -> tuple[str, str]:
    """Key and identifier of a child in the lists."""
    identifier = listed(document)[0]
    found = ask(
        "select r.pers_person_id from raw.ssd_person as r"
        " inner join identity.ssd_person as i using (delivery_id, row_no) where i.pers_person_id = %s",
        identifier,
    )
    return found[0][0], identifier


def restrict(key: str, start: date = date(2026, 1, 1), until: date | None = None, roles: str = "") -> None:
    with warehouse.connect() as connection:
        connection.execute(
            "insert into raw.restricted_record values (%s, null, %s, %s, %s, %s)", (COUNCIL, key, start, until, roles)
        )


def test_a_restricted_record_counts_and_is_not_listed(marts):
    """No list shows the child, every figure stays, and the report says that some may be left out."""
    before = team_report(council("head_of_service"))
    key, identifier = a_listed_child(before)
    restrict(key)
    after = team_report(council("head_of_service"))
    assert identifier in listed(before) and identifier not in listed(after)
    assert counted(after) == counted(before)
    page = html.render(after).decode()
    assert identifier not in page and key not in page
    assert "Records that are restricted are counted above" in page


def test_roles_that_the_council_names_see_it_and_the_reading_is_recorded_as_such(marts):
    """The report goes to team managers and quality officers: both are named. Without them, nobody sees it."""
    key, identifier = a_listed_child(team_report(council()))
    restrict(key)
    assert identifier not in listed(team_report(council("team_manager")))
    assert identifier not in listed(team_report(council()))
    (before,) = ask("select count(*) from ops.access where child_key = %s and purpose like '%%restricted%%'", key)
    assert identifier in listed(team_report(council("team_manager", "qa_officer")))
    (after,) = ask("select count(*) from ops.access where child_key = %s and purpose like '%%restricted%%'", key)
    assert before == (0,) and after > before


def test_the_records_own_roles_come_before_the_councils(marts):
    """Wider or narrower."""
    key, identifier = a_listed_child(team_report(council()))
    restrict(key, roles="team_manager; qa_officer")
    assert identifier in listed(team_report(council()))
    restrict(key, roles="qa_officer")
    assert identifier not in listed(team_report(council("team_manager", "qa_officer")))


@pytest.mark.parametrize(
    ("start", "until", "is_restricted"),
    [
        (AS_AT, None, True),
        (date(2026, 10, 1), None, False),
        (date(2026, 1, 1), AS_AT, True),
        (date(2026, 1, 1), date(2026, 9, 29), False),
    ],
)
def test_a_restriction_holds_on_its_first_and_last_day(marts, start, until, is_restricted):
    """Not the day before, not the day after."""
    restrict("k", start, until)
    with warehouse.connect() as connection:
        assert bool(restricted(connection, council(), AS_AT)) is is_restricted


def test_a_report_that_nobody_is_named_for_lists_no_restricted_record():
    """Who reads it is not known."""
    assert unlisted(council("team_manager"), "unknown", {"k": frozenset({"team_manager"})}) == {"k"}


def test_a_council_names_roles_that_it_has():
    """Anything else is a fault of the file."""
    assert problems(council("head_of_service")) == []
    assert problems(council("nobody")) == ["restricted.roles: nobody is not defined"]


def test_the_feed_keeps_the_reason_in_identity(db, tmp_path):
    """Child as a key, roles as they stand, the reason out of raw."""
    row = {"child_id": PERSON["pers_person_id"], "restricted_from": "2026-01-01", "reason": "an invented reason"}
    load(write(tmp_path, "ssd_person", [PERSON]), write(tmp_path, "restricted_record", [row]))
    assert ask("select reason from identity.restricted_record") == [("an invented reason",)]
    same = "select count(*) from raw.restricted_record as r inner join raw.ssd_person on child_id = pers_person_id"
    assert ask(same) == [(1,)]
    assert "reason" not in dict(ask("select column_name, 1 from information_schema.columns"
                                    " where table_schema = 'raw' and table_name = 'restricted_record'"))  # fmt: skip


@pytest.fixture
def adopted(db, tmp_path):
    """A child's record before an adoption, a new one after it, and every way in which a delivery may link them."""
    old = PERSON | {"pers_person_id": OLD, "pers_upn": UPN, "pers_single_unique_id": "9434765919"}
    new = old | {"pers_person_id": NEW, "pers_legacy_id": OLD, "pers_forename": "Newname"}
    link = {"link_table_id": "L1", "link_person_id": NEW, "link_identifier_type": "Former Case Number"}
    folder = tmp_path / "adopted"
    write(folder, "ssd_person", [old, new])
    write(folder, "ssd_linked_identifiers", [link | {"link_identifier_value": OLD}])
    files = {path.stem for path in folder.glob("*.csv")}
    results = load(folder)
    assert {result.feed for result in results} == files
    assert all((result.state, result.rows_rejected) == ("loaded", 0) for result in results)
    return folder


def test_records_before_and_after_an_adoption_have_keys_of_their_own(adopted):
    """The key comes from the record's own identifier alone: a shared UPN or number changes nothing."""
    keys = dict(
        ask(
            "select i.pers_person_id, r.pers_person_id from identity.ssd_person as i"
            " inner join raw.ssd_person as r using (delivery_id, row_no)"
        )
    )
    assert len(keys) == len(set(keys.values())) == 2
    assert ask("select link_person_id from raw.ssd_linked_identifiers") == [(keys[NEW],)]


def test_no_row_that_anybody_may_read_holds_both_or_what_links_them(adopted):
    """In raw: no row with both keys, no identifier that the two share; in identity it lies apart."""
    old, new = (key for (key,) in ask("select pers_person_id from raw.ssd_person order by row_no"))
    for (table,) in ask("select table_name from information_schema.tables where table_schema = 'raw'"):
        texts = [text for (text,) in ask(f"select t::text from raw.{table} as t")]
        assert not any(old in text and new in text for text in texts), table
        assert not any(value in text for text in texts for value in (OLD, NEW, UPN, "9434765919")), table
    assert ask("select pers_legacy_id from identity.ssd_person where pers_person_id = %s", NEW) == [(OLD,)]


@pytest.mark.parametrize("spec", load_specs().values(), ids=load_specs())
def test_no_feed_shows_an_identifier_that_links_records(spec):
    """Legacy identifiers, UPNs, numbers of the health service or of learners: in identity alone."""
    shown = [column.name for column in spec.raw_columns if LINKS.search(column.name) and not column.pseudonym]
    assert shown == []


READ_FROM_IDENTITY = {
    "stg_ssd_person.sql": {"pers_dob", "pers_expected_dob"},
    "int_return__child.sql": {"DOB", "PersonBirthDate"},
    # Groups the adopters of a family; the family is then known by the pseudonym of the first of them.
    "stg_annex_a_list_11.sql": {"family_identifier"},
}


def test_models_read_birth_dates_and_families_of_adopters_from_identity_and_nothing_else():
    """Three models read identity, and of it the columns above; no model reads linked identifiers."""
    found = {}
    for path in MODELS:
        text = path.read_text()
        for alias in re.findall(r"source\('identity', '\w+'\) }} as (\w+)", text):
            found.setdefault(path.name, set()).update(re.findall(rf'\b{alias}\."?(\w+)"?', text))
        assert ("source('identity'" in text) == (path.name in found), path.name
        assert "ref('stg_ssd_linked_identifiers')" not in text, path.name
    assert found == READ_FROM_IDENTITY


@pytest.mark.parametrize("path", [*MODELS, *CODE], ids=lambda path: path.name)
def test_no_model_or_module_names_an_identifier_that_links_records(path):
    """What is not named cannot be joined on."""
    private = {c.name for spec in load_specs().values() for c in spec.columns if LINKS.search(c.name) and c.private}
    assert private >= {"pers_legacy_id", "pers_upn", "link_identifier_value", "FormerUPN"}
    words = set(re.findall(r"\w+", path.read_text(encoding="utf-8")))
    assert words.isdisjoint(private - {"legacy_id"})


def test_analysts_cannot_read_identity(db):
    """Nor may the role of any reader of figures."""
    with warehouse.connect() as connection:
        may = "select has_schema_privilege('sightline_analyst', 'identity', 'usage')"
        assert connection.execute(may).fetchone() == (False,)


def test_the_councils_example_says_that_it_is_one():
    """Barnet's roles are ours until the council says otherwise."""
    text = yaml.safe_load((councils.FOLDER / "barnet.yml").read_text(encoding="utf-8"))
    assert text["restricted"]["example"] is True
    assert set(names("restricted_record")) >= {"child_id", "roles", "reason"}

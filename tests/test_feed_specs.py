"""Every feed specification, and broken ones."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ingest.errors import BadSpec
from ingest.recognise import by_name
from ingest.spec import FEEDS, load_specs, normalise, read_code_lists, read_spec

SPECS = load_specs()
BROKEN = sorted((Path(__file__).parent / "broken_feeds").glob("*.yml"))
SSD = Path(__file__).resolve().parents[2] / "shared" / "specs" / "ssd.json"
PERSON = re.compile(r"(^|_)(persons?|child(s_person)?)_id$")
NAMES_A_PERSON = re.compile(r"forename|surname|professional_name|postcode|address_json|_upn$|unique_id|_dob$")
FREE_TEXT = {("audit", "summary"), ("audit_action", "description"), ("escalation", "detail"), ("feedback", "comment")}

every_spec = pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)


@every_spec
def test_is_short_and_named_like_its_file(spec):
    """A specification is one short file that carries its feed's name: a line or two a column."""
    lines = (FEEDS / f"{spec.feed}.yml").read_text().splitlines()
    assert len(lines) <= 16 + len(spec.parents) + 2 * len(spec.columns)


@every_spec
def test_recognises_its_own_file_names(spec):
    """The longest pattern wins, so that `audit_action.csv` is no `audit`."""
    for name in (f"{spec.feed}.csv", f"{spec.feed}_2026-09.csv", f"{spec.feed.upper()}.CSV"):
        assert by_name(name, SPECS) is spec


@every_spec
def test_a_key_is_never_blank(spec):
    """Only a further part of a key may be blank: regions have no local authority, some files no model year."""
    assert spec.is_required(spec.column(spec.key[0]))
    if spec.group == "national":
        optional = [name for name in spec.key if not spec.is_required(spec.column(name))]
        assert optional in ([], ["region_code", "new_la_code"], ["model_year"])


@every_spec
def test_hides_who_a_child_is(spec):
    """Child identifiers are pseudonyms or private; names, addresses, birth dates and free text are private."""
    for column in spec.columns:
        if PERSON.search(column.name) and not column.name.startswith("prof_"):
            assert column.is_in_identity, column.name
        if NAMES_A_PERSON.search(column.name) or (spec.feed, column.name) in FREE_TEXT:
            assert column.is_in_identity, column.name
        if column.name.endswith("_dob"):
            assert column.coarsen == "month", column.name


@pytest.mark.parametrize("feed", [feed for feed in SPECS if feed.startswith("ssd_")])
def test_has_the_columns_of_the_standard(feed):
    """SSD feeds have the columns of their table, in its order, and after them those that one deployment adds."""
    if not SSD.is_file():
        pytest.skip(f"{SSD.name} is not here")
    standard = json.loads(SSD.read_text())
    table = standard["tables"].get(feed) or standard["spec_only"][feed]
    names = [column["name"].strip() for column in table]
    columns = SPECS[feed].columns
    assert [column.name for column in columns[: len(names)]] == names
    assert all(column.optional for column in columns[len(names) :])


def test_every_table_of_the_standard_is_a_feed():
    """All but the table of outgoing messages, which holds what others of its tables hold."""
    if not SSD.is_file():
        pytest.skip(f"{SSD.name} is not here")
    standard = json.loads(SSD.read_text())
    tables = {*standard["tables"], *(name for name in standard["spec_only"] if name not in standard["tables"])}
    assert tables - {"ssd_api_data_staging"} == {feed for feed in SPECS if feed.startswith("ssd_")}


@pytest.mark.parametrize("deployment", ["systemc", "mosaic", "eclipse"])
def test_a_deployment_needs_no_column_that_it_has_not(deployment):
    """What a case system's own tables lack is optional, or comes under another name."""
    if not SSD.is_file():
        pytest.skip(f"{SSD.name} is not here")
    for feed, fields in json.loads(SSD.read_text())["cms_differences"].items():
        if not any(deployment in types for types in fields.values()):
            continue
        present = {name for name, types in fields.items() if types.get(deployment)}
        for column in SPECS[feed].columns:
            there = column.name in present or column.name not in fields or set(column.aliases) & present
            assert there or column.may_be_absent, (feed, column.name)


def test_a_group_has_one_cadence():
    """One task loads a group, on one schedule."""
    cadence = {"case_management": "daily", "quality": "weekly", "feedback": "weekly", "workforce": "weekly"}
    for spec in SPECS.values():
        assert spec.cadence == cadence.get(spec.group, "monthly")


def test_two_feeds_never_share_a_header():
    """A file without a telling name is recognised by its header, so headers must differ."""
    headers = [frozenset(normalise(column.name) for column in spec.columns) for spec in SPECS.values()]
    assert len(set(headers)) == len(headers)


@pytest.mark.parametrize("path", BROKEN, ids=[path.stem for path in BROKEN])
def test_a_broken_spec_is_refused(path):
    """Each broken specification is refused for the reason that stands in its first line."""
    expected = path.read_text().splitlines()[0].removeprefix("# expects: ")
    with pytest.raises(BadSpec, match=re.escape(path.name)) as raised:
        read_spec(path, read_code_lists())
    assert expected in str(raised.value)


def test_two_feeds_cannot_claim_one_file(tmp_path):
    """One pattern belongs to one feed."""
    text = (FEEDS / "audit_programme.yml").read_text()
    (tmp_path / "audit_programme.yml").write_text(text)
    (tmp_path / "review.yml").write_text(text.replace("feed: audit_programme", "feed: review"))
    with pytest.raises(BadSpec, match="both claim"):
        load_specs(tmp_path)


@pytest.mark.parametrize("codes", ["[]", "[A, A]", "[1]", "[NO]"])
def test_a_broken_code_list_is_refused(tmp_path, codes):
    """Shared code lists hold distinct texts."""
    path = tmp_path / "code_lists.yml"
    path.write_text(f"answers: {codes}\n")
    with pytest.raises(BadSpec, match="answers must be a list of distinct texts"):
        read_code_lists(path)


def test_the_fingerprint_follows_the_rules_and_nothing_else():
    """A new title reads no file anew; a new code does."""
    spec = SPECS["audit_action"]
    retitled = spec.model_copy(update={"title": "Another title"})
    shorter = spec.model_copy(update={"columns": spec.columns[:-1]})
    assert retitled.fingerprint == spec.fingerprint != shorter.fingerprint


def test_the_documented_feeds_are_the_feeds():
    """`docs/feeds.md` lists every feed as its specification has it."""
    text = (FEEDS.parents[1] / "docs" / "feeds.md").read_text()
    listed = [line for line in text.split("## The feeds")[1].splitlines() if line.startswith("| `")]
    assert listed == [_documented(spec) for spec in SPECS.values()]


def _documented(spec) -> str:
    cells = (f"`{spec.feed}`", spec.title, f"{spec.group}, {spec.cadence}", ", ".join(spec.key))
    return f"| {' | '.join(cells)} | {spec.retention_years} |"

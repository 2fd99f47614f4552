"""Free text lies in `identity` alone: which columns are none, what raw shows of the others, and the upgrade to it."""

from __future__ import annotations

import json

import pytest
from ingest_sample import APRIL, MARCH, MAY, REFERRAL, ask, in_force, load, load_one, referrals, write

from ingest.listed import GIVEN, Listed
from ingest.schema import migrate
from ingest.spec import load_specs
from sightline import warehouse

FEED = "ssd_cin_episodes"
TEAMS = {f"annex_a_list_{number}.allocated_team" for number in range(3, 10)}
AUDIT = ("audit_type", "theme", "auditor_role", "overall_grade", "moderated_grade", "service_area")
OPEN = {
    "values that the council's own file defines": {
        *(f"audit.{name}" for name in AUDIT),
        *("audit_domain.domain", "audit_domain.grade", "audit_step.step", "dip_sample.theme", "escalation.theme"),
        *(f"audit_programme.{name}" for name in ("period", "theme", "audit_type", "auditor_role")),
        *("feedback.theme", "focus_group.theme", "practice_day.role", "thematic_commission.theme"),
        *(f"moderation.{name}" for name in ("moderator_role", "first_grade", "moderated_grade", "settled_grade")),
        *("practice_observation.observer_role", "practice_observation.grade", "restricted_record.roles"),
        *("staff.role", "staff_post.role", "staff_survey.role", "team_link.role", "thematic_commission.audit_type"),
        *("supervision_audit.auditor_role", "supervision_audit.grade", "team.kind"),
    },
    "names of teams, organisations and posts": {
        *TEAMS,
        *("advocacy.provider", "annex_a_list_2.organisation_completing_assessment", "team.name", "team.service_name"),
        *("ssd_department.dept_team_name", "ssd_department.dept_team_parent_name"),
        *("ssd_early_help_episodes.earl_episode_organisation", "thematic_commission.commissioned_by"),
        "ssd_involvements.invo_professional_role_id",
    },
    "titles of work and of questions, not of a child": {
        *("dip_sample.title", "thematic_commission.title", "staff_survey.question", "staff_survey.survey"),
    },
    "about the extract itself or its calendar": {
        *("ssd_version_log.description", "ssd_version_log.impact_description", "ssd_dim_date.fiscal_year_label"),
    },
    "coded by the case system, one letter to a few words, without one published list": {
        *(f"ssd_person.pers_{name}" for name in ("gender", "send_flag", "nationality")),
        *("ssd_address.addr_address_type", "ssd_send.send_upn_unknown", "ssd_linked_identifiers.link_identifier_type"),
        *(f"ssd_cla_previous_permanence.lapp_previous_permanence_{name}" for name in ("la", "order_date")),
        *("ssd_cp_reviews.cppr_cp_review_quorate", "ssd_immigration_status.immi_immigration_status"),
        *(f"ssd_pre_proceedings.prep_{name}" for name in ("pre_pro_parents_legal_rep", "care_proc_short_notice")),
        *(f"ssd_pre_proceedings.prep_{name}" for name in ("la_inital_plan_approved", "la_final_plan_approved")),
        "ssd_pre_proceedings.prep_parents_legal_rep_point_of_issue",
        *(f"ssd_voice_of_child.voch_{name}" for name in ("explained_worries", "story_help_understand")),
        *(f"ssd_voice_of_child.voch_{name}" for name in ("agree_worker", "plan_safe", "tablet_help_explain")),
    },
}


def test_a_text_without_codes_is_private_or_has_a_reason():
    """Of every feed but the published statistics. A new text column is private, or somebody says here why not."""
    found = {
        f"{spec.feed}.{column.name}"
        for spec in load_specs().values()
        for column in spec.columns
        if spec.group != "national" and column.type == "text" and column.codes is None and not column.private
    }
    assert found == set().union(*OPEN.values())


def test_what_is_shown_of_a_text():
    """Known texts in their own spelling; of anything else only that it is there."""
    plan, factors, adviser = Listed(["Adoption"], "PLAN"), Listed(["2A", "4B"], None), Listed([], None)
    shown = {
        '{"PLAN": "adoption ", "NOTE": "Zebedee"}': '{"PLAN": "Adoption"}',
        '{"PLAN": "with Zebedee"}': '{"PLAN": "given"}',
        '{"PLAN": {"Zebedee": 1}}': '{"PLAN": "given"}',
        '{"PLAN": " "}': '{"PLAN": ""}',
        '{"PLAN": null}': "{}",
        '["Adoption"]': GIVEN,
        '{"PLAN": "Adoption"': GIVEN,
        "[" * 100_000: GIVEN,
        "Adoption": "Adoption",
        "": "",
    }
    assert {text: plan.shown(text) for text in shown} == shown
    assert factors.shown('["2a", "Zebedee", 7, "4B"]') == '["2A", "4B"]'
    assert (factors.shown('{"2A": "Zebedee"}'), adviser.shown("Zebedee Quillfeather")) == (GIVEN, GIVEN)


ROWS = {
    FEED: [
        REFERRAL | {"cine_referral_source_desc": "Zebedee's school\t", "cine_referral_outcome_json": '{"a": "b\\n"}'},
        REFERRAL | {"cine_referral_id": "R2", "cine_referral_outcome_json": "two\nlines"},
        REFERRAL | {"cine_referral_id": "R3"},
    ],
    "ssd_assessment_factors": [
        {"cinf_table_id": "F1", "cinf_assessment_id": "A1", "cinf_assessment_factors_json": '["2A","Zebedee"]'},
        {"cinf_table_id": "F2", "cinf_assessment_id": "A2", "cinf_assessment_factors_json": ""},
    ],
    "thematic_commission": [
        {"commission_id": "T1", "title": "Neglect", "kind": "thematic", "commissioned_on": "2026-01-05", "scope": "Zed"}
    ],
    "ssd_contacts": [
        {
            "cont_contact_id": f"C{number}",
            "cont_person_id": "00012",
            "cont_contact_date": "2026-01-05",
            "cont_contact_source_desc": "Zebedee",
            "cont_contact_outcome_json": text,
        }
        for number, text in enumerate(['{"OUTCOME":"CIN Referral"}', '{"OUTCOME":"Zebedee"}', "Zebedee", ""])
    ],
}


def earlier(specs):
    """The specifications as they were when these texts lay in raw."""
    public = {"private": False, "was_public": False, "coarsen": None, "shows": (), "shows_key": None}
    return {
        name: spec.model_copy(
            update={"columns": tuple(c.model_copy(update=public) if c.was_public else c for c in spec.columns)}
        )
        for name, spec in specs.items()
    }


@pytest.fixture
def loaded_earlier(empty_db, tmp_path, monkeypatch):
    """Two deliveries of an earlier version, so that each feed has rows in force and rows that are closed."""
    with monkeypatch.context() as before:
        specs = earlier(load_specs())
        before.setattr("ingest.council.load_specs", lambda: specs)
        for feed, rows in ROWS.items():
            first = {name: value for name, value in rows[0].items() if not name.endswith(("json", "desc", "scope"))}
            write(tmp_path / "first", feed, [first, *rows[1:]])
            write(tmp_path / "second", feed, rows)
        load(tmp_path / "first", as_at=MARCH)
        load(tmp_path / "second", as_at=APRIL)
    return tmp_path


def texts():
    """Every text that was public, with its row, by table."""
    found = {}
    for feed in ROWS:
        for column in load_specs()[feed].columns:
            if column.was_public:
                found[feed, column.name] = (
                    f"select delivery_id, row_no, closed_by, {column.name} from {{}}.{feed} order by 1, 2"
                )
    return found


def test_an_upgrade_moves_texts_to_identity_and_changes_no_row(loaded_earlier):
    """All versions; feeds with an identity table and without. The same snapshot again finds every row unchanged."""
    before = {column: ask(query.format("raw")) for column, query in texts().items()}
    hashes = {feed: ask(f"select delivery_id, row_no, row_hash from raw.{feed} order by 1, 2") for feed in ROWS}
    assert len(before[FEED, "cine_referral_source_desc"]) == 4
    with warehouse.connect() as connection:
        migrate(connection)
        assert migrate(connection) == []
    assert {column: ask(query.format("identity")) for column, query in texts().items()} == before
    for feed in ROWS:
        assert ask(f"select delivery_id, row_no, row_hash from raw.{feed} order by 1, 2") == hashes[feed]
        assert ask(f"select count(*) from raw.{feed} as r where r::text ~ 'Zeb|Zed|lines'") == [(0,)]
        columns = "select count(*) from information_schema.columns where table_schema = 'raw' and column_name = any(%s)"
        gone = [column.name for column in load_specs()[feed].columns if column.was_public and not column.is_in_raw]
        assert ask(columns, gone) == [(0,)]
    for feed, rows in ROWS.items():
        result = load_one(write(loaded_earlier / "third", feed, rows), as_at=MAY)
        assert (result.rows_unchanged, result.rows_inserted, result.rows_closed) == (len(rows), 0, 0), feed
    changed = [ROWS[FEED][0] | {"cine_referral_source_desc": "another"}, *ROWS[FEED][1:]]
    result = load_one(write(loaded_earlier / "fourth", FEED, changed), as_at=MAY)
    assert (result.rows_unchanged, result.rows_inserted, result.rows_closed) == (2, 1, 1)
    assert in_force(FEED, "row_key", "cine_referral_source_desc")[0] == ("R1", "another")


def test_a_view_of_the_version_that_stands_is_not_broken(loaded_earlier):
    """Its column is emptied, and dropped by a later upgrade; the texts are in identity and stay there."""
    with warehouse.connect() as connection:
        connection.execute(f"create view public.stands as select row_key, cine_referral_source_desc from raw.{FEED}")
    query = texts()[FEED, "cine_referral_source_desc"]
    before = ask(query.format("raw"))
    with warehouse.connect() as connection:
        migrate(connection)
    assert {text for _, text in ask("select * from public.stands")} == {None}
    with warehouse.connect() as connection:
        connection.execute("drop view public.stands")
        connection.execute("delete from ops.migration where name like 'feeds:%%'", ())
        migrate(connection)
    column = "select 1 from information_schema.columns where table_schema = 'raw' and column_name = %s"
    assert ask(column, "cine_referral_source_desc") == []
    assert ask(query.format("identity")) == before


@pytest.mark.usefixtures("db")
def test_raw_shows_of_a_text_what_models_need(tmp_path):
    """And a changed text is a changed row, though raw shows the same of it."""
    contacts = ROWS["ssd_contacts"]
    load(write(tmp_path, "ssd_contacts", contacts))
    assert in_force("ssd_contacts", "cont_contact_outcome_json") == [
        (json.dumps({"OUTCOME": "CIN Referral"}),),
        (json.dumps({"OUTCOME": GIVEN}),),
        (GIVEN,),
        (None,),
    ]
    kept = ask("select cont_contact_outcome_json from identity.ssd_contacts order by row_no")
    assert [text or "" for (text,) in kept] == [row["cont_contact_outcome_json"] for row in contacts]
    later = [*contacts[:2], contacts[2] | {"cont_contact_outcome_json": "other"}, contacts[3]]
    result = load_one(write(tmp_path / "later", "ssd_contacts", later), as_at=APRIL)
    assert (result.rows_inserted, result.rows_unchanged) == (1, 3)
    assert load_one(write(tmp_path / "x", FEED, referrals(2)), as_at=APRIL).rows_inserted == 2

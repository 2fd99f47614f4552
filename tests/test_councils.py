"""Councils are data: every file is coherent, every entry cited, and a broken file says where it is broken."""

import re
from pathlib import Path

import pytest
import yaml

from sightline.councils import FOLDER, FRAMEWORK_TABLES, CouncilError, available, framework_rows, load, read
from sightline.framework import Cited

ROOT = Path(__file__).resolve().parent.parent


def changed(tmp_path, change, name="barnet"):
    """The path of a copy of a council's file, after `change` has altered its content."""
    content = yaml.safe_load((FOLDER / f"{name}.yml").read_text(encoding="utf-8"))
    change(content)
    path = tmp_path / f"{name}.yml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


@pytest.fixture(params=available())
def council(request):
    return load(request.param)


def test_barnet_and_southwark_are_there():
    assert {"barnet", "southwark"} <= set(available())


def test_every_entry_cites_a_listed_source_or_is_an_example(council):
    entries = list(council.cited())
    assert len(entries) > 80
    for path, entry in entries:
        assert bool(entry.source) != entry.example, path
        assert entry.example or entry.source.startswith(tuple(council.sources)), path


def test_both_kinds_of_entry_are_found_so_that_reports_can_show_examples(council):
    rows = [row for table in framework_rows(council).values() for row in table]
    assert {row["is_example"] for row in rows} == {True, False}
    assert all((row["source"] == "example") == row["is_example"] for row in rows)


def test_rows_have_exactly_the_tables_columns_and_types(council):
    types = {"text": str, "integer": int, "numeric": (int, float), "boolean": bool}
    for table, rows in framework_rows(council).items():
        columns = FRAMEWORK_TABLES[table]
        assert next(iter(columns)) == "council" and list(columns)[-2:] == ["source", "is_example"]
        for row in rows:
            assert list(row) == list(columns), table
            for column, value in row.items():
                assert value is None or isinstance(value, types[columns[column]]), (table, column)


def test_a_table_has_the_same_columns_whatever_the_council():
    assert framework_rows(load("barnet")).keys() == framework_rows(load("southwark")).keys() == FRAMEWORK_TABLES.keys()


def test_no_column_needs_quoting_in_sql():
    reserved = {"limit", "user", "order", "group", "table", "column", "end", "when", "default", "from", "to"}
    for columns in FRAMEWORK_TABLES.values():
        assert all(re.fullmatch(r"[a-z][a-z0-9_]*", column) for column in columns)
        assert not reserved & set(columns)


def test_an_unknown_field_is_refused_with_file_and_place(tmp_path):
    path = changed(tmp_path, lambda content: content["grades"][1].update(colour="green"))
    with pytest.raises(CouncilError, match=r"barnet\.yml: grades\[1\]\.colour"):
        read(path)


def test_a_missing_field_is_refused_with_file_and_place(tmp_path):
    path = changed(tmp_path, lambda content: content["steps"][0].pop("due_in"))
    with pytest.raises(CouncilError, match=r"barnet\.yml: steps\[0\]\.due_in: Field required"):
        read(path)


@pytest.mark.parametrize("origin", [{}, {"source": "Barnet QA framework, section 1", "example": True}])
def test_an_entry_has_one_origin(tmp_path, origin):
    def change(content):
        domain = content["domains"][0]
        content["domains"][0] = {"id": domain["id"], "label": domain["label"], **origin}

    with pytest.raises(CouncilError, match=r"domains\[0\]: give either a source or example"):
        read(changed(tmp_path, change))


def test_a_source_that_is_not_listed_is_refused(tmp_path):
    path = changed(tmp_path, lambda content: content["grades"][0].update(source="Somewhere else, page 3"))
    with pytest.raises(CouncilError, match=r"grades\[0\]: source does not begin with a title listed"):
        read(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c["steps"][0].update(owner_role="nobody"), "steps.actions_reviewed.owner_role: nobody"),
        (lambda c: c["steps"][0].update(grades=["poor"]), "steps.actions_reviewed.grades: poor"),
        (lambda c: c["steps"][0].update(after="never"), "steps.actions_reviewed.after: never"),
        (lambda c: c["expectations"][0].update(audit_types=["x"]), "qa_officer_monthly.audit_types: x"),
        (lambda c: c.update(front_door_team="T-NONE"), "front_door_team: T-NONE"),
        (lambda c: c["roles"].append(c["roles"][0]), "roles: id director is given twice"),
        (lambda c: c["grades"][0].update(rank=2), "grades: ranks must run 1, 2, 3"),
        (lambda c: c["localities"]["value"]["West"].append("ZZ1"), "localities: ZZ1 is named twice"),
        (lambda c: c["localities"]["value"].update(EN5=["EN4"]), "localities: EN5 is the name of a district"),
        (lambda c: c["localities"]["value"].update(North=["EN5 4"]), "localities.value.North[0]: String should match"),
        (lambda c: c["localities"].pop("example"), "localities: give either a source or example"),
        (lambda c: c.update(id="elsewhere"), "id: is elsewhere, must be the file's name barnet"),
    ],
)
def test_what_does_not_fit_together_is_named(tmp_path, change, message):
    with pytest.raises(CouncilError) as caught:
        read(changed(tmp_path, change))
    assert message in str(caught.value)


def test_every_problem_is_told_at_once(tmp_path):
    def change(content):
        content["front_door_team"] = "T-NONE"
        content["grades"][0]["rank"] = 2

    with pytest.raises(CouncilError) as caught:
        read(changed(tmp_path, change))
    assert str(caught.value).count("barnet.yml: ") == 2


def test_an_unknown_council_is_refused_with_the_known_ones():
    with pytest.raises(CouncilError, match=r"there is no such council: 'atlantis'.*: barnet, southwark$"):
        read(FOLDER / "atlantis.yml")


def test_a_file_that_is_not_yaml_is_refused(tmp_path):
    path = tmp_path / "barnet.yml"
    path.write_text("id: [unclosed", encoding="utf-8")
    with pytest.raises(CouncilError, match=r"barnet\.yml: is not valid YAML"):
        read(path)


def test_barnets_cycle_is_four_months_with_routing_by_the_re_audits_grade():
    steps = {step.id: step for step in load("barnet").steps}
    assert [(s.stage, s.due_in, s.due_unit) for s in steps.values()] == [
        (2, 2, "cycle_months"), (2, 2, "cycle_months"), (3, 3, "cycle_months"), *[(4, 4, "cycle_months")] * 3,
    ]  # fmt: skip
    assert steps["four_r_meeting"].grades == ["inadequate"]
    assert steps["reaudit"].is_reaudit and steps["reaudit"].by_original_auditor
    routing = [step for step in steps.values() if step.stage == 4]
    assert sorted(grade for step in routing for grade in step.grades) == sorted(g.id for g in load("barnet").grades)
    assert {step.grade_basis for step in routing} == {"reaudit"}
    assert steps["escalated_to_head_of_service"].track_until == ["good", "outstanding"]


def test_barnets_numbers_are_those_of_its_framework():
    barnet = load("barnet")
    expectations = {
        item.role: (item.number, item.every_months, item.per) for item in barnet.expectations if item.source
    }
    assert expectations == {"qa_officer": (1, 1, "linked_team"), "team_manager": (1, 2, "person")}
    assert sorted(theme.planned for theme in barnet.programme.themes) == [1, 1, 1, 5, 10, 12]
    assert [level.after_days for level in barnet.escalation.levels] == [0, 5, 10]
    alliance = next(c for c in barnet.comparators if c.kind == "alliance")
    areas = (ROOT / "dbt_project/seeds/local_authorities.csv").read_text(encoding="utf-8").splitlines()
    names = {line.split(",")[1] for line in areas if line.split(",")[0] in alliance.areas}
    assert names == {"Camden", "Enfield", "Hackney", "Haringey", "Islington"}
    assert set(barnet.link_roles.value) == {"practice_development_worker", "qa_officer", "iro", "cp_chair"}


def test_southwark_has_two_grades_eighteen_months_and_four_marks_in_every_audit():
    southwark = load("southwark")
    assert [(g.rank, g.is_good) for g in southwark.grades] == [(1, True), (2, False)]
    assert southwark.programme.cycle_months.value == 18
    assert {t.depth for t in southwark.audit_types} == {"full", "dip", "observation"}
    assert all(d.always_graded for d in southwark.domains) and len(southwark.domains) == 4
    assert {n.event for n in southwark.notices} == {"before_audit", "after_audit"}
    assert southwark.clocks["cp_visit_days"].value == 28
    covered = {theme.focus_area for theme in southwark.programme.themes}
    assert covered == {area.id for area in southwark.focus_areas}


def test_codes_are_those_of_the_published_areas(council):
    rows = (ROOT / "dbt_project/seeds/local_authorities.csv").read_text(encoding="utf-8").splitlines()
    area = next(row.split(",") for row in rows if row.startswith(council.gss))
    assert (area[1], area[3], area[4]) == (council.name, council.code, council.region.code)


def test_targets_comparators_and_standards_name_catalogued_indicators(council):
    rows = (ROOT / "dbt_project/seeds/indicators.csv").read_text(encoding="utf-8").splitlines()
    known = {row.split(",")[0] for row in rows}
    used = {t.indicator_id for t in council.targets} | {i for s in council.standards for i in s.indicators}
    assert used <= known


def test_no_rule_of_a_council_is_built_into_the_code():
    """A framework's own terms, and decisions by a council's name, stand in councils/ alone."""
    words = re.compile(r"four_r|appreciative_inq|good_or_better|less_than_good|[!=]=\s*[\"'](barnet|southwark)")
    code = [
        p for folder in ("sightline", "synthetic", "ingest", "publish", "dags") for p in (ROOT / folder).rglob("*.py")
    ]
    code += (ROOT / "dbt_project" / "models").rglob("*.sql")
    assert code
    for path in code:
        assert not words.search(path.read_text(encoding="utf-8")), path.name


def test_a_council_cannot_be_changed_after_loading(council):
    with pytest.raises(ValueError, match="frozen"):
        council.name = "Other"
    assert all(isinstance(entry, Cited) for _, entry in council.cited())


def test_the_shape_holds_rules_of_other_frameworks(tmp_path):
    """An inadequate-audit process with repeats, two-monthly audits, practice days, best performers, late actions."""

    def change(content):
        step = {"stage": 1, "owner_role": "qa_officer", "grades": ["inadequate"], "example": True}
        confirmed = {**step, "grade_basis": "moderated"}
        content["steps"] = [
            {**step, "id": "moderation", "label": "Moderated", "due_in": 3, "due_unit": "working_days"},
            {**confirmed, "id": "safe", "label": "Safety", "after": "moderated", "due_in": 1, "due_unit": "days"},
            {**confirmed, "id": "others", "label": "Other cases", "due_in": 10, "due_unit": "working_days"},
            {**confirmed, "id": "supervision", "label": "Supervision", "due_in": 1, "due_unit": "months",
             "repeat_every_months": 1, "repeat_times": 3},
            {**confirmed, "id": "desktop", "label": "Desk-top audit", "after": "supervision", "due_in": 3,
             "due_unit": "months", "is_reaudit": True},
        ]  # fmt: skip
        owed = {"role": "team_manager", "per": "person", "example": True}
        content["expectations"] = [
            {**owed, "id": "days", "label": "Practice days", "activity": "practice_day", "number": 3,
             "every_months": 12, "from_month": 1},
            {**owed, "id": "watch", "label": "Each worker seen", "activity": "observation", "number": 1,
             "every_months": 12, "per": "worker", "audit_types": ["themed"]},
            {**owed, "id": "away", "label": "Outside own line", "activity": "audit", "number": 1,
             "every_months": 2, "scope": "other_line", "audit_types": ["themed"]},
        ]  # fmt: skip
        content["actions"] |= {"clock_start": "audit_period_end", "due_in": 10}
        best = {
            "id": "best",
            "label": "Best performers",
            "kind": "best_performers",
            "areas_wanted": 10,
            "example": True,
        }
        content["comparators"].append(best)

    rows = framework_rows(read(changed(tmp_path, change)))
    steps = {row["step"]: row for row in rows["framework_step"]}
    assert (steps["supervision"]["repeat_times"], steps["safe"]["after"]) == (3, "moderated")
    assert {row["step"] for row in rows["framework_step_grade"]} == steps.keys()
    assert [row["from_month"] for row in rows["framework_expectation"]] == [1, 4, 4]
    assert {"setting": "action_clock_start", "value": "audit_period_end"}.items() <= next(
        row for row in rows["framework_setting"] if row["setting"] == "action_clock_start"
    ).items()
    assert rows["framework_comparator"][-1]["areas_wanted"] == 10


def test_localities_are_a_councils_own_choice(tmp_path):
    """One row a district; a council without the map has none, and every district stands for itself."""
    rows = framework_rows(load("barnet"))["framework_locality"]
    assert {"council": "barnet", "locality": "West", "district": "ZZ6", "source": "example", "is_example": True} in rows
    assert len(rows) == 7
    without = read(changed(tmp_path, lambda content: content.pop("localities")))
    assert framework_rows(without)["framework_locality"] == []

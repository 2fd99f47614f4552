"""The made-up quality records follow the framework, agree with the cases, and are the same for the same seed."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from random import Random

import pytest

from sightline.councils import available, load
from synthetic.quality import COLUMNS, add_quality

AS_AT = date(2026, 9, 30)
FEEDS = ("audit", "audit_domain", "audit_action", "audit_step", "audit_programme", "escalation", "feedback")
SOURCES = {
    "ssd_involvements": "invo_professional_role_id invo_person_id invo_professional_id invo_professional_team"
    " invo_involvement_start_date invo_involvement_end_date",
    "staff_post": "professional_id role team_id started_on ended_on",
    "team_link": "team_id role professional_id started_on ended_on",
    "ssd_early_help_episodes": "earl_person_id earl_episode_worker_id earl_episode_start_date earl_episode_end_date",
    "ssd_contacts": "cont_person_id cont_contact_date",
}


def organisation(council):
    """A small council: one holder of each post, three children held by each case holder for half a year at a time."""
    tables = {feed: [] for feed in SOURCES}
    tables["ssd_contacts"] = [
        (f"C{day:05d}", (date(2023, 4, 1) + timedelta(days=day)).isoformat()) for day in range(1270)
    ]
    since, number = "2020-01-01", 0
    units = {
        "service": [s.id for s in council.organisation.services],
        "council": [council.organisation.services[-1].id],
        "team": [t.id for t in council.organisation.teams],
    }
    for role in council.roles:
        for unit in units.get(role.level, []):
            number += 1
            tables["staff_post"].append((f"W{number:04d}", role.id, unit, since, ""))
            if role.id in council.link_roles.value:
                links = [(t, role.id, f"W{number:04d}", since, "") for t in units["team"]]
                tables["team_link"].extend(links)
            if role.id == "social_worker" and unit != council.front_door_team:
                tables["ssd_involvements"].extend(_held(f"W{number:04d}", unit, number))
    return tables, {feed: text.split() for feed, text in SOURCES.items()}


def _held(worker, team, number):
    for child in range(3):
        start = date(2020, 3, 1) + timedelta(days=30 * child)
        for part in range(13):
            begun = start + timedelta(days=182 * part)
            if begun < AS_AT:
                end = begun + timedelta(days=182)
                person = f"{number:05d}{child}{part:02d}"
                ended = end.isoformat() if end <= AS_AT else ""
                yield ("Allocated Case Worker", person, worker, team, begun.isoformat(), ended)


def made(name, seed=3):
    """The quality feeds as {feed: [row as dict]} beside the tables they were made from."""
    council = load(name)
    tables, columns = organisation(council)
    add_quality(tables, columns, council, Random(seed), AS_AT, 3)
    assert all(columns[feed] == COLUMNS[feed] for feed in FEEDS)
    rows = {feed: [dict(zip(columns[feed], row, strict=True)) for row in tables[feed]] for feed in FEEDS}
    return council, tables, rows


@pytest.fixture(scope="module", params=available())
def sample(request):
    return made(request.param)


def test_the_same_seed_gives_the_same_rows_and_another_seed_others():
    first, again, other = made("barnet", 3)[2], made("barnet", 3)[2], made("barnet", 4)[2]
    assert first == again
    assert first["audit"] != other["audit"]


def test_nothing_but_due_dates_lies_after_the_as_at_date(sample):
    _, _, rows = sample
    for feed in FEEDS:
        for row in rows[feed]:
            dates = {k: v for k, v in row.items() if k.endswith("_on") and k != "due_on"}
            assert all(value <= AS_AT.isoformat() for value in dates.values()), (feed, dates)


def test_every_value_of_the_framework_is_one_that_the_council_defines(sample):
    council, _, rows = sample
    known = {
        "audit_type": {t.id for t in council.audit_types},
        "auditor_role": {r.id for r in council.roles},
        "overall_grade": {g.id for g in council.grades} | {""},
        "moderated_grade": {g.id for g in council.grades} | {""},
        "grade": {g.id for g in council.grades},
        "domain": {d.id for d in council.domains},
        "step": {s.id for s in council.steps},
        "service_area": {a.id for a in council.focus_areas},
        "source": {s.id for s in council.feedback_sources},
        "team_id": {t.id for t in council.organisation.teams},
    }
    for feed in FEEDS:
        for column, allowed in known.items():
            assert {row[column] for row in rows[feed] if column in row} <= allowed, (feed, column)


def test_an_audited_case_was_held_by_the_named_worker_and_team_when_the_audit_was_allocated(sample):
    council, tables, rows = sample
    held = defaultdict(list)
    front_door = council.front_door_team
    for _, child, worker, team, start, end in tables["ssd_involvements"]:
        held[child].append((worker, team, start, end or "9999"))
    first = [a for a in rows["audit"] if a["child_id"] and not a["previous_audit_id"] and a["team_id"] != front_door]
    assert first
    for audit in first:
        day = audit["allocated_on"]
        assert any(
            (worker, team) == (audit["worker_id"], audit["team_id"]) and start <= day < end
            for worker, team, start, end in held[audit["child_id"]]
        )


def test_the_front_doors_audits_are_of_children_contacted_in_the_last_month(sample):
    council, tables, rows = sample
    contacted = dict(tables["ssd_contacts"])
    audits = [a for a in rows["audit"] if a["team_id"] == council.front_door_team and not a["previous_audit_id"]]
    assert audits
    for audit in audits:
        if audit["child_id"]:
            days = date.fromisoformat(audit["allocated_on"]) - date.fromisoformat(contacted[audit["child_id"]])
            assert 0 <= days.days < 30


def test_audits_are_done_late_and_owed_and_only_done_ones_have_grades(sample):
    _, _, rows = sample
    audits = rows["audit"]
    done = [a for a in audits if a["completed_on"]]
    assert 0.7 < len(done) / len(audits) < 0.98
    assert any(a["completed_on"] > a["due_on"] for a in done)
    assert any(not a["completed_on"] and a["due_on"] < AS_AT.isoformat() for a in audits)
    assert all(bool(a["overall_grade"]) == bool(a["completed_on"]) for a in audits)
    assert all(a["allocated_on"] <= a["completed_on"] for a in done)


def test_domain_grades_agree_with_the_overall_grade_on_average(sample):
    council, _, rows = sample
    rank = {g.id: g.rank for g in council.grades}
    domains = defaultdict(list)
    for row in rows["audit_domain"]:
        domains[row["audit_id"]].append(rank[row["grade"]])
    overall = {a["audit_id"]: rank[a["overall_grade"]] for a in rows["audit"] if a["overall_grade"]}
    assert domains.keys() == overall.keys()
    assert all(abs(sum(found) / len(found) - overall[audit]) <= 0.5 for audit, found in domains.items())
    fixed = {d.id for d in council.domains if d.always_graded}
    graded = defaultdict(set)
    for row in rows["audit_domain"]:
        graded[row["audit_id"]].add(row["domain"])
    assert all(fixed <= found for found in graded.values())


def test_the_team_in_trouble_has_fewer_good_grades(sample):
    council, _, rows = sample
    good = {g.id for g in council.grades if g.is_good}
    trouble = {t.id for t in council.organisation.teams if t.is_in_trouble}
    shares = {}
    for is_in_trouble in (True, False):
        grades = [
            a["overall_grade"] for a in rows["audit"]
            if a["overall_grade"] and (a["team_id"] in trouble) == is_in_trouble and a["completed_on"] > "2025-09"
        ]  # fmt: skip
        shares[is_in_trouble] = sum(grade in good for grade in grades) / len(grades)
    assert shares[True] < shares[False] - 0.1


def test_some_moderations_disagree_and_no_auditor_moderates_their_own(sample):
    _, _, rows = sample
    moderated = [a for a in rows["audit"] if a["moderated_grade"]]
    agreed = [a for a in moderated if a["moderated_grade"] == a["overall_grade"]]
    assert 0.6 < len(agreed) / len(moderated) < 1
    assert all(a["moderator_id"] != a["auditor_id"] for a in moderated)
    assert all(a["moderated_on"] >= a["completed_on"] for a in moderated)


def test_re_audits_follow_the_audit_they_repeat_and_mostly_better_it(sample):
    council, _, rows = sample
    rank, by_id = {g.id: g.rank for g in council.grades}, {a["audit_id"]: a for a in rows["audit"]}
    pairs = [(by_id[a["previous_audit_id"]], a) for a in rows["audit"] if a["previous_audit_id"]]
    assert pairs
    moves = Counter()
    for before, after in pairs:
        assert before["child_id"] == after["child_id"] and before["completed_on"]
        assert before["allocated_on"] < after["allocated_on"]
        if after["overall_grade"]:
            moves[rank[before["overall_grade"]] - rank[after["overall_grade"]] > 0] += 1
    poor = [(b, a) for b, a in pairs if a["overall_grade"] and rank[b["overall_grade"]] == len(rank)]
    assert sum(rank[a["overall_grade"]] < len(rank) for _, a in poor) > len(poor) / 2


def test_steps_are_only_those_that_apply_and_four_r_follows_inadequate_alone():
    council, _, rows = made("barnet")
    audits = {a["audit_id"]: a for a in rows["audit"]}
    steps = {s.id: s for s in council.steps}
    assert {row["step"] for row in rows["audit_step"]} == steps.keys()
    for row in rows["audit_step"]:
        audit = audits[row["audit_id"]]
        assert audit["audit_type"] == "appreciative_inquiry" and not audit["previous_audit_id"]
        assert row["done_on"] >= audit["completed_on"]
        if row["step"] == "four_r_meeting":
            assert audit["overall_grade"] == "inadequate"
    routed = Counter(r["audit_id"] for r in rows["audit_step"] if steps[r["step"]].stage == 4)
    assert max(routed.values()) == 1


def test_the_programme_adds_up_to_what_the_framework_plans():
    council, _, rows = made("southwark")
    planned = Counter()
    for row in rows["audit_programme"]:
        if "2024-Q1" <= row["period"] <= "2025-Q2":
            planned[row["theme"]] += row["planned"]
    assert planned == {theme.id: theme.planned for theme in council.programme.themes}
    done = Counter(a["theme"] for a in rows["audit"] if a["theme"] and a["completed_on"])
    assert done.keys() == planned.keys()


def test_escalations_climb_in_order_and_some_are_never_raised(sample):
    _, _, rows = sample
    found = rows["escalation"]
    assert any(not e["alert_on"] for e in found) and any(e["alert_on"] for e in found)
    for row in found:
        dates = [row[c] for c in ("concern_on", "alert_on", "director_on", "resolved_on") if row[c]]
        assert row["concern_on"] and dates == sorted(dates)


def test_feedback_comes_from_every_source_and_only_complaints_have_stages(sample):
    council, _, rows = sample
    assert {f["source"] for f in rows["feedback"]} == {s.id for s in council.feedback_sources}
    complaints = [f for f in rows["feedback"] if f["source"] == "complaint"]
    assert any(f["responded_on"] for f in complaints)
    assert all(f["stage"] for f in complaints)
    assert not any(f["stage"] or f["upheld"] for f in rows["feedback"] if f["source"] != "complaint")
    assert all(bool(f["upheld"]) == bool(f["responded_on"]) for f in complaints)
    assert any(not f["child_id"] for f in rows["feedback"])


def test_free_text_carries_the_canary_and_says_that_it_is_invented(sample):
    _, _, rows = sample
    texts = {"audit": "summary", "audit_action": "description", "escalation": "detail", "feedback": "comment"}
    for feed, column in texts.items():
        assert all("Zephyrwick" in row[column] and "Invented" in row[column] for row in rows[feed])

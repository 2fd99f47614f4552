"""The independent computation at the edges of its rules: care, leavers, workforce, audits. All people are made up."""

from datetime import date

import pytest
from oracle import rolling_year
from oracle_sample import (
    Sample,
    care_review,
    episode,
    involvement,
    legal,
    person,
    placement,
    plan,
    referral,
)

END = date(2026, 9, 30)


@pytest.fixture
def sample(tmp_path) -> Sample:
    return Sample(tmp_path)


@pytest.fixture
def in_care(sample) -> Sample:
    """One child, aged 11, in care and in the same placement since 1 January 2024."""
    sample.add("ssd_person", person())
    sample.add("ssd_cla_episodes", episode("2024-01-01"))
    return sample.add("ssd_cla_placement", placement("2024-01-01"))


def visit(on, seen="Y"):
    return {"clav_cla_visit_id": on, "clav_person_id": "1", "clav_cla_visit_date": on, "clav_cla_visit_seen": seen}


def check(on, kind="Health Assessment", status="Completed"):
    row = {"clah_health_check_id": on + kind, "clah_person_id": "1", "clah_health_check_type": kind}
    return row | {"clah_health_check_date": on, "clah_health_check_status": status}


def missing(start, end="", number="M1", kind="M", **more):
    row = {"miss_table_id": number, "miss_person_id": "1", "miss_missing_episode_type": kind, **more}
    return row | {"miss_missing_episode_start_date": start, "miss_missing_episode_end_date": end}


def leaver(number, born, **more):
    return {"clea_table_id": number, "clea_person_id": number, **more}, person(number, born)


def post(number, worker="", agency="N", fte="1.0", start="2025-01-01", end="", registered="Y", role="social_worker"):
    row = {"post_id": number, "professional_id": worker, "team_id": "T-A", "role": role, "fte": fte}
    row |= {"started_on": start, "ended_on": end, "is_agency": agency}
    return row | {"is_registered_social_worker": registered}


def audit(number, completed, **more):
    return {"audit_id": number, "completed_on": completed, "audit_type": "full", "team_id": "T-A", **more}


class TestCare:
    """CLA."""

    def test_care_ends_on_the_day_the_episode_ceases(self, sample):
        ceased = {"clae_cla_episode_ceased_reason": "E45"}
        sample.add(
            "ssd_cla_episodes",
            episode("2026-01-01", "2026-09-30", **ceased),
            episode("2026-09-30", number="E2", child="2"),
        )
        assert sample.figure("CLA-01") == (1, None)
        assert sample.figure("CLA-05") == (1, None)
        assert sample.figure("CLA-10") == (1, 1)

    @pytest.mark.parametrize("reason", ["E43", "E44", "E45", "E48"])
    def test_guardianship_has_its_codes_of_each_year(self, sample, reason):
        sample.add("ssd_cla_episodes", episode("2026-01-01", "2026-09-30", clae_cla_episode_ceased_reason=reason))
        assert sample.figure("CLA-10") == (1, 1)

    def test_an_episode_that_goes_on_the_same_day_is_no_end_and_no_start(self, sample):
        moved = {"clae_cla_episode_ceased_reason": "X1"}
        sample.add("ssd_cla_episodes", episode("2026-01-01", "2026-08-01", **moved))
        sample.add("ssd_cla_episodes", episode("2026-08-01", number="E2", clae_cla_episode_start_reason="P"))
        assert sample.figure("CLA-05") == (0, None)
        assert sample.figure("CLA-03") == (0, None)
        assert sample.figure("CLA-01") == (1, None)

    def test_short_breaks_are_not_care(self, sample):
        sample.add("ssd_cla_episodes", episode("2026-07-01", "2026-07-20", clae_cla_episode_ceased_reason="E8"))
        sample.add("ssd_cla_episodes", episode("2026-07-01", number="E2", child="2", care="L2"))
        sample.add("ssd_legal_status", legal("V4", "2026-07-01", "2026-07-20"), legal("V2", "2026-07-01", child="2"))
        assert sample.figure("CLA-03") == (1, None)
        assert sample.figure("CLA-05") == (0, None)

    def test_a_child_who_starts_twice_in_a_year_is_one_child(self, sample):
        sample.add("ssd_cla_episodes", episode("2026-04-10", "2026-05-10", clae_cla_episode_ceased_reason="E4A"))
        sample.add("ssd_cla_episodes", episode("2026-07-10", number="E2", care="L2"))
        assert sample.figure("CLA-03", rolling_year(END)) == (1, None)
        assert sample.figure("CLA-03") == (1, None)

    @pytest.mark.parametrize(
        ("placed", "kind", "status", "visited", "in_time"),
        [
            ("2026-09-23", "U6", "C2", [], 1),
            ("2026-09-22", "U6", "C2", [], 0),
            ("2026-09-22", "U6", "C2", ["2026-09-21"], 0),
            ("2026-01-01", "U6", "C2", ["2026-08-19"], 1),
            ("2026-01-01", "U6", "C2", ["2026-08-18"], 0),
            ("2025-01-01", "U4", "C2", ["2026-06-30"], 1),
            ("2025-01-01", "U4", "C2", ["2026-06-29"], 0),
            ("2025-01-01", "U6", "C2", ["2026-06-30"], 0),
            ("2026-01-01", "P1", "C1", ["2026-09-02"], 1),
            ("2026-01-01", "P1", "C1", ["2026-09-01"], 0),
            ("2026-01-01", "P1", "C2", ["2026-09-01"], 1),
        ],
    )
    def test_the_next_visit_is_due_by_placement_and_status(self, sample, placed, kind, status, visited, in_time):
        sample.add("ssd_cla_episodes", episode(placed)).add("ssd_cla_placement", placement(placed, kind=kind))
        sample.add("ssd_legal_status", legal(status, placed)).add("ssd_cla_reviews", care_review("2026-02-01"))
        sample.add("ssd_cla_visits", *map(visit, visited))
        assert sample.figure("CLA-14") == (in_time, 1)

    def test_before_the_first_review_a_child_at_home_on_an_interim_order_is_visited_weekly(self, sample):
        sample.add("ssd_cla_episodes", episode("2026-09-10")).add(
            "ssd_cla_placement", placement("2026-09-10", kind="P1")
        )
        sample.add("ssd_legal_status", legal("C1", "2026-09-10")).add("ssd_cla_visits", visit("2026-09-22"))
        assert sample.figure("CLA-14") == (0, 1)
        sample.add("ssd_cla_visits", visit("2026-09-23"))
        assert sample.figure("CLA-14") == (1, 1)

    @pytest.mark.parametrize(
        ("start", "held", "figure"),
        [
            ("2026-09-02", [], (0, 0)),
            ("2026-09-01", [], (0, 1)),
            ("2026-08-03", ["2026-09-01"], (1, 1)),
            ("2026-08-03", ["2026-09-02"], (0, 1)),
            ("2026-05-01", ["2026-05-29", "2026-08-29"], (1, 1)),
            ("2026-05-01", ["2026-05-29", "2026-08-30"], (0, 1)),
            ("2026-05-01", ["2026-05-29"], (0, 1)),
            ("2025-09-01", ["2025-09-29", "2025-12-29", "2026-06-29"], (1, 1)),
            ("2025-01-01", ["2025-06-01", "2025-09-01", "2026-03-01", "2026-09-01"], (1, 1)),
        ],
    )
    def test_reviews_fall_due_at_20_working_days_3_months_and_6_months(self, sample, start, held, figure):
        """20 working days from 3 August 2026 pass over the bank holiday of 31 August."""
        sample.add("ssd_cla_episodes", episode(start)).add("ssd_cla_reviews", *map(care_review, held))
        assert sample.figure("CLA-15") == figure

    def test_a_cancelled_review_was_not_held(self, in_care):
        in_care.add("ssd_cla_reviews", care_review("2026-09-01", clar_cla_review_cancelled="Y"))
        assert in_care.figure("CLA-15") == (0, 1)

    def test_three_different_workers_within_twelve_months(self, in_care):
        in_care.add("ssd_involvements", involvement("2025-01-01", "2025-10-01", "W1", number="I1"))
        in_care.add("ssd_involvements", involvement("2025-10-01", "2026-01-01", "W2", number="I2"))
        in_care.add("ssd_involvements", involvement("2026-01-01", "", "W3", number="I3"))
        assert in_care.figure("CLA-17") == (1, 1)
        in_care.rows["ssd_involvements"][0]["invo_involvement_end_date"] = "2025-09-30"
        assert in_care.figure("CLA-17") == (0, 1)

    def test_participation_is_asked_of_children_from_four(self, sample):
        sample.add("ssd_person", person(born="2022-09-10"))
        codes = {"2026-09-09": "PN1", "2026-09-10": "PN1", "2026-09-11": "PN7", "2026-09-12": "PN0", "2026-09-13": ""}
        reviews = (care_review(on, clar_cla_review_participation=code) for on, code in codes.items())
        assert sample.add("ssd_cla_reviews", *reviews).figure("CLA-16") == (1, 2)

    def test_dual_status(self, in_care):
        assert in_care.add("ssd_cp_plans", plan("2026-01-01")).figure("CP-19") == (1, None)


class TestPlacements:
    """PLC, MIS."""

    def test_a_move_counts_unless_temporary_or_over_the_same_day(self, in_care):
        in_care.rows["ssd_cla_placement"] = [
            placement("2024-01-01", "2025-10-01", "PL0"),
            placement("2025-10-01", "2026-02-01", "PL2"),
            placement("2026-02-01", "2026-02-05", "PL3", kind="T1"),
            placement("2026-02-05", "2026-02-05", "PL4"),
            placement("2026-02-05", "", "PL1", kind="K2"),
        ]
        assert in_care.figure("PLC-01") == (1, 1)
        in_care.rows["ssd_cla_placement"][0]["clap_cla_placement_end_date"] = "2025-09-30"
        assert in_care.figure("PLC-01") == (0, 1)

    @pytest.mark.parametrize(("placed", "stable"), [("2024-09-30", 1), ("2024-10-01", 0)])
    def test_long_term_stability_is_two_years_in_a_placement(self, in_care, placed, stable):
        in_care.rows["ssd_cla_placement"] = [placement(placed)]
        assert in_care.figure("PLC-02") == (stable, 1)

    def test_adoption_by_the_carers_is_no_move(self, in_care):
        in_care.rows["ssd_cla_placement"] = [
            placement("2024-01-01", "2026-08-01", "PL0"),
            placement("2026-08-01", kind="A3"),
        ]
        assert in_care.figure("PLC-02") == (1, 1)

    @pytest.mark.parametrize(("born", "cohort"), [("2010-09-30", 0), ("2010-10-01", 1)])
    def test_stability_is_asked_under_16(self, in_care, born, cohort):
        in_care.rows["ssd_person"] = [person(born=born)]
        assert in_care.figure("PLC-02") == (cohort, cohort)

    @pytest.mark.parametrize(
        ("ended", "interviewed", "in_time"),
        [
            ("2026-08-01T10:00:00", "2026-08-04T10:00:00", 1),
            ("2026-08-01T10:00:00", "2026-08-04T10:00:01", 0),
            ("2025-10-24T12:00:00", "2025-10-27T11:00:00", 1),
            ("2025-10-24T12:00:00", "2025-10-27T11:30:00", 0),
            ("2026-03-27T12:00:00", "2026-03-30T13:00:00", 1),
        ],
    )
    def test_72_hours_are_real_hours(self, sample, ended, interviewed, in_time):
        sample.add(
            "ssd_missing", missing(ended[:8] + "01T00:00:00", ended), missing("2026-08-01T00:00:00", ended, "A", "A")
        )
        sample.add("return_interview", {"missing_id": "M1", "interviewed_at": interviewed})
        assert sample.figure("MIS-05", rolling_year(END)) == (in_time, 1)

    @pytest.mark.parametrize(("ended", "was_missing"), [("2025-10-01T01:00:00", 1), ("2025-09-30T23:00:00", 0)])
    def test_missing_at_some_time_in_the_last_year(self, in_care, ended, was_missing):
        in_care.add("ssd_missing", missing("2025-09-20T20:00:00", ended))
        assert in_care.figure("MIS-02") == (was_missing, 1)


class TestHealth:
    """HLT."""

    @pytest.mark.parametrize(("done", "in_time"), [("2026-09-01", 1), ("2026-09-02", 0), ("2026-08-02", 0)])
    def test_the_first_assessment_is_done_in_20_working_days_of_care(self, sample, done, in_time):
        sample.add("ssd_cla_episodes", episode("2026-08-03")).add("ssd_cla_health", check(done))
        assert sample.figure("HLT-01") == (in_time, 1)

    @pytest.mark.parametrize(("ceased", "cohort"), [("2026-08-31", 0), ("2026-09-01", 1)])
    def test_who_left_before_the_twentieth_working_day_is_not_asked(self, sample, ceased, cohort):
        """From a Monday the twentieth is a Tuesday, for the Monday before is a bank holiday."""
        sample.add("ssd_cla_episodes", episode("2026-08-03", ceased, clae_cla_episode_ceased_reason="E8"))
        assert sample.figure("HLT-01")[1] == cohort

    @pytest.mark.parametrize(("ceased", "cohort"), [("2026-08-27", 0), ("2026-08-28", 1), ("2026-08-31", 1)])
    def test_who_left_on_a_day_off_after_the_twentieth_working_day_is_asked(self, sample, ceased, cohort):
        """From a Saturday the twentieth is a Friday; the bank holiday after it changes nothing."""
        sample.add("ssd_cla_episodes", episode("2026-08-01", ceased, clae_cla_episode_ceased_reason="E8"))
        assert sample.figure("HLT-01")[1] == cohort

    def test_under_five_every_six_months_and_twice_a_year(self, in_care):
        in_care.add("ssd_cla_health", check("2026-03-30"))
        assert in_care.figure("HLT-02") == (1, 1)
        assert in_care.figure("HLT-03") == (1, 1)
        in_care.rows["ssd_person"] = [person(born="2021-10-01")]
        assert in_care.figure("HLT-02") == (1, 1)
        assert in_care.figure("HLT-03") == (0, 1)
        in_care.rows["ssd_cla_health"] = [check("2026-03-29")]
        assert in_care.figure("HLT-02") == (0, 1)

    @pytest.mark.parametrize(("start", "cohort"), [("2025-10-01", 1), ("2025-10-02", 0)])
    def test_yearly_checks_are_asked_after_a_year_in_care(self, sample, start, cohort):
        sample.add("ssd_cla_episodes", episode(start)).add("ssd_cla_health", check("2025-10-01", "Dental Check"))
        assert sample.figure("HLT-04") == (cohort, cohort)

    def test_the_latest_score_of_the_year_counts(self, in_care):
        scores = {"2025-09-30": 1, "2026-01-01": 20, "2026-05-01": 11, "2026-06-01": ""}
        names = ("csdq_table_id", "csdq_person_id", "csdq_sdq_completed_date", "csdq_sdq_score")
        in_care.add("ssd_sdq_scores", *(dict(zip(names, (on, "1", on, s), strict=True)) for on, s in scores.items()))
        assert in_care.figure("HLT-07") == (11, 1)


class TestLeavers:
    """CL, at the day of the extract alone."""

    def test_age_groups_and_who_is_left_out(self, sample):
        suitable = {"clea_care_leaver_accom_suitable": "Suitable", "clea_care_leaver_accommodation": "B"}
        rows = [
            leaver("1", "2007-09-30", clea_care_leaver_in_touch="YES", **suitable),
            leaver("2", "2007-10-01", clea_care_leaver_in_touch="NO", **suitable),
            leaver("3", "2004-10-01", clea_care_leaver_in_touch="NO", clea_care_leaver_accommodation="R"),
            leaver("4", "2004-09-30", clea_care_leaver_in_touch="YES", clea_pathway_plan_review_date="2026-03-30"),
            leaver("5", "2006-01-01", clea_care_leaver_in_touch="DIED", **suitable),
        ]
        sample.add("ssd_care_leavers", *(row for row, _ in rows)).add("ssd_person", *(who for _, who in rows))
        assert sample.figure("CL-02") == (1, 3)
        assert sample.figure("CL-04") == (1, 1)
        assert sample.figure("CL-04_17-18") == (1, 1)
        assert sample.figure("CL-05") == (0, 2)
        assert sample.figure("CL-10") == (1, 4)
        assert sample.figure("CL-02", "2026-08") == (0, 0)

    @pytest.mark.parametrize(("activity", "is_active"), [("F3", 1), ("P3", 1), ("F5", 1), ("G5", 0)])
    def test_training_or_employment_before_it_was_told_apart(self, sample, activity, is_active):
        row, who = leaver("1", "2005-01-01", clea_care_leaver_activity=activity)
        sample.add("ssd_care_leavers", row).add("ssd_person", who)
        assert sample.figure("CL-05") == (is_active, 1)


class TestWorkforce:
    """WF."""

    def test_posts(self, sample):
        sample.add("staff_post", post("1", "W1", fte="0.6"), post("2", "W2", "Y"), post("3", fte="0.5"))
        sample.add("staff_post", post("4", "W4", registered="N"), post("5", "W5", end="2026-09-30"))
        assert sample.figure("WF-01") == (0.6, None)
        assert sample.figure("WF-02") == (0.5, 1.1)
        assert sample.figure("WF-04") == (1.0, 1.6)

    def test_a_caseload_counts_children_for_each_full_time_worker(self, sample):
        names = ("prof_professional_id", "prof_social_worker_registration_no", "prof_full_time_equivalency")
        workers = [("W1", "SW1", "1.0"), ("W2", "SW2", "0.5"), ("W3", "", "1.0"), ("W4", "SW4", "1.0")]
        sample.add("ssd_professionals", *(dict(zip(names, row, strict=True)) for row in workers))
        sample.add("staff_post", post("1", "W1", fte="0.8"))
        held = [("W1", "1"), ("W1", "2"), ("W1", "2"), ("W2", "3"), ("W3", "4")]
        for number, (worker, child) in enumerate(held):
            sample.add("ssd_involvements", involvement("2026-01-01", worker=worker, child=child, number=f"I{number}"))
        assert sample.figure("WF-08") == (3, 1.3)
        assert sample.figure("WF-15") == (4, None)

    def test_a_case_without_a_worker_today(self, sample):
        sample.add("ssd_cin_episodes", referral("R1", "2026-07-01"), referral("R2", "2026-07-01", child="2"))
        sample.add(
            "ssd_involvements",
            involvement("2026-07-01"),
            involvement("2026-07-01", "2026-09-30", child="2", number="I2"),
        )
        assert sample.figure("WF-16") == (1, 2)


class TestQuality:
    """AUD, FB."""

    def test_grades_moderation_and_re_audits(self, sample):
        moderated = {"moderated_on": "2026-08-01"}
        sample.add(
            "audit",
            audit("1", "2026-01-10", overall_grade="poor"),
            audit("2", "2026-07-10", overall_grade="good", previous_audit_id="1", moderated_grade="good", **moderated),
            audit("3", "2026-07-10", overall_grade="poor", previous_audit_id="1", moderated_grade="good", **moderated),
            audit("4", "2026-07-10"),
            audit("5", "", overall_grade="good"),
            audit("6", "2026-06-10", overall_grade="good", previous_audit_id="1"),
            audit("7", "2026-07-10", overall_grade="good", previous_audit_id="6"),
        )
        assert sample.figure("AUD-01") == (4, None)
        assert sample.figure("AUD-02") == (2, 3)
        assert sample.figure("AUD-05") == (1, 2)
        assert sample.figure("AUD-06") == (2, 3)

    def test_an_action_is_in_time_on_its_day(self, sample):
        done = ["2026-07-10", "2026-07-11", "", "2026-12-01"]
        sample.add(
            "audit_action", *({"action_id": n, "due_on": "2026-07-10", "done_on": on} for n, on in enumerate(done))
        )
        assert sample.figure("AUD-03") == (1, 4)

    def test_what_is_done_beyond_the_expected_number_does_not_count(self, sample):
        expected = {"id": "e", "activity": "audit", "role": "manager", "number": 1, "every_months": 1}
        sample.council["expectations"] = [expected | {"per": "person", "scope": "own_team"}]
        sample.add("staff_post", post("1", "W1", role="manager"), post("2", "W2", role="manager", start="2026-09-01"))
        days = ["2026-07-01", "2026-07-31", "2026-09-30"]
        sample.add("audit", *(audit(on, on, auditor_id="W1") for on in days))
        sample.add("audit", audit("re-audit", "2026-08-01", auditor_id="W1", previous_audit_id="2026-07-01"))
        sample.add("audit", audit("elsewhere", "2026-09-01", auditor_id="W2", team_id="T-FD"))
        assert sample.figure("AUD-04") == (2, 4)

    def test_feedback(self, sample):
        rows = [("survey", "positive"), ("complaint", "negative"), ("focus_group", "")]
        names = ("source", "sentiment")
        sample.add("feedback", *(dict(zip(names, row, strict=True)) | {"received_on": "2026-07-01"} for row in rows))
        assert [sample.figure(f"FB-0{number}") for number in (1, 2, 3)] == [(3, None), (1, 2), (1, None)]

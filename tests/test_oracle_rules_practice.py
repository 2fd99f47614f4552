"""The independent computation at the edges of its rules: adoption, workforce, support, practice, returns. Made up."""

import pytest
from oracle_sample import Sample, episode, person, placement


@pytest.fixture
def sample(tmp_path) -> Sample:
    return Sample(tmp_path)


@pytest.fixture
def in_care(sample) -> Sample:
    """One child, aged 11, in care since 1 January 2024."""
    sample.add("ssd_person", person()).add("ssd_cla_placement", placement("2024-01-01"))
    return sample.add("ssd_cla_episodes", episode("2024-01-01"))


def way(number="P1", care="C1", **days):
    row = {"perm_table_id": number, "perm_person_id": "1", "perm_cla_id": care}
    names = {"decided": "adm_decision", "order": "placement_order", "placed": "placed_for_adoption"}
    return row | {f"perm_{names.get(name, name)}_date": day for name, day in days.items()}


def post(number, worker="", start="2025-01-01", end="", fte="1.0", **more):
    row = {"post_id": number, "professional_id": worker, "team_id": "T-A", "role": "social_worker", "fte": fte}
    row |= {"started_on": start, "ended_on": end, "is_agency": "N", "is_registered_social_worker": "Y"}
    return row | more


class TestAdoption:
    """ADO."""

    def adopted(self, sample, **days):
        last = episode("2025-06-01", "2026-08-31", clae_cla_episode_ceased_reason="E12")
        sample.add("ssd_person", person(born="2024-01-01")).add("ssd_cla_episodes", last)
        return sample.add("ssd_permanence", way(care=last["clae_cla_id"], **days))

    def test_times_of_an_adopted_child(self, sample):
        self.adopted(sample, decided="2025-07-01", matched="2025-12-28", placed="2026-01-31", order="2026-01-01")
        assert sample.figure("ADO-01") == (1, None)
        assert sample.figure("ADO-02b") == (1, 1)
        assert sample.figure("ADO-03") == (244, 1)
        assert sample.figure("ADO-05") == (180, 1)
        assert sample.figure("ADO-08") == (212, 1)
        assert sample.figure("ADO-11", "2025-Q4") == (0, 1)
        assert sample.figure("ADO-15", "2025-Q2") == (1, 1)

    def test_a_foster_carer_who_adopts_had_the_child_before(self, sample):
        self.adopted(sample, decided="2025-07-01", placed="2026-01-31", placed_foster_carer="2025-06-11")
        assert sample.figure("ADO-03") == (244, 1)
        sample.rows["ssd_permanence"][0]["perm_adopted_by_carer_flag"] = "Y"
        assert sample.figure("ADO-03") == (10, 1)
        assert sample.figure("ADO-07") == (244, 1)

    @pytest.mark.parametrize(
        ("decided", "period", "judged"), [("2026-03-31", "2025-26", 1), ("2026-04-01", "2026-Q1", 0)]
    )
    def test_a_decision_is_judged_when_six_months_are_over(self, in_care, decided, period, judged):
        in_care.add("ssd_permanence", way(decided=decided))
        assert in_care.figure("ADO-15", period) == (0, judged)

    def test_waiting_for_a_match(self, in_care):
        in_care.add("ssd_permanence", way(decided="2026-01-01", order="2026-09-30"))
        assert in_care.figure("ADO-14") == (1, None)
        in_care.rows["ssd_permanence"][0]["perm_decision_reversed_date"] = "2026-09-30"
        assert in_care.figure("ADO-14") == (0, None)
        assert in_care.figure("ADO-13") == (1, 1)


class TestWorkforce:
    """WF by spells, days lost and cover."""

    def test_a_move_is_no_leaving(self, sample):
        sample.add("staff_post", post("1", "W1", end="2026-06-01"), post("2", "W1", start="2026-07-02", fte="0.5"))
        assert sample.figure("WF-11", "2026-06") == (0, None)
        assert sample.figure("WF-03") == (0, 0.5)
        sample.rows["staff_post"][1]["started_on"] = "2026-07-03"
        assert sample.figure("WF-11", "2026-06") == (1, None)
        assert sample.figure("WF-03") == (1, 0.5)
        assert sample.figure("WF-10", "2026-07") == (0.5, None)

    def test_sickness_of_the_year_to_the_day(self, sample):
        names = ("absence_id", "worker_id", "reason", "started_on", "ended_on", "days_lost")
        rows = [("1", "W1", "sickness", "2025-09-29", "2025-10-02", "2"), ("2", "W1", "other", "2026-09-01", "", "5")]
        sample.add("staff_post", post("1", "W1", fte="0.5"))
        sample.add("staff_absence", *(dict(zip(names, row, strict=True)) for row in rows))
        assert sample.figure("WF-07") == (1, 126.5)

    def test_agency_workers_who_cover_vacancies(self, sample):
        agency = {"is_agency": "Y", "is_covering_vacancy": "Y"}
        sample.add("staff_post", post("1", "W1", fte="0.6", **agency), post("2", fte="0.5"))
        sample.add("staff_post", post("3", "W3", **agency | {"is_covering_vacancy": "N"}), post("4", "W4"))
        assert sample.figure("WF-05") == (0.6, 1.6)
        assert sample.figure("WF-06") == (0.6, 1.1)


class TestSupport:
    """HLT, PEP, LEG, PF."""

    def test_substances_in_the_year_to_the_day(self, in_care):
        row = {"clas_substance_misuse_id": "1", "clas_person_id": "1", "clas_intervention_received": "N"}
        in_care.add("ssd_cla_substance_misuse", row | {"clas_substance_misuse_date": "2025-09-30"})
        assert (in_care.figure("HLT-09"), in_care.figure("HLT-10")) == ((0, 1), (0, 0))
        in_care.add("ssd_cla_substance_misuse", row | {"clas_substance_misuse_date": "2025-10-01"})
        assert (in_care.figure("HLT-09"), in_care.figure("HLT-10")) == ((1, 1), (0, 1))

    @pytest.mark.parametrize(
        ("done", "met"), [("2026-03-31", 0), ("2026-04-01", 1), ("2026-08-31", 1), ("2026-09-01", 0)]
    )
    def test_a_plan_of_the_last_term(self, in_care, done, met):
        plan = {"pep_id": "1", "child_id": "1", "kind": "review", "completed_on": done}
        assert in_care.add("personal_education_plan", plan).figure("PEP-02") == (met, 1)

    @pytest.mark.parametrize(("ceased", "cohort"), [("2026-08-27", 0), ("2026-08-28", 1), ("2026-08-31", 1)])
    def test_the_first_plan_is_asked_of_who_did_not_leave_before_the_twentieth_working_day(
        self, sample, ceased, cohort
    ):
        """From a Saturday the twentieth is a Friday, before a bank holiday."""
        left = episode("2026-08-01", ceased, clae_cla_episode_ceased_reason="E8")
        assert sample.add("ssd_person", person()).add("ssd_cla_episodes", left).figure("PEP-01") == (0, cohort)

    def test_private_fostering_visits(self, sample):
        sample.add("private_fostering", {"arrangement_id": "A", "child_id": "1", "notified_on": "2026-07-01"})
        days = ("2026-07-10", "2026-08-21", "2026-10-03")
        visits = [{"visit_id": day, "arrangement_id": "A", "visited_on": day} for day in days]
        sample.add("private_fostering_visit", *visits)
        assert sample.figure("PF-01") == (1, None)
        assert sample.figure("PF-02") == (1, 1)
        assert sample.figure("PF-03") == (1, 1)
        sample.rows["private_fostering_visit"][1]["visited_on"] = "2026-08-22"
        assert sample.figure("PF-03") == (0, 1)

    def test_pre_proceedings(self, sample):
        row = {"prep_table_id": "1", "prep_person_id": "1", "prep_pre_pro_decision_date": "2026-07-01"}
        sample.add("ssd_pre_proceedings", row, row | {"prep_table_id": "2"})
        assert sample.figure("LEG-02") == (1, None)
        sample.rows["ssd_pre_proceedings"][0]["prep_agree_stepdown_issue_date"] = "2026-09-30"
        assert sample.figure("LEG-03") == (91, 1)


class TestPractice:
    """SUP, CHR, MOD."""

    @pytest.mark.parametrize(("held", "met"), [("2026-08-30", 1), ("2026-08-29", 0)])
    def test_supervised_within_the_councils_interval(self, sample, held, met):
        sample.council |= {"roles": [{"id": "social_worker", "holds_cases": True}]}
        sample.council |= {"clocks": sample.council["clocks"] | {"supervision_days": {"value": 31}}}
        session = {"supervision_id": "1", "worker_id": "W1", "kind": "personal", "due_on": held, "held_on": held}
        sample.add("supervision", session, session | {"supervision_id": "2", "kind": "case", "held_on": "2026-09-01"})
        assert sample.add("staff_post", post("1", "W1")).figure("SUP-02") == (met, 1)

    @pytest.mark.parametrize(("sent", "met"), [("2026-08-28", 1), ("2026-09-01", 0)])
    def test_minutes_by_working_days_over_a_bank_holiday(self, sample, sent, met):
        """Twenty working days from Friday 31 July: 31 August 2026 is a bank holiday, and Friday the 28th the last."""
        sample.council |= {"clocks": sample.council["clocks"] | {"cp_minutes_days": {"value": 20}}}
        row = {"report_id": "1", "child_id": "1", "meeting_kind": "initial_conference", "meeting_on": "2026-07-31"}
        assert sample.add("chair_report", row | {"minutes_sent_on": sent}).figure("CHR-02") == (met, 1)

    def test_only_grades_that_differ_are_settled(self, sample):
        row = {"audit_id": "A1", "moderated_on": "2026-09-01", "first_grade": "good"}
        sample.add("moderation", row | {"moderation_id": "1", "moderated_grade": "good"})
        sample.add("moderation", row | {"moderation_id": "2", "moderated_grade": "poor", "settled_on": "2026-10-01"})
        assert sample.figure("MOD-02") == (0, 1)


class TestReturns:
    """What a return alone holds; without its file there is no figure, not even nought."""

    def test_adopters_are_counted_by_family(self, sample):
        assert sample.figure("ADT-01") == (None, None)
        row = {"family_identifier": "F1", "date_enquiry_received": "01/01/2026", "date_stage_1_started": "31/12/2025"}
        rows = [row | {"individual_adopter_identifier": name} for name in ("1", "2")]
        sample.add("annex_a_list_11", rows[0], rows[1] | {"date_stage_1_ended": "28/02/2026"})
        assert sample.figure("ADT-01") == (1, None)
        assert sample.figure("ADT-02") == (1, 1)
        assert sample.figure("ADT-04") == (0, None)

    def test_development_checks_under_five_on_31_march(self, sample):
        sample.add("ssd_person", person("1", "2021-03-31"), person("2", "2021-04-01"))
        sample.add("ssda903_oc2", *({"CHILD": child, "HEALTH_CHECK": "1"} for child in "12"))
        assert sample.figure("HLT-06", "2025-26") == (1, 1)

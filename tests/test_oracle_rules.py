"""The independent computation at the edges of its rules, each on a folder made by hand. All people are made up."""

import json
from datetime import date, datetime, timedelta

import pytest
from oracle import parse, rolling_year
from oracle.calendar import add_months, add_working_days, age_in_years, elapsed, working_days
from oracle_sample import Sample, assessment, involvement, person, plan, plan_review, referral

END = date(2026, 9, 30)


@pytest.fixture
def sample(tmp_path) -> Sample:
    return Sample(tmp_path)


class TestDates:
    """Days as the rules count them."""

    @pytest.mark.parametrize(
        ("start", "end", "days"),
        [
            ((2026, 3, 2), (2026, 3, 2), 0),
            ((2026, 3, 6), (2026, 3, 9), 1),
            ((2026, 4, 2), (2026, 4, 7), 1),
            ((2026, 3, 2), (2026, 5, 7), 45),
            ((2026, 3, 2), (2026, 5, 8), 46),
            ((2022, 9, 16), (2022, 9, 20), 1),
            ((2023, 5, 5), (2023, 5, 9), 1),
        ],
    )
    def test_working_days_leave_out_weekends_and_bank_holidays(self, start, end, days):
        assert working_days(date(*start), date(*end)) == days

    def test_the_twentieth_working_day_passes_over_christmas(self):
        assert add_working_days(date(2025, 12, 15), 20) == date(2026, 1, 15)

    @pytest.mark.parametrize(
        ("day", "months", "moved"),
        [
            ((2025, 11, 30), 3, (2026, 2, 28)),
            ((2023, 11, 30), 3, (2024, 2, 29)),
            ((2024, 2, 29), -12, (2023, 2, 28)),
            ((2026, 8, 31), -6, (2026, 2, 28)),
            ((2025, 12, 31), 1, (2026, 1, 31)),
        ],
    )
    def test_months_end_on_the_last_day_that_the_month_has(self, day, months, moved):
        assert add_months(date(*day), months) == date(*moved)

    def test_a_leap_day_child_is_a_year_older_on_1_march(self):
        assert age_in_years(date(2020, 2, 29), date(2021, 2, 28)) == 0
        assert age_in_years(date(2020, 2, 29), date(2021, 3, 1)) == 1

    def test_the_night_the_clocks_go_back_is_an_hour_longer(self):
        assert elapsed(datetime(2025, 10, 25, 12), datetime(2025, 10, 26, 12)) == timedelta(hours=25)
        assert elapsed(datetime(2026, 3, 28, 12), datetime(2026, 3, 29, 12)) == timedelta(hours=23)

    def test_periods_by_label(self):
        assert parse("2026-Q2")[1:] == (date(2026, 7, 1), date(2026, 9, 30))
        assert parse("2025-Q4")[1:] == (date(2026, 1, 1), date(2026, 3, 31))
        assert parse("2025-26")[1:] == (date(2025, 4, 1), date(2026, 3, 31))
        assert parse("2026-02")[1:] == (date(2026, 2, 1), date(2026, 2, 28))
        assert parse("2026-W39")[1:] == (date(2026, 9, 21), date(2026, 9, 27))
        assert rolling_year(END)[1:] == (date(2025, 10, 1), END)


class TestExtracts:
    """Which rows count."""

    def test_faulty_rows_are_left_out_and_exact_duplicates_count_once(self, sample):
        sample.add("ssd_cin_episodes", *(referral(f"R{n}", "2026-07-01") for n in (1, 2, 3, 3)))
        fault = {"file": "ssd_cin_episodes.csv", "row_no": 3, "column": "cine_referral_date", "rule": "type"}
        repeat = {"file": "ssd_cin_episodes.csv", "row_no": 5, "column": None, "rule": "duplicate"}
        (sample.folder / "planted_faults.json").write_text(json.dumps([fault, repeat]))
        assert sample.figure("REF-01") == (2, None)

    def test_a_record_of_tomorrow_is_not_there_and_an_end_of_tomorrow_is_blank(self, sample):
        sample.add(
            "ssd_cin_episodes", referral("R1", "2026-10-01"), referral("R2", "2026-09-01", cine_close_date="2026-10-01")
        )
        assert sample.figure("REF-01", "2026-10") == (0, None)
        assert sample.figure("CIN-04", "2026-10") == (0, None)
        assert sample.figure("CIN-01") == (1, None)

    def test_an_event_counts_on_the_first_and_last_day_of_a_period(self, sample):
        days = ["2026-06-30", "2026-07-01", "2026-09-30"]
        sample.add("ssd_cin_episodes", *(referral(day, day) for day in days))
        assert sample.figure("REF-01") == (2, None)


class TestAttribution:
    """To whom a case belongs."""

    def test_a_record_with_its_own_team_belongs_to_it(self, sample):
        sample.add("ssd_cin_episodes", referral("R1", "2026-07-01", cine_referral_team="T-A"))
        sample.add("ssd_involvements", involvement("2026-01-01", team="T-FD"))
        assert sample.figure("REF-01", level="team", unit="T-A") == (1, None)

    def test_a_team_that_the_council_does_not_have_is_unallocated(self, sample):
        sample.add("ssd_cin_episodes", referral("R1", "2026-07-01", cine_referral_team="T-OLD"))
        assert sample.figure("REF-01", level="team", unit="unallocated") == (1, None)

    def test_the_latest_open_allocation_counts_and_one_that_ends_that_day_does_not(self, sample):
        sample.add("ssd_cp_plans", plan("2026-07-10"))
        sample.add(
            "ssd_involvements",
            involvement("2026-01-01", team="T-FD", number="I1"),
            involvement("2026-02-01", team="T-A", number="I2"),
            involvement("2026-03-01", "2026-07-10", team="S-1", number="I3"),
            involvement("2026-03-02", team="S-1", number="I4", role="IRO"),
        )
        assert sample.figure("CP-03", level="team", unit="T-A") == (1, None)

    def test_of_two_allocations_of_the_same_day_the_higher_id_counts(self, sample):
        sample.add("ssd_cp_plans", plan("2026-07-10"))
        sample.add(
            "ssd_involvements",
            involvement("2026-01-01", team="T-A", number="I2"),
            involvement("2026-01-01", team="T-FD", number="I1"),
        )
        assert sample.figure("CP-03", level="team", unit="T-A") == (1, None)


class TestFrontDoor:
    """CON, EH, REF."""

    def test_a_repeat_contact_needs_another_day_or_source(self, sample):
        contacts = [("C1", "1", "2026-07-01", "6"), ("C2", "1", "2026-07-01", "6"), ("C3", "2", "2026-07-01", "6")]
        contacts += [("C4", "2", "2026-07-01", "2A"), ("C5", "3", "2026-07-02", "6")]
        names = ("cont_contact_id", "cont_person_id", "cont_contact_date", "cont_contact_source_code")
        sample.add("ssd_contacts", *(dict(zip(names, row, strict=True)) for row in contacts))
        assert sample.figure("CON-01", level="team", unit="T-FD") == (5, None)
        assert sample.figure("CON-03") == (1, 3)

    def test_undecided_contacts_are_left_out_of_the_conversion(self, sample):
        outcomes = ['{"OUTCOME": "CIN Referral"}', '{"OUTCOME": "No Further Action"}', "", '{"OUTCOME": ""}']
        rows = [{"cont_contact_id": n, "cont_person_id": "1", "cont_contact_date": "2026-07-01"} for n in range(4)]
        sample.add(
            "ssd_contacts", *(row | {"cont_contact_outcome_json": o} for row, o in zip(rows, outcomes, strict=True))
        )
        assert sample.figure("CON-04") == (1, 2)

    @pytest.mark.parametrize(
        ("earlier", "is_repeat"),
        [("2025-07-10", 1), ("2025-07-09", 0), ("2026-07-09", 1), ("2026-07-10", 0)],
    )
    def test_a_re_referral_is_within_12_months_of_an_earlier_day(self, sample, earlier, is_repeat):
        sample.add("ssd_cin_episodes", referral("R1", earlier), referral("R2", "2026-07-10"))
        cases = sample.oracle("2026-07", END).explain("REF-03", "council", "example", parse("2026-07"))
        assert cases.filter(case_id="R2")["numerator"].to_list() == [is_repeat]

    @pytest.mark.parametrize(("decided", "in_time"), [("2026-07-10", 1), ("2026-07-13", 1), ("2026-07-14", 0)])
    def test_a_decision_after_the_weekend_is_within_one_working_day(self, sample, decided, in_time):
        sample.add("ssd_cin_episodes", referral("R1", "2026-07-10"), referral("R2", "2026-07-10"))
        sample.add("referral_decision", {"referral_id": "R1", "decided_on": decided})
        assert sample.figure("REF-07") == (in_time, 1)

    @pytest.mark.parametrize(("start", "figure"), [("2026-08-31", (1, 1)), ("2026-09-01", (0, 1))])
    def test_an_assessment_counts_that_starts_within_30_days(self, sample, start, figure):
        sample.add("ssd_cin_episodes", referral("R1", "2026-08-01"), referral("R2", "2026-08-31"))
        sample.add("ssd_cin_assessments", assessment("A1", start, ""))
        assert sample.figure("REF-08", "2026-Q2") == (figure[0], 2)
        assert sample.figure("REF-08", "2026-Q2", date(2026, 9, 29)) == figure

    def test_sources_that_count_as_police_school_and_health(self, sample):
        sources = ["6", "2A", "2B", "3F", "1A"]
        sample.add("ssd_cin_episodes", *(referral(s, "2026-07-01", cine_referral_source_code=s) for s in sources))
        assert [sample.figure(f"REF-06{kind}") for kind in "psh"] == [(1, 5), (2, 5), (1, 5)]


class TestAssessment:
    """ASM, S47."""

    @pytest.mark.parametrize(("authorised", "in_time"), [("2026-05-07", 1), ("2026-05-08", 0)])
    def test_day_45_is_in_time_and_day_46_is_not(self, sample, authorised, in_time):
        """45 working days from 2 March 2026 pass over Good Friday, Easter Monday and the May bank holiday."""
        sample.add("ssd_cin_episodes", referral("R1", "2026-03-02"))
        sample.add("ssd_cin_assessments", assessment("A1", "2026-03-05", authorised))
        assert sample.figure("ASM-03", "2026-Q1") == (in_time, 1)

    def test_only_the_first_assessment_has_its_clock_from_the_referral(self, sample):
        sample.add("ssd_cin_episodes", referral("R1", "2026-01-05"))
        sample.add(
            "ssd_cin_assessments",
            assessment("A1", "2026-01-06", "2026-07-01"),
            assessment("A2", "2026-06-01", "2026-07-01"),
            assessment("A3", "2026-06-01", "2026-07-01", referral_id=""),
        )
        assert sample.figure("ASM-03") == (2, 3)
        figures = sample.oracle("2026-Q2", END).compute({"detail": ["ASM-01"]})
        bands = figures.filter(indicator_id="ASM-01", breakdown="detail")
        assert dict(bands.select("category", "numerator").iter_rows()) == {"61+": 1, "21-30": 2}

    def test_an_assessment_is_open_until_the_day_it_is_authorised(self, sample):
        sample.add(
            "ssd_cin_assessments", assessment("A1", "2026-09-30", ""), assessment("A2", "2026-09-01", "2026-09-30")
        )
        assert sample.figure("ASM-02") == (1, None)

    def test_an_unborn_child_cannot_be_seen(self, sample):
        sample.add("ssd_person", person("1", ""), person("2", "2026-07-02"), person("3", "2026-07-01"))
        sample.add(
            "ssd_cin_assessments",
            *(assessment(f"A{n}", "2026-06-01", "2026-07-01", child=n, cina_assessment_child_seen="Y") for n in "123"),
        )
        assert sample.figure("ASM-06") == (1, 1)

    def test_the_median_of_an_even_number_lies_between(self, sample):
        ends = ["2026-07-02", "2026-07-03", "2026-07-09", "2026-07-31"]
        sample.add("ssd_cin_assessments", *(assessment(e, "2026-07-01", e, referral_id="") for e in ends))
        values = sample.oracle("2026-Q2", END).compute().filter(indicator_id="ASM-10", level="council")
        assert values["value"].to_list() == [4.0]

    @pytest.mark.parametrize(("held", "in_time"), [("2026-07-22", 1), ("2026-07-23", 0)])
    def test_a_conference_on_day_15_is_in_time(self, sample, held, in_time):
        sample.add(
            "ssd_s47_enquiry", {"s47e_s47_enquiry_id": "Q1", "s47e_person_id": "1", "s47e_s47_start_date": "2026-07-01"}
        )
        conference = {"icpc_person_id": "1", "icpc_icpc_date": held}
        sample.add(
            "ssd_initial_cp_conference",
            conference | {"icpc_icpc_id": "C1", "icpc_s47_enquiry_id": "Q1", "icpc_icpc_transfer_in": "N"},
            conference | {"icpc_icpc_id": "C2", "icpc_icpc_transfer_in": "Y", "icpc_referral_id": "R1"},
            conference | {"icpc_icpc_id": "C3", "icpc_icpc_transfer_in": "N"},
        )
        sample.add("ssd_cin_episodes", referral("R1", "2026-07-15"))
        assert sample.figure("S47-07") == (1 + in_time, 2)
        assert sample.figure("S47-07x") == (in_time, 1)
        assert sample.figure("S47-06")[0] == 3

    def test_an_enquiry_is_pending_after_15_working_days_without_a_conference(self, sample):
        starts = {"Q1": "2026-09-09", "Q2": "2026-09-08", "Q3": "2026-09-08"}
        sample.add(
            "ssd_s47_enquiry",
            *({"s47e_s47_enquiry_id": k, "s47e_person_id": k, "s47e_s47_start_date": v} for k, v in starts.items()),
        )
        sample.add(
            "ssd_initial_cp_conference",
            {"icpc_icpc_id": "C", "icpc_s47_enquiry_id": "Q3", "icpc_icpc_date": "2026-09-30"},
        )
        assert sample.figure("S47-10") == (1, None)
        assert sample.figure("S47-03") == (1, 2)


class TestNeedAndProtection:
    """CIN, CP."""

    def test_a_case_closed_as_not_in_need_was_never_an_episode_of_need(self, sample):
        closed = {"cine_close_date": "2026-08-01"}
        sample.add(
            "ssd_cin_episodes",
            referral("R1", "2026-07-01", cine_close_reason="RC8", **closed),
            referral("R2", "2026-07-01", cine_close_reason="RC7", **closed),
            referral("R3", "2026-07-01", cine_referral_nfa="Y"),
            referral("R4", "2026-07-01", cine_close_date="2026-09-30", cine_close_reason="RC1"),
        )
        assert sample.figure("CIN-03") == (2, None)
        assert sample.figure("CIN-04") == (2, None)
        assert sample.figure("CIN-01") == (0, None)
        assert sample.figure("CIN-01", "2026-07", END) == (3, None)
        assert sample.figure("REF-05") == (1, 4)

    @pytest.mark.parametrize(("start", "over_two_years"), [("2024-10-02", 0), ("2024-10-01", 1)])
    def test_two_years_on_a_plan_are_over_729_days(self, sample, start, over_two_years):
        sample.add("ssd_cp_plans", plan(start))
        assert sample.figure("CP-08") == (over_two_years, 1)
        sample.rows["ssd_cp_plans"] = [plan(start, "2026-09-30")]
        assert sample.figure("CP-09") == (over_two_years, 1)

    def test_a_second_plan_is_one_after_an_earlier_plan_ever(self, sample):
        sample.add(
            "ssd_cp_plans",
            plan("2010-01-01", "2011-01-01", "P1"),
            plan("2026-07-01", "", "P2"),
            plan("2026-07-01", "", "P3", child="2"),
            plan("2026-07-01", "", "P4", child="3", cppl_cp_plan_ola="Y"),
        )
        assert sample.figure("CP-06") == (1, 2)
        assert sample.figure("CP-01") == (2, None)

    @pytest.mark.parametrize(
        ("start", "held", "figure"),
        [
            ("2026-07-01", [], (0, 0)),
            ("2026-06-30", [], (1, 1)),
            ("2026-06-29", [], (0, 1)),
            ("2026-01-10", ["2026-04-10"], (1, 1)),
            ("2026-01-10", ["2026-04-11"], (0, 1)),
            ("2025-11-30", ["2026-02-28", "2026-08-28"], (1, 1)),
            ("2025-11-30", ["2026-02-28", "2026-08-29"], (0, 1)),
            ("2025-11-30", ["2026-02-28"], (0, 1)),
            ("2025-01-01", ["2025-09-30", "2026-03-30", "2026-09-30"], (1, 1)),
            ("2025-01-01", ["2025-10-01", "2026-04-01"], (0, 1)),
        ],
    )
    def test_every_review_of_the_last_year_and_the_next_one_are_in_time(self, sample, start, held, figure):
        sample.add("ssd_cp_plans", plan(start)).add("ssd_cp_reviews", *map(plan_review, held))
        assert sample.figure("CP-10") == figure

    @pytest.mark.parametrize(("visited", "in_time"), [("2026-09-16", 1), ("2026-09-15", 0)])
    def test_a_visit_14_days_ago_is_in_time(self, sample, visited, in_time):
        sample.add("ssd_person", person())
        sample.add("ssd_cp_plans", plan("2026-01-01"))
        visit = {"cppv_cp_plan_id": "P1", "cppv_cp_visit_seen": "Y", "cppv_cp_visit_seen_alone": "Y"}
        unseen = {"cppv_cp_visit_seen": "N", "cppv_cp_visit_seen_alone": "N"}
        sample.add(
            "ssd_cp_visits",
            visit | {"cppv_cp_visit_id": "V1", "cppv_cp_visit_date": visited},
            visit | unseen | {"cppv_cp_visit_id": "V2", "cppv_cp_visit_date": "2026-09-29"},
        )
        assert sample.figure("CP-12") == (in_time, 1)
        assert sample.figure("CP-13") == (0, 1)

    def test_a_new_plan_is_as_good_as_a_visit(self, sample):
        sample.add("ssd_cp_plans", plan("2026-09-16"), plan("2026-09-15", number="P2"))
        assert sample.figure("CP-12") == (1, 2)

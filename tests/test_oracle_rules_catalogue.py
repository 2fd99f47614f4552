"""The independent computation at the edges of bands, splits, plans, placements, legal limits. All are made up.

Worked by hand on their own: rare cases (emergency orders, short breaks, unregistered settings) that a made-up council
of a few hundred children need not have.
"""

from datetime import date

import pytest
from oracle import Oracle, parse
from oracle_sample import Sample, episode, legal, person, placement, plan, referral

MARCH = {"period": "2026-03", "as_at": date(2026, 6, 30)}


@pytest.fixture
def sample(tmp_path) -> Sample:
    return Sample(tmp_path)


def split(sample: Sample, indicator_id: str, period: str = "2026-Q2", as_at: date = date(2026, 9, 30)) -> dict:
    """Numerator and denominator of each detail at the council."""
    rows = sample.oracle(period, as_at).compute().filter(indicator_id=indicator_id, level="council")
    return {row["category"]: (row["numerator"], row["denominator"]) for row in rows.iter_rows(named=True)}


def fortnights(first: int, last: int) -> list[tuple[str, str]]:
    """Short breaks of 15 nights from the first of each month of 2025."""
    return [(f"2025-{month:02d}-01", f"2025-{month:02d}-16") for month in range(first, last + 1)]


class TestLength:
    """CIN-05, CIN-06, CIN-07, CP-07, CP-16."""

    @pytest.mark.parametrize(
        ("referred", "band"),
        [
            ("2026-04-01", "a"),
            ("2026-03-31", "b"),
            ("2026-03-30", "b"),
            ("2025-12-31", "c"),
            ("2025-07-01", "c"),
            ("2025-06-30", "d"),
            ("2024-07-01", "d"),
            ("2024-06-30", "e"),
        ],
    )
    def test_a_band_begins_on_the_day_that_completes_its_months(self, sample, referred, band):
        sample.add("ssd_cin_episodes", referral("R1", referred))
        found = {letter: sample.figure(f"CIN-05{letter}", "2026-06", date(2026, 6, 30)) for letter in "abcde"}
        assert found == {letter: (int(letter == band), 1) for letter in "abcde"}

    def test_ended_episodes_are_timed_to_their_closure(self, sample):
        closed = {"cine_close_reason": "RC7"}
        sample.add("ssd_cin_episodes", referral("R1", "2025-11-30", cine_close_date="2026-02-27", **closed))
        sample.add("ssd_cin_episodes", referral("R2", "2025-11-30", cine_close_date="2026-02-28", **closed))
        assert sample.figure("CIN-06a", "2026-02", date(2026, 6, 30)) == (1, 2)
        assert sample.figure("CIN-06b", "2026-02", date(2026, 6, 30)) == (1, 2)

    def test_open_at_the_end_and_ended_in_the_period_are_open_in_it(self, sample):
        sample.add("ssd_cin_episodes", referral("R1", "2025-01-01"), referral("R2", "2026-04-01"))
        sample.add("ssd_cin_episodes", referral("R3", "2025-01-01", cine_close_date="2026-03-01"))
        sample.add("ssd_cin_episodes", referral("R4", "2025-01-01", cine_close_date="2026-02-28"))
        assert sample.figure("CIN-07", **MARCH) == (2, None)

    @pytest.mark.parametrize(
        ("start", "band"),
        [
            ("2026-03-30", "a"),
            ("2026-03-29", "b"),
            ("2025-12-30", "b"),
            ("2025-12-29", "c"),
            ("2025-07-01", "c"),
            ("2025-06-30", "d"),
            ("2024-07-02", "d"),
            ("2024-07-01", None),
        ],
    )
    def test_a_plan_is_in_the_first_band_on_the_day_that_completes_it(self, sample, start, band):
        sample.add("ssd_cp_plans", plan(start))
        found = {letter: sample.figure(f"CP-07{letter}", "2026-06", date(2026, 6, 30)) for letter in "abcd"}
        assert found == {letter: (int(letter == band), 1) for letter in "abcd"}

    def test_three_months_of_a_plan_end_with_february(self, sample):
        sample.add("ssd_cp_plans", plan("2025-11-30", "2026-02-28"), plan("2025-11-30", "2026-02-28", "P2", child="2"))
        sample.add("ssd_cp_plans", plan("2025-11-29", "2026-03-01", "P3", child="3"))
        assert sample.figure("CP-16", "2026-02", date(2026, 6, 30)) == (2, 2)
        assert sample.figure("CP-16", **MARCH) == (0, 1)


class TestSplits:
    """Each detail over its whole; a unit's part of the council's."""

    def test_what_is_not_recorded_stays_in_the_whole(self, sample):
        sources = ["6", "6", "2A", ""]
        sample.add(
            "ssd_cin_episodes",
            *(referral(f"R{n}", "2026-08-01", cine_referral_source_code=code) for n, code in enumerate(sources)),
        )
        assert split(sample, "REF-06") == {"6": (2, 4), "2A": (1, 4)}

    def test_a_child_who_left_care_twice_counts_under_each_reason(self, sample):
        sample.add("ssd_cla_episodes", episode("2026-04-10", "2026-07-10", clae_cla_episode_ceased_reason="E4A"))
        sample.add("ssd_cla_episodes", episode("2026-08-10", "2026-09-10", "E2", clae_cla_episode_ceased_reason="E8"))
        assert split(sample, "CLA-09") == {"E4A": (1, 1), "E8": (1, 1)}

    def test_the_highest_status_of_a_child_counts(self, sample):
        for number, child in enumerate("abcd"):
            sample.add("ssd_cin_episodes", referral(f"R{number}", "2026-01-01", child=child))
        sample.add("ssd_cla_episodes", episode("2026-08-01", child="a"))
        sample.add("ssd_cp_plans", plan("2026-08-01", child="a"), plan("2026-08-01", number="P2", child="b"))
        sample.add("ssd_cp_plans", plan("2026-08-01", number="P3", child="c", cppl_cp_plan_ola="Y"))
        sample.add(
            "ssd_cin_plans",
            {"cinp_cin_plan_id": "N1", "cinp_person_id": "c"} | {"cinp_cin_plan_start_date": "2026-08-01"},
        )
        one = (1, 4)
        assert split(sample, "CIN-12") == {
            "looked after": one,
            "protection plan": one,
            "plan of need": one,
            "none of these": one,
        }

    def test_a_team_has_its_part_of_the_councils_referrals(self, sample):
        for number, team in enumerate(("T-A", "T-A", "T-FD", "T-GONE")):
            sample.add("ssd_cin_episodes", referral(f"R{number}", "2026-08-01", cine_referral_team=team))
        assert sample.figure("REF-09", level="team", unit="T-A") == (2, 4)
        assert sample.figure("REF-09", level="team", unit="unallocated") == (1, 4)
        assert sample.figure("REF-09") == (4, 4)


class TestLegalLimits:
    """CP-18, LEG-04, PLC-15."""

    @pytest.mark.parametrize(
        ("status", "start", "end", "count"),
        [
            ("L1", "2026-03-01", "2026-03-04", 0),
            ("L1", "2026-03-01", "2026-03-05", 1),
            ("L2", "2026-03-01", "2026-03-22", 0),
            ("L2", "2026-03-01", "2026-03-23", 1),
            ("L3", "2026-03-01", "2026-03-08", 0),
            ("L3", "2026-03-01", "", 1),
            ("V2", "2026-03-01", "", 0),
        ],
    )
    def test_an_order_is_beyond_its_limit_the_day_after(self, sample, status, start, end, count):
        sample.add("ssd_legal_status", legal(status, start, end))
        assert sample.figure("LEG-04", **MARCH) == (count, None)

    @pytest.mark.parametrize(
        ("breaks", "count"),
        [
            ([("2026-01-01", "2026-01-18")], 0),
            ([("2026-01-01", "2026-01-19")], 1),
            ([("2026-03-14", "")], 0),
            ([("2026-03-13", "")], 1),
            (fortnights(5, 9), 0),
            ([*fortnights(5, 9), ("2026-01-01", "2026-01-02")], 1),
            (fortnights(1, 7), 0),
        ],
    )
    def test_short_breaks_have_two_limits(self, sample, breaks, count):
        sample.add("ssd_legal_status", *(legal("V3", *span) for span in breaks))
        assert sample.figure("PLC-15", **MARCH) == (count, None)

    @pytest.mark.parametrize(
        ("start", "end", "count"),
        [
            ("2025-09-01", "2025-09-30", 0),
            ("2025-09-01", "2025-10-01", 1),
            ("2026-03-31", "", 1),
            ("2026-04-01", "", 0),
        ],
    )
    def test_emergency_protection_in_the_six_months_to_the_day(self, sample, start, end, count):
        sample.add("ssd_cp_plans", plan("2025-01-01"), plan("2025-02-01", number="P2"))
        sample.add("ssd_legal_status", legal("L2", start, end))
        assert sample.figure("CP-18", **MARCH) == (count, None)


class TestPlacements:
    """PLC-03, PLC-04, PLC-10, PLC-12, PLC-16."""

    @pytest.mark.parametrize(
        ("miles", "location", "ceased", "figure"),
        [
            ("20.1", "b) Out", "", (1, 1)),
            ("20", "b) Out", "", (0, 1)),
            ("40", "a) In", "", (0, 1)),
            ("", "b) Out", "", (0, 1)),
            ("40", "", "", (0, 0)),
            ("40", "b) Out", "30/09/2026", (0, 0)),
            ("40", "b) Out", "01/10/2026", (1, 1)),
        ],
    )
    def test_over_20_miles_and_outside_the_council(self, sample, miles, location, ceased, figure):
        sample.add("ssd_cla_episodes", episode("2026-01-01"))
        sample.add("ssd_cla_placement", placement("2026-01-01") | {"clap_cla_placement_distance": miles})
        row = {"child_unique_id": "1", "placement_location": location, "date_ceased_to_be_looked_after": ceased}
        sample.add("annex_a_list_8", row)
        assert sample.figure("PLC-04") == figure

    @pytest.mark.parametrize(
        ("kind", "urn", "born", "count"),
        [
            ("K2", "", "2010-04-01", 1),
            ("K2", "XXXXXXX", "2010-04-01", 1),
            ("K2", "", "2010-03-31", 0),
            ("K2", "SC1", "2015-01-01", 0),
            ("U6", "", "2015-01-01", 0),
            ("K2", "", "", 0),
            ("Z11", "", "2010-04-01", 1),
        ],
    )
    def test_a_setting_without_a_number_for_a_child_under_16(self, sample, kind, urn, born, count):
        sample.add("ssd_person", person(born=born))
        sample.add("ssd_cla_episodes", episode("2026-01-01"))
        sample.add("ssd_cla_placement", placement("2026-01-01", kind=kind) | {"clap_cla_placement_urn": urn})
        assert sample.figure("PLC-16", **MARCH) == (count, None)

    @pytest.mark.parametrize("kind", ["Z1", "Z11", "Z12", "Z13", "Z14"])
    def test_other_placements_have_their_codes_of_each_year(self, sample, kind):
        sample.add("ssd_cla_episodes", episode("2026-01-01"))
        sample.add("ssd_cla_placement", placement("2026-01-01", kind=kind))
        assert sample.figure("PLC-10", **MARCH) == (1, 1)

    def test_adoptive_placements_are_in_no_group_of_others(self, sample):
        sample.add(
            "ssd_cla_episodes",
            episode("2026-01-01"),
            episode("2026-01-01", number="E2", child="2", care="L2", placement="PL2"),
        )
        sample.add(
            "ssd_cla_placement",
            placement("2026-01-01", kind="A3"),
            placement("2026-01-01", number="PL2", child="2", kind="Z1"),
        )
        assert sample.figure("PLC-10", **MARCH) == (1, 2)

    def test_the_last_placement_of_a_period_is_no_change(self, sample):
        care = {"clap_cla_id": "L1", "clap_cla_placement_change_reason": "PLANP"}
        sample.add("ssd_cla_placement", placement("2026-07-01", "2026-08-01") | care)
        sample.add("ssd_cla_placement", placement("2026-08-01", "2026-09-01", "PL2") | care)
        sample.add("ssd_cla_placement", placement("2026-09-15", "", "PL3") | care | {"clap_cla_id": "L2"})
        assert split(sample, "PLC-12") == {"PLANP": (1, 1)}

    def test_two_years_of_placements(self, sample):
        sample.add("ssd_cla_episodes", episode("2024-03-31", placement="PL3"))
        sample.add(
            "ssd_cla_placement", placement("2024-01-01", "2024-03-31"), placement("2024-03-31", "2025-01-01", "PL2")
        )
        sample.add("ssd_cla_placement", placement("2025-01-01", "", "PL3"))
        assert sample.figure("PLC-03", **MARCH) == (0, 1)
        sample.add("ssd_cla_placement", placement("2024-02-01", "2024-04-01", "PL4"))
        assert sample.figure("PLC-03", **MARCH) == (1, 1)


class TestMeetingsAndPlans:
    """CP-14, CP-17, CLA-13, CLA-19, CLA-20, CLA-21."""

    @pytest.mark.parametrize(("held", "in_time"), [("2026-04-14", 1), ("2026-04-15", 0), ("2026-03-26", 0), ("", 0)])
    def test_the_first_core_group_by_the_councils_number(self, sample, held, in_time):
        sample.council["clocks"] = sample.council["clocks"] | {"core_group_working_days": {"value": 10}}
        sample.add("ssd_cp_plans", plan("2026-03-27"), plan("2026-03-27", "2026-04-14", "P2", child="2"))
        sample.add("core_group", {"core_group_id": "G1", "cp_plan_id": "P1", "held_on": held})
        assert sample.figure("CP-14", **MARCH) == (in_time, 1)

    def test_a_child_under_four_is_not_asked(self, sample):
        sample.add("ssd_person", person(born="2022-03-15"))
        sample.add("ssd_cp_plans", plan("2026-01-01"))
        codes = [("2026-03-14", "PN1"), ("2026-03-15", "PN6"), ("2026-03-16", "PN7"), ("2026-03-17", "PN0")]
        for on, code in codes:
            review = {"cppr_cp_review_id": on, "cppr_cp_plan_id": "P1", "cppr_cp_review_date": on}
            sample.add("ssd_cp_reviews", review | {"cppr_cp_review_participation": code})
        assert sample.figure("CP-17", **MARCH) == (1, 2)

    @pytest.mark.parametrize(("ended", "second"), [("2025-03-31", 1), ("2025-03-30", 0), ("2026-03-31", 1)])
    def test_a_second_period_begins_within_12_months(self, sample, ended, second):
        sample.add("ssd_cla_episodes", episode("2024-01-01", ended, clae_cla_episode_ceased_reason="E4A"))
        sample.add("ssd_cla_episodes", episode("2026-03-31", number="E2", care="L2"))
        assert sample.figure("CLA-13", **MARCH) == (second, 1)

    @pytest.mark.parametrize(("text", "has_plan"), [('{"PLAN": "Adoption"}', 1), ('{"PLAN": ""}', 0), ("", 0)])
    def test_a_plan_that_names_its_aim_after_four_months(self, sample, text, has_plan):
        sample.add("ssd_cla_episodes", episode("2025-10-30"), episode("2025-11-01", number="E2", child="2", care="L2"))
        row = {"lacp_table_id": "A1", "lacp_person_id": "1", "lacp_cla_care_plan_start_date": "2026-01-01"}
        sample.add("ssd_cla_care_plan", row | {"lacp_cla_care_plan_json": text})
        february = {"period": "2026-02", "as_at": date(2026, 2, 28)}
        assert sample.figure("CLA-19", **february) == (has_plan, 1)
        assert sample.figure("CLA-21", **february) == (121 + 119, 2)

    @pytest.mark.parametrize(("contact", "met"), [("2026-02-02", 1), ("2026-02-01", 0), ("2026-07-01", 0), ("", 0)])
    def test_contact_after_the_last_review(self, sample, contact, met):
        sample.add("ssd_cla_episodes", episode("2026-01-01", clae_cla_last_iro_contact_date=contact))
        review = {"clar_cla_review_id": "V1", "clar_cla_id": "L1", "clar_cla_person_id": "1"}
        sample.add("ssd_cla_reviews", review | {"clar_cla_review_date": "2026-02-01"})
        assert sample.figure("CLA-20", "2026-06", date(2026, 6, 30)) == (met, 1)


class TestRepeats:
    """EH-03, MIS-06, REF-03c, S47-04."""

    @pytest.mark.parametrize(("third", "repeated"), [("2026-03-31T01:00:00", 1), ("2026-04-01T01:00:00", 0)])
    def test_the_third_episode_begun_in_90_days(self, sample, third, repeated):
        for number, start in enumerate(("2026-01-01T23:00:00", "2026-03-01T10:00:00", third)):
            row = {"miss_table_id": f"M{number}", "miss_person_id": "1", "miss_missing_episode_type": "M"}
            sample.add("ssd_missing", row | {"miss_missing_episode_start_date": start})
        sample.add(
            "ssd_missing",
            {"miss_table_id": "M9", "miss_person_id": "2", "miss_missing_episode_type": "M"}
            | {"miss_missing_episode_start_date": "2026-03-31T02:00:00"},
        )
        values = Oracle(
            sample.write(), sample.folder / "council.yml", date(2026, 6, 30), [parse("2025-26"), parse("2026-04")]
        ).compute()
        rows = values.filter(indicator_id="MIS-06", level="council")
        assert rows["numerator"].sum() == repeated

    def test_children_not_referrals(self, sample):
        sample.add("ssd_cin_episodes", *(referral(f"R{n}", f"2026-0{n}-01") for n in (7, 8, 9)))
        sample.add("ssd_cin_episodes", referral("R1", "2026-08-01", child="2"))
        assert sample.figure("REF-03") == (2, 4)
        assert sample.figure("REF-03c") == (1, 2)

    def test_helped_and_referred_in_the_same_six_months(self, sample):
        def helped(number, child, start, end=""):
            row = {"earl_episode_id": number, "earl_person_id": child, "earl_episode_start_date": start}
            return row | {"earl_episode_end_date": end}

        sample.add("ssd_early_help_episodes", helped("H1", "1", "2025-01-01", "2026-02-28"))
        sample.add(
            "ssd_early_help_episodes", helped("H2", "2", "2025-01-01", "2026-03-01"), helped("H3", "2", "2026-08-01")
        )
        sample.add("ssd_early_help_episodes", helped("H4", "3", "2026-05-01"))
        sample.add("ssd_cin_episodes", referral("R1", "2026-03-01", child="2"), referral("R2", "2026-02-28", child="3"))
        assert sample.figure("EH-03", "2026-08", date(2026, 8, 31)) == (1, 2)

    @pytest.mark.parametrize(
        ("flag", "held", "figure"),
        [
            ("Y", "", (1, 1)),
            ("Y", "2026-03-20", (0, 1)),
            ("N", "", (0, 0)),
            ("", "", (0, 0)),
            ("", "2026-03-20", (0, 1)),
        ],
    )
    def test_a_conference_that_was_held_was_not_unnecessary(self, sample, flag, held, figure):
        row = {"s47e_s47_enquiry_id": "E1", "s47e_person_id": "1", "s47e_s47_start_date": "2026-03-01"}
        sample.add("ssd_s47_enquiry", row | {"s47e_s47_end_date": "2026-03-10", "s47e_s47_nfa": flag})
        sample.add(
            "ssd_initial_cp_conference",
            {"icpc_icpc_id": "C1", "icpc_s47_enquiry_id": "E1", "icpc_person_id": "1", "icpc_icpc_date": held},
        )
        assert sample.figure("S47-04", **MARCH) == figure

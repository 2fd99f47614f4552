"""The independent computation of what is pending, at its edges. All people are made up."""

from datetime import date

import pytest
from oracle import rolling_year
from oracle_sample import Sample, referral

END = date(2026, 9, 30)
YEAR = rolling_year(END)


@pytest.fixture
def sample(tmp_path) -> Sample:
    return Sample(tmp_path)


def enquiry(number, start, end="", flag="", of="R1", child="1"):
    row = {"s47e_s47_enquiry_id": number, "s47e_referral_id": of, "s47e_person_id": child, "s47e_s47_nfa": flag}
    return row | {"s47e_s47_start_date": start, "s47e_s47_end_date": end}


def conference(on, names="", of="", child="1", transfer="N"):
    row = {"icpc_icpc_id": f"{on}/{names}", "icpc_icpc_date": on, "icpc_s47_enquiry_id": names}
    return row | {"icpc_referral_id": of, "icpc_person_id": child, "icpc_icpc_transfer_in": transfer}


class TestEnquiries:
    """S47-03, S47-04, S47-10."""

    @pytest.mark.parametrize(("flag", "pending"), [("N", 1), ("", 1), ("Y", 0)])
    def test_one_ended_without_the_answer_is_pending(self, sample, flag, pending):
        sample.add("ssd_s47_enquiry", enquiry("E1", "2026-07-01", "2026-07-10", flag))
        sample.add("ssd_cin_episodes", referral("R1", "2026-06-20"))
        assert sample.figure("S47-10") == (pending, None)
        assert sample.figure("S47-04", YEAR) == (1 - pending, 1 - pending)

    @pytest.mark.parametrize(
        ("end", "closed", "pending"),
        [
            ("2026-07-10", "2026-09-30", 0),
            ("2026-07-10", "2026-10-01", 1),
            ("2026-09-30", "2026-07-10", 0),
            ("", "2026-07-10", 1),
        ],
    )
    def test_it_is_pending_until_it_has_ended_and_its_referral_is_closed(self, sample, end, closed, pending):
        sample.add("ssd_s47_enquiry", enquiry("E1", "2026-07-01", end, "N"))
        sample.add("ssd_cin_episodes", referral("R1", "2026-06-20") | {"cine_close_date": closed})
        assert sample.figure("S47-10") == (pending, None)

    @pytest.mark.parametrize(
        ("first", "held", "answered"),
        [
            (enquiry("E1", "2026-05-05", "2026-05-11", "N"), conference("2026-05-29", "E2"), 2),
            (enquiry("E1", "2026-05-05", "2026-05-11"), conference("2026-05-29", of="R1"), 2),
            (enquiry("E1", "2026-05-29"), conference("2026-05-29", "E2"), 2),
            (enquiry("E1", "2026-05-30"), conference("2026-05-29", "E2"), 1),
            (enquiry("E1", "2026-05-05", "2026-05-11", "Y"), conference("2026-05-29", "E2"), 1),
            (enquiry("E1", "2026-05-05", of="R2"), conference("2026-05-29", "E2"), 1),
            (enquiry("E1", "2026-05-05", child="2"), conference("2026-05-29", "E2"), 1),
            (enquiry("E1", "2026-05-05"), conference("2026-05-29", of="R1", transfer="Y"), 0),
        ],
    )
    def test_one_conference_answers_the_enquiries_of_its_referral(self, sample, first, held, answered):
        sample.add("ssd_s47_enquiry", first, enquiry("E2", "2026-05-12", "2026-05-20", "N"))
        sample.add("ssd_initial_cp_conference", held)
        assert sample.figure("S47-03", YEAR) == (answered, 2)


class TestInterviews:
    """MIS-05."""

    @pytest.mark.parametrize(
        ("ended", "interviewed", "figure"),
        [
            ("2026-05-04T20:00:00", "2026-05-02T10:00:00", (0, 1)),
            ("2026-05-04T20:00:00", "2026-05-04T20:00:00", (1, 1)),
            ("2026-09-27T23:59:00", "", (0, 1)),
            ("2026-09-28T00:00:00", "", (0, 0)),
            ("2026-09-30T10:00:00", "2026-09-30T20:00:00", (1, 1)),
        ],
    )
    def test_after_the_return_and_once_the_hours_are_over(self, sample, ended, interviewed, figure):
        row = {"miss_table_id": "M1", "miss_person_id": "1", "miss_missing_episode_type": "M"}
        started = {"miss_missing_episode_start_date": "2026-05-01T08:00:00", "miss_missing_episode_end_date": ended}
        sample.add("ssd_missing", row | started)
        sample.add("return_interview", {"missing_id": "M1", "interviewed_at": interviewed})
        assert sample.figure("MIS-05", YEAR) == figure


@pytest.mark.parametrize(("covers", "rate"), [("Y", (1.1, 1.7)), ("N", (0.5, 1.1)), ("", (0.5, 1.1))])
def test_a_vacancy_that_an_agency_worker_covers_is_a_vacancy(sample, covers, rate):
    post = {"team_id": "T-A", "role": "social_worker", "started_on": "2025-01-01", "is_registered_social_worker": "Y"}
    sample.add(
        "staff_post",
        post | {"post_id": "1", "professional_id": "W1", "fte": "0.6", "is_agency": "N"},
        post | {"post_id": "2", "professional_id": "W2", "fte": "0.6", "is_agency": "Y", "is_covering_vacancy": covers},
        post | {"post_id": "3", "fte": "0.5"},
    )
    assert sample.figure("WF-02") == pytest.approx(rate)

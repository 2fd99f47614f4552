"""The independent computation from observations to values. All people are made up."""

from datetime import date

import pytest
from oracle import parse, rolling_year
from oracle_sample import Sample, referral

END = date(2026, 9, 30)


@pytest.fixture
def sample(tmp_path) -> Sample:
    return Sample(tmp_path)


class TestValues:
    """From observations to values."""

    def test_rates_take_the_latest_population_published_before_and_are_annualised(self, sample):
        sample.add("ssd_cin_episodes", referral("R1", "2026-09-22"))
        frames = {label: sample.oracle(label, END).compute() for label in ("2026-09", "2026-Q2")}
        rates = {label: frame.filter(indicator_id="REF-02")["value"].item() for label, frame in frames.items()}
        assert rates["2026-09"] == pytest.approx(10_000 / 93_851 * 365 / 30)
        assert rates["2026-Q2"] == pytest.approx(10_000 / 93_851 * 365 / 92)
        yearly = sample.oracle(rolling_year(END), END).compute().filter(indicator_id="REF-02")["value"].item()
        assert yearly == pytest.approx(10_000 / 93_851)
        at_day = sample.oracle("2026-09", END).compute().filter(indicator_id="CIN-02")["value"].item()
        assert at_day == pytest.approx(10_000 / 93_851)

    def test_rates_of_a_running_period_are_annualised_by_the_days_that_have_passed(self, sample):
        """Half a year's referrals are no whole year's; on its last day a period is like any that has ended."""
        sample.add("ssd_cin_episodes", referral("R1", "2026-09-02"))
        for label, as_at, factor in (
            ("2026-27", date(2026, 9, 30), 365 / 183),
            ("2026-09", date(2026, 9, 3), 365 / 3),
            ("2026-Q2", date(2026, 9, 29), 365 / 91),
            ("2026-Q2", date(2026, 9, 30), 365 / 92),
        ):
            found = sample.oracle(label, as_at).compute().filter(indicator_id="REF-02")["value"].item()
            assert found == pytest.approx(10_000 / 93_851 * factor), (label, as_at)

    def test_a_percentage_of_nothing_has_no_value(self, sample):
        values = sample.oracle("2026-09", END).compute().filter(indicator_id="REF-04", level="council")
        assert values.select("numerator", "denominator", "value").row(0) == (0, 0, None)

    def test_a_figure_opens_into_its_cases(self, sample):
        sample.add(
            "ssd_cin_episodes", referral("R1", "2026-07-01", cine_referral_team="T-A"), referral("R2", "2026-07-01")
        )
        oracle = sample.oracle("2026-Q2", END)
        assert oracle.explain("REF-01", "team", "T-A", parse("2026-Q2"))["case_id"].to_list() == ["R1"]

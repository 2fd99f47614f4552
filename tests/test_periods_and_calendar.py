"""Periods and working days at their edges."""

from datetime import date

import pytest

from sightline.calendar import add_working_days, bank_holidays, is_working_day, working_days
from sightline.periods import Period


@pytest.mark.parametrize(
    ("label", "start", "end"),
    [
        ("2026-W39", date(2026, 9, 21), date(2026, 9, 27)),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 3)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-Q2", date(2026, 7, 1), date(2026, 9, 30)),
        ("2026-Q4", date(2027, 1, 1), date(2027, 3, 31)),
        ("2025-26", date(2025, 4, 1), date(2026, 3, 31)),
        ("2099-00", date(2099, 4, 1), date(2100, 3, 31)),
    ],
)
def test_a_period_is_what_its_label_says(label, start, end):
    period = Period.parse(label)
    assert (period.start, period.end, period.label) == (start, end, label)
    assert Period.containing(start, period.kind) == Period.containing(end, period.kind) == period


@pytest.mark.parametrize("text", ["2026", "2026-13", "2026-Q5", "2026-W60", "26-09", "2025-27", ""])
def test_what_is_no_period_is_refused(text):
    with pytest.raises(ValueError):
        Period.parse(text)


def test_a_period_that_ends_on_the_as_at_date_is_complete():
    assert Period.latest_complete(date(2026, 9, 30), "quarter").label == "2026-Q2"
    assert Period.latest_complete(date(2026, 9, 29), "quarter").label == "2026-Q1"
    assert Period.latest_complete(date(2026, 9, 30), "week").label == "2026-W39"
    assert Period.latest_complete(date(2026, 3, 31), "year").label == "2025-26"


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2026, 9, 1), date(2026, 9, 1), 0),
        (date(2026, 9, 4), date(2026, 9, 7), 1),  # Friday to Monday
        (date(2026, 4, 2), date(2026, 4, 7), 1),  # the Thursday before Good Friday to the Tuesday after Easter
        (date(2026, 9, 5), date(2026, 9, 7), 1),  # from a Saturday
        (date(2025, 12, 24), date(2025, 12, 29), 1),  # over Christmas
        (date(2026, 9, 7), date(2026, 9, 4), -1),
    ],
)
def test_working_days_are_counted_after_the_start(start, end, days):
    assert working_days(start, end) == days


def test_the_limit_reaches_to_the_last_day_on_which_it_is_met():
    assert add_working_days(date(2026, 3, 2), 20) == date(2026, 3, 30)
    # Twenty working days from 12 March 2026 pass Good Friday and Easter Monday.
    assert add_working_days(date(2026, 3, 12), 20) == date(2026, 4, 13)
    # One working day from a Friday: Monday is the last day.
    assert add_working_days(date(2026, 9, 4), 1) == date(2026, 9, 7)


def test_one_off_bank_holidays_are_known():
    assert not is_working_day(date(2022, 9, 19))
    assert not is_working_day(date(2023, 5, 8))
    assert is_working_day(date(2023, 5, 9))


def test_the_warehouse_has_the_same_bank_holidays():
    import csv

    from sightline.settings import ROOT

    with (ROOT / "dbt_project" / "seeds" / "bank_holidays.csv").open() as handle:
        seeded = {date.fromisoformat(row["holiday_on"]) for row in csv.DictReader(handle)}
    assert seeded == set(bank_holidays())

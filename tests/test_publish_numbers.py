"""Figures as text: rounded half up, separated, dated in words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from publish import numbers
from publish.blocks_lists import _when


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [(0.5, 0, "1"), (2.5, 0, "3"), (-2.5, 0, "−3"), (1234567.05, 1, "1,234,567.1"), (Decimal("0.25"), 1, "0.3"),
     (-0.04, 1, "0.0"), (None, 1, "–")],
)  # fmt: skip
def test_numbers_round_half_up(value, places, text):
    assert numbers.number(value, places) == text


def test_percentages_have_one_decimal():
    assert numbers.percent(Decimal("82.25")) == "82.3%"


def test_differences_have_their_sign():
    assert [numbers.signed(x, 1) for x in (0.04, 2.25, -2.25)] == ["0.0", "+2.3", "−2.3"]


@pytest.mark.parametrize(
    ("kind", "start", "end", "text"),
    [("month", date(2026, 9, 1), date(2026, 9, 30), "September 2026"),
     ("quarter", date(2026, 7, 1), date(2026, 9, 30), "July to September 2026"),
     ("week", date(2026, 9, 21), date(2026, 9, 27), "week ending 27 September 2026"),
     ("rolling_year", date(2025, 10, 1), date(2026, 9, 30), "year to 30 September 2026")],
)  # fmt: skip
def test_periods_in_words(kind, start, end, text):
    assert numbers.span(kind, start, end) == text


@pytest.mark.parametrize(
    ("left", "is_overdue", "said"),
    [(-1, True, "1 day overdue"), (0, True, "since today"), (0, False, "today"), (3, False, "in 3 days")],
)
def test_a_duty_whose_hours_are_over_is_not_said_to_be_due_today(left, is_overdue, said):
    assert _when(left, is_overdue=is_overdue) == said

"""What is said of a change: the rule, since when, and for better or worse, in one sentence a series."""

from __future__ import annotations

from datetime import date

import pytest

from publish.context import Context
from publish.query import Figure, Indicator, Store
from sightline.signals import Point, _row, write_signals
from sightline.spc import xmr


def series(values, *, better="high", cases=50.0, unit="%", kind="percentage", decimals=1):
    """Months up to September 2026 with the given values."""
    months = [(2026 * 12 + 8 - back) for back in range(len(values))][::-1]
    days = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    ends = [date(m // 12, m % 12 + 1, days[m % 12]) for m in months]
    return [
        Point("X", "team", "T", end, v, cases, "Visits in time", unit, kind, decimals, better)
        for end, v in zip(ends, values, strict=True)
    ]


def judged(points):
    """The columns that say what was found."""
    *_, rule, side, lasting, since, verdict, sentence = _row(points)
    return rule, side, lasting, since, verdict, sentence


def test_a_run_below_the_mean_says_how_long_it_has_lasted():
    found = judged(series([90, 92] * 6 + [86, 88] * 4 + [86]))
    assert found[:3] == ("run", -1, 9)
    assert found[3] == date(2026, 1, 31)
    assert found[4] == "worse"
    assert found[5] == "Visits in time: nine months running below the mean of 89.2%."


def test_a_point_outside_is_named_with_its_limits():
    rule, side, lasting, _, verdict, sentence = judged(series([10, 12] * 8 + [30], better="low", unit="", kind="count"))
    assert (rule, side, lasting, verdict) == ("outside", 1, 1, "worse")
    assert sentence == ("Visits in time: 30 in September 2026, above the limits of usual variation (6.8 to 17.4).")


def test_a_trend_says_where_it_has_come_to():
    found = judged(series([*[50, 52] * 6, 49, 50, 51, 52, 53, 54, 55], better="context"))
    assert found[0] == "trend" and found[4] == "higher"
    assert found[5] == "Visits in time: rising for seven months running, to 55.0%."


def test_two_of_three_near_a_limit():
    found = judged(series([*[10, 10.5] * 8, 12, 11, 12], better="low"))
    assert found[0] == "two_of_three"
    assert found[5].startswith("Visits in time: two of the last three months near the upper limit of 12.1%")


@pytest.mark.parametrize(
    "points, verdict, words",
    [
        (series([90, 92] * 8), "usual", "within the usual variation"),
        (series([90, 92, 91]), "trial", "Trial limits: fewer than 12 months."),
        (series([90, 92]), "too_short", "too few months to judge"),
        (series([90, 92] * 8, cases=5.9), "too_few", "too few cases to judge"),
    ],
)
def test_what_cannot_or_need_not_be_judged(points, verdict, words):
    found = judged(points)
    assert found[4] == verdict and words in found[5]


def test_limits_of_percentages_stop_at_a_hundred():
    points = series([100, 90] * 8)
    assert xmr([p.value for p in points]).upper > 100
    assert "to 100.0%)" in judged(points)[5]


@pytest.mark.parametrize("kind, events, is_drawn", [("rate", 3, False), ("rate", 30, True), ("percentage", 3, True)])
def test_a_report_draws_no_chart_of_few_events(kind, events, is_drawn):
    """Of a rate the events are its cases, whoever lives in the council; of a share those below its line."""
    indicator = Indicator(
        "X", "X", "", "", None, None, kind, "", 1, "low", "event", "sum", None, None, None, None, None
    )
    store = Store("barnet", {"X": indicator}, {}, {}, {})
    months = [(date(2026, month, 1), date(2026, month, 28)) for month in range(1, 10)]
    series = [
        Figure("X", "council", "barnet", "all", "all", "month", start, end, events, 93851, 10, "ok")
        for start, end in months
    ]
    context = Context(None, store, None, None, date(2026, 9, 30), "council", "barnet", "Barnet")
    assert (context.chart_of(series) is not None) is is_drawn


def test_a_rate_has_too_few_cases_where_its_count_has(on_built):
    """The population stands below a rate's line, but few events are few: CLA-04 is judged where CLA-03 is."""
    with on_built.connect() as connection:
        write_signals(connection, on_built.council, on_built.as_at, "marts")
        pairs = connection.execute(
            "select catalogue.indicator_id, rate.verdict = 'too_few', counted.verdict = 'too_few'"
            " from marts.dim_indicator catalogue"
            " join marts.fct_signal rate on rate.indicator_id = catalogue.indicator_id"
            " join marts.fct_signal counted on counted.indicator_id = catalogue.made_of"
            "   and (counted.level, counted.unit_code) = (rate.level, rate.unit_code)"
            " where catalogue.kind = 'rate' and rate.level = 'council'"
        ).fetchall()
        connection.rollback()
    assert {"CLA-04", "CLA-06", "CP-04", "S47-02"} <= {indicator_id for indicator_id, *_ in pairs}
    assert [indicator_id for indicator_id, rate, count in pairs if rate != count] == []
    assert {rate for _, rate, _ in pairs} == {True, False}


def test_every_series_of_a_built_council_has_its_signal(on_built):
    """The latest month is the last complete one; limits are mean and 2.66 ranges; a second writing changes nothing."""
    with on_built.connect() as connection:
        first = write_signals(connection, on_built.council, on_built.as_at, "marts")
        assert write_signals(connection, on_built.council, on_built.as_at, "marts") == first > 300
        rows = connection.execute(
            "select verdict, count(*), bool_and((mean is null) = (verdict in ('too_few', 'too_short'))),"
            " bool_and((rule is null) = (lasting is null)), bool_and(period_end = date '2026-09-30')"
            " from marts.fct_signal group by 1"
        ).fetchall()
        values = connection.execute(
            "select array_agg(value::float8 order by period_end) from (select * from marts.fct_indicator_value"
            " where indicator_id = 'CON-01' and level = 'council' and breakdown = 'all' and period_kind = 'month'"
            " order by period_end desc limit 24) months"
        ).fetchone()[0]
        mean, upper = connection.execute(
            "select mean::float8, upper_limit::float8 from marts.fct_signal"
            " where indicator_id = 'CON-01' and level = 'council'"
        ).fetchone()
        connection.rollback()
    assert {row[0] for row in rows} >= {"usual", "too_few"}
    assert all(row[2] and row[3] and row[4] for row in rows)
    chart = xmr(values)
    assert (mean, upper) == pytest.approx((chart.mean, chart.upper), abs=1e-5)

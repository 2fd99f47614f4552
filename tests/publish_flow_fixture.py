"""Hand-made rows of the marts that reports read beside figures: signals, journeys, forecasts, revisions and flow."""

from __future__ import annotations

from datetime import date, timedelta

import psycopg

COUNCIL, AS_AT = "barnet", date(2026, 9, 30)
DDL = """
create table reference.journey_steps (step_id text, position int, title text, kind text, window_days int);
insert into reference.journey_steps values
  ('contact_referral', 1, 'Contact to referral', 'forward', 30),
  ('referral_assessment', 2, 'Referral to assessment', 'forward', 30),
  ('need_reentry', 3, 'Re-referral after the case closed', 're_entry', 365);
create table marts.fct_journey (council text, step_id text, from_on date, window_days int, to_on date, outcome text,
  days_between int, service_code text, team_code text);
create table marts.fct_signal (council text, indicator_id text, level text, unit_code text, period_end date,
  rule text, side int, lasting int, verdict text, sentence text);
create table marts.fct_forecast (council text, indicator_id text, period_start date, period_end date, months_ahead int,
  value numeric, lower_80 numeric, upper_80 numeric, lower_95 numeric, upper_95 numeric, method text, months int,
  mape numeric, benchmark_mape numeric, mase numeric, coverage_80 numeric);
create table marts.fct_revision (council text, indicator_id text, level text, unit_code text, period_kind text,
  period_start date, period_end date, known_before_on date, known_on date, numerator_before numeric,
  denominator_before numeric, value_before numeric, numerator numeric, denominator numeric, value numeric, cause text,
  deliveries bigint[], is_latest boolean);
create table marts.fct_triangulation (council text, level text, unit_code text, period_start date, period_end date,
  is_complete boolean, audits_good int, audits_graded int, percent_audits_good numeric, audit_standing text,
  feedback_positive int, feedback_received int, percent_feedback_positive numeric, feedback_standing text,
  duties_in_time int, duties_closed int, percent_duties_in_time numeric, performance_standing text,
  children_per_fte numeric, workload_standing text, contradictions text);
create table marts.fct_flow (council text, level text, unit_code text, period_kind text, period_start date,
  period_end date, open_at_start int, opened int, transferred_in int, closed int, transferred_out int,
  open_at_end int);
"""
SIGNALS = (
    ("ASM-03", "council", COUNCIL, "run", -1, 9, "worse", "Assessments: nine months running below the mean of 82.0%."),
    ("REF-01", "council", COUNCIL, "outside", 1, 1, "higher", "Referrals: 312 in September 2026, above the limits."),
    ("ASM-03", "team", "T-DAT2", "outside", -1, 1, "worse", "Assessments: 61.0% in September 2026, below the limits."),
    ("CP-12", "team", "T-IP1", "trend", 1, 7, "better", "Visits: rising for seven months running, to 97.0%."),
)
QUARTER = (date(2026, 7, 1), AS_AT)


def create(connection: psycopg.Connection) -> None:
    """Make the tables and fill them."""
    connection.execute(DDL)
    rows = {
        "fct_journey": list(_journeys()),
        "fct_signal": [(COUNCIL, *row[:3], AS_AT, *row[3:]) for row in SIGNALS],
        "fct_forecast": list(_forecasts()),
        "fct_revision": [
            (COUNCIL, "ASM-03", "council", COUNCIL, "month", date(2026, 6, 1), date(2026, 6, 30), date(2026, 9, 20),
             AS_AT, 80, 100, 80, 84, 104, 80.769231, "deliveries", [41, 42], True),
            (COUNCIL, "REF-01", "team", "T-DAT1", "quarter", date(2026, 4, 1), date(2026, 6, 30), date(2026, 9, 20),
             AS_AT, 0, None, None, 3, None, 3, "later_day", [], True),
        ],
        "fct_triangulation": [
            (COUNCIL, "council", COUNCIL, *QUARTER, True, 60, 100, 60, "usual", 50, 100, 50, "usual", 80, 100, 80,
             "usual", 15, "usual", None),
            (COUNCIL, "team", "T-IP1", *QUARTER, True, 7, 10, 70, "high", 0, 5, 0, "too_few", 7, 10, 70, "low", 12,
             "low", "audits high, performance low"),
        ],
        "fct_flow": [
            (COUNCIL, level, unit, "month", date(2026, 9, 1), AS_AT, 50, 9, 2, 8, 1, 52)
            for level, unit in (("council", COUNCIL), ("service", "S-FS"), ("team", "T-IP1"), ("team", "T-DAT1"))
        ],
    }  # fmt: skip
    for table, values in rows.items():
        with connection.cursor() as cursor, cursor.copy(f"copy marts.{table} from stdin") as copy:
            for row in values:
                copy.write_row(row)


def _journeys():
    """Twenty contacts of March: half went on to a referral. Ten of September: four did, six are still open.

    One case closed in 2025 came back after 90 days, one of 2026 may still.
    """
    for n in range(20):
        yield _step(
            "contact_referral", date(2026, 3, 1) + timedelta(days=n), 30, n if n < 10 else None, "not_converted"
        )
    for n in range(10):
        yield _step("contact_referral", date(2026, 9, 10) + timedelta(days=n), 30, 1 if n < 4 else None, "pending")
    yield _step("need_reentry", date(2025, 1, 5), 365, 90, "")
    yield _step("need_reentry", date(2026, 1, 5), 365, None, "pending")


def _step(step: str, on: date, window: int, days: int | None, otherwise: str) -> tuple:
    """A step that was taken after so many days, or was not."""
    to_on = None if days is None else on + timedelta(days=days)
    return COUNCIL, step, on, window, to_on, otherwise if days is None else "converted", days, "S-FD", "T-MASH"


def _forecasts():
    for ahead in range(1, 7):
        start = date(2026 + (9 + ahead > 12), (8 + ahead) % 12 + 1, 1)
        end = (start + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        yield (COUNCIL, "REF-01", start, end, ahead, 300, 280 - ahead, 320 + ahead, 270 - ahead, 330 + ahead, "level",
               42, 9.4, 14.2, 0.8, 83.3)  # fmt: skip

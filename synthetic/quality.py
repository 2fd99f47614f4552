"""Quality-assurance records of the made-up council: audits, their actions and steps, escalations, feedback.

They follow the council's framework (roles, types, expectations, cycle, grades, escalation, sources of feedback) and
the cases, posts and links that the other makers wrote. The same random stream gives the same rows.
"""

from __future__ import annotations

from datetime import date
from random import Random

from sightline.framework import Council
from synthetic.audit_cycle import Cycle, action_rows
from synthetic.audits import Auditing
from synthetic.feedback import escalation_rows, feedback_rows
from synthetic.practice import Columns, Practice, Tables
from synthetic.world import window_start

COLUMNS: Columns = {
    feed: text.split()
    for feed, text in {
        "audit": "audit_id child_id audit_type theme service_area team_id worker_id auditor_id auditor_role"
        " allocated_on due_on completed_on overall_grade moderated_grade moderated_on moderator_id previous_audit_id"
        " worker_notified_on feedback_given_on family_feedback is_multi_agency summary",
        "audit_domain": "audit_id domain grade",
        "audit_action": "action_id audit_id level owner_id owner_team_id assigned_on due_on done_on description",
        "audit_step": "audit_id step done_on done_by_id",
        "audit_programme": "programme_id period theme audit_type auditor_role planned",
        "escalation": "escalation_id child_id raised_by_id team_id worker_id theme concern_on alert_on director_on"
        " resolved_on detail",
        "feedback": "feedback_id child_id source respondent received_on team_id worker_id score sentiment theme stage"
        " responded_on upheld comment",
    }.items()
}


def add_quality(tables: Tables, columns: Columns, council: Council, rng: Random, as_at: date, years: int) -> None:
    """Add the seven quality feeds to `tables` (rows of text, blank for none) and their names to `columns`.

    Reads ssd_involvements, staff_post and team_link of the same `tables`. Nothing is dated after `as_at` but due dates.
    """
    span = window_start(as_at, years).toordinal(), as_at.toordinal()
    practice = Practice(tables, columns, council, rng, span)
    auditing = Auditing(practice)
    auditing.expected()
    programme = auditing.programme()
    auditing.moderate()
    cycle = Cycle(auditing)
    cycle.run()
    audits, domains = auditing.rows()
    tables |= {
        "audit": audits,
        "audit_domain": domains,
        "audit_action": action_rows(practice, auditing.audits),
        "audit_step": cycle.rows(),
        "audit_programme": programme,
        "escalation": escalation_rows(practice),
        "feedback": feedback_rows(practice),
    }
    columns |= COLUMNS

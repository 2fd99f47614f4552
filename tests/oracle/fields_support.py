"""Columns of the feeds of practice, support and views, as `fields.py` has those of the cases."""

SUPPORT_FIELDS = {
    "absences": (
        "staff_absence",
        {
            "id": "absence_id",
            "worker": "worker_id",
            "reason": "reason",
            "start": "started_on|seen",
            "end": "ended_on|end",
            "lost": "days_lost|number",
        },
    ),
    "private_fostering": (
        "private_fostering",
        {
            "id": "arrangement_id",
            "child": "child_id",
            "notified": "notified_on|seen",
            "start": "started_on|day",
            "end": "ended_on|end",
            "team": "team_id",
            "worker": "worker_id",
        },
    ),
    "private_fostering_visits": (
        "private_fostering_visit",
        {"arrangement": "arrangement_id", "on": "visited_on|seen"},
    ),
    "education_plans": (
        "personal_education_plan",
        {"child": "child_id", "kind": "kind", "done": "completed_on|end"},
    ),
    "pre_proceedings": (
        "ssd_pre_proceedings",
        {
            "id": "prep_table_id",
            "child": "prep_person_id",
            "start": "prep_pre_pro_decision_date|seen",
            "end": "prep_agree_stepdown_issue_date|end",
        },
    ),
    "substance_misuse": (
        "ssd_cla_substance_misuse",
        {"child": "clas_person_id", "on": "clas_substance_misuse_date|seen", "helped": "clas_intervention_received"},
    ),
    "convictions": (
        "ssd_cla_convictions",
        {"child": "clac_person_id", "on": "clac_cla_conviction_date|seen"},
    ),
    "supervision": (
        "supervision",
        {
            "id": "supervision_id",
            "worker": "worker_id",
            "team": "team_id",
            "kind": "kind",
            "child": "child_id",
            "due": "due_on|end",
            "held": "held_on|end",
            "reflective": "is_reflective",
        },
    ),
    "supervision_audits": (
        "supervision_audit",
        {
            "id": "supervision_audit_id",
            "worker": "worker_id",
            "team": "team_id",
            "on": "completed_on|seen",
            "grade": "grade",
        },
    ),
    "observations": (
        "practice_observation",
        {
            "id": "observation_id",
            "worker": "worker_id",
            "team": "team_id",
            "child": "child_id",
            "setting": "setting",
            "due": "due_on|end",
            "on": "observed_on|end",
            "grade": "grade",
        },
    ),
    "practice_days": (
        "practice_day",
        {
            "id": "practice_day_id",
            "kind": "kind",
            "worker": "participant_id",
            "team": "team_id",
            "planned": "planned_on|end",
            "held": "held_on|end",
        },
    ),
    "meetings_4r": (
        "meeting_4r",
        {
            "id": "meeting_id",
            "audit": "audit_id",
            "team": "team_id",
            "due": "due_on|end",
            "held": "held_on|end",
        },
    ),
    "moderations": (
        "moderation",
        {
            "id": "moderation_id",
            "audit": "audit_id",
            "due": "due_on|end",
            "on": "moderated_on|end",
            "first": "first_grade",
            "second": "moderated_grade",
            "settled": "settled_on|end",
        },
    ),
    "audited_cases": (
        "audit",
        {
            "id": "audit_id",
            "child": "child_id",
            "worker": "worker_id",
            "team": "team_id",
            "told": "worker_notified_on|end",
            "heard_back": "feedback_given_on|end",
            "on": "completed_on|end",
            "family": "family_feedback",
        },
    ),
    "chair_reports": (
        "chair_report",
        {
            "id": "report_id",
            "child": "child_id",
            "kind": "meeting_kind",
            "held": "meeting_on|seen",
            "team": "team_id",
            "due": "due_on|end",
            "done": "completed_on|end",
            "minutes": "minutes_sent_on|end",
            "shared": "was_report_shared",
            "child_view": "is_child_view_recorded",
            "parent_view": "is_parent_view_recorded",
        },
    ),
    "dip_samples": (
        "dip_sample",
        {
            "id": "sample_id",
            "team": "team_id",
            "worker": "lead_id",
            "due": "due_on|end",
            "done": "completed_on|end",
            "result": "result",
        },
    ),
    "commissions": (
        "thematic_commission",
        {
            "id": "commission_id",
            "kind": "kind",
            "due": "due_on|end",
            "done": "reported_on|end",
        },
    ),
    "staff_answers": (
        "staff_survey",
        {
            "id": "response_id",
            "question": "question",
            "on": "answered_on|seen",
            "team": "team_id",
            "score": "score|number",
        },
    ),
    "focus_groups": (
        "focus_group",
        {
            "id": "focus_group_id",
            "on": "held_on|seen",
            "respondent": "respondent",
            "team": "team_id",
            "invited": "invited|number",
            "attended": "attended|number",
            "answered": "answered_on|end",
        },
    ),
    "advocacy": (
        "advocacy",
        {
            "id": "advocacy_id",
            "child": "child_id",
            "kind": "kind",
            "asked": "referred_on|seen",
            "start": "started_on|end",
            "end": "ended_on|end",
            "outcome": "outcome",
        },
    ),
    "send": (
        "ssd_send",
        {
            "id": "send_table_id",
            "child": "send_person_id",
        },
    ),
    "ehc_requests": (
        "ssd_ehcp_requests",
        {
            "id": "ehcr_ehcp_request_id",
            "send": "ehcr_send_table_id",
        },
    ),
    "ehc_assessments": (
        "ssd_ehcp_assessment",
        {
            "id": "ehca_ehcp_assessment_id",
            "request": "ehca_ehcp_request_id",
        },
    ),
    "ehc_plans": (
        "ssd_ehcp_named_plan",
        {
            "assessment": "ehcn_ehcp_asmt_id",
            "start": "ehcn_named_plan_start_date|seen",
            "end": "ehcn_named_plan_ceased_date|end",
        },
    ),
    "oc2": (
        "ssda903_oc2",
        {
            "child": "CHILD",
            "checked": "HEALTH_CHECK",
            "misuse": "SUBSTANCE_MISUSE",
            "received": "INTERVENTION_RECEIVED",
            "offered": "INTERVENTION_OFFERED",
        },
    ),
    "census_workers": (
        "csww_worker",
        {
            "id": "SWENo",
            "year": "CensusYear",
            "agency": "AgencyWorker",
            "fte": "FTE|number",
            "role": "OrgRole",
            "start": "RoleStartDate|day",
            "end": "RoleEndDate|day",
        },
    ),
    "listed_in_care": (
        "annex_a_list_8",
        {
            "child": "child_unique_id",
            "ceased": "date_ceased_to_be_looked_after|end",
            "location": "placement_location",
        },
    ),
    "adopters": (
        "annex_a_list_11",
        {
            "id": "individual_adopter_identifier",
            "family": "family_identifier",
            "enquired": "date_enquiry_received|end",
            "stage_1_from": "date_stage_1_started|end",
            "stage_1_to": "date_stage_1_ended|end",
            "stage_2_from": "date_stage_2_started|end",
            "approved": "date_application_approved|end",
            "matched": "date_adopter_matched_with_child_ren|end",
            "placed": "date_child_children_placed_with_adopter_s|end",
            "ordered": "date_of_adoption_order|end",
            "left": "date_of_leaving_adoption_process|end",
        },
    ),
}

select
    prep_table_id as pre_proceedings_id,
    prep_person_id as child_key,
    prep_plo_family_id as family_key,
    prep_pre_pro_decision_date as decided_on,
    prep_initial_pre_pro_meeting_date as first_meeting_on,
    prep_agree_stepdown_issue_date as ended_on,
    prep_cp_plans_referral_period as cp_plans_in_referral,
    prep_prev_pre_proc_child as earlier_pre_proceedings,
    prep_prev_care_proc_child as earlier_care_proceedings,
    prep_pre_pro_letter_date as letter_sent_on,
    prep_care_pro_letter_date as issue_letter_sent_on,
    prep_pre_pro_meetings_num as review_meetings,
    prep_pre_pro_parents_legal_rep as parents_represented,
    prep_parents_legal_rep_point_of_issue as parents_represented_at_issue,
    prep_care_proc_court_hearings as court_hearings,
    prep_care_proc_short_notice as short_notice,
    prep_la_inital_plan_approved as initial_plan_approved,
    prep_la_final_plan_approved as final_plan_approved,
    {{ origin('ssd_pre_proceedings') }}
from {{ source('raw', 'ssd_pre_proceedings') }}
where {{ in_force() }}

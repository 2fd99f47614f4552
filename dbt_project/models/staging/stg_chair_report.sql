select
    report_id,
    child_id as child_key,
    meeting_kind,
    meeting_id,
    meeting_on,
    chair_id as chair_code,
    team_id as team_code,
    due_on,
    completed_on,
    minutes_sent_on,
    was_report_shared as was_report_shared_flag,
    is_child_view_recorded as is_child_view_recorded_flag,
    is_parent_view_recorded as is_parent_view_recorded_flag,
    progress,
    is_escalated as is_escalated_flag,
    {{ origin('chair_report') }}
from {{ source('raw', 'chair_report') }}
where {{ in_force() }}

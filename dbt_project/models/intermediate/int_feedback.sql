-- One row a piece of feedback received by the as-at date; the answer and outcome of a complaint once they are known.
select
    feedback.feedback_id,
    feedback.child_key,
    feedback.source,
    source.label as source_label,
    feedback.respondent,
    feedback.received_on,
    {{ own_place('feedback') }},
    feedback.score,
    feedback.sentiment,
    feedback.theme,
    (feedback.source = 'complaint') as is_complaint,
    feedback.stage,
    {{ known('feedback.responded_on') }} as responded_on,
    {{ known('feedback.responded_on') }} - feedback.received_on as days_to_respond,
    answered.cum_wd - received.cum_wd as working_days_to_respond,
    case when coalesce(feedback.responded_on <= {{ as_at() }}, true) then feedback.upheld end as upheld,
    feedback.feed,
    feedback.delivery_id,
    feedback.row_no
from {{ ref('stg_feedback') }} as feedback
left join {{ ref('stg_framework_feedback_source') }} as source on feedback.source = source.feedback_source
left join {{ ref('int_team') }} as team on feedback.team_code = team.team_code
left join {{ ref('calendar') }} as received on feedback.received_on = received.calendar_on
left join {{ ref('calendar') }} as answered on {{ known('feedback.responded_on') }} = answered.calendar_on
where feedback.received_on <= {{ as_at() }}

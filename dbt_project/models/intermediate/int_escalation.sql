-- One row an escalation: the level it has reached, the level that the framework asks for by now, and whether any level
-- was raised late or is late.
with reached as (
    select
        escalation_id,
        min(started_on) as started_on,
        min(answered_on) as resolved_on,
        (array_agg(level order by position desc) filter (where dated_on is not null))[1] as level,
        (array_agg(label order by position desc) filter (where dated_on is not null))[1] as level_label,
        max(position) filter (where dated_on is not null) as level_position,
        (array_agg(level order by position desc) filter (where is_owed))[1] as owed_level,
        (array_agg(level order by position) filter (where done_on is null))[1] as next_level,
        min(due_on) filter (where done_on is null) as next_due_on,
        bool_or(is_breached) as is_breached
    from {{ ref('int_escalation__level') }}
    group by escalation_id
)

select
    escalation.escalation_id,
    escalation.child_key,
    escalation.raised_by_code,
    {{ own_place('escalation') }},
    escalation.theme,
    reached.started_on,
    {{ known('escalation.concern_on') }} as concern_on,
    {{ known('escalation.alert_on') }} as alert_on,
    {{ known('escalation.director_on') }} as director_on,
    reached.resolved_on,
    reached.level,
    reached.level_label,
    reached.level_position,
    reached.owed_level,
    reached.next_level,
    reached.next_due_on,
    reached.is_breached,
    case
        when reached.resolved_on is not null then 'resolved'
        when reached.next_due_on < {{ as_at() }} then 'overdue'
        else 'open'
    end as state,
    coalesce(reached.resolved_on, {{ as_at() }}) - reached.started_on as days_open,
    escalation.feed,
    escalation.delivery_id,
    escalation.row_no
from {{ ref('stg_escalation') }} as escalation
inner join reached using (escalation_id)
left join {{ ref('int_team') }} as team on escalation.team_code = team.team_code

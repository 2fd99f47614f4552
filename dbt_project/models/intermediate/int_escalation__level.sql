-- One row an escalation and level of the framework. A level is due so many days after the concern, in the framework's
-- kind of days; an answer by then makes it unnecessary, and raising it higher still counts as raising it.
with escalation as (
    select
        *,
        least(concern_on, alert_on, director_on) as started_on,
        {{ known('resolved_on') }} as answered_on
    from {{ ref('stg_escalation') }}
    where least(concern_on, alert_on, director_on) <= {{ as_at() }}
),

levelled as (
    select
        escalation.escalation_id,
        escalation.started_on,
        escalation.answered_on,
        level.level,
        level.label,
        level.position,
        level.after_days,
        case level.day_kind when 'working' then 'working_days' else 'days' end as day_unit,
        case level.dated_by
            when 'concern_on' then {{ known('escalation.concern_on') }}
            when 'alert_on' then {{ known('escalation.alert_on') }}
            when 'director_on' then {{ known('escalation.director_on') }}
        end as dated_on
    from escalation
    cross join {{ ref('stg_framework_escalation_level') }} as level
),

raised as (
    select
        levelled.*,
        min(dated_on) over (
            partition by escalation_id order by position rows between current row and unbounded following
        ) as raised_on,
        {{ limit_end('levelled.started_on', 'levelled.after_days', 'levelled.day_unit', 'level_limit') }} as due_on
    from levelled
    {{ join_working_day_limit('level_limit', 'levelled.started_on', 'levelled.after_days') }}
)

select
    *,
    least(raised_on, answered_on) as done_on,
    -- On the day it is due a level is owed; from the next day it is late.
    (coalesce(least(raised_on, answered_on), {{ as_at() }}) > due_on) as is_breached,
    (answered_on is null and due_on <= {{ as_at() }}) as is_owed
from raised

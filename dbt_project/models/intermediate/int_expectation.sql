-- One row a window and whoever owes: expected and done. Done are the audits (or moderations) of the expectation's types
-- in the window, by the person, in the team or of the worker, and within the expectation's scope.
with counted as (
    select
        owed.*,
        expectation.label,
        expectation.position,
        expectation.activity,
        expectation.role,
        expectation.per,
        expectation.scope,
        expectation.number as expected,
        expectation.period_end,
        expectation.counted_on,
        expectation.is_complete
    from {{ ref('int_expectation__owed') }} as owed
    inner join {{ ref('int_expectation__window') }} as expectation using (expectation, period_start)
),

types as (
    select expectation, array_agg(audit_type order by audit_type) as audit_types
    from {{ ref('stg_framework_expectation_audit_type') }}
    group by expectation
),

done as (
    select counted.owed_id, count(*) as done
    from counted
    left join types using (expectation)
    inner join {{ ref('int_expectation__activity') }} as activity
        on
            activity.happened_on between counted.period_start and counted.counted_on
            and activity.is_moderation = (counted.activity = 'moderation')
            and (types.audit_types is null or activity.audit_type = any(types.audit_types))
    where
        case counted.per
            when 'person' then activity.done_by_code = counted.worker_code
            when 'linked_team'
                then activity.done_by_code = counted.worker_code and activity.team_code = counted.team_code
            when 'team' then activity.team_code = counted.team_code
            when 'worker' then activity.worker_code = counted.worker_code
            else true
        end
        and case counted.scope
            when 'own_team' then activity.team_code = counted.team_code
            when 'own_service' then activity.service_code = counted.service_code
            when 'other_line' then activity.service_code <> counted.service_code
            when 'linked_team' then exists (
                select from {{ ref('stg_team_link') }} as link
                where
                    link.worker_code = counted.worker_code and link.team_code = activity.team_code
                    and {{ open_at('link.started_on', 'link.ended_on', 'counted.counted_on') }}
            )
            else true
        end
    group by counted.owed_id
)

select
    counted.*,
    array_to_string(types.audit_types, ', ') as audit_types,
    coalesce(done.done, 0)::int as done
from counted
left join types using (expectation)
left join done using (owed_id)

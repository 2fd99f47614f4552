-- One row each time a child enters a stage. `referral_id` and `conference_id` say what the event belongs to:
-- an enquiry to the conference that answered it.
-- Team and worker are those that the record names; where its table names none, whoever held the case that day.
with looked_after as (
    select distinct on (happened.stage, episode.period_of_care_id, happened.event_on)
        happened.stage,
        happened.event_on,
        happened.detail,
        episode.*
    from {{ ref('int_cla_episode') }} as episode
    cross join lateral (
        values
        ('looked_after', episode.start_reason = 'S' and not episode.is_short_break_at_start, episode.started_on, null),
        (
            'care_end', episode.end_reason <> 'X1' and not episode.is_short_break_at_end, episode.ended_on,
            episode.end_reason
        )
    ) as happened (stage, is_counted, event_on, detail)
    where happened.is_counted and happened.event_on is not null
    order by happened.stage, episode.period_of_care_id, happened.event_on, episode.episode_id desc
),

own_place as (
    select
        'contact' as stage, contact_id as case_id, child_key, contacted_on as event_on, null as referral_id,
        null as conference_id, outcome as detail, null as worker_code, team_code, feed, delivery_id, row_no
    from {{ ref('int_contact') }}
    union all
    select
        'referral', referral_id as case_id, child_key, referred_on, referral_id, null, source_code, worker_code,
        team_code, feed, delivery_id, row_no
    from {{ ref('int_referral') }}
    union all
    select
        'assessment', assessment_id, child_key, started_on, referral_id, null, null, worker_code, team_code,
        feed, delivery_id, row_no
    from {{ ref('int_assessment') }}
    union all
    select
        'section_47', enquiry_id as case_id, child_key, started_on, referral_id, conference_id, null, worker_code,
        team_code, feed, delivery_id, row_no
    from {{ ref('int_s47') }}
    union all
    select
        'conference', conference_id as case_id, child_key, held_on, null, conference_id,
        case when is_plan_made then 'plan' else 'no plan' end, worker_code, team_code, feed, delivery_id, row_no
    from {{ ref('int_conference') }}
    where held_on is not null
),

held_case as (
    select
        'early_help' as stage, early_help_id as case_id, child_key, started_on as event_on, null as detail,
        feed, delivery_id, row_no
    from {{ ref('int_early_help') }}
    union all
    select
        'early_help_end', early_help_id, child_key, ended_on,
        case when is_stepped_up then 'step up' else 'other' end, feed, delivery_id, row_no
    from {{ ref('int_early_help') }}
    where ended_on is not null
    union all
    select 'need_end', referral_id, child_key, closed_on, close_reason, feed, delivery_id, row_no
    from {{ ref('int_referral') }}
    where closed_on is not null and not is_nfa
    union all
    select 'protection_plan', plan_id, child_key, started_on, initial_category, feed, delivery_id, row_no
    from {{ ref('int_cp_plan') }}
    union all
    select 'protection_plan_end', plan_id, child_key, ended_on, latest_category, feed, delivery_id, row_no
    from {{ ref('int_cp_plan') }}
    where ended_on is not null
    union all
    select stage, period_of_care_id, child_key, event_on, detail, feed, delivery_id, row_no
    from looked_after
)

select * from own_place
union all
select
    held_case.stage,
    held_case.case_id,
    held_case.child_key,
    held_case.event_on,
    null,
    null,
    held_case.detail,
    allocation.worker_code,
    allocation.team_code,
    held_case.feed,
    held_case.delivery_id,
    held_case.row_no
from held_case
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'held_case.child_key', 'held_case.event_on') }}

-- One row a child and way to adoption: the decision, the steps after it as they are known, and the period of care
-- that it belongs to. Where the foster carer adopts, the child moved in when the fostering began (adoption scorecard,
-- A10). The adoption itself is how the period of care ended (SSDA903, E11 and E12); it belongs to the last decision
-- that stood.
with way as (
    select
        permanence_id,
        child_key,
        period_of_care_id,
        {{ known('decided_on') }} as decided_on,
        {{ known('placement_order_on') }} as placement_order_on,
        {{ known('matched_on') }} as matched_on,
        {{ known('placed_on') }} as placed_on,
        case
            when is_adopted_by_carer_flag = 'Y'
                then coalesce({{ known('placed_with_carer_on') }}, {{ known('placed_on') }})
            else {{ known('placed_on') }}
        end as moved_in_on,
        {{ known('reversed_on') }} as reversed_on,
        feed,
        delivery_id,
        row_no
    from {{ ref('stg_ssd_permanence') }}
    where least(decided_on, placement_order_on, matched_on, placed_on) <= {{ as_at() }}
),

adopted as (
    select
        period_of_care_id,
        child_key,
        max(ended_on) as adopted_on
    from {{ ref('int_cla_episode') }}
    where end_reason in ('E11', 'E12')
    group by 1, 2
),

last_way as (
    select distinct on (period_of_care_id) permanence_id
    from way
    where period_of_care_id is not null and reversed_on is null
    order by period_of_care_id, decided_on desc nulls last, permanence_id desc
)

select
    way.*,
    period.started_on as entered_care_on,
    period.ended_on as left_care_on,
    case when last_way.permanence_id is not null then adopted.adopted_on end as adopted_on
from way
left join {{ ref('int_cla_period') }} as period using (period_of_care_id, child_key)
left join adopted using (period_of_care_id, child_key)
left join last_way using (permanence_id)

-- The visits of a placement as a chain: from its start to the first visit, from each visit to the next. What the
-- child's order and reviews were is read on the day the link is judged: that of the next visit, the last day of the
-- placement, or the as-at date.
with placement as (
    select
        placement.placement_id,
        placement.child_key,
        placement.period_of_care_id,
        placement.placement_type,
        placement.started_on as placed_on,
        least(placement.ended_on, period.ended_on) as ended_on
    from {{ ref('int_cla_placement') }} as placement
    inner join {{ ref('int_cla_period') }} as period using (period_of_care_id, child_key)
    where
        not period.is_short_break
        and (placement.ended_on is null or placement.ended_on > placement.started_on)
),

step as (
    select placement.*, null::date as visited_on
    from placement
    union all
    select placement.*, visit.visited_on
    from placement
    inner join {{ ref('int_cla_visit') }} as visit
        on
            placement.child_key = visit.child_key
            and visit.visited_on >= placement.placed_on
            and (placement.ended_on is null or visit.visited_on < placement.ended_on)
),

link as (
    select
        step.*,
        lead(visited_on) over (partition by placement_id order by visited_on nulls first) as done_on
    from step
),

judged as (
    select
        link.*,
        coalesce(done_on, ended_on - 1, {{ as_at() }}) as judged_on
    from link
),

interim_order as (
    select distinct judged.placement_id, judged.judged_on
    from judged
    inner join {{ ref('int_cla_legal_status') }} as status
        on
            judged.child_key = status.child_key
            and status.legal_status = 'C1'
            and {{ open_at('status.started_on', 'status.ended_on', 'judged.judged_on') }}
    where judged.placement_type = 'P1'
),

first_review as (
    select period_of_care_id, reviewed_on
    from {{ ref('int_cla_review') }}
    where review_number = 1
),

clocked as (
    select
        judged.*,
        {{ cla_visit_clock(
            'judged.visited_on', 'judged.placed_on', 'judged.placement_type',
            "case when interim_order.placement_id is not null then 'C1' end",
            'case when first_review.reviewed_on <= judged.judged_on then first_review.reviewed_on end'
        ) }} as clock_id
    from judged
    left join interim_order using (placement_id, judged_on)
    left join first_review using (period_of_care_id)
)

select
    placement_id,
    child_key,
    clock_id,
    coalesce(visited_on, placed_on) as start_on,
    {{ cla_visit_due('clock_id', 'coalesce(visited_on, placed_on)') }} as due_on,
    done_on,
    ended_on
from clocked

-- Workers in posts that hold cases on each snapshot day: supervised within the days that the council sets, where they
-- are as long in the post; observed within 12 months, where they are a year in the post.
select
    rule.indicator_id,
    holder.worker_code as case_id,
    null::text as child_key,
    holder.worker_code,
    holder.team_code,
    holder.snapshot_on as observed_on,
    rule.is_done::int as numerator,
    1 as denominator,
    null as detail,
    holder.feed,
    holder.delivery_id,
    holder.row_no
from {{ ref('int_case_holder__snapshot') }} as holder
cross join (select {{ council_clock('supervision_days') }} as supervision_days) as clock
cross join lateral (
    values
    (
        'SUP-02',
        holder.in_post_since + clock.supervision_days <= holder.snapshot_on,
        coalesce(holder.supervised_on + clock.supervision_days >= holder.snapshot_on, false)
    ),
    (
        'OBS-04',
        {{ add_months('holder.in_post_since', 12) }} <= holder.snapshot_on,
        coalesce(holder.observed_on > {{ add_months('holder.snapshot_on', -12) }}, false)
    )
) as rule (indicator_id, is_in_cohort, is_done)
where rule.is_in_cohort

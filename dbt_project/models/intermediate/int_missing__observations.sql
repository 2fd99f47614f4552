-- Missing episodes by their start, return interviews by the return (statutory guidance on missing children,
-- 2014: an interview within 72 hours). A return whose 72 hours are not over and that has had no interview says nothing
-- yet about interviews in time.
with observed as (
    select
        rule.*,
        missing.missing_id,
        missing.child_key,
        missing.feed,
        missing.delivery_id,
        missing.row_no
    from {{ ref('int_missing') }} as missing
    cross join lateral (
        values
        ('MIS-01', missing.started_on, 1, null::int),
        ('MIS-04', missing.ended_on, coalesce(missing.interview_offered = 'Y', false)::int, 1),
        ('MIS-05', missing.ended_on, missing.is_interviewed_in_time::int, 1),
        -- Three in 90 days: no national number was found (our rule).
        ('MIS-06', missing.started_on, (missing.episodes_in_90_days >= 3)::int, 1)
    ) as rule (indicator_id, observed_on, numerator, denominator)
    where missing.missing_type = 'M' and rule.observed_on is not null and rule.numerator is not null
)

select
    observed.indicator_id,
    observed.missing_id as case_id,
    observed.child_key,
    allocation.worker_code,
    allocation.team_code,
    observed.observed_on,
    observed.numerator,
    observed.denominator,
    null as detail,
    observed.feed,
    observed.delivery_id,
    observed.row_no
from observed
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'observed.child_key', 'observed.observed_on') }}

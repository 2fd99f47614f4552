-- Advocates and independent visitors: asked for, how long the child waited for the first meeting, and whether the
-- child got what was asked for. The worker is whoever held the case that day.
with happened as (
    select
        rule.*,
        advocacy.advocacy_id,
        advocacy.child_key,
        advocacy.feed,
        advocacy.delivery_id,
        advocacy.row_no
    from {{ ref('stg_advocacy') }} as advocacy
    cross join lateral (
        values
        ('ADV-01', advocacy.referred_on, 1, null::int, advocacy.kind),
        ('ADV-02', advocacy.started_on, advocacy.started_on - advocacy.referred_on, 1, null),
        ('ADV-03', advocacy.ended_on, (advocacy.outcome = 'achieved')::int, 1, advocacy.outcome)
    ) as rule (indicator_id, observed_on, numerator, denominator, detail)
    where rule.observed_on <= {{ as_at() }} and rule.numerator is not null
)

select
    happened.indicator_id,
    happened.advocacy_id as case_id,
    happened.child_key,
    allocation.worker_code,
    allocation.team_code,
    happened.observed_on,
    happened.numerator,
    happened.denominator,
    happened.detail,
    happened.feed,
    happened.delivery_id,
    happened.row_no
from happened
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'happened.child_key', 'happened.observed_on') }}

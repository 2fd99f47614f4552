-- Thematic evaluations: reported, and reported by the day on which they were due. They belong to no team.
select
    rule.indicator_id,
    commission.commission_id as case_id,
    null::text as child_key,
    null::text as worker_code,
    null::text as team_code,
    rule.observed_on,
    rule.numerator,
    rule.denominator,
    rule.detail,
    commission.feed,
    commission.delivery_id,
    commission.row_no
from {{ ref('stg_thematic_commission') }} as commission
cross join lateral (
    values
    ('THM-01', commission.reported_on, 1, null::int, commission.kind),
    ('THM-02', commission.due_on, coalesce(commission.reported_on <= commission.due_on, false)::int, 1, null)
) as rule (indicator_id, observed_on, numerator, denominator, detail)
where rule.observed_on <= {{ as_at() }} and rule.numerator is not null

-- Supervision of workers: sessions of the worker's own that were due, held by that day or not, and whether the records
-- of those held show reflection. Supervision of one child's case, or of a group, is beside it.
select
    rule.indicator_id,
    session.supervision_id as case_id,
    session.child_key,
    session.worker_code,
    session.team_code,
    rule.observed_on,
    rule.numerator,
    rule.denominator,
    rule.detail,
    session.feed,
    session.delivery_id,
    session.row_no
from {{ ref('stg_supervision') }} as session
cross join lateral (
    values
    ('SUP-01', session.due_on, coalesce(session.held_on <= session.due_on, false)::int, 1, null),
    ('SUP-03', session.held_on, (session.is_reflective_flag = 'Y')::int, 1, null)
) as rule (indicator_id, observed_on, numerator, denominator, detail)
where
    session.kind = 'personal'
    and rule.observed_on <= {{ as_at() }}
    and rule.numerator is not null

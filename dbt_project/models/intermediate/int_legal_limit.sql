-- Legal statuses that the law limits: police protection (L1, 72 hours), an emergency protection order (L2, 21 days), a
-- child assessment order (L3, 7 days) and each short break (V3, 17 days): SSDA903 rules 361, 362, 363 and 365. The feed
-- has dates: three days for 72 hours, so that what is counted as too long was too long.
select
    status.legal_status_id,
    status.child_key,
    status.legal_status,
    status.started_on,
    status.ended_on,
    law.clock_id,
    status.started_on + law.days as due_on,
    record.feed,
    record.delivery_id,
    record.row_no
from {{ ref('int_cla_legal_status') }} as status
inner join {{ ref('stg_ssd_legal_status') }} as record using (legal_status_id)
inner join (
    values
    ('L1', 'T18_police_protection', 3),
    ('L2', 'T18_emergency_order', 21),
    ('L3', 'T18_assessment_order', 7),
    ('V3', 'T18_short_break_single', 17)
) as law (legal_status, clock_id, days) on status.legal_status = law.legal_status

-- What counts towards expectations: audits and observations done, but no re-audit (it is a step of the cycle), and
-- moderations of either.
select
    audit.audit_id,
    audit.audit_type,
    had.is_moderation,
    had.happened_on,
    had.done_by_code,
    audit.worker_code,
    audit.team_code,
    audit.service_code
from {{ ref('int_audit') }} as audit
cross join lateral (
    values
    (false, case when not audit.is_reaudit then audit.completed_on end, audit.auditor_code),
    (true, audit.moderated_on, audit.moderator_code)
) as had (is_moderation, happened_on, done_by_code)
where had.happened_on is not null

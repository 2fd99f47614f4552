-- One row a domain graded in an audit that is done.
select
    '{{ var("council") }}'::text as council,
    audit.audit_id::text as audit_id,
    graded.domain::text as domain,
    domain.label::text as domain_label,
    graded.grade::text as grade,
    grade.label::text as grade_label,
    grade.rank::int as grade_rank,
    grade.is_good::boolean as is_good,
    audit.audit_type::text as audit_type,
    audit.is_reaudit::boolean as is_reaudit,
    audit.team_code::text as team_code,
    audit.service_code::text as service_code,
    audit.completed_on::date as completed_on,
    graded.feed::text as feed,
    graded.delivery_id::bigint as delivery_id,
    graded.row_no::int as row_no
from {{ ref('stg_audit_domain') }} as graded
inner join {{ ref('int_audit') }} as audit using (audit_id)
left join {{ ref('stg_framework_domain') }} as domain on graded.domain = domain.domain
left join {{ ref('stg_framework_grade') }} as grade on graded.grade = grade.grade
where audit.completed_on is not null

{{ config(severity='warn') }}
-- Codes of the quality feeds that the council's framework does not know: their rows are kept, but have no grade, label
-- or step. A warning, since a feed may bring a new code before the council's file does.
with grade as (
    select overall_grade as code from {{ ref('stg_audit') }}
    union all
    select moderated_grade from {{ ref('stg_audit') }}
    union all
    select grade from {{ ref('stg_audit_domain') }}
),

used as (
    select 'grade' as kind, grade.code, known.grade as known_code
    from grade
    left join {{ ref('stg_framework_grade') }} as known on grade.code = known.grade
    union all
    select 'audit type', audit.audit_type, known.audit_type as known_code
    from {{ ref('stg_audit') }} as audit
    left join {{ ref('stg_framework_audit_type') }} as known using (audit_type)
    union all
    select 'domain', audit_domain.domain, known.domain as known_code
    from {{ ref('stg_audit_domain') }} as audit_domain
    left join {{ ref('stg_framework_domain') }} as known using (domain)
    union all
    -- A further time of a repeated step bears a number.
    select 'step', audit_step.step, known.step as known_code
    from {{ ref('stg_audit_step') }} as audit_step
    left join {{ ref('stg_framework_step') }} as known
        on known.step in (audit_step.step, regexp_replace(audit_step.step, '_[0-9]+$', ''))
    union all
    select 'source of feedback', feedback.source, known.feedback_source
    from {{ ref('stg_feedback') }} as feedback
    left join {{ ref('stg_framework_feedback_source') }} as known on feedback.source = known.feedback_source
)

select kind, code, count(*) as n
from used
where code is not null and known_code is null
group by kind, code

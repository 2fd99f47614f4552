{{ config(indexes=[{'columns': ['child_key', 'from_on']}]) }}
-- Who holds a child's case on each day: spans without overlap, `to_on` outside the span. Where several
-- workers are allocated at once, the latest start counts, then the highest id.
with held as (
    select
        child_key,
        involvement_id,
        worker_code,
        team_code,
        started_on,
        {{ known('ended_on') }} as ended_on
    from {{ ref('stg_ssd_involvements') }}
    where involvement_role = 'Allocated Case Worker' and started_on <= {{ as_at() }}
),

edges as (
    select child_key, started_on as edge_on from held
    union
    select child_key, ended_on from held where ended_on is not null
),

spans as (
    select
        child_key,
        edge_on as from_on,
        lead(edge_on) over (partition by child_key order by edge_on) as to_on
    from edges
)

select distinct on (spans.child_key, spans.from_on)
    spans.child_key,
    spans.from_on,
    spans.to_on,
    held.worker_code,
    held.team_code
from spans
inner join held
    on
        spans.child_key = held.child_key
        and {{ open_at('held.started_on', 'held.ended_on', 'spans.from_on') }}
order by spans.child_key, spans.from_on, held.started_on desc, held.involvement_id desc

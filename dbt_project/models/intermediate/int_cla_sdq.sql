-- One row a child and day with a strengths and difficulties score; the highest id where a day has two.
with scored as (
    select distinct on (child_key, completed_on)
        child_key,
        completed_on,
        score
    from {{ ref('stg_ssd_sdq_scores') }}
    where score is not null and completed_on <= {{ as_at() }}
    order by child_key, completed_on, sdq_id desc
)

select
    scored.*,
    lead(completed_on) over (partition by child_key order by completed_on) as next_completed_on
from scored

-- One row a spell of a social worker in the council's own registered posts (children's social work workforce census:
-- agency workers are not in it). Posts that overlap, or follow within 31 days, are one spell: a move within the service
-- is neither a start nor a leaving. Full-time equivalents are those of the posts begun on its first, or ended on its
-- last day.
with held as (
    select
        *,
        coalesce(
            started_on > max(coalesce(ended_on, 'infinity'::date)) over earlier_posts + 31, true
        ) as is_first
    from {{ ref('int_post') }}
    where is_registered and not is_vacant and not is_agency and fte is not null
    window earlier_posts as (
        partition by worker_code order by started_on, post_id rows between unbounded preceding and 1 preceding
    )
),

numbered as (
    select
        *,
        sum(is_first::int) over (partition by worker_code order by started_on, post_id) as spell_no
    from held
),

spanned as (
    select
        *,
        min(started_on) over spell as spell_started_on,
        max(coalesce(ended_on, 'infinity'::date)) over spell as spell_ended_on
    from numbered
    window spell as (partition by worker_code, spell_no)
)

select
    worker_code || '/' || spell_no as spell_id,
    worker_code,
    spell_started_on as started_on,
    nullif(spell_ended_on, 'infinity'::date) as ended_on,
    sum(fte) filter (where started_on = spell_started_on) as fte_at_start,
    sum(fte) filter (where ended_on = spell_ended_on) as fte_at_end,
    (array_agg(team_code order by started_on, post_id))[1] as first_team_code,
    (array_agg(team_code order by started_on desc, post_id desc))[1] as last_team_code,
    min(feed) as feed,
    (array_agg(delivery_id order by started_on desc, post_id desc))[1] as delivery_id,
    (array_agg(row_no order by started_on desc, post_id desc))[1] as row_no
from spanned
group by worker_code, spell_no, spell_started_on, spell_ended_on

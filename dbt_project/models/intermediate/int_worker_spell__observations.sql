-- Social workers who started and left, and the leavers of the 12 months to each snapshot day, who stand above the line
-- of turnover; those in post stand below it (int_social_worker__observations). Who started and left within the 12
-- months is no leaver of turnover (children's social work workforce census).
select
    'WF-10' as indicator_id,
    spell_id as case_id,
    null::text as child_key,
    worker_code,
    first_team_code as team_code,
    started_on as observed_on,
    fte_at_start as numerator,
    null::numeric as denominator,
    null as detail,
    feed,
    delivery_id,
    row_no
from {{ ref('int_worker_spell') }}
union all
select
    'WF-11', spell_id, null, worker_code, last_team_code, ended_on, fte_at_end, null, null, feed, delivery_id, row_no
from {{ ref('int_worker_spell') }}
where ended_on is not null
union all
select
    'WF-03', spell.spell_id, null, spell.worker_code, spell.last_team_code, day.snapshot_on, spell.fte_at_end, 0, null,
    spell.feed, spell.delivery_id, spell.row_no
from {{ ref('int_worker_spell') }} as spell
inner join {{ ref('int_snapshot') }} as day
    on
        spell.ended_on <= day.snapshot_on
        and spell.ended_on > {{ add_months('day.snapshot_on', -12) }}
        and spell.started_on <= {{ add_months('day.snapshot_on', -12) }}

-- Clock T17_match: a match within six months of the decision for adoption (adoption guidance 2013, 4.2). It falls away
-- when the decision is reversed or the child leaves care without a match.
with owed as (
    select
        way.*,
        case when matched_on is null then least(reversed_on, left_care_on) end as fell_away_on
    from {{ ref('int_adoption') }} as way
    where decided_on is not null
)

select
    'T17_match' as clock_id,
    owed.permanence_id as case_id,
    owed.child_key,
    allocation.worker_code,
    allocation.team_code,
    owed.decided_on as start_on,
    {{ add_months('owed.decided_on', 6) }} as due_on,
    owed.matched_on as done_on,
    owed.fell_away_on as ended_on,
    case
        when owed.fell_away_on = owed.reversed_on then 'The decision was reversed before a match was due.'
        else 'The child left care before a match was due.'
    end as reason,
    owed.feed,
    owed.delivery_id,
    owed.row_no
from owed
left join {{ ref('int_allocation') }} as allocation
    on {{ held_on('allocation', 'owed.child_key', duty_day('owed.matched_on', 'owed.fell_away_on')) }}
where {{ is_listed(add_months('owed.decided_on', 6), 'owed.matched_on', 'owed.fell_away_on') }}

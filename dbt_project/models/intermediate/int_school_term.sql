-- The last school term that had ended by each snapshot day. Terms end on 31 December, 31 March and 31 August, since
-- each school and year has its own dates.
select
    snapshot_on,
    case
        when next_month < 4 then make_date(next_year - 1, 9, 1)
        when next_month < 9 then make_date(next_year, 1, 1)
        else make_date(next_year, 4, 1)
    end as started_on,
    case
        when next_month < 4 then make_date(next_year - 1, 12, 31)
        when next_month < 9 then make_date(next_year, 3, 31)
        else make_date(next_year, 8, 31)
    end as ended_on
from (
    select
        snapshot_on,
        extract(month from snapshot_on + 1)::int as next_month,
        extract(year from snapshot_on + 1)::int as next_year
    from {{ ref('int_snapshot') }}
) as day

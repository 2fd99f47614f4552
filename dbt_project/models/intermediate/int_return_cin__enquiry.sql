-- One row a section 47 enquiry that the year's CIN census or an earlier one tells of, as known on 31 March. The initial
-- conference is due 15 working days after it (CIN census guide 2023-24, 4.12).
with known as (
    select distinct on (
        year.collection_year, enquiry.child_key, enquiry.referred_on, enquiry.referral_no,
        enquiry.started_on, enquiry.section47_no
    )
        year.collection_year, year.first_on, year.last_on, year.returns_from,
        enquiry.child_key, enquiry.started_on,
        case when enquiry.initial_conference_on <= year.last_on then enquiry.initial_conference_on end
            as conference_held_on,
        coalesce(enquiry.conference_not_required in ('1', 'true'), false) as is_conference_unnecessary
    from {{ ref('int_return__year') }} as year
    inner join {{ ref('stg_cin_section47') }} as enquiry on year.collection_year >= enquiry.census_year
    where year.return = 'cin' and enquiry.started_on <= year.last_on
    order by
        year.collection_year, enquiry.child_key, enquiry.referred_on, enquiry.referral_no,
        enquiry.started_on, enquiry.section47_no, enquiry.census_year desc
),

chained as (
    select
        known.*,
        max(started_on) over (
            partition by collection_year, child_key
            order by started_on groups between 1 preceding and 1 preceding
        ) as previous_started_on
    from known
)

select
    chained.*,
    conference_limit.last_on as conference_due_on,
    case
        when {{ is_within_12_months('previous_started_on', 'started_on') }} then true
        when {{ add_months('started_on', -12) }} >= returns_from then false
    end as is_repeat
from chained
{{ join_working_day_limit('conference_limit', 'chained.started_on', 15) }}

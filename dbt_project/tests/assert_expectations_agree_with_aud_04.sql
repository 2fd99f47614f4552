-- The indicator and the list that explains it give the same figures.
with listed as (
    select sum(least(done, expected)) as numerator, sum(expected) as denominator
    from {{ ref('fct_expectation') }}
    where is_complete
),

observed as (
    select sum(numerator) as numerator, sum(denominator) as denominator
    from {{ ref('fct_observation') }}
    where indicator_id = 'AUD-04'
)

select listed.*
from listed
inner join observed
    on (listed.numerator, listed.denominator) is distinct from (observed.numerator, observed.denominator)

select
    expectation,
    label,
    position,
    activity,
    role,
    per,
    number,
    every_months,
    from_month,
    scope
from {{ source('framework', 'framework_expectation') }}
where {{ of_council() }}

-- Hours decide in MIS-05, days are shown in the list of duties: both call the same interviews in time.
with counted as (
    select missing_id
    from {{ ref('int_missing') }}
    where missing_type = 'M' and is_interviewed_in_time
),

listed as (
    select case_id as missing_id
    from {{ ref('fct_duty') }}
    where clock_id = 'T16' and state = 'met'
)

(select * from counted except select * from listed)
union all
(select * from listed except select * from counted)

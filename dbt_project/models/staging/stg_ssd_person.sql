-- The exact date of birth comes from identity for the rules; no mart shows it.
select
    p.pers_person_id as child_key,
    i.pers_dob as birth_on,
    i.pers_expected_dob as expected_birth_on,
    p.pers_dob as birth_month,
    p.pers_death_date as died_on,
    coalesce(p.pers_sex, 'U') as sex,
    p.pers_ethnicity as ethnicity_code,
    {{ origin('ssd_person') | replace('delivery_id', 'p.delivery_id') | replace('row_no', 'p.row_no') }}
from {{ source('raw', 'ssd_person') }} as p
inner join {{ source('identity', 'ssd_person') }} as i using (delivery_id, row_no)
where {{ in_force('p') }}

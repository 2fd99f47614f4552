{{ config(materialized='view') }}
-- What every figure is added up from. Kept in tables by subject, which are made side by side: an indicator has its
-- observations in one of them.
{% for subject in ['need', 'care', 'beside_care', 'practice'] %}
select * from {{ ref('int_observation__' ~ subject) }}
{% if not loop.last %}union all{% endif %}
{% endfor %}

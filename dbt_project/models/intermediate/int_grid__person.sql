-- Every child under a number, with the numbers of the child's categories and the first days of each age band. A
-- birthday on 29 February falls on 1 March in other years.
with person as (
    select
        *,
        case when is_uasc then 'yes' when not is_uasc then 'no' end as uasc
    from {{ ref('int_person') }}
)

select
    person.child_key,
    row_number() over (order by person.child_key)::int as child_no,
    person.birth_on,
    {% for years in [1, 5, 10, 16, 18] %}
    greatest(
        {{ add_months('person.birth_on', years * 12) }}, {{ add_months('(person.birth_on - 1)', years * 12) }} + 1
    ) as aged_{{ years }}_on,
    {% endfor %}
    {% for breakdown in ['sex', 'ethnicity', 'disability', 'uasc'] %}
    {{ breakdown }}.category::text as {{ breakdown }},
    {{ breakdown }}.category_no as {{ breakdown }}_no{{ ',' if not loop.last }}
    {% endfor %}
from person
{% for breakdown in ['sex', 'ethnicity', 'disability', 'uasc'] %}
left join {{ ref('int_grid__category') }} as {{ breakdown }}
    on {{ breakdown }}.breakdown = '{{ breakdown }}' and person.{{ breakdown }} = {{ breakdown }}.category
{% endfor %}

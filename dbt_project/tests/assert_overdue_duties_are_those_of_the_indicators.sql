-- What the list of duties calls overdue at the as-at date is what the indicators count as overdue on that day. A clock
-- whose feed holds nothing owes nothing and is not compared.
{% set pairs = [
    ('T02', 'ASM-05', 'numerator = 1'),
    ('T03', 'S47-10', 'numerator = 1'),
    ('T05', 'CP-15', 'numerator = 1'),
    ('T07', 'CP-12', 'numerator = 0'),
    ('L01', 'CIN-13', 'numerator = 0'),
] %}
with counted as (
    {% for clock, indicator, is_overdue in pairs %}
    select
        '{{ clock }}' as clock,
        case_id
    from {{ ref('fct_observation') }}
    where indicator_id = '{{ indicator }}' and observed_on = {{ as_at() }} and {{ is_overdue }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

listed as (
    select
        split_part(clock_id, '_', 1) as clock,
        case_id
    from {{ ref('fct_duty') }}
    where state = 'overdue' and split_part(clock_id, '_', 1) in ('T02', 'T03', 'T05', 'T07', 'L01')
)

(
    select * from counted
    where clock in (select split_part(clock_id, '_', 1) from {{ ref('fct_duty') }})
    except all
    select * from listed
)
union all
(select * from listed except all select * from counted)

-- Where each child lived and what the child needed, in spans in which neither changed: spans of a child never overlap,
-- so that one join finds both on a day. Of several addresses in force the one that began last counts. The need is that
-- of the episode in force, of several the one that began last; without any, that of the last one begun.
with home as (
    select
        person.child_no,
        address.from_on,
        address.to_on,
        address.address_id,
        category.category_no
    from {{ ref('int_address') }} as address
    inner join {{ ref('int_grid__person') }} as person on address.child_key = person.child_key
    left join {{ ref('int_grid__category') }} as category
        on category.breakdown = 'locality' and address.locality = category.category
),

episode as (
    select
        person.child_no,
        referral.referred_on as from_on,
        referral.closed_on as to_on,
        referral.referral_id,
        category.category_no
    from {{ ref('int_referral') }} as referral
    inner join {{ ref('int_grid__person') }} as person on referral.child_key = person.child_key
    left join {{ ref('int_grid__category') }} as category
        on category.breakdown = 'need' and referral.primary_need_code = category.category
),

change as (
    {% for records in ['home', 'episode'] %}
    select child_no, from_on from {{ records }}
    union
    select child_no, to_on from {{ records }} where to_on is not null
    {% if not loop.last %}union{% endif %}
    {% endfor %}
),

home_on as (
    select distinct on (change.child_no, change.from_on)
        change.child_no, change.from_on, home.category_no
    from change
    inner join home
        on change.child_no = home.child_no and {{ open_at('home.from_on', 'home.to_on', 'change.from_on') }}
    order by change.child_no, change.from_on, home.from_on desc, home.address_id desc
),

need_on as (
    select distinct on (change.child_no, change.from_on)
        change.child_no, change.from_on, episode.category_no
    from change
    inner join episode on change.child_no = episode.child_no and change.from_on >= episode.from_on
    order by
        change.child_no, change.from_on,
        {{ open_at('episode.from_on', 'episode.to_on', 'change.from_on') }} desc,
        episode.from_on desc, episode.referral_id desc
),

state as (
    select
        child_no, from_on, home_on.category_no as locality_no, need_on.category_no as need_no,
        lag(home_on.category_no) over by_child as earlier_locality_no,
        lag(need_on.category_no) over by_child as earlier_need_no
    from change
    left join home_on using (child_no, from_on)
    left join need_on using (child_no, from_on)
    window by_child as (partition by child_no order by from_on)
),

span as (
    select
        child_no, from_on, lead(from_on) over (partition by child_no order by from_on) as to_on, locality_no, need_no
    from state
    where locality_no is distinct from earlier_locality_no or need_no is distinct from earlier_need_no
)

select
    child_no::int as child_no,
    from_on::date as from_on,
    to_on::date as to_on,
    locality_no::smallint as locality_no,
    need_no::smallint as need_no
from span
where locality_no is not null or need_no is not null

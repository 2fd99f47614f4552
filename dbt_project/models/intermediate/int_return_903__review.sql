-- One row a child looked after on 31 March with a review held or owed by then: whether each review of the year was in
-- time and none is overdue (Care Planning Regulations 2010, reg 33: the first within 20 working days, the second within
-- three months of it, each later one within six months). Where care began before the returns do, the last review before
-- them is not known: it is taken to have been on the last day before them, the kindest that it can be (our rule).
with cohort as (
    select
        child.collection_year, child.child_key, child.first_on, child.last_on, child.care_started_on,
        (child.is_care_start_known and child.care_started_on >= child.returns_from) as is_whole,
        greatest(child.care_started_on, child.returns_from - 1) as chain_from,
        first_limit.last_on as first_due_on
    from {{ ref('int_return_903__year_end') }} as child
    {{ join_working_day_limit('first_limit', 'child.care_started_on', 20) }}
),

held as (
    select distinct cohort.collection_year, cohort.child_key, review.reviewed_on
    from cohort
    inner join {{ ref('stg_ssda903_reviews') }} as review
        on cohort.child_key = review.child_key and cohort.collection_year >= review.collection_year
    where review.reviewed_on > cohort.chain_from and review.reviewed_on <= cohort.last_on
),

step as (
    select collection_year, child_key, chain_from as from_on, 0 as review_no from cohort
    union all
    select
        collection_year, child_key, reviewed_on,
        row_number() over (partition by collection_year, child_key order by reviewed_on)
    from held
),

link as (
    select
        step.*, cohort.first_on, cohort.last_on,
        lead(step.from_on) over (partition by step.collection_year, step.child_key order by step.review_no) as done_on,
        case
            when not cohort.is_whole then {{ add_months('step.from_on', 6) }}
            when step.review_no = 0 then cohort.first_due_on
            when step.review_no = 1 then {{ add_months('step.from_on', 3) }}
            else {{ add_months('step.from_on', 6) }}
        end as due_on
    from step
    inner join cohort using (collection_year, child_key)
)

select
    collection_year, child_key,
    bool_and(coalesce(done_on, last_on) <= due_on) filter (where done_on is null or done_on >= first_on) as is_in_time
from link
group by 1, 2, last_on
having bool_or(done_on is not null) or bool_or(due_on < last_on)

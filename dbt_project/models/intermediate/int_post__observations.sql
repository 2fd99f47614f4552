-- Registered social work posts open on each snapshot day, in full-time equivalents (children's social work
-- workforce census). A vacancy that an agency worker covers is still a vacancy; agency workers who cover none are in
-- neither part of the vacancy rate.
select
    rule.indicator_id,
    post.post_id as case_id,
    null::text as child_key,
    post.worker_code,
    post.team_code,
    day.snapshot_on as observed_on,
    rule.numerator,
    rule.denominator,
    null as detail,
    post.feed,
    post.delivery_id,
    post.row_no
from {{ ref('int_post') }} as post
inner join {{ ref('int_snapshot') }} as day
    on {{ open_at('post.started_on', 'post.ended_on', 'day.snapshot_on') }}
cross join lateral (
    values
    ('WF-01', case when not post.is_vacant and not post.is_agency then post.fte end, null::numeric),
    (
        'WF-02',
        case when post.is_vacant or post.is_covering_vacancy then post.fte when not post.is_agency then 0 end,
        post.fte
    ),
    (
        'WF-04',
        case when post.is_agency then post.fte when not post.is_vacant then 0 end,
        post.fte
    ),
    (
        'WF-05',
        case when post.is_covering_vacancy then post.fte when not post.is_covering_vacancy then 0 end,
        post.fte
    ),
    (
        'WF-06',
        case when post.is_covering_vacancy then post.fte when post.is_vacant then 0 end,
        post.fte
    )
) as rule (indicator_id, numerator, denominator)
where post.is_registered and post.fte is not null and rule.numerator is not null

-- One row a figure of the SSDA903 and child or event that counts in it. `numerator` left empty: the case belongs to the
-- figure, but needs an earlier return, or an answer, that is not here. Nothing stands here for a child out of cohort.
with year_end as (
    select
        child.collection_year, rule.indicator_id, child.child_key, child.last_on as happened_on,
        rule.numerator, rule.denominator, rule.detail
    from {{ ref('int_return_903__year_end') }} as child
    cross join lateral (
        values
        ('CLA-01', true, 1::numeric, null::int, child.legal_status),
        ('CLA-07', true, child.is_uasc::int, 1, null),
        ('CLA-17', true, (child.workers >= 3)::int, 1, null),
        ('PLC-01', true, (child.placements_in_year >= 3)::int, 1, null),
        (
            'PLC-02', child.is_stability_asked is not false,
            case when child.is_stability_asked then child.is_settled::int end, 1, null
        ),
        (
            'PLC-03', child.is_two_years is not false,
            case when child.is_two_years then child.is_three_in_two_years::int end, 1, null
        ),
        ('PLC-06', true, coalesce(child.placement in ('U1', 'U2', 'U3', 'U4', 'U5', 'U6'), false)::int, 1, null),
        ('PLC-07', true, coalesce(child.placement in ('K1', 'K2'), false)::int, 1, null),
        ('PLC-08', true, coalesce(child.placement in ('H5', 'P2', 'K3'), false)::int, 1, null),
        ('PLC-09', true, coalesce(child.placement in ('R1', 'R2', 'R3', 'R5', 'S1'), false)::int, 1, null),
        (
            'PLC-10', true,
            coalesce(
                child.placement in ('Z1', 'Z11', 'Z12', 'Z13', 'Z14', 'T0', 'T1', 'T2', 'T3', 'T4'), false
            )::int, 1, null
        ),
        ('PLC-11', true, coalesce(child.placement = 'P1', false)::int, 1, null),
        ('PLC-13', true, 1, null, coalesce(child.placement_provider, 'not recorded'))
    ) as rule (indicator_id, is_in_cohort, numerator, denominator, detail)
    where rule.is_in_cohort
),

reviewed as (
    select collection_year, 'CLA-15', child_key, null::date, is_in_time::int, 1, null
    from {{ ref('int_return_903__review') }}
),

-- A child who started twice in the year counts once, with the first start.
started as (
    select distinct on (episode.collection_year, episode.child_key)
        episode.collection_year, episode.child_key, episode.started_on,
        exists(
            select 1 from {{ ref('stg_ssda903_uasc') }} as uasc
            where
                uasc.collection_year = episode.collection_year
                and uasc.child_key = episode.child_key
                and (uasc.uasc_ended_on is null or uasc.uasc_ended_on > episode.started_on)
        ) as is_uasc
    from {{ ref('int_return_903__episode') }} as episode
    where episode.start_reason = 'S' and episode.started_on >= episode.first_on and not episode.is_short_break
    order by episode.collection_year, episode.child_key, episode.started_on
),

flow as (
    select collection_year, 'CLA-03' as indicator_id, child_key, started_on, 1 as numerator, null::int, null
    from started
    union all
    select collection_year, 'CLA-08', child_key, started_on, is_uasc::int, 1, null from started
    union all
    select
        ceased.collection_year, rule.indicator_id, ceased.child_key, ceased.ended_on,
        rule.numerator, rule.denominator, rule.detail
    from {{ ref('int_return_903__ceased') }} as ceased
    cross join lateral (
        values
        ('CLA-05', true, 1, null::int, ceased.end_reason),
        ('CLA-10', true, (ceased.end_reason in ('E43', 'E44', 'E45', 'E46', 'E47', 'E48'))::int, 1, null),
        ('CLA-11', true, (ceased.end_reason = 'E41')::int, 1, null),
        ('CLA-12a', true, (ceased.end_reason = 'E4A')::int, 1, null),
        ('CLA-12b', true, (ceased.end_reason = 'E4B')::int, 1, null),
        ('ADO-01', ceased.is_adopted, 1, null, null),
        ('ADO-02', true, ceased.is_adopted::int, 1, null),
        ('ADO-02a', ceased.is_adopted, (ceased.end_reason = 'E11')::int, 1, null),
        ('ADO-02b', ceased.is_adopted, (ceased.end_reason = 'E12')::int, 1, null),
        (
            'ADO-04', ceased.is_adopted,
            case when ceased.is_care_start_known then ceased.decided_on - ceased.care_started_on end, 1, null
        ),
        ('ADO-05', ceased.is_adopted, ceased.matched_on - ceased.decided_on, 1, null),
        ('ADO-06', ceased.is_adopted, ceased.moved_in_on - ceased.matched_on, 1, null),
        (
            'ADO-07', ceased.is_adopted,
            case when ceased.is_care_start_known then ceased.moved_in_on - ceased.care_started_on end, 1, null
        ),
        ('ADO-08', ceased.is_adopted, ceased.ended_on - ceased.moved_in_on, 1, null),
        (
            'ADO-09', ceased.is_adopted,
            case when ceased.is_care_start_known then ceased.ended_on - ceased.care_started_on end, 1, null
        )
    ) as rule (indicator_id, is_in_cohort, numerator, denominator, detail)
    where rule.is_in_cohort
),

moved as (
    select
        collection_year, 'PLC-12', child_key, ended_on, 1, null::int,
        coalesce(placement_change_reason, 'not recorded')
    from {{ ref('int_return_903__episode') }} as episode
    where
        ended_on >= first_on and end_reason = 'X1' and not is_short_break
        and exists (
            select 1 from {{ ref('int_return_903__episode') }} as next_episode
            where
                next_episode.collection_year = episode.collection_year
                and next_episode.child_key = episode.child_key
                and next_episode.started_on = episode.ended_on
                and next_episode.start_reason in ('P', 'B', 'T', 'U')
        )
),

outcome as (
    select child.collection_year, rule.indicator_id, child.child_key, null::date, rule.numerator, 1, null
    from {{ ref('int_return_903__outcome') }} as child
    cross join lateral (
        values
        ('HLT-03', true, child.is_assessed::int),
        ('HLT-04', true, child.is_dental_checked::int),
        ('HLT-05', true, child.is_immunised::int),
        ('HLT-06', child.is_development_checked is not null, child.is_development_checked::int),
        ('HLT-07', child.sdq_score is not null, child.sdq_score),
        ('HLT-07a', child.sdq_score is not null, (child.sdq_score <= 13)::int),
        ('HLT-07b', child.sdq_score is not null, (child.sdq_score between 14 and 16)::int),
        ('HLT-07c', child.sdq_score is not null, (child.sdq_score >= 17)::int),
        ('HLT-08', child.is_score_asked, case when child.is_reported then (child.sdq_score is not null)::int end),
        ('HLT-09', true, child.is_misusing::int),
        ('HLT-10', child.is_misusing, coalesce(child.is_helped, false)::int),
        ('HLT-11', child.is_misusing, (child.is_offered and not coalesce(child.is_helped, false))::int),
        ('OFF-01', child.is_convicted is not null, case when child.is_reported then child.is_convicted::int end)
    ) as rule (indicator_id, is_in_cohort, numerator)
    where rule.is_in_cohort
),

leaver as (
    select child.collection_year, rule.indicator_id, child.child_key, null::date, rule.numerator, rule.denominator, null
    from {{ ref('int_return_903__leaver') }} as child
    cross join lateral (
        select
            child.age >= 19 as is_19_to_21,
            child.home not in ('G', 'H', 'R') as is_housed_here,
            (child.activity in ('F1', 'P1', 'F2', 'P2', 'F3', 'P3', 'F4', 'P4', 'F5', 'P5'))::int as is_active,
            (child.activity in ('G4', 'G5', 'G6'))::int as is_inactive
    ) as state
    cross join lateral (
        values
        ('CL-01', state.is_19_to_21, 1, null::int),
        ('CL-02', true, (child.in_touch = 'YES')::int, 1),
        ('CL-03', state.is_19_to_21, (child.in_touch = 'NO')::int, 1),
        ('CL-04', state.is_19_to_21 and state.is_housed_here, child.is_suitable::int, 1),
        ('CL-04_17-18', not state.is_19_to_21 and state.is_housed_here, child.is_suitable::int, 1),
        ('CL-05', state.is_19_to_21, state.is_active, 1),
        ('CL-05_17-18', not state.is_19_to_21, state.is_active, 1),
        ('CL-06', state.is_19_to_21, state.is_inactive, 1),
        ('CL-06_17-18', not state.is_19_to_21, state.is_inactive, 1),
        ('CL-07', state.is_19_to_21, (child.activity in ('F1', 'P1'))::int, 1),
        ('CL-07b', state.is_19_to_21, (child.activity in ('F4', 'P4'))::int, 1),
        (
            'CL-08', child.age between 19 and 20 and child.is_fostered_until_18 is not false,
            case when child.is_fostered_until_18 then (child.home = 'Z')::int end, 1
        )
    ) as rule (indicator_id, is_in_cohort, numerator, denominator)
    where rule.is_in_cohort
),

taking_part as (
    select
        review.collection_year, 'CLA-16', review.child_key, review.reviewed_on,
        (review.participation in ('PN1', 'PN2', 'PN3', 'PN4', 'PN5', 'PN6'))::int, 1, null
    from {{ ref('stg_ssda903_reviews') }} as review
    inner join {{ ref('int_return__child') }} as child
        on
            review.collection_year = child.collection_year
            and review.child_key = child.child_key
            and child.return = '903'
    inner join {{ ref('int_return__year') }} as year
        on child.collection_year = year.collection_year and child.return = year.return
    where
        review.participation <> 'PN0'
        and {{ age_years('child.birth_on', 'review.reviewed_on') }} >= 4
        and review.reviewed_on between year.first_on and year.last_on
),

absence as (
    select
        missing.collection_year, missing.child_key, missing.missing_type, missing.started_on,
        missing.started_on >= year.first_on as is_of_year
    from {{ ref('stg_ssda903_missing') }} as missing
    inner join {{ ref('int_return__year') }} as year
        on missing.collection_year = year.collection_year and year.return = '903'
    where missing.started_on <= year.last_on and (missing.ended_on is null or missing.ended_on >= year.first_on)
),

cared as (
    select collection_year, child_key
    from {{ ref('int_return_903__episode') }}
    where not is_short_break and (ended_on is null or ended_on >= first_on)
    group by 1, 2
),

missing as (
    select collection_year, 'MIS-01', child_key, started_on, 1, null::int, null
    from absence
    where missing_type = 'M' and is_of_year
    union all
    select
        cared.collection_year, rule.indicator_id, cared.child_key, null, rule.is_absent::int, 1, null
    from cared
    cross join lateral (
        select
            coalesce(bool_or(absence.missing_type = 'M'), false) as is_missing,
            coalesce(bool_or(absence.missing_type = 'A'), false) as is_away
        from absence
        where absence.collection_year = cared.collection_year and absence.child_key = cared.child_key
    ) as year
    cross join lateral (
        values
        ('MIS-02', year.is_missing),
        ('MIS-03', year.is_away)
    ) as rule (indicator_id, is_absent)
)

select * from year_end
union all
select * from reviewed
union all
select * from flow
union all
select * from moved
union all
select * from outcome
union all
select * from leaver
union all
select * from taking_part
union all
select * from missing

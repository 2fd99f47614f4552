-- One row a child whom the SSDA903 asks for outcomes (OC2): looked after in the year without a start after 1 April, an
-- end before 31 March (save X1) or an episode of short breaks (V3, V4), as the open validator of the return reads it
-- (csc-validator-be-903). Ages: the score from four on 1 April to under 17 on 31 March (rule 186), convictions from ten
-- (rules 542, 543), development checks under five (rules 545, 546). What the return leaves blank is nothing.
with continuous as (
    select collection_year, child_key
    from {{ ref('int_return_903__episode') }}
    where ended_on is null or ended_on >= first_on
    group by collection_year, child_key
    having
        not bool_or(start_reason = 'S' and started_on > first_on)
        and not bool_or(coalesce(end_reason <> 'X1' and ended_on < last_on, false))
        and not bool_or(is_short_break)
)

select
    continuous.collection_year,
    continuous.child_key,
    (outcome.child_key is not null) as is_reported,
    outcome.health_assessment = '1' as is_assessed,
    outcome.teeth_check = '1' as is_dental_checked,
    outcome.immunisations = '1' as is_immunised,
    case when child.age_at_end < 5 then outcome.health_check = '1' end as is_development_checked,
    case when child.age_at_start >= 4 and child.age_at_end < 17 then outcome.sdq_score end as sdq_score,
    (child.age_at_start >= 4 and child.age_at_end < 17) as is_score_asked,
    case when child.age_at_end >= 10 then coalesce(outcome.convicted = '1', false) end as is_convicted,
    outcome.substance_misuse = '1' as is_misusing,
    outcome.intervention_received = '1' as is_helped,
    outcome.intervention_offered = '1' as is_offered
from continuous
left join {{ ref('stg_ssda903_oc2') }} as outcome using (collection_year, child_key)
left join {{ ref('int_return__child') }} as child
    on
        continuous.collection_year = child.collection_year
        and continuous.child_key = child.child_key
        and child.return = '903'

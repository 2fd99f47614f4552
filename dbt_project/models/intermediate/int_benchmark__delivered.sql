-- Figures of the delivered national statistics files, one line an indicator.
select
    measure.indicator_id, file.area_code, file.period_end,
    measure.value, measure.status, measure.numerator, measure.denominator, file.delivery_id, file.row_no, file.feed
from {{ ref('stg_ees_referrals') }} as file
cross join lateral (
    values
    ('REF-01', referrals, referrals_status, referrals, null::numeric),
    ('REF-02', referrals_rate, referrals_rate_status, referrals, null),
    ('REF-03', rereferrals_percent, rereferrals_percent_status, rereferrals, referrals),
    ('REF-04', nfa_percent, nfa_percent_status, nfa, referrals),
    ('REF-05', not_in_need_percent, not_in_need_percent_status, not_in_need, referrals)
) as measure (indicator_id, value, status, numerator, denominator)
union all
select
    measure.indicator_id, file.area_code, file.period_end,
    measure.value, measure.status, measure.numerator, measure.denominator, file.delivery_id, file.row_no, file.feed
from {{ ref('stg_ees_assessments') }} as file
cross join lateral (
    values
    ('ASM-01', completed, completed_status, completed, null::numeric),
    ('ASM-03', round(100 * in_45_days / nullif(completed, 0), 1), in_45_days_status, in_45_days, completed),
    ('ASM-10', median_days, median_days_status, null, null)
) as measure (indicator_id, value, status, numerator, denominator)
union all
select
    measure.indicator_id, file.area_code, file.period_end,
    measure.value, measure.status, measure.numerator, measure.denominator, file.delivery_id, file.row_no, file.feed
from {{ ref('stg_ees_section47_conferences') }} as file
cross join lateral (
    values
    ('S47-01', section_47, section_47_status, section_47, null::numeric),
    ('S47-02', section_47_rate, section_47_rate_status, section_47, null),
    ('S47-06', conference_rate, conference_rate_status, conferences, null),
    ('S47-07', round(100 * in_15_days / nullif(conferences, 0), 1), in_15_days_status, in_15_days, conferences)
) as measure (indicator_id, value, status, numerator, denominator)
union all
select
    measure.indicator_id, file.area_code, file.period_end,
    measure.value, measure.status, measure.numerator, measure.denominator, file.delivery_id, file.row_no, file.feed
from {{ ref('stg_ees_cp_reviews') }} as file
cross join lateral (
    values
    ('CP-10', in_time_percent, in_time_percent_status, in_time, plans)
) as measure (indicator_id, value, status, numerator, denominator)

{{ config(severity='warn') }}
-- A looked-after child is somewhere, on some legal ground. Where a record is missing the child stays in the figures:
-- visits are counted from the episode's start, and the child is in no group of placements.
select
    child_key,
    snapshot_on
from {{ ref('int_cla__cohort') }}
where snapshot_on = {{ as_at() }} and (placement_type is null or legal_status is null)

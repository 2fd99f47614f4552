select
    dept_team_id as team_code,
    dept_team_name as team_name,
    dept_team_parent_id as parent_code,
    {{ origin('ssd_department') }}
from {{ source('raw', 'ssd_department') }}
where {{ in_force() }}

{#- Level and unit of a row that `rollup (team.service_code, team.team_code)` adds up to. -#}
{% macro rolled_up_place() -%}
    case grouping(team.service_code, team.team_code) when 0 then 'team' when 1 then 'service' else 'council' end
        as level,
    case grouping(team.service_code, team.team_code)
        when 0 then team.team_code when 1 then team.service_code else '{{ var("council") }}'
    end as unit_code
{%- endmacro %}

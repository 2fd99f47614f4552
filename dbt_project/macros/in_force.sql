{#- The rows of a feed that are in force: held by the latest accepted delivery, not yet replaced. With
    `known_at`, those that were in force at the end of that day, by the deliveries known then. -#}
{% macro in_force(alias='') -%}
    {%- set own = alias ~ '.' if alias else '' -%}
    {%- set known_at = var('known_at', dbt_metadata_envs.get('SIGHTLINE_KNOWN_AT')) -%}
    {%- if known_at -%}
        {{ own }}delivery_id in (select delivery_id from ops.known_at('{{ var("council") }}', date '{{ known_at }}'))
        and (
            {{ own }}closed_by is null
            or {{ own }}closed_by not in (
                select delivery_id from ops.known_at('{{ var("council") }}', date '{{ known_at }}')
            )
        )
    {%- else -%}
        {{ own }}closed_by is null
    {%- endif %}
    and {{ own }}council = '{{ var("council") }}'
{%- endmacro %}

{#- Where a row came from: kept by every staging model, so that a figure opens into file and row. -#}
{% macro origin(feed) -%}
    '{{ feed }}'::text as feed,
    delivery_id,
    row_no
{%- endmacro %}

{#- The feeds of which a delivery was ever accepted: what the others would hold is unknown, not nothing. With
    `known_at`, by the end of that day. -#}
{% macro delivered_feeds() -%}
    {%- set known_at = var('known_at', dbt_metadata_envs.get('SIGHTLINE_KNOWN_AT')) -%}
    select distinct feed
    from {{ source('ops', 'delivery') }}
    where
        council = '{{ var("council") }}'
        {%- if known_at %}
        and delivery_id in (select delivery_id from ops.known_at('{{ var("council") }}', date '{{ known_at }}'))
        {%- else %}
        and state in ('loaded', 'unchanged')
        {%- endif %}
{%- endmacro %}

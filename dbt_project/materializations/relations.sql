{#- Tables and views are made under their own name, and what stood there goes in the same transaction. dbt's own way
    (made under another name, renamed, what was replaced dropped) is for readers of the schema; here no one reads it
    before the swap, and two statements a model are saved. Hooks outside the transaction, and grants, are not used. -#}
{% materialization table, adapter='postgres' %}
    {%- set relation = this.incorporate(type='table') -%}
    {%- do drop_standing(this) -%}
    {%- call statement('main') -%}
        {{ get_create_table_as_sql(False, relation, sql) }}
    {%- endcall -%}
    {%- do create_indexes(relation) -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do persist_docs(relation, model) -%}
    {%- do adapter.commit() -%}
    {{ return({'relations': [relation]}) }}
{% endmaterialization %}

{% materialization view, adapter='postgres' %}
    {%- set relation = this.incorporate(type='view') -%}
    {%- do drop_standing(this) -%}
    {%- call statement('main') -%}
        {{ get_create_view_as_sql(relation, sql) }}
    {%- endcall -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do persist_docs(relation, model) -%}
    {%- do adapter.commit() -%}
    {{ return({'relations': [relation]}) }}
{% endmaterialization %}

{% macro drop_standing(name) -%}
    {%- set standing = load_cached_relation(name) -%}
    {%- if standing is not none %}{% do adapter.drop_relation(standing) %}{% endif -%}
{%- endmacro %}

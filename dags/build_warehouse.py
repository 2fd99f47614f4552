"""Airflow DAG that builds the warehouse with dbt when feeds have changed."""

from airflow.sdk import DAG, AssetAny, task
from airflow.sdk.exceptions import AirflowSkipException

from ingest.spec import load_specs
from sightline.build import build
from sightline.schedule import DAG_DEFAULTS, as_at_of, feed_asset, mart_assets, run_params

DOC = """
One dbt run into schemas of its own; tests; one swap. Readers see the last tested version throughout.

**When it fails.** The log names the model or test. The last good figures stand, with their as-at date. Mend the
rule or the data and clear the task; nothing has to be tidied first.

Each mart is an asset: its event carries rows, seconds, tests passed and failed.
"""
MARTS = mart_assets()

with DAG(
    "build_warehouse",
    dag_display_name="Build the warehouse",
    schedule=AssetAny(*[feed_asset(feed) for feed in sorted(load_specs())]),
    doc_md=DOC,
    tags=["build", "dbt"],
    params=run_params(),
    **DAG_DEFAULTS,
):

    @task(outlets=list(MARTS.values()))
    def build_marts(**context) -> dict:
        """Run dbt once and report each mart on its asset."""
        result = build(context["params"]["council"], as_at_of(context))
        if result.state == "unchanged":
            raise AirflowSkipException("the warehouse is up to date")
        for mart in result.marts:
            context["outlet_events"][MARTS[mart.name]].extra = {
                "run_id": result.run_id,
                "rows": mart.rows,
                "seconds": mart.seconds,
                "tests_passed": mart.tests_passed,
                "tests_failed": mart.tests_failed,
            }
        return result.as_json()

    build_marts()

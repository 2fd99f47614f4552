"""Airflow DAGs that take the feeds in: one for each cadence, one task for each group of feeds."""

from itertools import groupby

from airflow.sdk import DAG, task
from airflow.sdk.exceptions import AirflowSkipException

from ingest.load import ingest_group
from ingest.spec import load_specs
from sightline.schedule import DAG_DEFAULTS, FEED_CRON, as_at_of, feed_asset, run_params, timetable
from sightline.settings import settings

DOC = """
Takes the {cadence} feeds from the council's inbox into `raw`: check, then `COPY`, in one transaction a file.

**When it fails.** A refused file names file, row and column in the task's log and in `sightline deliveries`;
rows set aside stand in `sightline rejects`. Mend the file and drop it again: the same bytes twice change nothing.

**Skipped** means that nothing new had come. Changed feeds set off `build_warehouse`.
"""


def load(group: str, feeds: list[str]):
    """Make the task of one group: rows are counted in its result, never shown."""

    @task(task_id=group, outlets=[feed_asset(feed) for feed in feeds])
    def load_group(**context) -> list[dict]:
        council, as_at = context["params"]["council"], as_at_of(context)
        results = ingest_group(settings().inbox(council), council, group, as_at)
        if not any(result.state == "loaded" for result in results):
            raise AirflowSkipException("nothing new has come")
        for feed in feeds:
            context["outlet_events"][feed_asset(feed)].extra = {"as_at": as_at.isoformat(), "council": council}
        return [result.model_dump(mode="json") for result in results]

    load_group()


specs = sorted(load_specs().values(), key=lambda spec: (spec.cadence, spec.group, spec.feed))
for cadence, of_cadence in groupby(specs, key=lambda spec: spec.cadence):
    with DAG(
        f"ingest_{cadence}",
        dag_display_name=f"Ingest: {cadence} feeds",
        schedule=timetable(FEED_CRON[cadence]),
        doc_md=DOC.format(cadence=cadence),
        tags=["ingest", cadence],
        params=run_params(),
        **DAG_DEFAULTS,
    ):
        for name, of_group in groupby(of_cadence, key=lambda spec: spec.group):
            load(name, [spec.feed for spec in of_group])

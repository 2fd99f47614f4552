"""Airflow DAGs that take the feeds in: one for each cadence, one task for each group of feeds."""

from itertools import groupby

from airflow.sdk import DAG, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from ingest.load import ingest_group
from ingest.spec import load_specs
from sightline.schedule import DAG_DEFAULTS, FEED_CRON, as_at_of, feed_asset, run_params, timetable
from sightline.settings import settings

DOC = """
Takes the {cadence} feeds from the council's inbox into `raw`: check, then `COPY`, in one transaction a file.

**When `refused` fails.** A file could not be taken in: the log and `sightline deliveries` name file, row and column.
Every other file is loaded and built. Mend the file and drop it again: the same bytes twice change nothing.

**Skipped** means that nothing new had come. Changed feeds set off `build_warehouse`.
"""


def load(group: str, feeds: list[str]):
    """Make the task of one group: rows are counted in its result, never shown."""

    @task(task_id=group, outlets=[feed_asset(feed) for feed in feeds])
    def load_group(**context) -> list[dict]:
        council, as_at = context["params"]["council"], as_at_of(context)
        results = ingest_group(settings().inbox(council), council, group, as_at, feeds=feeds)
        if not any(result.state in ("loaded", "held", "refused", "failed") for result in results):
            raise AirflowSkipException("nothing new has come")
        for feed in feeds:
            context["outlet_events"][feed_asset(feed)].extra = {"as_at": as_at.isoformat(), "council": council}
        return [result.as_json() for result in results]

    return load_group()


@task(trigger_rule="all_done")
def refused(groups: list) -> None:
    """Fail where a file was refused, after everything else has been loaded."""
    errors = [result["error"] for results in groups for result in results or [] if result["error"]]
    if errors:
        raise AirflowFailException("; ".join(errors))


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
        by_group = groupby(of_cadence, key=lambda spec: spec.group)
        refused([load(name, [spec.feed for spec in of_group]) for name, of_group in by_group])

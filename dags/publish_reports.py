"""Airflow DAGs that publish the reports: one for each cadence, one task for each report."""

from itertools import groupby

from airflow.sdk import DAG, Param, task

from publish.spec import reports
from sightline.periods import CADENCES, Period
from sightline.schedule import DAG_DEFAULTS, REPORT_CRON, as_at_of, mart_assets, run_params, timetable

DOC = """
Renders the {cadence} reports of the latest complete {kind}, releases them (HTML, PDF and XLSX from one result set) and
puts them into the outbox of each recipient that the council's file names. Weekly also the list of records to mend.

**When it fails.** A report is released whole or not at all; clear the task. A release never changes.
"""


def release(name: str):
    """Make the task of one report; its result names files and counts figures."""

    @task(task_id=name, inlets=list(mart_assets().values()))
    def release_report(**context) -> list[dict]:
        # Drawing is loaded in the task alone: the scheduler reads this file often.
        from publish.deliver import deliver
        from publish.release import publish

        params, as_at = context["params"], as_at_of(context)
        period = params["period"] or Period.latest_complete(as_at, CADENCES[reports()[name].cadence]).label
        deliver(releases := publish(name, params["council"], period, as_at), params["council"])
        return [{"path": str(one.page), "release_id": one.release_id, "is_new": one.is_new} for one in releases]

    release_report()


@task
def data_quality(**context) -> list[dict]:
    """Write the list of records to mend."""
    from sightline.quality import write_quality

    page, *_ = write_quality(context["params"]["council"], as_at_of(context))
    return [{"path": str(page.path), "release_id": None, "is_new": page.is_new}]


cadences = sorted((spec.cadence, name) for name, spec in reports().items())
for cadence, of_cadence in groupby(cadences, key=lambda pair: pair[0]):
    with DAG(
        f"publish_{cadence}",
        dag_display_name=f"Publish: {cadence} reports",
        schedule=timetable(REPORT_CRON[cadence]),
        doc_md=DOC.format(cadence=cadence, kind=CADENCES[cadence]),
        tags=["publish", cadence],
        params=run_params() | {"period": Param(None, type=["null", "string"], title="Period, such as 2026-Q2")},
        **DAG_DEFAULTS,
    ):
        for _cadence, report in of_cadence:
            release(report)
        if cadence == "weekly":
            data_quality()

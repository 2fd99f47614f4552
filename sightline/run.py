"""`make run`: the whole way, by the real scheduler, from extracts to reports."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from sightline import airflow_services, warehouse
from sightline.airflow_services import Airflow
from sightline.periods import CADENCES, Period
from sightline.settings import settings

Say = Callable[[str], None]
INGEST = ("ingest_monthly", "ingest_weekly", "ingest_daily")
PUBLISH = tuple(f"publish_{cadence}" for cadence in CADENCES)


def ensure_extracts(council: str, as_at: date, say: Say) -> Path:
    """Write the made-up council's extracts where its inbox does not hold them already."""
    from synthetic import generate

    inbox = settings().inbox(council)
    wanted = {
        "council": council,
        "children": settings().children,
        "years": settings().years,
        "seed": settings().seed,
        "as_at": as_at.isoformat(),
    }
    made = inbox / ".made_up.json"
    if made.exists() and json.loads(made.read_text()) == wanted:
        say(f"extracts of the made-up council stand in {inbox}")
        return inbox
    if inbox.exists() and any(inbox.glob("*.csv")) and not made.exists():
        say(f"extracts found in {inbox}: nothing is made up")
        return inbox
    say(f"writing a made-up council: {wanted['children']:,} children, {wanted['years']} years (all people are made up)")
    inbox.mkdir(parents=True, exist_ok=True)
    generate(inbox, council, settings().children, settings().years, settings().seed, as_at)
    made.write_text(json.dumps(wanted))
    return inbox


def run_all(airflow: Airflow, council: str, as_at: date, say: Say) -> list[str]:
    """Run the feeds, the build and every report of the latest complete periods; return the reports' paths."""
    conf = {"council": council, "as_at": as_at.isoformat()}
    airflow.wait_for_dags({*INGEST, "build_warehouse", *_publish_dags()})
    _ingest(airflow, conf, say)
    _build(airflow, conf, say)
    return list(_publish(airflow, conf, say))


def _publish_dags() -> list[str]:
    from publish.spec import reports

    wanted = {f"publish_{spec.cadence}" for spec in reports().values()}
    return [dag_id for dag_id in PUBLISH if dag_id in wanted]


def _has_protected(dag_id: str) -> bool:
    from publish.spec import reports

    return any(spec.is_protected and dag_id == f"publish_{spec.cadence}" for spec in reports().values())


def _ingest(airflow: Airflow, conf: dict, say: Say) -> None:
    """Monthly and weekly feeds first, while the build still rests; the daily feeds then set it off once."""
    started = {}
    for dag_id in INGEST[:2]:
        airflow.unpause(dag_id)
        started[dag_id] = airflow.trigger(dag_id, conf)
    for dag_id, run_id in started.items():
        airflow.wait_for(dag_id, run_id)
        say(f"{dag_id}: {_loaded(airflow, dag_id, run_id)}")
    airflow.unpause(INGEST[2])
    airflow.unpause("build_warehouse")
    run_id = airflow.trigger(INGEST[2], conf)
    airflow.wait_for(INGEST[2], run_id)
    say(f"{INGEST[2]}: {_loaded(airflow, INGEST[2], run_id)}")


def _loaded(airflow: Airflow, dag_id: str, run_id: str) -> str:
    read = inserted = rejected = files = 0
    for task in airflow.tasks(dag_id, run_id):
        for delivery in airflow.result_of(dag_id, run_id, task["task_id"]) or []:
            files += 1
            read += delivery["rows_read"]
            inserted += delivery["rows_inserted"]
            rejected += delivery["rows_rejected"]
    return f"{files} files, {read:,} rows read, {inserted:,} new, {rejected:,} set aside" if files else "nothing new"


def _build(airflow: Airflow, conf: dict, say: Say) -> None:
    """Wait for the build that the feeds set off; where they set off none, ask for one: it does only what is due."""
    waiting = [run for run in airflow.runs("build_warehouse") if run["state"] in ("queued", "running")]
    run_id = waiting[-1]["dag_run_id"] if waiting else airflow.trigger("build_warehouse", conf)
    airflow.wait_for("build_warehouse", run_id)
    result = airflow.result_of("build_warehouse", run_id, "build_marts")
    say(f"build_warehouse: {len(result['marts'])} marts" if result else "build_warehouse: up to date")


def _publish(airflow: Airflow, conf: dict, say: Say) -> Iterator[str]:
    """Publish every cadence; those with protected reports in turn, for what one hides hangs on those before it."""
    started, protected = {}, None
    for dag_id in _publish_dags():
        if _has_protected(dag_id):
            if protected:
                airflow.wait_for(protected, started[protected])
            protected = dag_id
        airflow.unpause(dag_id)
        started[dag_id] = airflow.trigger(dag_id, conf)
    for dag_id, run_id in started.items():
        airflow.wait_for(dag_id, run_id)
        for task in sorted(airflow.tasks(dag_id, run_id), key=lambda task: task["task_id"]):
            released = airflow.result_of(dag_id, run_id, task["task_id"]) or []
            say(f"{dag_id}: {task['task_id']}, {len(released)} released, {sum(one['is_new'] for one in released)} new")
            yield from (one["path"] for one in released)


def run(say: Say) -> list[str]:
    """Do everything from nothing, and leave no process behind."""
    council, as_at = settings().council, settings().as_at
    was_up = warehouse.is_embedded() and warehouse.server().is_up()
    ensure_extracts(council, as_at, say)
    say(f"as at {as_at:%d %B %Y}; latest complete: {', '.join(_latest(as_at))}")
    try:
        with airflow_services.started() as airflow:
            say("Airflow is up")
            return run_all(airflow, council, as_at, say)
    finally:
        if not was_up:
            warehouse.stop()


def _latest(as_at: date) -> list[str]:
    return [Period.latest_complete(as_at, kind).label for kind in CADENCES.values()]


def up(say: Say) -> Airflow:
    """Start Airflow and leave it running, with every DAG on its schedule."""
    already = airflow_services.running()
    if already:
        return already
    ensure_extracts(settings().council, settings().as_at, say)
    airflow = Airflow.prepare()
    airflow.start()
    airflow.wait_until_healthy()
    run_all(airflow, settings().council, settings().as_at, say)
    return airflow


def down() -> bool:
    """Stop what `up` started; return whether anything ran."""
    airflow = airflow_services.running()
    if airflow:
        airflow.stop()
    warehouse.stop()
    return airflow is not None

"""Audits, actions, alerts, feedback (contract section 5, AUD, ESC, FB); AUD-04 is in `expectation.py`."""

from .context import Context, count, share


def audits(context: Context):
    """AUD-01, AUD-02 at completion; AUD-05 at moderation."""
    is_good = {grade["id"]: grade["is_good"] for grade in context.council["grades"]}
    for audit in context.data["audits"]:
        who = context.own(audit.worker, audit.team)
        yield count("AUD-01", audit.id, audit.child, who, audit.completed_on, audit.grade)
        if audit.grade:
            yield share("AUD-02", audit.id, audit.child, who, audit.completed_on, is_good[audit.grade])
        if audit.moderated_on and audit.moderated_grade:
            agreed = audit.moderated_grade == audit.grade
            yield share("AUD-05", audit.id, audit.child, who, audit.moderated_on, agreed)


def re_audits(context: Context):
    """AUD-06: against the first audit of the chain, both graded; a better grade has a lower rank."""
    rank = {grade["id"]: grade["rank"] for grade in context.council["grades"]}
    by_id = {audit.id: audit for audit in context.data["audits"]}
    for audit in context.data["audits"]:
        first = audit
        while first and first.previous:
            first = by_id.get(first.previous)
        if first and first is not audit and audit.grade and first.grade:
            who = context.own(audit.worker, audit.team)
            improved = rank[audit.grade] < rank[first.grade]
            yield share("AUD-06", audit.id, audit.child, who, audit.completed_on, improved)


def actions(context: Context):
    """AUD-03: at the day an action was due, of its owner and the owner's team."""
    audits_by_id = {audit.id: audit for audit in context.data["audits"]}
    for action in context.data["actions"]:
        audit = audits_by_id.get(action.audit)
        child = audit.child if audit else None
        who = context.own(action.owner, action.team)
        in_time = action.done_on is not None and action.done_on <= action.due_on
        yield share("AUD-03", action.id, child, who, action.due_on, in_time)


def alerts(context: Context):
    """ESC-01."""
    for row in context.data["alerts"]:
        yield count("ESC-01", row.id, row.child, context.own(row.worker, row.team), row.on)


def feedback(context: Context):
    """FB-01, FB-02, FB-03."""
    for row in context.data["feedback"]:
        case = (row.id, row.child, context.own(row.worker, row.team), row.on)
        yield count("FB-01", *case, row.source)
        if row.sentiment:
            yield share("FB-02", *case, row.sentiment == "positive")
        if row.source == "complaint":
            yield count("FB-03", *case)


EVENTS = [audits, re_audits, actions, alerts, feedback]
SNAPSHOTS = []

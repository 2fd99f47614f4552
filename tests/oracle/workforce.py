"""Posts and caseloads (contract section 5, WF; WF-16 stands with the children in need)."""

from collections import defaultdict
from datetime import date, timedelta

from .calendar import add_months, working_days
from .context import UNALLOCATED, Context, Observation, Who, count, is_open


def posts(context: Context, at: date):
    """WF-01, WF-02, WF-04 to WF-06: registered social workers' posts, in full-time equivalents."""
    for post in context.data["posts"]:
        if post.registered != "Y" or not is_open(post, at):
            continue
        who = context.own(post.worker, post.team)
        is_vacant, is_agency = post.worker is None, post.agency == "Y"
        if not is_vacant and not is_agency:
            yield count("WF-01", post.id, None, who, at, number=post.fte)
        covers = post.covering == "Y" and is_agency and not is_vacant
        if is_vacant or covers or not is_agency:
            yield Observation("WF-02", post.id, None, *who, at, post.fte if is_vacant or covers else 0, post.fte, None)
        if not is_vacant:
            yield Observation("WF-04", post.id, None, *who, at, post.fte if is_agency else 0, post.fte, None)
        if is_agency and not is_vacant and post.covering:
            yield Observation("WF-05", post.id, None, *who, at, post.fte if covers else 0, post.fte, None)
        if is_vacant or covers:
            yield Observation("WF-06", post.id, None, *who, at, post.fte if covers else 0, post.fte, None)


def allocations_open(context: Context, at: date) -> dict[tuple[str, str], object]:
    """The latest open involvement as case worker of each (worker, child)."""
    latest = {}
    for row in sorted(context.data["involvements"], key=lambda row: (row.start, row.id)):
        if row.role == "Allocated Case Worker" and row.worker and is_open(row, at):
            latest[row.worker, row.child] = row
    return latest


def cases_held(context: Context, at: date):
    """WF-15: one for each child and case worker."""
    for (worker, child), row in allocations_open(context, at).items():
        yield count("WF-15", f"{child}/{worker}", child, context.own(worker, row.team), at)


def full_time_equivalents(context: Context, at: date) -> dict:
    """Each worker's FTE: of the posts held at the day, else as the list of professionals has it."""
    in_posts = defaultdict(int)
    for post in context.data["posts"]:
        if post.worker and is_open(post, at):
            in_posts[post.worker] += post.fte or 0
    return {row.id: row.fte or 0 for row in context.data["professionals"]} | in_posts


def caseloads(context: Context, at: date):
    """WF-08: children for each FTE of registered workers who hold cases; WF-09: the cases that they hold."""
    registered = {row.id for row in context.data["professionals"] if row.registration}
    fte = full_time_equivalents(context, at)
    children = defaultdict(list)
    for (worker, _), row in allocations_open(context, at).items():
        children[worker].append(row)
    for worker, rows in children.items():
        if worker not in registered:
            continue
        who = Who(worker, team_of(context, worker, rows, at))
        yield count("WF-09", worker, None, who, at, number=len(rows))
        if fte[worker] > 0:
            yield Observation("WF-08", worker, None, *who, at, len(rows), fte[worker], None)


def team_of(context: Context, worker: str, rows: list, at: date) -> str:
    """The team of the worker's latest post at the day, else of the latest of the involvements `rows`."""
    own_posts = [post for post in context.data["posts"] if post.worker == worker and is_open(post, at)]
    latest = max(own_posts or rows, key=lambda row: (row.start, row.id))
    return latest.team if latest.team in context.teams else UNALLOCATED


def own_posts(context: Context) -> dict[str, list]:
    """Registered posts that each worker held as the council's own, in the order in which they began."""
    held = defaultdict(list)
    for post in sorted(context.data["posts"], key=lambda post: (post.start, post.id)):
        if post.worker and post.registered == "Y" and post.agency != "Y" and post.fte is not None:
            held[post.worker].append(post)
    return held


def spells(context: Context):
    """(worker, number, posts, first day, last day) of each spell: posts with no more than 31 days between them."""
    for worker, posts_held in own_posts(context).items():
        groups, reached = [], None
        for post in posts_held:
            if reached is None or post.start > reached + timedelta(days=31):
                groups.append([])
                reached = date.min
            groups[-1].append(post)
            reached = max(reached, post.end or date.max - timedelta(days=31))
        for number, group in enumerate(groups, start=1):
            end = None if any(post.end is None for post in group) else max(post.end for post in group)
            yield worker, number, group, group[0].start, end


def joiners_and_leavers(context: Context):
    """WF-10, WF-11."""
    for worker, number, group, start, end in spells(context):
        begun = sum(post.fte for post in group if post.start == start)
        yield count("WF-10", f"{worker}/{number}", None, context.own(worker, group[0].team), start, number=begun)
        if end:
            ended = sum(post.fte for post in group if post.end == end)
            yield count("WF-11", f"{worker}/{number}", None, context.own(worker, group[-1].team), end, number=ended)


def turnover(context: Context, at: date):
    """WF-03, above the line: who was in post 12 months before and has left since."""
    year_before = add_months(at, -12)
    for worker, number, group, start, end in spells(context):
        if end and start <= year_before < end <= at:
            ended = sum(post.fte for post in group if post.end == end)
            who = context.own(worker, group[-1].team)
            yield Observation("WF-03", f"{worker}/{number}", None, *who, at, ended, 0, None)


def in_post(context: Context, at: date):
    """WF-03, below the line; WF-07, WF-12, WF-14."""
    holding_roles = {role["id"] for role in context.council.get("roles", []) if role.get("holds_cases")}
    holders = {worker for worker, _ in allocations_open(context, at)}
    sickness = context.data.by("absences", "worker")
    year_before = add_months(at, -12)
    for worker, posts_held in own_posts(context).items():
        current = [post for post in posts_held if is_open(post, at)]
        if not current:
            continue
        fte, case = sum(post.fte for post in current), (worker, None, *context.own(worker, current[-1].team), at)
        lost = sum(days_lost(context, row, year_before, at) for row in sickness.get(worker, []))
        is_idle = worker not in holders and current[-1].role in holding_roles
        yield Observation("WF-03", *case, 0, fte, None)
        yield Observation("WF-07", *case, lost, fte * working_days(year_before, at), None)
        yield Observation("WF-12", *case, fte if worker in holders else 0, fte, None)
        yield Observation("WF-14", *case, fte if is_idle else 0, fte, None)


def days_lost(context: Context, absence, after: date, at: date) -> float:
    """Working days that an absence through sickness lost after one day and up to another."""
    end = absence.end or context.as_at
    before, last = max(absence.start - timedelta(days=1), after), min(end, at)
    whole = working_days(absence.start - timedelta(days=1), end)
    if absence.reason != "sickness" or absence.lost is None or not whole or last <= before:
        return 0
    return absence.lost * working_days(before, last) / whole


EVENTS = [joiners_and_leavers]
SNAPSHOTS = [posts, cases_held, caseloads, turnover, in_post]

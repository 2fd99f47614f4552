"""Posts and caseloads (contract section 5, WF; WF-16 stands with the children in need)."""

from collections import defaultdict
from datetime import date

from .context import UNALLOCATED, Context, Observation, Who, count, is_open


def posts(context: Context, at: date):
    """WF-01, WF-02, WF-04: registered social workers' posts, in full-time equivalents."""
    for post in context.data["posts"]:
        if post.registered != "Y" or not is_open(post, at):
            continue
        who = context.own(post.worker, post.team)
        is_vacant, is_agency = post.worker is None, post.agency == "Y"
        if not is_vacant and not is_agency:
            yield count("WF-01", post.id, None, who, at, number=post.fte)
        if is_vacant or not is_agency:
            yield Observation("WF-02", post.id, None, *who, at, post.fte if is_vacant else 0, post.fte, None)
        if not is_vacant:
            yield Observation("WF-04", post.id, None, *who, at, post.fte if is_agency else 0, post.fte, None)


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
    """WF-08: children for each FTE of registered workers who hold cases."""
    registered = {row.id for row in context.data["professionals"] if row.registration}
    fte = full_time_equivalents(context, at)
    children = defaultdict(list)
    for (worker, _), row in allocations_open(context, at).items():
        children[worker].append(row)
    for worker, rows in children.items():
        if worker in registered and fte[worker] > 0:
            team = team_of(context, worker, rows, at)
            yield Observation("WF-08", worker, None, *Who(worker, team), at, len(rows), fte[worker], None)


def team_of(context: Context, worker: str, rows: list, at: date) -> str:
    """The team of the worker's latest post at the day, else of the latest of the involvements `rows`."""
    own_posts = [post for post in context.data["posts"] if post.worker == worker and is_open(post, at)]
    latest = max(own_posts or rows, key=lambda row: (row.start, row.id))
    return latest.team if latest.team in context.teams else UNALLOCATED


EVENTS = []
SNAPSHOTS = [posts, cases_held, caseloads]

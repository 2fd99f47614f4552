"""The reports know each feed's cadence as its specification says it."""

from __future__ import annotations

from ingest.spec import load_specs
from publish.freshness import MONTHLY, WEEKLY


def test_every_feed_has_the_cadence_of_its_specification():
    """By the beginning of its name; what is neither weekly nor monthly comes daily."""
    by_name = {
        feed: "monthly" if feed.startswith(MONTHLY) else "weekly" if feed.startswith(WEEKLY) else "daily"
        for feed in load_specs()
    }
    assert by_name == {feed: spec.cadence for feed, spec in load_specs().items()}

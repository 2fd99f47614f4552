"""What came before in a file and what is in force as it is: exact, in memory that does not grow with the rows."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pytest
from ingest_sample import MARCH, ask, load_one, referrals, write

from ingest import diff
from ingest.diff import IN_FORCE_ROW, InForce, Seen

FEED = "ssd_cin_episodes"
MIB = 1 << 20


def hashes(chance: np.random.Generator, *shape: int) -> np.ndarray:
    """Made-up 64-bit hashes."""
    return chance.integers(0, 2**64, shape, dtype=np.uint64)


def in_force(digests: np.ndarray, first: int = 0) -> np.ndarray:
    """Rows in force of these digests: delivery 7, row numbers from `first`."""
    rows = np.zeros(len(digests), dtype=IN_FORCE_ROW)
    rows["high"], rows["low"], rows["delivery_id"] = digests[:, 0], digests[:, 1], 7
    rows["row_no"] = np.arange(first, first + len(digests))
    return rows


EITHER_FILTER = pytest.mark.parametrize("bits", [1 << 20, 64], ids=["filter", "filter_that_is_full"])
"""A filter that is large enough, and one so small that it keeps no question from the files."""


@EITHER_FILTER
@pytest.mark.parametrize("in_memory", [50, 700, 1 << 20], ids=["in_files", "in_both", "in_memory"])
def test_a_key_that_came_before_is_found_wherever_it_is_kept(tmp_path, in_memory, bits):
    """Forty chunks of keys that mostly repeat, and one without a key, beside a set."""
    chance = np.random.default_rng(1)
    some, seen, known = hashes(chance, 3000), Seen(tmp_path, in_memory=in_memory, bits=bits), set()
    for _ in range(40):
        keys = chance.choice(some, 150)
        expected = []
        for key in keys.tolist():
            expected.append(key in known)
            known.add(key)
        assert seen.repeats(keys).tolist() == expected
    assert not len(seen.repeats(some[:0]))


@EITHER_FILTER
@pytest.mark.parametrize("pieces", [1, 7])
@pytest.mark.parametrize("is_in_order", [True, False])
def test_rows_in_force_are_found_whatever_their_order(tmp_path, pieces, is_in_order, bits):
    """Only candidates that are the same to the last bit are unchanged; the others' rows are no longer held."""
    chance = np.random.default_rng(2)
    digests, fresh = hashes(chance, 1000, 2), hashes(chance, 1200, 2)
    cut = np.array_split(in_force(digests), pieces)
    force = InForce(cut, tmp_path, bits=bits)
    asked = np.concatenate([digests[::3], fresh])
    asked[10, 1] ^= np.uint64(1)
    is_candidate, expected = np.ones(len(asked), dtype=bool), np.arange(len(asked)) < 334
    is_candidate[20], expected[[10, 20]] = False, False
    order = np.arange(len(asked)) if is_in_order else chance.permutation(len(asked))
    for some in np.array_split(order, 5):
        assert force.unchanged(asked[some], is_candidate[some]).tolist() == expected[some].tolist()
    held = set(range(0, 1000, 3)) - {30, 60}
    assert sorted(force.no_longer_held()) == [(7, row_no) for row_no in range(1000) if row_no not in held]
    assert len(force) == 1000


def test_of_a_feed_without_rows_nothing_is_unchanged(tmp_path):
    """Not even where nothing is asked."""
    force, digests = InForce([], tmp_path), np.zeros((2, 2), dtype=np.uint64)
    assert not force.unchanged(digests, np.ones(2, dtype=bool)).any()
    assert (len(force), list(force.no_longer_held())) == (0, [])


@pytest.mark.usefixtures("db")
def test_a_table_is_read_in_pieces(tmp_path, monkeypatch):
    """A table of many pages, a page at a time: the second snapshot writes what changed and closes what is gone."""
    monkeypatch.setattr(diff, "PIECE_PAGES", 1)
    rows = referrals(600)
    load_one(write(tmp_path / "1", FEED, rows))
    assert ask(f"select pg_relation_size('raw.{FEED}') > 3 * 8192") == [(True,)]
    changed = [row | {"cine_close_reason": "RC9"} if at % 100 == 0 else row for at, row in enumerate(rows[:590])]
    result = load_one(write(tmp_path / "2", FEED, changed), as_at=MARCH + timedelta(days=60))
    counts = (result.rows_read, result.rows_inserted, result.rows_unchanged, result.rows_closed)
    assert counts == (590, 6, 584, 16)


def grown(take: Callable[[int], object]) -> float:
    """How many MiB the peak of memory grows when the rows, in blocks that `take` takes, become three times as many."""
    peaks = []
    for blocks in (60, 180):
        tracemalloc.start()
        take(blocks)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    return (peaks[1] - peaks[0]) / MIB


def test_memory_does_not_grow_with_the_keys_of_a_file(tmp_path):
    """A million keys and three million: 16 MiB more, if they were kept."""

    def take(blocks: int) -> None:
        chance, seen = np.random.default_rng(3), Seen(tmp_path, in_memory=1 << 16)
        for _ in range(blocks):
            seen.repeats(hashes(chance, 16_384))

    assert grown(take) < 1


def test_memory_does_not_grow_with_the_rows_in_force(tmp_path):
    """A bit a row, that says whether it is held: 34 MiB more, if even their hashes were kept."""

    def take(blocks: int) -> None:
        chance = np.random.default_rng(4)
        force = InForce((in_force(hashes(chance, 16_384, 2)) for _ in range(blocks)), tmp_path)
        chance = np.random.default_rng(4)
        for _ in range(blocks):
            assert force.unchanged(hashes(chance, 16_384, 2), np.ones(16_384, dtype=bool)).all()
        assert not list(force.no_longer_held())

    assert grown(take) < 1

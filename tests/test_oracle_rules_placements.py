"""The independent computation of stays with one carer, at their edges. All people are made up."""

import pytest
from oracle_sample import Sample, episode, legal, person, placement


@pytest.fixture
def in_care(tmp_path) -> Sample:
    """One child, aged 11, in care and in the same placement since 1 January 2024."""
    sample = Sample(tmp_path)
    sample.add("ssd_person", person())
    sample.add("ssd_cla_episodes", episode("2024-01-01"))
    return sample.add("ssd_cla_placement", placement("2024-01-01"))


def test_back_from_a_temporary_placement_a_child_has_not_moved(in_care):
    in_care.rows["ssd_cla_placement"] = [
        placement("2024-01-01", "2026-01-01", "PL0"),
        placement("2026-01-01", "2026-01-10", "PL2", kind="T0"),
        placement("2026-01-10", "2026-03-01", "PL3"),
        placement("2026-03-01", "2026-03-10", "PL4", kind="T1"),
        placement("2026-03-10", "", "PL1"),
    ]
    assert in_care.figure("PLC-01") == (0, 1)
    assert in_care.figure("PLC-02") == (1, 1)
    in_care.rows["ssd_cla_placement"][2] = placement("2026-01-10", "2026-03-01", "PL3", kind="K2")
    assert in_care.figure("PLC-01") == (1, 1)
    assert in_care.figure("PLC-02") == (0, 1)


@pytest.mark.parametrize(("reason", "moved"), [("T", 0), ("U", 0), ("L", 0), ("P", 1), ("B", 1)])
def test_the_same_carer_goes_on(in_care, reason, moved):
    in_care.rows["ssd_cla_placement"] = [
        placement("2024-01-01", "2026-01-01", "PL0"),
        placement("2026-01-01", "2026-03-01", "PL2", kind="U4"),
        placement("2026-03-01", "", "PL1", kind="U1"),
    ]
    why = {"clae_cla_episode_start_reason": reason}
    in_care.rows["ssd_cla_episodes"] = [
        episode("2024-01-01", "2026-01-01", "E0", placement="PL0", clae_cla_episode_ceased_reason="X1"),
        episode("2026-01-01", "2026-03-01", "E2", placement="PL2", clae_cla_episode_ceased_reason="X1") | why,
        episode("2026-03-01", placement="PL1") | why,
    ]
    assert in_care.figure("PLC-01") == (moved, 1)
    assert in_care.figure("PLC-02") == (1 - moved, 1)


def test_short_breaks_are_no_placements(in_care):
    in_care.add("ssd_legal_status", legal("V4", "2025-10-01", "2025-12-01"))
    in_care.add("ssd_cla_placement", placement("2025-10-02", "2025-10-04", "PL2"))
    in_care.add("ssd_cla_placement", placement("2025-11-02", "2025-11-04", "PL3"))
    assert in_care.figure("PLC-01") == (0, 1)
    in_care.rows["ssd_legal_status"] = [legal("V4", "2025-10-01", "2025-11-03")]
    in_care.add("ssd_cla_placement", placement("2025-12-02", "2025-12-04", "PL4"))
    assert in_care.figure("PLC-01") == (1, 1)

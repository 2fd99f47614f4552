"""The independent computation of stays, visits before birth and a year in care, at their edges. All are made up."""

import pytest
from oracle_sample import Sample, episode, legal, person, placement, plan


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


@pytest.mark.parametrize(
    ("born", "due", "in_time"),
    [
        ("", "2026-09-08", 1),
        ("", "2026-09-07", 1),
        ("", "2026-09-06", 0),
        ("", "", 0),
        ("2026-09-21", "2026-11-01", 1),
        ("2026-09-20", "2026-11-01", 0),
    ],
)
def test_a_visit_before_the_birth_counts(tmp_path, born, due, in_time):
    sample = Sample(tmp_path)
    sample.add("ssd_person", person(born=born, pers_expected_dob=due)).add("ssd_cp_plans", plan("2026-08-01"))
    row = {"cppv_cp_visit_id": "V1", "cppv_person_id": "1", "cppv_cp_plan_id": "P1", "cppv_cp_visit_seen": "N"}
    sample.add("ssd_cp_visits", row | {"cppv_cp_visit_date": "2026-09-20"})
    assert sample.figure("CP-12") == (in_time, 1)


@pytest.mark.parametrize(("start", "cohort"), [("2025-10-01", 1), ("2025-10-02", 0)])
def test_a_year_in_care_begins_on_its_first_day(tmp_path, start, cohort):
    sample = Sample(tmp_path)
    sample.add("ssd_person", person()).add("ssd_cla_episodes", episode(start))
    for indicator_id in ("HLT-03", "HLT-04", "HLT-08", "HLT-09", "OFF-01"):
        assert sample.figure(indicator_id) == (0, cohort)


@pytest.mark.parametrize(
    ("born", "asked"), [("2021-10-01", 1), ("2021-10-02", 0), ("2009-10-01", 1), ("2009-09-30", 0)]
)
def test_scores_are_asked_from_four_at_the_start_to_under_17_at_the_end(tmp_path, born, asked):
    sample = Sample(tmp_path)
    sample.add("ssd_person", person(born=born)).add("ssd_cla_episodes", episode("2024-01-01"))
    assert sample.figure("HLT-08") == (0, asked)

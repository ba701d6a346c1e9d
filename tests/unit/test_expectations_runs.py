"""Drift: what differs from the runs before by more than their spread and chance explain, and nothing else."""

from __future__ import annotations

import random

import pytest

from expectations.runs import ENOUGH_RUNS, ENOUGH_UNITS, Measure, Measures, check_drift, ratio

NAME = "labels_like_before"


def _run(value: float, error: float = 0.02, least: float = 0.1, key: str = "mentions.label PERSON", name: str = NAME) -> Measures:
    return {name: {key: Measure(value, error, least)}}


STEADY = [_run(0.40), _run(0.42), _run(0.38), _run(0.41)]


@pytest.mark.parametrize(
    ("now", "history", "told"),
    [
        (_run(0.41), STEADY, False),
        (_run(0.48), STEADY, False),  # less than the smallest change that is worth telling
        (_run(0.10), STEADY, True),
        (_run(0.90), STEADY, True),
        (_run(0.10, error=0.2), STEADY, False),  # too few documents to say
        (_run(0.10), [_run(0.1), _run(0.9), _run(0.4), _run(0.7)], False),  # it was never steady
        ({NAME: {}}, STEADY, True),  # a label that has gone
        (_run(0.5, key="mentions.label ORG"), STEADY, True),  # one that was never there
    ],
)
def test_a_change_is_told_if_history_does_not_explain_it(now: Measures, history: list[Measures], told: bool) -> None:
    (row,) = check_drift("extract", now, history, n_new=ENOUGH_UNITS)
    assert (row["expectation"], row["severity"], row["success"]) == (NAME, "warning", not told)
    assert ("before:" in row["detail"]) == told


@pytest.mark.parametrize(("n_runs", "n_new"), [(ENOUGH_RUNS - 1, ENOUGH_UNITS), (ENOUGH_RUNS, ENOUGH_UNITS - 1)])
def test_nothing_is_said_where_too_little_is_known(n_runs: int, n_new: int) -> None:
    assert check_drift("extract", _run(0.0), STEADY[:n_runs], n_new=n_new) == []


def test_a_publisher_that_is_new_is_no_drift() -> None:
    now = _run(0.1, key="The Harn Courier", name="bodies_like_before")
    history = [_run(0.9, key="all", name="bodies_like_before")] * 4
    (row,) = check_drift("clean", now, history, n_new=ENOUGH_UNITS)
    assert row["success"]


def test_samples_of_one_source_are_no_drift() -> None:
    rng = random.Random(4)

    def drawn() -> Measures:
        return {NAME: {"a": ratio([(sum(rng.random() < 0.3 for _ in range(12)), 12) for _ in range(40)], least=0.1)}}

    rows = [check_drift("extract", drawn(), [drawn() for _ in range(5)], n_new=40)[0] for _ in range(30)]
    assert all(row["success"] for row in rows)


def test_the_error_is_that_of_documents_and_not_of_rows() -> None:
    alike, lumped = ratio([(5, 10)] * 20, least=0.1), ratio([(10, 10), (0, 10)] * 10, least=0.1)
    assert alike.value == lumped.value == 0.5
    assert lumped.error > 2 * alike.error
    assert ratio([], least=0.1).error == 1.0

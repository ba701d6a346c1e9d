"""Every fault of the table is named by the gate of its stage, what must still load would load, and sound input is let through."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from benchmarks.corruptions import CORRUPTIONS, Corruption
from benchmarks.soak import Base, false_alarms, make_base, try_corruption


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Base:
    return make_base(tmp_path_factory.mktemp("base"))


@pytest.mark.parametrize("corruption", CORRUPTIONS, ids=lambda c: c.id)
def test_a_fault_is_caught_in_its_stage(base: Base, corruption: Corruption, tmp_path: Path) -> None:
    outcome = try_corruption(base, corruption, tmp_path / "copy", seed=1)
    assert outcome.catches(corruption), outcome


def test_sound_input_raises_no_alarm(base: Base) -> None:
    assert list(false_alarms(base)) == []


def test_the_table_covers_every_stage_and_has_no_id_twice() -> None:
    stages = Counter(c.stage for c in CORRUPTIONS)
    assert set(stages) == {"land", "clean", "extract", "link", "load"}
    assert min(stages.values()) >= 8
    assert len(CORRUPTIONS) >= 40
    assert len({c.id for c in CORRUPTIONS}) == len(CORRUPTIONS)
    assert all(c.id.startswith(f"{c.stage}-") for c in CORRUPTIONS)

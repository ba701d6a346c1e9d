"""Parts in the place of others: the same rows under fewer names, or all rows but those of some documents; a kill changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import warehouse.lake
from benchmarks.hashes import row_hashes
from expectations.files import find_faults
from tests.sql.lakes import _with_defaults as with_defaults
from tests.sql.lakes import document_rows, read_world
from warehouse.lake import (
    Home,
    Manifest,
    commit_part,
    finish_switch,
    part_key,
    read_manifests,
    read_run_table,
    read_stage,
    stage_part,
    sweep,
)
from warehouse.rewrite import merge_parts, remove_documents
from warehouse.schema import CONTENT_STAGES, STAGES, TABLES


class Killed(BaseException):
    """What a kill looks like from inside."""


def _make_lake(home: Home) -> None:
    """The small world with a part for each document, each part named after the one before, as a run leaves it."""
    world, keys = read_world(), {"clean": [], "extract": []}
    for n, (document_id, said) in enumerate(world["documents"].items()):
        rows = document_rows(document_id, said, world)
        arrival = [f"file:///drop/{n}.txt", f"{n:064d}", "{}"]
        landing = {
            "source_uri": arrival[0], "document_id": document_id, "object_sha256": arrival[1], "raw_sha256": arrival[1],
            "source_said": "{}", "landed_at": datetime(2025, 3, 1, tzinfo=UTC), "run_id": "run_1",
        }  # fmt: skip
        key = part_key("land", "land-1", [arrival])
        _commit(home, "land", key, [arrival], rows, {"landings": TABLES["landings"].conform([landing])})
        for stage in ("clean", "extract"):
            before, key = key, part_key(stage, f"{stage}-1", key)
            keys[stage].append(key)
            _commit(home, stage, key, [before], rows, {})
    link = {t.name: [with_defaults(t.name, row) for row in world.get(t.name, ())] for t in STAGES["link"]}
    made_from = [sorted(keys["clean"]), sorted(keys["extract"])]
    _commit(home, "link", part_key("link", "link-1", made_from), made_from, link, {}, n=len(keys["clean"]))


def _commit(home: Home, stage: str, key: str, made_from: list[Any], rows: dict[str, Any], runs: dict[str, pa.Table], *, n: int = 1) -> None:
    tables = {t.name: t.conform(rows[t.name]) for t in STAGES[stage]}
    manifest = Manifest(stage, key, f"{stage}-1", made_from, n, n, 0, {name: t.num_rows for name, t in tables.items()})
    commit_part(home, stage_part(home, manifest, tables, runs))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    _make_lake(home)
    return home


def _documents(home: Home) -> list[str]:
    return sorted(read_stage(home, "documents", read_manifests(home, "clean"), ["document_id"])["document_id"].to_pylist())


def _n_parts(home: Home) -> dict[str, int]:
    return {stage: len(read_manifests(home, stage)) for stage in STAGES}


def test_merged_parts_hold_the_same_rows(home: Home) -> None:
    before, n = row_hashes(home), _n_parts(home)
    assert n["clean"] > 1
    counts = merge_parts(home, target=100)
    assert {stage: after for stage, (_, after) in counts.items()} == dict.fromkeys(CONTENT_STAGES, 1)
    assert row_hashes(home) == before
    assert [f for f in find_faults(home) if f.expectation != "stored_bytes_are_unchanged"] == []
    assert merge_parts(home, target=100) == dict.fromkeys(CONTENT_STAGES, (1, 1))


def test_parts_are_merged_up_to_the_target(home: Home) -> None:
    n = len(_documents(home))
    merge_parts(home, target=2)
    assert _n_parts(home)["clean"] == (n + 1) // 2
    assert max(m.n_in for m in read_manifests(home, "clean").values()) <= 2


def test_a_removed_document_is_in_no_table(home: Home) -> None:
    gone, *kept = _documents(home)
    remove_documents(home, [gone], [])
    assert _documents(home) == kept
    for stage in CONTENT_STAGES:
        for table in STAGES[stage]:
            assert gone not in read_stage(home, table.name, read_manifests(home, stage), ["document_id"])["document_id"].to_pylist()
    assert gone not in read_run_table(home, "landings")["document_id"].to_pylist()
    for manifests in (read_manifests(home, stage).values() for stage in CONTENT_STAGES):
        assert all(m.n_in == m.n_out + m.n_rejected for m in manifests)


@pytest.mark.parametrize(
    ("step", "number"),
    [("_rename", 0), ("_rename", 5), ("_rename", 20), ("write_manifest", 0), ("write_manifest", 3), ("drop_parts", 0), ("drop_parts", 9)],
)
def test_a_kill_at_any_step_and_the_same_call_again_give_the_same(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int
) -> None:
    other = Home(tmp_path / "other")
    _make_lake(other)
    merge_parts(other, target=100)
    whole, calls = getattr(warehouse.lake, step), 0

    def dies(*arguments: object, **options: object) -> object:
        nonlocal calls
        calls += 1
        if calls > number:
            raise Killed
        return whole(*arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(warehouse.lake, step, dies)
        with pytest.raises(Killed):
            merge_parts(home, target=100)
    sweep(home)
    merge_parts(home, target=100)
    assert _n_parts(home) == _n_parts(other)
    assert row_hashes(home) == row_hashes(other)
    assert not home.switch.exists()


def test_a_switch_without_its_journal_has_not_happened(home: Home) -> None:
    before = row_hashes(home)
    (home.switch / "lake").mkdir(parents=True)
    (home.switch / "lake" / "half.parquet").write_bytes(b"half")
    finish_switch(home)
    assert not home.switch.exists()
    assert row_hashes(home) == before

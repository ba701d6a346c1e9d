from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from warehouse.lake import (
    Home,
    HomeLocked,
    Manifest,
    commit_part,
    drop_parts,
    drop_staged,
    file_sha256,
    locked,
    part_key,
    read_manifests,
    read_part,
    stage_part,
    store_raw,
    sweep,
)
from warehouse.schema import LINK_TABLES, TABLES


def _staged(home: Home, key: str = "k1"):  # type: ignore[no-untyped-def]
    tables = {t.name: t.empty() for t in LINK_TABLES} | {
        "figure_topics": TABLES["figure_topics"].conform([{"topic_id": "t", "figure_id": "f"}])
    }
    return stage_part(home, Manifest("link", key, "v", [], 1, 1, 0, {"figure_topics": 1}), tables, {})


def test_a_part_is_not_there_before_its_commit(tmp_path: Path) -> None:
    home = Home(tmp_path)
    staged = _staged(home)
    assert read_manifests(home, "link") == {}
    assert not home.part_file("figure_topics", "k1").exists()
    commit_part(home, staged)
    assert read_manifests(home, "link")["k1"].rows == {"figure_topics": 1}
    assert read_part(home, "figure_topics", "k1").to_pylist() == [{"topic_id": "t", "figure_id": "f"}]


def test_a_part_without_manifest_is_swept(tmp_path: Path) -> None:
    home = Home(tmp_path)
    commit_part(home, _staged(home))
    (home.manifests("link") / "k1.json").unlink()
    drop_staged(_staged(home, "k2"))
    _staged(home, "k3")
    sweep(home)
    assert not home.part_file("figure_topics", "k1").exists()
    assert not home.tmp.exists()


def test_sweep_keeps_made_parts_and_run_tables(tmp_path: Path) -> None:
    home = Home(tmp_path)
    commit_part(home, _staged(home))
    landings = home.run_file("landings", "land-x")
    landings.parent.mkdir(parents=True)
    landings.write_bytes(b"kept")
    sweep(home)
    assert home.part_file("figure_topics", "k1").exists()
    assert landings.exists()


def test_same_rows_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        commit_part(Home(tmp_path / name), _staged(Home(tmp_path / name)))
    files = [Home(tmp_path / name).part_file("figure_topics", "k1") for name in ("a", "b")]
    assert file_sha256(files[0]) == file_sha256(files[1])


def test_raw_bytes_are_untouched_and_stored_once(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    for name in ("one", "two"):
        (tmp_path / name).write_bytes(b"\xff\x00 bytes\r\n")
    assert store_raw(home, tmp_path / "one") == store_raw(home, tmp_path / "two")
    (stored,) = [p for p in home.raw.rglob("*") if p.is_file()]
    assert stored.read_bytes() == b"\xff\x00 bytes\r\n"
    assert stored.name == file_sha256(stored)


def test_dropped_parts_are_gone(tmp_path: Path) -> None:
    home = Home(tmp_path)
    commit_part(home, _staged(home))
    drop_parts(home, "link", ["k1"])
    assert read_manifests(home, "link") == {}
    assert not home.part_file("figure_topics", "k1").exists()


def test_keys_depend_on_stage_version_and_input() -> None:
    keys = {part_key("clean", "v1", "a"), part_key("extract", "v1", "a"), part_key("clean", "v2", "a"), part_key("clean", "v1", "b")}
    assert len(keys) == 4
    assert part_key("clean", "v1", "a") in keys


def test_a_second_run_is_refused_while_the_first_holds_the_home(tmp_path: Path) -> None:
    code = "import sys, pathlib; from warehouse.lake import *\nwith locked(Home(pathlib.Path(sys.argv[1]))): print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None and other.stdout.readline().strip() == "held"
        with pytest.raises(HomeLocked, match=str(other.pid)), locked(Home(tmp_path)):
            pass
        other.kill()
        other.wait()
    with locked(Home(tmp_path)):
        pass

"""Reruns cost nothing and change nothing; batch sizes, workers, orders and kills leave the same rows."""

from __future__ import annotations

import shutil
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest

from benchmarks.hashes import file_hashes, row_hashes
from tests.flows.support import counts, run, start
from warehouse.lake import Home, read_run_table

pytestmark = pytest.mark.usefixtures("prefect_server")


INBOX = (
    "clippings_export.csv", "communique_fr.txt", "cw_20250311_izmail_update2.txt", "cw_20250313_riga_verdict.txt", "cw_20250318_minsk_expels.txt.gz",
    "damaged.jsonl", "danubeledger_izmail_plauru.htm", "drakensberg_mail_march.zip", "empty.txt",
    "harbourcourier_2025-03-11_danube-silos.txt", "inbox_0047.txt", "pelhampost_live_2025-03-20_geneva-talks.txt", "seolhwa_english_atom.xml",
)  # fmt: skip


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> Path:
    """A dozen samples of every kind; enough for several parts."""
    folder = tmp_path_factory.mktemp("inbox")
    for name in INBOX:
        shutil.copy(samples / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, inbox: Path) -> tuple[Path, dict[str, tuple[int, int, int, int]]]:
    home = tmp_path_factory.mktemp("home")
    return home, counts(run(home, inbox, batch_size=6))


def test_every_input_is_accounted_for(first: tuple[Path, dict[str, tuple[int, int, int, int]]]) -> None:
    _, stages = first
    for n_in, n_out, n_rejected, _ in stages.values():
        assert n_in == n_out + n_rejected
    assert stages["land"][2] >= 3
    assert stages["clean"][2] >= 1
    assert stages["extract"][0] == stages["clean"][1]


def test_a_second_run_does_nothing_and_changes_no_byte(first: tuple[Path, dict[str, tuple[int, int, int, int]]], inbox: Path) -> None:
    home, before = first
    hashes = file_hashes(Home(home))
    again = counts(run(home, inbox, batch_size=6))
    assert {s: (n[0], n[1], n[2]) for s, n in again.items()} == {s: (n[0], n[1], n[2]) for s, n in before.items()}
    assert all(reused == n_in for n_in, _, _, reused in again.values())
    assert file_hashes(Home(home)) == hashes


def test_same_settings_same_bytes_in_another_home(
    first: tuple[Path, dict[str, tuple[int, int, int, int]]], inbox: Path, tmp_path: Path
) -> None:
    run(tmp_path, inbox, batch_size=6, stages=("land", "clean", "extract", "link"))
    assert file_hashes(Home(tmp_path)) == file_hashes(Home(first[0]))


def test_two_workers_and_another_batch_size_give_the_same_rows(
    first: tuple[Path, dict[str, tuple[int, int, int, int]]], inbox: Path, tmp_path: Path
) -> None:
    run(tmp_path, inbox, batch_size=9, workers=2, stages=("land", "clean", "extract", "link"))
    versions = row_hashes(Home(tmp_path))
    assert versions == row_hashes(Home(first[0]))


def test_one_more_document_is_the_work_of_one_document(
    first: tuple[Path, dict[str, tuple[int, int, int, int]]], inbox: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(first[0], home)
    inbox2 = tmp_path / "more"
    inbox2.mkdir()
    (inbox2 / "new.txt").write_text(
        "Ferry service resumes\n\nThe ferry company in Split resumed its service on Monday, its director said.\n", "utf-8"
    )
    old = file_hashes(Home(home))
    got = counts(run(home, inbox2, batch_size=6))
    for stage in ("land", "clean", "extract"):
        assert got[stage][0] - got[stage][3] == 1, stage
    kept = {p: h for p, h in file_hashes(Home(home)).items() if p in old}
    assert all(old[p] == h for p, h in kept.items())


def test_order_of_arrival_does_not_matter(first: tuple[Path, dict[str, tuple[int, int, int, int]]], inbox: Path, tmp_path: Path) -> None:
    files = sorted(inbox.iterdir())
    run(tmp_path, *files[len(files) // 2 :], batch_size=5, stages=("land", "clean", "extract", "link"))
    run(tmp_path, *files[: len(files) // 2], batch_size=5, stages=("land", "clean", "extract", "link"))
    assert row_hashes(Home(tmp_path)) == row_hashes(Home(first[0]))


def test_a_correction_is_the_work_of_link_and_load(first: tuple[Path, dict[str, tuple[int, int, int, int]]], tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(first[0], home)
    said = '[[correction]]\nreject = ["evt_gone"]\nreason = "a film"\nauthor = "A. Mora"\ndate = 2026-05-02\n'
    (home / "corrections.toml").write_text(said, "utf-8")
    corrected = run(home, batch_size=6)
    assert [s for s, n in counts(corrected).items() if n[3] < n[0]] == ["link", "load"]
    assert "table events has no row evt_gone" in str([s.failed for s in corrected.stages if s.stage == "link"])
    hashes = file_hashes(Home(home))
    again = run(home, batch_size=6)
    assert [s for s, n in counts(again).items() if n[3] < n[0]] == []
    assert file_hashes(Home(home)) == hashes
    assert [len(s.failed) for s in again.stages if s.stage == "link"] == [1], "a later run is as loud as the first"
    (home / "corrections.toml").unlink()
    run(home, batch_size=6)
    assert file_hashes(Home(home)) == file_hashes(Home(first[0]))


def test_everything_is_made_again_from_raw_and_landings(first: tuple[Path, dict[str, tuple[int, int, int, int]]], tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(first[0], home)
    shutil.rmtree(home / "lake")
    (home / "warehouse.duckdb").unlink()
    run(home, stages=("land", "clean", "extract", "link", "load"), batch_size=7)
    assert row_hashes(Home(home)) == row_hashes(Home(first[0]))
    assert (home / "warehouse.duckdb").exists()


@pytest.mark.parametrize("after", ["documents_landed", "segments", "sentences", "entities"])
def test_killed_run_leaves_nothing_half_and_the_next_gives_the_same_bytes(
    first: tuple[Path, dict[str, tuple[int, int, int, int]]], inbox: Path, tmp_path: Path, after: str
) -> None:
    """kill -9 as soon as the first file of a stage is in place, then run again."""
    with start(tmp_path, inbox, "--batch-size", "6", "--workers", "1") as process:
        deadline = time.monotonic() + 240
        while not list((tmp_path / "lake" / after).glob("*.parquet")) and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert list((tmp_path / "lake" / after).glob("*.parquet")), "the run ended before it could be killed"
    run(tmp_path, inbox, batch_size=6, stages=("land", "clean", "extract", "link"))
    assert file_hashes(Home(tmp_path)) == file_hashes(Home(first[0]))
    assert sorted(r["status"] for r in read_run_table(Home(tmp_path), "runs").to_pylist()) == ["completed", "failed"]


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are read from /proc")
def test_the_temporary_server_of_a_killed_run_ends(inbox: Path, tmp_path: Path) -> None:
    """kill -9 leaves no Prefect server behind."""
    with start(tmp_path, inbox, "--batch-size", "6", "--workers", "1", env={"PREFECT_API_URL": ""}) as process:
        deadline = time.monotonic() + 240
        while not list((tmp_path / "lake" / "segments").glob("*.parquet")) and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        servers = [pid for pid, parent, command in processes() if parent == process.pid and "uvicorn" in command]
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert len(servers) == 1
    deadline = time.monotonic() + 60
    while any(pid == servers[0] for pid, _, _ in processes()) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not any(pid == servers[0] for pid, _, _ in processes())


def processes() -> list[tuple[int, int, str]]:
    """Id, parent and command of every process that runs."""
    out = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if state != "Z":
                out.append((int(folder.name), int(parent), command))
    return out

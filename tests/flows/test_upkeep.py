"""verify, repair, forget and compact over a home that a run has made; each can be called again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from benchmarks.hashes import row_hashes
from benchmarks.soak import make_home
from flows.cli import main
from tests.flows.support import counts, run
from warehouse.lake import Home, locked, read_manifests, read_run_table, read_stage

pytestmark = pytest.mark.usefixtures("prefect_server")

BATCH = 3
KEPT_APART = "\n\n".join(
    (
        "Ferry line adds a night crossing",
        "The ferry company of Lower Harn said on Monday that it would add a night crossing from April.",
        "Its director, Ines Vallmer, told reporters that 120 passengers had asked for it in January alone.",
    )
)


@pytest.fixture(scope="module")
def drop(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> Path:
    """A folder with a few texts, one of our own, and records in one file."""
    folder = tmp_path_factory.mktemp("drop")
    for path in sorted(samples.glob("*.txt"))[:4]:
        shutil.copy(path, folder)
    (folder / "ferry.txt").write_text(KEPT_APART, "utf-8")
    records = [
        {"id": n, "title": f"Council of Harn meets for the {word} time", "text": f"The council of Harn met on Friday. {KEPT_APART}"}
        for n, word in enumerate(("first", "second"))
    ]
    (folder / "council.jsonl").write_text("".join(json.dumps(r) + "\n" for r in records), "utf-8")
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, drop: Path) -> Home:
    return make_home(tmp_path_factory.mktemp("made") / "home", drop, batch_size=BATCH)


@pytest.fixture
def home(made: Home, tmp_path: Path) -> Home:
    """A copy that a test may spoil."""
    shutil.copytree(made.path, tmp_path / "home")
    return Home(tmp_path / "home")


def _call(home: Home, *words: str) -> int:
    return main([*words, "--home", str(home.path)])


def _documents(home: Home) -> dict[str, str]:
    """Title -> document."""
    rows = read_stage(home, "documents", read_manifests(home, "clean"), ["document_id", "title"]).to_pylist()
    return {r["title"]: r["document_id"] for r in rows}


# --- verify and repair ----------------------------------------------------------------------------------------


def test_a_sound_home_is_verified_and_needs_no_repair(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert _call(home, "verify") == 0
    assert "every file is as it was made" in capsys.readouterr().out
    before = {p: p.stat().st_mtime_ns for p in home.lake.rglob("*.parquet")}
    assert _call(home, "repair") == 0
    assert "nothing is to be repaired" in capsys.readouterr().out
    assert {p: p.stat().st_mtime_ns for p in home.lake.rglob("*.parquet")} == before


def test_verify_without_a_home_is_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--home", str(tmp_path / "none")]) == 2
    assert "nothing is made" in capsys.readouterr().err


@pytest.mark.parametrize("stage", ["land", "clean", "extract", "link"])
def test_a_bad_part_is_named_taken_away_and_made_anew(home: Home, drop: Path, stage: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = row_hashes(home)
    table = {"land": "documents_landed", "clean": "segments", "extract": "mentions", "link": "entities"}[stage]
    path = sorted((home.lake / table).glob("*.parquet"))[0]
    path.write_bytes(path.read_bytes()[:-9])
    assert _call(home, "verify", "--json") == 3
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["stage"], told["expectation"], told["file"]) == (stage, "files_can_be_read", f"lake/{table}/{path.name}")
    assert "repair" in told["next"]
    assert _call(home, "repair") == 0
    assert not path.exists()
    make_home(home.path, drop, batch_size=BATCH)
    assert row_hashes(home) == before
    assert _call(home, "verify") == 0


def test_changed_bytes_go_to_quarantine_and_come_back_with_their_file(home: Home, drop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = sorted(p for p in home.raw.rglob("*") if p.is_file())[0]
    path.write_bytes(path.read_bytes()[::-1])
    assert _call(home, "verify") == 3
    assert path.name in capsys.readouterr().out
    assert _call(home, "repair") == 0
    assert (home.quarantine / path.relative_to(home.path)).exists()
    assert _call(home, "verify") == 3  # the bytes are gone until their file is given again
    make_home(home.path, drop, batch_size=BATCH)
    assert _call(home, "verify") == 0


def test_a_bad_warehouse_and_what_a_kill_left_are_removed(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.warehouse.write_bytes(b"no database")
    for name in ("warehouse.duckdb.next", "tmp/half.parquet", "lake/_parts/clean/.x.json.1.tmp"):
        (home.path / name).parent.mkdir(exist_ok=True)
        (home.path / name).write_bytes(b"half")
    assert _call(home, "verify") == 3
    assert "warehouse_can_be_opened" in capsys.readouterr().out
    assert _call(home, "repair") == 0
    assert not home.warehouse.exists()
    assert not home.tmp.exists()
    assert _call(home, "verify") == 0


def test_nothing_is_repaired_while_a_run_works(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    with locked(home):
        for words in (("repair",), ("compact",), ("forget", "ferry.txt")):
            assert _call(home, *words) == 1
            assert "[D003]" in capsys.readouterr().err


# --- forget ---------------------------------------------------------------------------------------------------


def test_a_forgotten_document_is_nowhere_and_does_not_come_back(home: Home, drop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    titles = _documents(home)
    gone = titles.pop("Ferry line adds a night crossing")
    assert _call(home, "forget", gone) == 0
    assert "1 document and 1 stored file" in capsys.readouterr().out
    for _ in range(2):
        assert gone not in _documents(home).values()
        assert KEPT_APART.encode() not in [p.read_bytes() for p in home.raw.rglob("*") if p.is_file()]
        with duckdb.connect(str(home.warehouse), read_only=True) as con:
            assert con.execute("select count(*) from documents where document_id = ?", [gone]).fetchall() == [(0,)]
            assert con.execute("select count(*) from documents").fetchall() == [(len(titles),)]
        assert _call(home, "verify") == 0
        run(home.path, drop, batch_size=BATCH)
    rejects = [r for r in read_run_table(home, "rejects").to_pylist() if r["reason_code"] == "forgotten"]
    assert len(rejects) == 1
    assert "Vallmer" not in home.forgotten.read_text()


def test_forgetting_again_changes_nothing_and_allow_lets_it_back(home: Home, drop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = row_hashes(home)
    ferry = str(drop / "ferry.txt")
    assert _call(home, "forget", ferry) == 0
    once, lines = row_hashes(home), home.forgotten.read_text()
    assert once != before
    assert _call(home, "forget", ferry) == 0
    assert (row_hashes(home), home.forgotten.read_text()) == (once, lines)
    assert _call(home, "forget", ferry, "--allow") == 0
    assert home.forgotten.read_text() == ""
    run(home.path, drop, batch_size=BATCH)
    assert row_hashes(home) == before
    assert _call(home, "forget", ferry, "--allow") == 2


def test_one_record_goes_and_the_others_of_its_file_stay(home: Home, drop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    titles = _documents(home)
    gone = titles["Council of Harn meets for the first time"]
    assert _call(home, "forget", gone) == 0
    assert "stays in raw/" in capsys.readouterr().out
    assert set(_documents(home)) == set(titles) - {"Council of Harn meets for the first time"}
    assert _call(home, "verify") == 0


def test_a_whole_file_is_forgotten_by_its_name(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert _call(home, "forget", "council.jsonl") == 0
    assert "2 documents and 1 stored file" in capsys.readouterr().out
    assert not [t for t in _documents(home) if t.startswith("Council")]
    assert "council" not in "".join(str(m.made_from) for m in read_manifests(home, "land").values())


def test_nobody_is_forgotten_by_a_name_that_never_came(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert _call(home, "forget", "nothing.txt") == 2
    assert not home.forgotten.exists()


# --- compact --------------------------------------------------------------------------------------------------


def test_compacted_parts_hold_the_same_rows_and_no_work_is_done_again(home: Home, drop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, files = row_hashes(home), len(list(home.lake.rglob("*.parquet")))
    assert _call(home, "compact") == 0
    assert "parts after" in capsys.readouterr().out
    assert row_hashes(home) == before
    assert len(list(home.lake.rglob("*.parquet"))) < files
    assert len(read_manifests(home, "clean")) == 1
    assert _call(home, "verify") == 0
    summary = run(home.path, drop)
    assert {stage: (n[0], n[3]) for stage, n in counts(summary).items() if n[0] != n[3]} == {}
    assert row_hashes(home) == before
    assert _call(home, "compact") == 0
    assert "no small parts" in capsys.readouterr().out

"""sources.toml with named sources, and what a poll finds new and complete."""

from __future__ import annotations

import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.cli import main
from flows.errors import BadSetting, NothingToRead, UnknownName
from flows.land import find_files
from flows.polling import find_new, known_marks, remember
from flows.sources import read_sources, said_by, seconds_of
from warehouse.lake import Home, write_json, write_run_table

TOML = """
[[source]]
pattern = "*.txt"
publisher = "By Name"
language = "en"

[[source]]
name = "karrow-wire"
paths = ["karrow", "drop/**/kw_*.jsonl"]
publisher = "Karrow Wire"
cron = "*/15 6-22 * * *"
cron_timezone = "Europe/Riga"

[source.mapping]
text = "story.text"

[[source]]
name = "lundby"
paths = ["lundby"]
every = "2h"
settle_s = 5
"""


@pytest.fixture
def toml(tmp_path: Path) -> Path:
    path = tmp_path / "sources.toml"
    path.write_text(TOML, "utf-8")
    return path


# --- the file ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "publisher", "mapped"),
    [
        ("karrow/a.txt", "Karrow Wire", True),
        ("karrow/deep/er/a.json", "Karrow Wire", True),
        ("karrow2/a.txt", "By Name", False),
        ("drop/kw_1.jsonl", "Karrow Wire", True),
        ("drop/x/y/kw_1.jsonl", "Karrow Wire", True),
        ("drop/x/other.jsonl", None, False),
        ("lundby/a.txt", "By Name", False),
    ],
)
def test_place_and_name_say_who_published_a_file(toml: Path, file: str, publisher: str | None, mapped: bool) -> None:
    said = said_by(read_sources(toml))(toml.parent / file)
    assert said.publisher == publisher
    assert ("text" in said.mapping) is mapped


def test_named_sources_in_the_order_of_the_file(toml: Path) -> None:
    sources = read_sources(toml)
    assert [(s.name, s.schedule, s.settle_s) for s in sources.named] == [
        ("karrow-wire", "*/15 6-22 * * * Europe/Riga", 30.0),
        ("lundby", "every 2h", 5.0),
    ]
    assert sources.get("lundby").paths == (str(toml.parent / "lundby"),)
    with pytest.raises(UnknownName, match="karrow-wire, lundby"):
        sources.get("lundbi")


NAMED = '[[source]]\nname = "a"\npaths = ["in"]\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[source]\n", "at line 1"),
        ("source = 3", "every source is a table"),
        ("[sources]\nname = 1", "unknown table 'sources'"),
        ('[[source]]\nname = "A b"\npaths = ["in"]', "entry 1: it needs a name"),
        ('[[source]]\nname = "a"', "entry 1 (a): it needs paths"),
        (NAMED + 'pattern = "*"', "a pattern says something"),
        (NAMED + 'publihser = "Lundby Post"', "(a): unknown key 'publihser'"),
        (NAMED + 'timezone = "Europe/Nowhere"', "no time zone 'Europe/Nowhere'"),
        (NAMED + 'every = "15 minutes"', "every '15 minutes' is not understood"),
        (NAMED + 'every = "1h"\ncron = "0 6 * * *"', "not both"),
        (NAMED + 'cron = "0 26 * * *"', 'Invalid cron string: "0 26 * * *"'),
        (NAMED + 'cron = "0 6 * * *"\ncron_timezone = "Europe/Nowhere"', "Europe/Nowhere"),
        (NAMED + "settle_s = -1", "settle_s is a number of seconds"),
        (NAMED + NAMED, "two entries have the name 'a'"),
        ("\udcff", "utf-8"),
    ],
)
def test_what_is_not_understood_is_one_line_and_exit_2(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, words: str) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(text, "utf-8", errors="surrogateescape")
    with pytest.raises(BadSetting):
        read_sources(path)
    assert main(["sources", "--sources", str(path), "--home", str(tmp_path / "home")]) == 2
    told = capsys.readouterr().err
    assert words in told and str(path) in told and told.count("\n") == 1


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("15m", 900), ("2h", 7200), ("1d", 86400)])
def test_intervals(text: str, seconds: int) -> None:
    assert seconds_of(text) == seconds


# --- what is new ------------------------------------------------------------------------------------------------


def says_nothing(_: Path) -> str:
    return "{}"


def no_sleep(_: float) -> None:
    raise AssertionError("nothing is young, so nothing is waited for")


def drop(folder: Path, name: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("The ferry was late again.", "utf-8")
    return path


@pytest.mark.parametrize("name", ["a.tmp", "a.txt.part", "a.PARTIAL", "a.crdownload", ".a.txt", "a.txt~", ".hidden/a.txt"])
def test_names_of_unfinished_files_are_passed_over(tmp_path: Path, name: str) -> None:
    drop(tmp_path, name)
    found = find_new([str(tmp_path)], {}, says_nothing, settle_s=0)
    assert (found.new, found.n_seen) == ((), 0)


def test_a_file_is_new_once_and_again_when_it_changes(tmp_path: Path) -> None:
    inbox, home = tmp_path / "in", Home(tmp_path / "home")
    path = drop(inbox, "a.txt")
    first = find_new([str(inbox)], known_marks(home, "s"), says_nothing, settle_s=0)
    assert first.new == (str(path),)
    remember(home, "s", first.marks)
    assert find_new([str(inbox)], known_marks(home, "s"), says_nothing, settle_s=60, sleep=no_sleep).new == ()
    path.write_text("The ferry was late again, said the harbour master.", "utf-8")
    assert find_new([str(inbox)], known_marks(home, "s"), says_nothing, settle_s=0).new == (str(path),)


def test_a_file_is_new_again_when_its_source_says_something_else(tmp_path: Path) -> None:
    path = drop(tmp_path, "a.txt")
    marks = find_new([str(tmp_path)], {}, says_nothing, settle_s=0).marks
    assert find_new([str(tmp_path)], marks, lambda _: '{"publisher":"Lundby Post"}', settle_s=0).new == (str(path),)


def test_a_young_file_is_taken_if_it_stays_as_it_is(tmp_path: Path) -> None:
    growing, whole = drop(tmp_path, "growing.txt"), drop(tmp_path, "whole.txt")
    gone = drop(tmp_path, "gone.txt")
    waited: list[float] = []

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        with growing.open("a") as f:
            f.write("And so")
        gone.unlink()

    found = find_new([str(tmp_path)], {}, says_nothing, settle_s=20, sleep=sleep)
    assert (found.new, found.waiting, waited) == ((str(whole),), 2, [20])
    assert set(found.marks) == {str(whole)}


def test_a_copy_that_keeps_an_old_time_is_young_while_it_is_written(tmp_path: Path) -> None:
    path = drop(tmp_path, "a.txt")
    os.utime(path, (1, 1))

    def sleep(_: float) -> None:
        path.write_text("more than before, and still at it", "utf-8")
        os.utime(path, (1, 1))

    assert find_new([str(tmp_path)], {}, says_nothing, settle_s=20, sleep=sleep).new == ()


def test_a_clock_that_runs_ahead_keeps_no_file_out(tmp_path: Path) -> None:
    path = drop(tmp_path, "a.txt")
    ahead = time.time() + 10_000
    os.utime(path, (ahead, ahead))
    assert find_new([str(tmp_path)], {}, says_nothing, settle_s=0.01).new == (str(path),)


def test_a_glob_without_files_is_nothing_new_but_a_lost_folder_is_told(tmp_path: Path) -> None:
    assert find_new([str(tmp_path / "*.jsonl")], {}, says_nothing, settle_s=0).new == ()
    for lost in (tmp_path / "mnt", tmp_path / "mnt" / "*.jsonl"):
        with pytest.raises(NothingToRead, match="mnt is not there"):
            find_new([str(lost)], {}, says_nothing, settle_s=0)


def test_a_damaged_memory_is_an_empty_one(tmp_path: Path) -> None:
    home = Home(tmp_path)
    remember(home, "s", {"/in/a.txt": [1, 2, 3, "{}"]})
    assert known_marks(home, "s") == {"/in/a.txt": [1, 2, 3, "{}"]}
    (tmp_path / "polls" / "s.json").write_text('{"/in/a', "utf-8")
    assert known_marks(home, "s") == {}


def test_a_list_of_paths_stands_for_its_files(tmp_path: Path) -> None:
    """Prefect takes half a megabyte of parameters; a poll may find more files than that."""
    files = [str(drop(tmp_path / "in", f"{n}.txt")) for n in range(3)]
    listed = tmp_path / "new.json"
    write_json(listed, files[:2])
    assert [str(f) for f in find_files([f"@{listed}"])] == files[:2]
    at = drop(tmp_path / "in", "@home.txt")
    assert find_files([str(at)]) == [at]


def test_sources_tells_the_last_landing_of_each(toml: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home, row = Home(tmp_path / "home"), {"object_sha256": "o", "raw_sha256": "r", "source_said": "{}", "run_id": "run_1"}
    places = {"karrow/a b.txt": 3, "drop/x/kw_1.jsonl": 5, "elsewhere/z.txt": 9}
    landings = [
        row | {"source_uri": (tmp_path / place).as_uri(), "document_id": f"doc_{day}", "landed_at": datetime(2025, 3, day, tzinfo=UTC)}
        for place, day in places.items()
    ]
    write_run_table(home, "landings", "land-1", landings)
    assert main(["sources", "--sources", str(toml), "--home", str(home.path), "--json"]) == 0
    told = [(s["source"], s["files"], s["last_landing"]) for s in json.loads(capsys.readouterr().out)]
    assert told == [("karrow-wire", 2, "2025-03-05T00:00:00Z"), ("lundby", 0, None)]
    assert main(["sources", "--home", str(home.path)]) == 2
    assert "no sources.toml is given" in capsys.readouterr().err

"""dateline learn-lines: from a lake to a reviewed file, and from the file to what clean makes."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.call import read_call
from flows.cli import main
from flows.errors import BadSetting
from flows.lines import known_lines
from flows.make import Arrival, LandJob, PartJob, commit_landed, current_keys, make_part, read_arrivals
from flows.settings import Settings
from flows.versions import maker_version
from tests.unit.test_cleaning_repeated import BOX, MOTTO, article
from transforms.cleaning.repeated import mask
from warehouse.lake import Home, locked, read_stage, store_raw

LIMITS = {"max_line_bytes": 10_000_000, "max_unit_bytes": 10_000_000, "max_text_chars": 1_000_000, "max_expansion": 40}


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith("DATELINE_"):
            monkeypatch.delenv(name)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home in which six articles of one publisher and two of another are landed."""
    made = Home(tmp_path / "home")
    names = ["Harbour Post"] * 6 + ["Dune Gazette"] * 2
    arrivals = []
    for n, publisher in enumerate(names):
        file = tmp_path / f"article_{n}.txt"
        file.write_text(article(n), "utf-8")
        sha256, size = store_raw(made, file)
        said = json.dumps({"publisher": publisher})
        arrivals.append(Arrival(file.as_uri(), file.name, sha256, size, said, datetime(2021, 5, 3, tzinfo=UTC), "run_test"))
    job = LandJob(made.path, arrivals, maker_version("land", Settings(home=made.path)), 256, LIMITS, 0.5, "run_test")
    for staged in read_arrivals(job):
        commit_landed(made, staged, set())
    return made


def clean(home: Home) -> tuple[str, set[str]]:
    """Makes clean with the settings of the home; gives its version and the rules of its segments."""
    settings = Settings(home=home.path)
    known_lines.cache_clear()  # as every run does
    versions = {s: maker_version(s, settings) for s in ("land", "clean")}
    for key in current_keys(home, "land", versions):
        make_part(PartJob(home.path, "clean", key, versions["clean"], "", 0.5, "run_test", known_lines(settings)))
    keys = current_keys(home, "clean", versions)
    return versions["clean"], set(read_stage(home, "segments", keys, ["rule_id"]).column("rule_id").to_pylist())


def test_learnt_reviewed_and_used(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    before, rules = clean(home)
    assert "clean.repeated.publisher" not in rules
    assert main(["learn-lines", "--home", str(home.path)]) == 0
    told, file = capsys.readouterr().out, home.path / "lines.toml"
    assert "Harbour Post" in told
    assert "1 publisher with no line" in told
    assert told.endswith(f"then clean anew with it: dateline run --home {home.path}\n")
    assert [(x.publisher, x.line) for x in _lines(file)] == [("Harbour Post", mask(BOX)), ("Harbour Post", MOTTO)]
    after, rules = clean(home)
    assert "clean.repeated.publisher" in rules
    assert after != before
    assert maker_version("extract", Settings(home=home.path)) == maker_version("extract", Settings())
    file.write_text(file.read_text("utf-8").replace("keep = false", "keep = true"), "utf-8")
    assert clean(home)[0] == before
    assert main(["learn-lines", "--home", str(home.path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["publishers"][1] == {
        "publisher": "Harbour Post", "documents": 6, "lines": 2, "new": 0, "kept": 2, "most_frequent": mask(BOX),
    }  # fmt: skip
    assert all(x.keep for x in _lines(file))


def _lines(file: Path) -> list:  # type: ignore[type-arg]
    from flows.lines import lines_in

    return lines_in(file)


def test_another_file_is_used_if_it_is_named(home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other.toml"
    assert main(["learn-lines", "--home", str(home.path), "--out", str(other), "--publisher", "Harbour Post"]) == 0
    assert f"--lines {other}" in capsys.readouterr().out
    assert Settings(home=home.path).lines_file() is None
    assert maker_version("clean", Settings(home=home.path, lines=other)) != maker_version("clean", Settings(home=home.path))
    assert read_call(home=str(home.path), lines=str(other)).settings.lines_file() == other


def test_wrong_use(home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["learn-lines", "--home", str(home.path), "--publisher", "Harbor Post"]) == 2
    assert 'no publisher "Harbor Post"' in capsys.readouterr().err
    assert main(["learn-lines", "--home", str(home.path), "--out", str(tmp_path / "no" / "lines.toml")]) == 2
    assert "cannot be written" in capsys.readouterr().err
    (home.path / "lines.toml").write_text("format = 1\n[[line]]\n", "utf-8")
    assert main(["learn-lines", "--home", str(home.path)]) == 2
    assert "publisher and line are needed" in capsys.readouterr().err
    known_lines.cache_clear()
    with pytest.raises(BadSetting, match="publisher and line are needed"):
        maker_version("clean", Settings(home=home.path))


def test_a_run_that_is_under_way_does_not_see_a_change(home: Home) -> None:
    before, _ = clean(home)
    assert main(["learn-lines", "--home", str(home.path)]) == 0
    assert maker_version("clean", Settings(home=home.path)) == before
    assert clean(home)[0] != before


def test_not_while_a_run_works_in_the_home(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    with locked(home):
        assert main(["learn-lines", "--home", str(home.path)]) == 1
    assert capsys.readouterr().err.startswith("[D003] ")

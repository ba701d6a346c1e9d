"""The command line: help at once, errors in one line with what to type next, tables, proofs, docs that are not stale."""

from __future__ import annotations

import hashlib
import json
import os
import re
import resource
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows import cli_docs
from flows.call import Call, read_call
from flows.cli import app, main
from flows.commands_doctor import known_bad
from flows.commands_file import why_file
from flows.commands_models import score
from flows.commands_proof import Span, prove
from flows.commands_run import ANSWERS, read_answers, stage_line
from flows.errors import BadSetting, UnknownName
from flows.record import StageResult
from flows.settings import Settings
from flows.show import cell, one_line, plain
from tests.sql.lakes import read_world, rules, write_lake
from warehouse.lake import Home, read_run_table
from warehouse.load import build_warehouse

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("prefect", "spacy", "duckdb", "pandas", "pyarrow", "great_expectations", "rich")
COMMANDS = sorted(c.name or c.callback.__name__ for c in app.registered_commands if c.callback)  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith("DATELINE_"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A home with the warehouse of the small world; tests change nothing in it."""
    made = Home(tmp_path_factory.mktemp("cli"))
    build_warehouse(made, write_lake(made, read_world()), rules=rules())
    return str(made.path)


def _said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(list(arguments))
    out, err = capsys.readouterr()
    return code, out, err


# --- help -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], []])
def test_help_answers_at_once_and_imports_nothing_heavy(arguments: list[str]) -> None:
    code = f"import sys\nfrom flows.cli import main\nmain({arguments!r})\nprint([m for m in {HEAVY} if m in sys.modules], file=sys.stderr)"
    times = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert done.stderr.strip() == "[]"
    assert done.stdout.startswith("Usage: dateline")
    assert min(times) < 0.75, f"seconds of processor time: {times}; 0.25 on an idle machine, and a busy one makes each of them dearer"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_and_option_has_a_help(command: str) -> None:
    text = cli_docs.help_text([command])
    assert re.search(r"^Usage: dateline " + command, text)
    for line in re.findall(r"^  (?:-\w, )?(--[\w-]+(?:.*))$", text, re.M):
        assert re.search(r"\S  +\S", line), f"{line} has no help"


def test_first_lines_of_the_commands_are_not_cut() -> None:
    assert "..." not in cli_docs.help_text([]).split("Commands:")[1]


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert re.fullmatch(r"dateline \d+\.\d+\.\d+\S*\n", _said(capsys, "--version")[1])


def test_python_m_flows_is_the_same_command() -> None:
    done = subprocess.run([sys.executable, "-m", "flows", "--version"], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.startswith("dateline ")


# --- documents ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "render"), [(cli_docs.PAGE, cli_docs.render_page), (cli_docs.EXAMPLE, cli_docs.render_example)])
def test_pages_are_not_stale(path: Path, render: Any) -> None:
    assert path.read_text("utf-8") == render(), f"{path.name} is stale; write it anew: {cli_docs.COMMAND}"


def test_the_page_has_every_command() -> None:
    assert re.findall(r"^## dateline ([\w-]+)$", cli_docs.PAGE.read_text("utf-8"), re.M) == [
        c.name or c.callback.__name__ for c in app.registered_commands if c.callback  # type: ignore[attr-defined]
    ]  # fmt: skip


def test_the_example_of_settings_has_every_setting_with_its_default(tmp_path: Path) -> None:
    text = cli_docs.EXAMPLE.read_text("utf-8")
    assert re.findall(r"^#DATELINE_(\w+)=", text, re.M) == [name.upper() for name in Settings.model_fields]
    (tmp_path / "some.env").write_text(re.sub(r"^#(?=DATELINE_)", "", text, flags=re.M), "utf-8")
    given = Settings(_env_file=tmp_path / "some.env").model_dump()  # type: ignore[call-arg]
    default = Settings(_env_file=None).model_dump()  # type: ignore[call-arg]
    for name in set(default) - {"workers", "sources", "corrections", "lines"}:
        assert given[name] == default[name], name
    paths = [Path(f"{name}.toml") for name in ("sources", "corrections", "lines")]
    assert [given["workers"], given["sources"], given["corrections"], given["lines"]] == [2, *paths]


# --- wrong use ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["describe"], 2, r"dateline describe: Missing argument 'TABLE'; see: dateline describe --help"),
        (["run"], 2, r"\[D001\] no PATH is given, and nothing arrived before; type: dateline run FOLDER\n"),
        (["land", "--home", "h"], 2, r"\[D001\] no PATH is given, and nothing arrived before; type: dateline run FOLDER --home h\n"),
        (["run", "x", "--worker", "2"], 2, r"dateline run: No such option: --worker.*--workers.*see: dateline run --help"),
        (["rnu"], 2, r"dateline: No such command 'rnu'\. Did you mean 'run'\?; see: dateline --help"),
        (["--home", "x", "run"], 2, r"dateline: No such option: --home here; options stand after the command"),
        (["sql", "select 1", "select 2"], 2, r"dateline sql: Got unexpected extra argument"),
        (["tables", "--home", "nowhere"], 2, r"\[D004\] there is no warehouse in .*nowhere; make one: dateline run PATH --home nowhere"),
        (["validate", "--home", "nowhere"], 2, r"\[D004\] nothing is made in .*; make it: dateline run PATH --home nowhere"),
        (["validate", "--report", "--home", "nowhere"], 2, r"\[D004\] there is no report in "),
        (["rejects", "--home", "nowhere"], 2, r"\[D004\] nothing was run in "),
        (["rejects", "--stage", "wash"], 2, r"\[D007\] --stage cannot be \"wash\"; give one of: land, clean, extract, link, load"),
        (["doctor", "--workers", "abc"], 2, r"\[D007\] --workers cannot be 'abc': it should be a valid integer; it means: "),
        (["doctor", "--workers", "0"], 2, r"\[D007\] --workers cannot be '0': it should be greater than or equal to 1; "),
        (["doctor", "--sources", "none.toml"], 2, r"\[D007\] --sources: there is no file none.toml; "),
        (["clean", "--lines", "none.toml"], 2, r"\[D007\] --lines: there is no file none.toml; make one: dateline learn-lines --out FILE"),
        (
            ["learn-lines", "--home", "nowhere"],
            2,
            r"\[D001\] nothing is landed in .*nowhere; land files: dateline land FOLDER --home nowhere",
        ),
        (["doctor", "--home", __file__], 2, r"\[D007\] --home: .* is not a folder; "),
    ],
)
def test_wrong_use_is_told_in_one_line(capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, words: str) -> None:
    got, out, err = _said(capsys, *arguments)
    assert (got, out, err.count("\n")) == (code, "", 1)
    assert re.match(words, err), err


def test_a_bad_value_of_the_environment_or_env_file_is_told_with_where_it_stands(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("DATELINE_BATCH_SIZE=many\n", "utf-8")
    code, _, err = _said(capsys, "doctor")
    assert code == 2
    assert err.startswith("[D007] DATELINE_BATCH_SIZE in .env cannot be 'many'")
    monkeypatch.setenv("DATELINE_WORKERS", "abc")
    (tmp_path / ".env").unlink()
    assert _said(capsys, "doctor")[2].startswith("[D007] DATELINE_WORKERS cannot be 'abc'")


def test_a_flag_wins_over_the_environment_that_over_env_file_that_over_the_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".env").write_text("DATELINE_WORKERS=3\nDATELINE_BATCH_SIZE=4\nDATELINE_MAX_TEXT_CHARS=5\n", "utf-8")
    monkeypatch.setenv("DATELINE_WORKERS", "6")
    monkeypatch.setenv("DATELINE_BATCH_SIZE", "7")
    call = read_call(workers="8", home=None)
    got = (call.settings.workers, call.settings.batch_size, call.settings.max_text_chars, call.settings.max_unit_bytes)
    assert got == (8, 7, 5, Settings.model_fields["max_unit_bytes"].default)
    main(["doctor", "--workers", "8", "--json"])
    told = {f["name"]: f["words"] for f in json.loads(capsys.readouterr().out) if f["topic"] == "settings"}
    assert told["DATELINE_WORKERS"] == "flag"
    assert told["DATELINE_BATCH_SIZE"] == "environment"
    assert told["DATELINE_MAX_TEXT_CHARS"] == ".env"
    assert told["DATELINE_MAX_UNIT_BYTES"] == "default"


def test_a_bad_value_raises_where_settings_are_read() -> None:
    with pytest.raises(BadSetting):
        read_call(batch_size="none")


def test_what_nobody_foresaw_is_one_line_and_with_v_a_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, home: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("flows.commands_sql.list_tables", fail)
    code, _, err = _said(capsys, "tables", "--home", home)
    assert (code, err) == (1, "OSError: [Errno 28] No space left on device; run it again with -v for the traceback\n")
    code, _, err = _said(capsys, "tables", "--home", home, "-v")
    assert code == 1
    assert "Traceback (most recent call last)" in err


def test_ctrl_c_ends_with_130_and_no_traceback(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, home: str) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("flows.commands_sql.list_tables", stop)
    code, _, err = _said(capsys, "tables", "--home", home)
    assert (code, err.count("\n")) == (130, 1)
    assert err.startswith("stopped; ")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_run_that_is_stopped_ends_at_once_and_says_so(tmp_path: Path, number: int, code: int) -> None:
    script = f"""
import time
from datetime import UTC, datetime
from pathlib import Path
from flows.commands_run import ends_at_once
from flows.record import write_run
from flows.settings import Settings
home = Settings(home=Path({str(tmp_path)!r})).at_home()
write_run(home, "run_1", "dateline", Settings(), status="running", started_at=datetime.now(UTC), finished=False)
with ends_at_once(home, "run_1"):
    print("begun", flush=True)
    try:
        time.sleep(60)
    except BaseException:
        print("nobody may catch it")
"""
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == "begun\n"
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (code, "", "stopped; what is made stays, and the next run goes on from there\n")
    runs = read_run_table(Home(tmp_path), "runs").to_pylist()
    assert [(r["run_id"], r["status"]) for r in runs] == [("run_1", "failed")]
    assert runs[0]["finished_at"] is not None


def test_a_reader_that_goes_away_is_no_error(home: str) -> None:
    command = f"{sys.executable} -m flows sql 'from range(200000)' --csv --home {home} | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True, cwd=ROOT)
    assert (done.stdout, done.stderr) == ("range\n", "")


# --- the warehouse --------------------------------------------------------------------------------------------


def test_sql_as_lines_json_and_csv(capsys: pytest.CaptureFixture[str], home: str) -> None:
    query = "select publisher, count(*) as n, list(title order by title) as titles from documents group by all order by n desc limit 2"
    code, out, _ = _said(capsys, "sql", query, "--home", home)
    assert code == 0
    assert out.splitlines()[0].split() == ["publisher", "n", "titles"]
    rows = json.loads(_said(capsys, "sql", query, "--home", home, "--json")[1])
    assert set(rows[0]) == {"publisher", "n", "titles"}
    assert isinstance(rows[0]["titles"], list)
    assert _said(capsys, "sql", query, "--home", home, "--csv")[1].splitlines()[0] == "publisher,n,titles"


def test_a_query_that_begins_with_a_comment_is_no_option(capsys: pytest.CaptureFixture[str], home: str) -> None:
    assert _said(capsys, "sql", "-- how many?\nselect 7 as n", "--csv", "--home", home)[1] == "n\n7\n"


def test_sql_reads_a_pipe(home: str) -> None:
    command = [sys.executable, "-m", "flows", "sql", "--home", home]
    done = subprocess.run(command, input="select 1 as a;\nselect 2 as b", capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == ["b", "2"]
    assert done.stderr == ""


def test_a_pipe_may_hold_commands_of_the_shell(home: str) -> None:
    command = [sys.executable, "-m", "flows", "sql", "--home", home]
    typed = ".describe copy_groups\nselect 1\n  as a;\n.quit\nselect 2 as b"
    done = subprocess.run(command, input=typed, capture_output=True, text=True, check=True, cwd=ROOT)
    assert "group_id" in done.stdout
    assert done.stdout.split()[-2:] == ["a", "1"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("selec 1", r"\[D006\] Parser Error: .*\n$"),
        ("from documnts", r"\[D006\] Catalog Error: Table with name documnts does not exist! Did you mean .*; see: dateline tables --home"),
        ("select foo from documents", r"\[D006\] Binder Error: .*\"foo\".*; see: dateline describe TABLE --home"),
        (
            "copy events to 'out.csv'",
            r"\[D006\] sql only reads: COPY is not for it; to write rows: dateline export TABLE --home .*, or --csv\n$",
        ),
        ("select 1; attach 'other.db' as b", r"\[D006\] sql only reads: ATTACH "),
        ("install httpfs", r"\[D006\] sql only reads: LOAD "),
        ("delete from documents", r"\[D006\] Invalid Input Error: .*read-only.*; tables of your own: create temp table"),
    ],
)
def test_what_duckdb_refuses_is_one_line(capsys: pytest.CaptureFixture[str], home: str, query: str, words: str) -> None:
    code, out, err = _said(capsys, "sql", query, "--home", home)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert re.match(words, err), err


def test_a_file_that_is_no_warehouse(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "warehouse.duckdb").write_bytes(b"no database at all" * 500)
    code, _, err = _said(capsys, "tables", "--home", str(tmp_path))
    assert (code, err.count("\n")) == (2, 1)
    assert err.startswith("[D004] ")
    assert "make it anew: dateline load" in err


def test_tables_with_their_rows_and_grain(capsys: pytest.CaptureFixture[str], home: str) -> None:
    told = {t["name"]: t for t in json.loads(_said(capsys, "tables", "--home", home, "--json")[1])}
    assert told["documents"]["one_row_per"] == "article"
    assert told["documents"]["rows"] == len(read_world()["documents"])
    assert told["who_said_what"]["kind"] == "view"
    assert told["search"]["one_row_per"] == "search(words)"
    assert all(t["comment"] for t in told.values())
    assert all(t["one_row_per"] for t in told.values())
    assert "dateline describe TABLE" in _said(capsys, "tables", "--home", home)[1]


def test_describe_before_and_after_the_first_run(capsys: pytest.CaptureFixture[str], home: str, tmp_path: Path) -> None:
    for place in (home, str(tmp_path / "new")):
        figures = json.loads(_said(capsys, "describe", "figures", "--home", place, "--json")[1])
        columns = {c["column"]: c for c in figures["columns"]}
        assert "killed" in columns["measure"]["one_of"]
        assert columns["start_char"]["unit"] == "code points into documents.text"
        assert columns["claimant_entity_id"]["meaning"]
        view = json.loads(_said(capsys, "describe", "CONFLICTING_FIGURES", "--home", place, "--json")[1])
        assert all(c["meaning"] for c in view["columns"])
        assert _said(capsys, "describe", "search", "--home", place)[1].startswith("search(words)  (macro)\n")


def test_an_unknown_name_gets_the_nearest(capsys: pytest.CaptureFixture[str], home: str) -> None:
    code, _, err = _said(capsys, "describe", "evnts", "--home", home)
    assert code == 2
    assert re.match(r'\[D005\] there is no table, view or macro "evnts"; did you mean: events', err)


@pytest.mark.parametrize("form", ["csv", "json", "parquet"])
def test_export(capsys: pytest.CaptureFixture[str], home: str, tmp_path: Path, form: str) -> None:
    import duckdb

    out = tmp_path / f"rows with 'quote'.{form}"
    assert main(["export", "events", "-f", form, "-o", str(out), "--home", home]) == 0
    n = json.loads(_said(capsys, "sql", "select count(*) as n from events", "--home", home, "--json")[1])[0]["n"]
    with duckdb.connect() as con:
        assert con.execute("select count(*) from " + f"read_{form}(?)".replace("json(", "json_auto("), [str(out)]).fetchall() == [(n,)]
    assert [p.name for p in tmp_path.iterdir()] == [out.name]


def test_export_says_what_cannot_be(capsys: pytest.CaptureFixture[str], home: str) -> None:
    assert _said(capsys, "export", "events", "-f", "xml", "--home", home)[2].startswith('[D007] --format cannot be "xml"; give one of')
    assert _said(capsys, "export", "events", "-f", "parquet", "--home", home)[2].endswith("give a file: --out FILE\n")
    assert _said(capsys, "export", "search", "--home", home)[2].startswith('[D005] there is no table or view "search"')
    assert _said(capsys, "export", "events", "-o", "no/such/folder.csv", "--home", home)[2].startswith("[D007] --out: there is no folder")


def test_answers_are_questions_with_sql_that_runs(capsys: pytest.CaptureFixture[str], home: str) -> None:
    answers = read_answers()
    assert len(answers) == len(list(ANSWERS.iterdir())) == 3
    for question, query in answers:
        assert question.endswith("?")
        assert _said(capsys, "sql", query, "--home", home)[0] == 0


# --- why ------------------------------------------------------------------------------------------------------


def _arrived(tmp_path: Path, data: bytes, name: str = "ferry.txt") -> tuple[Home, dict[str, Any]]:
    """A home whose raw/ has one file, and its landing."""
    from transforms.reading import Landed, Limits, Source, read_object

    home, sha256 = Home(tmp_path / "proof"), hashlib.sha256(data).hexdigest()
    path = home.raw_object(sha256)
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    unit = next(iter(read_object(path, name, source=Source(), limits=Limits())))
    assert isinstance(unit, Landed)
    landing = {
        "document_id": unit.document["document_id"], "object_sha256": sha256, "source_uri": f"file:///drop/{name}",
        "source_record": unit.source_record, "source_said": "{}", "landed_at": datetime(2025, 3, 11, tzinfo=UTC),
    }  # fmt: skip
    return home, landing


TEXT = "Fähre sinks\n\nMarta Ellingsen said on Tuesday that the ferry “had been warned”.\n"


@pytest.mark.parametrize(("encoding", "mark"), [("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("cp1252", b""), ("utf-16-le", b"\xff\xfe")])
def test_a_true_row_is_proved_with_its_bytes(tmp_path: Path, encoding: str, mark: bytes) -> None:
    data = mark + TEXT.encode(encoding)
    home, landing = _arrived(tmp_path, data)
    start = TEXT.index("had been")
    proof = prove(home, Settings(), landing, [Span("quotes", start, start + 15, "had been warned")])
    assert proof.proved, proof.words
    assert proof.bytes is not None
    assert data[slice(*proof.bytes)].decode(encoding) == "had been warned"


def test_a_false_row_is_not_proved(tmp_path: Path) -> None:
    home, landing = _arrived(tmp_path, TEXT.encode())
    good = Span("quotes", 0, 5, "Fähre")
    assert prove(home, Settings(), landing, [good]).proved
    assert "read 'Fähre'" in prove(home, Settings(), landing, [Span("quotes", 0, 5, "Ferry")]).words
    assert not prove(home, Settings(), landing, [good, Span("actor", 0, 5, "Ferry")]).proved
    assert not prove(home, Settings(), landing | {"document_id": "doc_other"}, [good]).proved
    assert not prove(home, Settings(), None, [good]).proved
    path = home.raw_object(landing["object_sha256"])
    path.write_bytes(TEXT.encode() + b"more")
    assert "was changed" in prove(home, Settings(), landing, [good]).words
    path.unlink()
    assert "is gone" in prove(home, Settings(), landing, [good]).words


def test_why_tells_of_rows_of_every_kind(capsys: pytest.CaptureFixture[str], home: str) -> None:
    world = read_world()
    ids = {"events": "event_id", "quotes": "quote_id", "figures": "figure_id", "mentions": "mention_id", "times": "time_id"}
    for table, key in ids.items():
        for row in world[table][:3]:
            told = json.loads(_said(capsys, "why", row[key], "--home", home, "--json")[1])
            assert (told["table"], told["id"]) == (table, row[key])
            assert told["context"]["text"].count(told["text"]) >= 1
            assert told["rule"]["meaning"]
            assert told["maker_version"]
            assert told["parents"][-1]["table"] == "documents"
            assert told["files"]
            assert told["proof"]["proved"] is False  # the small world has no bytes
        assert _said(capsys, "why", row[key], "--home", home)[1].startswith(f"{row[key]}  ({table})\n")


def test_why_marks_the_words_and_tells_the_parts(capsys: pytest.CaptureFixture[str], home: str) -> None:
    out = _said(capsys, "why", "evt_threat", "--home", home)[1]
    assert re.search(r"text +.*>>.*threaten.*<<", out)
    for label in ("trigger", "actor", "said by", "rule", "made by", "part of", "file", "stored as", "proof"):
        assert re.search(rf"^  {label} ", out, re.M), label
    assert "NOT proved" in out


@pytest.mark.parametrize("prefix", ["top", "sto", "ent", "hap", "rem", "cpy", "dis"])
def test_why_of_a_group_lists_its_rows(capsys: pytest.CaptureFixture[str], home: str, prefix: str) -> None:
    tables = {
        "top": ("figure_topics", "topic_id"), "sto": ("stories", "story_id"), "ent": ("entities", "entity_id"),
        "hap": ("happenings", "happening_id"), "rem": ("remark_groups", "remark_id"), "cpy": ("copy_groups", "copy_group_id"),
        "dis": ("disputes", "dispute_id"),
    }  # fmt: skip
    table, key = tables[prefix]
    group = min(row[key] for row in read_world()[table])
    assert group.startswith(prefix)
    told = json.loads(_said(capsys, "why", group, "--home", home, "--json")[1])
    assert told["rows"]
    code, out, _ = _said(capsys, "why", group, "--home", home)
    assert code == 0
    assert f"dateline why {told['rows'][0]['row_id']}" in out


@pytest.mark.parametrize("asked", ["wire.txt", "drop/wire.txt", "/drop/wire.txt", "file:///drop/wire.txt", "doc_wire"])
def test_why_of_a_file_tells_what_was_taken_out(capsys: pytest.CaptureFixture[str], home: str, asked: str) -> None:
    told = json.loads(_said(capsys, "why", asked, "--home", home, "--json")[1])
    assert [d["document"]["document_id"] for d in told["documents"]] == ["doc_wire"]
    removed = told["documents"][0]["removed"]
    assert {r["kind"] for r in removed} == {"byline", "promo"}
    assert all(r["why"] and r["rule_id"] for r in removed)
    out = _said(capsys, "why", asked, "--home", home)[1]
    assert "taken out: " in out
    assert "Asks to subscribe." in out


def test_why_of_what_was_set_aside(capsys: pytest.CaptureFixture[str], home: str) -> None:
    for asked in ("rej_empty", "empty.txt"):
        out = _said(capsys, "why", asked, "--home", home)[1]
        assert "(set aside in stage land)" in out
        assert "(empty)" in out


@pytest.mark.parametrize("asked", ["evt_none", "ent_none", "rej_none", "doc_none", "nothing.txt", "x"])
def test_why_of_nothing(capsys: pytest.CaptureFixture[str], home: str, asked: str) -> None:
    code, out, err = _said(capsys, "why", asked, "--home", home)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("[D005] ")


def test_why_of_a_file_name_that_is_nearly_right(home: str) -> None:
    import duckdb

    call = Call(Settings(home=Path(home)), {})
    with (
        duckdb.connect(str(Path(home) / "warehouse.duckdb"), read_only=True) as con,
        pytest.raises(UnknownName, match=r"did you mean: wire\.txt"),
    ):
        why_file(call, con, "wires.txt", as_json=False)


# --- rejects, doctor, lines -----------------------------------------------------------------------------------


def test_rejects(capsys: pytest.CaptureFixture[str], home: str) -> None:
    assert [r["reject_id"] for r in json.loads(_said(capsys, "rejects", "--home", home, "--json")[1])] == ["rej_empty"]
    out = _said(capsys, "rejects", "--home", home)[1]
    assert "empty.txt" in out
    assert "1 row set aside: 1 empty" in out
    assert _said(capsys, "rejects", "--stage", "extract", "--home", home)[1] == "nothing was set aside in stage extract\n"


@pytest.mark.parametrize(
    ("versions", "bad"),
    [
        ({"fastapi": "0.150.0", "sqlalchemy": "2.0.58", "prefect": "3.8.8"}, set()),
        ({"fastapi": "0.151.0", "sqlalchemy": "2.0.58", "prefect": "3.8.8"}, {"fastapi"}),
        ({"fastapi": "0.165.1", "sqlalchemy": "2.1.0b1", "prefect": "3.8.8"}, {"fastapi", "sqlalchemy"}),
        ({"fastapi": "0.165.1", "sqlalchemy": "2.1.0", "prefect": "3.9.0"}, set()),
        ({"fastapi": None, "sqlalchemy": "2.1", "prefect": None}, set()),
    ],
)
def test_what_is_known_not_to_work(versions: dict[str, str | None], bad: set[str]) -> None:
    assert set(known_bad(versions)) == bad


def test_doctor(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, home: str) -> None:
    monkeypatch.setenv("DATELINE_WORKER", "3")
    code, out, err = _said(capsys, "doctor", "--home", home)
    assert (code, err) == (0, ""), out
    assert "did you mean DATELINE_WORKERS?" in out
    assert re.search(r"DATELINE_HOME +\S+ +flag", out)
    assert re.search(r"warehouse +\S+ [kM]B, 4 documents", out)
    monkeypatch.setattr("flows.commands_doctor.known_bad", lambda _: {"fastapi": "Prefect's server does not start"})
    code, out, _ = _said(capsys, "doctor", "--home", home)
    assert code == 1
    assert "BAD: Prefect's server does not start" in out
    assert _said(capsys, "doctor", "--home", home, "--model", "en_no_such_model")[0] == 1


def test_models(capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(_said(capsys, "models", "--json")[1])
    assert (told[0]["name"], told[0]["can be used"], told[0]["now"]) == ("(embedded)", "yes", "used")
    code, out, err = _said(capsys, "models", "--model", "en_no_such_model", "--json")
    assert code == 2 and "en_no_such_model cannot be used" in err
    told = json.loads(out)
    assert told[-1]["can be used"].startswith("not installed")


def test_a_home_that_cannot_be_made_is_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Ferry bought.\n", "utf-8")
    code, _, err = _said(capsys, "run", str(tmp_path / "a.txt"), "--home", "/proc/dateline/home")
    assert code == 2
    assert "/proc/dateline/home cannot be made" in err


@pytest.mark.parametrize("words", [["compare"], ["compare", "embedded"], ["match", "a", "b"], ["compare", "embedded", "en_no_such_model"]])
def test_models_compared_wrongly(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    code, out, err = _said(capsys, "models", *words)
    assert (code, out) == (2, "")
    assert "dateline models" in err


def test_a_pipeline_against_itself_scores_the_same() -> None:
    figures = score("")
    again = score("") | {"words per second": figures["words per second"]}
    assert figures == again
    assert 0.5 < figures["names F1"] < 1


def test_diff_tells_lost_gained_and_changed_rows(capsys: pytest.CaptureFixture[str], tmp_path: Path, home: str) -> None:
    other = Home(tmp_path / "other")
    build_warehouse(other, write_lake(other, read_world()), rules=rules())
    assert _said(capsys, "diff", home, str(other.path)) == (0, "no row differs in the documents that both hold\n", "")
    with duckdb.connect(str(other.warehouse)) as con:
        lost = con.execute("select min(event_id) from events").fetchall()[0][0]
        con.execute("delete from events where event_id = ?", [lost])
        changed = con.execute("select min(mention_id) from mentions where label = 'GPE'").fetchall()[0][0]
        con.execute("update mentions set label = 'LOC' where mention_id = ?", [changed])
        gained = con.execute("select min(figure_id) from figures").fetchall()[0][0]
        con.execute("update figures set figure_id = 'fig_new' where figure_id = ?", [gained])
    told = json.loads(_said(capsys, "diff", home, str(other.path), "--json")[1])
    by_table = {(c["table"], c["change"], *c["key"]) for c in told}
    assert {
        ("events", "lost", lost),
        ("mentions", "changed", changed),
        ("figures", "lost", gained),
        ("figures", "gained", "fig_new"),
    } <= by_table
    assert [c["columns"] for c in told if c["key"] == [changed]] == [["label"]]
    assert all(c["sentence"] for c in told if c["table"] == "mentions")
    out = _said(capsys, "diff", home, str(other.path))[1]
    assert "label: GPE -> LOC" in out


def test_diff_without_a_warehouse(capsys: pytest.CaptureFixture[str], tmp_path: Path, home: str) -> None:
    code, _, err = _said(capsys, "diff", home, str(tmp_path / "nothing"))
    assert code == 2
    assert "there is no warehouse in" in err


def test_a_stage_is_one_line() -> None:
    result = StageResult("extract", 12_345, 12_340, 5, 256, 61.24, datetime(2025, 3, 11, tzinfo=UTC))
    assert stage_line(result) == ("extract", "12,345", "12,340", "5", "256", "61.2")


@pytest.mark.parametrize(
    ("value", "shown", "as_json"),
    [
        (None, "", None),
        (True, "yes", True),
        (3.0, "3", 3.0),
        (0.25, "0.25", 0.25),
        (["a", "b"], "a, b", ["a", "b"]),
        (datetime(2025, 3, 11, 1, 40, tzinfo=UTC), "2025-03-11 01:40:00Z", "2025-03-11T01:40:00Z"),
        (datetime(2025, 3, 11, 1, 40), "2025-03-11 01:40:00", "2025-03-11T01:40:00"),
        ("two\nlines", "two\\nlines", "two\nlines"),
    ],
)
def test_cells(value: Any, shown: str, as_json: Any) -> None:
    assert cell(value) == shown
    assert plain(value) == as_json


def test_news_cannot_command_the_terminal() -> None:
    assert one_line("a\x1b]0;title\x07b\x9b2Jc") == "a\\x1b]0;title\\x07b\\x9b2Jc"

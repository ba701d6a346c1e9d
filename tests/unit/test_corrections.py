"""Corrections: what the file may say, what becomes of entities and rows, and that nothing of it is silent."""

from __future__ import annotations

import json
import random
import shutil
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from expectations.load import check_warehouse
from expectations.run import check_stage
from flows.cli import main
from flows.corrections import corrections_digest, read_corrections, told, unapplied
from flows.errors import BadSetting
from flows.settings import Settings
from flows.versions import maker_version
from tests.linking_tables import Documents
from tests.sql.lakes import read_world, rules, write_lake
from transforms.linking import link_documents, make_corrections
from warehouse.lake import Home
from warehouse.load import build_warehouse
from warehouse.schema import CORRECTED_TABLES

DOCS = Path(__file__).resolve().parents[2] / "docs"
SIGNED: dict[str, Any] = {"reason": "seen in the register", "author": "A. Mora", "date": date(2026, 5, 2)}
FILE = '[[correction]]\nreject = ["evt_1"]\nreason = "a film"\nauthor = "A. Mora"\ndate = 2026-05-02\n'


def entry(**said: Any) -> dict[str, Any]:
    return {**said, **SIGNED}


def corrections(*entries: dict[str, Any]) -> Any:
    return make_corrections({"correction": list(entries)})


# --- the file -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ([entry(rejct=["evt_1"])], "entry 1: unknown key 'rejct'"),
        ([SIGNED], "entry 1 needs exactly one of merge, split, reject, confirm"),
        ([entry(reject=["evt_1"], confirm=["evt_2"])], "entry 1 needs exactly one of"),
        ([entry(reject=["evt_1"]), entry(reject=["xyz_1"])], r"entry 2 \(reject\): 'xyz_1' is no id of mentions"),
        ([entry(reject=["Kyiv"])], "'Kyiv' is no id of"),
        ([entry(reject=["evt_1", "quo_1"])], "ids of events and quotes in one entry"),
        ([entry(reject=[])], "reject must be a list of texts"),
        ([entry(reject=["evt_1", "evt_1"])], "names one thing twice"),
        ([entry(merge=["Kyiv"], label="GPE")], "needs two entities or more"),
        ([entry(merge=["Kyiv", "Kiev"])], "a label belongs to entities that are given by name"),
        ([entry(merge=["ent_1", "ent_2"], label="GPE")], "a label belongs to entities that are given by name"),
        ([entry(merge=["Kyiv", "Kiev"], label="TOWN")], "label 'TOWN' is none of"),
        ([entry(split="Varenko", label="PERSON")], "needs spellings or documents"),
        ([entry(split=["ent_1", "ent_2"], spellings=["A"])], "takes one entity"),
        ([entry(merge=["ent_1", "ent_2"], documents=["doc_1"])], "spellings and documents belong to split"),
        ([entry(reject=["evt_1"]) | {"date": "2026-05-02"}], "date must be a day without quotes"),
        ([entry(reject=["evt_1"]) | {"author": " "}], "author must be a text that is not empty"),
        ([{k: v for k, v in entry(reject=["evt_1"]).items() if k != "reason"}], "reason must be a text"),
        ([entry(reject=["evt_1"]), entry(reject=["evt_1"])], "entry 2 says the same as entry 1"),
        ([entry(reject=["evt_1"]), entry(confirm=["evt_2", "evt_1"])], r"entry 2: evt_1 stands in entry 1 \(reject\) already"),
        (["evt_1"], "entry 1 is no table"),
    ],
)
def test_what_is_not_understood_is_refused_by_its_entry(entries: list[Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make_corrections({"correction": entries})


def test_only_corrections_are_read() -> None:
    with pytest.raises(ValueError, match=r"unknown table 'corections'; only \[\[correction\]\] is read"):
        make_corrections({"corections": []})
    assert make_corrections({}) == ()


def test_the_example_of_the_documents_is_understood() -> None:
    found = make_corrections(tomllib.loads((DOCS / "corrections.example.toml").read_text("utf-8")))
    assert [c.action for c in found] == ["merge", "merge", "split", "split", "reject", "confirm"]


def test_the_id_is_of_what_it_does_and_not_of_who_said_so() -> None:
    one, other = (corrections(entry(reject=["evt_2", "evt_1"]) | more)[0] for more in ({}, {"reason": "else", "author": "B"}))
    assert one.correction_id == other.correction_id == corrections(entry(reject=["evt_1", "evt_2"]))[0].correction_id
    assert one.correction_id != corrections(entry(confirm=["evt_1", "evt_2"]))[0].correction_id


# --- entities -------------------------------------------------------------------------------------------------


def names_of(documents: Documents, *entries: dict[str, Any]) -> tuple[dict[str, list[str]], list[dict[str, Any]]]:
    """Spellings by entity id, and the rows of table corrections."""
    linked = link_documents(documents.tables(), corrections(*entries))
    found: dict[str, list[str]] = {row["entity_id"]: [] for row in linked["entities"].to_pylist()}
    for row in linked["entity_names"].to_pylist():
        found[row["entity_id"]].append(row["name"])
    return found, linked["corrections"].to_pylist()


@pytest.fixture
def unions() -> Documents:
    """Three bodies in four documents, all apart."""
    made = Documents()
    for number, name in enumerate(("Zhovtyn Harbour Union", "League of Dockers", "Harbour Board of Split", "League of Dockers")):
        document = made.document(f"The {name} met.\nReport {number}.", key=str(number))
        made.mention(document, name, "ORG")
    return made


def test_entities_merged_by_name_are_one_under_the_first(unions: Documents) -> None:
    before, _ = names_of(unions)
    after, rows = names_of(unions, entry(merge=["League of Dockers", "Zhovtyn Harbour Union"], label="ORG"))
    first, other = (next(e for e, names in before.items() if n in names) for n in ("League of Dockers", "Zhovtyn Harbour Union"))
    assert after == {e: n for e, n in before.items() if e not in (first, other)} | {first: ["League of Dockers", "Zhovtyn Harbour Union"]}
    assert [(r["target_ids"], r["target_names"], r["applied"], r["note"]) for r in rows] == [
        ([first, other], ["League of Dockers", "Zhovtyn Harbour Union"], True, None)
    ]


def test_entities_merged_by_id_keep_id_name_and_label_of_the_first(unions: Documents) -> None:
    before, _ = names_of(unions)
    first, other = sorted(before)[:2]
    linked = link_documents(unions.tables(), corrections(entry(merge=[first, other])))
    row = next(r for r in linked["entities"].to_pylist() if r["entity_id"] == first)
    assert row["name"] in before[first]
    assert row["n_documents"] == sum(2 if "League of Dockers" in before[e] else 1 for e in (first, other))
    assert other not in linked["entities"]["entity_id"].to_pylist()


def test_an_id_that_was_merged_means_the_whole_from_then_on(unions: Documents) -> None:
    before, _ = names_of(unions)
    a, b, c = sorted(before)
    after, rows = names_of(unions, entry(merge=[a, b]), entry(merge=[c, b]))
    assert list(after) == [c]
    assert all(r["applied"] for r in rows)


@pytest.mark.parametrize(
    ("said", "note"),
    [
        (
            {"merge": ["Zhovtyn Harbour Union", "Dockers of Nowhere"], "label": "ORG"},
            'no entity of label ORG is called "Dockers of Nowhere"',
        ),
        ({"merge": ["Zhovtyn Harbour Union", "League of Dockers"], "label": "GPE"}, "no entity of label GPE"),
        ({"merge": ["ent_gone", "ent_lost"]}, "there is no entity ent_gone; there is no entity ent_lost"),
        ({"split": "League of Dockers", "label": "ORG", "spellings": ["Dockers"]}, 'no mention of it is spelled "Dockers"'),
        ({"split": "League of Dockers", "label": "ORG", "spellings": ["League of Dockers"]}, "nothing of it would be left"),
        ({"split": "League of Dockers", "label": "ORG", "documents": ["doc_0"]}, "document doc_0 does not name it"),
    ],
)
def test_a_target_that_is_gone_is_told_and_changes_nothing(unions: Documents, said: dict[str, Any], note: str) -> None:
    after, rows = names_of(unions, entry(**said))
    assert after == names_of(unions)[0]
    assert [r["applied"] for r in rows] == [False]
    assert note in rows[0]["note"]


def test_names_that_are_one_entity_already_need_nothing() -> None:
    made = Documents()
    for number, name in enumerate(("Ihor Zelenskiy", "Ihor Zelenskyi")):
        made.mention(made.document(f"{name} spoke.\nReport {number}.", key=str(number)), name)
    after, rows = names_of(made, entry(merge=["Ihor Zelenskyi", "Ihor Zelenskiy"], label="PERSON"))
    assert after == names_of(made)[0]
    assert [(r["target_ids"], r["applied"]) for r in rows] == [(list(after), True)]


def test_an_article_before_the_name_does_not_matter(unions: Documents) -> None:
    after, rows = names_of(unions, entry(merge=["the League of Dockers", "The Zhovtyn Harbour Union"], label="ORG"))
    assert (len(after), rows[0]["applied"]) == (2, True)


def test_a_part_that_was_split_off_can_be_merged_by_its_spelling() -> None:
    made = Documents()
    for number, name in enumerate(("Ihor Zelenskiy", "Ihor Zelenskyi", "Judge Marsh")):
        made.mention(made.document(f"{name} spoke.\nReport {number}.", key=str(number)), name)
    after, rows = names_of(
        made,
        entry(split="Ihor Zelenskiy", label="PERSON", spellings=["Ihor Zelenskyi"]),
        entry(merge=["Judge Marsh", "Ihor Zelenskyi"], label="PERSON"),
    )
    assert sorted(after.values()) == [["Ihor Zelenskiy"], ["Ihor Zelenskyi", "Judge Marsh"]]
    assert all(r["applied"] for r in rows)


def test_a_name_of_two_entities_is_not_guessed() -> None:
    made = Documents()
    for number, place in enumerate((1, 2)):
        document = made.document(f"Springfield voted.\nReport {number}.", key=str(number))
        made.mention(document, "Springfield", "GPE", geonames_id=place)
    made.mention(made.document("Shelby voted.", key="2"), "Shelby", "GPE")
    after, rows = names_of(made, entry(merge=["Shelby", "Springfield"], label="GPE"))
    assert len(after) == 3
    assert '2 entities of label GPE are called "Springfield"' in rows[0]["note"]


@pytest.mark.parametrize(("said", "part"), [({"documents": ["doc_3"]}, ["doc_3"]), ({"documents": ["doc_1"]}, ["doc_1"])])
def test_a_split_takes_the_documents_out(unions: Documents, said: dict[str, Any], part: list[str]) -> None:
    linked = link_documents(unions.tables(), corrections(entry(split="League of Dockers", label="ORG", **said)))
    row = linked["corrections"].to_pylist()[0]
    whole, split = row["target_ids"]
    of = {e: [r["document_id"] for r in linked["entity_links"].to_pylist() if r["entity_id"] == e] for e in (whole, split)}
    assert (of[split], len(of[whole]), row["applied"]) == (part, 1, True)


def test_a_split_takes_the_spellings_out() -> None:
    made = Documents()
    for number, name in enumerate(("Ihor Zelenskiy", "Ihor Zelenskyi")):
        made.mention(made.document(f"{name} spoke.\nReport {number}.", key=str(number)), name)
    assert [len(n) for n in names_of(made)[0].values()] == [2]
    after, rows = names_of(made, entry(split="Ihor Zelenskiy", label="PERSON", spellings=["Ihor Zelenskyi"]))
    assert sorted(after.values()) == [["Ihor Zelenskiy"], ["Ihor Zelenskyi"]]
    assert after[rows[0]["target_ids"][1]] == ["Ihor Zelenskyi"]


# --- rows -----------------------------------------------------------------------------------------------------


@pytest.fixture
def said() -> tuple[Documents, dict[str, str]]:
    """A statement that holds an event and a figure, and an event beside it."""
    made = Documents()
    document = made.document(
        "Olha Varenko said gunmen attacked Brod and killed nine people.\nSoldiers attacked Brod again.", key="0", published=date(2026, 5, 1)
    )
    speaker = made.mention(document, "Olha Varenko")
    quote = made.quote(document, "gunmen attacked Brod and killed nine people", speaker=speaker, cue="said")
    ids = {
        "speaker": speaker,
        "quote": quote,
        "held": made.event(document, "gunmen attacked Brod", "attacked", "ASSAULT", actor="gunmen", quote=quote),
        "free": made.event(document, "Soldiers attacked Brod again", "attacked", "ASSAULT", actor="Soldiers"),
        "figure": made.figure(document, "nine people", 9, quote_id=quote),
    }
    return made, ids


@pytest.mark.parametrize(
    ("who", "happenings", "with_ids"),
    [("free", {"held"}, []), ("held", {"free"}, []), ("quote", {"free"}, ["held", "figure"]), ("speaker", {"held", "free"}, [])],
)
def test_rejected_rows_are_as_if_never_read(
    said: tuple[Documents, dict[str, str]], who: str, happenings: set[str], with_ids: list[str]
) -> None:
    made, ids = said
    linked = link_documents(made.tables(), corrections(entry(reject=[ids[who]])))
    assert set(linked["happenings"]["event_id"].to_pylist()) == {ids[h] for h in happenings}
    row = linked["corrections"].to_pylist()[0]
    assert (row["target_ids"], row["with_ids"], row["applied"]) == ([ids[who]], sorted(ids[w] for w in with_ids), True)
    assert linked["figure_topics"]["figure_id"].to_pylist() == ([] if who == "quote" else [ids["figure"]])


def test_what_is_not_there_is_told_beside_what_is(said: tuple[Documents, dict[str, str]]) -> None:
    made, ids = said
    rows = link_documents(made.tables(), corrections(entry(reject=[ids["free"], "evt_gone"])))["corrections"].to_pylist()
    assert (rows[0]["target_ids"], rows[0]["applied"], rows[0]["note"]) == ([ids["free"]], False, "table events has no row evt_gone")
    assert rows[0]["target_names"] is None


def test_a_confirmed_row_that_goes_with_its_quotation_is_told(said: tuple[Documents, dict[str, str]]) -> None:
    made, ids = said
    linked = link_documents(made.tables(), corrections(entry(reject=[ids["quote"]]), entry(confirm=[ids["held"]])))
    row = next(r for r in linked["corrections"].to_pylist() if r["action"] == "confirm")
    assert (row["target_ids"], row["applied"]) == ([], False)
    assert f"{ids['held']} is left out with quotation {ids['quote']}" in row["note"]


def test_the_result_depends_on_rows_and_corrections_alone(unions: Documents) -> None:
    entries = [entry(merge=["League of Dockers", "Zhovtyn Harbour Union"], label="ORG"), entry(reject=["evt_gone"])]
    tables = unions.tables()
    shuffled = {}
    for name, table in tables.items():
        order = list(range(table.num_rows))
        random.Random(7).shuffle(order)
        shuffled[name] = table.take(pa.array(order, pa.int64()))
    made = [link_documents(t, corrections(*entries)) for t in (tables, tables, shuffled)]
    assert made[0] == made[1] == made[2]


def test_without_corrections_the_table_is_there_and_empty(unions: Documents) -> None:
    assert link_documents(unions.tables())["corrections"].num_rows == 0


def test_the_gate_of_link_warns_and_does_not_stop(unions: Documents) -> None:
    tables = link_documents(unions.tables(), corrections(entry(reject=["evt_gone"])))
    context: dict[str, pa.Table] = {name: unions.tables()[name] for name in ("documents", "quotes", "events", "figures")}
    verdict = check_stage("link", tables, context=context, account=(4, 4, 0))
    found = [r for r in verdict.results if r["expectation"] == "correction_applies"]
    assert [(r["severity"], r["n_failed"]) for r in found] == [("warning", 1)]
    assert verdict.stops == []


# --- the warehouse --------------------------------------------------------------------------------------------

REJECTED = {
    "cor_film": ("events", ["evt_wire"], []),
    "cor_quote": ("quotes", ["quo_wire_34"], ["fig_wire_34", "fig_wire_27"]),
    "cor_name": ("mentions", ["men_led_head"], []),
    "cor_dispute": ("disputes", ["dis_shelter"], []),
}


def _row(correction_id: str, action: str, table: str, ids: list[str], with_ids: list[str], **more: Any) -> dict[str, Any]:
    who = {"reason": "not so", "author": "A. Mora", "corrected_on": date(2026, 5, 2), "applied": True}
    return {"correction_id": correction_id, "action": action, "target_table": table, "target_ids": ids, "with_ids": with_ids, **who, **more}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home whose warehouse leaves rows of the small world out, confirms one and tells of a merge; tests change nothing in it."""
    world = read_world()
    gone = {i for _, ids, with_ids in REJECTED.values() for i in (*ids, *with_ids)}
    for name in ("happenings", "figure_topics", "remark_groups"):
        world[name] = [r for r in world.get(name, ()) if not gone & {str(v) for v in r.values()}]
    world["corrections"] = [_row(c, "reject", *said) for c, said in REJECTED.items()]
    world["corrections"] += [
        _row("cor_right", "confirm", "figures", ["fig_40"], []),
        _row("cor_one", "merge", "entities", ["ent_russia", "ent_kremlin"], [], applied=False, note="there is no entity ent_lost"),
    ]
    made = Home(tmp_path_factory.mktemp("home"))
    build_warehouse(made, write_lake(made, world), rules=rules())
    return made


def test_rejected_rows_are_in_no_table(home: Home) -> None:
    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        for table, ids, with_ids in REJECTED.values():
            key = {"events": "event_id", "quotes": "quote_id", "mentions": "mention_id", "disputes": "dispute_id"}[table]
            assert con.execute(f"select count(*) from {table} where list_contains(?, {key})", [ids]).fetchall() == [(0,)]
            assert con.execute("select count(*) from figures where list_contains(?, figure_id)", [with_ids]).fetchall() == [(0,)]
        assert con.execute("select count(*) from event_roles where event_id = 'evt_wire'").fetchall() == [(0,)]
        speaker = "select speaker_mention_id, speaker_entity_id, speaker_status from quotes where quote_id = 'quo_40'"
        assert con.execute(speaker).fetchall() == [(None, None, "described")]
        assert con.execute("select count(*) from who_said_what where quote_id = 'quo_wire_34'").fetchall() == [(0,)]
        left = dict(con.execute("select key, value from warehouse_info where key like 'rows_left_out_%'").fetchall())
    assert left["rows_left_out_events"] == left["rows_left_out_quotes"] == "1"
    assert left["rows_left_out_figures"] == "2"


def test_a_rejected_row_in_the_warehouse_stops_the_load(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "copy.duckdb"
    shutil.copy(home.warehouse, path)
    with duckdb.connect(str(path)) as con:
        assert "rejected_rows_are_left_out" not in _stops(con)
        con.execute("insert into events select * replace ('evt_wire' as event_id) from events limit 1").fetchall()
        assert "rejected_rows_are_left_out" in _stops(con)


def _stops(con: duckdb.DuckDBPyConnection) -> str:
    """What the gate of load stops for."""
    try:
        check_warehouse(con)
    except ValueError as exc:
        return str(exc)
    return ""


def test_why_over_a_warehouse_of_an_older_version_says_what_to_do(capsys: pytest.CaptureFixture[str], home: Home, tmp_path: Path) -> None:
    shutil.copy(home.warehouse, Home(tmp_path).warehouse)
    with duckdb.connect(str(Home(tmp_path).warehouse)) as con:
        con.execute("drop table corrections").fetchall()
    assert main(["why", "fig_40", "--home", str(tmp_path)]) == 2
    assert "this warehouse is older than the program, make it anew: dateline run --home" in capsys.readouterr().err


def test_confirmed_rows_carry_it(home: Home) -> None:
    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        assert con.execute("select figure_id from figures where confirmed").fetchall() == [("fig_40",)]
        for table in CORRECTED_TABLES:
            assert con.execute(f"select count(*) from {table} where confirmed is null").fetchall() == [(0,)]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("fig_40", ["confirm of figures, 2026-05-02, by A. Mora: not so", "cor_right"]),
        ("evt_wire", ["evt_wire  (rejected: in no table, but still in the lake)", "reject of events"]),
        ("fig_wire_27", ["rejected: in no table", "with them", "fig_wire_34"]),
        ("ent_russia", ["ent_russia  (entity)", "merge of entities", "not in full: there is no entity ent_lost"]),
        ("ent_kremlin", ["ent_kremlin  (merged into another entity)", "ent_russia"]),
        ("cor_quote", ["cor_quote  (corrections)", "quo_wire_34", "fig_wire_27"]),
    ],
)
def test_why_tells_who_corrected(capsys: pytest.CaptureFixture[str], home: Home, asked: str, words: list[str]) -> None:
    assert main(["why", asked, "--home", str(home.path)]) == 0
    out = capsys.readouterr().out
    assert [w for w in words if w not in out] == [], out
    assert main(["why", asked, "--home", str(home.path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["corrections"][0]["author"] == "A. Mora"


def test_why_does_not_know_every_correction(capsys: pytest.CaptureFixture[str], home: Home) -> None:
    assert main(["why", "cor_none", "--home", str(home.path)]) == 2
    assert capsys.readouterr().err.startswith('[D005] table corrections has no row "cor_none"')


def test_what_has_no_full_effect_is_read_from_the_lake(home: Home) -> None:
    assert [told(row) for row in unapplied(home)] == ["merge by A. Mora, 2026-05-02: there is no entity ent_lost"]


# --- settings -------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATELINE_CORRECTIONS", raising=False)


def test_the_file_lies_in_the_home_unless_a_setting_says_where(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "data", _env_file=None)
    assert (read_corrections(settings), corrections_digest(settings)) == ((), "")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "corrections.toml").write_text(FILE, "utf-8")
    assert [c.targets for c in read_corrections(settings)] == [("evt_1",)]
    (tmp_path / "mine.toml").write_text(FILE.replace("evt_1", "evt_2"), "utf-8")
    other = Settings(home=tmp_path / "data", corrections=tmp_path / "mine.toml", _env_file=None)
    assert [c.targets for c in read_corrections(other)] == [("evt_2",)]


def test_link_is_made_anew_when_the_file_changes_and_only_then(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, _env_file=None)
    path = tmp_path / "corrections.toml"

    def versions() -> dict[str, str]:
        return {stage: maker_version(stage, settings) for stage in ("land", "clean", "extract", "link")}

    bare = versions()
    path.write_text(FILE, "utf-8")
    first = versions()
    assert {s for s in bare if bare[s] != first[s]} == {"link"}
    path.write_text(FILE, "utf-8")
    assert versions() == first
    path.write_text(FILE.replace("a film", "a play"), "utf-8")
    assert {s for s in first if versions()[s] != first[s]} == {"link"}
    path.unlink()
    assert versions() == bare


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"[[correction]]\nreject = evt_1\n", "Invalid value"),
        (FILE.replace("reason", "reson").encode(), "entry 1: unknown key 'reson'"),
        (b"\xff\xfe[", "utf-8"),
    ],
)
def test_a_file_that_is_not_understood_is_one_line_before_anything_starts(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, data: bytes, words: str
) -> None:
    home = tmp_path / "data"
    home.mkdir()
    (home / "corrections.toml").write_bytes(data)
    (tmp_path / "news.txt").write_text("The ferry sank.", "utf-8")
    assert main(["run", "news.txt", "--home", str(home)]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert said.startswith(f"[D007] {home / 'corrections.toml'} cannot be used: ")
    assert words in said
    assert [p.name for p in home.iterdir()] == ["corrections.toml"]
    with pytest.raises(BadSetting):
        read_corrections(Settings(home=home, _env_file=None))


def test_a_setting_that_leads_nowhere_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATELINE_CORRECTIONS", "none.toml")
    assert main(["link", "--home", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith("[D007] DATELINE_CORRECTIONS: there is no file none.toml; ")

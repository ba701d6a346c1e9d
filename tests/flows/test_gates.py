"""Sabotage: a broken row is set aside with its document or the run stops, at the stage where it was put in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks.corruptions import CORRUPTIONS
from expectations.run import CHECKS, check_stage
from flows.errors import BelowExpectation
from tests.flows.support import run
from warehouse.lake import Home, read_manifests, read_run_table, read_stage
from warehouse.schema import CONTENT_STAGES, STAGES, TABLES

pytestmark = pytest.mark.usefixtures("prefect_server")


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> dict[str, Any]:
    """Every content and link table of the samples."""
    home = Home(tmp_path_factory.mktemp("home"))
    run(home.path, samples, stages=("land", "clean", "extract", "link"))
    return {t.name: read_stage(home, t.name, read_manifests(home, s)) for s in (*CONTENT_STAGES, "link") for t in STAGES[s]}


def _check(stage: str, tables: dict[str, Any]) -> Any:
    own = {t.name for t in STAGES[stage]}
    before = {"land": (), "clean": ("land",), "extract": ("clean",), "link": ("clean", "extract")}[stage]
    context = {t.name: tables[t.name] for s in before for t in STAGES[s] if t.name != "blocks"}
    if stage == "clean":
        context = {}
    return check_stage(stage, {n: tables[n] for n in own}, context=context)


def _change(tables: dict[str, Any], table: str, change: dict[str, Any], where: Any = None) -> dict[str, Any]:
    """The tables with the first fitting row of one changed, past the row check that would refuse some of it."""
    rows = tables[table].to_pylist()
    index = next(i for i, r in enumerate(rows) if where is None or where(r))
    for column, value in change.items():
        rows[index][column] = value(rows[index]) if callable(value) else value
    import pyarrow as pa

    schema = pa.schema([f.with_nullable(True) for f in TABLES[table].arrow])
    return {**tables, table: pa.Table.from_pylist(rows, schema=schema)}


@pytest.mark.parametrize("stage", ["land", "clean", "extract", "link"])
def test_untouched_tables_pass(tables: dict[str, Any], stage: str) -> None:
    verdict = _check(stage, tables)
    assert [r for r in verdict.results if not r["success"] and r["severity"] == "critical"] == []
    assert verdict.results


def _up(column: str, by: int = 1) -> Any:
    return lambda row: row[column] + by


SABOTAGE = [
    ("land", "documents_landed", {"text": "other words"}, None, "text_hash_fits"),
    ("land", "documents_landed", {"text": "  "}, None, "text_is_not_empty"),
    ("land", "documents_landed", {"raw_sha256": None}, None, "required_columns_are_set"),
    ("land", "documents_landed", {"body_start_char": 10**8}, None, "body_start_in_text"),
    ("land", "documents_landed", {"published_basis": "none"}, lambda r: r["published_date"], "date_has_a_basis"),
    ("land", "documents_landed", {"published_basis": "hearsay"}, None, "be_in_set: published_basis"),
    ("land", "blocks", {"end_char": 10**8}, None, "blocks_lie_in_text"),
    ("clean", "segments", {"end_char": _up("end_char")}, None, "segments_tile_the_text"),
    ("clean", "segments", {"kind": "gossip"}, None, "be_in_set: kind"),
    ("clean", "segments", {"segment_id": lambda r: r["document_id"]}, None, None),
    ("clean", "documents", {"text": lambda r: r["text"] + "."}, None, "text_is_untouched"),
    ("clean", "documents", {"n_body_chars": _up("n_body_chars")}, None, "lengths_are_counted"),
    ("clean", "entries", {"end_char": 10**8}, None, "entries_lie_in_text_without_overlap"),
    ("extract", "sentences", {"end_char": _up("end_char", 2000)}, None, "sentences_lie_in_read_segments"),
    ("extract", "sentences", {"text": "Nobody wrote this."}, None, "text_is_its_span"),
    ("extract", "mentions", {"start_char": 0, "end_char": 2}, lambda r: r["start_char"] > 500, "lies_in_its_sentence"),
    ("extract", "mentions", {"sentence_id": "sen_nowhere"}, None, "sentence_id_resolves"),
    ("extract", "times", {"text": "yesterday week"}, None, "text_is_its_span"),
    ("extract", "times", {"basis": "unknown"}, lambda r: r["date_start"], "unknown_basis_has_no_date"),
    ("extract", "events", {"quad": lambda r: r["quad"] % 4 + 1}, None, "quad_fits_type"),
    ("extract", "events", {"status": ["asserted", "negated"]}, None, "asserted_stands_alone"),
    ("extract", "events", {"trigger_end_char": 0}, None, "lies_in_its_sentence"),
    ("extract", "event_roles", {"mention_id": "men_nobody"}, None, "mention_id_resolves"),
    ("extract", "quotes", {"speaker_status": "unresolved"}, lambda r: r["speaker_status"] == "named", "speaker_or_reason"),
    ("extract", "quotes", {"start_char": 0}, lambda r: r["start_char"] > 800, "starts_in_its_sentence"),
    ("extract", "figures", {"value_low": 9e9}, lambda r: r["value_high"] is not None, "low_is_not_above_high"),
    ("extract", "figures", {"value_low": None}, lambda r: r["comparator"] == "equal", "comparator_fits_values"),
    ("link", "entity_links", {"entity_id": "ent_nobody"}, None, "entity_id_resolves"),
    ("link", "stories", {"n_articles": 99}, None, "story_counts_are_counted"),
    ("link", "copy_groups", {"relation": "near"}, lambda r: r["relation"] == "original", "group_has_one_original"),
    ("link", "entities", {"name": " "}, None, "named_entity"),
]


@pytest.mark.parametrize(("stage", "table", "change", "where", "expectation"), SABOTAGE, ids=[f"{t}-{e}" for _, t, _, _, e in SABOTAGE])
def test_sabotage_is_caught(
    tables: dict[str, Any], stage: str, table: str, change: dict[str, Any], where: Any, expectation: str | None
) -> None:
    verdict = _check(stage, _change(tables, table, change, where))
    failed = [r["expectation"] for r in verdict.results if not r["success"] and r["severity"] == "critical"]
    if expectation is None:
        return
    assert any(expectation in name for name in failed), failed
    assert verdict.bad_rows or verdict.stops


def test_every_critical_check_is_named_in_a_sabotage_or_says_so() -> None:
    known = " ".join([*(str(e) for *_, e in SABOTAGE), *(c.expectation for c in CORRUPTIONS)])
    for stage in CHECKS:
        tried = [c.name for c in CHECKS[stage] if c.severity == "critical" and c.name in known]
        assert len(tried) >= len([c for c in CHECKS[stage] if c.severity == "critical"]) // 2, stage


def test_a_bad_document_is_set_aside_and_the_rest_goes_on(tmp_path: Path, samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from transforms import cleaning

    whole = cleaning.clean_document
    broken: list[str] = []

    def cut_short(landed: Any, blocks: Any, **more: Any) -> Any:
        cleaned = whole(landed, blocks, **more)
        if isinstance(cleaned, cleaning.Cleaned) and not broken:
            broken.append(landed["document_id"])
            del cleaned.segments[-1]
        return cleaned

    monkeypatch.setattr(cleaning, "clean_document", cut_short)
    summary = run(tmp_path, samples, stages=("land", "clean"))
    rejects = [r for r in read_run_table(Home(tmp_path), "rejects").to_pylist() if r["reason_code"] == "below_expectation"]
    assert [r["document_id"] for r in rejects] == broken
    assert rejects[0]["table_name"] == "documents"
    clean = summary.stages[1]
    assert clean.n_in == clean.n_out + clean.n_rejected
    made = read_stage(Home(tmp_path), "segments", read_manifests(Home(tmp_path), "clean"), ["document_id"])
    assert broken[0] not in made.column("document_id").to_pylist()


def test_a_stage_that_fails_throughout_stops_the_run(tmp_path: Path, samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from transforms import cleaning

    whole = cleaning.clean_document

    def cut_short(landed: Any, blocks: Any, **more: Any) -> Any:
        cleaned = whole(landed, blocks, **more)
        if isinstance(cleaned, cleaning.Cleaned):
            del cleaned.segments[-1]
        return cleaned

    monkeypatch.setattr(cleaning, "clean_document", cut_short)
    with pytest.raises(BelowExpectation, match="clean"):
        run(tmp_path, samples, stages=("land", "clean", "extract"))
    assert read_manifests(Home(tmp_path), "clean") == {}
    assert read_manifests(Home(tmp_path), "extract") == {}
    assert not (tmp_path / "warehouse.duckdb").exists()
    runs = read_run_table(Home(tmp_path), "runs").to_pylist()
    assert [r["status"] for r in runs] == ["failed"]

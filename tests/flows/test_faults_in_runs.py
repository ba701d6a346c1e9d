"""Eight faults through whole runs: each is caught in the stage where it was put in, and what must still load does."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.errors import BelowExpectation
from tests.flows.support import run
from warehouse.lake import Home, read_manifests, read_run_table
from warehouse.schema import Row

pytestmark = pytest.mark.usefixtures("prefect_server")


@pytest.fixture
def drop(tmp_path: Path, samples: Path) -> Path:
    """Three texts."""
    folder = tmp_path / "drop"
    folder.mkdir()
    for path in [p for p in sorted(samples.glob("*.txt")) if "_fr" not in p.name][:3]:
        shutil.copy(path, folder)
    return folder


def _once(change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The change, done to the first thing only."""
    done: list[bool] = []

    def maybe(thing: Any) -> Any:
        if done:
            return thing
        done.append(True)
        return change(thing)

    return maybe


def _rejects(home: Path) -> list[tuple[str, str]]:
    rows = read_run_table(Home(home), "rejects").to_pylist()
    return [(r["stage"], r["detail"]) for r in rows if r["reason_code"] == "below_expectation"]


def _n_loaded(home: Path) -> int:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        return int(con.execute("select count(distinct document_id) from sentences").fetchall()[0][0])


def _results(home: Path, stage: str) -> dict[str, Row]:
    """The last result of each expectation over a whole stage."""
    rows = [r for r in read_run_table(Home(home), "expectation_results").to_pylist() if r["stage"] == stage and r["part_key"] is None]
    return {r["expectation"]: r for r in sorted(rows, key=lambda r: r["run_id"])}


def test_land_a_text_that_is_not_the_hashed_one(tmp_path: Path, drop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from transforms import reading

    read = reading.read_object
    change = _once(lambda unit: replace(unit, document={**unit.document, "text": unit.document["text"] + " more"}))
    monkeypatch.setattr(reading, "read_object", lambda *a, **o: (change(u) for u in read(*a, **o)))
    run(tmp_path / "home", drop)
    assert _rejects(tmp_path / "home") == [("land", "text_hash_fits")]
    assert _n_loaded(tmp_path / "home") == 2


def test_clean_a_segment_that_is_lost(tmp_path: Path, drop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from transforms import cleaning

    clean = cleaning.clean_document
    change = _once(lambda cleaned: replace(cleaned, segments=cleaned.segments[:-1]))
    monkeypatch.setattr(cleaning, "clean_document", lambda *a, **more: change(clean(*a, **more)))
    run(tmp_path / "home", drop)
    assert _rejects(tmp_path / "home") == [("clean", "segments_tile_the_text")]
    assert _n_loaded(tmp_path / "home") == 2


def test_clean_that_reads_half_of_what_landed(tmp_path: Path, drop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows import make

    read = make.read_part
    monkeypatch.setattr(
        make, "read_part", lambda home, table, key: read(home, table, key).slice(0, 1 if table == "documents_landed" else None)
    )
    with pytest.raises(BelowExpectation, match=r"stage clean stopped: parts: takes_in_what_was_given .* took in 1 of 3"):
        run(tmp_path / "home", drop)
    assert not (tmp_path / "home" / "warehouse.duckdb").exists()


def test_extract_offsets_that_are_shifted(tmp_path: Path, drop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from transforms import extraction

    extract = extraction.extract_document

    def shifted(rows: dict[str, list[Row]]) -> dict[str, list[Row]]:
        mentions = [{**r, "start_char": r["start_char"] + 1, "end_char": r["end_char"] + 1} for r in rows["mentions"]]
        return {**rows, "mentions": mentions}

    first: list[str] = []

    def of_the_first(news: Any) -> Any:
        found = extract(news)
        if news.document["document_id"] != "doc_warm_up" and found["mentions"] and first in ([], [news.document["document_id"]]):
            first[:] = [news.document["document_id"]]
            return shifted(found)
        return found

    monkeypatch.setattr(extraction, "extract_document", of_the_first)
    run(tmp_path / "home", drop)
    ((stage, expectation),) = _rejects(tmp_path / "home")
    assert stage == "extract"
    assert expectation in ("text_is_its_span", "lies_in_its_sentence")
    assert _n_loaded(tmp_path / "home") == 2


def test_extract_a_model_that_finds_no_names(tmp_path: Path, samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from transforms import extraction

    extract = extraction.extract_document

    def nameless(news: Any) -> Any:
        found = extract(news)
        return {**found, "mentions": [{**r, "mention_kind": "nominal"} for r in found["mentions"]]}

    monkeypatch.setattr(extraction, "extract_document", nameless)
    with pytest.raises(BelowExpectation, match="stage extract stopped"):
        run(tmp_path / "home", samples)
    assert read_manifests(Home(tmp_path / "home"), "extract") == {}
    assert not (tmp_path / "home" / "warehouse.duckdb").exists()


def test_link_an_id_that_comes_twice(tmp_path: Path, drop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pyarrow as pa

    from transforms import linking

    link = linking.link_documents

    def doubled(*given: Any) -> Any:
        made = link(*given)
        return {**made, "entities": pa.concat_tables([made["entities"], made["entities"].slice(0, 1)])}

    monkeypatch.setattr(linking, "link_documents", doubled)
    with pytest.raises(BelowExpectation, match=r"stage link stopped: entities: .*be_unique: entity_id"):
        run(tmp_path / "home", drop)
    assert not (tmp_path / "home" / "warehouse.duckdb").exists()


def test_load_a_file_that_was_cut_after_its_gate(tmp_path: Path, drop: Path) -> None:
    home = Home(tmp_path / "home")
    run(home.path, drop)
    published = home.warehouse.read_bytes()
    (entities,) = (home.lake / "entities").glob("*.parquet")
    entities.write_bytes(entities.read_bytes()[:-9])
    home.warehouse.rename(tmp_path / "kept")
    with pytest.raises(BelowExpectation, match=r"stage load stopped: entities"):
        run(home.path, stages=("load",))
    assert (tmp_path / "kept").read_bytes() == published
    assert not home.warehouse.exists()


def test_drift_is_told_against_the_runs_before_and_changes_no_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from transforms import cleaning

    home = tmp_path / "home"
    for day in range(3):
        run(home, _texts(tmp_path / f"day{day}", day), stages=("land", "clean"))
    assert [r for r in read_run_table(Home(home), "expectation_results").to_pylist() if not r["success"]] == []

    clean = cleaning.clean_document

    def shrunk(*given: Any, **more: Any) -> Any:
        cleaned = clean(*given, **more)
        body = [s for s in cleaned.segments if s["kind"] == "body"]
        for segment in body[1:]:
            segment |= {"kind": "promo", "confidence": 1.0}
        n = sum(s["end_char"] - s["start_char"] for s in cleaned.segments if s["kind"] in ("body", "subhead"))
        return replace(cleaned, document={**cleaned.document, "n_body_chars": n})

    monkeypatch.setattr(cleaning, "clean_document", shrunk)
    summary = run(home, _texts(tmp_path / "day3", 3), stages=("land", "clean"))
    told = {r["expectation"]: r["detail"] for r in summary.stages[1].failed}
    assert set(told) == {"bodies_like_before", "labels_like_before"}
    assert "before:" in told["bodies_like_before"]
    assert not _results(home, "clean")["bodies_like_before"]["success"]
    assert (summary.stages[1].n_in, summary.stages[1].n_out) == (88, 88)


def _texts(folder: Path, day: int) -> Path:
    """22 short reports of a town."""
    folder.mkdir()
    for n in range(22):
        paragraphs = [
            f"Harbour office reports on berth {n} of pier {day}",
            f"The harbour office said on Monday that berth {n} would be closed for {n + 2} days after a survey found cracks in the wall.",
            f"Its head, Tomas Erlund, told the council that {n + 30} boats had been moved to the outer pier since the storm of last week.",
            f"The council of Norhamn will meet on Friday to decide whether the repairs, put at {n + day + 3} million crowns, can wait.",
        ]
        (folder / f"report{day}_{n}.txt").write_text("\n\n".join(paragraphs), "utf-8")
    return folder

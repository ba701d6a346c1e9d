"""Makes parts: reads the part before, calls the pure functions, lets the gate judge, writes.

These functions run in worker processes (or on a distributed engine): they take a small picklable job of paths and
keys, load what they need once per process, and give back a short report. Documents and Docs never cross processes.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from flows.errors import BelowExpectation
from transforms.cleaning.repeated import RepeatedLines
from warehouse.lake import (
    Home,
    Manifest,
    StagedPart,
    commit_part,
    drop_staged,
    part_key,
    read_forgotten,
    read_manifests,
    read_part,
    stage_part,
    write_table,
)
from warehouse.schema import CONTENT_STAGES, STAGES, TABLES, Row, make_id

PART_CHARS = 20_000_000
"""A part of land is closed at this much text even if it has fewer documents, so that memory stays flat."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file as it arrived: its bytes lie in raw/ under ``object_sha256``; ``said`` is what its source says of it."""

    source_uri: str
    name: str
    object_sha256: str
    size_bytes: int
    said: str
    landed_at: datetime
    run_id: str

    def identity(self) -> list[str]:
        """What makes two arrivals the same: bytes, place and what the source says."""
        return [self.source_uri, self.object_sha256, self.said]


@dataclass(frozen=True, slots=True)
class LandJob:
    """Some arrivals to read."""

    home: Path
    arrivals: Sequence[Arrival]
    maker_version: str
    batch_size: int
    limits: Mapping[str, int]
    max_reject_share: float
    run_id: str


@dataclass(frozen=True, slots=True)
class PartJob:
    """One part of the stage before, to be made into a part of this stage. ``lines`` is for clean alone."""

    home: Path
    stage: str
    made_from: str
    maker_version: str
    model: str
    max_reject_share: float
    run_id: str
    lines: RepeatedLines = field(default_factory=RepeatedLines)


@dataclass(frozen=True, slots=True)
class PartReport:
    """What became of a job."""

    key: str
    n_in: int
    n_out: int
    n_rejected: int
    gate_s: float = 0.0
    failed: list[Row] = field(default_factory=list)


# --- land -----------------------------------------------------------------------------------------------------


def read_arrivals(job: LandJob) -> list[StagedPart]:
    """Reads arrivals into staged parts of at most ``batch_size`` documents, in the order of the input.

    A document that comes twice within the job is stored once and has two landings. The caller drops documents that
    earlier parts hold, and commits.
    """
    staged: list[StagedPart] = []
    seen: set[str] = set()
    for number, batch in enumerate(_land_batches(job, seen)):
        staged.append(_stage_landed(job, number, batch))
    return staged


@dataclass(slots=True)
class _LandBatch:
    documents: list[Row] = field(default_factory=list)
    blocks: list[Row] = field(default_factory=list)
    landings: list[Row] = field(default_factory=list)
    rejects: list[Row] = field(default_factory=list)
    arrivals: list[list[str]] = field(default_factory=list)
    n_chars: int = 0

    def full(self, batch_size: int) -> bool:
        return len(self.landings) + len(self.rejects) >= batch_size or self.n_chars >= PART_CHARS


def _land_batches(job: LandJob, seen: set[str]) -> Iterator[_LandBatch]:
    from transforms.reading import Landed, Limits, Source, read_object

    home, batch = Home(job.home), _LandBatch()
    forgotten = read_forgotten(home)
    for arrival in job.arrivals:
        source = Source.from_said(arrival.said)
        for unit in read_object(home.raw_object(arrival.object_sha256), arrival.name, source=source, limits=Limits(**job.limits)):
            if batch.full(job.batch_size):
                yield batch
                batch = _LandBatch()
            if isinstance(unit, Landed) and not forgotten.isdisjoint((unit.document["document_id"], unit.document["raw_sha256"])):
                batch.rejects.append(_land_reject(arrival, job.run_id, unit.source_record, "forgotten", "it was taken down", None))
            elif isinstance(unit, Landed):
                document = {**unit.document, "maker_version": job.maker_version}
                if document["document_id"] not in seen:
                    seen.add(document["document_id"])
                    batch.documents.append(document)
                    batch.blocks.extend(unit.blocks)
                    batch.n_chars += len(document["text"])
                batch.landings.append(_landing(arrival, unit.source_record, document))
            else:
                batch.rejects.append(_land_reject(arrival, job.run_id, unit.source_record, unit.reason_code, unit.reason, unit.detail))
    # the last part of a job vouches for all its arrivals: until it is there, the job is done again and finds its first parts made
    batch.arrivals.extend(a.identity() for a in job.arrivals)
    yield batch


def _landing(arrival: Arrival, record: str | None, document: Row) -> Row:
    return {
        "source_uri": arrival.source_uri,
        "source_record": record,
        "document_id": document["document_id"],
        "object_sha256": arrival.object_sha256,
        "raw_sha256": document["raw_sha256"],
        "source_said": arrival.said,
        "size_bytes": arrival.size_bytes,
        "landed_at": arrival.landed_at,
        "run_id": arrival.run_id,
    }


def _land_reject(arrival: Arrival, run_id: str, record: str | None, code: str, reason: str, detail: str | None) -> Row:
    return {
        "reject_id": make_id("rej", "land", arrival.source_uri, arrival.object_sha256, record, code, detail),
        "stage": "land",
        "source_uri": arrival.source_uri,
        "source_record": record,
        "object_sha256": arrival.object_sha256,
        "source_said": arrival.said,
        "reason_code": code,
        "reason": reason,
        "detail": detail,
        "run_id": run_id,
    }


def _stage_landed(job: LandJob, number: int, batch: _LandBatch) -> StagedPart:
    from expectations.run import check_stage

    made_from = [number, job.batch_size, [a.identity() for a in job.arrivals]]
    key = part_key("land", job.maker_version, made_from)
    tables = {"documents_landed": TABLES["documents_landed"].conform(batch.documents), "blocks": TABLES["blocks"].conform(batch.blocks)}
    n_in = len(batch.landings) + len(batch.rejects)
    clock = time.perf_counter()
    verdict = check_stage("land", tables, account=(n_in, len(batch.landings), len(batch.rejects)))
    gate_s = time.perf_counter() - clock
    bad = verdict.documents
    if bad:
        tables = _without(tables, bad)
        arrivals = {a.source_uri: a for a in job.arrivals}
        gone = [landing for landing in batch.landings if landing["document_id"] in bad]
        batch.landings = [landing for landing in batch.landings if landing["document_id"] not in bad]
        batch.rejects += [
            {
                **_land_reject(
                    arrivals[x["source_uri"]],
                    job.run_id,
                    x["source_record"],
                    "below_expectation",
                    bad[x["document_id"]].notes,
                    bad[x["document_id"]].expectation,
                ),
                "document_id": x["document_id"],
                "table_name": bad[x["document_id"]].table_name,
                "row_id": bad[x["document_id"]].row_id,
            }
            for x in gone
        ]
    _stop_if_needed("land", key, verdict.stops, len(bad), len(batch.documents), job.max_reject_share)
    manifest = Manifest(
        "land",
        key,
        job.maker_version,
        batch.arrivals,
        n_in,
        len(batch.landings),
        len(batch.rejects),
        {n: t.num_rows for n, t in tables.items()},
    )
    runs = {
        "landings": TABLES["landings"].conform(batch.landings),
        "rejects": TABLES["rejects"].conform(_distinct(batch.rejects)),
        "expectation_results": _results_table(job.run_id, key, verdict.results),
    }
    return replace(stage_part(Home(job.home), manifest, tables, runs), gate_s=gate_s)


def commit_landed(home: Home, staged: StagedPart, known: set[str]) -> None:
    """Commits a staged part of land without the documents that other parts hold already; adds its documents to ``known``."""
    if (home.manifests("land") / f"{staged.manifest.key}.json").exists():
        known.update(read_part(home, "documents_landed", staged.manifest.key, ["document_id"]).column("document_id").to_pylist())
        drop_staged(staged)
        return
    file_of = {final.parent.name: tmp for tmp, final in staged.files}
    documents = pq.read_table(file_of["documents_landed"], columns=["document_id"]).column("document_id").to_pylist()
    twice = known.intersection(documents)
    manifest = staged.manifest
    if twice:
        rows = {}
        for name in ("documents_landed", "blocks"):
            table = _without({name: pq.read_table(file_of[name]).cast(TABLES[name].arrow)}, twice)[name]
            write_table(table, file_of[name])
            rows[name] = table.num_rows
        manifest = replace(manifest, rows=rows)
    commit_part(home, replace(staged, manifest=manifest))
    known.update(documents)


# --- clean, extract -------------------------------------------------------------------------------------------


def make_part(job: PartJob) -> PartReport:
    """Makes the part of clean or extract that follows from one part of the stage before; nothing to do if it is made."""
    home = Home(job.home)
    key = part_key(job.stage, job.maker_version, job.made_from)
    path = home.manifests(job.stage) / f"{key}.json"
    if path.exists():
        made = read_manifests(home, job.stage)[key]
        return PartReport(key, made.n_in, made.n_out, made.n_rejected)
    rows, rejects, context, n_in = (_clean_rows if job.stage == "clean" else _extract_rows)(home, job)
    tables = {t.name: t.conform(rows.get(t.name, ())) for t in STAGES[job.stage]}
    context = _without(context, {r["document_id"] for r in rejects})  # what is set aside is judged no more
    clock = time.perf_counter()
    tables, more, results = _judge(job, key, tables, context, n_in, rejects)
    gate_s = time.perf_counter() - clock
    rejects = _distinct([*rejects, *more])
    # extract has no table of documents of its own: what is not rejected has come out
    n_out = tables["documents"].num_rows if job.stage == "clean" else n_in - len({r["document_id"] for r in rejects})
    manifest = Manifest(
        job.stage, key, job.maker_version, [job.made_from], n_in, n_out, n_in - n_out, {n: t.num_rows for n, t in tables.items()}
    )
    runs = {"rejects": TABLES["rejects"].conform(rejects), "expectation_results": _results_table(job.run_id, key, results)}
    commit_part(home, stage_part(home, manifest, tables, runs))
    return PartReport(key, n_in, n_out, n_in - n_out, gate_s, [r for r in results if not r["success"]])


MadeRows = tuple[dict[str, list[Row]], list[Row], dict[str, pa.Table], int]


def _clean_rows(home: Home, job: PartJob) -> MadeRows:
    from transforms.cleaning import SetAside, clean_document

    landed = read_part(home, "documents_landed", job.made_from).to_pylist()
    blocks = _by_document(read_part(home, "blocks", job.made_from).to_pylist())
    rows: dict[str, list[Row]] = {"documents": [], "segments": [], "entries": []}
    rejects: list[Row] = []
    for document in landed:
        cleaned = clean_document(document, blocks.get(document["document_id"], ()), repeated=job.lines)
        if isinstance(cleaned, SetAside):
            rejects.append(_reject(job, document["document_id"], cleaned.reason_code, cleaned.reason, cleaned.detail))
            continue
        rows["documents"].append({**cleaned.document, "maker_version": job.maker_version})
        rows["segments"].extend(cleaned.segments)
        rows["entries"].extend(cleaned.entries)
    return rows, rejects, {}, len(landed)


def _extract_rows(home: Home, job: PartJob) -> MadeRows:
    from transforms.extraction import extract_document
    from transforms.language import load_pipeline, read_documents

    context = {name: read_part(home, name, job.made_from) for name in ("documents", "segments", "entries")}
    documents = context["documents"].to_pylist()
    segments, entries = (_by_document(context[name].to_pylist()) for name in ("segments", "entries"))
    nlp = load_pipeline(job.model)
    _warm_up(job.model)
    rows: dict[str, list[Row]] = defaultdict(list)
    rejects: list[Row] = []
    for document in documents:
        document_id = document["document_id"]
        with nlp.memory_zone():  # the vocabulary does not grow with the words of the corpus
            try:
                news = next(iter(read_documents(nlp, [(document, segments.get(document_id, []), entries.get(document_id, []))])))
                found = extract_document(news)
            except (ValueError, IndexError, KeyError, TypeError, AttributeError, RecursionError) as exc:  # one document never ends the run
                rejects.append(
                    _reject(job, document_id, "extract_failed", "the extractor could not read it", f"{type(exc).__name__}: {exc}"[:500])
                )
                continue
            for name, more in found.items():
                rows[name].extend(more)
    return rows, rejects, context, len(documents)


@cache
def _warm_up(model: str) -> None:
    """Reads one sentence outside of any memory zone, so that matchers and caches that are built on first use keep their strings."""
    from transforms.extraction import extract_document
    from transforms.language import load_pipeline, read_documents

    text = "The minister said on Tuesday that troops had left the town."
    document = {"document_id": "doc_warm_up", "text": text, "published_basis": "none", "authors": []}
    segment = {
        "segment_id": "seg_warm_up",
        "document_id": "doc_warm_up",
        "entry_id": None,
        "start_char": 0,
        "end_char": len(text),
        "kind": "body",
    }
    for news in read_documents(load_pipeline(model), [(document, [segment], [])]):
        extract_document(news)


def _judge(
    job: PartJob, key: str, tables: dict[str, pa.Table], context: Mapping[str, pa.Table], n_in: int, rejects: Sequence[Row]
) -> tuple[dict[str, pa.Table], list[Row], list[Row]]:
    """Lets the gate judge; documents with bad rows are set aside. Gives the tables that pass, more rejects, and the results."""
    from expectations.run import check_stage

    gone = len({r["document_id"] for r in rejects})
    came_out = tables["documents"].num_rows if "documents" in tables else n_in - gone
    verdict = check_stage(job.stage, tables, context=context, account=(n_in, came_out, gone))
    bad = verdict.documents
    _stop_if_needed(job.stage, key, verdict.stops, len(bad), n_in, job.max_reject_share)
    more = [
        {**_reject(job, b.document_id or "", "below_expectation", b.notes, b.expectation), "table_name": b.table_name, "row_id": b.row_id}
        for b in bad.values()
    ]
    return _without(tables, bad), more, verdict.results


def _stop_if_needed(stage: str, key: str, stops: Sequence[str], n_bad: int, n_documents: int, max_share: float) -> None:
    if stops:
        raise BelowExpectation(f"stage {stage} stopped at part {key}: {'; '.join(stops[:3])}", hint="see: dateline validate")
    if n_documents and n_bad / n_documents > max_share and n_bad > 1:
        raise BelowExpectation(
            f"stage {stage} stopped at part {key}: expectations set aside {n_bad} of {n_documents} documents, more than {max_share:.0%}",
            hint="see: dateline validate",
        )


# --- helpers --------------------------------------------------------------------------------------------------


def current_keys(home: Home, stage: str, versions: Mapping[str, str]) -> list[str]:
    """Keys of the parts of a stage that the present versions made from parts that are current themselves, sorted."""
    keys: set[str] | None = None
    for name in CONTENT_STAGES[: CONTENT_STAGES.index(stage) + 1]:
        made = read_manifests(home, name)
        keys = {k for k, m in made.items() if m.maker_version == versions[name] and (keys is None or m.made_from[0] in keys)}
    return sorted(keys or ())


def _reject(job: PartJob, document_id: str, code: str, reason: str, detail: str | None) -> Row:
    return {
        "reject_id": make_id("rej", job.stage, document_id, code, detail),
        "stage": job.stage,
        "document_id": document_id,
        "reason_code": code,
        "reason": reason,
        "detail": detail,
        "run_id": job.run_id,
    }


def _results_table(run_id: str, key: str | None, results: Iterable[Row]) -> pa.Table:
    return TABLES["expectation_results"].conform([{**r, "run_id": run_id, "part_key": key} for r in results])


def _by_document(rows: Iterable[Row]) -> dict[str, list[Row]]:
    out: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        out[row["document_id"]].append(row)
    return out


def _distinct(rejects: Iterable[Row]) -> list[Row]:
    return list({r["reject_id"]: r for r in rejects}.values())


def _without(tables: Mapping[str, pa.Table], documents: Iterable[str]) -> dict[str, pa.Table]:
    gone = pa.array(sorted(documents), pa.string())
    return {name: t.filter(pc.invert(pc.is_in(t.column("document_id"), gone))) if len(gone) else t for name, t in tables.items()}

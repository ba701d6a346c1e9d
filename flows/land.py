"""Land: bytes, kept untouched under their sha256, and the reader's view of each."""

from __future__ import annotations

import glob
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from prefect import flow, task

from flows.artifacts import stage_artifact
from flows.errors import LostInput, NothingToRead
from flows.make import Arrival, LandJob, commit_landed, current_keys, read_arrivals
from flows.progress import steps
from flows.record import StageResult, timed, write_stage
from flows.retries import worker_died
from flows.settings import Settings
from flows.sources import read_sources, said_by
from flows.versions import maker_version
from flows.workers import WorkerPool, worker_pool
from warehouse.lake import (
    Home,
    StagedPart,
    drop_parts,
    drop_run_files,
    file_sha256,
    read_forgotten,
    read_manifests,
    read_run_table,
    read_stage,
    store_raw,
    write_run_table,
)
from warehouse.schema import make_id


@task(task_run_name="read-{number}", tags=["land"], retries=2, retry_condition_fn=worker_died, persist_result=False)
def read_batch(number: int, job: LandJob, pool: WorkerPool) -> list[StagedPart]:
    """Reads some arrivals in a worker; nothing is committed yet."""
    return pool.run(read_arrivals, job)


@flow(name="land", flow_run_name="land-{run_id}", validate_parameters=False)
def land(paths: list[str], settings: Settings, run_id: str) -> StageResult:
    """Copies what lies at ``paths`` into raw/, reads what no current part covers, and commits it part by part in the order of the sources."""
    home, version, gate_s = settings.at_home(), maker_version("land", settings), 0.0
    with timed() as (started, took), worker_pool(settings.workers) as pool:
        made = {k: m for k, m in read_manifests(home, "land").items() if m.maker_version == version}
        covered = {tuple(a) for m in made.values() for a in m.made_from}
        arrivals = known_arrivals(home) + store_arrivals(home, find_files(paths), settings, run_id)
        pending = sorted(
            {tuple(a.identity()): a for a in reversed(arrivals) if tuple(a.identity()) not in covered}.values(), key=Arrival.identity
        )
        known = set(read_stage(home, "documents_landed", made, ["document_id"]).column("document_id").to_pylist())
        jobs = [_job(home, batch, version, settings, run_id) for batch in in_batches(pending, settings.batch_size)]
        futures = [read_batch.submit(n, job, pool) for n, job in enumerate(jobs)]
        for future in steps("land", futures):
            for staged in future.result():
                gate_s += staged.gate_s
                commit_landed(home, staged, known)
        _drop_superseded(home, version)
    result = replace(_result(home, settings, started, took[0]), n_reused=sum(m.n_in for m in made.values()), gate_s=gate_s)
    write_stage(home, run_id, result)
    stage_artifact(run_id, result)
    return result


def find_files(paths: Sequence[str]) -> list[Path]:
    """Files behind paths, folders (recursive) and globs, sorted; each once. Names that begin with a dot are left out.

    ``@FILE`` stands for the paths in a JSON list: Prefect keeps the parameters of a flow, and more than some thousand paths are too many for it.

    Raises:
        NothingToRead: a path does not exist or a glob matches nothing.
    """
    found: dict[str, Path] = {}
    for given in _listed(paths):
        path = Path(given).expanduser()
        hits = [path] if path.exists() else [Path(p) for p in sorted(glob.glob(str(path), recursive=True))]
        if not hits:
            raise NothingToRead(f"nothing lies at {given}", hint="give a file, a folder or a glob in quotes")
        for hit in hits:
            for file in _walk(hit) if hit.is_dir() else [hit]:
                found.setdefault(os.path.abspath(file), file)
    return [Path(p) for p in sorted(found)]


def _listed(paths: Sequence[str]) -> Iterable[str]:
    for given in paths:
        if given.startswith("@") and not Path(given).exists():
            yield from json.loads(Path(given[1:]).read_text("utf-8"))
        else:
            yield given


def _walk(folder: Path, above: tuple[str, ...] = ()) -> Iterable[Path]:
    """Files below a folder, links followed; a link in a circle is given as it is, so that it can be refused."""
    above = (*above, os.path.realpath(folder))
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir() and os.path.realpath(path) not in above:
            yield from _walk(path, above)
        else:
            yield path


def store_arrivals(home: Home, files: Iterable[Path], settings: Settings, run_id: str) -> list[Arrival]:
    """Puts every file under raw/ and says where it came from; what cannot be opened becomes a row in rejects."""
    said_of, forgotten = said_by(read_sources(settings.sources)), read_forgotten(home)
    out = []
    for file in files:
        uri = Path(os.path.abspath(file)).as_uri()
        try:
            if file.is_dir():
                raise OSError("a link in a circle")
            if file.exists() and not file.is_file():
                raise OSError("a pipe, socket or device")
            if forgotten and file_sha256(file) in forgotten:
                _refuse_arrival(home, uri, run_id, None, code="forgotten", reason="it was taken down")
                continue
            sha256, size = store_raw(home, file)
        except OSError as exc:
            _refuse_arrival(home, uri, run_id, exc.strerror or str(exc))
            continue
        home.run_file("rejects", _refusal(uri)).unlink(missing_ok=True)
        out.append(Arrival(uri, file.name, sha256, size, said_of(file).said(), datetime.now(UTC), run_id))
    return out


def _refusal(uri: str) -> str:
    return f"arrival-{make_id('uri', uri)}"


def _refuse_arrival(
    home: Home, uri: str, run_id: str, detail: str | None, *, code: str = "unreadable", reason: str = "it cannot be read"
) -> None:
    """One row per file that cannot be opened or must not come back; it goes when the file is read."""
    row = {
        "reject_id": make_id("rej", "land", uri),
        "stage": "land",
        "source_uri": uri,
        "reason_code": code,
        "reason": reason,
    }
    write_run_table(home, "rejects", _refusal(uri), [{**row, "detail": detail, "run_id": run_id}])


def known_arrivals(home: Home) -> list[Arrival]:
    """What arrived before, from landings and rejects: with raw/ they are enough to make everything anew."""
    out: dict[tuple[str, ...], Arrival] = {}
    for table in ("landings", "rejects"):
        for row in read_run_table(home, table).to_pylist():
            if row["object_sha256"] and home.raw_object(row["object_sha256"]).exists():
                name = PurePosixPath(unquote(urlsplit(row["source_uri"]).path, errors="surrogateescape")).name
                arrival = Arrival(
                    row["source_uri"], name, row["object_sha256"], row.get("size_bytes") or 0, row["source_said"] or "{}",
                    row.get("landed_at") or datetime.now(UTC), row["run_id"],
                )  # fmt: skip
                out.setdefault(tuple(arrival.identity()), arrival)
    return list(out.values())


def in_batches(arrivals: Sequence[Arrival], size: int) -> list[Sequence[Arrival]]:
    """Batches of equally many arrivals; which batches are done already never moves the borders of the others."""
    return [arrivals[i : i + size] for i in range(0, len(arrivals), size)]


def _job(home: Home, arrivals: Sequence[Arrival], version: str, settings: Settings, run_id: str) -> LandJob:
    limits = {
        "max_line_bytes": settings.max_unit_bytes,
        "max_unit_bytes": settings.max_unit_bytes,
        "max_text_chars": settings.max_text_chars,
        "max_expansion": settings.max_expansion,
    }
    return LandJob(home.path, arrivals, version, settings.batch_size, limits, settings.max_reject_share, run_id)


def _drop_superseded(home: Home, version: str) -> None:
    """The parts of other versions go when all that they held is made anew."""
    manifests = read_manifests(home, "land")
    drop_parts(home, "land", [k for k, m in manifests.items() if m.maker_version != version])
    current = [k for k, m in manifests.items() if m.maker_version == version]
    for table in ("landings", "rejects"):
        drop_run_files(home, table, "land", current)


def _result(home: Home, settings: Settings, started: datetime, took: float) -> StageResult:
    manifests = read_manifests(home, "land")
    current = [manifests[k] for k in current_keys(home, "land", {"land": maker_version("land", settings)})]
    unopened = len(list((home.runs / "rejects").glob("arrival-*.parquet")))
    n_in, n_out, n_rejected = (sum(getattr(m, n) for m in current) for n in ("n_in", "n_out", "n_rejected"))
    n_in, n_rejected = n_in + unopened, n_rejected + unopened
    if n_in != n_out + n_rejected:
        raise LostInput(f"land took in {n_in} records, but {n_out} came out and {n_rejected} were rejected")
    return StageResult("land", n_in, n_out, n_rejected, 0, took, started)

"""The lake: Parquet parts under one folder, each made whole or not at all.

Layout of the folder (``Home``)::

    raw/ab/abcd...              bytes as they arrived, under their sha256
    lake/<table>/<key>.parquet  one file per part and table
    lake/_parts/<stage>/<key>.json   the manifest: a part counts as made when it is there
    runs/<table>/<name>.parquet run tables (landings, rejects, runs, stage_results, expectation_results)
    warehouse.duckdb            what analysts open
    reports/                    validation pages
    switch/                     parts that are about to take the place of others; there only while that happens
    quarantine/                 what ``dateline repair`` took away and cannot be made anew
    forgotten.txt               hashes of what must not come back

A part is staged under temporary names, checked, and then committed: its tables are renamed into place, the
manifest last. Temporary names are left behind only by a killed process; ``sweep`` removes them.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.schema import STAGES, TABLES

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Home:
    """Where everything lies; see the module's docstring for the layout."""

    path: Path

    @property
    def raw(self) -> Path:
        return self.path / "raw"

    @property
    def lake(self) -> Path:
        return self.path / "lake"

    @property
    def runs(self) -> Path:
        return self.path / "runs"

    @property
    def reports(self) -> Path:
        return self.path / "reports"

    @property
    def tmp(self) -> Path:
        return self.path / "tmp"

    @property
    def switch(self) -> Path:
        return self.path / "switch"

    @property
    def quarantine(self) -> Path:
        return self.path / "quarantine"

    @property
    def forgotten(self) -> Path:
        return self.path / "forgotten.txt"

    @property
    def warehouse(self) -> Path:
        return self.path / "warehouse.duckdb"

    def raw_object(self, sha256: str) -> Path:
        """Where the bytes with this hash lie."""
        return self.raw / sha256[:2] / sha256

    def manifests(self, stage: str) -> Path:
        return self.lake / "_parts" / stage

    def part_file(self, table: str, key: str) -> Path:
        return self.lake / table / f"{key}.parquet"

    def run_file(self, table: str, name: str) -> Path:
        return self.runs / table / f"{name}.parquet"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a part is made of and from. ``made_from`` names the part of the stage before, for land the arrivals.

    ``sha256`` has the hash of every file of the part by table, as it was when the part was committed.
    """

    stage: str
    key: str
    maker_version: str
    made_from: list[Any]
    n_in: int
    n_out: int
    n_rejected: int
    rows: dict[str, int]
    sha256: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StagedPart:
    """A part under temporary names: ``files`` maps the temporary to the final path; ``gate_s`` is what its checks took."""

    manifest: Manifest
    files: list[tuple[Path, Path]] = field(default_factory=list)
    gate_s: float = 0.0


def part_key(stage: str, maker_version: str, made_from: object) -> str:
    """Name of a part: a hash of what went in and of the version of what made it."""
    text = json.dumps([stage, maker_version, made_from], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def file_sha256(path: Path) -> str:
    """sha256 of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as f:
        while piece := f.read(CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def store_raw(home: Home, source: Path) -> tuple[str, int]:
    """Copies a file untouched to ``raw/`` under its sha256; gives the hash and the size. Stored bytes are never written again."""
    home.tmp.mkdir(parents=True, exist_ok=True)
    tmp = home.tmp / f"raw-{uuid.uuid4().hex}"
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as src, tmp.open("wb") as dst:
        while piece := src.read(CHUNK):
            digest.update(piece)
            size += len(piece)
            dst.write(piece)
        _sync(dst.fileno())
    final = home.raw_object(digest.hexdigest())
    if final.exists() and final.stat().st_size == size:
        tmp.unlink()
    else:
        _rename(tmp, final)
    return digest.hexdigest(), size


def write_table(table: pa.Table, path: Path) -> None:
    """Writes Parquet with the lake's settings; the same table gives the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as f:
        pq.write_table(table, f, compression="zstd", compression_level=3, row_group_size=122_880)
        f.flush()
        _sync(f.fileno())


def stage_part(home: Home, manifest: Manifest, tables: Mapping[str, pa.Table], run_tables: Mapping[str, pa.Table]) -> StagedPart:
    """Writes a part under temporary names; nobody reads it before ``commit_part``."""
    staged = StagedPart(manifest)
    mark = f"{manifest.key}-{uuid.uuid4().hex[:8]}"
    targets = [(name, t, home.part_file(name, manifest.key)) for name, t in tables.items()]
    targets += [(name, t, home.run_file(name, f"{manifest.stage}-{manifest.key}")) for name, t in run_tables.items() if t.num_rows]
    for name, table, final in targets:
        tmp = home.tmp / f"{mark}-{name}.parquet"
        write_table(table, tmp)
        staged.files.append((tmp, final))
    return staged


def commit_part(home: Home, staged: StagedPart) -> None:
    """Renames a staged part into place, the manifest last. After a kill in between, the part counts as not made."""
    sha256 = {final.parent.name: file_sha256(tmp) for tmp, final in staged.files if final.is_relative_to(home.lake)}
    for tmp, final in staged.files:
        _rename(tmp, final)
    write_manifest(home, replace(staged.manifest, sha256=sha256))


def write_manifest(home: Home, manifest: Manifest) -> None:
    """Writes a manifest, replacing an older one of the same part in one rename."""
    write_json(home.manifests(manifest.stage) / f"{manifest.key}.json", asdict(manifest))


def drop_staged(staged: StagedPart) -> None:
    """Removes a part that was refused."""
    for tmp, _ in staged.files:
        tmp.unlink(missing_ok=True)


def read_manifests(home: Home, stage: str) -> dict[str, Manifest]:
    """The parts that are made, by key, in the order of their keys."""
    folder = home.manifests(stage)
    paths = sorted(folder.glob("*.json")) if folder.is_dir() else []
    return {p.stem: load_manifest(p) for p in paths}


def load_manifest(path: Path) -> Manifest:
    """The manifest that a file holds."""
    return Manifest(**json.loads(path.read_text("utf-8")))


def read_part(home: Home, table: str, key: str, columns: Sequence[str] | None = None) -> pa.Table:
    """One table of one part, with the schema that the code declares."""
    got = pq.read_table(home.part_file(table, key), columns=list(columns) if columns else None, partitioning=None)
    return got if columns else got.cast(TABLES[table].arrow)


def read_stage(home: Home, table: str, keys: Iterable[str], columns: Sequence[str] | None = None) -> pa.Table:
    """One table over many parts."""
    parts = [read_part(home, table, key, columns) for key in sorted(keys)]
    if parts:
        return pa.concat_tables(parts)
    return TABLES[table].empty().select(list(columns)) if columns else TABLES[table].empty()


def read_run_table(home: Home, table: str) -> pa.Table:
    """A run table over all its files, in the order of their names."""
    folder = home.runs / table
    paths = sorted(folder.glob("*.parquet")) if folder.is_dir() else []
    return (
        pa.concat_tables([pq.read_table(p, partitioning=None).cast(TABLES[table].arrow) for p in paths]) if paths else TABLES[table].empty()
    )


def write_run_table(home: Home, table: str, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Writes one file of a run table, replacing the old one of this name in one rename."""
    tmp = home.tmp / f"run-{uuid.uuid4().hex}.parquet"
    write_table(TABLES[table].conform(rows), tmp)
    _rename(tmp, home.run_file(table, name))


def drop_parts(home: Home, stage: str, keys: Iterable[str]) -> None:
    """Removes parts that newer ones replace: the manifest first, so that a half-removed part counts as not made."""
    for key in keys:
        (home.manifests(stage) / f"{key}.json").unlink(missing_ok=True)
        for table in STAGES[stage]:
            home.part_file(table.name, key).unlink(missing_ok=True)


def drop_run_files(home: Home, table: str, stage: str, keep: Iterable[str]) -> None:
    """Removes the files of a run table that belong to parts of this stage which are no more."""
    kept = {f"{stage}-{key}.parquet" for key in keep}
    folder = home.runs / table
    for path in sorted(folder.glob(f"{stage}-*.parquet")) if folder.is_dir() else []:
        if path.name not in kept:
            path.unlink()


def finish_switch(home: Home) -> None:
    """Puts parts in the place of others, as ``switch/switch.json`` says; until that file is there, nothing has happened.

    Every step can be done again, so a switch that a kill cut off is finished by the next call.
    """
    journal = home.switch / "switch.json"
    if journal.exists():
        said = json.loads(journal.read_text("utf-8"))
        for name in said["files"]:
            if (home.switch / name).exists():
                _rename(home.switch / name, home.path / name)
        for manifest in said["new"]:
            write_manifest(home, Manifest(**manifest))
        for stage, key in said["old"]:
            drop_parts(home, stage, [key])
        for name in said["gone"]:
            (home.path / name).unlink(missing_ok=True)
        journal.unlink()
    shutil.rmtree(home.switch, ignore_errors=True)


def read_forgotten(home: Home) -> frozenset[str]:
    """Ids and hashes of what was taken down and must not come back."""
    return frozenset(home.forgotten.read_text("utf-8").split()) if home.forgotten.exists() else frozenset()


def sweep(home: Home) -> None:
    """Removes what a killed process left behind: temporary files, and lake files that no manifest names."""
    finish_switch(home)
    shutil.rmtree(home.tmp, ignore_errors=True)
    for stage, tables in STAGES.items():
        folder = home.manifests(stage)
        made = {p.stem for p in folder.glob("*.json")} if folder.is_dir() else set()
        for table in tables:
            folder = home.lake / table.name
            for path in folder.glob("*.parquet") if folder.is_dir() else []:
                if path.stem not in made:
                    path.unlink()


def write_json(path: Path, value: object) -> None:
    """Writes JSON under a temporary name and renames it into place."""
    tmp = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.tmp")
    tmp.parent.mkdir(parents=True, exist_ok=True)
    with tmp.open("w", encoding="utf-8") as f:
        json.dump(value, f, ensure_ascii=True, sort_keys=True, indent=1)
        f.flush()
        _sync(f.fileno())
    _rename(tmp, path)


class HomeLocked(RuntimeError):
    """Another run works in this home."""


@contextmanager
def locked(home: Home) -> Iterator[None]:
    """Holds the home for one run; a second one gets ``HomeLocked``. The lock ends with the process, however it ends."""
    home.path.mkdir(parents=True, exist_ok=True)
    with (home.path / ".lock").open("a+") as f:
        try:
            fcntl.flock(f, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            f.seek(0)
            raise HomeLocked(f"another run (process {f.read().strip() or '?'}) works in {home.path}") from exc
        f.truncate(0)
        f.write(str(os.getpid()))
        f.flush()
        yield


def _rename(tmp: Path, final: Path) -> None:
    final.parent.mkdir(parents=True, exist_ok=True)
    tmp.replace(final)
    folder = os.open(final.parent, os.O_RDONLY)
    try:
        _sync(folder)
    finally:
        os.close(folder)


def _sync(fd: int) -> None:
    os.fsync(fd)

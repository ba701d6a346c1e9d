"""What the files of a home must satisfy: they are those that were made, and they hold together.

The gates of the stages judge tables before they are written. These look at what lies on the disk afterwards: a disk that
lost a block, a copy that was cut short, a hand that edited a file. Nothing is changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from expectations.checks import rows_with_wrong_text, span_texts
from warehouse.lake import Home, Manifest, file_sha256, load_manifest, part_key, read_part, read_run_table
from warehouse.schema import RUN_TABLES, STAGES, TABLES, WAREHOUSE_TABLES, Row, Table

EXPECTED: dict[str, tuple[str, str]] = {
    "manifest_can_be_read": ("critical", "A manifest says what its part is made of, and its name follows from that."),
    "part_has_its_input": ("critical", "The part that a part was made from is there."),
    "files_are_there": ("critical", "Every file that a manifest names is there."),
    "files_are_as_they_were_made": ("critical", "A file has the sha256 that it was committed with."),
    "files_can_be_read": ("critical", "A file is whole Parquet with the columns of its table."),
    "rows_are_those_of_the_manifest": ("critical", "A file has as many rows as its manifest says."),
    "text_is_its_span": ("critical", "text[start_char:end_char] is the stored text."),
    "references_resolve": ("critical", "What a row refers to is there."),
    "stored_bytes_are_unchanged": ("critical", "Every row can be proved only as long as its file lies untouched in raw/."),
    "run_files_can_be_read": ("critical", "Landings, rejects and results are whole Parquet with the columns of their table."),
    "nothing_is_left_over": ("warning", "A killed run leaves files behind that the next run removes."),
    "warehouse_can_be_opened": ("critical", "The published file is a whole DuckDB file."),
    "warehouse_has_the_rows_of_the_lake": ("warning", "The published file holds what the lake holds."),
}
"""Expectation -> severity and why."""


MAX_KNOWN = 16
"""Id columns that are held at once, so that memory stays flat over many parts."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A file that does not satisfy an expectation; ``key`` is its part, if it belongs to one."""

    stage: str
    path: Path
    expectation: str
    detail: str
    key: str | None = None

    @property
    def severity(self) -> str:
        """critical, or warning."""
        return EXPECTED[self.expectation][0]


class _Known:
    """Ids of tables over some parts, each read once as long as the parts that refer to them are looked at."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._found: dict[tuple[str, str, tuple[str, ...]], pa.Array] = {}

    def ids(self, table: str, column: str, keys: Sequence[str]) -> pa.Array:
        """The values of a key column."""
        name = (table, column, tuple(keys))
        if name not in self._found:
            parts = [read_part(self._home, table, key, [column])[column].combine_chunks() for key in keys]
            if len(self._found) > MAX_KNOWN:
                self._found.clear()
            self._found[name] = pa.concat_arrays(parts) if parts else pa.array([], pa.string())
        return self._found[name]


def find_faults(home: Home) -> list[Fault]:
    """Every fault of the home's files, in the order of the stages; of a part that cannot be read only the first kind."""
    parts, faults = _read_manifests(home)
    known, broken = _Known(home), {f.key for f in faults}
    for manifest in (m for manifests in parts.values() for m in manifests.values()):
        found = list(_part_faults(home, manifest)) or list(_input_faults(home, manifest, parts))
        if found:
            broken.add(manifest.key)
        elif broken.isdisjoint(_inputs(manifest)):  # what a broken part gave says nothing about this one
            found = _content_faults(home, manifest, known)
        faults += found
    faults += [*_raw_faults(home), *_run_faults(home), *_leftovers(home, parts), *_warehouse_faults(home, parts)]
    order = {stage: i for i, stage in enumerate((*STAGES, "load"))}
    return sorted(faults, key=lambda f: (order[f.stage], list(EXPECTED).index(f.expectation), str(f.path), f.detail))


def file_results(faults: Iterable[Fault]) -> list[Row]:
    """Faults as rows like those of ``expectation_results``: one per stage and expectation that does not hold."""
    counts = Counter((f.stage, f.expectation) for f in faults)
    return [
        {
            "stage": stage,
            "table_name": "files",
            "expectation": name,
            "severity": EXPECTED[name][0],
            "success": False,
            "n_checked": None,
            "n_failed": n,
            "detail": EXPECTED[name][1],
        }
        for (stage, name), n in sorted(counts.items())
    ]


Parts = dict[str, dict[str, Manifest]]


def _read_manifests(home: Home) -> tuple[Parts, list[Fault]]:
    parts: Parts = {stage: {} for stage in STAGES}
    faults = []
    for stage in STAGES:
        folder = home.manifests(stage)
        for path in sorted(folder.glob("*.json")) if folder.is_dir() else []:
            try:
                manifest = load_manifest(path)
                _check_name(stage, path, manifest)
            except (ValueError, TypeError, LookupError, OSError) as exc:
                faults.append(Fault(stage, path, "manifest_can_be_read", str(exc).splitlines()[0][:200], path.stem))
                continue
            parts[stage][path.stem] = manifest
    return parts, faults


def _check_name(stage: str, path: Path, manifest: Manifest) -> None:
    if (manifest.stage, manifest.key) != (stage, path.stem):
        raise ValueError(f"it is the manifest of part {manifest.key} of {manifest.stage}")
    if stage in ("clean", "extract") and part_key(stage, manifest.maker_version, manifest.made_from[0]) != manifest.key:
        raise ValueError("its name does not follow from what it says")
    if manifest.n_in != manifest.n_out + manifest.n_rejected or min(manifest.n_in, manifest.n_out, manifest.n_rejected) < 0:
        raise ValueError(f"{manifest.n_in} went in, {manifest.n_out} came out and {manifest.n_rejected} were rejected")


def _part_faults(home: Home, manifest: Manifest) -> Iterator[Fault]:
    for table in STAGES[manifest.stage]:
        path = home.part_file(table.name, manifest.key)
        fault = _file_fault(path, table, manifest)
        if fault:
            yield Fault(manifest.stage, path, *fault, key=manifest.key)


def _file_fault(path: Path, table: Table, manifest: Manifest) -> tuple[str, str] | None:
    """Name and detail of the first expectation that a file of the lake does not satisfy."""
    if not path.exists():
        return "files_are_there", "the file is gone"
    unreadable = _unreadable(path, table)
    if unreadable:
        return "files_can_be_read", unreadable
    n, said = pq.read_metadata(path).num_rows, manifest.rows.get(table.name, 0)
    if n != said:
        return "rows_are_those_of_the_manifest", f"{n} rows instead of {said}"
    wanted = manifest.sha256.get(table.name)
    if wanted and file_sha256(path) != wanted:
        return "files_are_as_they_were_made", "its bytes have changed"
    return None


def _unreadable(path: Path, table: Table) -> str | None:
    try:
        schema = pq.read_schema(path)
    except (OSError, ValueError) as exc:
        return str(exc).splitlines()[0][:200]
    declared = {f.name: f.type for f in table.arrow}
    found = {f.name: f.type for f in schema}
    wrong = sorted(c for c in declared.keys() | found.keys() if declared.get(c) != found.get(c))
    return f"{', '.join(wrong)}: not as declared" if wrong else None


def _inputs(manifest: Manifest) -> list[str]:
    """Keys of the parts that a part was made from."""
    match manifest.stage:
        case "land":
            return []
        case "link":
            return [key for keys in manifest.made_from for key in keys]
        case _:
            return list(manifest.made_from)


def _input_faults(home: Home, manifest: Manifest, parts: Parts) -> Iterator[Fault]:
    before = {"clean": ("land",), "extract": ("clean",), "link": ("clean", "extract")}.get(manifest.stage, ())
    wanted = manifest.made_from if manifest.stage == "link" else [manifest.made_from]
    path = home.manifests(manifest.stage) / f"{manifest.key}.json"
    for stage, keys in zip(before, wanted, strict=False):
        gone = [key for key in keys if key not in parts[stage]]
        if gone:
            detail = f"part {gone[0]} of {stage}, which it was made from, is not there"
            yield Fault(manifest.stage, path, "part_has_its_input", detail, manifest.key)


# --- what stands in the files ---------------------------------------------------------------------------------


def _content_faults(home: Home, manifest: Manifest, known: _Known) -> list[Fault]:
    """Spans against the text and references against what they name, for a part whose files can be read."""
    try:
        return [*_span_faults(home, manifest), *_reference_faults(home, manifest, known)]
    except (OSError, ValueError) as exc:
        path = home.manifests(manifest.stage) / f"{manifest.key}.json"
        return [Fault(manifest.stage, path, "files_can_be_read", str(exc).splitlines()[0][:200], manifest.key)]


def _span_faults(home: Home, manifest: Manifest) -> Iterator[Fault]:
    if manifest.stage != "extract":
        return
    documents = read_part(home, "documents", manifest.made_from[0], ["document_id", "text"])
    texts = dict(zip(documents["document_id"].to_pylist(), documents["text"].to_pylist(), strict=True))
    for table in STAGES["extract"]:
        if span_texts(table):
            wrong = rows_with_wrong_text(table, read_part(home, table.name, manifest.key), texts)
            if wrong:
                path = home.part_file(table.name, manifest.key)
                yield Fault("extract", path, "text_is_its_span", f"{wrong[0]} ({len(wrong)} rows)", manifest.key)


def _reference_faults(home: Home, manifest: Manifest, known: _Known) -> Iterator[Fault]:
    for table in STAGES[manifest.stage]:
        for column, target in table.refs.items():
            refers = read_part(home, table.name, manifest.key, [column])[column].drop_null()
            parent, parent_column = target.split(".")
            lost = refers.filter(pc.invert(pc.is_in(refers, known.ids(parent, parent_column, _keys_of(manifest, parent)))))
            if len(lost):
                path = home.part_file(table.name, manifest.key)
                detail = f"{lost[0]} is in {column} and not in {target} ({len(lost)} rows)"
                yield Fault(manifest.stage, path, "references_resolve", detail, manifest.key)


def _keys_of(manifest: Manifest, table: str) -> Sequence[str]:
    """The parts that hold the rows of a table which this part may refer to."""
    stage = next(s for s, tables in STAGES.items() if TABLES[table] in tables)
    if stage == manifest.stage:
        return [manifest.key]
    if manifest.stage == "link":
        return list(manifest.made_from[("clean", "extract").index(stage)])
    return list(manifest.made_from)


# --- raw, runs, what is left over, the warehouse --------------------------------------------------------------


def _raw_faults(home: Home) -> Iterator[Fault]:
    try:
        landed = read_run_table(home, "landings")["object_sha256"].to_pylist()
    except (OSError, ValueError):  # told as a file of the run tables
        landed = []
    lying = [p.name for p in home.raw.rglob("*") if p.is_file()] if home.raw.is_dir() else []
    for sha256 in sorted({*landed, *lying}):
        path = home.raw_object(sha256)
        if not path.exists():
            yield Fault("land", path, "stored_bytes_are_unchanged", "the file is gone")
        elif file_sha256(path) != sha256:
            yield Fault("land", path, "stored_bytes_are_unchanged", "its bytes have changed")


def _run_faults(home: Home) -> Iterator[Fault]:
    for table in RUN_TABLES:
        folder = home.runs / table.name
        for path in sorted(folder.glob("*.parquet")) if folder.is_dir() else []:
            unreadable = _unreadable(path, table)
            if unreadable:
                stage = next((s for s in STAGES if path.name.startswith(f"{s}-")), "load")
                yield Fault(stage, path, "run_files_can_be_read", unreadable)


def _leftovers(home: Home, parts: Mapping[str, Mapping[str, Manifest]]) -> Iterator[Fault]:
    for path in leftover_files(home):
        yield Fault("load", path, "nothing_is_left_over", "left behind by a run that was killed")
    for stage, tables in STAGES.items():
        named = {p.stem for p in home.manifests(stage).glob("*.json")}
        for table in tables:
            for path in sorted((home.lake / table.name).glob("*.parquet")):
                if path.stem not in named:
                    yield Fault(stage, path, "nothing_is_left_over", "no manifest names it")


def leftover_files(home: Home) -> list[Path]:
    """Temporary files that only a killed process leaves behind; none of them is ever read."""
    found = [p for folder in (home.tmp, home.switch) if folder.is_dir() for p in folder.rglob("*") if p.is_file()]
    found += [p for name in (".next", ".next.wal") if (p := home.warehouse.with_name(home.warehouse.name + name)).exists()]
    return sorted([*found, *(home.lake / "_parts").glob("*/.*.tmp")])


def _warehouse_faults(home: Home, parts: Parts) -> Iterator[Fault]:
    if not home.warehouse.exists():
        return
    try:
        with duckdb.connect(str(home.warehouse), read_only=True) as con:
            found = {t.name: con.execute(f'select count(*) from "{t.name}"').fetchall()[0][0] for t in WAREHOUSE_TABLES}
            list(con.execute("select count(text_sha256) filter (sha256(text) <> text_sha256) from documents").fetchall())
    except duckdb.Error as exc:
        yield Fault("load", home.warehouse, "warehouse_can_be_opened", str(exc).splitlines()[0][:200])
        return
    for stage, tables in STAGES.items():
        for table in (t for t in tables if t.name in found):
            n = sum(m.rows.get(table.name, 0) for m in parts[stage].values())
            if found[table.name] != n:
                detail = f"{table.name} has {found[table.name]:,} rows, the lake {n:,}"
                yield Fault("load", home.warehouse, "warehouse_has_the_rows_of_the_lake", detail)

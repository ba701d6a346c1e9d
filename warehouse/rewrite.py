"""Parts of the lake in the place of others: several as one, or the same without some documents.

What takes their place is written aside, with a journal last; ``warehouse.lake.finish_switch`` then renames it into place.
A kill before the journal leaves everything as it was, one after it is made good by the next command. The rows stay those
that they were: nothing is made anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from warehouse.lake import Home, Manifest, file_sha256, finish_switch, part_key, read_manifests, read_part, write_json, write_table
from warehouse.schema import CONTENT_STAGES, STAGES, TABLES

PART_RUN_TABLES = ("landings", "rejects", "expectation_results")
"""Run tables that have a file for each part."""


@dataclass(slots=True)
class Switch:
    """Parts that will take the place of others; ``renamed`` maps (stage, old key) to the new key."""

    home: Home
    new: list[Manifest] = field(default_factory=list)
    old: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    renamed: dict[tuple[str, str], str] = field(default_factory=dict)

    def write(self, table: pa.Table, final: Path) -> str:
        """Writes a table aside; gives the sha256 of the file."""
        name = str(final.relative_to(self.home.path))
        write_table(table, self.home.switch / name)
        self.files.append(name)
        return file_sha256(self.home.switch / name)

    def commit(self) -> None:
        """Writes the journal and puts everything in place."""
        if self.new or self.old:
            journal = {"new": [asdict(m) for m in self.new], "old": self.old, "files": self.files, "gone": self.gone}
            write_json(self.home.switch / "switch.json", journal)
        finish_switch(self.home)


def merge_parts(home: Home, *, target: int) -> dict[str, tuple[int, int]]:
    """Merges small parts into parts of at most ``target`` documents; gives the parts of each stage before and after.

    Only parts of one version whose followers are all made, by one version each, are merged. Links stand: the linked part
    and the warehouse are told the new names.
    """
    finish_switch(home)
    before = {stage: read_manifests(home, stage) for stage in STAGES}
    switch = Switch(home)
    for group in _small_groups(before, target):
        _replace(switch, before, group, frozenset())
    if switch.new:
        _rename_link(switch, before)
    switch.commit()
    return {stage: (len(before[stage]), len(read_manifests(home, stage))) for stage in CONTENT_STAGES}


def remove_documents(home: Home, documents: Collection[str], objects: Collection[str]) -> int:
    """Removes documents from every part and run table that tells of them; gives the number of land parts concerned.

    ``objects``: hashes of files that go with all that they held; no part vouches for their arrival any more.
    """
    finish_switch(home)
    manifests = {stage: read_manifests(home, stage) for stage in STAGES}
    gone = frozenset(documents)
    switch = Switch(home)
    touched = [key for key, m in manifests["land"].items() if _tells_of(home, m, gone, objects)]
    for key in touched:
        _replace(switch, manifests, [key], gone, objects)
    switch.commit()
    return len(touched)


def _tells_of(home: Home, manifest: Manifest, documents: frozenset[str], objects: Collection[str]) -> bool:
    if any(arrival[1] in objects for arrival in manifest.made_from):
        return True
    names = [home.part_file("documents_landed", manifest.key), home.run_file("landings", f"land-{manifest.key}")]
    wanted = pa.array(sorted(documents), pa.string())
    return any(pc.any(pc.is_in(pq.read_table(p, columns=["document_id"])["document_id"], wanted)).as_py() for p in names if p.exists())


def _small_groups(manifests: Mapping[str, Mapping[str, Manifest]], target: int) -> list[list[str]]:
    """Keys of land parts that fit together, in the order of versions and keys; a part alone is no group."""
    kinds: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for key, manifest in sorted(manifests["land"].items()):
        followers = _followers(manifests, [key])
        if all(len(followers[s]) <= 1 for s in followers) and not (followers["extract"] and not followers["clean"]):
            versions = [manifests[s][k].maker_version for s, keys in followers.items() for k in keys]
            kinds[manifest.maker_version, *versions].append(key)
    groups: list[list[str]] = []
    for _, keys in sorted(kinds.items()):
        n = target + 1
        for key in keys:
            size = max(1, manifests["land"][key].rows["documents_landed"])
            if n + size > target:
                groups.append([])
                n = 0
            groups[-1].append(key)
            n += size
    return [group for group in groups if len(group) > 1]


def _followers(manifests: Mapping[str, Mapping[str, Manifest]], land: Sequence[str]) -> dict[str, list[str]]:
    """The parts of clean and extract that were made from parts of land."""
    clean = sorted(k for k, m in manifests["clean"].items() if m.made_from[0] in land)
    return {"clean": clean, "extract": sorted(k for k, m in manifests["extract"].items() if m.made_from[0] in clean)}


def _replace(
    switch: Switch,
    manifests: Mapping[str, Mapping[str, Manifest]],
    land: Sequence[str],
    documents: frozenset[str],
    objects: Collection[str] = (),
) -> None:
    """Puts one part of land, with one part of each version that follows from it, in the place of some."""
    before = [manifests["land"][key] for key in land]
    version = before[0].maker_version
    made_from = [list(a) for a in dict.fromkeys(tuple(a) for m in before for a in m.made_from) if a[1] not in objects]
    key = part_key("land", version, ["in place of", sorted(land), sorted(documents)])
    _new_part(switch, "land", key, version, made_from, before, documents, objects)
    _replace_followers(switch, manifests, "clean", list(land), key, documents)


def _replace_followers(
    switch: Switch,
    manifests: Mapping[str, Mapping[str, Manifest]],
    stage: str,
    before: Sequence[str],
    made_from: str,
    documents: frozenset[str],
) -> None:
    by_version: dict[str, list[Manifest]] = defaultdict(list)
    for manifest in manifests[stage].values():
        if manifest.made_from[0] in before:
            by_version[manifest.maker_version].append(manifest)
    for version, old in sorted(by_version.items()):
        key = part_key(stage, version, made_from)
        _new_part(switch, stage, key, version, [made_from], old, documents)
        if stage == "clean":
            _replace_followers(switch, manifests, "extract", [m.key for m in old], key, documents)


def _new_part(
    switch: Switch,
    stage: str,
    key: str,
    version: str,
    made_from: list[Any],
    old: Sequence[Manifest],
    documents: frozenset[str],
    objects: Collection[str] = (),
) -> None:
    home = switch.home
    keys = sorted(m.key for m in old)
    rows, sha256 = {}, {}
    for table in STAGES[stage]:
        kept = _without(pa.concat_tables([read_part(home, table.name, k) for k in keys]), documents)
        rows[table.name], sha256[table.name] = kept.num_rows, switch.write(kept, home.part_file(table.name, key))
    n_lost_rejects = 0
    for name in PART_RUN_TABLES:
        paths = [p for k in keys if (p := home.run_file(name, f"{stage}-{k}")).exists()]
        switch.gone += [str(p.relative_to(home.path)) for p in paths]
        if paths:
            told = pa.concat_tables([pq.read_table(p, partitioning=None).cast(TABLES[name].arrow) for p in paths])
            kept = _without(told, documents, objects)
            n_lost_rejects += _n_rejected(stage, told) - _n_rejected(stage, kept) if name == "rejects" else 0
            switch.write(kept, home.run_file(name, f"{stage}-{key}"))
    n_rejected = max(0, sum(m.n_rejected for m in old) - n_lost_rejects)
    n_in = _n_in(switch, stage, old, made_from, rows, documents, n_rejected)
    switch.new.append(Manifest(stage, key, version, made_from, n_in, n_in - n_rejected, n_rejected, rows, sha256))
    switch.old += [(stage, k) for k in keys]
    switch.renamed |= {(stage, k): key for k in keys}


def _n_rejected(stage: str, rejects: pa.Table) -> int:
    """What a part's rejects count: records in land, documents after it."""
    return rejects.num_rows if stage == "land" else len(set(rejects["document_id"].to_pylist()))


def _n_in(
    switch: Switch,
    stage: str,
    old: Sequence[Manifest],
    made_from: Sequence[Any],
    rows: Mapping[str, int],
    documents: frozenset[str],
    n_rejected: int,
) -> int:
    """What goes in: for land the records whose landing is kept, else what the part before now holds."""
    if stage == "land":
        lost = sum(_n_landings(switch.home, m.key, documents) for m in old)
        return sum(m.n_out for m in old) - lost + n_rejected
    table = "documents_landed" if stage == "clean" else "documents"
    return next(m.rows[table] for m in switch.new if m.key == made_from[0])


def _n_landings(home: Home, key: str, documents: frozenset[str]) -> int:
    path = home.run_file("landings", f"land-{key}")
    if not path.exists():
        return 0
    landed = pq.read_table(path, columns=["document_id"])["document_id"]
    return sum(d in documents for d in landed.to_pylist())


def _without(table: pa.Table, documents: Iterable[str], objects: Iterable[str] = ()) -> pa.Table:
    for column, values in (("document_id", documents), ("object_sha256", objects)):
        wanted = pa.array(sorted(values), pa.string())
        if len(wanted) and column in table.column_names:
            table = table.filter(pc.invert(pc.fill_null(pc.is_in(table[column], wanted), False)))
    return table


def _rename_link(switch: Switch, manifests: Mapping[str, Mapping[str, Manifest]]) -> None:
    """The linked part under the name that follows from the new names of what it was made from."""
    for old in manifests["link"].values():
        made_from = [
            sorted({switch.renamed.get((stage, key), key) for key in keys})
            for stage, keys in zip(("clean", "extract"), old.made_from, strict=True)
        ]
        key = part_key("link", old.maker_version, made_from)
        sha256 = {t.name: switch.write(read_part(switch.home, t.name, old.key), switch.home.part_file(t.name, key)) for t in STAGES["link"]}
        switch.new.append(Manifest("link", key, old.maker_version, made_from, old.n_in, old.n_out, old.n_rejected, dict(old.rows), sha256))
        switch.old.append(("link", old.key))
        switch.renamed["link", old.key] = key

"""dateline forget: takes a document or a file out of raw, lake and warehouse, and keeps it from coming back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flows.call import Call, unknown
from flows.commands_repair import alone_in, existing_home
from flows.show import count_of

if TYPE_CHECKING:
    from warehouse.lake import Home


def forget(call: Call, asked: str) -> None:
    """Takes down a document (its id) or all that a file brought (path, URI or name), then links and loads again.

    The forgotten list is written first, so that a call that was cut off is made good by the same call.

    Raises:
        UnknownName: no such document or file arrived, and none was forgotten.
    """
    from warehouse.lake import read_forgotten
    from warehouse.rewrite import remove_documents

    home = existing_home(call)
    with alone_in(home):
        found = _find(home, asked)
        if not found.lines and not _known_as(asked) & read_forgotten(home):
            raise unknown("document or file", asked, _names(home), hint=f"see: {call.typed('sql')} 'from landings'")
        lines = _lines(home)
        _write(home, [*lines, *(line for line in found.lines if line not in lines)])
        everything = read_forgotten(home)
        n_parts = remove_documents(home, _documents_of(home, everything), everything)
        for sha256 in sorted(everything):
            for path in (home.raw_object(sha256), home.quarantine / "raw" / sha256[:2] / sha256):
                path.unlink(missing_ok=True)
    print(f"{count_of(found.n_documents, 'document')} and {count_of(found.n_files, 'stored file')} are forgotten; parts changed: {n_parts}")
    if found.n_documents and not found.n_files:
        print("the stored file stays in raw/ for the other documents that it holds; to take down all of it, forget the file")
    _publish(call, home)


def allow(call: Call, asked: str) -> None:
    """Takes a document or file off the forgotten list; the next run that is given its file brings it back.

    Raises:
        UnknownName: it is not on the list.
    """
    home = existing_home(call)
    with alone_in(home):
        lines = _lines(home)
        kept = [line for line in lines if not _known_as(asked) & set(line.split())]
        if len(kept) == len(lines):
            raise unknown("forgotten document or file", asked, (), hint="give the document's id, or the path or URI that it came from")
        _write(home, kept)
    print(f"{asked} may come back; bring it with: {call.typed('run PATH')}")


# --- what is meant --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Found:
    """What is meant: a line of hashes for each document or file, and how many there are."""

    lines: list[str]
    n_documents: int
    n_files: int


def _find(home: Home, asked: str) -> Found:
    """Documents that are meant, and the stored files that hold nothing else.

    A line has the document's id, the hash of its own bytes, of its files that go with it, and of their names.
    """
    from warehouse.lake import read_run_table

    landed, names = read_run_table(home, "landings").to_pylist(), _uris(asked)
    if asked.startswith("doc_"):
        meant = [r for r in landed if r["document_id"] == asked]
    else:
        meant = [r for r in landed if r["source_uri"] in names] or [r for r in landed if r["source_uri"].endswith(f"/{asked}")]
        rejected = [r for r in read_run_table(home, "rejects").to_pylist() if r["source_uri"] in names and r["object_sha256"]]
        meant += [{**r, "document_id": None, "raw_sha256": None} for r in rejected]
    documents = {r["document_id"] for r in meant if r["document_id"]}
    files = {r["object_sha256"] for r in meant} - {r["object_sha256"] for r in landed if r["document_id"] not in documents}
    marks = [] if asked.startswith("doc_") else sorted({_hash(asked), *(_hash(r["source_uri"]) for r in meant)})
    lines = []
    for row in meant:
        words = (row["document_id"], row["raw_sha256"], row["object_sha256"] if row["object_sha256"] in files else None, *marks)
        lines.append(" ".join(dict.fromkeys(w for w in words if w)))
    return Found(sorted(set(lines)), len(documents), len(files))


def _uris(asked: str) -> set[str]:
    return {asked, Path(asked).expanduser().absolute().as_uri()}


def _known_as(asked: str) -> set[str]:
    """What may stand for it on the list: its id, the hash of its URI, the hash of its bytes if it lies there."""
    from warehouse.lake import file_sha256

    path = Path(asked).expanduser()
    return {asked, _hash(asked)} | {_hash(uri) for uri in _uris(asked)} | ({file_sha256(path)} if path.is_file() else set())


def _names(home: Home) -> list[str]:
    from flows.commands_proof import name_of
    from warehouse.lake import read_run_table

    return sorted({name_of(uri) for uri in read_run_table(home, "landings")["source_uri"].to_pylist()})


def _documents_of(home: Home, hashes: frozenset[str]) -> frozenset[str]:
    """Documents that are on the list by their id or by their bytes."""
    from warehouse.lake import read_run_table

    rows = read_run_table(home, "landings").select(["document_id", "raw_sha256"]).to_pylist()
    return frozenset(r["document_id"] for r in rows if not hashes.isdisjoint((r["document_id"], r["raw_sha256"])))


# --- the list -------------------------------------------------------------------------------------------------


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _lines(home: Home) -> list[str]:
    return home.forgotten.read_text("utf-8").splitlines() if home.forgotten.exists() else []


def _write(home: Home, lines: Iterable[str]) -> None:
    tmp = home.forgotten.with_name(f".{home.forgotten.name}.tmp")
    tmp.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    tmp.replace(home.forgotten)


# --- link and load --------------------------------------------------------------------------------------------


def _publish(call: Call, home: Home) -> None:
    """Links and loads what is left; a lake that another version made is linked by the next run, until then nothing is published."""
    from flows.commands_run import run
    from flows.make import current_keys
    from flows.versions import maker_version
    from warehouse.schema import CONTENT_STAGES

    versions = {stage: maker_version(stage, call.settings) for stage in CONTENT_STAGES}
    if current_keys(home, "extract", versions):
        run(call, [], ("link", "load"), as_json=False)
        return
    home.warehouse.unlink(missing_ok=True)
    print(f"the lake was made by another version, so the warehouse is removed; make it anew: {call.typed('run')}")

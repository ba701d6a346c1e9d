"""Link: entities, copies, stories, happenings, topics and disputes over all documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pyarrow as pa
from prefect import flow, task

from flows.artifacts import stage_artifact
from flows.corrections import read_corrections, told, unapplied
from flows.errors import BelowExpectation
from flows.make import current_keys
from flows.record import StageResult, timed, write_stage
from flows.settings import Settings
from flows.versions import maker_version
from warehouse.lake import Home, Manifest, commit_part, drop_parts, part_key, read_manifests, read_stage, stage_part
from warehouse.schema import CONTENT_STAGES, STAGES, TABLES, Row

REFERRED_TO = ("documents", "quotes", "events", "figures")
"""Tables whose rows link tables refer to, for the checks."""


class Content(Mapping[str, pa.Table]):
    """The tables of clean and extract over all documents, each read from its parts whenever it is asked for.

    Nothing is kept: a table takes memory only as long as somebody uses it. ``columns`` gives those to read of each table.
    """

    def __init__(self, home: Home, keys: Mapping[str, list[str]], columns: Mapping[str, Sequence[str]]) -> None:
        self._home, self._keys, self._columns = home, keys, columns
        self._stage = {t.name: s for s in ("clean", "extract") for t in STAGES[s]}

    def __getitem__(self, name: str) -> pa.Table:
        table = read_stage(self._home, name, self._keys[self._stage[name]], self._columns[name])
        pa.default_memory_pool().release_unused()
        return table

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


def checked_columns(name: str) -> tuple[str, ...]:
    """The columns of a table that the checks of link read: its key, its closed lists, what refers to another such table."""
    from expectations.suites import schema_columns

    table = TABLES[name]
    refs = [column for column, target in table.refs.items() if target.split(".")[0] in REFERRED_TO]
    return tuple(c for c in table.columns if c in {*schema_columns(table), *refs})


def link_key(home: Home, settings: Settings) -> tuple[str, dict[str, list[str]]]:
    """Key of the link part that belongs to the current content, and the keys of that content."""
    versions = {s: maker_version(s, settings) for s in CONTENT_STAGES}
    keys = {s: current_keys(home, s, versions) for s in CONTENT_STAGES}
    return part_key("link", maker_version("link", settings), [keys["clean"], keys["extract"]]), keys


@task(task_run_name="link-{run_id}", tags=["link"], persist_result=False)
def link_all(settings: Settings, run_id: str) -> tuple[str, bool]:
    """Links all documents anew if their set or the corrections have changed; gives the key of the part, and whether there was anything to do."""
    from expectations.run import check_stage
    from transforms.linking import READ, link_documents

    home = settings.at_home()
    key, keys = link_key(home, settings)
    if key in read_manifests(home, "link"):
        return key, False
    tables = link_documents(Content(home, keys, READ), read_corrections(settings))
    context = dict(Content(home, keys, {name: checked_columns(name) for name in REFERRED_TO}))
    n_documents = context["documents"].num_rows
    verdict = check_stage("link", tables, context=context, account=(n_documents, n_documents, 0))
    stops = [*verdict.stops, *(f"{b.table_name}: {b.expectation} ({b.row_id})" for b in verdict.bad_rows)]
    if stops:
        raise BelowExpectation(f"stage link stopped: {'; '.join(stops[:3])}", hint="see: dateline validate")
    manifest = Manifest(
        "link",
        key,
        maker_version("link", settings),
        [keys["clean"], keys["extract"]],
        n_documents,
        n_documents,
        0,
        {n: t.num_rows for n, t in tables.items()},
    )
    results = TABLES["expectation_results"].conform([{**r, "run_id": run_id, "part_key": None} for r in verdict.results])
    commit_part(home, stage_part(home, manifest, tables, {"expectation_results": results}))
    return key, True


@flow(name="link", flow_run_name="link-{run_id}", validate_parameters=False)
def link(settings: Settings, run_id: str) -> StageResult:
    """Links the documents; always equal to a full recomputation, whatever the order of their arrival."""
    home = settings.at_home()
    with timed() as (started, took):
        key, made = link_all(settings, run_id)
    manifests = read_manifests(home, "link")
    drop_parts(home, "link", sorted(set(manifests) - {key}))
    current = manifests[key]
    n_reused, failed = 0 if made else current.n_in, _failed(home, current)
    result = StageResult("link", current.n_in, current.n_out, 0, n_reused, took[0], started, 0.0, current.rows, failed)
    write_stage(home, run_id, result)
    stage_artifact(run_id, result)
    return result


def _failed(home: Home, manifest: Manifest) -> list[Row]:
    """Corrections without full effect, as one failed expectation; told by every run, not only by the one that linked."""
    rows = unapplied(home)
    if not rows:
        return []
    return [
        {
            "table_name": "corrections",
            "expectation": "correction_applies",
            "severity": "warning",
            "n_checked": manifest.rows["corrections"],
            "n_failed": len(rows),
            "detail": " | ".join(told(row) for row in rows),
        }
    ]
